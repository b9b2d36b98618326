//! Reads every plate of a picture: `cargo run --example read --features image -- pkg/weights PICTURE`.

use std::error::Error;
use std::fs;

use kr_lpr::{Frame, PlateReader, ReadOptions, backend};

fn main() -> Result<(), Box<dyn Error>> {
    let (Some(weights), Some(picture)) = (std::env::args().nth(1), std::env::args().nth(2)) else {
        return Err("give the folder of the weights and a picture".into());
    };
    for plate in read(&weights, &picture)? {
        println!("{plate}");
    }
    Ok(())
}

/// The plates of a picture, the most confidently read first.
pub fn read(weights: &str, picture: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let recognizer = fs::read(format!("{weights}/recognizer.bin"))?;
    let detector = fs::read(format!("{weights}/detector.bin"))?;
    let reader = PlateReader::from_weights(&recognizer, &backend::cpu())?.with_detector(&detector)?;

    let picture = image::open(picture)?;
    let found = reader.read_blocking(&Frame::try_from(&picture)?, &ReadOptions::default())?;
    Ok(found.plates.into_iter().map(|plate| plate.reading.text).collect())
}
