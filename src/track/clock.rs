//! The clock of the frames: how far they are apart, and whether their timestamps are milliseconds at all.

use crate::best_first::best_first;
use crate::geometry::Quad;
use crate::labels::Label;

use super::novelty::{MOVED, shift};
use super::observation::Observation;
use super::options::{TimeUnit, TrackError};

/// Gaps of which the middle one is the frames' interval.
const GAPS: usize = 5;

/// Milliseconds from which on a gap is no interval of frames: the camera was paused, or each picture stands alone.
const PAUSE: f64 = 3000.0;

/// Frames closer than this, in milliseconds, are of no camera; but of one whose timestamps are seconds.
const TOO_CLOSE: f64 = 1.0;

/// Frames further apart than this, in milliseconds, may be pictures of every half minute. Plates that stay in sight from one to
/// the next and yet are on the move tell that their timestamps are microseconds.
const TOO_FAR: f64 = 10_000.0;

/// Frames that have to tell so.
const TELLING: u32 = 8;

/// What is known of the clock.
#[derive(Clone, Debug, Default)]
pub(super) struct Clock {
    /// Timestamp of the last frame, ms.
    now: Option<f64>,
    /// The last gaps between frames that are no pauses, ms; the oldest first, at most [`GAPS`].
    gaps: Vec<f64>,
    /// By how much the timestamps rose last.
    rise: f64,
    /// Frames that tell of seconds and of microseconds.
    close: u32,
    far: u32,
    /// The plates of the last frame.
    plates: Vec<(Quad, Vec<Label>)>,
}

impl Clock {
    /// Timestamp of the last frame, ms.
    pub(super) fn now(&self) -> Option<f64> {
        self.now
    }

    /// Milliseconds from one frame to the next, as far as is known; 0 where it is not.
    pub(super) fn interval(&self) -> f64 {
        let mut gaps = self.gaps.clone();
        best_first(&mut gaps, |&gap| -gap as f32);
        gaps.get(gaps.len() / 2).copied().unwrap_or(0.0)
    }

    /// Goes on to the frame of `timestamp`, which is none before the last.
    ///
    /// # Errors
    /// When the frames tell that timestamps are in another unit. The clock has gone on then, too.
    pub(super) fn tick(&mut self, timestamp: f64, observations: &[Observation]) -> Result<(), TrackError> {
        let gap = self.now.map_or(0.0, |now| timestamp - now);
        let plate = |observation: &Observation| (*observation.quad(), observation.labels().collect());
        let plates: Vec<(Quad, Vec<Label>)> = observations.iter().map(plate).collect();
        let before = std::mem::replace(&mut self.plates, plates);
        self.now = Some(timestamp);
        if gap > 0.0 {
            self.rise = gap;
        }
        if gap > 0.0 && gap <= PAUSE {
            if self.gaps.len() == GAPS {
                self.gaps.remove(0);
            }
            self.gaps.push(gap);
        }
        // The same timestamp again tells nothing: a clock may be coarse, or stand.
        if gap >= TOO_CLOSE {
            self.close = 0;
        } else if gap > 0.0 {
            self.close = self.close.saturating_add(1);
        }
        if gap > TOO_FAR {
            match self.is_on_the_move(&before) {
                Some(true) => self.far = self.far.saturating_add(1),
                Some(false) => self.far = self.far.saturating_sub(1),
                None => {}
            }
        } else if gap > 0.0 {
            self.far = 0;
        }
        let wrong = |seen| Err(TrackError::Unit { seen, gap: self.rise });
        match (self.close, self.far) {
            (TELLING.., _) => wrong(TimeUnit::Seconds),
            (_, TELLING..) => wrong(TimeUnit::Microseconds),
            _ => Ok(()),
        }
    }

    /// Whether a plate of the frame before has moved; `None` where none is seen again.
    fn is_on_the_move(&self, before: &[(Quad, Vec<Label>)]) -> Option<bool> {
        let again = |(quad, labels): &(Quad, Vec<Label>)| {
            let same = self.plates.iter().filter(|(_, known)| known == labels && !labels.is_empty());
            same.map(|(known, _)| shift(known, quad)).min_by(f32::total_cmp)
        };
        before.iter().filter_map(again).max_by(f32::total_cmp).map(|moved| moved > MOVED)
    }
}
