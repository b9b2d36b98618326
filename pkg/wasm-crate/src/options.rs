//! How to read, as it comes from JavaScript: `RawOptions` and `RawDetectOptions` of `pkg/src/raw.ts`.

use kr_lpr::ctc::GrammarMode;
use kr_lpr::frame::Frame;
use kr_lpr::geometry::{Point, Quad, QuadError};
use kr_lpr::reader::{Mode, Orientation, ReadOptions, Search};
use kr_lpr::region::Region;
use serde::{Deserialize, Serialize};

/// What to read and how; of all of it only `mode` must be there.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RawReadOptions {
    mode: RawMode,
    search: Option<RawSearch>,
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
enum RawSearch {
    Thorough,
    Quick,
}

impl From<RawSearch> for Search {
    fn from(search: RawSearch) -> Search {
        match search {
            RawSearch::Thorough => Search::Thorough,
            RawSearch::Quick => Search::Quick,
        }
    }
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

/// Degrees as text, or `auto`.
#[derive(Clone, Copy, Deserialize)]
enum RawOrientation {
    #[serde(rename = "0")]
    Deg0,
    #[serde(rename = "90")]
    Deg90,
    #[serde(rename = "180")]
    Deg180,
    #[serde(rename = "270")]
    Deg270,
    #[serde(rename = "auto")]
    Auto,
}

impl From<RawOrientation> for Orientation {
    fn from(raw: RawOrientation) -> Orientation {
        match raw {
            RawOrientation::Deg0 => Orientation::Deg0,
            RawOrientation::Deg90 => Orientation::Deg90,
            RawOrientation::Deg180 => Orientation::Deg180,
            RawOrientation::Deg270 => Orientation::Deg270,
            RawOrientation::Auto => Orientation::Auto,
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
            search: self.search.map_or(defaults.search, Into::into),
            orientation: self.orientation.map_or(defaults.orientation, Into::into),
            illegible: defaults.illegible,
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
