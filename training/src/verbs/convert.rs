//! `convert`: labels and pictures as others keep them, made a dataset.

use std::path::Path;

use kr_lpr_training::convert::{Converted, convert};

/// Names every label that was left out, and prints a summary.
pub fn run(labels: &Path, pictures: Option<&Path>, out: &Path) -> anyhow::Result<()> {
    let Converted { train, val, left_out } = convert(labels, pictures, out)?;
    left_out.iter().for_each(|left_out| eprintln!("{left_out}"));
    println!("{}: {train} pictures in train/, {val} in val/; {} labels left out", out.display(), left_out.len());
    Ok(())
}
