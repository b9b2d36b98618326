//! Which character was read as which: the cheapest way from one text to another.

use kr_lpr::labels::{Label, LabelClass};

/// One step of the way: what is there and what was read in its place. `None` is no character at all.
pub type Edit<T> = (Option<T>, Option<T>);

/// What an edit costs; more than all characters that are taken for unlike ones together.
const EDIT: usize = 1000;

/// A way from `truth` to `read` with the fewest insertions, deletions and substitutions (Levenshtein 1966), in the order
/// of the text. Of ways as short, it is one that takes characters for others that are `alike` where it can.
pub fn edit_path<T: Copy + PartialEq>(truth: &[T], read: &[T], alike: impl Fn(T, T) -> bool) -> Vec<Edit<T>> {
    let width = read.len() + 1;
    let taken = |i: usize, j: usize| match (truth[i], read[j]) {
        (from, to) if from == to => 0,
        (from, to) => EDIT + usize::from(!alike(from, to)),
    };
    // costs[i * width + j]: from the first i characters to the first j.
    let mut costs = vec![0_usize; (truth.len() + 1) * width];
    for i in 0..=truth.len() {
        for j in 0..=read.len() {
            let cost = |i: usize, j: usize| costs[i * width + j];
            costs[i * width + j] = match (i, j) {
                (0, _) => j * EDIT,
                (_, 0) => i * EDIT,
                _ => (cost(i - 1, j - 1) + taken(i - 1, j - 1)).min(cost(i - 1, j) + EDIT).min(cost(i, j - 1) + EDIT),
            };
        }
    }
    let (mut i, mut j) = (truth.len(), read.len());
    let mut path = Vec::with_capacity(i.max(j));
    while i > 0 || j > 0 {
        let cost = |i: usize, j: usize| costs[i * width + j];
        let here = cost(i, j);
        if i > 0 && j > 0 && cost(i - 1, j - 1) + taken(i - 1, j - 1) == here {
            path.push((Some(truth[i - 1]), Some(read[j - 1])));
            (i, j) = (i - 1, j - 1);
        } else if i > 0 && cost(i - 1, j) + EDIT == here {
            path.push((Some(truth[i - 1]), None));
            i -= 1;
        } else {
            path.push((None, Some(read[j - 1])));
            j -= 1;
        }
    }
    path.reverse();
    path
}

/// [`edit_path`] of labels: a digit is rather taken for a digit, a letter for a letter, a region for a region.
pub fn label_edits(truth: &[Label], read: &[Label]) -> Vec<Edit<Label>> {
    edit_path(truth, read, |a, b| group(a) == group(b))
}

/// What sort of character a label is, as people tell them apart: `letter`, `region` or `digit`.
pub fn group(label: Label) -> &'static str {
    match label.class() {
        LabelClass::Digit => "digit",
        LabelClass::Region => "region",
        _ => "letter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluation::score::edit_distance;

    /// `-` is no character.
    fn path(truth: &str, read: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (truth.chars().collect(), read.chars().collect());
        let edits = edit_path(&a, &b, |a, b| a.is_ascii_digit() == b.is_ascii_digit());
        let cost = edits.iter().filter(|(from, to)| from != to).count();
        assert_eq!(cost, edit_distance(&a, &b), "{truth} {read}");
        let letter = |c: Option<char>| c.unwrap_or('-');
        edits.into_iter().map(|(from, to)| format!("{}{} ", letter(from), letter(to))).collect()
    }

    #[test]
    fn paths_by_hand() {
        for (truth, read, expected) in [
            ("", "", ""),
            ("12가", "12가", "11 22 가가 "),
            ("12가", "13나", "11 23 가나 "),
            ("12가3", "2가3", "1- 22 가가 33 "),
            ("2가3", "2가33", "22 가가 -3 33 "),
            ("12가3", "", "1- 2- 가- 3- "),
            ("", "12", "-1 -2 "),
            ("12가4", "2가45", "1- 22 가가 44 -5 "),
            // As short either way, but 4 looks like no letter.
            ("12가4", "12나", "11 22 가나 4- "),
            ("1가44", "1나4", "11 가나 4- 44 "),
            ("가1", "12", "가- 11 -2 "),
            ("가", "1", "가1 "),
        ] {
            assert_eq!(path(truth, read), expected, "{truth} {read}");
        }
    }
}
