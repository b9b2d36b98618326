//! The votes on texts of one length: log-likelihoods per character position, and the best text that exists.

use crate::best_first::best_first;
use crate::ctc::log_softmax;
use crate::labels::{CLASS_COUNT, Label};
use crate::plate::GrammarState;

use super::alignment::align;
use super::observation::CharGuess;

/// Weight of a reading with a character too many or too few for a length.
const MISALIGNED: f32 = 0.5;

/// What a vote counts in the sum of log-likelihoods. Below 1, since the frames of one plate share its dirt, its bolts and
/// the network's habits: two that agree say less than twice as much.
pub(super) const FRAME_WEIGHT: f32 = 0.55;

/// How alike the votes on one plate are: `n` of them weigh as `n / (1 + ALIKE n)`, seven at most, since what the network
/// takes one letter for it takes it for in most frames, and more frames do not make it right. Of thirteen wrong texts that
/// were confirmed on rendered clips without this, two are left.
const ALIKE: f32 = 0.15;

/// Prefixes and labels per position that the search for the best text keeps.
const BEAM: usize = 8;
const CHOICES: usize = 16;

/// Alternatives to list per character, none below the probability.
const MAX_ALTERNATIVES: usize = 5;
const MIN_ALTERNATIVE: f32 = 1e-3;

/// The votes on texts of one length.
#[derive(Clone, Debug)]
pub(super) struct LengthBox {
    /// Log-likelihood of each label at each position, but for a constant.
    scores: Vec<[f32; CLASS_COUNT]>,
    /// Weight of the votes on each position; 0 where no frame has shown it.
    seen: Vec<f32>,
    /// Log-likelihood of the length.
    pub(super) length: f32,
    pub(super) voted: bool,
}

/// What the votes say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// The most probable text, one that exists where there is any.
    pub(super) labels: Vec<Label>,
    /// Probability of it, 0 to 1.
    pub(super) confidence: f32,
    /// Whether a plate can carry it; not where a character is unknown.
    pub(super) valid: bool,
    /// Whether a plate can carry it if `?` may be any character.
    pub(super) fits: bool,
    pub(super) chars: Vec<CharGuess>,
}

impl LengthBox {
    pub(super) fn new(length: usize) -> LengthBox {
        LengthBox { scores: vec![[0.0; CLASS_COUNT]; length], seen: vec![0.0; length], length: 0.0, voted: false }
    }

    /// Counts a reading of `labels`, of whose characters `likelihoods` are the log-likelihoods; `None` says nothing.
    pub(super) fn vote(&mut self, labels: &[Label], likelihoods: &[Option<[f32; CLASS_COUNT]>], weight: f32) {
        let length = self.scores.len();
        let aligned: Vec<Option<usize>> = if labels.len() == length {
            self.voted = true;
            (0..length).map(Some).collect()
        } else if self.voted {
            align(&leading(&self.log_probs(1.0)), labels)
        } else {
            return; // nothing to align to yet
        };
        let weight = if labels.len() == length { weight } else { weight * MISALIGNED };
        for ((scores, seen), index) in self.scores.iter_mut().zip(&mut self.seen).zip(aligned) {
            if let Some(likelihood) = index.and_then(|index| likelihoods.get(index)?.as_ref()) {
                scores.iter_mut().zip(likelihood).for_each(|(score, l)| *score += weight * l);
                *seen += weight;
            }
        }
    }

    /// Adds the votes of another box of the same length.
    pub(super) fn absorb(&mut self, other: &LengthBox) {
        self.scores.iter_mut().flatten().zip(other.scores.iter().flatten()).for_each(|(ours, theirs)| *ours += theirs);
        self.seen.iter_mut().zip(&other.seen).for_each(|(ours, theirs)| *ours += theirs);
        self.length += other.length;
        self.voted |= other.voted;
    }

    /// Makes all votes lighter.
    pub(super) fn fade(&mut self, factor: f32) {
        self.scores.iter_mut().flatten().chain(&mut self.seen).for_each(|votes| *votes *= factor);
        self.length *= factor;
    }

    /// Natural logarithms of the labels' probabilities at each position, of whose votes each counts as `frame_weight`. Together they
    /// count as one frame at least: of two frames neither says less than it does alone.
    fn log_probs(&self, frame_weight: f32) -> Vec<[f32; CLASS_COUNT]> {
        let at = |(scores, &seen): (&[f32; CLASS_COUNT], &f32)| {
            if seen < f32::MIN_POSITIVE {
                return unseen();
            }
            let weight = frame_weight.max(1.0 / seen);
            log_probs(&scores.map(|score| weight * score))
        };
        self.scores.iter().zip(&self.seen).map(at).collect()
    }

    /// The best text of this length, whose own probability is `length`, after `votes` independent frames.
    pub(super) fn verdict(&self, length: f32, votes: f32) -> Verdict {
        let log_probs = self.log_probs(FRAME_WEIGHT / (1.0 + ALIKE * votes));
        let leading = leading(&log_probs);
        let (labels, fits) = if GrammarState::of(&leading).is_some_and(GrammarState::is_complete) {
            (leading, true)
        } else {
            match best_valid(&log_probs) {
                Some(labels) => (labels, true),
                None => (leading, false),
            }
        };
        let log_prob: f32 = labels.iter().zip(&log_probs).map(|(label, at)| at[label.index()]).sum();
        let chars = labels.iter().zip(&log_probs).map(|(&label, at)| guess(label, at)).collect();
        let valid = fits && !labels.contains(&Label::UNKNOWN);
        Verdict { labels, confidence: length * log_prob.exp(), valid, fits, chars }
    }
}

/// The most probable label of each position.
fn leading(log_probs: &[[f32; CLASS_COUNT]]) -> Vec<Label> {
    let lead = |at: &[f32; CLASS_COUNT]| {
        Label::all().fold((Label::BLANK, f32::NEG_INFINITY), |best, label| {
            if at[label.index()] > best.1 { (label, at[label.index()]) } else { best }
        })
    };
    log_probs.iter().map(|at| lead(at).0).collect()
}

/// The most probable text that a plate can carry, by beam search over the positions.
fn best_valid(log_probs: &[[f32; CLASS_COUNT]]) -> Option<Vec<Label>> {
    let mut beam = vec![(0.0_f32, GrammarState::start(), Vec::new())];
    for at in log_probs {
        let mut choices: Vec<Label> = Label::all().filter(|label| at[label.index()].is_finite()).collect();
        best_first(&mut choices, |label| at[label.index()]);
        let mut next = Vec::with_capacity(BEAM * CHOICES);
        for (score, state, labels) in &beam {
            let allowed = choices.iter().filter_map(|&label| Some((label, state.next(label)?)));
            for (label, state) in allowed.take(CHOICES) {
                let labels: Vec<Label> = labels.iter().copied().chain([label]).collect();
                next.push((score + at[label.index()], state, labels));
            }
        }
        best_first(&mut next, |&(score, ..)| score);
        next.truncate(BEAM);
        beam = next;
    }
    beam.into_iter().find(|(_, state, _)| state.is_complete()).map(|(_, _, labels)| labels)
}

fn guess(label: Label, log_probs: &[f32; CLASS_COUNT]) -> CharGuess {
    let others = Label::all().filter(|&other| other != label).map(|other| (other, log_probs[other.index()].exp()));
    let mut alternatives: Vec<(Label, f32)> = others.filter(|&(_, p)| p >= MIN_ALTERNATIVE).collect();
    best_first(&mut alternatives, |&(_, probability)| probability);
    alternatives.truncate(MAX_ALTERNATIVES);
    CharGuess { label, confidence: log_probs[label.index()].exp(), alternatives }
}

/// Natural logarithms of the labels' probabilities; the blank and the unknown label, which no plate shows, have none.
fn log_probs(scores: &[f32; CLASS_COUNT]) -> [f32; CLASS_COUNT] {
    let mut scores = *scores;
    (scores[Label::BLANK.index()], scores[Label::UNKNOWN.index()]) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    log_softmax(&mut scores);
    scores
}

/// The same of a position that no frame has shown.
fn unseen() -> [f32; CLASS_COUNT] {
    let mut log_probs = [f32::NEG_INFINITY; CLASS_COUNT];
    log_probs[Label::UNKNOWN.index()] = 0.0;
    log_probs
}
