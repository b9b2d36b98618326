//! The browser's side of kr-lpr: every `#[wasm_bindgen]`. It converts, and computes nothing.
//!
//! `pkg/src/raw.ts` is the other side of this boundary and describes the same shapes; the public, documented interface
//! is `pkg/src/options.ts` and `results.ts`. Errors cross as `{code, message}`. Two crates are built from these files, one for each device:
//! `cpu` and `webgpu`.
#![cfg(target_arch = "wasm32")]

mod error;
mod options;
mod reading;
mod track;

use std::cell::RefCell;

use js_sys::{Function, Uint8Array};
use kr_lpr::backend::{self, Backend};
use kr_lpr::frame::{Frame, PixelFormat, compose_on};
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{Plate, PlateReader, Plates, ReadOptions, Timings};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

use error::{Code, bad_input, failed, failure};
use options::RawReadOptions;
use reading::{RawBoxes, RawPlates, Timing};
use track::{RawUpdate, Tracker};

thread_local! {
    /// The device of this wasm instance: a runtime can be opened once.
    static DEVICE: RefCell<Option<Backend>> = const { RefCell::new(None) };
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
    #[cfg(feature = "webgpu")]
    let device = backend::webgpu().await.map_err(|error| failure(Code::Unsupported, error))?;
    #[cfg(not(feature = "webgpu"))]
    let device = backend::cpu();
    DEVICE.set(Some(device));
    Ok(())
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

/// The networks on this build's device.
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
        reader.map(|reader| Recognizer(reader.with_clock(now))).map_err(|error| failure(Code::Integrity, error))
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

    /// Reads every plate of a frame: `RawOptions` in, `RawResult` out. `pixels` are `width * height * channels` bytes.
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
        let options: RawReadOptions = parse(options)?;
        let picture = Picture::new(&pixels, width, height, channels, options.background())?;
        let plates = self.plates(&picture, &options, Vec::new()).await?;
        to_js(&RawPlates::new(&plates, picture.taken, options.plate_image))
    }

    /// Does what a frame of that size with so many plates takes, on a grey one.
    ///
    /// # Errors
    /// `BACKEND_LOST` when the device does not answer.
    pub async fn rehearse(&self, width: u32, height: u32, plates: u32) -> Result<(), JsValue> {
        self.0.rehearse(width, height, plates as usize).await.map_err(failed)
    }

    /// Reads a frame, and has `tracker` follow what is read: `RawOptions` in, `RawUpdate` out. `timestamp_ms` is on any clock.
    ///
    /// # Errors
    /// As [`read`](Self::read); `BAD_INPUT` also for a timestamp that is none, out of order or not in milliseconds. No track
    /// changes then.
    #[allow(clippy::too_many_arguments)] // JavaScript's side is one call
    pub async fn follow(
        &self,
        tracker: &Tracker,
        timestamp_ms: f64,
        pixels: Uint8Array,
        width: u32,
        height: u32,
        channels: u32,
        options: JsValue,
    ) -> Result<JsValue, JsValue> {
        let options: RawReadOptions = parse(options)?;
        let picture = Picture::new(&pixels, width, height, channels, options.background())?;
        let plates = self.plates(&picture, &options, tracker.illegible(timestamp_ms)).await?;
        let readings: Vec<&Plate> = plates.plates.iter().chain(&plates.rejected).collect();
        let tracks = tracker.push(timestamp_ms, &readings)?;
        to_js(&RawUpdate::new(&tracks, &readings, Timing::new(plates.timings, picture.taken)))
    }

    /// Finds the plates of a frame without reading them: `RawDetectOptions` in, of which region, `maxPlates` and
    /// `minConfidence` count, and `RawDetection` out.
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
        let options: RawReadOptions = parse(options)?;
        let picture = Picture::new(&pixels, width, height, channels, options.background())?;
        let frame = picture.frame()?;
        let options = options.options(&frame).map_err(bad_input)?;
        let begun = now();
        let found = self.0.detect(&frame, &options, options.min_confidence).await.map_err(failed)?;
        let timings = Timings { detect: now() - begun, ..Timings::default() };
        to_js(&RawBoxes::new(&found, Timing::new(timings, picture.taken)))
    }
}

impl Recognizer {
    /// `illegible` is what no longer need be read.
    async fn plates(
        &self,
        picture: &Picture,
        options: &RawReadOptions,
        illegible: Vec<Quad>,
    ) -> Result<Plates, JsValue> {
        let frame = picture.frame()?;
        let options = options.options(&frame).map_err(bad_input)?;
        self.0.read(&frame, &ReadOptions { illegible, ..options }).await.map_err(failed)
    }
}

/// The pixels of a picture in our memory, opaque.
struct Picture {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    format: PixelFormat,
    /// Milliseconds that taking it took.
    taken: f64,
}

impl Picture {
    fn new(pixels: &Uint8Array, width: u32, height: u32, channels: u32, background: u8) -> Result<Picture, JsValue> {
        let begun = now();
        let format = PixelFormat::from_channels(channels as usize)
            .ok_or_else(|| bad_input(format!("{channels} bytes a pixel; 1, 3 and 4 are read")))?;
        let mut pixels = copy(pixels)?;
        if format == PixelFormat::Rgba {
            compose_on(background, &mut pixels);
        }
        Ok(Picture { pixels, width, height, format, taken: now() - begun })
    }

    fn frame(&self) -> Result<Frame<'_>, JsValue> {
        Frame::new(&self.pixels, self.width, self.height, self.format).map_err(bad_input)
    }
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

/// Copies a JS array into our memory, which may have no room for it.
fn copy(array: &Uint8Array) -> Result<Vec<u8>, JsValue> {
    let length = array.length() as usize;
    let mut bytes = Vec::new();
    bytes
        .try_reserve_exact(length)
        .map_err(|_| bad_input(format!("no memory for {length} bytes; give a smaller picture")))?;
    bytes.resize(length, 0);
    array.copy_to(&mut bytes);
    Ok(bytes)
}

fn now() -> f64 {
    PERFORMANCE.with(web_sys::Performance::now)
}

fn parse<T: serde::de::DeserializeOwned>(value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(bad_input)
}

/// Structs become plain objects; what is flattened would otherwise become a `Map`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&Serializer::new().serialize_maps_as_objects(true)).map_err(JsValue::from)
}
