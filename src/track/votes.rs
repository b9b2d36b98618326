//! The votes on what a plate says: what each reading counts, and the best text of any length.

use crate::ctc::log_softmax;
use crate::labels::Label;
use crate::plate::{GrammarState, PlateKind};

use super::evidence::{SUREST, log_likelihoods};
use super::length::{FRAME_WEIGHT, LengthBox, Verdict};
use super::observation::Observation;
use super::texts::Texts;

/// Numbers of labels that plates have: mostly seven, eight with a region or a third digit, and from four on diplomatic and
/// temporary ones.
pub(super) const LENGTHS: [usize; 5] = [4, 5, 6, 7, 8];

/// Votes whose weights together exceed this make the old ones lighter, so that a track can change its mind.
const MEMORY: f32 = 40.0;

/// All votes of one track.
#[derive(Clone, Debug)]
pub(super) struct Votes {
    boxes: [LengthBox; LENGTHS.len()],
    texts: Texts,
    kinds: [f32; PlateKind::ALL.len()],
    /// Independent frames' worth of all votes.
    total: f32,
    /// What the votes of most weight so far were worth in sharpness.
    sharpest: f32,
}

impl Votes {
    pub(super) fn new() -> Votes {
        Votes {
            boxes: LENGTHS.map(LengthBox::new),
            texts: Texts::default(),
            kinds: [0.0; PlateKind::ALL.len()],
            total: 0.0,
            sharpest: 0.0,
        }
    }

    /// Counts what was read, as evidence of weight `independence`, 0 to 1.
    pub(super) fn add(&mut self, observation: &Observation, independence: f32) {
        if let Some((kind, confidence)) = observation.kind() {
            self.kinds[kind.index()] += (independence * confidence).max(1e-6);
        }
        let labels: Vec<Label> = observation.labels().collect();
        if labels.is_empty() || independence <= 0.0 {
            return;
        }
        let sees_all = self.texts.count(observation, independence);
        self.total += independence;

        let weight = independence * self.share_of_sharpness(observation.sharpness());
        let likelihoods = log_likelihoods(observation);
        let is_whole = !labels.contains(&Label::UNKNOWN);
        // A text that is wrong in a character has the right length more often than not.
        let right = (0.5 + 0.5 * observation.confidence()).min(SUREST);
        for (length, length_box) in LENGTHS.into_iter().zip(&mut self.boxes) {
            length_box.vote(&labels, &likelihoods, weight);
            // Of what is hidden there may be more, so that such a text speaks against shorter ones only.
            if LENGTHS.contains(&labels.len()) && (is_whole || length <= labels.len()) {
                length_box.length +=
                    weight * FRAME_WEIGHT * if labels.len() == length { right } else { 1.0 - right }.ln();
            }
        }
        if self.total > MEMORY {
            let factor = MEMORY / self.total;
            self.fade(factor);
            // A frame that sees all has made up for some of what others could not.
            if !sees_all {
                self.texts.fade_hidden(factor, factor);
            }
            self.total = MEMORY;
        }
    }

    /// Independent frames' worth of votes for anything.
    pub(super) fn total(&self) -> f32 {
        self.total
    }

    /// What was read as a whole, and where it could not be seen.
    pub(super) fn texts(&self) -> &Texts {
        &self.texts
    }

    /// Adds other votes on the same plate.
    pub(super) fn absorb(&mut self, other: &Votes) {
        for (ours, theirs) in self.boxes.iter_mut().zip(&other.boxes) {
            ours.absorb(theirs);
        }
        self.kinds.iter_mut().zip(other.kinds).for_each(|(ours, theirs)| *ours += theirs);
        self.texts.absorb(&other.texts);
        self.total = (self.total + other.total).min(MEMORY);
        self.sharpest = self.sharpest.max(other.sharpest);
    }

    /// The kind that had most votes of those that can carry `labels`; of all where none can.
    pub(super) fn kind(&self, labels: &[Label]) -> Option<PlateKind> {
        let state = labels.iter().try_fold(GrammarState::start(), |state, &label| state.next(label));
        let kinds: Vec<PlateKind> = match state {
            Some(state) if state.is_complete() => state.kinds().collect(),
            _ => PlateKind::ALL.to_vec(),
        };
        let votes = |kind: &PlateKind| self.kinds[kind.index()];
        kinds.into_iter().filter(|kind| votes(kind) > 0.0).max_by(|a, b| votes(a).total_cmp(&votes(b)))
    }

    /// The most probable text that exists, with `?` for characters that no frame has shown; where the votes allow none, the most
    /// probable one. With `whole`, one without `?` goes before any other.
    pub(super) fn verdict(&self, whole: bool) -> Verdict {
        let lengths = softmax(&self.boxes.each_ref().map(|b| if b.voted { b.length } else { f32::NEG_INFINITY }));
        let rank = |verdict: &Verdict| (if whole { verdict.valid } else { verdict.fits }, verdict.confidence);
        let mut best = Verdict::default();
        for (length_box, length) in self.boxes.iter().zip(lengths).filter(|(length_box, _)| length_box.voted) {
            let found = length_box.verdict(length, self.total);
            if rank(&found) > rank(&best) || best.labels.is_empty() {
                best = found;
            }
        }
        if best.labels.is_empty() {
            // Only texts of lengths that no plate has were read.
            best.labels = self.texts.most().unwrap_or_default().to_vec();
        }
        best
    }

    /// Root of the sharpness relative to the sharpest frame so far. When a sharper one comes, older votes become lighter.
    fn share_of_sharpness(&mut self, sharpness: f32) -> f32 {
        if sharpness > self.sharpest {
            if self.sharpest > 0.0 {
                self.fade_scores((self.sharpest / sharpness).sqrt());
            }
            self.sharpest = sharpness;
        }
        if self.sharpest > 0.0 { (sharpness / self.sharpest).sqrt() } else { 1.0 }
    }

    fn fade(&mut self, factor: f32) {
        self.fade_scores(factor);
        self.texts.fade(factor);
        self.kinds.iter_mut().for_each(|votes| *votes *= factor);
    }

    fn fade_scores(&mut self, factor: f32) {
        self.boxes.iter_mut().for_each(|length_box| length_box.fade(factor));
    }
}

fn softmax<const N: usize>(scores: &[f32; N]) -> [f32; N] {
    let mut log_probs = *scores;
    if log_softmax(&mut log_probs) { log_probs.map(f32::exp) } else { [0.0; N] }
}
