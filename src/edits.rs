//! What turns one text into another: the cheapest insertions, deletions and replacements (Levenshtein 1966).

/// Cost of a character too few or too many.
pub const GAP: u32 = 1000;

/// A step from one text to the other: the indices of the two characters that stand for each other, or of the one that stands
/// alone.
pub type Edit = (Option<usize>, Option<usize>);

/// The cheapest way from `from` to `to`, in the order of the texts. `replace` is what one character for another costs, beside
/// [`GAP`]; equal ones cost nothing. Of ways that cost the same it is the one that replaces most at the end.
pub fn edits<T: PartialEq>(from: &[T], to: &[T], replace: impl Fn(&T, &T) -> u32) -> Vec<Edit> {
    let width = to.len() + 1;
    let replaced = |i: usize, j: usize| if from[i] == to[j] { 0 } else { replace(&from[i], &to[j]) };
    // costs[i * width + j]: from the first i characters to the first j.
    let mut costs = vec![0_u32; (from.len() + 1) * width];
    for i in 0..=from.len() {
        for j in 0..width {
            let cost = |i: usize, j: usize| costs[i * width + j];
            costs[i * width + j] = match (i, j) {
                (0, _) => j as u32 * GAP,
                (_, 0) => i as u32 * GAP,
                _ => (cost(i - 1, j - 1) + replaced(i - 1, j - 1)).min(cost(i - 1, j) + GAP).min(cost(i, j - 1) + GAP),
            };
        }
    }
    let (mut i, mut j) = (from.len(), to.len());
    let mut way = Vec::with_capacity(i.max(j));
    while i > 0 || j > 0 {
        let cost = |i: usize, j: usize| costs[i * width + j];
        let here = cost(i, j);
        if i > 0 && j > 0 && cost(i - 1, j - 1) + replaced(i - 1, j - 1) == here {
            (i, j) = (i - 1, j - 1);
            way.push((Some(i), Some(j)));
        } else if i > 0 && cost(i - 1, j) + GAP == here {
            i -= 1;
            way.push((Some(i), None));
        } else {
            j -= 1;
            way.push((None, Some(j)));
        }
    }
    way.reverse();
    way
}

/// Fewest insertions, deletions and replacements that turn `from` into `to`.
pub fn distance<T: PartialEq>(from: &[T], to: &[T]) -> usize {
    let is_edit = |&(i, j): &Edit| !matches!((i, j), (Some(i), Some(j)) if from[i] == to[j]);
    edits(from, to, |_, _| GAP).iter().filter(|edit| is_edit(edit)).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn distances_by_hand() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            assert_eq!(distance(&letters(a), &letters(b)), expected, "{a} {b}");
            assert_eq!(distance(&letters(b), &letters(a)), expected, "{b} {a}");
        }
    }

    #[test]
    fn ways_by_hand() {
        // A digit is rather taken for a digit, a letter for a letter; `-` is no character.
        let way = |from: &str, to: &str| {
            let (a, b) = (letters(from), letters(to));
            let unlike = |x: &char, y: &char| GAP + u32::from(x.is_ascii_digit() != y.is_ascii_digit());
            let spell = |text: &[char], at: Option<usize>| at.map_or('-', |at| text[at]);
            let steps = edits(&a, &b, unlike).into_iter();
            steps.map(|(i, j)| format!("{}{} ", spell(&a, i), spell(&b, j))).collect::<String>()
        };
        for (from, to, expected) in [
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
            assert_eq!(way(from, to), expected, "{from} {to}");
        }
    }
}
