//! Counts of what was read right.

use kr_lpr::edits::distance;
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;

/// Number of plate kinds.
const KINDS: usize = PlateKind::ALL.len();

/// Counts over a set of plates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Score {
    plates: [Tally; KINDS + 1],
    characters: u64,
    edits: u64,
}

/// Plates seen and plates whose whole text is right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Plates seen.
    pub seen: u64,
    /// Plates read fully right.
    pub right: u64,
}

impl Tally {
    /// Share read right, or `None` if none were seen.
    pub fn accuracy(self) -> Option<f64> {
        (self.seen > 0).then(|| self.right as f64 / self.seen as f64)
    }
}

impl Score {
    /// Counts one reading of a plate.
    pub fn add(&mut self, truth: &[Label], read: &[Label], kind: Option<PlateKind>) {
        let tally = &mut self.plates[kind.map_or(KINDS, PlateKind::index)];
        tally.seen += 1;
        tally.right += u64::from(truth == read);
        self.characters += truth.len() as u64;
        self.edits += distance(truth, read) as u64;
    }

    /// Plates of all kinds.
    pub fn total(&self) -> Tally {
        let sum = |of: fn(&Tally) -> u64| self.plates.iter().map(of).sum();
        Tally { seen: sum(|t| t.seen), right: sum(|t| t.right) }
    }

    /// Plates of one kind; `None` for those of unknown kind.
    pub fn of_kind(&self, kind: Option<PlateKind>) -> Tally {
        self.plates[kind.map_or(KINDS, PlateKind::index)]
    }

    /// Insertions, deletions and substitutions a character of the truth.
    pub fn character_error_rate(&self) -> f64 {
        self.edits as f64 / self.characters.max(1) as f64
    }

    /// One line a kind: name, right of seen, share.
    pub fn table(&self) -> String {
        let kinds = PlateKind::ALL.into_iter().map(Some).chain([None]);
        let line = |name: &str, tally: Tally| match tally.accuracy() {
            Some(accuracy) => {
                format!("{name:<18} {:>6} of {:>6}  {:>6.2} %\n", tally.right, tally.seen, 100.0 * accuracy)
            }
            None => String::new(),
        };
        let mut table: String =
            kinds.map(|kind| line(kind.map_or("other", PlateKind::name), self.of_kind(kind))).collect();
        table += &line("all plates", self.total());
        table + &format!("character error rate {:.3} %\n", 100.0 * self.character_error_rate())
    }
}

/// What is claimed of plates of which something may hide a part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    /// All of them; right is what says exactly what can be seen.
    pub all: Tally,
    /// Those with a character that cannot be told.
    pub unknown: u64,
    /// Of them, those of which a text without a `?` was read: one character at least is made up.
    pub made_up: u64,
}

impl Claims {
    /// Counts one reading of a plate of which `seen` can be read.
    pub fn add(&mut self, seen: &[Label], read: &[Label]) {
        self.all.seen += 1;
        self.all.right += u64::from(seen == read);
        if seen.contains(&Label::UNKNOWN) {
            self.unknown += 1;
            self.made_up += u64::from(!read.is_empty() && !read.contains(&Label::UNKNOWN));
        }
    }

    /// Share of the plates with a character that cannot be told whose text was claimed whole, or `None` if there were none.
    pub fn claimed(&self) -> Option<f64> {
        (self.unknown > 0).then(|| self.made_up as f64 / self.unknown as f64)
    }

    /// Both shares in words.
    pub fn line(&self) -> String {
        format!(
            "{:.2} % of {} right, whole texts claimed of {:.2} % of {} that show none",
            100.0 * self.all.accuracy().unwrap_or(0.0),
            self.all.seen,
            100.0 * self.claimed().unwrap_or(0.0),
            self.unknown
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn labels(names: &[&str]) -> Vec<Label> {
        names.iter().map(|name| Label::from_name(name).unwrap()).collect()
    }

    #[test]
    fn score_by_hand() {
        let mut score = Score::default();
        score.add(&labels(&["1", "2"]), &labels(&["1", "2"]), Some(PlateKind::Ev));
        score.add(&labels(&["1", "2"]), &labels(&["1", "3"]), Some(PlateKind::Ev));
        score.add(&labels(&["서울", "2"]), &labels(&["2"]), None);
        assert_eq!(score.total(), Tally { seen: 3, right: 1 });
        assert_eq!(score.of_kind(Some(PlateKind::Ev)).accuracy(), Some(0.5));
        assert_eq!(score.of_kind(Some(PlateKind::Private8)).accuracy(), None);
        assert_eq!(score.of_kind(None), Tally { seen: 1, right: 0 });
        assert!((score.character_error_rate() - 2.0 / 6.0).abs() < 1e-9);
        assert!(score.table().contains("other") && !score.table().contains("private-8"));
    }
}
