//! What was found and read, as it goes to JavaScript: `RawResult` and `RawDetection` of `pkg/src/raw.ts`.

use js_sys::{Float32Array, Uint8Array};
use kr_lpr::ctc::CharReading;
use kr_lpr::detect::Candidate;
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateText;
use kr_lpr::reader::{Attention, Mode, Plate, Plates, Reading, Stage};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::options::RawMode;

/// What was found in a picture.
#[derive(Serialize)]
pub(crate) struct RawPlates<'a> {
    /// What the picture was taken for: `crop` or `scene`.
    mode: RawMode,
    plates: Vec<RawPlate<'a>>,
    rejected: Vec<RawPlate<'a>>,
    timing: Timing,
}

impl<'a> RawPlates<'a> {
    pub(crate) fn new(plates: &'a Plates, timing: Timing, plate_image: bool) -> RawPlates<'a> {
        let raw = |plate: &'a Plate| RawPlate::new(plate, plate_image);
        let mode = if plates.mode == Mode::Crop { RawMode::Crop } else { RawMode::Scene };
        let (plates, rejected) = (plates.plates.iter().map(raw).collect(), plates.rejected.iter().map(raw).collect());
        RawPlates { mode, plates, rejected, timing }
    }
}

/// A plate that was read, in `plates` or in `rejected`.
#[derive(Serialize)]
pub(crate) struct RawPlate<'a> {
    #[serde(flatten)]
    reading: RawReading<'a>,
    /// How sure the detector is, 0 to 1; undefined where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    detection: Option<f32>,
}

impl<'a> RawPlate<'a> {
    pub(crate) fn new(plate: &'a Plate, plate_image: bool) -> RawPlate<'a> {
        RawPlate { reading: RawReading::new(&plate.reading, plate_image), detection: plate.detection }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RawReading<'a> {
    #[serde(flatten)]
    best: RawCandidate<'a>,
    kind: &'static str,
    kind_confidence: f32,
    parts: RawParts,
    chars: Vec<RawChar>,
    candidates: Vec<RawCandidate<'a>>,
    corners: [f32; 8],
    sharpness: f32,
    /// A `Uint8Array`, or undefined.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    plate_image: JsValue,
    plate_width: usize,
    plate_height: usize,
    /// Rows and columns of an attention map.
    attention_grid: [usize; 2],
}

impl<'a> RawReading<'a> {
    fn new(reading: &'a Reading, plate_image: bool) -> RawReading<'a> {
        let candidate = |text, confidence, valid| RawCandidate { text, confidence, valid };
        let image = plate_image.then(|| Uint8Array::from(reading.plate.pixels()).into());
        RawReading {
            best: candidate(&reading.text, reading.confidence, reading.valid),
            kind: reading.kind.name(),
            kind_confidence: reading.kind_confidence,
            parts: PlateText::parse(&reading.text).map(RawParts::from).unwrap_or_default(),
            chars: raw_chars(reading),
            candidates: reading.candidates.iter().map(|c| candidate(&c.text, c.confidence, c.valid)).collect(),
            corners: flat(&reading.quad),
            sharpness: reading.plate.sharpness(),
            plate_image: image.unwrap_or(JsValue::UNDEFINED),
            plate_width: PLATE_WIDTH,
            plate_height: PLATE_HEIGHT,
            attention_grid: Attention::GRID,
        }
    }
}

#[derive(Serialize)]
struct RawCandidate<'a> {
    text: &'a str,
    confidence: f32,
    valid: bool,
}

/// Empty unless the text is a plate's.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct RawParts {
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    class_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "use")]
    letter: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<String>,
}

impl From<PlateText> for RawParts {
    fn from(text: PlateText) -> RawParts {
        RawParts {
            region: text.region().map(Label::name),
            class_code: match text.class_digits() {
                0 => None,
                width => Some(format!("{:0width$}", text.class_code())),
            },
            letter: Some(text.letter().name()),
            serial: Some(text.serial().iter().map(u8::to_string).collect()),
        }
    }
}

#[derive(Serialize)]
struct RawChar {
    #[serde(flatten)]
    best: RawCharCandidate,
    alternatives: Vec<RawCharCandidate>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corners: Option<[f32; 8]>,
    /// A `Float32Array` of [`Attention::GRID`], row by row, or left out.
    #[serde(with = "serde_wasm_bindgen::preserve", skip_serializing_if = "JsValue::is_undefined")]
    attention: JsValue,
}

#[derive(Serialize)]
struct RawCharCandidate {
    char: &'static str,
    confidence: f32,
}

fn raw_chars(reading: &Reading) -> Vec<RawChar> {
    let outlines = reading.char_outlines().unwrap_or_default();
    let candidate = |label: Label, confidence| RawCharCandidate { char: label.name(), confidence };
    let map = |step| reading.attention.as_ref().and_then(|attention| attention.of_step(step)).map(Float32Array::from);
    let raw = |(index, read): (usize, &CharReading)| RawChar {
        best: candidate(read.label, read.confidence),
        alternatives: read.alternatives.iter().map(|&(label, p)| candidate(label, p)).collect(),
        corners: outlines.get(index).map(flat),
        attention: map(read.step).map_or(JsValue::UNDEFINED, JsValue::from),
    };
    reading.chars.iter().enumerate().map(raw).collect()
}

/// What a detector alone finds.
#[derive(Serialize)]
pub(crate) struct RawBoxes {
    boxes: Vec<RawBox>,
    timing: Timing,
}

#[derive(Serialize)]
struct RawBox {
    /// x, y of the four corners, roughly.
    corners: [f32; 8],
    confidence: f32,
}

impl RawBoxes {
    pub(crate) fn new(found: &[Candidate], timing: Timing) -> RawBoxes {
        let raw = |candidate: &Candidate| RawBox { corners: flat(&candidate.quad), confidence: candidate.score };
        RawBoxes { boxes: found.iter().map(raw).collect(), timing }
    }
}

/// x, y of the four corners.
pub(crate) fn flat(quad: &Quad) -> [f32; 8] {
    let [a, b, c, d] = quad.corners();
    [a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y]
}

/// Milliseconds of each stage, all plates together.
#[derive(Clone, Copy, Default, Serialize)]
pub(crate) struct Timing {
    preprocess: f64,
    detect: f64,
    recognize: f64,
}

impl Timing {
    pub(crate) fn add(&mut self, stage: Stage, milliseconds: f64) {
        *match stage {
            Stage::Detected => &mut self.detect,
            Stage::Straightened => &mut self.preprocess,
            Stage::Recognized => &mut self.recognize,
        } += milliseconds;
    }
}
