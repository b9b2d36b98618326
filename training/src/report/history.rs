//! `metrics.csv` of a run as curves. Columns are found by name, so that files of older and newer builds are read alike.

use std::path::Path;

use anyhow::Context;
use serde::Serialize;

/// Every column of the file over the steps.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct History {
    /// The columns but `step`, in the order of the file.
    pub columns: Vec<Column>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Column {
    /// Name in the header.
    pub name: String,
    /// Step and value of every line that has the value.
    pub points: Vec<[f64; 2]>,
}

impl History {
    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read or has no column `step`.
    pub fn open(path: &Path) -> anyhow::Result<History> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        History::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    /// Takes the file's text. A field that is empty, missing or not a finite number is left out, and so is a line
    /// without a step: the last one may be cut short while the run goes on.
    ///
    /// # Errors
    /// When there is no column `step`.
    pub fn parse(text: &str) -> anyhow::Result<History> {
        let mut lines = text.lines();
        let names: Vec<&str> = lines.next().unwrap_or_default().split(',').map(str::trim).collect();
        let step_at = names.iter().position(|&name| name == "step");
        let step_at = step_at.context("the first line names no column `step`; is this the metrics.csv of a run?")?;
        let mut columns: Vec<Column> =
            names.iter().map(|&name| Column { name: name.to_owned(), points: Vec::new() }).collect();
        for line in lines {
            let fields: Vec<Option<f64>> = line.split(',').map(number).collect();
            let Some(step) = fields.get(step_at).copied().flatten() else { continue };
            for (column, value) in columns.iter_mut().zip(fields) {
                column.points.extend(value.map(|value| [step, value]));
            }
        }
        columns.remove(step_at);
        Ok(History { columns })
    }
}

fn number(field: &str) -> Option<f64> {
    field.trim().parse().ok().filter(|value: &f64| value.is_finite())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        for (text, name, expected) in [
            ("step,loss\n50,2.5\n100,1.5\n", "loss", vec![[50.0, 2.5], [100.0, 1.5]]),
            // Moved and added columns; the step is not the first.
            ("loss,new,step\n2.5,7,50\n1.5,8,100\n", "loss", vec![[50.0, 2.5], [100.0, 1.5]]),
            ("loss,new,step\n2.5,7,50\n1.5,8,100\n", "new", vec![[50.0, 7.0], [100.0, 8.0]]),
            // Empty and missing fields, and what is no number.
            ("step,loss,val\n50,2.5,\n100,1.5,0.5\n150,1.0\n", "val", vec![[100.0, 0.5]]),
            ("step,loss\n50,NaN\n100,inf\n150,x\n200,1e-3\n", "loss", vec![[200.0, 1e-3]]),
            // A line that was being written, an empty one, and one with more fields than names.
            ("step,loss\n50,2.5\n\n,3\n60,2,9,9\n1", "loss", vec![[50.0, 2.5], [60.0, 2.0]]),
            ("step,loss\r\n50,2.5\r\n", "loss", vec![[50.0, 2.5]]),
            ("step,loss\n", "loss", vec![]),
        ] {
            let history = History::parse(text).unwrap();
            let column = history.columns.iter().find(|column| column.name == name).unwrap();
            assert_eq!(column.points, expected, "{text}");
            assert!(history.columns.iter().all(|column| column.name != "step"));
        }
    }

    #[test]
    fn what_is_no_metrics_file_is_refused() {
        for text in ["", "\n1,2\n", "time,loss\n1,2\n"] {
            assert!(format!("{:#}", History::parse(text).unwrap_err()).contains("`step`"), "{text:?}");
        }
    }
}
