//! How given labels lie over the steps: the sum over all alignments, and the best of them.
//!
//! Both walk the trellis of `2 * labels + 1` states per step: blank, first label, blank, second label, ..., blank.

use std::ops::Range;

use super::{Logits, log_add};
use crate::labels::Label;

/// What the state of the trellis stands for.
fn label_of(labels: &[Label], state: usize) -> Label {
    if state % 2 == 1 { labels[state / 2] } else { Label::BLANK }
}

/// Whether a path may leave out the blank before `state`: only between labels that differ.
fn may_skip(labels: &[Label], state: usize) -> bool {
    state % 2 == 1 && state >= 3 && labels[state / 2] != labels[state / 2 - 1]
}

/// Log probability of `labels`, all alignments together.
pub(super) fn log_prob(logits: &Logits, labels: &[Label]) -> f32 {
    let states = 2 * labels.len() + 1;
    // As if a blank had come before the first step.
    let mut scores = vec![f32::NEG_INFINITY; states];
    scores[0] = 0.0;
    for step in 0..logits.steps() {
        // From here on a path goes at most two states a step: below this one the end is out of reach.
        let first = states.saturating_sub(2 * (logits.steps() - step));
        // From the last state down, since each is reached from itself and those before.
        for state in (first..states).rev() {
            let mut sum = scores[state];
            if state >= 1 {
                sum = log_add(sum, scores[state - 1]);
            }
            if may_skip(labels, state) {
                sum = log_add(sum, scores[state - 2]);
            }
            scores[state] = sum + logits.log_prob(step, label_of(labels, state));
        }
    }
    match scores[..] {
        [.., last_label, blank] => log_add(last_label, blank),
        _ => scores[0],
    }
}

/// The steps of each label in the most probable single alignment. Every label must have room, that is,
/// [`log_prob`] must not be negative infinity; the ranges are never empty then.
pub(super) fn best(logits: &Logits, labels: &[Label]) -> Vec<Range<usize>> {
    let (steps, states) = (logits.steps(), 2 * labels.len() + 1);
    let mut scores = vec![f32::NEG_INFINITY; states];
    scores[0] = 0.0;
    // How many states each was reached by going forward, [steps][states].
    let mut moves = vec![0_u8; steps * states];
    for step in 0..steps {
        for state in (0..states).rev() {
            let mut from = (scores[state], 0);
            if state >= 1 && scores[state - 1] > from.0 {
                from = (scores[state - 1], 1);
            }
            if may_skip(labels, state) && scores[state - 2] > from.0 {
                from = (scores[state - 2], 2);
            }
            scores[state] = from.0 + logits.log_prob(step, label_of(labels, state));
            moves[step * states + state] = from.1;
        }
    }
    let mut spans = vec![steps..0; labels.len()];
    let mut state = states - 1;
    if states >= 2 && scores[states - 2] > scores[states - 1] {
        state = states - 2;
    }
    for step in (0..steps).rev() {
        if state % 2 == 1 {
            let span = &mut spans[state / 2];
            *span = step..span.end.max(step + 1);
        }
        state -= usize::from(moves[step * states + state]);
    }
    spans
}
