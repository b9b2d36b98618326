//! The tracker, and what it says after a frame: `RawUpdate` of `pkg/src/raw.ts`.

use std::cell::RefCell;

use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::Plate;
use kr_lpr::track::{self, CharGuess, Observation, Track, TrackOptions, TrackState, Tracks};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::error::bad_input;
use crate::parse;
use crate::reading::{RawPlate, Timing, flat};

/// Follows plates from frame to frame. It needs no device.
#[wasm_bindgen]
pub struct Tracker(RefCell<track::Tracker>);

#[wasm_bindgen]
impl Tracker {
    /// Takes `RawTrackOptions`; what is left out has its default.
    ///
    /// # Errors
    /// `BAD_INPUT` names the option that is out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Tracker, JsValue> {
        let options: RawTrackOptions = parse(options)?;
        let tracker = track::Tracker::new(options.into()).map_err(bad_input)?;
        Ok(Tracker(RefCell::new(tracker)))
    }

    /// Forgets every plate.
    pub fn reset(&self) {
        self.0.borrow_mut().reset();
    }
}

impl Tracker {
    /// What need not be read in the frame of `timestamp_ms`.
    pub(crate) fn illegible(&self, timestamp_ms: f64) -> Vec<Quad> {
        self.0.borrow().illegible(timestamp_ms)
    }

    /// Takes in what was read in a frame.
    pub(crate) fn push(&self, timestamp_ms: f64, readings: &[&Plate]) -> Result<Tracks, JsValue> {
        let observations: Vec<Observation> = readings.iter().map(|plate| Observation::from(&plate.reading)).collect();
        self.0.borrow_mut().push(timestamp_ms, &observations).map_err(bad_input)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTrackOptions {
    lost_after_ms: Option<f64>,
    forget_after_ms: Option<f64>,
    still_ms: Option<f64>,
    min_agreeing: Option<f32>,
    confirm_confidence: Option<f32>,
    max_tracks: Option<usize>,
}

impl From<RawTrackOptions> for TrackOptions {
    fn from(raw: RawTrackOptions) -> TrackOptions {
        let default = TrackOptions::default();
        TrackOptions {
            lost_after_ms: raw.lost_after_ms.unwrap_or(default.lost_after_ms),
            forget_after_ms: raw.forget_after_ms.unwrap_or(default.forget_after_ms),
            still_ms: raw.still_ms.unwrap_or(default.still_ms),
            min_agreeing: raw.min_agreeing.unwrap_or(default.min_agreeing),
            confirm_confidence: raw.confirm_confidence.unwrap_or(default.confirm_confidence),
            max_tracks: raw.max_tracks.unwrap_or(default.max_tracks),
        }
    }
}

#[derive(Serialize)]
struct RawGuess {
    #[serde(flatten)]
    best: RawAlternative,
    alternatives: Vec<RawAlternative>,
}

#[derive(Serialize)]
struct RawAlternative {
    char: &'static str,
    confidence: f32,
}

/// What there is after a frame.
#[derive(Serialize)]
pub(crate) struct RawUpdate<'a> {
    tracks: Vec<RawTrack>,
    /// What was read in the frame, in the order that [`RawTrack::reading`] counts.
    readings: Vec<RawPlate<'a>>,
    timing: Timing,
}

impl<'a> RawUpdate<'a> {
    pub(crate) fn new(tracks: &Tracks, readings: &[&'a Plate], timing: Timing) -> RawUpdate<'a> {
        RawUpdate {
            tracks: tracks.tracks.iter().map(RawTrack::from).collect(),
            readings: readings.iter().map(|plate| RawPlate::new(plate, false)).collect(),
            timing,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RawTrack {
    /// A JS number; ids stay far below what it can hold.
    id: f64,
    /// Which of the frame's readings it is; undefined where it was not seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    reading: Option<usize>,
    state: &'static str,
    text: String,
    confidence: f32,
    valid: bool,
    chars: Vec<RawGuess>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    corners: [f32; 8],
    smoothed: [f32; 8],
    votes: f32,
    agreeing: f32,
    hidden: f32,
    sightings: u32,
    first_seen: f64,
    last_seen: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<f64>,
}

impl From<&CharGuess> for RawGuess {
    fn from(guess: &CharGuess) -> RawGuess {
        let raw = |label: Label, confidence| RawAlternative { char: label.name(), confidence };
        RawGuess {
            best: raw(guess.label, guess.confidence),
            alternatives: guess.alternatives.iter().map(|&(label, p)| raw(label, p)).collect(),
        }
    }
}

impl From<&Track> for RawTrack {
    fn from(track: &Track) -> RawTrack {
        RawTrack {
            id: track.id as f64,
            reading: track.observation,
            state: match track.state {
                TrackState::Tentative => "tentative",
                TrackState::Unchanged => "unchanged",
                TrackState::Confirmed => "confirmed",
                TrackState::Lost => "lost",
            },
            text: track.text.clone(),
            confidence: track.confidence,
            valid: track.valid,
            chars: track.chars.iter().map(RawGuess::from).collect(),
            kind: track.kind.map(PlateKind::name),
            corners: flat(&track.quad),
            smoothed: flat(&track.smoothed),
            votes: track.votes,
            agreeing: track.agreeing,
            hidden: track.hidden,
            sightings: track.sightings,
            first_seen: track.first_seen,
            last_seen: track.last_seen,
            confirmed_at: track.confirmed_at,
        }
    }
}
