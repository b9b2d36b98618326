//! Rendered plates, read by the shipped pipeline.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::{PlateReader, ReadOptions, Reading};
use kr_lpr::rectify::PlateImage;
use rayon::prelude::*;

use crate::plates::example::view_rng;
use crate::progress::Progress;
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{Conditions, Sample, Synth, view};

/// What all roads do to plates: the renderer's full difficulty.
pub const FULL_DIFFICULTY: f32 = 1.0;

/// A plate and what was read on it.
#[derive(Clone, Debug)]
pub struct PlateRead {
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub truth: Vec<Label>,
    /// What was read.
    pub read: Vec<Label>,
    /// The kind that was read.
    pub kind_read: PlateKind,
    /// Confidence of the whole text.
    pub confidence: f32,
    /// Confidence of each character of `read`.
    pub char_confidences: Vec<f32>,
    /// Natural logarithm of the probability the network gives to the text.
    pub log_prob: f32,
    /// How many passes were made over the plate.
    pub passes: u32,
    /// Mean distance of the four corners found from the true ones, in widths of the plate.
    pub corner_error: f64,
    /// Mean intersection over union of the characters' outlines and of their ink, where the text is right and the kind's
    /// layout known.
    pub characters_iou: Option<f64>,
    /// What the network saw, where the text is wrong.
    pub picture: Option<PlateImage>,
}

impl PlateRead {
    /// Hands the plate that `quad` outlines to `reader`.
    ///
    /// # Errors
    /// When the weights are broken.
    pub fn of(reader: &PlateReader, sample: &Sample, quad: Quad) -> anyhow::Result<PlateRead> {
        let options = ReadOptions { quad: Some(quad), ..ReadOptions::default() };
        let reading = reader.read_crop_blocking(&sample.frame(), &options)?;
        let truth = sample.text.labels();
        let read: Vec<Label> = reading.labels().collect();
        let char_confidences = reading.chars.iter().map(|read| read.confidence).collect();
        let corners = reading.quad.corners().into_iter().zip(sample.quad.corners());
        let corner_error =
            corners.map(|(found, truth)| found.distance(truth)).sum::<f64>() / 4.0 / f64::from(sample.quad.width());
        let outlines = if read == truth { reading.char_outlines() } else { None };
        let characters_iou = outlines.map(|outlines| {
            let shared: f64 = outlines.iter().zip(&sample.boxes).map(|(outline, ink)| outline.iou(ink)).sum();
            shared / outlines.len() as f64
        });
        let picture = (read != truth).then_some(reading.plate);
        let Reading { kind: kind_read, confidence, log_prob, passes, .. } = reading;
        Ok(PlateRead {
            kind: sample.kind,
            truth,
            read,
            kind_read,
            confidence,
            char_confidences,
            log_prob,
            passes,
            corner_error,
            characters_iou,
            picture,
        })
    }

    /// Whether the whole text is right.
    pub fn is_right(&self) -> bool {
        self.truth == self.read
    }
}

/// The kind of plate number `number`: each as often as the others.
pub fn kind_of(number: u64) -> PlateKind {
    PlateKind::ALL[(number % PlateKind::ALL.len() as u64) as usize]
}

/// Reads `plates` plates of full difficulty, outlined as a crop or a detector would.
///
/// # Errors
/// When the weights are broken.
pub fn read_balanced(reader: &PlateReader, synth: &Synth, plates: u64, seed: u64) -> anyhow::Result<Vec<PlateRead>> {
    let read = |number: u64| {
        let seed = held_out(seed, number);
        let sample = synth.sample_under(seed, kind_of(number), FULL_DIFFICULTY, &Conditions::default());
        let quad = view(&sample, &mut view_rng(seed), FULL_DIFFICULTY);
        PlateRead::of(reader, &sample, quad)
    };
    on_threads(&(0..plates).collect::<Vec<_>>(), "plates", |&number| read(number))
}

/// Maps `items` on all cores, in their order, and says how far it is.
///
/// # Errors
/// Whatever `map` fails with.
pub fn on_threads<T: Sync, R: Send>(
    items: &[T],
    name: &str,
    map: impl Fn(&T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let (done, progress) = (AtomicUsize::new(0), Mutex::new(Progress::new()));
    items
        .par_iter()
        .map(|item| {
            let result = map(item)?;
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            if let Ok(mut progress) = progress.try_lock() {
                progress.update(done as f64 / items.len() as f64, || format!("{done} of {} {name}", items.len()));
            }
            Ok(result)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_as_frequent_as_the_others() {
        let mut seen = [0; PlateKind::ALL.len()];
        (0..51).for_each(|number| seen[kind_of(number).index()] += 1);
        assert_eq!(seen, [3; PlateKind::ALL.len()]);
    }
}
