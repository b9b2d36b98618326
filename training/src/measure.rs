//! The shipped pipeline on pictures whose text is known.

use anyhow::Context;
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::model::weights::{self, Provenance};
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::{PlateReader, ReadOptions, Reading};
use rayon::prelude::*;
use std::path::Path;

use crate::batch::view_rng;
use crate::checkpoint::{self, Checkpoint};
use crate::dataset::{Dataset, Entry};
use crate::metrics::Score;
use crate::picture::Picture;
use crate::synth::{Synth, view};

/// A picture and what the pipeline made of it.
pub struct Measured {
    /// The picture.
    pub entry: Entry,
    /// The reading, or why there is none.
    pub reading: Result<Reading, String>,
}

impl Measured {
    /// The labels read; none where the picture could not be read.
    pub fn labels(&self) -> Vec<Label> {
        let reading = self.reading.as_ref();
        reading.map(|reading| reading.labels().collect()).unwrap_or_default()
    }

    /// What was read, or an empty text.
    pub fn text(&self) -> &str {
        self.reading.as_ref().map_or("", |reading| &reading.text)
    }

    /// Confidence of the reading, 0 where there is none.
    pub fn confidence(&self) -> f32 {
        self.reading.as_ref().map_or(0.0, |reading| reading.confidence)
    }

    /// Whether the whole text is right.
    pub fn is_right(&self) -> bool {
        self.labels() == self.entry.text.labels()
    }
}

/// Opens a reader on a weights file, or on the checkpoint of a run as it would be exported.
///
/// # Errors
/// When the file is neither, or not of this build.
pub fn open_reader(path: &Path, device: &Device) -> anyhow::Result<PlateReader> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read weights {}", path.display()))?;
    let bytes = if checkpoint::is_checkpoint(&bytes) {
        let average = Checkpoint::load(path)?.average(&Device::flex())?;
        weights::to_bytes(&average.folded(), Calibration::default(), &Provenance::default())?
    } else {
        bytes
    };
    PlateReader::from_weights(&bytes, device).with_context(|| format!("in {}", path.display()))
}

/// Reads every picture, one after the other; one that cannot be read is kept with the reason.
pub fn measure(reader: &PlateReader, dataset: Dataset, options: &ReadOptions) -> Vec<Measured> {
    let read = |entry: Entry| {
        let reading = Picture::open(&entry.path)
            .and_then(|picture| Ok(reader.read_crop_blocking(&picture.frame(), options)?))
            .map_err(|error| format!("{error:#}"));
        Measured { entry, reading }
    };
    dataset.entries.into_iter().map(read).collect()
}

/// A rendered plate and what the pipeline made of it.
pub struct MeasuredPlate {
    /// What stands on it.
    pub labels: Vec<Label>,
    /// Its kind.
    pub kind: PlateKind,
    /// Its true outline in the frame.
    pub quad: Quad,
    /// The reading.
    pub reading: Reading,
}

impl MeasuredPlate {
    /// Mean distance of the four corners read from the true ones, in widths of the plate.
    pub fn corner_error(&self) -> f64 {
        let pairs = self.reading.quad.corners().into_iter().zip(self.quad.corners());
        pairs.map(|(found, truth)| found.distance(truth)).sum::<f64>() / 4.0 / f64::from(self.quad.width())
    }

    /// Whether the whole text is right.
    pub fn is_right(&self) -> bool {
        self.reading.labels().eq(self.labels.iter().copied())
    }
}

/// Reads the plates that `synth` renders from `seeds`, each outlined as a crop or a detector would.
///
/// # Errors
/// When the network gives something that is not a number.
pub fn measure_rendered(reader: &PlateReader, synth: &Synth, seeds: &[u64]) -> anyhow::Result<Vec<MeasuredPlate>> {
    let read = |&seed: &u64| {
        let sample = synth.sample(seed);
        let quad = view(&sample, &mut view_rng(seed), synth.settings().difficulty);
        let options = ReadOptions { quad: Some(quad), ..ReadOptions::default() };
        let reading = reader.read_crop_blocking(&sample.frame(), &options)?;
        Ok(MeasuredPlate { labels: sample.text.labels(), kind: sample.kind, quad: sample.quad, reading })
    };
    seeds.par_iter().map(read).collect()
}

/// How many are right; a picture that could not be read is wrong.
pub fn score(measured: &[Measured]) -> Score {
    let mut score = Score::default();
    for one in measured {
        score.add(&one.entry.text.labels(), &one.labels(), one.entry.kind);
    }
    score
}
