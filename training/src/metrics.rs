//! How right the readings are, and the file that remembers it.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::Context;
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
        self.edits += edit_distance(truth, read) as u64;
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

/// Fewest insertions, deletions and substitutions that turn `a` into `b` (Levenshtein 1966).
pub fn edit_distance<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// One line of `metrics.csv`.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// Steps done.
    pub step: u64,
    /// Seconds of training, all processes of the run together.
    pub seconds: f64,
    /// Learning rate of the step.
    pub learning_rate: f64,
    /// Difficulty of the step's plates.
    pub difficulty: f32,
    /// Plates a second since the last line.
    pub images_per_second: f64,
    /// Means since the last line, of the columns that the file was opened with.
    pub losses: &'a [f32],
    /// Validation after this step, if there was one, likewise.
    pub validation: Option<&'a [Option<f64>]>,
}

/// The columns of `metrics.csv` that depend on what is trained.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// Losses of a step, unweighted but for the first.
    pub losses: Vec<String>,
    /// Scores of a validation.
    pub scores: Vec<String>,
}

/// `metrics.csv`: one line every so many steps, for any plotting tool.
pub struct MetricsFile {
    file: File,
    scores: usize,
}

impl MetricsFile {
    /// Opens the file of a run at `step`: a line of a later step, left by a process that was killed after its last
    /// checkpoint, is dropped.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn open(path: &Path, step: u64, columns: &Columns) -> anyhow::Result<MetricsFile> {
        let open = || -> std::io::Result<MetricsFile> {
            let mut kept = vec![header(columns)];
            if step > 0 && path.exists() {
                let lines = BufReader::new(File::open(path)?).lines().skip(1).collect::<Result<Vec<_>, _>>()?;
                let done =
                    |line: &String| line.split(',').next().and_then(|s| s.parse().ok()).is_some_and(|s: u64| s <= step);
                // A run of before there was a column has nothing in it.
                let columns = header(columns).matches(',').count();
                let filled =
                    |line: String| line.clone() + &",".repeat(columns.saturating_sub(line.matches(',').count()));
                kept.extend(lines.into_iter().filter(done).map(filled));
            }
            std::fs::write(path, kept.join("\n") + "\n")?;
            Ok(MetricsFile { file: OpenOptions::new().append(true).open(path)?, scores: columns.scores.len() })
        };
        open().with_context(|| format!("cannot write {}", path.display()))
    }

    /// Appends a line.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&mut self, row: &Row) -> anyhow::Result<()> {
        let mut line = format!(
            "{},{:.1},{:.6e},{:.3},{:.1}",
            row.step, row.seconds, row.learning_rate, row.difficulty, row.images_per_second
        );
        line.extend(row.losses.iter().map(|loss| format!(",{loss:.5}")));
        let number = |value: &Option<f64>| value.map_or(",".to_owned(), |value| format!(",{value:.5}"));
        match row.validation {
            Some(scores) => line.extend(scores.iter().map(number)),
            None => line += &",".repeat(self.scores),
        }
        writeln!(self.file, "{line}").context("cannot write metrics.csv")
    }
}

fn header(columns: &Columns) -> String {
    let fixed = "step,seconds,learning_rate,difficulty,images_per_second".to_owned();
    columns.losses.iter().chain(&columns.scores).fold(fixed, |header, name| header + "," + name)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn labels(names: &[&str]) -> Vec<Label> {
        names.iter().map(|name| Label::from_name(name).unwrap()).collect()
    }

    #[test]
    fn edit_distance_by_hand() {
        for (a, b, expected) in
            [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("", "ab", 2), ("kitten", "sitting", 3), ("ab", "ba", 2)]
        {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!(edit_distance(&a, &b), expected, "{a:?} {b:?}");
            assert_eq!(edit_distance(&b, &a), expected, "{b:?} {a:?}");
        }
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

    #[test]
    fn resumed_metrics_go_on_where_the_checkpoint_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics.csv");
        let row = |step| Row {
            step,
            seconds: 1.0,
            learning_rate: 1e-3,
            difficulty: 1.0,
            images_per_second: 100.0,
            losses: &[2.0],
            validation: None,
        };
        let columns = Columns {
            losses: vec!["loss".to_owned()],
            scores: ["val_accuracy", "own_accuracy"].map(str::to_owned).to_vec(),
        };
        let mut file = MetricsFile::open(&path, 0, &columns).unwrap();
        for step in [10, 20, 30] {
            file.write(&row(step)).unwrap();
        }
        // Line 20 as a version without the last column wrote it.
        let text = std::fs::read_to_string(&path).unwrap();
        let shorter = text.lines().map(|line| if line.starts_with("20") { &line[..line.len() - 1] } else { line });
        std::fs::write(&path, shorter.collect::<Vec<_>>().join("\n")).unwrap();
        let validation = Some(&[Some(0.5), None][..]);
        MetricsFile::open(&path, 20, &columns).unwrap().write(&Row { validation, ..row(25) }).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let steps: Vec<&str> = text.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(steps, ["step", "10", "20", "25"]);
        let filled = text.lines().next().unwrap().split(',').count();
        assert!(text.lines().all(|line| line.split(',').count() == filled));
        MetricsFile::open(&path, 0, &columns).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap().lines().count(), 1);
    }
}
