//! How to read, as it comes from JavaScript: `RawOptions` and `RawDetectOptions` of `pkg/src/raw.ts`.

use kr_lpr::ctc::GrammarMode;
use kr_lpr::frame::Frame;
use kr_lpr::geometry::{Point, Quad, QuadError};
use kr_lpr::reader::{Mode, Orientation, ReadOptions};
use kr_lpr::region::Region;
use serde::{Deserialize, Serialize};

/// What to read and how; of all of it only `mode` must be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawReadOptions {
    mode: RawMode,
    /// x, y, width and height in pixels; clipped to the frame.
    region: Option<[f32; 4]>,
    /// x, y of the four corners.
    quad: Option<[f32; 8]>,
    orientation: Option<RawOrientation>,
    max_plates: Option<usize>,
    min_confidence: Option<f32>,
    partial: Option<bool>,
    align: Option<bool>,
    grammar: Option<RawGrammar>,
    n_best: Option<usize>,
    background: Option<RawBackground>,
    #[serde(default)]
    pub(crate) plate_image: bool,
    #[serde(default)]
    attention: bool,
}

#[derive(Clone, Copy, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RawMode {
    Auto,
    Crop,
    Scene,
}

#[derive(Clone, Copy, Deserialize)]
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

/// Degrees, 0, 90, 180 or 270, or `auto`.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum RawOrientation {
    Degrees(f64),
    Name(String),
}

impl TryFrom<&RawOrientation> for Orientation {
    type Error = String;

    fn try_from(raw: &RawOrientation) -> Result<Orientation, String> {
        match raw {
            RawOrientation::Degrees(0.0) => Ok(Orientation::Deg0),
            RawOrientation::Degrees(90.0) => Ok(Orientation::Deg90),
            RawOrientation::Degrees(180.0) => Ok(Orientation::Deg180),
            RawOrientation::Degrees(270.0) => Ok(Orientation::Deg270),
            RawOrientation::Name(name) if name == "auto" => Ok(Orientation::Auto),
            RawOrientation::Degrees(other) => Err(format!("orientation is {other}; it is 0, 90, 180, 270 or 'auto'")),
            RawOrientation::Name(other) => Err(format!("orientation is '{other}'; it is 0, 90, 180, 270 or 'auto'")),
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RawBackground {
    White,
    Black,
}

impl RawReadOptions {
    /// The grey behind what is transparent.
    pub(crate) fn background(&self) -> u8 {
        match self.background {
            None | Some(RawBackground::White) => 255,
            Some(RawBackground::Black) => 0,
        }
    }

    /// # Errors
    /// Says which of region and outline makes no sense in `frame`.
    pub(crate) fn options(&self, frame: &Frame) -> Result<ReadOptions, String> {
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
            orientation: self.orientation.as_ref().map_or(Ok(defaults.orientation), Orientation::try_from)?,
            max_plates: self.max_plates.unwrap_or(defaults.max_plates),
            min_confidence,
            partial: self.partial.unwrap_or(defaults.partial),
            align: self.align.unwrap_or(defaults.align),
            grammar: self.grammar.map_or(defaults.grammar, Into::into),
            n_best: self.n_best.unwrap_or(defaults.n_best),
            attention: self.attention,
        })
    }
}

/// The outline whose corners' x and y are given.
///
/// # Errors
/// When they are not four corners of a convex outline.
pub(crate) fn quad_of([ax, ay, bx, by, cx, cy, dx, dy]: [f32; 8]) -> Result<Quad, QuadError> {
    Quad::new([Point::new(ax, ay), Point::new(bx, by), Point::new(cx, cy), Point::new(dx, dy)])
}
