//! `metrics.csv`, the log of a run.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;

use anyhow::Context;

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
