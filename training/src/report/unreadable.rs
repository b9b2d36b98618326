//! What is made of what says nothing: pictures that are no plate, and plates that nobody can read.

use kr_lpr::frame::Frame;
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{PlateReader, ReadOptions};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use crate::evaluation::mix::ILLEGIBLE_PX;
use crate::evaluation::rendered::{FULL_DIFFICULTY, kind_of, on_threads};
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{Conditions, SceneSample, SceneSettings, Synth};

/// Scenes in which there is no plate are drawn from seeds of their own.
const STREAM: u64 = 1 << 41;

/// Boards a scene that are read at most, and parts of it that are read wherever they lie.
const PER_SCENE: usize = 3;

/// Confidence above which a text is believed, and above which it is as good as certain.
const BELIEVED: f32 = 0.5;
const SURE: f32 = 0.9;

/// Readings of one sort of picture that says nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unreadable {
    /// What is read.
    pub name: &'static str,
    /// Readings.
    pub readings: usize,
    /// Those with a confidence above 0.5.
    pub believed: usize,
    /// Those with a confidence above 0.9.
    pub sure: usize,
    /// Mean confidence; `None` without readings.
    pub mean_confidence: Option<f64>,
    /// The largest confidence, and the text; `None` without readings.
    pub worst: Option<(f32, String)>,
}

/// Reads what is no plate in `scenes` scenes without one, and as many plates that are too small.
///
/// # Errors
/// When the weights are broken.
pub fn read_all(reader: &PlateReader, synth: &Synth, scenes: u64, seed: u64) -> anyhow::Result<Vec<Unreadable>> {
    let settings = SceneSettings { empty: 1.0, ..SceneSettings::default() };
    let numbers: Vec<u64> = (0..scenes).collect();
    let read = |number: &u64| {
        let seed = held_out(seed, STREAM + number);
        let read = |frame: &Frame, quad: &Quad| -> anyhow::Result<(f32, String)> {
            let options = ReadOptions { quad: Some(*quad), ..ReadOptions::default() };
            let reading = reader.read_crop_blocking(frame, &options)?;
            Ok((reading.confidence, reading.text))
        };
        let scene = synth.scene(seed, &settings);
        let in_scene = |quad: &Quad| read(&scene.frame(), quad);
        let negatives = scene.negatives_in_view().take(PER_SCENE);
        let negatives = negatives.map(in_scene).collect::<anyhow::Result<Vec<_>>>()?;
        let parts = parts(&scene, seed).iter().map(in_scene).collect::<anyhow::Result<Vec<_>>>()?;
        let sample = synth.sample_under(seed, kind_of(*number), FULL_DIFFICULTY, &Conditions::of_width(ILLEGIBLE_PX));
        Ok((negatives, parts, read(&sample.frame(), &sample.quad)?))
    };
    let (mut negatives, mut parts, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for (of_negatives, of_parts, of_plate) in on_threads(&numbers, "scenes without a plate", read)? {
        negatives.extend(of_negatives);
        parts.extend(of_parts);
        lost.push(of_plate);
    }
    Ok(vec![
        Unreadable::of("signs, cards, blank and foreign plates", negatives),
        Unreadable::of("any part of a scene without a plate", parts),
        Unreadable::of("plates 12 pixels wide", lost),
    ])
}

impl Unreadable {
    fn of(name: &'static str, readings: Vec<(f32, String)>) -> Unreadable {
        let above = |least: f32| readings.iter().filter(|(confidence, _)| *confidence > least).count();
        let (count, believed, sure) = (readings.len(), above(BELIEVED), above(SURE));
        let sum: f64 = readings.iter().map(|(confidence, _)| f64::from(*confidence)).sum();
        let mean_confidence = (count > 0).then(|| sum / count as f64);
        let worst = readings.into_iter().max_by(|a, b| a.0.total_cmp(&b.0));
        Unreadable { name, readings: count, believed, sure, mean_confidence, worst }
    }
}

/// Upright rectangles of the proportions of plates anywhere in the picture.
fn parts(scene: &SceneSample, seed: u64) -> Vec<Quad> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let (width, height) = (scene.width as f32, scene.height as f32);
    let mut part = || {
        let wide = width * rng.random_range(0.1..0.5_f32);
        let tall = (wide / rng.random_range(1.8..5.0_f32)).min(height);
        let (x, y) = (rng.random::<f32>() * (width - wide), rng.random::<f32>() * (height - tall));
        Quad::rect(x, y, wide, tall).ok()
    };
    (0..PER_SCENE).filter_map(|_| part()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_and_the_worst_are_counted() {
        let readings = [(0.95, "a"), (0.6, "b"), (0.1, "c"), (0.0, "d")].map(|(p, text)| (p, text.to_owned()));
        let row = Unreadable::of("all", readings.to_vec());
        assert_eq!((row.believed, row.sure, row.readings), (2, 1, 4));
        assert_eq!(row.worst, Some((0.95, "a".to_owned())));
        assert_eq!(Unreadable::of("none", Vec::new()).mean_confidence, None);
    }

    #[test]
    fn parts_lie_in_the_picture_and_boards_show() -> anyhow::Result<()> {
        let synth = Synth::new(kr_lpr_render::synth::SynthSettings::default())?;
        let settings = SceneSettings { empty: 1.0, ..SceneSettings::default() };
        let mut shown = 0;
        for seed in 0..8 {
            let scene = synth.scene(seed, &settings);
            shown += scene.negatives_in_view().count();
            for quad in parts(&scene, seed) {
                let (left, top, right, bottom) = quad.bounding_box();
                assert!(left >= 0.0 && top >= 0.0, "{quad:?}");
                assert!(right <= scene.width as f32 + 0.01 && bottom <= scene.height as f32 + 0.01, "{quad:?}");
            }
        }
        assert!(shown > 2, "{shown} negatives in eight scenes");
        Ok(())
    }
}
