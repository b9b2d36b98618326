//! `check`: every file of a dataset that is broken, and why.

use std::path::Path;

use anyhow::ensure;
use kr_lpr_training::check::check;

/// Prints one line a problem and a summary. Warnings alone are no error.
pub fn run(data: &Path) -> anyhow::Result<()> {
    let report = check(data);
    report.problems.iter().for_each(|problem| println!("{problem}"));
    ensure!(report.errors() == 0, "{}: {}", data.display(), report.summary());
    println!("{}: {}", data.display(), report.summary());
    Ok(())
}
