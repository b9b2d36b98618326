//! The shapes of whole frames at the boundary: `RawReadOptions` in, `RawPlates` and `RawBoxes` out.

use serde::{Deserialize, Serialize};

use super::{RawGrammar, RawReading, quad_of};
use crate::detect::Candidate;
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::overview::Region;
use crate::reader::{Mode, Plate, Plates, ReadOptions, Stage};

/// What to read and how; of all of it only `mode` must be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawReadOptions {
    mode: RawMode,
    /// x, y, width and height in pixels; clipped to the frame.
    region: Option<[f32; 4]>,
    /// x, y of the four corners.
    quad: Option<[f32; 8]>,
    max_plates: Option<usize>,
    min_confidence: Option<f32>,
    align: Option<bool>,
    grammar: Option<RawGrammar>,
    n_best: Option<usize>,
    #[serde(default)]
    pub(super) plate_image: bool,
    #[serde(default)]
    attention: bool,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
enum RawMode {
    Auto,
    Crop,
    Scene,
}

impl RawReadOptions {
    /// # Errors
    /// Says which of region and outline makes no sense in `frame`.
    pub(super) fn options(self, frame: &Frame) -> Result<ReadOptions, String> {
        let defaults = ReadOptions::default();
        let region = self.region.map(|[x, y, width, height]| Region::within(frame, x, y, width, height));
        let min_confidence = self.min_confidence.unwrap_or(defaults.min_confidence);
        if !(0.0..=1.0).contains(&min_confidence) {
            return Err(format!("minConfidence is {min_confidence}; it goes from 0 to 1"));
        }
        Ok(ReadOptions {
            mode: match self.mode {
                RawMode::Auto => Mode::Auto,
                RawMode::Crop => Mode::Crop,
                RawMode::Scene => Mode::Scene,
            },
            region: region.transpose().map_err(|error| error.to_string())?,
            quad: self.quad.map(quad_of).transpose().map_err(|error| error.to_string())?,
            max_plates: self.max_plates.unwrap_or(defaults.max_plates),
            min_confidence,
            align: self.align.unwrap_or(defaults.align),
            grammar: self.grammar.map_or(defaults.grammar, Into::into),
            n_best: self.n_best.unwrap_or(defaults.n_best),
            attention: self.attention,
        })
    }
}

/// What was found in a picture.
#[derive(Serialize)]
pub(super) struct RawPlates<'a> {
    /// What the picture was taken for: `crop` or `scene`.
    mode: RawMode,
    plates: Vec<RawPlate<'a>>,
    rejected: Vec<RawPlate<'a>>,
    timing: SceneTiming,
}

#[derive(Serialize)]
struct RawPlate<'a> {
    #[serde(flatten)]
    reading: RawReading<'a>,
    /// How sure the detector is, 0 to 1; undefined where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    detection: Option<f32>,
}

impl<'a> RawPlates<'a> {
    pub(super) fn new(plates: &'a Plates, timing: SceneTiming, plate_image: bool) -> RawPlates<'a> {
        let raw = |plate: &'a Plate| RawPlate {
            reading: RawReading::new(&plate.reading, plate_image),
            detection: plate.detection,
        };
        let mode = if plates.mode == Mode::Crop { RawMode::Crop } else { RawMode::Scene };
        let (plates, rejected) = (plates.plates.iter().map(raw).collect(), plates.rejected.iter().map(raw).collect());
        RawPlates { mode, plates, rejected, timing }
    }
}

/// What a detector alone finds.
#[derive(Serialize)]
pub(super) struct RawBoxes {
    boxes: Vec<RawBox>,
    timing: SceneTiming,
}

#[derive(Serialize)]
struct RawBox {
    /// x, y of the four corners, roughly.
    corners: [f32; 8],
    confidence: f32,
}

impl RawBoxes {
    pub(super) fn new(found: &[Candidate], timing: SceneTiming) -> RawBoxes {
        let raw = |candidate: &Candidate| RawBox { corners: flat(&candidate.quad), confidence: candidate.score };
        RawBoxes { boxes: found.iter().map(raw).collect(), timing }
    }
}

/// x, y of the four corners.
pub(super) fn flat(quad: &Quad) -> [f32; 8] {
    let [a, b, c, d] = quad.corners();
    [a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y]
}

/// Milliseconds of each stage, all plates together.
#[derive(Clone, Copy, Default, Serialize)]
pub(super) struct SceneTiming {
    preprocess: f64,
    detect: f64,
    recognize: f64,
}

impl SceneTiming {
    pub(super) fn add(&mut self, stage: Stage, milliseconds: f64) {
        *match stage {
            Stage::Detected => &mut self.detect,
            Stage::Straightened => &mut self.preprocess,
            Stage::Recognized => &mut self.recognize,
        } += milliseconds;
    }
}
