//! Negatives, which are no plates, as the recognizer gets them: telephone numbers, signs, plates of other countries, any part of a street.
//!
//! A network that was only ever shown plates finds a text in everything, and is sure of it where a telephone number has
//! the rhythm of a plate. These pictures are to be read as nothing: the blank at every step.

use anyhow::Context;
use kr_lpr::geometry::Quad;

use crate::plates::example::{Example, view_rng};
use kr_lpr_render::seed::mix;
use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth, detected};

/// Largest width and height of the scenes, pixels; larger ones take longer to draw.
const SIZE: [u32; 2] = [480, 360];

/// Share of outlines that are a whole negative's.
///
/// The others are of the proportions of plates and lie on a negative or, where there is none, anywhere.
const WHOLE: f32 = 0.6;

/// Width over height of other outlines, from that of tall plates to that of long ones.
const ASPECTS: [f32; 2] = [1.6, 5.5];

/// Width from which on a negative is legible enough to be taken for a plate, pixels.
const LEGIBLE_PX: f32 = 30.0;

/// Scenes that are drawn at most to come by a negative: half of them have none.
const TRIES: u64 = 3;

/// Draws scenes without a plate by `seed` and takes a part of one as a detector might outline it.
///
/// # Errors
/// Never: a text of no characters fits the network.
pub fn negative(synth: &Synth, seed: u64, difficulty: f32) -> anyhow::Result<Example> {
    let (scene, outline) = negative_view(synth, seed, difficulty);
    Example::new(&scene.frame(), &outline, Vec::new(), None, None).with_context(|| format!("negative of seed {seed}"))
}

/// The scene and the part of it that is outlined.
pub(crate) fn negative_view(synth: &Synth, seed: u64, difficulty: f32) -> (SceneSample, Quad) {
    let settings = SceneSettings { difficulty, colour: false, size: SIZE, empty: 1.0, ..SceneSettings::default() };
    let mut scene = synth.scene(seed, &settings);
    for again in 1..TRIES {
        if negatives(&scene).next().is_some() {
            break;
        }
        scene = synth.scene(mix(seed, again), &settings);
    }
    let outline = outline(&scene, &mut view_rng(seed));
    (scene, outline)
}

fn negatives(scene: &SceneSample) -> impl Iterator<Item = &Quad> {
    scene.negatives_in_view().filter(|negative| negative.width() >= LEGIBLE_PX)
}

fn outline(scene: &SceneSample, source: &mut impl rand::Rng) -> Quad {
    let mut rng = Rng::new(source.next_u64());
    let negatives: Vec<&Quad> = negatives(scene).collect();
    let negative = (!negatives.is_empty()).then(|| negatives[rng.index(negatives.len())]);
    if let Some(negative) = negative.filter(|_| rng.chance(WHOLE)) {
        return detected(negative, source);
    }
    let (width, height) = (scene.width as f32, scene.height as f32);
    let (left, top, right, bottom) = negative.map_or((0.0, 0.0, width, height), |negative| negative.bounding_box());
    let wide = ((right - left) * rng.log_uniform(0.3, 1.1)).max(LEGIBLE_PX);
    let tall = wide / rng.log_uniform(ASPECTS[0], ASPECTS[1]);
    let (x, y) = (rng.uniform(left, right), rng.uniform(top, bottom));
    Quad::rect(x - wide / 2.0, y - tall / 2.0, wide, tall).unwrap_or(Quad::of_frame(&scene.frame()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr_render::synth::SynthSettings;

    #[test]
    fn nothing_is_to_be_read_on_pictures_that_show_something() {
        let synth = Synth::new(SynthSettings::default()).unwrap();
        let mut plain = 0;
        for seed in 0..40 {
            let example = negative(&synth, seed, 1.0).unwrap();
            assert!(example.labels.is_empty() && example.kind.is_none() && example.masks.is_none());
            assert_eq!(example.pixels, negative(&synth, seed, 1.0).unwrap().pixels);
            let first = example.pixels[0];
            plain += usize::from(example.pixels.iter().all(|&pixel| pixel == first));
        }
        assert!(plain < 4, "{plain} of 40 pictures are of one tone");
    }
}
