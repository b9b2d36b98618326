//! The shipped pipeline on pictures whose text is known.

use std::path::Path;

use anyhow::Context;
use kr_lpr::backend;
use kr_lpr::labels::Label;
use kr_lpr::model::{Detector, PlateNetworks};
use kr_lpr::reader::{Plate, PlateReader, Plates, ReadOptions, Reading};

use crate::checkpoint::weights_of;
use crate::dataset::{Dataset, Entry, SceneEntry};
use crate::evaluation::scenes::{SceneScore, Verdict};
use crate::evaluation::score::Score;
use kr_lpr_render::picture::Picture;

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

/// A scene and what the pipeline made of it.
pub struct MeasuredScene {
    /// The picture.
    pub entry: SceneEntry,
    /// What was found, or why nothing could be.
    pub found: Result<Plates, String>,
}

impl MeasuredScene {
    /// What is right and wrong about it; a picture that could not be read has no plate found.
    pub fn verdict(&self) -> Verdict {
        let nothing = Plates::default();
        Verdict::new(&self.entry.plates, &self.entry.ignored, self.found.as_ref().unwrap_or(&nothing))
    }
}

/// Finds and reads the plates of every scene, one after the other.
pub fn measure_scenes(reader: &PlateReader, scenes: Vec<SceneEntry>, options: &ReadOptions) -> Vec<MeasuredScene> {
    let read = |entry: SceneEntry| {
        let found = Picture::open(&entry.path)
            .and_then(|picture| Ok(reader.read_blocking(&picture.frame(), options)?))
            .map_err(|error| format!("{error:#}"));
        MeasuredScene { entry, found }
    };
    scenes.into_iter().map(read).collect()
}

/// Counts over all scenes.
pub fn score_scenes(measured: &[MeasuredScene]) -> SceneScore {
    let mut score = SceneScore::default();
    measured.iter().for_each(|one| score.add(one.verdict()));
    score
}

/// Opens a reader on a weights file, or on the checkpoint of a run as it would be exported.
///
/// # Errors
/// When the file is neither, or not of this build.
pub fn open_reader(path: &Path) -> anyhow::Result<PlateReader> {
    PlateReader::from_weights(&weights_of::<PlateNetworks>(path)?, &backend::cpu())
        .with_context(|| format!("in {}", path.display()))
}

/// Gives `reader` a detector: a weights file, or the checkpoint of a run as it would be exported, uncalibrated.
///
/// # Errors
/// When the file is neither, or not of this build.
pub fn with_detector(reader: PlateReader, path: &Path) -> anyhow::Result<PlateReader> {
    let bytes = weights_of::<Detector>(path)?;
    reader.with_detector(&bytes).with_context(|| format!("in {}", path.display()))
}

/// Reads every picture, one after the other; one that cannot be read is kept with the reason.
pub fn measure(reader: &PlateReader, dataset: Dataset, options: &ReadOptions) -> Vec<Measured> {
    let read = |entry: Entry| {
        let reading = Picture::open(&entry.path)
            .and_then(|picture| Ok(reader.read_blocking(&picture.frame(), options)?))
            .and_then(|found| surest(found).context("no plate was found"))
            .map_err(|error| format!("{error:#}"));
        Measured { entry, reading }
    };
    dataset.entries.into_iter().map(read).collect()
}

/// What is read in a picture of one plate: the surest reading, rejected or not.
fn surest(found: Plates) -> Option<Reading> {
    let surer = |a: &Plate, b: &Plate| a.reading.confidence.total_cmp(&b.reading.confidence);
    let plates = found.plates.into_iter().max_by(surer);
    plates.or_else(|| found.rejected.into_iter().max_by(surer)).map(|plate| plate.reading)
}

/// How many are right; a picture that could not be read is wrong.
pub fn score(measured: &[Measured]) -> Score {
    let mut score = Score::default();
    for one in measured {
        score.add(&one.entry.text.labels(), &one.labels(), one.entry.kind);
    }
    score
}
