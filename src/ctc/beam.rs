//! Prefix beam search (Hannun et al., 2014, "First-pass large vocabulary continuous speech recognition using
//! bi-directional recurrent DNNs", algorithm 1) over the grammar of plates.

use super::{Hypothesis, Logits, log_add};
use crate::best_first::best_first;
use crate::labels::Label;
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
    beam_search_for(logits, options, |_| true)
}

/// [`beam_search`] for those of the texts that are `wanted`.
pub(crate) fn beam_search_for(
    logits: &Logits,
    options: &BeamOptions,
    wanted: impl Fn(&[Label]) -> bool,
) -> Vec<Hypothesis> {
    let mut search = Search::new(logits, options);
    for step in 0..logits.steps() {
        search.advance(step);
    }
    search.into_hypotheses(options.n_best, wanted)
}

/// A prefix: the labels on the way to it from the root of the tree.
struct Node {
    /// Index of the prefix without the last label; the root's own.
    parent: usize,
    /// The last label; the root's is the blank.
    label: Label,
    /// Where the labels lead in the grammar, unless they leave it or it is off.
    grammar: Option<GrammarState>,
    /// How many labels more make a text of it at least; `None` where none do.
    to_complete: Option<usize>,
    /// First of the prefixes with one label more, and the next one with the same parent.
    first_child: Option<usize>,
    next_sibling: Option<usize>,
    score: Score,
    /// The score being summed up for the step under way.
    next: Score,
    /// Whether `next` has been given something.
    touched: bool,
}

impl Node {
    fn new(parent: usize, label: Label, grammar: Option<GrammarState>, next_sibling: Option<usize>) -> Node {
        Node {
            parent,
            label,
            grammar,
            to_complete: grammar.map(GrammarState::labels_to_complete),
            first_child: None,
            next_sibling,
            score: Score::NONE,
            next: Score::NONE,
            touched: false,
        }
    }

    /// What the search goes by at the end of the step under way, after which there are `steps_left`.
    fn rank_of_next(&self, mode: GrammarMode, steps_left: usize) -> f32 {
        let in_reach = self.to_complete.is_some_and(|labels| labels <= steps_left);
        mode.rank(self.next.total(), in_reach)
    }
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
    /// The classes that may go on at the step under way, the most probable first.
    classes: Vec<Label>,
}

impl<'a> Search<'a> {
    fn new(logits: &'a Logits, options: &BeamOptions) -> Search<'a> {
        let grammar = (options.grammar != GrammarMode::Off).then(GrammarState::start);
        let root = Node::new(0, Label::BLANK, grammar, None);
        let root = Node { score: Score { blank: 0.0, label: f32::NEG_INFINITY }, ..root };
        let (mode, width) = (options.grammar, options.width.max(1));
        let (touched, classes) = (Vec::new(), Vec::new());
        Search { logits, mode, width, nodes: vec![root], beam: vec![0], touched, classes }
    }

    fn advance(&mut self, step: usize) {
        let log_probs = self.logits.step(step);
        let steps_left = self.logits.steps() - step - 1;
        for kept in 0..self.beam.len() {
            let index = self.beam[kept];
            let Node { label: last, score, .. } = self.nodes[index];
            self.add(index, Score { blank: score.total() + log_probs[0], label: f32::NEG_INFINITY });
            if index != 0 {
                self.add(index, Score { blank: f32::NEG_INFINITY, label: score.label + log_probs[last.index()] });
            }
        }
        let least = self.least_kept(steps_left);
        let best = self.beam.iter().map(|&index| self.nodes[index].score.total()).fold(f32::NEG_INFINITY, f32::max);
        self.classes.clear();
        self.classes.extend(Label::all().filter(|label| best + log_probs[label.index()] >= least));
        best_first(&mut self.classes, |label| log_probs[label.index()]);

        // A kept prefix may be another one's with a label more: that other way to it counts however improbable it is.
        for kept in 0..self.beam.len() {
            let index = self.beam[kept];
            let Node { parent, label, .. } = self.nodes[index];
            if index != 0 && self.beam.contains(&parent) {
                self.extend_by(parent, index, label, log_probs);
            }
        }
        for kept in 0..self.beam.len() {
            self.extend(self.beam[kept], least, log_probs);
        }
        self.keep_best(steps_left);
    }

    /// The rank below which no prefix can be kept: as many as are kept have it already without a label more.
    fn least_kept(&self, steps_left: usize) -> f32 {
        if self.touched.len() < self.width {
            return f32::NEG_INFINITY;
        }
        let ranks = self.touched.iter().map(|&index| self.nodes[index].rank_of_next(self.mode, steps_left));
        ranks.fold(f32::INFINITY, f32::min)
    }

    /// Scores the prefixes with one label more that may be kept. Of those that the grammar allows, only the `width` best can
    /// be at this step, and one more since the last label again counts for less; the same holds for those it does not allow.
    fn extend(&mut self, index: usize, least: f32, log_probs: &[f32]) {
        let Node { grammar, score, .. } = self.nodes[index];
        let total = score.total();
        let (mut inside, mut outside) =
            (self.width + 1, if self.mode == GrammarMode::Strict { 0 } else { self.width + 1 });
        for at in 0..self.classes.len() {
            let label = self.classes[at];
            let log_prob = log_probs[label.index()];
            if log_prob == f32::NEG_INFINITY || total + log_prob < least || inside == 0 && outside == 0 {
                break;
            }
            let child = self.child_of(index, label);
            if child.is_some_and(|child| self.nodes[child].touched) {
                continue;
            }
            let next = match child {
                Some(child) => self.nodes[child].grammar,
                None => grammar.and_then(|state| state.next(label)),
            };
            let left = if next.is_some() { &mut inside } else { &mut outside };
            if *left == 0 || self.mode.rank(total + log_prob, next.is_some()) < least {
                continue;
            }
            *left -= 1;
            let child = child.unwrap_or_else(|| self.new_child(index, label, next));
            self.extend_by(index, child, label, log_probs);
        }
    }

    /// Scores the prefix `child`, which is `index` and `label`.
    fn extend_by(&mut self, index: usize, child: usize, label: Label, log_probs: &[f32]) {
        let Node { label: last, score, .. } = self.nodes[index];
        let before = if label == last { score.blank } else { score.total() };
        self.add(child, Score { blank: f32::NEG_INFINITY, label: before + log_probs[label.index()] });
    }

    fn child_of(&self, parent: usize, label: Label) -> Option<usize> {
        let mut next = self.nodes[parent].first_child;
        while let Some(index) = next {
            if self.nodes[index].label == label {
                return Some(index);
            }
            next = self.nodes[index].next_sibling;
        }
        None
    }

    fn new_child(&mut self, parent: usize, label: Label, grammar: Option<GrammarState>) -> usize {
        let index = self.nodes.len();
        let sibling = self.nodes[parent].first_child.replace(index);
        self.nodes.push(Node::new(parent, label, grammar, sibling));
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
        let mut ranked: Vec<(f32, usize)> = self
            .touched
            .drain(..)
            .map(|index| {
                let node = &mut self.nodes[index];
                let rank = node.rank_of_next(self.mode, steps_left);
                (node.score, node.next, node.touched) = (node.next, Score::NONE, false);
                (rank, index)
            })
            .filter(|&(rank, _)| rank > f32::NEG_INFINITY)
            .collect();
        best_first(&mut ranked, |&(rank, _)| rank);
        ranked.truncate(self.width);
        self.beam.clear();
        self.beam.extend(ranked.iter().map(|&(_, index)| index));
    }

    fn into_hypotheses(self, n_best: usize, wanted: impl Fn(&[Label]) -> bool) -> Vec<Hypothesis> {
        let mut ranked: Vec<(f32, f32, Vec<Label>)> = Vec::with_capacity(self.beam.len());
        for &index in &self.beam {
            let labels = self.labels(index);
            if !wanted(&labels) {
                continue;
            }
            // The beam's own score lacks the alignments of prefixes that were dropped on the way.
            let log_prob = self.logits.log_prob_of(&labels);
            let rank = self.mode.rank(log_prob, self.nodes[index].to_complete == Some(0));
            if rank > f32::NEG_INFINITY {
                ranked.push((rank, log_prob, labels));
            }
        }
        best_first(&mut ranked, |&(rank, ..)| rank);
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
