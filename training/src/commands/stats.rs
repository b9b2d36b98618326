//! `stats`: what a dataset is made of.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use kr_lpr_training::stats::Stats;

/// Count what a dataset is made of: kinds, characters, sizes.
#[derive(Args)]
pub struct Arguments {
    /// Folder of the dataset.
    #[arg(long)]
    data: PathBuf,
    /// File for the numbers.
    #[arg(long)]
    json: Option<PathBuf>,
}

/// Prints the numbers, and writes them to `json`.
pub fn run(Arguments { data, json }: Arguments) -> anyhow::Result<()> {
    let stats = Stats::of(&data)?;
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&stats)?;
        std::fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    print!("{}", stats.text());
    Ok(())
}
