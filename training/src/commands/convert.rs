//! `convert`: labels and pictures as others keep them, made a dataset.

use std::path::PathBuf;

use clap::Args;
use kr_lpr_training::convert::{Converted, convert};

/// Make a dataset of labels and pictures as others keep them.
#[derive(Args)]
pub struct Arguments {
    /// CSV file with image_path and plate_text, as fast-plate-ocr has it, or JSON labels of AI-Hub: a file or a folder.
    #[arg(long)]
    labels: PathBuf,
    /// Folder of the pictures; the folder of the labels if left out.
    #[arg(long)]
    pictures: Option<PathBuf>,
    /// Folder to make.
    #[arg(long)]
    out: PathBuf,
}

/// Names every label that was left out, and prints a summary.
pub fn run(Arguments { labels, pictures, out }: Arguments) -> anyhow::Result<()> {
    let Converted { train, val, left_out } = convert(&labels, pictures.as_deref(), &out)?;
    left_out.iter().for_each(|left_out| eprintln!("{left_out}"));
    println!("{}: {train} pictures in train/, {val} in val/; {} labels left out", out.display(), left_out.len());
    Ok(())
}
