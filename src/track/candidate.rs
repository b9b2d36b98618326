//! What may be a plate: one track in the making.

use crate::geometry::Quad;
use crate::labels::Label;

use super::alignment::similarity;
use super::length::Verdict;
use super::motion::{Motion, Place, size};
use super::novelty::Novelty;
use super::observation::{CharGuess, Observation};
use super::votes::Votes;
use super::{Track, TrackOptions, TrackState};

/// Cost of starting a new track, and of not seeing a known one.
pub(super) const ALONE: f32 = 2.0;

/// What it costs at most that texts differ, when both are certain. Above [`ALONE`]: such plates are never the same.
const OTHER_TEXT: f32 = 3.0;

/// Sizes of the plate that it may be off its prediction when its text does not help, at once and for each millisecond that
/// has passed. A plate is about two sizes wide.
const NEAR: f32 = 0.7;
const DRIFT: f32 = 0.006;

/// The same where the text is the same: a car at 15 m/s passes 60 sizes a second.
const FAR: f32 = 2.0;
const RUSH: f32 = 0.06;

/// Milliseconds beyond which the area to look in grows no more.
const LONGEST: f32 = 600.0;

/// Natural logarithm of the most that a plate may have grown or shrunk, at once and a millisecond.
const SCALE: f32 = 0.35;
const ZOOM: f32 = 0.001;

/// Centres of one plate's outlines are within this share of its size of each other, in the same frame.
const SAME_PLACE: f32 = 0.5;

/// Pixels of a plate that a look needs to count in full, width times height: a long plate 84 pixels wide. Looks at fewer
/// count by their share of it, since what the network takes one letter for on a small plate it takes it for in every frame
/// of it: of 35 wrong texts that were confirmed on rendered clips without this, it leaves 15.
const FINE: f32 = 1500.0;

/// Confidence that at least one look at the text must have had for it to be confirmed. Looks that all doubt a text doubt
/// it for the same reason, and however many they are they make it no surer than one.
const SURE_LOOK: f32 = 0.7;

/// How many more frames must have read the text whole for each that could not see one of its characters. Partial readings fill in
/// what others show, and never confirm: only whole ones of exactly that text do.
const UNSEEN: f32 = 3.0;

/// Frames for which a plate is waited for at least, however slowly they come: one that misses it, and the next.
const WAITED_FRAMES: f64 = 2.5;

/// A plate that has been read so often, and whose text is less probable than that, is spared for so many ms. Then it is read again,
/// since a car that comes nearer becomes legible.
const VAIN_READINGS: u32 = 2;
const VAIN_CONFIDENCE: f32 = 0.2;
const VAIN_FOR_MS: f64 = 300.0;

/// Independent frames after which a text tells plates apart: a single reading may be wrong as a whole.
const KNOWN: f32 = 3.0;

#[derive(Clone, Debug)]
pub(super) struct Candidate {
    id: u64,
    motion: Motion,
    novelty: Novelty,
    votes: Votes,
    /// What the votes say.
    verdict: Verdict,
    /// The text that was confirmed, and when.
    confirmed: Option<(Vec<Label>, f64)>,
    sightings: u32,
    first_seen: f64,
    /// In how many of the sightings somebody tried to read it, and when last.
    readings: u32,
    last_read: f64,
    /// Which observation of the frame it was taken for; set and forgotten by the tracker.
    pub(super) observation: Option<usize>,
}

impl Candidate {
    pub(super) fn new(id: u64, observation: &Observation, now: f64, options: &TrackOptions) -> Candidate {
        let mut candidate = Candidate {
            id,
            motion: Motion::new(*observation.quad(), now),
            novelty: Novelty::default(),
            votes: Votes::new(),
            verdict: Verdict::default(),
            confirmed: None,
            sightings: 1,
            first_seen: now,
            readings: 0,
            last_read: f64::NEG_INFINITY,
            observation: None,
        };
        candidate.hear(observation, now, options);
        candidate
    }

    /// Milliseconds since it was last seen.
    pub(super) fn age(&self, now: f64) -> f64 {
        now - self.motion.seen()
    }

    pub(super) fn last_seen(&self) -> f64 {
        self.motion.seen()
    }

    /// How long it is waited for where frames come every `interval`, all in ms.
    pub(super) fn patience(&self, interval: f64, options: &TrackOptions) -> f64 {
        let patience = if self.sightings > 1 { options.forget_after_ms } else { options.lost_after_ms };
        patience.max(WAITED_FRAMES * interval)
    }

    pub(super) fn is_confirmed(&self) -> bool {
        self.confirmed.is_some()
    }

    /// What it costs to take the observation for this plate; [`ALONE`] and more if it cannot be.
    pub(super) fn cost(&self, observation: &Observation, now: f64) -> f32 {
        let passed = (self.age(now) as f32).clamp(0.0, LONGEST);
        let (expected, seen) = (self.motion.predict(now), Place::of(observation.quad()));
        let read: Vec<Label> = observation.labels().collect();
        let known = self.labels();
        let alike = similarity(known, &read);
        // How far the texts can be trusted to tell plates apart: both must be known.
        let familiar = ((self.votes.total() - 1.0) / (KNOWN - 1.0)).clamp(0.0, 1.0);
        let confidence = if self.is_confirmed() { 1.0 } else { self.verdict.confidence * familiar };
        let trust =
            if known.is_empty() || read.is_empty() { 0.0 } else { (confidence * observation.confidence()).sqrt() };

        // One character wrong is the same text; half of them wrong are another one.
        let same = ((alike - 0.5) / 0.35).clamp(0.0, 1.0) * trust.max(0.3);
        let [near, far] = [NEAR + DRIFT * passed, FAR + RUSH * passed];
        let off = expected.distance(&seen) / (near + (far - near) * same);
        let grown = expected.scale(&seen) / (SCALE + ZOOM * passed);
        if off > 1.0 || grown > 1.0 {
            return f32::MAX;
        }
        0.8 * off * off + 0.4 * grown * grown + OTHER_TEXT * (1.0 - alike) * trust
    }

    /// Takes in a frame in which it was seen.
    pub(super) fn see(&mut self, observation: &Observation, now: f64, options: &TrackOptions) {
        self.motion.see(*observation.quad(), now);
        self.sightings = self.sightings.saturating_add(1);
        self.hear(observation, now, options);
    }

    /// Whether the observation outlines the plate that this candidate was just seen as.
    pub(super) fn overlaps(&self, observation: &Observation) -> bool {
        let (here, there) = (Place::of(self.motion.last()), Place::of(observation.quad()));
        let read: Vec<Label> = observation.labels().collect();
        let near = if similarity(self.labels(), &read) > 0.8 { 2.0 * SAME_PLACE } else { SAME_PLACE };
        here.distance(&there) < near && here.scale(&there) < 1.0
    }

    /// Whether both say the same, and more than one frame says so of each.
    pub(super) fn agrees_with(&self, other: &Candidate) -> bool {
        let labels = self.labels();
        self.verdict.valid && labels == other.labels() && self.votes.texts().agreeing(labels) >= 1.5
    }

    /// Goes on where `newer`, which is the same plate, is.
    pub(super) fn absorb(&mut self, newer: Candidate, options: &TrackOptions) {
        let now = newer.motion.seen();
        self.votes.absorb(&newer.votes);
        (self.motion, self.novelty, self.observation) = (newer.motion, newer.novelty, newer.observation);
        self.sightings = self.sightings.saturating_add(newer.sightings);
        (self.readings, self.last_read) = (self.readings.saturating_add(newer.readings), newer.last_read);
        self.decide(now, options);
    }

    pub(super) fn track(&self, now: f64, options: &TrackOptions) -> Track {
        let (labels, chars) = (self.labels(), self.chars());
        let state = match self.confirmed {
            _ if self.age(now) > options.lost_after_ms => TrackState::Lost,
            Some(_) => TrackState::Confirmed,
            None if self.novelty.is_unchanged(now, options.still_ms) => TrackState::Unchanged,
            None => TrackState::Tentative,
        };
        Track {
            id: self.id,
            observation: self.observation,
            state,
            text: labels.iter().map(|label| label.name()).collect(),
            confidence: self.verdict.confidence,
            valid: self.verdict.valid,
            chars,
            kind: self.votes.kind(labels),
            quad: *self.motion.last(),
            smoothed: *self.motion.smoothed(),
            votes: self.votes.total(),
            agreeing: self.votes.texts().agreeing(labels),
            hidden: self.votes.texts().hidden(labels),
            sightings: self.sightings,
            first_seen: self.first_seen,
            last_seen: self.motion.seen(),
            confirmed_at: self.confirmed.as_ref().map(|&(_, at)| at),
        }
    }

    /// Whether a character of it is known.
    pub(super) fn is_legible(&self) -> bool {
        self.labels().iter().any(|&label| label != Label::UNKNOWN)
    }

    /// Its outline, if reading it again at `now` is likely to be in vain: others have just been.
    pub(super) fn illegible(&self, now: f64) -> Option<Quad> {
        let was_read = self.readings >= VAIN_READINGS && (0.0..VAIN_FOR_MS).contains(&(now - self.last_read));
        let is_illegible = !self.is_legible() || self.verdict.confidence < VAIN_CONFIDENCE;
        (was_read && is_illegible).then(|| *self.motion.last())
    }

    fn labels(&self) -> &[Label] {
        &self.verdict.labels
    }

    fn chars(&self) -> Vec<CharGuess> {
        self.verdict.chars.clone()
    }

    /// Counts what was read.
    fn hear(&mut self, observation: &Observation, now: f64, options: &TrackOptions) {
        if observation.is_read() {
            self.readings = self.readings.saturating_add(1);
            self.last_read = now;
        }
        let labels: Vec<Label> = observation.labels().collect();
        let news = self.novelty.take(observation.quad(), observation.sharpness(), &labels, now, options.still_ms);
        let pixels = size(observation.quad()).powi(2);
        self.votes.add(observation, news * (pixels / FINE).min(1.0));
        self.decide(now, options);
    }

    /// Whether the votes suffice.
    fn decide(&mut self, now: f64, options: &TrackOptions) {
        // What was certain once is not given up for a text of which less could be seen.
        self.verdict = self.votes.verdict(self.is_confirmed());
        let (texts, Verdict { labels, confidence, valid, .. }) = (self.votes.texts(), &self.verdict);
        let enough = *valid
            && *confidence >= options.confirm_confidence
            && texts.agreeing(labels) >= options.min_agreeing + UNSEEN * texts.hidden(labels)
            && texts.surest(labels) >= SURE_LOOK;
        if self.confirmed.as_ref().is_some_and(|(text, _)| text == labels) {
            return;
        }
        if enough {
            self.confirmed = Some((labels.clone(), now));
        } else if self.confirmed.is_some() {
            self.confirmed = None;
        }
    }
}
