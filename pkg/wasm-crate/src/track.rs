//! The tracker's side of the boundary: readings as plain objects in, tracks as plain objects out.

use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;
use kr_lpr::track::{self, CharGuess, Observation, Track, TrackOptions, TrackState};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use crate::error::bad_input;
use crate::options::quad_of;
use crate::reading::flat;
use crate::{parse, to_js};

/// Follows plates from frame to frame. It needs no device.
#[wasm_bindgen]
pub struct Tracker(track::Tracker);

#[wasm_bindgen]
impl Tracker {
    /// Takes `RawTrackOptions`; what is left out has its default.
    ///
    /// # Errors
    /// `BAD_INPUT` names the option that is out of range.
    #[wasm_bindgen(constructor)]
    pub fn new(options: JsValue) -> Result<Tracker, JsValue> {
        let options: RawTrackOptions = parse(options)?;
        track::Tracker::new(options.into()).map(Tracker).map_err(bad_input)
    }

    /// Takes `RawObservation[]`, the plates read in the frame of `timestamp_ms`, and gives `RawTracks`.
    ///
    /// # Errors
    /// `BAD_INPUT` for numbers out of range, characters that are not in the alphabet, and frames out of order; the tracker
    /// is as it was.
    pub fn push(&mut self, timestamp_ms: f64, readings: JsValue) -> Result<JsValue, JsValue> {
        let readings: Vec<RawObservation> = parse(readings)?;
        let observations: Result<Vec<Observation>, String> = readings.into_iter().map(Observation::try_from).collect();
        let tracks = self.0.push(timestamp_ms, &observations.map_err(bad_input)?).map_err(bad_input)?;
        let (ignored, restarted) = (tracks.ignored, tracks.restarted);
        to_js(&RawTracks { tracks: tracks.tracks.iter().map(RawTrack::from).collect(), ignored, restarted })
    }

    /// Forgets every plate.
    pub fn reset(&mut self) {
        self.0.reset();
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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawObservation {
    confidence: f32,
    chars: Vec<RawGuess>,
    corners: [f32; 8],
    kind: Option<String>,
    kind_confidence: Option<f32>,
    sharpness: Option<f32>,
}

#[derive(Deserialize, Serialize)]
struct RawGuess {
    char: String,
    confidence: f32,
    #[serde(default)]
    alternatives: Vec<RawAlternative>,
}

#[derive(Deserialize, Serialize)]
struct RawAlternative {
    char: String,
    confidence: f32,
}

#[derive(Serialize)]
struct RawTracks {
    tracks: Vec<RawTrack>,
    ignored: usize,
    restarted: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RawTrack {
    /// A JS number; ids stay far below what it can hold.
    id: f64,
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
    sightings: u32,
    first_seen: f64,
    last_seen: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_at: Option<f64>,
}

impl TryFrom<RawObservation> for Observation {
    type Error = String;

    fn try_from(raw: RawObservation) -> Result<Observation, String> {
        let quad = quad_of(raw.corners).map_err(|error| error.to_string())?;
        let chars = raw.chars.into_iter().map(CharGuess::try_from).collect::<Result<_, _>>()?;
        let mut observation = Observation::new(quad, raw.confidence, chars).map_err(|error| error.to_string())?;
        if let Some(name) = raw.kind {
            let kind = PlateKind::from_name(&name).ok_or_else(|| format!("{name} is no kind of plate"))?;
            let confidence = raw.kind_confidence.unwrap_or(1.0);
            observation = observation.with_kind(kind, confidence).map_err(|error| error.to_string())?;
        }
        match raw.sharpness {
            Some(sharpness) => observation.with_sharpness(sharpness).map_err(|error| error.to_string()),
            None => Ok(observation),
        }
    }
}

impl TryFrom<RawGuess> for CharGuess {
    type Error = String;

    fn try_from(raw: RawGuess) -> Result<CharGuess, String> {
        let label = |name: &str| Label::from_name(name).ok_or_else(|| format!("'{name}' is not on any plate"));
        let alternatives = raw.alternatives.iter().map(|other| Ok((label(&other.char)?, other.confidence)));
        let alternatives = alternatives.collect::<Result<_, String>>()?;
        Ok(CharGuess { label: label(&raw.char)?, confidence: raw.confidence, alternatives })
    }
}

impl From<&CharGuess> for RawGuess {
    fn from(guess: &CharGuess) -> RawGuess {
        let name = |label: Label| label.name().to_owned();
        let alternative = |&(label, confidence): &(Label, f32)| RawAlternative { char: name(label), confidence };
        RawGuess {
            char: name(guess.label),
            confidence: guess.confidence,
            alternatives: guess.alternatives.iter().map(alternative).collect(),
        }
    }
}

impl From<&Track> for RawTrack {
    fn from(track: &Track) -> RawTrack {
        RawTrack {
            id: track.id as f64,
            state: match track.state {
                TrackState::Tentative => "tentative",
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
            sightings: track.sightings,
            first_seen: track.first_seen,
            last_seen: track.last_seen,
            confirmed_at: track.confirmed_at,
        }
    }
}
