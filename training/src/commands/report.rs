//! `report`: one page on a run or on weights.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use kr_lpr_training::report::{Report, ReportOptions, Sizes, page};

/// The weights that ship.
const SHIPPED: &str = "pkg/weights/recognizer.bin";

/// Write one HTML page on a run: curves, tables, calibration, robustness and the worst mistakes.
#[derive(Args)]
pub struct Arguments {
    /// Folder of a run: its metrics, recipe and checkpoint.
    #[arg(long)]
    run: Option<PathBuf>,
    /// Weights file, or the checkpoint of a run; the run's own if left out, or those that ship.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// HTML file to write; report.html in the run's folder, or here, if left out.
    #[arg(long)]
    out: Option<PathBuf>,
    /// Plates of the validation set, all kinds alike.
    #[arg(long, default_value_t = 4400)]
    plates: u64,
    /// Plates of each point of the robustness curves.
    #[arg(long, default_value_t = 220)]
    per_point: u64,
    /// Seed of the plates.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File for every number of the report.
    #[arg(long)]
    json: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { run, weights, out, plates, per_point, seed, json } = arguments;
    let out = out.unwrap_or_else(|| run.as_deref().unwrap_or(Path::new("")).join("report.html"));
    let weights = weights.or_else(|| run.is_none().then(|| PathBuf::from(SHIPPED)));
    let sizes = Sizes { plates, plates_per_point: per_point, seed };
    let report = Report::make(&ReportOptions { run, weights, sizes })?;
    if let Some(path) = json {
        write(&path, &report.json()?)?;
    }
    write(&out, &page::html(&report)?)?;
    let (right, share) = (report.validation.all.plates, report.validation.all.plates.share.unwrap_or(0.0));
    println!("{}: {} of {} plates right, {:.2} %", out.display(), right.right, right.seen, 100.0 * share);
    Ok(())
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
