//! What was found and read, as it goes to JavaScript: `RawResult` and `RawDetection` of `pkg/src/raw.ts`.

use js_sys::{Float32Array, Uint8Array};
use kr_lpr::ctc::CharReading;
use kr_lpr::detect::Candidate;
use kr_lpr::geometry::{Cut, Quad};
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateText;
use kr_lpr::reader::{Attention, Mode, Orientation, Plate, Plates, Reading, Rejection, Timings};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::options::RawMode;

/// What was found in a picture.
#[derive(Serialize)]
pub(crate) struct RawPlates<'a> {
    /// What the picture was taken for: `crop` or `scene`.
    mode: RawMode,
    /// Degrees, clockwise, by which the picture was turned to be read.
    orientation: u32,
    plates: Vec<RawPlate<'a>>,
    rejected: Vec<RawPlate<'a>>,
    timing: Timing,
}

impl<'a> RawPlates<'a> {
    /// `taken` is how many milliseconds it took to take the picture.
    pub(crate) fn new(plates: &'a Plates, taken: f64, plate_image: bool) -> RawPlates<'a> {
        let raw = |plate: &'a Plate| RawPlate::new(plate, plate_image);
        RawPlates {
            mode: if plates.mode == Mode::Crop { RawMode::Crop } else { RawMode::Scene },
            orientation: match plates.orientation {
                Orientation::Deg90 => 90,
                Orientation::Deg180 => 180,
                Orientation::Deg270 => 270,
                Orientation::Deg0 | Orientation::Auto => 0,
            },
            plates: plates.plates.iter().map(raw).collect(),
            rejected: plates.rejected.iter().map(raw).collect(),
            timing: Timing::new(plates.timings, taken),
        }
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
    /// Why it does not count; undefined where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl<'a> RawPlate<'a> {
    pub(crate) fn new(plate: &'a Plate, plate_image: bool) -> RawPlate<'a> {
        let reason = plate.reason.map(|reason| match reason {
            Rejection::Incomplete => "incomplete",
            Rejection::Illegible => "illegible",
            Rejection::Improbable => "improbable",
            Rejection::TooMany => "too-many",
        });
        RawPlate { reading: RawReading::new(&plate.reading, plate_image), detection: plate.detection, reason }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RawReading<'a> {
    #[serde(flatten)]
    best: RawCandidate<'a>,
    cut: RawCut,
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
        let candidate = |text, confidence, valid, complete| RawCandidate { text, confidence, valid, complete };
        let image = plate_image.then(|| Uint8Array::from(reading.plate.pixels()).into());
        RawReading {
            best: candidate(&reading.text, reading.confidence, reading.valid, reading.complete),
            cut: reading.cut.into(),
            kind: reading.kind.name(),
            kind_confidence: reading.kind_confidence,
            parts: reading.plate_text().map(RawParts::from).unwrap_or_default(),
            chars: raw_chars(reading),
            candidates: (reading.candidates.iter())
                .map(|one| candidate(&one.text, one.confidence, one.valid, one.complete))
                .collect(),
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
    complete: bool,
}

/// The sides of the plate that lie outside the picture.
#[derive(Serialize)]
struct RawCut {
    left: bool,
    right: bool,
    top: bool,
    bottom: bool,
}

impl From<Cut> for RawCut {
    fn from(Cut { left, right, top, bottom }: Cut) -> RawCut {
        RawCut { left, right, top, bottom }
    }
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
    decode: f64,
}

impl Timing {
    /// `taken` is how many milliseconds it took to take the picture.
    pub(crate) fn new(timings: Timings, taken: f64) -> Timing {
        Timing {
            preprocess: taken + timings.align,
            detect: timings.detect,
            recognize: timings.recognize,
            decode: timings.decode,
        }
    }
}
