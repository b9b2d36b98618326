//! What a tracker can be told, and what it cannot take.

use crate::defaults::{self, Limits};

/// How long plates are waited for and when they count as confirmed. Ranges and defaults are those of
/// [`defaults`](crate::defaults).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackOptions {
    /// Milliseconds without sight after which a track is lost.
    pub lost_after_ms: f64,
    /// Milliseconds without sight after which a track is forgotten; at least `lost_after_ms`. What was seen in one frame only
    /// is forgotten when it would be lost. Where frames come slowly both are waited for two and a half frames at least; frames
    /// more than 3000 ms apart each stand alone.
    pub forget_after_ms: f64,
    /// Milliseconds after which a picture that stands still, and is not frozen, counts as another frame.
    pub still_ms: f64,
    /// Independent frames that must have read the text whole for it to be confirmed, and three more for each that could not see one
    /// of its characters. Of a plate of fewer than 1500 pixels (84x18) it takes more.
    pub min_agreeing: f32,
    /// Probability that the text must have to be confirmed, given all frames.
    pub confirm_confidence: f32,
    /// Most tracks at a time. Each takes about 12 KB.
    pub max_tracks: usize,
}

impl Default for TrackOptions {
    fn default() -> TrackOptions {
        TrackOptions {
            lost_after_ms: defaults::LOST_AFTER_MS.default,
            forget_after_ms: defaults::FORGET_AFTER_MS.default,
            still_ms: defaults::STILL_MS.default,
            min_agreeing: defaults::MIN_AGREEING.default as f32,
            confirm_confidence: defaults::CONFIRM_CONFIDENCE.default as f32,
            max_tracks: defaults::MAX_TRACKS.default as usize,
        }
    }
}

/// What a tracker cannot take.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum TrackError {
    /// A timestamp is NaN or infinite.
    #[error("the timestamp is {0}; it must be a finite number of milliseconds")]
    NotATimestamp(f64),
    /// A frame is a little older than the one before.
    #[error("the frame of {timestamp} ms comes after that of {last} ms; push frames in order, or leave late ones out")]
    OutOfOrder {
        /// Of the frame, ms.
        timestamp: f64,
        /// Of the frame before, ms.
        last: f64,
    },
    /// Timestamps are in another unit: for frames in a row they rose by too little, or by too much for plates that are in sight and
    /// on the move. The frame is left out, and all after it until they rise as milliseconds do.
    #[error(
        "timestamps seem to be in {seen}, since they rise by {gap} from frame to frame; they must be in milliseconds"
    )]
    Unit {
        /// What they seem to be in.
        seen: TimeUnit,
        /// By how much the last one rose.
        gap: f64,
    },
    /// An option is out of range.
    #[error("the option {name} is {value}; it must be {limits}")]
    Option {
        /// Field of [`TrackOptions`].
        name: &'static str,
        /// What was given.
        value: f64,
        /// What it may be.
        limits: Limits,
    },
}

/// What timestamps may be in by mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// As the `currentTime` of a video is.
    Seconds,
    /// As the `timestamp` of a `VideoFrame` is.
    Microseconds,
}

impl std::fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            TimeUnit::Seconds => "seconds",
            TimeUnit::Microseconds => "microseconds",
        })
    }
}

impl TrackOptions {
    /// # Errors
    /// Names the first option that is out of range.
    pub(super) fn check(&self) -> Result<(), TrackError> {
        let forget = Limits { least: self.lost_after_ms, ..defaults::FORGET_AFTER_MS };
        for (name, value, limits) in [
            ("lost_after_ms", self.lost_after_ms, defaults::LOST_AFTER_MS),
            ("forget_after_ms", self.forget_after_ms, forget),
            ("still_ms", self.still_ms, defaults::STILL_MS),
            ("min_agreeing", self.min_agreeing.into(), defaults::MIN_AGREEING),
            ("confirm_confidence", self.confirm_confidence.into(), defaults::CONFIRM_CONFIDENCE),
            ("max_tracks", self.max_tracks as f64, defaults::MAX_TRACKS),
        ] {
            if !limits.allow(value) {
                return Err(TrackError::Option { name, value, limits });
            }
        }
        Ok(())
    }
}
