//! How to read, and why a picture may not be read.

use crate::ctc::{CtcError, GrammarMode};
use crate::defaults;
use crate::detect::MapsError;
use crate::geometry::{Quad, Turn};
use crate::region::Region;

/// What a picture is taken for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// Looks whether a plate fills the picture, and takes it for a crop then and else for a scene. Without a detector every
    /// picture is a crop.
    #[default]
    Auto,
    /// A picture of one plate with a little around it.
    Crop,
    /// A picture with any number of plates anywhere.
    Scene,
}

/// How far plates are searched for in a scene.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Search {
    /// For single pictures: at up to 320x240 pixels, 640x480 and 1280x960 (480x640 and 960x1280 where the picture is taller than
    /// wide). Plates of 20 pixels or more can be found in pictures of up to that size.
    #[default]
    Thorough,
    /// For frames of a video: at up to 320x240 pixels and, unless everything found there is surely a plate, 640x480. A frame of
    /// 1280x720 takes a third of the time of a thorough search, but plates below 40 pixels are rarely found in it.
    Quick,
}

/// By how many degrees, clockwise, a picture has to be turned for its plates to be upright: 0 but for cameras that are mounted
/// on their side or upside down. No pixel is copied for it, and corners are those of the picture as it is given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// The picture is upright.
    #[default]
    Deg0,
    /// A quarter turn clockwise.
    Deg90,
    /// Upside down.
    Deg180,
    /// A quarter turn anticlockwise.
    Deg270,
    /// As it is given, and where no plate is found the other three, the half turn first: up to four times the work.
    Auto,
}

impl Orientation {
    /// The turn to try first, and those to try until a plate is found.
    pub(super) fn turns(self) -> (Turn, &'static [Turn]) {
        match self {
            Orientation::Deg0 => (Turn::None, &[]),
            Orientation::Deg90 => (Turn::Quarter, &[]),
            Orientation::Deg180 => (Turn::Half, &[]),
            Orientation::Deg270 => (Turn::ThreeQuarters, &[]),
            Orientation::Auto => (Turn::None, &[Turn::Half, Turn::Quarter, Turn::ThreeQuarters]),
        }
    }
}

impl From<Turn> for Orientation {
    fn from(turn: Turn) -> Orientation {
        match turn {
            Turn::None => Orientation::Deg0,
            Turn::Quarter => Orientation::Deg90,
            Turn::Half => Orientation::Deg180,
            Turn::ThreeQuarters => Orientation::Deg270,
        }
    }
}

/// How to read. Defaults and ranges of numbers are those of [`defaults`].
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// What the picture is.
    pub mode: Mode,
    /// The part of the frame to look at; `None` is all of it.
    pub region: Option<Region>,
    /// Rough outline of the one plate to read, from its upper left corner on; nothing is searched for then, and `mode`, `region`,
    /// `search` and `orientation` do not matter.
    pub quad: Option<Quad>,
    /// How far plates are searched for in a scene.
    pub search: Search,
    /// Which way up the picture is.
    pub orientation: Orientation,
    /// Outlines of what frames before could not read, of which [`Tracker::illegible`](crate::track::Tracker::illegible) knows. What
    /// is found there gets one pass where the detector is sure that it is a plate; else it is not read, and rejected as illegible.
    pub illegible: Vec<Quad>,
    /// Most plates to read in a scene, the ones that the detector is surest of; the others are rejected unread.
    pub max_plates: usize,
    /// Confidence, 0 to 1, below which a reading is rejected, of a crop and of a plate in a scene alike.
    pub min_confidence: f32,
    /// Whether plates of which some characters cannot be read count; otherwise they are rejected.
    pub partial: bool,
    /// Whether to look for the plate's corners within the outline; otherwise the outline is read as it is.
    pub align: bool,
    /// How far the grammar of plates decides.
    pub grammar: GrammarMode,
    /// Most candidates to return, the best one included; 0 is taken as 1, and more than 8 there never are.
    pub n_best: usize,
    /// Whether to tell where the network looked, as [`Reading::attention`](super::Reading::attention).
    pub attention: bool,
}

impl Default for ReadOptions {
    fn default() -> ReadOptions {
        ReadOptions {
            mode: Mode::Auto,
            region: None,
            quad: None,
            search: Search::Thorough,
            orientation: Orientation::Deg0,
            illegible: Vec::new(),
            max_plates: defaults::MAX_PLATES.default as usize,
            min_confidence: defaults::MIN_CONFIDENCE.default as f32,
            partial: false,
            align: true,
            grammar: GrammarMode::Soft,
            n_best: defaults::N_BEST.default as usize,
            attention: false,
        }
    }
}

/// Why a picture could not be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadError {
    /// The network's answer is not probabilities.
    #[error(transparent)]
    Network(#[from] CtcError),
    /// The detector's answer is not maps.
    #[error(transparent)]
    Detector(#[from] MapsError),
    /// A scene is to be read, and no detector was loaded.
    #[error("this reader has no detector, so it reads crops only; give it the weights of one")]
    NoDetector,
    /// The region is not one of this frame.
    #[error("the region {region:?} reaches beyond the frame, which is {width}x{height}")]
    Region {
        /// The region.
        region: Region,
        /// Width of the frame.
        width: u32,
        /// Height of the frame.
        height: u32,
    },
    /// The device did not give the answer.
    #[error("the device did not answer: {0}")]
    Device(String),
}
