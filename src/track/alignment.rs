//! Two readings of what may be one plate, laid side by side.

use crate::edits::{GAP, edits};
use crate::labels::{Label, LabelClass};

/// What one character for another of the same sort costs, and for one of a different sort.
const OTHER: u32 = GAP;
const OTHER_SORT: u32 = 8 * GAP / 5;

/// What an unknown character for a known one costs: it may be the same, or not.
const UNKNOWN: u32 = GAP / 2;

/// For each label of `reference` the index in `read` that stands for it, where any does, by the cheapest edits.
pub(super) fn align(reference: &[Label], read: &[Label]) -> Vec<Option<usize>> {
    let replace = |a: &Label, b: &Label| match (a.class(), b.class()) {
        (LabelClass::Unknown, _) | (_, LabelClass::Unknown) => UNKNOWN,
        (a, b) if a == b => OTHER,
        _ => OTHER_SORT,
    };
    let mut aligned = vec![None; reference.len()];
    for (at, stands_for) in edits(reference, read, replace) {
        if let Some(at) = at {
            aligned[at] = stands_for;
        }
    }
    aligned
}

/// How alike two texts are: 1 less the share of characters to insert, delete or replace, of which one that is unknown in either
/// text counts half. Nothing is like nothing else.
pub(super) fn similarity(a: &[Label], b: &[Label]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let is_unknown = |x: &Label, y: &Label| *x == Label::UNKNOWN || *y == Label::UNKNOWN;
    let cost = |x: &Label, y: &Label| if is_unknown(x, y) { UNKNOWN } else { GAP };
    let steps = edits(a, b, cost).into_iter();
    let distance: u32 = steps
        .map(|step| match step {
            (Some(i), Some(j)) if a[i] == b[j] => 0,
            (Some(i), Some(j)) => cost(&a[i], &b[j]),
            _ => GAP,
        })
        .sum();
    1.0 - distance as f32 / GAP as f32 / a.len().max(b.len()) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<Label> {
        text.chars().filter_map(|c| Label::from_name(&c.to_string())).collect()
    }

    #[test]
    fn texts_are_alike_by_their_edits() {
        for (a, b, edits, longest) in [
            ("12가3456", "12가3456", 0, 7),
            ("12가3456", "12나3456", 1, 7),
            ("123가4567", "23가4567", 1, 8),
            ("12가3456", "2가34567", 2, 7),
            ("12가3456", "98허7777", 7, 7),
        ] {
            let expected = 1.0 - edits as f32 / longest as f32;
            assert_eq!(similarity(&labels(a), &labels(b)), expected, "{a} {b}");
            assert_eq!(similarity(&labels(b), &labels(a)), expected, "{b} {a}");
        }
        assert_eq!(similarity(&[], &labels("12가3456")), 0.0);
        assert_eq!(similarity(&[], &[]), 0.0);
    }

    #[test]
    fn what_is_unknown_may_be_the_same() {
        for (a, b, edits, longest) in
            [("?2가3456", "12가3456", 0.5, 7.0), ("?12가3456", "12가3456", 1.0, 8.0), ("???3456", "?2가3456", 1.0, 7.0)]
        {
            assert_eq!(similarity(&labels(a), &labels(b)), 1.0 - edits / longest, "{a} {b}");
        }
        // It stands for what it hides rather than for nothing, and what is more stands for nothing.
        assert_eq!(align(&labels("12가3456"), &labels("1?가3456"))[1], Some(1));
        assert_eq!(align(&labels("12가3456"), &labels("?12가3456"))[0], Some(1));
    }

    #[test]
    fn a_missing_character_leaves_its_place_empty() {
        let places = |reference: &str, read: &str| align(&labels(reference), &labels(read));
        let some = |places: &[usize]| places.iter().map(|&p| Some(p)).collect::<Vec<_>>();
        assert_eq!(places("12가3456", "12나3456"), some(&[0, 1, 2, 3, 4, 5, 6]));
        let mut missing = some(&[0, 1, 2, 3, 4, 5, 6]);
        missing.insert(0, None);
        assert_eq!(places("123가4567", "23가4567"), missing);
        // One too many is left out, and letters stay with letters.
        assert_eq!(places("12가3456", "12가34456").iter().filter(|place| place.is_some()).count(), 7);
        assert_eq!(places("12가3456", "12나456")[2], Some(2));
        assert_eq!(places("12가3456", ""), vec![None; 7]);
        assert!(align(&[], &labels("12")).is_empty());
    }
}
