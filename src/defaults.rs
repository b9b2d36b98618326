//! Default and range of every option that is a number, defined once: the options of [`reader`](crate::reader) and
//! [`track`](crate::track) begin with them, and the npm package's checks and types are written from them.

/// What a number that a caller may choose is at first, and may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    /// Where the caller does not say.
    pub default: f64,
    /// The smallest value.
    pub least: f64,
    /// The largest value; infinite where any number that is large enough will do.
    pub most: f64,
}

impl Limits {
    /// Whether a caller may choose `value`; infinity and NaN never.
    pub fn allow(&self, value: f64) -> bool {
        value.is_finite() && (self.least..=self.most).contains(&value)
    }
}

impl std::fmt::Display for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Limits { least, most, .. } = self;
        if most.is_finite() { write!(f, "from {least} to {most}") } else { write!(f, "at least {least}") }
    }
}

const fn limits(default: f64, least: f64, most: f64) -> Limits {
    Limits { default, least, most }
}

/// Most plates to read in a scene.
pub const MAX_PLATES: Limits = limits(8.0, 1.0, 32.0);
/// Confidence below which a reading is rejected.
pub const MIN_CONFIDENCE: Limits = limits(0.5, 0.0, 1.0);
/// Probability below which an outline is left out where plates are found and not read.
pub const MIN_DETECTION_CONFIDENCE: Limits = limits(0.5, 0.0, 1.0);
/// Most candidates of a reading, its text included.
pub const N_BEST: Limits = limits(3.0, 1.0, 8.0);

/// Milliseconds without sight after which a track is lost.
pub const LOST_AFTER_MS: Limits = limits(500.0, 1.0, f64::INFINITY);
/// Milliseconds without sight after which a track is forgotten.
pub const FORGET_AFTER_MS: Limits = limits(3000.0, 1.0, f64::INFINITY);
/// Milliseconds after which a picture that stands still counts as another frame.
pub const STILL_MS: Limits = limits(700.0, 1.0, f64::INFINITY);
/// Independent frames that must have read a text for it to be confirmed.
pub const MIN_AGREEING: Limits = limits(3.0, 2.0, f64::INFINITY);
/// Probability that a text must have to be confirmed.
pub const CONFIRM_CONFIDENCE: Limits = limits(0.997, 0.5, 0.999_999);
/// Most tracks at a time.
pub const MAX_TRACKS: Limits = limits(64.0, 1.0, f64::INFINITY);
