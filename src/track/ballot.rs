//! The votes on what a plate says: log-likelihoods per character position and length, and the best text that exists.

use crate::labels::{CLASS_COUNT, Label};
use crate::plate::{GrammarState, PlateKind};

use super::alignment::align;
use super::observation::{CharGuess, Observation};

/// Numbers of labels that plates have: mostly seven, eight with a region or a third digit, and from four on diplomatic and
/// temporary ones.
pub(super) const LENGTHS: [usize; 5] = [4, 5, 6, 7, 8];

/// What a vote counts in the sum of log-likelihoods. Below 1, since the frames of one plate share its dirt, its bolts and
/// the network's habits: two that agree are less than two witnesses.
const WITNESS: f32 = 0.6;

/// The surest that a single frame may be, and the least probability it may give to a label.
const SUREST: f32 = 0.99;
const FLOOR: f32 = 3e-4;

/// Weight of a reading with a character too many or too few for a length.
const MISALIGNED: f32 = 0.5;

/// Votes whose weights together exceed this make the old ones lighter, so that a track can change its mind.
const MEMORY: f32 = 40.0;

/// Prefixes and labels per position that the search for the best text keeps.
const BEAM: usize = 8;
const CHOICES: usize = 16;

/// Different texts that are counted; the least often read ones are forgotten.
const TEXTS: usize = 16;

/// Alternatives to list per character, none below the probability.
const MAX_ALTERNATIVES: usize = 5;
const MIN_ALTERNATIVE: f32 = 1e-3;

/// All votes of one track.
#[derive(Clone, Debug)]
pub(super) struct Ballot {
    boxes: [LengthBox; LENGTHS.len()],
    /// Whole texts and what they were read with: independent frames' worth.
    texts: Vec<(Vec<Label>, f32)>,
    kinds: [f32; PlateKind::ALL.len()],
    /// Independent frames' worth of all votes.
    total: f32,
    /// What the votes of most weight so far were worth in sharpness.
    sharpest: f32,
}

/// The votes on texts of one length.
#[derive(Clone, Debug)]
struct LengthBox {
    /// Log-likelihood of each label at each position, but for a constant.
    scores: Vec<[f32; CLASS_COUNT]>,
    /// Log-likelihood of the length.
    length: f32,
    voted: bool,
}

/// What the votes say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// The most probable text, one that exists where there is any.
    pub(super) labels: Vec<Label>,
    /// Probability of it, 0 to 1.
    pub(super) confidence: f32,
    /// Whether a plate can carry it.
    pub(super) valid: bool,
    pub(super) chars: Vec<CharGuess>,
}

impl Ballot {
    pub(super) fn new() -> Ballot {
        let length_box = |length| LengthBox { scores: vec![[0.0; CLASS_COUNT]; length], length: 0.0, voted: false };
        Ballot {
            boxes: LENGTHS.map(length_box),
            texts: Vec::new(),
            kinds: [0.0; PlateKind::ALL.len()],
            total: 0.0,
            sharpest: 0.0,
        }
    }

    /// Counts what was read, as evidence of weight `independence`, 0 to 1.
    pub(super) fn vote(&mut self, observation: &Observation, independence: f32) {
        if let Some((kind, confidence)) = observation.kind() {
            self.kinds[kind.index()] += (independence * confidence).max(1e-6);
        }
        let labels: Vec<Label> = observation.labels().collect();
        if labels.is_empty() || independence <= 0.0 {
            return;
        }
        self.count(&labels, independence);
        self.total += independence;

        let weight = independence * WITNESS * self.share_of_sharpness(observation.sharpness());
        let likelihoods = likelihoods(observation);
        for (length, length_box) in LENGTHS.into_iter().zip(&mut self.boxes) {
            length_box.vote(&labels, &likelihoods, weight, length);
            if LENGTHS.contains(&labels.len()) {
                // A text that is wrong in a character has the right length more often than not.
                let right = (0.5 + 0.5 * observation.confidence()).min(SUREST);
                length_box.length += weight * if labels.len() == length { right } else { 1.0 - right }.ln();
            }
        }
        if self.total > MEMORY {
            self.fade(MEMORY / self.total);
            self.total = MEMORY;
        }
    }

    /// Independent frames' worth of votes for anything.
    pub(super) fn total(&self) -> f32 {
        self.total
    }

    /// Independent frames' worth of readings of exactly this text.
    pub(super) fn agreeing(&self, labels: &[Label]) -> f32 {
        self.texts.iter().find(|(text, _)| text == labels).map_or(0.0, |&(_, weight)| weight)
    }

    /// Adds the votes of another ballot on the same plate.
    pub(super) fn absorb(&mut self, other: &Ballot) {
        for (ours, theirs) in self.boxes.iter_mut().zip(&other.boxes) {
            for (ours, theirs) in ours.scores.iter_mut().zip(&theirs.scores) {
                ours.iter_mut().zip(theirs).for_each(|(ours, theirs)| *ours += theirs);
            }
            ours.length += theirs.length;
            ours.voted |= theirs.voted;
        }
        self.kinds.iter_mut().zip(other.kinds).for_each(|(ours, theirs)| *ours += theirs);
        other.texts.iter().for_each(|(text, weight)| self.count(text, *weight));
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

    /// The most probable text that exists; where the votes allow none, the most probable one.
    pub(super) fn verdict(&self) -> Verdict {
        let lengths = softmax(&self.boxes.each_ref().map(|b| if b.voted { b.length } else { f32::NEG_INFINITY }));
        let mut best = Verdict::default();
        for (length_box, length) in self.boxes.iter().zip(lengths) {
            if !length_box.voted {
                continue;
            }
            let found = length_box.verdict(length);
            if (found.valid, found.confidence) > (best.valid, best.confidence) || best.labels.is_empty() {
                best = found;
            }
        }
        if best.labels.is_empty()
            && let Some((text, _)) = self.texts.iter().max_by(|a, b| a.1.total_cmp(&b.1))
        {
            // Only texts of lengths that no plate has were read.
            best.labels.clone_from(text);
        }
        best
    }

    fn count(&mut self, labels: &[Label], weight: f32) {
        if let Some((_, sum)) = self.texts.iter_mut().find(|(text, _)| text == labels) {
            *sum += weight;
            return;
        }
        if self.texts.len() == TEXTS {
            let lightest = (0..TEXTS).min_by(|&a, &b| self.texts[a].1.total_cmp(&self.texts[b].1));
            lightest.map(|lightest| self.texts.swap_remove(lightest));
        }
        self.texts.push((labels.to_vec(), weight));
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
        self.texts.iter_mut().for_each(|(_, weight)| *weight *= factor);
        self.kinds.iter_mut().for_each(|votes| *votes *= factor);
    }

    fn fade_scores(&mut self, factor: f32) {
        for length_box in &mut self.boxes {
            length_box.scores.iter_mut().flatten().for_each(|score| *score *= factor);
            length_box.length *= factor;
        }
    }
}

impl LengthBox {
    fn vote(&mut self, labels: &[Label], likelihoods: &[[f32; CLASS_COUNT]], weight: f32, length: usize) {
        let aligned: Vec<Option<usize>> = if labels.len() == length {
            self.voted = true;
            (0..length).map(Some).collect()
        } else if self.voted {
            align(&self.leading(), labels)
        } else {
            return; // nothing to align to yet
        };
        let weight = if labels.len() == length { weight } else { weight * MISALIGNED };
        for (scores, index) in self.scores.iter_mut().zip(aligned) {
            if let Some(likelihood) = index.and_then(|index| likelihoods.get(index)) {
                scores.iter_mut().zip(likelihood).for_each(|(score, l)| *score += weight * l);
            }
        }
    }

    /// The leading label of each position.
    fn leading(&self) -> Vec<Label> {
        let lead = |scores: &[f32; CLASS_COUNT]| {
            Label::all().fold((Label::BLANK, f32::NEG_INFINITY), |best, label| {
                let score = scores[label.index()];
                if score > best.1 { (label, score) } else { best }
            })
        };
        self.scores.iter().map(|scores| lead(scores).0).collect()
    }

    /// The best text of this length, whose own probability is `length`.
    fn verdict(&self, length: f32) -> Verdict {
        let log_probs: Vec<[f32; CLASS_COUNT]> = self.scores.iter().map(log_softmax).collect();
        let leading = self.leading();
        let complete = |labels: &[Label]| {
            let state = labels.iter().try_fold(GrammarState::start(), |state, &label| state.next(label));
            state.is_some_and(GrammarState::is_complete)
        };
        let (labels, valid) = if complete(&leading) {
            (leading, true)
        } else {
            match best_valid(&log_probs) {
                Some(labels) => (labels, true),
                None => (leading, false),
            }
        };
        let log_prob: f32 = labels.iter().zip(&log_probs).map(|(label, at)| at[label.index()]).sum();
        let chars = labels.iter().zip(&log_probs).map(|(&label, at)| guess(label, at)).collect();
        Verdict { labels, confidence: length * log_prob.exp(), valid, chars }
    }
}

/// The most probable text that a plate can carry, by beam search over the positions.
fn best_valid(log_probs: &[[f32; CLASS_COUNT]]) -> Option<Vec<Label>> {
    let mut beam = vec![(0.0_f32, GrammarState::start(), Vec::new())];
    for at in log_probs {
        let mut choices: Vec<Label> = Label::all().collect();
        choices.sort_unstable_by(|a, b| at[b.index()].total_cmp(&at[a.index()]));
        let mut next = Vec::with_capacity(BEAM * CHOICES);
        for (score, state, labels) in &beam {
            let allowed = choices.iter().filter_map(|&label| Some((label, state.next(label)?)));
            for (label, state) in allowed.take(CHOICES) {
                let labels: Vec<Label> = labels.iter().copied().chain([label]).collect();
                next.push((score + at[label.index()], state, labels));
            }
        }
        next.sort_by(|a, b| b.0.total_cmp(&a.0));
        next.truncate(BEAM);
        beam = next;
    }
    beam.into_iter().find(|(_, state, _)| state.is_complete()).map(|(_, _, labels)| labels)
}

/// Log-likelihoods of every label at every character of a reading, in keeping with its calibrated confidence.
///
/// The characters' own probabilities are raised to one power that makes their product the confidence of the text (a
/// thousandth of doubt added to each, so that there is something to raise); what a label then lacks to 1 goes to its
/// alternatives in their proportion, and a tenth of it to everything else.
fn likelihoods(observation: &Observation) -> Vec<[f32; CLASS_COUNT]> {
    let doubt = |guess: &CharGuess| 1e-3 - guess.confidence.max(1e-6).ln();
    let doubts: f32 = observation.chars().iter().map(doubt).sum();
    let log_confidence = observation.confidence().clamp(1e-3, SUREST).ln();
    let of = |guess: &CharGuess| {
        let p = (log_confidence * doubt(guess) / doubts).exp();
        let rest = 1.0 - p;
        let listed: f32 = guess.alternatives.iter().map(|&(_, p)| p).sum();
        let (listed_share, other_share) = if listed > 0.0 { (0.9 * rest, 0.1 * rest) } else { (0.0, rest) };
        let mut log_likelihoods = [(other_share / (CLASS_COUNT - 1) as f32).max(FLOOR).ln(); CLASS_COUNT];
        for &(label, share) in &guess.alternatives {
            log_likelihoods[label.index()] = (listed_share * share / listed).max(FLOOR).ln();
        }
        log_likelihoods[guess.label.index()] = p.max(FLOOR).ln();
        log_likelihoods
    };
    observation.chars().iter().map(of).collect()
}

fn guess(label: Label, log_probs: &[f32; CLASS_COUNT]) -> CharGuess {
    let others = Label::all().filter(|&other| other != label).map(|other| (other, log_probs[other.index()].exp()));
    let mut alternatives: Vec<(Label, f32)> = others.filter(|&(_, p)| p >= MIN_ALTERNATIVE).collect();
    alternatives.sort_by(|a, b| b.1.total_cmp(&a.1));
    alternatives.truncate(MAX_ALTERNATIVES);
    CharGuess { label, confidence: log_probs[label.index()].exp(), alternatives }
}

/// Natural logarithms of the labels' probabilities; the blank, which no plate shows, has none.
fn log_softmax(scores: &[f32; CLASS_COUNT]) -> [f32; CLASS_COUNT] {
    let largest = scores[1..].iter().fold(f32::NEG_INFINITY, |m, &score| m.max(score));
    let log_sum = largest + scores[1..].iter().map(|score| (score - largest).exp()).sum::<f32>().ln();
    let mut log_probs = scores.map(|score| score - log_sum);
    log_probs[0] = f32::NEG_INFINITY;
    log_probs
}

fn softmax<const N: usize>(scores: &[f32; N]) -> [f32; N] {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |m, &score| m.max(score));
    if largest == f32::NEG_INFINITY {
        return [0.0; N];
    }
    let exps = scores.map(|score| (score - largest).exp());
    let sum: f32 = exps.iter().sum();
    exps.map(|exp| exp / sum)
}
