//! What a scene will show, drawn before anything is painted.

use super::super::KindMix;
use super::super::rng::Rng;

/// What the picture is of.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Motif {
    /// Cars in a place.
    Street,
    /// The bodywork around a plate.
    Close,
    /// No car, no place.
    Clutter,
    /// As many plates as fit, beside and below each other.
    Rack,
}

/// What a scene will show.
pub(super) struct ScenePlan<'a> {
    /// How often each kind of plate occurs.
    pub(super) kinds: &'a KindMix,
    pub(super) motif: Motif,
    /// Whether no plate is in it.
    pub(super) empty: bool,
    /// Width of the main plate as a share of the frame's.
    pub(super) share: f32,
}

impl ScenePlan<'_> {
    pub(super) fn draw<'a>(
        rng: &mut Rng,
        kinds: &'a KindMix,
        empty: f32,
        [width, height]: [usize; 2],
    ) -> ScenePlan<'a> {
        let motif = match rng.weighted(&[0.66, 0.14, 0.16, 0.04]) {
            0 => Motif::Street,
            1 => Motif::Close,
            2 => Motif::Clutter,
            _ => Motif::Rack,
        };
        let share = match rng.weighted(&[0.34, 0.38, 0.16, 0.12]) {
            // A car that fills the picture, and any other.
            0 => rng.log_uniform(0.17, 0.36),
            1 => rng.log_uniform(0.1, 0.4),
            2 => rng.log_uniform(0.03, 0.1),
            _ => rng.log_uniform(0.4, 1.0),
        };
        let close = rng.log_uniform(0.3, 1.0);
        // Wide crops are crops around a plate.
        let wide = width as f32 / height as f32 > 1.9;
        let share = match motif {
            Motif::Close => close,
            Motif::Rack => rng.log_uniform(0.06, 0.22),
            _ if wide => share.max(0.12),
            _ => share,
        };
        ScenePlan { kinds, motif, empty: rng.chance(empty), share }
    }
}
