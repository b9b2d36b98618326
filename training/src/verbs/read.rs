//! `read`: the shipped pipeline on any picture of a plate.

use std::path::PathBuf;

use anyhow::ensure;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr_training::picture::Picture;
use serde::Serialize;

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    result: Outcome<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Outcome<'a> {
    Read { text: &'a str, confidence: f32, valid: bool, kind: &'a str, chars: Vec<Character<'a>> },
    Failed { error: String },
}

#[derive(Serialize)]
struct Character<'a> {
    char: &'a str,
    confidence: f32,
}

/// Prints one line a picture. A picture that cannot be read does not keep the others from being read.
pub fn run(reader: &PlateReader, images: &[PathBuf], json: bool) -> anyhow::Result<()> {
    let mut failed = 0;
    for path in images {
        let reading = Picture::open(path)
            .and_then(|picture| Ok(reader.read_crop_blocking(&picture.frame(), &ReadOptions::default())?));
        let file = &*path.to_string_lossy();
        let result = match &reading {
            Ok(reading) => Outcome::Read {
                text: &reading.text,
                confidence: reading.confidence,
                valid: reading.valid,
                kind: reading.kind.name(),
                chars: (reading.chars.iter())
                    .map(|read| Character { char: read.label.name(), confidence: read.confidence })
                    .collect(),
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
            Outcome::Read { text, confidence, valid, kind, .. } => {
                let note = if valid { "" } else { "  (no plate says this)" };
                println!("{file}: {text}  {confidence:.3}  {kind}{note}");
            }
            Outcome::Failed { error } => eprintln!("{error}"),
        }
    }
    ensure!(failed == 0, "{failed} of {} pictures could not be read", images.len());
    Ok(())
}
