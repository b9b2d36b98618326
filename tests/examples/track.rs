//! Follows plates through frames: `cargo run --example track --features image -- pkg/weights FRAME FRAME…`, 15 a second.

use std::error::Error;
use std::fs;

use kr_lpr::track::{Observation, TrackOptions, Tracker};
use kr_lpr::{Frame, PlateReader, ReadOptions, Search, backend};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (weights, frames) = arguments.split_first().ok_or("give the folder of the weights and frames")?;
    println!("{}", follow(weights, frames)?.join("\n"));
    Ok(())
}

/// The texts of the plates that enough frames agree on.
pub fn follow(weights: &str, frames: &[String]) -> Result<Vec<String>, Box<dyn Error>> {
    let [recognizer, detector] = ["recognizer", "detector"].map(|name| fs::read(format!("{weights}/{name}.bin")));
    let reader = PlateReader::from_weights(&recognizer?, &backend::cpu())?.with_detector(&detector?)?;
    let mut tracker = Tracker::new(TrackOptions::default())?;
    let mut tracks = Default::default();
    for (index, frame) in frames.iter().enumerate() {
        let picture = image::open(frame)?;
        let timestamp = index as f64 * 1000.0 / 15.0;
        let illegible = tracker.illegible(timestamp);
        let options = ReadOptions { search: Search::Quick, illegible, ..Default::default() };
        let found = reader.read_blocking(&Frame::try_from(&picture)?, &options)?;
        // Rejected ones as well: what one frame shows in part others fill in, and what they doubt is not confirmed.
        let plates = found.plates.iter().chain(&found.rejected);
        let observations: Vec<_> = plates.map(|plate| Observation::from(&plate.reading)).collect();
        tracks = tracker.push(timestamp, &observations)?;
    }
    Ok(tracks.confirmed().map(|track| track.text.clone()).collect())
}
