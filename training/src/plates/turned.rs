//! Plates the wrong way up or round, as the recognizer gets them: to be read as nothing.
//!
//! A network that has only seen plates upright reads a text in those that are not, and another one: a 6 is a 9. Which way up a
//! camera is mounted is for the caller to say.

use anyhow::Context;
use kr_lpr::geometry::Quad;

use crate::plates::example::{Example, view_rng};
use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{Sample, Synth, Turn, detected, view};

/// How often each of [`Turn::ALL`] occurs. A plate whose rows are reversed looks most like one: of such the network read most.
const SHARES: [f32; 5] = [0.13, 0.27, 0.13, 0.15, 0.32];

/// Renders a plate by `seed`, turns it and outlines it as a crop or as a detector would.
///
/// # Errors
/// Never: a text of no characters fits the network.
pub fn turned(synth: &Synth, seed: u64, difficulty: f32) -> anyhow::Result<Example> {
    let (sample, outline) = turned_view(synth, seed, difficulty);
    let example = Example::new(&sample.frame(), &outline, Vec::new(), None, None);
    example.with_context(|| format!("turned plate of seed {seed}"))
}

/// The plate and its outline.
pub(crate) fn turned_view(synth: &Synth, seed: u64, difficulty: f32) -> (Sample, Quad) {
    let sample = synth.sample_at(seed, difficulty);
    let mut views = view_rng(seed);
    let mut rng = Rng::new(seed);
    let turn = Turn::ALL[rng.weighted(&SHARES)];
    let sample = sample.turned(turn);
    let outline =
        if rng.chance(0.5) { detected(&sample.quad, &mut views) } else { view(&sample, &mut views, difficulty) };
    (sample, outline)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr_render::synth::SynthSettings;

    #[test]
    fn nothing_is_to_be_read_and_a_seed_gives_one_picture() {
        let synth = Synth::new(SynthSettings::default()).unwrap();
        for seed in 0..10 {
            let example = turned(&synth, seed, 1.0).unwrap();
            assert!(example.labels.is_empty() && example.kind.is_none() && example.masks.is_none());
            assert_eq!(example.pixels, turned(&synth, seed, 1.0).unwrap().pixels);
        }
    }
}
