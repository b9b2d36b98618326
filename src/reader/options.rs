//! How to read, what a reader tells on the way, and why it may fail.

use crate::ctc::{CtcError, GrammarMode};
use crate::defaults;
use crate::detect::MapsError;
use crate::geometry::Quad;
use crate::overview::Region;

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

/// How to read.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadOptions {
    /// What the picture is.
    pub mode: Mode,
    /// The part of the frame to look at; `None` is all of it.
    pub region: Option<Region>,
    /// Rough outline of the one plate to read; nothing is searched for then, and `mode` and `region` do not matter.
    pub quad: Option<Quad>,
    /// Most plates to read in a scene, the ones that the detector is surest of.
    pub max_plates: usize,
    /// Confidence, 0 to 1, below which a reading is rejected, of a crop and of a plate in a scene alike.
    pub min_confidence: f32,
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
            max_plates: defaults::MAX_PLATES.default as usize,
            min_confidence: defaults::MIN_CONFIDENCE.default as f32,
            align: true,
            grammar: GrammarMode::Soft,
            n_best: defaults::N_BEST.default as usize,
            attention: false,
        }
    }
}

/// What a reader has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The frame was looked over for plates.
    Detected,
    /// The plate's corners are found and it is seen straight on.
    Straightened,
    /// The network's answer is decoded.
    Recognized,
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
