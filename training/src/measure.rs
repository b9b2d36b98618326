//! The shipped pipeline on pictures whose text is known.

use anyhow::Context;
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::labels::Label;
use kr_lpr::model::weights::{self, Provenance};
use kr_lpr::reader::{PlateReader, ReadOptions, Reading};
use std::path::Path;

use crate::checkpoint::{self, Checkpoint};
use crate::dataset::{Dataset, Entry};
use crate::metrics::Score;
use crate::picture::Picture;

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
    PlateReader::from_weights(&weights_of(path)?, device).with_context(|| format!("in {}", path.display()))
}

/// The bytes of a weights file, or what the checkpoint of a run would be exported as.
///
/// # Errors
/// When the file cannot be read, or is a checkpoint of another network.
pub fn weights_of(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read weights {}", path.display()))?;
    if !checkpoint::is_checkpoint(&bytes) {
        return Ok(bytes);
    }
    let average = Checkpoint::load(path)?.average(&Device::flex())?;
    Ok(weights::to_bytes(&average.folded(), Calibration::default(), &Provenance::default())?)
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

/// How many are right; a picture that could not be read is wrong.
pub fn score(measured: &[Measured]) -> Score {
    let mut score = Score::default();
    for one in measured {
        score.add(&one.entry.text.labels(), &one.labels(), one.entry.kind);
    }
    score
}
