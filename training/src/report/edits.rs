//! Which character was read as which: the cheapest way from one text to another.

use kr_lpr::edits::{GAP, edits};
use kr_lpr::labels::{Label, LabelClass};

/// One step of the way: what is there and what was read in its place. `None` is no character at all.
pub type Edit = (Option<Label>, Option<Label>);

/// A way from `truth` to `read` with the fewest insertions, deletions and replacements, in the order of the text. Of ways as
/// short, it is one that takes a digit for a digit, a letter for a letter, a region for a region where it can.
pub fn label_edits(truth: &[Label], read: &[Label]) -> Vec<Edit> {
    let replace = |a: &Label, b: &Label| GAP + u32::from(group(*a) != group(*b));
    let label = |text: &[Label], at: Option<usize>| at.map(|at| text[at]);
    edits(truth, read, replace).into_iter().map(|(from, to)| (label(truth, from), label(read, to))).collect()
}

/// What sort of character a label is, as people tell them apart: `letter`, `region` or `digit`.
pub fn group(label: Label) -> &'static str {
    match label.class() {
        LabelClass::Digit => "digit",
        LabelClass::Region => "region",
        _ => "letter",
    }
}
