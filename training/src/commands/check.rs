//! `check`: every file of a dataset that is broken, and why.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use kr_lpr_training::check::check;

/// Name every file of a dataset that is broken, and why.
#[derive(Args)]
pub struct Arguments {
    /// Folder of the dataset.
    #[arg(long)]
    data: PathBuf,
}

/// Prints one line a problem and a summary. Warnings alone are no error.
pub fn run(Arguments { data }: Arguments) -> anyhow::Result<()> {
    let report = check(&data);
    report.problems.iter().for_each(|problem| println!("{problem}"));
    ensure!(report.errors() == 0, "{}: {}", data.display(), report.summary());
    println!("{}: {}", data.display(), report.summary());
    Ok(())
}
