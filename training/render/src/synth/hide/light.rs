//! Light that leaves nothing to tell ink and sheet apart by.

use super::super::rng::Rng;
use super::shape::Shape;
use super::veil::{Cover, Sort, Space, Veil};
use super::{BarePlate, middle};

/// Adds a glare or a hard shadow.
pub(super) fn draw(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let (centre, half) = middle(plate.target(rng));
    let at =
        plate.to_frame([centre[0] + rng.uniform(-0.8, 0.8) * half[0], centre[1] + rng.uniform(-0.8, 0.8) * half[1]]);
    let size = [half[0].max(20.0), half[1]].map(|mm| mm * plate.px_per_mm);
    let [sheet, ink] =
        [plate.spec.palette.sheet, plate.spec.palette.ink].map(|tone| plate.spec.sensor.brightness(tone));
    let curve = plate.curve();
    let veil = if rng.chance(0.55) {
        // White, wherever the exposure puts white.
        let tone = rng.uniform(1.1, 2.5) / plate.imaging.curve.gain.min(1.0);
        let radii = [size[0] * rng.log_uniform(0.5, 3.0), size[1] * rng.log_uniform(0.4, 1.6)];
        let shape = Shape::Ellipse { centre: at, radii, turn: rng.normal(0.5) };
        let soft = radii[0].min(radii[1]) * rng.uniform(0.3, 0.9);
        let sort = Sort::Light { tone: Some(tone), strength: rng.uniform(0.9, 1.0), sheet, ink, curve };
        Veil::flat(Cover { shape, space: Space::Frame, soft, sort, inkness: 0.5 }, [tone; 3])
    } else {
        let shape = match rng.index(3) {
            // The shadow of something wide, of a post, and of something round.
            0 => {
                let (s, c) = rng.uniform(0.0, std::f32::consts::TAU).sin_cos();
                Shape::straight(at, [c, s])
            }
            1 => {
                let half = [size[0] * rng.log_uniform(0.4, 3.0), 4.0 * plate.frame[1]];
                Shape::Rectangle { centre: at, half, corner: 0.0, turn: rng.normal(0.5) }
            }
            _ => {
                let radii = [size[0] * rng.log_uniform(0.6, 3.0), size[1] * rng.log_uniform(0.5, 1.6)];
                Shape::blot(rng, at, radii, 0.15)
            }
        };
        let soft = size[1] * rng.log_uniform(0.02, 0.3);
        let sort = Sort::Light { tone: None, strength: rng.uniform(0.9, 1.0), sheet, ink, curve };
        Veil::flat(Cover { shape, space: Space::Frame, soft, sort, inkness: 0.5 }, [0.0; 3])
    };
    veils.push(veil);
}
