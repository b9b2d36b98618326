//! What a tracker can be told, and what it cannot take.

/// How long plates are waited for and when they count as confirmed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackOptions {
    /// Milliseconds without sight after which a track is lost; 500 by default. Above 0.
    pub lost_after_ms: f64,
    /// Milliseconds without sight after which a track is forgotten; 3000 by default. At least `lost_after_ms`. What was seen
    /// in one frame only is forgotten when it would be lost.
    pub forget_after_ms: f64,
    /// Milliseconds after which a picture that stands still, and is not frozen, counts as another frame; 700 by default.
    /// Above 0.
    pub still_ms: f64,
    /// Independent frames that must have read the text for it to be confirmed; 3 by default, at least 2. Of a plate of
    /// fewer than 1500 pixels (84x18) it takes more.
    pub min_agreeing: f32,
    /// Probability that the text must have to be confirmed, given all frames; 0.997 by default. 0.5 to below 1.
    pub min_confidence: f32,
    /// Most tracks at a time; 64 by default, at least 1. Each takes about 12 KB.
    pub max_tracks: usize,
}

impl Default for TrackOptions {
    fn default() -> TrackOptions {
        TrackOptions {
            lost_after_ms: 500.0,
            forget_after_ms: 3000.0,
            still_ms: 700.0,
            min_agreeing: 3.0,
            min_confidence: 0.997,
            max_tracks: 64,
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
    /// An option is out of range.
    #[error("the option {name} is {value}; it must be {must}")]
    Option {
        /// Field of [`TrackOptions`].
        name: &'static str,
        /// What was given.
        value: f64,
        /// What it must be.
        must: &'static str,
    },
}

impl TrackOptions {
    /// # Errors
    /// Names the first option that is out of range.
    pub(super) fn check(&self) -> Result<(), TrackError> {
        let lost = self.lost_after_ms;
        for (name, value, fits, must) in [
            ("lost_after_ms", lost, lost > 0.0, "above 0"),
            ("forget_after_ms", self.forget_after_ms, self.forget_after_ms >= lost, "at least lost_after_ms"),
            ("still_ms", self.still_ms, self.still_ms > 0.0, "above 0"),
            ("min_agreeing", self.min_agreeing.into(), self.min_agreeing >= 2.0, "at least 2"),
            ("min_confidence", self.min_confidence.into(), (0.5..1.0).contains(&self.min_confidence), "0.5 to below 1"),
            ("max_tracks", self.max_tracks as f64, self.max_tracks >= 1, "at least 1"),
        ] {
            // The comparisons are false for NaN.
            if !fits || !value.is_finite() {
                return Err(TrackError::Option { name, value, must });
            }
        }
        Ok(())
    }
}
