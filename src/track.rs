//! Plates over time: links the readings of one plate from frame to frame and votes on what it says.
//!
//! A single frame is wrong now and then, and surely so at times. A plate in a video is seen in many, and a [`Tracker`]
//! weighs them up: it links readings by place, motion and text (`motion`, `assignment`), counts a frame by how much it is
//! evidence of its own (`novelty`) and how large the plate is in it (`candidate`), and adds up log-likelihoods for every
//! character, of which it takes the best text that a plate can carry (`evidence`, `votes`, `length`).
//!
//! A character that one frame cannot see, `?`, is filled in by frames that show it. But a text is confirmed by frames only that
//! read it whole, and by three more of them for each that could not see one of its characters (`texts`).
//!
//! ```
//! use kr_lpr::geometry::Quad;
//! use kr_lpr::labels::Label;
//! use kr_lpr::track::{CharGuess, Observation, TrackOptions, TrackState, Tracker};
//!
//! let read = |c: char| CharGuess {
//!     label: Label::from_name(&c.to_string()).expect("a label"),
//!     confidence: 0.99,
//!     alternatives: vec![],
//! };
//! let mut tracker = Tracker::new(TrackOptions::default())?;
//! for frame in 0..6 {
//!     let quad = Quad::rect(10.0 * frame as f32, 40.0, 120.0, 26.0)?;
//!     let plate = Observation::new(quad, 0.95, "12가3456".chars().map(read).collect())?;
//!     tracker.push(40.0 * f64::from(frame), &[plate])?;
//! }
//! let tracks = tracker.push(240.0, &[])?.tracks;
//! assert_eq!((tracks[0].text.as_str(), tracks[0].state), ("12가3456", TrackState::Confirmed));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod alignment;
mod assignment;
mod candidate;
mod clock;
mod evidence;
mod length;
mod motion;
mod novelty;
mod observation;
mod options;
mod texts;
mod votes;

pub use observation::{CharGuess, MAX_CHARS, Observation, ObservationError};
pub use options::{TimeUnit, TrackError, TrackOptions};

use crate::geometry::Quad;
use crate::plate::PlateKind;

use assignment::assign;
use candidate::{ALONE, Candidate};
use clock::Clock;

/// How sure it is that a track is a plate with that text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrackState {
    /// Something is read there; it may be wrong, or no plate at all.
    Tentative,
    /// As tentative, and for [`TrackOptions::still_ms`] every frame has shown what was there before, to the pixel: a stream that
    /// hangs, a picture over and over. Nothing more is learned before it changes.
    Unchanged,
    /// Enough independent frames agree on the text.
    Confirmed,
    /// Not seen for [`TrackOptions::lost_after_ms`]; found again within [`TrackOptions::forget_after_ms`] it goes on, else it
    /// is forgotten.
    Lost,
}

/// One plate over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// Names the track as long as it exists; never used again.
    pub id: u64,
    /// Which observation of the frame it was taken for, from 0; `None` where it was not seen.
    pub observation: Option<usize>,
    /// How sure it is.
    pub state: TrackState,
    /// The best text, NFC, without spaces, with `?` for a character that no frame has shown.
    /// A confirmed one is whole, and if the votes turn away from it it is confirmed no more.
    pub text: String,
    /// Probability that [`Track::text`] is right given all frames, 0 to 1. After one frame it is a little below that frame's own,
    /// which counts as 0.99 at most.
    pub confidence: f32,
    /// Whether a plate can carry the text; not where a character is unknown.
    pub valid: bool,
    /// The votes: for each character of the text, how probable it and its rivals are.
    pub chars: Vec<CharGuess>,
    /// The kind that most readings speak for, among those that can carry the text.
    pub kind: Option<PlateKind>,
    /// Corners when last seen, in pixels of the frame.
    pub quad: Quad,
    /// The same with errors of single frames evened out.
    pub smoothed: Quad,
    /// Readings so far, counted as independent frames: a picture that stands still counts little more than once, and one
    /// of a plate of few pixels less. Beyond 40 old ones fade.
    pub votes: f32,
    /// Those of [`Track::votes`] that read exactly [`Track::text`].
    pub agreeing: f32,
    /// Those of [`Track::votes`] that could not see some character of the text, of the one that most could not: covered, or beyond
    /// the picture's edge, where there may be more than the text has. Each takes three more that agree to confirm it. They fade as
    /// frames show all.
    pub hidden: f32,
    /// Frames in which it was seen.
    pub sightings: u32,
    /// Timestamp of the first of them, ms.
    pub first_seen: f64,
    /// Timestamp of the last of them, ms.
    pub last_seen: f64,
    /// When the text was confirmed, ms; `None` if it is not.
    pub confirmed_at: Option<f64>,
}

/// What there is after a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tracks {
    /// Every plate of which a character can be read, the longest known first; lost ones as well. What was outlined and never
    /// read is followed all the same, and is among them once it is.
    pub tracks: Vec<Track>,
    /// Observations of the frame that were left out: a second outline of one plate, or one more than
    /// [`TrackOptions::max_tracks`] allows.
    pub ignored: usize,
    /// The clock went back, so that nothing from before is known any more.
    pub restarted: bool,
}

impl Tracks {
    /// The plates whose text is certain enough and that are in sight.
    pub fn confirmed(&self) -> impl Iterator<Item = &Track> {
        self.tracks.iter().filter(|track| track.state == TrackState::Confirmed)
    }
}

/// Follows plates from frame to frame. Frames may be dropped; they must come in order.
#[derive(Clone, Debug)]
pub struct Tracker {
    options: TrackOptions,
    candidates: Vec<Candidate>,
    next_id: u64,
    clock: Clock,
}

impl Tracker {
    /// A tracker that has seen nothing.
    ///
    /// # Errors
    /// When an option is out of range.
    pub fn new(options: TrackOptions) -> Result<Tracker, TrackError> {
        options.check()?;
        Ok(Tracker { options, candidates: Vec::new(), next_id: 1, clock: Clock::default() })
    }

    /// Takes in what was read in the frame of `timestamp` (ms, on any clock), nothing included, and says what is known.
    ///
    /// The same timestamp may come again. One that is up to [`TrackOptions::lost_after_ms`] older than the last is out of
    /// order and an error, which leaves the tracker as it was; one still older means that the clock or the video was set
    /// back: everything is forgotten and [`Tracks::restarted`] says so.
    ///
    /// # Errors
    /// When the timestamp is not finite or out of order, and when those of eight frames tell that they are not milliseconds: the
    /// same plate is on the move in frames more than 10 s apart ([`TimeUnit::Microseconds`]), or frames are less than 1 ms apart
    /// ([`TimeUnit::Seconds`]). Pauses, and frames with the same timestamp, tell nothing.
    pub fn push(&mut self, timestamp: f64, observations: &[Observation]) -> Result<Tracks, TrackError> {
        if !timestamp.is_finite() {
            return Err(TrackError::NotATimestamp(timestamp));
        }
        let back = self.clock.now().map_or(0.0, |last| last - timestamp);
        if back > 0.0 && back <= self.options.lost_after_ms {
            return Err(TrackError::OutOfOrder { timestamp, last: timestamp + back });
        }
        let restarted = back > 0.0;
        if restarted {
            self.reset();
        }
        self.clock.tick(timestamp, observations)?;

        let interval = self.clock.interval();
        self.candidates.retain(|candidate| candidate.age(timestamp) <= candidate.patience(interval, &self.options));
        let costs: Vec<Vec<f32>> = (observations.iter())
            .map(|observation| self.candidates.iter().map(|known| known.cost(observation, timestamp)).collect())
            .collect();
        let assigned = assign(&costs, ALONE);
        self.candidates.iter_mut().for_each(|candidate| candidate.observation = None);
        for (index, (observation, known)) in observations.iter().zip(&assigned).enumerate() {
            if let Some(known) = *known {
                self.candidates[known].see(observation, timestamp, &self.options);
                self.candidates[known].observation = Some(index);
            }
        }
        let mut ignored = 0;
        for (index, (observation, known)) in observations.iter().zip(&assigned).enumerate() {
            if known.is_some() {
                continue;
            }
            if self.welcome(observation, timestamp) {
                // The newest is the last.
                self.candidates.last_mut().into_iter().for_each(|newest| newest.observation = Some(index));
            } else {
                ignored += 1;
            }
        }
        self.reunite(timestamp);

        let legible = self.candidates.iter().filter(|candidate| candidate.is_legible());
        let tracks = legible.map(|candidate| candidate.track(timestamp, &self.options)).collect();
        Ok(Tracks { tracks, ignored, restarted })
    }

    /// Outlines of what has just been read in vain, for
    /// [`ReadOptions::illegible`](crate::reader::ReadOptions::illegible) of the frame of `timestamp`. A few times a second each is left
    /// out: what comes nearer is legible at last.
    pub fn illegible(&self, timestamp: f64) -> Vec<Quad> {
        self.candidates.iter().filter_map(|candidate| candidate.illegible(timestamp)).collect()
    }

    /// Forgets everything but the ids that were given.
    pub fn reset(&mut self) {
        self.candidates.clear();
        self.clock = Clock::default();
    }

    /// Starts a track, if the observation is not of a plate that has one and there is room.
    fn welcome(&mut self, observation: &Observation, now: f64) -> bool {
        if self.candidates.iter().any(|known| known.age(now) == 0.0 && known.overlaps(observation)) {
            return false;
        }
        if self.candidates.len() >= self.options.max_tracks {
            // The one that would be missed least: not in sight, not confirmed, seen longest ago.
            let worth = |candidate: &Candidate| (candidate.is_confirmed(), candidate.last_seen());
            let least =
                (0..self.candidates.len()).filter(|&index| self.candidates[index].age(now) > 0.0).min_by(|&a, &b| {
                    let (a, b) = (worth(&self.candidates[a]), worth(&self.candidates[b]));
                    a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))
                });
            let Some(least) = least else { return false };
            self.candidates.remove(least);
        }
        self.candidates.push(Candidate::new(self.next_id, observation, now, &self.options));
        self.next_id += 1;
        true
    }

    /// Joins a plate in sight with one of the same text that is not: no text is on two plates, so it was found again in a
    /// place where nobody looked for it.
    fn reunite(&mut self, now: f64) {
        let mut index = 0;
        while index < self.candidates.len() {
            let newer = &self.candidates[index];
            let before = (newer.age(now) == 0.0).then(|| {
                self.candidates[..index]
                    .iter()
                    .position(|older| older.age(now) > 0.0 && older.is_confirmed() && newer.agrees_with(older))
            });
            match before.flatten() {
                Some(older) => {
                    let newer = self.candidates.remove(index);
                    self.candidates[older].absorb(newer, &self.options);
                }
                None => index += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests;
