//! The votes on what a plate says: what each reading counts, and the best text of any length.

use crate::ctc::share_doubt;
use crate::labels::{CLASS_COUNT, Label};
use crate::plate::{GrammarState, PlateKind};

use super::length::{LengthBox, Verdict};
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

/// Votes whose weights together exceed this make the old ones lighter, so that a track can change its mind.
const MEMORY: f32 = 40.0;

/// Different texts that are counted; the least often read ones are forgotten.
const TEXTS: usize = 16;

/// All votes of one track.
#[derive(Clone, Debug)]
pub(super) struct Ballot {
    boxes: [LengthBox; LENGTHS.len()],
    texts: Vec<Support>,
    kinds: [f32; PlateKind::ALL.len()],
    /// Independent frames' worth of all votes.
    total: f32,
    /// What the votes of most weight so far were worth in sharpness.
    sharpest: f32,
}

/// The readings of one whole text.
#[derive(Clone, Debug)]
struct Support {
    labels: Vec<Label>,
    /// Independent frames' worth of them.
    weight: f32,
    /// Confidence of the surest of them, 0 to 1.
    surest: f32,
}

impl Ballot {
    pub(super) fn new() -> Ballot {
        Ballot {
            boxes: LENGTHS.map(LengthBox::new),
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
        self.count(Support { labels: labels.clone(), weight: independence, surest: observation.confidence() });
        self.total += independence;

        let weight = independence * WITNESS * self.share_of_sharpness(observation.sharpness());
        let likelihoods = likelihoods(observation);
        for (length, length_box) in LENGTHS.into_iter().zip(&mut self.boxes) {
            length_box.vote(&labels, &likelihoods, weight);
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
        self.support(labels).map_or(0.0, |support| support.weight)
    }

    /// Confidence of the surest single reading of exactly this text, 0 to 1; 0 where there is none.
    pub(super) fn surest(&self, labels: &[Label]) -> f32 {
        self.support(labels).map_or(0.0, |support| support.surest)
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
        other.texts.iter().for_each(|support| self.count(support.clone()));
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
            let found = length_box.verdict(length, self.total);
            if (found.valid, found.confidence) > (best.valid, best.confidence) || best.labels.is_empty() {
                best = found;
            }
        }
        if best.labels.is_empty()
            && let Some(most) = self.texts.iter().max_by(|a, b| a.weight.total_cmp(&b.weight))
        {
            // Only texts of lengths that no plate has were read.
            best.labels.clone_from(&most.labels);
        }
        best
    }

    fn support(&self, labels: &[Label]) -> Option<&Support> {
        self.texts.iter().find(|support| support.labels == labels)
    }

    fn count(&mut self, new: Support) {
        if let Some(known) = self.texts.iter_mut().find(|support| support.labels == new.labels) {
            known.weight += new.weight;
            known.surest = known.surest.max(new.surest);
            return;
        }
        if self.texts.len() == TEXTS {
            let lightest = (0..TEXTS).min_by(|&a, &b| self.texts[a].weight.total_cmp(&self.texts[b].weight));
            lightest.map(|lightest| self.texts.swap_remove(lightest));
        }
        self.texts.push(new);
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
        self.texts.iter_mut().for_each(|support| support.weight *= factor);
        self.kinds.iter_mut().for_each(|votes| *votes *= factor);
    }

    fn fade_scores(&mut self, factor: f32) {
        for length_box in &mut self.boxes {
            length_box.scores.iter_mut().flatten().for_each(|score| *score *= factor);
            length_box.length *= factor;
        }
    }
}

/// Log-likelihoods of every label at every character of a reading, in keeping with its calibrated confidence.
///
/// The text's doubt is shared by its characters; what a label then lacks to 1 goes to its alternatives in their proportion, and
/// a tenth of it to everything else.
fn likelihoods(observation: &Observation) -> Vec<[f32; CLASS_COUNT]> {
    let network = observation.chars().iter().map(|guess| guess.confidence);
    let shared = share_doubt(network, observation.confidence().clamp(1e-3, SUREST));
    let of = |(guess, p): (&CharGuess, f32)| {
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
    observation.chars().iter().zip(shared).map(of).collect()
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
