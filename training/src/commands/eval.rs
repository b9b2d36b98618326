//! `eval`: how many pictures the shipped pipeline reads right.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{Mode, Plate, ReadOptions, Search};
use kr_lpr_training::evaluation::pictures::{Measured, MeasuredScene, score, score_scenes};
use kr_lpr_training::report::reliability::Reliability;
use serde::Serialize;

use super::weights::CollectionArguments;

/// Read a collection with the shipped pipeline and say what is right.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    collection: CollectionArguments,
    /// File for the readings.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Tell the reader that crops are crops; left out, it is to see for itself, as it does by default.
    #[arg(long)]
    crop: bool,
    /// Search for plates as in frames of a video; left out, as in single pictures.
    #[arg(long)]
    quick: bool,
}

/// The result file: one entry a picture, in the collection's terms.
#[derive(Serialize)]
struct Results<'a> {
    crops: Vec<Crop<'a>>,
    scenes: Vec<Scene<'a>>,
}

#[derive(Serialize)]
struct Crop<'a> {
    file: &'a str,
    text: &'a str,
    confidence: f32,
    valid: bool,
    kind: &'a str,
}

#[derive(Serialize)]
struct Scene<'a> {
    file: &'a str,
    plates: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    text: &'a str,
    confidence: f32,
    kind: &'a str,
    /// In pixels of the file, clockwise from the plate's top-left one.
    corners: [[f32; 2]; 4],
}

/// Prints accuracy and mistakes, and writes the readings to `json`.
pub fn run(Arguments { collection, json, crop: told, quick }: Arguments) -> anyhow::Result<()> {
    let mode = if told { Mode::Crop } else { Mode::Auto };
    let search = if quick { Search::Quick } else { Search::Thorough };
    let (measured, scenes) = collection.measure(&ReadOptions { mode, search, ..ReadOptions::default() })?;
    if let Some(path) = json {
        let results =
            Results { crops: measured.iter().map(crop).collect(), scenes: scenes.iter().map(scene).collect() };
        let text = serde_json::to_string_pretty(&results)?;
        std::fs::write(&path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
    if !measured.is_empty() {
        say_crops(&measured);
    }
    if !scenes.is_empty() {
        say_scenes(&scenes);
    }
    Ok(())
}

fn say_scenes(scenes: &[MeasuredScene]) {
    for one in scenes {
        let name = &one.entry.name;
        if let Err(error) = &one.found {
            println!("{name}: {error}");
        }
        let verdict = one.verdict();
        for outcome in verdict.outcomes.iter().filter(|outcome| !outcome.is_right()) {
            let text = &outcome.truth.text;
            match &outcome.read {
                Some(read) if outcome.rejected => {
                    println!("{name}: {text} rejected as {} ({:.2})", read.text, read.confidence);
                }
                Some(read) => println!("{name}: {text} read as {} ({:.2})", read.text, read.confidence),
                None => println!("{name}: {text} not found"),
            }
        }
        for (text, quad) in &verdict.wrong {
            let (left, top, right, bottom) = quad.bounding_box();
            println!("{name}: {text} where no plate is, {left:.0} {top:.0} {right:.0} {bottom:.0}");
        }
    }
    print!("{}", score_scenes(scenes).table());
}

fn say_crops(measured: &[Measured]) {
    for one in measured.iter().filter(|one| !one.is_right()) {
        match &one.reading {
            Ok(reading) => println!(
                "{}: {} read as {} ({:.2}, {})",
                one.entry.name,
                one.entry.text,
                if reading.text.is_empty() { "nothing" } else { &reading.text },
                reading.confidence,
                reading.kind.name()
            ),
            Err(error) => println!("{}: {error}", one.entry.name),
        }
    }
    print!("{}", score(measured).table());
    let known = measured.iter().filter_map(|one| Some((one.entry.kind?, one.reading.as_ref().ok()?.kind)));
    let (of_known_kind, kind_right) =
        known.fold((0, 0), |(all, right), (truth, read)| (all + 1, right + usize::from(truth == read)));
    println!("kind right on {kind_right} of {of_known_kind} whose kind is known");
    let confidences: Vec<_> = measured.iter().map(|one| (one.confidence(), one.is_right())).collect();
    let reliability = Reliability::among(&confidences);
    let again = measured.iter().filter(|one| one.reading.as_ref().is_ok_and(|reading| reading.passes > 1)).count();
    println!(
        "read in more than one pass: {again}; expected calibration error {:.3}; wrong with a confidence above {}: {}",
        reliability.expected_calibration_error.unwrap_or(f64::NAN),
        reliability.sure_above,
        reliability.wrong_though_sure()
    );
}

fn scene(one: &MeasuredScene) -> Scene<'_> {
    let plates = one.found.as_ref().map(|found| found.plates.iter().map(found_plate).collect());
    Scene { file: &one.entry.name, plates: plates.unwrap_or_default() }
}

fn found_plate(plate: &Plate) -> Found<'_> {
    let reading = &plate.reading;
    Found {
        text: &reading.text,
        confidence: reading.confidence,
        kind: reading.kind.name(),
        corners: corners(&reading.quad),
    }
}

/// x and y of the four corners.
pub fn corners(quad: &Quad) -> [[f32; 2]; 4] {
    quad.corners().map(|corner| [corner.x, corner.y])
}

fn crop(one: &Measured) -> Crop<'_> {
    Crop {
        file: &one.entry.name,
        text: one.text(),
        confidence: one.confidence(),
        valid: one.reading.as_ref().is_ok_and(|reading| reading.valid),
        kind: one.reading.as_ref().map_or("", |reading| reading.kind.name()),
    }
}
