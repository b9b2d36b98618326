//! Statistics as aligned text.

use kr_lpr::plate::PlateKind;

use super::sizes::{Bin, Sizes, Spread};
use super::{Half, Stats, groups};

/// Cells of a terminal that names take.
const NAME: usize = 22;

/// Cells of the longest bar.
const BAR: usize = 40;

pub(super) fn text(stats: &Stats) -> String {
    let halves = [&stats.train, &stats.val];
    let mut text = line("", ["train", "val"]);
    let mut row = |name: &str, of: &dyn Fn(&Half) -> usize| {
        text += &line(name, halves.map(|half| of(half).to_string()));
    };
    row("pictures", &|half| half.pictures);
    row("with boxes", &|half| half.with_boxes);
    row("different texts", &|half| half.texts);
    row("name says no plate", &|half| half.without_text);
    row("unreadable", &|half| half.unreadable);
    text += &format!("{}{:>8}\n", padded("texts in both", NAME), stats.texts_in_both);

    let mut section = |title: &str, rows: Vec<(String, [usize; 2])>| {
        text += &format!("\n{title}\n");
        for (name, counts) in rows.into_iter().filter(|(_, counts)| counts.iter().any(|&count| count > 0)) {
            text += &line(&format!("  {name}"), counts.map(|count| count.to_string()));
        }
    };
    let mut kinds: Vec<_> =
        PlateKind::ALL.iter().map(|&kind| (kind.name().to_owned(), halves.map(|half| half.kind(kind)))).collect();
    kinds.push(("several by their text".to_owned(), halves.map(|half| half.several_kinds)));
    section("kinds", kinds);
    for (title, labels) in groups() {
        let row = |label: kr_lpr::labels::Label| (label.name().to_owned(), halves.map(|half| half.character(label)));
        section(title, labels.into_iter().map(row).collect());
    }
    for (name, half) in [("train", &stats.train), ("val", &stats.val)] {
        if let Some(sizes) = &half.sizes {
            text += &described(name, sizes);
        }
    }
    text
}

/// Sizes of one half, with bars.
fn described(name: &str, sizes: &Sizes) -> String {
    let mut text = format!("\n{}{:>8} {:>8} {:>8}\n", padded(&format!("sizes, {name}"), NAME), "min", "median", "max");
    let spread = |what: &str, Spread { min, median, max }: Spread, places: usize| {
        format!("{}{min:>8.places$} {median:>8.places$} {max:>8.places$}\n", padded(what, NAME))
    };
    text += &spread("  width, pixels", sizes.width, 0);
    text += &spread("  height, pixels", sizes.height, 0);
    text += &spread("  width over height", sizes.aspect, 2);
    for (what, bins) in [("width", &sizes.widths), ("width over height", &sizes.aspects)] {
        text += &format!("  {what} from\n");
        text += &histogram(bins);
    }
    text
}

/// One line a bin, without the empty ones at either end.
fn histogram(bins: &[Bin]) -> String {
    let most = bins.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
    let first = bins.iter().position(|bin| bin.count > 0).unwrap_or(0);
    let last = bins.iter().rposition(|bin| bin.count > 0).unwrap_or(0);
    let bar = |count: usize| "#".repeat((count * BAR).div_ceil(most));
    bins[first..=last]
        .iter()
        .map(|bin| format!("{:>10} {:>8} {}", bin.from, bin.count, bar(bin.count)).trim_end().to_owned() + "\n")
        .collect()
}

fn line(name: &str, columns: [impl AsRef<str>; 2]) -> String {
    let [train, val] = columns.each_ref().map(AsRef::as_ref);
    format!("{}{train:>8} {val:>8}\n", padded(name, NAME))
}

/// `text` and spaces up to `cells`; Hangul takes two cells of a terminal.
fn padded(text: &str, cells: usize) -> String {
    let taken: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{text}{}", " ".repeat(cells.saturating_sub(taken)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_aligned_under_hangul() {
        assert_eq!(line("  서울", ["12", "3"]), format!("  서울{}      12        3\n", " ".repeat(NAME - 6)));
        assert_eq!(line("", ["train", "val"]).chars().count(), NAME + 18);
    }

    #[test]
    fn bars_are_as_long_as_counts_are_high() {
        let bins = [0, 2, 0, 1, 0].map(|count| Bin { from: 1.5, count });
        let expected = format!(
            "       1.5        2 {}\n       1.5        0\n       1.5        1 {}\n",
            "#".repeat(40),
            "#".repeat(20)
        );
        assert_eq!(histogram(&bins), expected);
    }
}
