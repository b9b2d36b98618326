//! The browser's side of the library: every `#[wasm_bindgen]`. It converts, and computes nothing.
//!
//! `pkg/src/raw.ts` is the other side of this boundary and describes the same shapes; the public, documented interface
//! is `pkg/src/types.ts`. Errors cross as `{code, message}`.

mod raw;
mod track;

use std::cell::RefCell;
use std::fmt::Display;

use burn::tensor::Device;
use js_sys::{Float32Array, Function, Uint8Array};
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use crate::backend::{self, BackendError};
use crate::ctc::{CharReading, GrammarMode};
use crate::frame::{Frame, PixelFormat};
use crate::geometry::{Point, Quad};
use crate::labels::Label;
use crate::plate::PlateText;
use crate::reader::{Attention, PlateReader, ReadError, Reading, Stage};
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};
use raw::{RawBoxes, RawPlates, RawReadOptions, SceneTiming, flat};

thread_local! {
    /// The device of this wasm instance: a runtime can be opened once.
    static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
    static ON_PANIC: RefCell<Option<Function>> = const { RefCell::new(None) };
}

#[wasm_bindgen]
extern "C" {
    /// The clock of the window or the worker; `std::time::Instant` does not exist on this target.
    #[wasm_bindgen(thread_local_v2, js_name = performance)]
    static PERFORMANCE: web_sys::Performance;
}

/// Opens the device of this build, once before any [`Recognizer`] is opened.
///
/// # Errors
/// `UNSUPPORTED` where the browser has none.
#[wasm_bindgen(js_name = openDevice)]
pub async fn open_device() -> Result<(), JsValue> {
    if DEVICE.with_borrow(Option::is_some) {
        return Ok(());
    }
    let device = device().await.map_err(|error| failure(Code::Unsupported, error))?;
    DEVICE.set(Some(device));
    Ok(())
}

#[cfg(feature = "webgpu")]
async fn device() -> Result<Device, BackendError> {
    backend::webgpu().await
}

#[cfg(not(feature = "webgpu"))]
async fn device() -> Result<Device, BackendError> {
    Ok(backend::cpu())
}

/// Calls `callback` with a message when the library panics. The promise of the call that panicked never settles, so
/// this is the only way to hear of it.
#[wasm_bindgen(js_name = onPanic)]
pub fn on_panic(callback: Function) {
    ON_PANIC.set(Some(callback));
    std::panic::set_hook(Box::new(|panic| {
        let message = JsValue::from(panic.to_string());
        // A callback that throws has nobody left to tell.
        let _ = ON_PANIC.with_borrow(|callback| callback.as_ref().map(|f| f.call1(&JsValue::NULL, &message)));
    }));
}

/// A network on this build's device.
#[wasm_bindgen]
pub struct Recognizer(PlateReader);

#[wasm_bindgen]
impl Recognizer {
    /// Takes the bytes of the weights file that reads plates and, to find them in whole frames, of the detector's.
    ///
    /// # Errors
    /// `INTEGRITY` when they are not weights of this build; `BACKEND_LOST` before [`open_device`].
    pub fn open(weights: Uint8Array, detector: Option<Uint8Array>) -> Result<Recognizer, JsValue> {
        let device =
            DEVICE.with_borrow(Option::clone).ok_or_else(|| failure(Code::BackendLost, "no device is open"))?;
        let mut reader = PlateReader::from_weights(&copy(&weights)?, &device);
        if let Some(detector) = detector {
            let detector = copy(&detector)?;
            reader = reader.and_then(|reader| reader.with_detector(&detector));
        }
        reader.map(Recognizer).map_err(|error| failure(Code::Integrity, error))
    }

    /// What the weights and the build say of themselves: `RawInfo`.
    ///
    /// # Errors
    /// None in practice: strings and a flag always convert.
    pub fn info(&self) -> Result<JsValue, JsValue> {
        let provenance = &self.0.info().provenance;
        to_js(&RawInfo {
            model: &provenance.model,
            recipe: &provenance.recipe,
            commit: &provenance.commit,
            detector: self.0.detector_info().map(|info| info.provenance.model.as_str()),
            simd: cfg!(target_feature = "simd128"),
        })
    }

    /// Reads every plate of a frame: `RawReadOptions` in, `RawPlates` out. `pixels` are `width * height * channels` bytes.
    ///
    /// # Errors
    /// `BAD_INPUT` for pixels and options that do not make sense, a region that shows nothing of the frame, and mode `scene`
    /// without a detector; `INTEGRITY` when a network answers with NaN, `BACKEND_LOST` when the device does not answer.
    pub async fn read(
        &self,
        pixels: Uint8Array,
        width: u32,
        height: u32,
        channels: u32,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (mut timing, mut last) = (SceneTiming::default(), now());
        let options: RawReadOptions = parse(options)?;
        let pixels = copy(&pixels)?;
        let frame = frame(&pixels, width, height, channels)?;
        let plate_image = options.plate_image;
        let options = options.options(&frame).map_err(|error| failure(Code::BadInput, error))?;
        let watch = |stage| timing.add(stage, lap(&mut last));
        let plates = self.0.read_in_stages(&frame, &options, watch).await.map_err(failed)?;
        to_js(&RawPlates::new(&plates, timing, plate_image))
    }

    /// Finds the plates of a frame without reading them: `RawReadOptions` in, of which region, `maxPlates` and
    /// `minConfidence` count, and `RawBoxes` out.
    ///
    /// # Errors
    /// As [`read`](Self::read); `BAD_INPUT` also without a detector.
    pub async fn detect(
        &self,
        pixels: Uint8Array,
        width: u32,
        height: u32,
        channels: u32,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let (mut timing, mut last) = (SceneTiming::default(), now());
        let options: RawReadOptions = parse(options)?;
        let pixels = copy(&pixels)?;
        let frame = frame(&pixels, width, height, channels)?;
        let options = options.options(&frame).map_err(|error| failure(Code::BadInput, error))?;
        let found = self.0.detect(&frame, &options, options.min_confidence).await.map_err(failed)?;
        timing.add(Stage::Detected, lap(&mut last));
        to_js(&RawBoxes::new(&found, timing))
    }
}

fn parse<T: serde::de::DeserializeOwned>(options: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(options).map_err(|error| failure(Code::BadInput, error))
}

fn frame(pixels: &[u8], width: u32, height: u32, channels: u32) -> Result<Frame<'_>, JsValue> {
    let format = PixelFormat::from_channels(channels as usize)
        .ok_or_else(|| failure(Code::BadInput, format!("{channels} bytes a pixel; 1, 3 and 4 are read")))?;
    Frame::new(pixels, width, height, format).map_err(|error| failure(Code::BadInput, error))
}

fn failed(error: ReadError) -> JsValue {
    failure((&error).into(), error)
}

/// Milliseconds since `last`, which becomes now.
fn lap(last: &mut f64) -> f64 {
    let now = now();
    now - std::mem::replace(last, now)
}

/// What went wrong, as `KrLprErrorCode` in `pkg/src/errors.ts`.
#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Code {
    Unsupported,
    Integrity,
    BackendLost,
    BadInput,
}

impl From<&ReadError> for Code {
    fn from(error: &ReadError) -> Code {
        match error {
            ReadError::Network(_) | ReadError::Detector(_) => Code::Integrity,
            ReadError::NoDetector | ReadError::Region { .. } => Code::BadInput,
            ReadError::Device(_) => Code::BackendLost,
        }
    }
}

#[derive(Serialize)]
struct Failure {
    code: Code,
    message: String,
}

#[derive(Serialize)]
struct RawInfo<'a> {
    model: &'a str,
    recipe: &'a str,
    commit: &'a str,
    /// The detector's model; undefined where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    detector: Option<&'a str>,
    simd: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawGrammar {
    Strict,
    Soft,
    Off,
}

impl From<RawGrammar> for GrammarMode {
    fn from(grammar: RawGrammar) -> GrammarMode {
        match grammar {
            RawGrammar::Strict => GrammarMode::Strict,
            RawGrammar::Soft => GrammarMode::Soft,
            RawGrammar::Off => GrammarMode::Off,
        }
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

impl<'a> RawReading<'a> {
    fn new(reading: &'a Reading, plate_image: bool) -> RawReading<'a> {
        let candidate = |text, confidence, valid| RawCandidate { text, confidence, valid };
        RawReading {
            best: candidate(&reading.text, reading.confidence, reading.valid),
            kind: reading.kind.name(),
            kind_confidence: reading.kind_confidence,
            parts: PlateText::parse(&reading.text).map(RawParts::from).unwrap_or_default(),
            chars: raw_chars(reading),
            candidates: reading.candidates.iter().map(|c| candidate(&c.text, c.confidence, c.valid)).collect(),
            corners: flat(&reading.quad),
            sharpness: reading.plate.sharpness(),
            plate_image: if plate_image { bytes(&reading.plate).into() } else { JsValue::UNDEFINED },
            plate_width: PLATE_WIDTH,
            plate_height: PLATE_HEIGHT,
            attention_grid: Attention::GRID,
        }
    }
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

fn quad_of([ax, ay, bx, by, cx, cy, dx, dy]: [f32; 8]) -> Result<Quad, crate::geometry::QuadError> {
    Quad::new([Point::new(ax, ay), Point::new(bx, by), Point::new(cx, cy), Point::new(dx, dy)])
}

fn bytes(plate: &PlateImage) -> Uint8Array {
    Uint8Array::from(plate.pixels())
}

/// Copies a JS array into our memory, which may have no room for it.
fn copy(array: &Uint8Array) -> Result<Vec<u8>, JsValue> {
    let length = array.length() as usize;
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| failure(Code::BadInput, format!("no memory for {length} bytes; give a smaller picture")))?;
    bytes.resize(length, 0);
    array.copy_to(&mut bytes);
    Ok(bytes)
}

fn now() -> f64 {
    PERFORMANCE.with(web_sys::Performance::now)
}

fn failure(code: Code, message: impl Display) -> JsValue {
    to_js(&Failure { code, message: message.to_string() }).unwrap_or_else(|error| error)
}

/// Structs become plain objects; what is flattened would otherwise become a `Map`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::new().serialize_maps_as_objects(true)).map_err(JsValue::from)
}
