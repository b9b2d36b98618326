//! Two readings of what may be one plate, laid side by side.

use crate::labels::Label;

/// What an edit costs: a character too few or too many, one for another, and one for another of a different sort.
const GAP: f32 = 1.0;
const OTHER: f32 = 1.0;
const OTHER_SORT: f32 = 1.6;

/// For each label of `reference` the index in `read` that stands for it, where any does, by the cheapest edits.
pub(super) fn align(reference: &[Label], read: &[Label]) -> Vec<Option<usize>> {
    let width = read.len() + 1;
    let mut costs = vec![0.0_f32; (reference.len() + 1) * width];
    let replace = |i: usize, j: usize| match (reference[i], read[j]) {
        (a, b) if a == b => 0.0,
        (a, b) if a.class() == b.class() => OTHER,
        _ => OTHER_SORT,
    };
    for i in 0..=reference.len() {
        for j in 0..width {
            costs[i * width + j] = match (i, j) {
                (0, _) => j as f32 * GAP,
                (_, 0) => i as f32 * GAP,
                _ => {
                    let both = costs[(i - 1) * width + j - 1] + replace(i - 1, j - 1);
                    both.min(costs[(i - 1) * width + j] + GAP).min(costs[i * width + j - 1] + GAP)
                }
            };
        }
    }
    let mut aligned = vec![None; reference.len()];
    let (mut i, mut j) = (reference.len(), read.len());
    while i > 0 && j > 0 {
        let here = costs[i * width + j];
        if here == costs[(i - 1) * width + j - 1] + replace(i - 1, j - 1) {
            (i, j) = (i - 1, j - 1);
            aligned[i] = Some(j);
        } else if here == costs[(i - 1) * width + j] + GAP {
            i -= 1;
        } else {
            j -= 1;
        }
    }
    aligned
}

/// How alike two texts are: 1 less the share of characters to insert, delete or replace (Levenshtein 1966). Nothing is
/// like nothing else.
pub(super) fn similarity(a: &[Label], b: &[Label]) -> f32 {
    let longest = a.len().max(b.len());
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    1.0 - row[b.len()] as f32 / longest as f32
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
