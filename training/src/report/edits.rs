//! Which character was read as which: the cheapest way from one text to another.

/// One step of the way: what is there and what was read in its place. `None` is no character at all.
pub type Edit<T> = (Option<T>, Option<T>);

/// A way from `truth` to `read` with the fewest insertions, deletions and substitutions (Levenshtein 1966), in the order
/// of the text. Where several are as short, characters are rather taken for others than left out and put in.
pub fn edit_path<T: Copy + PartialEq>(truth: &[T], read: &[T]) -> Vec<Edit<T>> {
    let width = read.len() + 1;
    // costs[i * width + j]: from the first i characters to the first j.
    let mut costs = vec![0_usize; (truth.len() + 1) * width];
    for i in 0..=truth.len() {
        for j in 0..=read.len() {
            let cost = |i: usize, j: usize| costs[i * width + j];
            costs[i * width + j] = match (i, j) {
                (0, _) => j,
                (_, 0) => i,
                _ => {
                    let taken = cost(i - 1, j - 1) + usize::from(truth[i - 1] != read[j - 1]);
                    taken.min(cost(i - 1, j) + 1).min(cost(i, j - 1) + 1)
                }
            };
        }
    }
    let (mut i, mut j) = (truth.len(), read.len());
    let mut path = Vec::with_capacity(i.max(j));
    while i > 0 || j > 0 {
        let cost = |i: usize, j: usize| costs[i * width + j];
        let here = cost(i, j);
        if i > 0 && j > 0 && cost(i - 1, j - 1) + usize::from(truth[i - 1] != read[j - 1]) == here {
            path.push((Some(truth[i - 1]), Some(read[j - 1])));
            (i, j) = (i - 1, j - 1);
        } else if i > 0 && cost(i - 1, j) + 1 == here {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::edit_distance;

    /// `-` is no character.
    fn path(truth: &str, read: &str) -> String {
        let (a, b): (Vec<char>, Vec<char>) = (truth.chars().collect(), read.chars().collect());
        let edits = edit_path(&a, &b);
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
        ] {
            assert_eq!(path(truth, read), expected, "{truth} {read}");
        }
    }
}
