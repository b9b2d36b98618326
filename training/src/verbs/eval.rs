//! `eval`: how many pictures the shipped pipeline reads right.

use std::path::Path;

use anyhow::Context;
use kr_lpr_training::measure::{Measured, score};
use kr_lpr_training::report::reliability::Reliability;
use serde::Serialize;

/// The result file: one entry a picture, in the collection's terms.
#[derive(Serialize)]
struct Results<'a> {
    crops: Vec<Crop<'a>>,
    scenes: [(); 0],
}

#[derive(Serialize)]
struct Crop<'a> {
    file: &'a str,
    text: &'a str,
    confidence: f32,
    valid: bool,
    kind: &'a str,
}

/// Prints accuracy and mistakes, and writes the readings to `json`.
pub fn run(measured: &[Measured], json: Option<&Path>) -> anyhow::Result<()> {
    if let Some(path) = json {
        let results = Results { crops: measured.iter().map(crop).collect(), scenes: [] };
        let text = serde_json::to_string_pretty(&results)?;
        std::fs::write(path, text + "\n").with_context(|| format!("cannot write {}", path.display()))?;
    }
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
    let confidences: Vec<_> = measured.iter().map(|one| (one.confidence(), one.is_right())).collect();
    let reliability = Reliability::among(&confidences);
    let looked_twice =
        measured.iter().filter(|one| one.reading.as_ref().is_ok_and(|reading| reading.looks > 1)).count();
    println!(
        "looked at twice: {looked_twice}; expected calibration error {:.3}; wrong with a confidence above {}: {}",
        reliability.expected_calibration_error.unwrap_or(f64::NAN),
        reliability.sure_above,
        reliability.wrong_though_sure()
    );
    Ok(())
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
