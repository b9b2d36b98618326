//! `read`: the shipped pipeline on any picture.

use std::path::PathBuf;

use anyhow::ensure;
use clap::Args;
use kr_lpr::reader::{Plate, Plates, ReadOptions};
use kr_lpr_render::picture::Picture;
use serde::Serialize;

use super::eval::corners;
use super::weights::WeightsArgument;

/// Read pictures of plates with the shipped pipeline.
#[derive(Args)]
pub struct Arguments {
    /// JPEG or PNG files.
    #[arg(required = true)]
    images: Vec<PathBuf>,
    #[command(flatten)]
    weights: WeightsArgument,
    /// One JSON object a line.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    result: Outcome<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<'a> {
    Read { plates: Vec<Read<'a>>, rejected: Vec<Read<'a>> },
    Failed { error: String },
}

#[derive(Serialize)]
struct Read<'a> {
    text: &'a str,
    confidence: f32,
    valid: bool,
    kind: &'a str,
    /// In pixels of the file, clockwise from the plate's top-left one.
    corners: [[f32; 2]; 4],
    /// How sure the detector is; absent where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    detection: Option<f32>,
    chars: Vec<Character<'a>>,
}

#[derive(Serialize)]
struct Character<'a> {
    char: &'a str,
    confidence: f32,
    /// Its corners, where they are known.
    #[serde(skip_serializing_if = "Option::is_none")]
    r#box: Option<[[f32; 2]; 4]>,
}

/// Prints one line a plate, or with `json` one object a picture. A picture that cannot be read does not keep the others from
/// being read.
pub fn run(Arguments { images, weights, json }: Arguments) -> anyhow::Result<()> {
    let reader = weights.open()?;
    let mut failed = 0;
    for path in &images {
        let found = Picture::open(path)
            .and_then(|picture| Ok(reader.read_blocking(&picture.frame(), &ReadOptions::default())?));
        let file = &*path.to_string_lossy();
        let result = match &found {
            Ok(Plates { plates, rejected, .. }) => Outcome::Read {
                plates: plates.iter().map(read).collect(),
                rejected: rejected.iter().map(read).collect(),
            },
            Err(error) => {
                failed += 1;
                Outcome::Failed { error: format!("{error:#}") }
            }
        };
        if json {
            println!("{}", serde_json::to_string(&Line { file, result })?);
            continue;
        }
        match result {
            Outcome::Read { plates, rejected } => say(file, &plates, &rejected),
            Outcome::Failed { error } => eprintln!("{error}"),
        }
    }
    ensure!(failed == 0, "{failed} of {} pictures could not be read", images.len());
    Ok(())
}

fn say(file: &str, plates: &[Read], rejected: &[Read]) {
    if plates.is_empty() {
        println!("{file}: no plate");
    }
    let all = plates.iter().map(|read| (read, "")).chain(rejected.iter().map(|read| (read, "  (rejected)")));
    for (Read { text, confidence, valid, kind, corners: [[x, y], ..], .. }, rejected) in all {
        let note = if *valid { "" } else { "  (no plate says this)" };
        println!("{file}: {text}  {confidence:.3}  {kind} at {x:.0}, {y:.0}{note}{rejected}");
    }
}

fn read(plate: &Plate) -> Read<'_> {
    let reading = &plate.reading;
    let boxes = reading.char_outlines().unwrap_or_default();
    let chars = reading.chars.iter().enumerate().map(|(index, read)| Character {
        char: read.label.name(),
        confidence: read.confidence,
        r#box: boxes.get(index).map(corners),
    });
    Read {
        text: &reading.text,
        confidence: reading.confidence,
        valid: reading.valid,
        kind: reading.kind.name(),
        corners: corners(&reading.quad),
        detection: plate.detection,
        chars: chars.collect(),
    }
}
