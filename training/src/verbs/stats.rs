//! `stats`: what a dataset is made of.

use std::path::Path;

use anyhow::Context;
use kr_lpr_training::stats::Stats;

/// Prints the numbers, and writes them to `json`.
pub fn run(data: &Path, json: Option<&Path>) -> anyhow::Result<()> {
    let stats = Stats::of(data)?;
    if let Some(path) = json {
        let text = serde_json::to_string_pretty(&stats)?;
        std::fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    print!("{}", stats.text());
    Ok(())
}
