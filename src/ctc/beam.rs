//! Prefix beam search (Hannun et al., 2014, "First-pass large vocabulary continuous speech recognition using
//! bi-directional recurrent DNNs", algorithm 1) over the grammar of plates.

use super::{Hypothesis, Logits, log_add};
use crate::labels::{CLASS_COUNT, Label};
use crate::plate::GrammarState;

/// What [`GrammarMode::Soft`] takes off the log probability of a text that no plate carries: such a text wins only if
/// it is 1000 times as probable as every text of a plate.
pub const SOFT_PENALTY: f32 = 6.907_755;

/// How far the grammar of plates decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum GrammarMode {
    /// Only texts of plates are read, of which characters may be unknown. There may be none.
    Strict,
    /// Any text, but one that is no plate's is held back by [`SOFT_PENALTY`].
    #[default]
    Soft,
    /// Any text.
    Off,
}

impl GrammarMode {
    /// What texts are ordered by: the log probability, less what the grammar says about one that no plate carries.
    pub(crate) fn rank(self, log_prob: f32, is_grammatical: bool) -> f32 {
        match self {
            _ if is_grammatical => log_prob,
            GrammarMode::Strict => f32::NEG_INFINITY,
            GrammarMode::Soft => log_prob - SOFT_PENALTY,
            GrammarMode::Off => log_prob,
        }
    }
}

/// Settings of [`beam_search`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeamOptions {
    /// Prefixes kept at each step; 0 is taken as 1.
    pub width: usize,
    /// Most hypotheses to return; more than `width` there never are.
    pub n_best: usize,
    /// How far the grammar decides.
    pub grammar: GrammarMode,
}

impl Default for BeamOptions {
    /// Eight prefixes, three hypotheses, [`GrammarMode::Soft`].
    fn default() -> BeamOptions {
        BeamOptions { width: 8, n_best: 3, grammar: GrammarMode::Soft }
    }
}

/// The most probable texts, best first, no two alike. With [`GrammarMode::Soft`] the order has the penalty in it, the
/// hypotheses' `log_prob` has not.
///
/// No steps give the empty hypothesis with log probability 0, and nothing with [`GrammarMode::Strict`].
pub fn beam_search(logits: &Logits, options: &BeamOptions) -> Vec<Hypothesis> {
    let mut search = Search::new(logits, options);
    for step in 0..logits.steps() {
        search.advance(step);
    }
    search.into_hypotheses(options.n_best)
}

/// A prefix: the labels on the way to it from the root of the tree.
struct Node {
    /// Index of the prefix without the last label; the root's own.
    parent: usize,
    /// The last label; the root's is the blank.
    label: Label,
    /// Where the labels lead in the grammar, unless they leave it or it is off.
    grammar: Option<GrammarState>,
    /// First of the prefixes with one label more, and the next one with the same parent.
    first_child: Option<usize>,
    next_sibling: Option<usize>,
    score: Score,
    /// The score being summed up for the step under way.
    next: Score,
    /// Whether `next` has been given something.
    touched: bool,
}

/// Log probabilities of all alignments of a prefix to the steps so far.
#[derive(Clone, Copy)]
struct Score {
    /// Those that end in a blank.
    blank: f32,
    /// Those that end in the prefix's last label.
    label: f32,
}

impl Score {
    const NONE: Score = Score { blank: f32::NEG_INFINITY, label: f32::NEG_INFINITY };

    fn total(self) -> f32 {
        log_add(self.blank, self.label)
    }
}

struct Search<'a> {
    logits: &'a Logits,
    mode: GrammarMode,
    width: usize,
    nodes: Vec<Node>,
    /// The prefixes kept, best first.
    beam: Vec<usize>,
    /// The prefixes with a score for the step under way.
    touched: Vec<usize>,
}

impl<'a> Search<'a> {
    fn new(logits: &'a Logits, options: &BeamOptions) -> Search<'a> {
        let root = Node {
            parent: 0,
            label: Label::BLANK,
            grammar: (options.grammar != GrammarMode::Off).then(GrammarState::start),
            first_child: None,
            next_sibling: None,
            score: Score { blank: 0.0, label: f32::NEG_INFINITY },
            next: Score::NONE,
            touched: false,
        };
        let (mode, width) = (options.grammar, options.width.max(1));
        Search { logits, mode, width, nodes: vec![root], beam: vec![0], touched: Vec::new() }
    }

    fn advance(&mut self, step: usize) {
        let log_probs = self.logits.step(step);
        let mut classes: [Label; CLASS_COUNT - 1] =
            std::array::from_fn(|i| Label::from_index(i + 1).unwrap_or(Label::BLANK));
        classes.sort_unstable_by(|a, b| log_probs[b.index()].total_cmp(&log_probs[a.index()]));

        for kept in 0..self.beam.len() {
            let index = self.beam[kept];
            let Node { label: last, score, .. } = self.nodes[index];
            self.add(index, Score { blank: score.total() + log_probs[0], label: f32::NEG_INFINITY });
            if index != 0 {
                self.add(index, Score { blank: f32::NEG_INFINITY, label: score.label + log_probs[last.index()] });
            }
            self.extend(index, &classes, log_probs);
        }
        self.keep_best(self.logits.steps() - step - 1);
    }

    /// Scores the prefixes with one label more. Of those that the grammar allows, only the `width` best can be kept at
    /// this step, and one more since the last label again counts for less; the same holds for those it does not allow.
    fn extend(&mut self, index: usize, classes: &[Label], log_probs: &[f32]) {
        let Node { label: last, grammar, score, .. } = self.nodes[index];
        let total = score.total();
        let (mut inside, mut outside) =
            (self.width + 1, if self.mode == GrammarMode::Strict { 0 } else { self.width + 1 });
        for &label in classes {
            let log_prob = log_probs[label.index()];
            if log_prob == f32::NEG_INFINITY || inside == 0 && outside == 0 {
                break;
            }
            let next = grammar.and_then(|state| state.next(label));
            let left = if next.is_some() { &mut inside } else { &mut outside };
            if *left == 0 {
                continue;
            }
            *left -= 1;
            let before = if label == last { score.blank } else { total };
            let child = self.child(index, label, next);
            self.add(child, Score { blank: f32::NEG_INFINITY, label: before + log_prob });
        }
    }

    fn child(&mut self, parent: usize, label: Label, grammar: Option<GrammarState>) -> usize {
        let first = self.nodes[parent].first_child;
        let mut next = first;
        while let Some(index) = next {
            if self.nodes[index].label == label {
                return index;
            }
            next = self.nodes[index].next_sibling;
        }
        let index = self.nodes.len();
        self.nodes[parent].first_child = Some(index);
        self.nodes.push(Node {
            parent,
            label,
            grammar,
            first_child: None,
            next_sibling: first,
            score: Score::NONE,
            next: Score::NONE,
            touched: false,
        });
        index
    }

    fn add(&mut self, index: usize, score: Score) {
        let node = &mut self.nodes[index];
        node.next.blank = log_add(node.next.blank, score.blank);
        node.next.label = log_add(node.next.label, score.label);
        if !node.touched {
            node.touched = true;
            self.touched.push(index);
        }
    }

    /// Moves on to the next step with the best prefixes that can still become a text in `steps_left` steps.
    fn keep_best(&mut self, steps_left: usize) {
        let touched = std::mem::take(&mut self.touched);
        for &index in &touched {
            let node = &mut self.nodes[index];
            (node.score, node.next, node.touched) = (node.next, Score::NONE, false);
        }
        let mut ranked: Vec<(f32, usize)> = touched
            .into_iter()
            .map(|index| {
                let node = &self.nodes[index];
                let in_reach = node.grammar.is_some_and(|state| state.labels_to_complete() <= steps_left);
                (self.mode.rank(node.score.total(), in_reach), index)
            })
            .filter(|&(rank, _)| rank > f32::NEG_INFINITY)
            .collect();
        ranked.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(self.width);
        self.beam.clear();
        self.beam.extend(ranked.iter().map(|&(_, index)| index));
    }

    fn into_hypotheses(self, n_best: usize) -> Vec<Hypothesis> {
        let mut ranked: Vec<(f32, f32, Vec<Label>)> = Vec::with_capacity(self.beam.len());
        for &index in &self.beam {
            let labels = self.labels(index);
            // The beam's own score lacks the alignments of prefixes that were dropped on the way.
            let log_prob = self.logits.log_prob_of(&labels);
            let complete = self.nodes[index].grammar.is_some_and(GrammarState::is_complete);
            let rank = self.mode.rank(log_prob, complete);
            if rank > f32::NEG_INFINITY {
                ranked.push((rank, log_prob, labels));
            }
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0));
        ranked.truncate(n_best);
        ranked.into_iter().map(|(_, log_prob, labels)| Hypothesis::of(self.logits, labels, log_prob)).collect()
    }

    fn labels(&self, mut index: usize) -> Vec<Label> {
        let mut labels = Vec::new();
        while index != 0 {
            labels.push(self.nodes[index].label);
            index = self.nodes[index].parent;
        }
        labels.reverse();
        labels
    }
}
