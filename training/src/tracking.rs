//! How right the tracker is: clips rendered, every frame read by the shipped pipeline, and what the tracks say compared
//! with what the plates say.
//!
//! The detector is played by chance, so that its mistakes are known: outlines err as [`detected`] does, one in seven is
//! missed, plates that are hidden in part are missed more often and beyond 60 % always, and now and then something that is
//! no plate is outlined, at some places again and again.

mod outcome;
mod tally;

use std::time::Instant;

use anyhow::Context;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::plate::PlateText;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::track::{Observation, TrackOptions, Tracker};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use kr_lpr_render::synth::{Clip, ClipFrame, ClipPlate, detected};
pub use outcome::{Claim, Outcome};
pub use tally::Tally;

/// Share of outlines that the detector misses, of plates that are hidden by up to a quarter and by more than that.
const MISSED: [f32; 2] = [0.15, 0.5];

/// Share of a plate hidden from which on no detector finds it.
const LOST: f32 = 0.6;

/// How often a place that looks like a plate is outlined, and how often anything at all is, a frame.
const RECURRING: f32 = 0.3;
const STRAY: f32 = 0.03;

/// What became of one clip.
#[derive(Clone, Debug)]
pub struct Followed {
    /// What became of each vehicle's plate.
    pub outcomes: Vec<Outcome>,
    /// What was claimed to be certain and is not so.
    pub wrong: Vec<Claim>,
    /// Outlines of what is no plate.
    pub false_outlines: usize,
    /// What the tracker took for each frame, microseconds.
    pub micros: Vec<f64>,
}

/// What was outlined and read in a clip.
pub struct Recording {
    texts: Vec<PlateText>,
    frames: Vec<Recorded>,
}

struct Recorded {
    timestamp: f64,
    plates: Vec<ClipPlate>,
    /// Vehicle and text of each outline of a plate.
    read: Vec<(usize, String)>,
    false_outlines: usize,
    /// What a caller hands to the tracker.
    observations: Vec<Observation>,
}

/// Renders and reads `clip`. `seed` decides what the detector does.
///
/// # Errors
/// When the weights are broken.
pub fn record(reader: &PlateReader, clip: &Clip, seed: u64) -> anyhow::Result<Recording> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let recurring = places(&mut rng, clip);
    let one = |frame: ClipFrame| -> anyhow::Result<Recorded> {
        let (mut texts, mut observations) = (Vec::new(), Vec::new());
        for plate in &frame.plates {
            let missed = MISSED[usize::from(plate.hidden > 0.25)];
            if plate.hidden > LOST || rng.random::<f32>() < missed {
                continue;
            }
            let (text, observation) = read(reader, &frame, detected(&plate.quad, &mut rng))?;
            texts.push((plate.vehicle, text));
            observations.push(observation);
        }
        let false_ones = false_outlines(&mut rng, &recurring, &frame);
        for quad in &false_ones {
            observations.push(read(reader, &frame, detected(quad, &mut rng))?.1);
        }
        let ClipFrame { timestamp, plates, .. } = frame;
        Ok(Recorded { timestamp, plates, read: texts, false_outlines: false_ones.len(), observations })
    };
    Ok(Recording { texts: clip.texts(), frames: clip.frames().map(one).collect::<anyhow::Result<_>>()? })
}

/// Tracks what was recorded.
///
/// # Errors
/// When an option is out of range.
pub fn follow(recording: &Recording, options: TrackOptions) -> anyhow::Result<Followed> {
    let mut tracker = Tracker::new(options)?;
    let mut outcomes: Vec<Outcome> = recording.texts.iter().copied().map(Outcome::new).collect();
    let mut followed = Followed { outcomes: Vec::new(), wrong: Vec::new(), false_outlines: 0, micros: Vec::new() };
    for (index, frame) in recording.frames.iter().enumerate() {
        for (vehicle, text) in &frame.read {
            outcomes[*vehicle].outlined(text, index, frame.timestamp);
        }
        followed.false_outlines += frame.false_outlines;
        let start = Instant::now();
        let tracks = tracker.push(frame.timestamp, &frame.observations)?;
        followed.micros.push(start.elapsed().as_secs_f64() * 1e6);
        outcome::judge(&mut outcomes, &mut followed.wrong, &tracks, frame, index);
    }
    followed.outcomes = outcomes;
    Ok(followed)
}

/// What is read within an outline, and what a caller hands to the tracker: rejected readings as well, as the npm package does.
fn read(reader: &PlateReader, frame: &ClipFrame, quad: Quad) -> anyhow::Result<(String, Observation)> {
    let options = ReadOptions { quad: Some(quad), ..ReadOptions::default() };
    let found = reader.read_blocking(&frame.frame(), &options)?;
    let plate = found.plates.into_iter().chain(found.rejected).next().context("an outline is read in any case")?;
    let observation = Observation::from(&plate.reading);
    Ok((plate.reading.text, observation))
}

/// Up to two places that look like plates, whatever drives through them.
fn places(rng: &mut ChaCha8Rng, clip: &Clip) -> Vec<Quad> {
    let count = rng.random_range(0..3);
    (0..count).filter_map(|_| place(rng, clip.settings().size)).collect()
}

/// An upright outline anywhere in the frame.
fn place(rng: &mut ChaCha8Rng, [width, height]: [u32; 2]) -> Option<Quad> {
    let wide = rng.random_range(40.0..150.0_f32);
    let tall = wide / rng.random_range(2.0..4.7_f32);
    let x = rng.random_range(0.0..(width as f32 - wide).max(1.0));
    let y = rng.random_range(0.0..(height as f32 - tall).max(1.0));
    Quad::rect(x, y, wide, tall).ok()
}

/// What is outlined in this frame and is no plate, nor near one.
fn false_outlines(rng: &mut ChaCha8Rng, recurring: &[Quad], frame: &ClipFrame) -> Vec<Quad> {
    let again: Vec<Quad> = recurring.iter().filter(|_| rng.random::<f32>() < RECURRING).copied().collect();
    let stray = if rng.random::<f32>() < STRAY { place(rng, [frame.width, frame.height]) } else { None };
    let clear = |quad: &Quad| frame.plates.iter().all(|plate| plate.quad.overlap(quad) == 0.0);
    again.into_iter().chain(stray).filter(clear).collect()
}

/// The middle of an outline.
fn centre(quad: &Quad) -> Point {
    let [a, b, c, d] = quad.corners();
    Point::new((a.x + b.x + c.x + d.x) / 4.0, (a.y + b.y + c.y + d.y) / 4.0)
}
