//! `track`: single frames and tracks of rendered clips side by side.

use anyhow::ensure;
use clap::Args;
use kr_lpr::track::TrackOptions;
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{ClipKind, ClipSettings, Synth, SynthSettings};
use kr_lpr_training::tracking::{Claim, Followed, Tally, follow, record};
use rayon::prelude::*;

use super::bench::quantile;
use super::video::clip;
use super::weights::WeightsArgument;

/// Render clips, read every frame, track the plates, and say how right frames and tracks are.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    weights: WeightsArgument,
    /// Clips of each kind.
    #[arg(long, default_value_t = 50)]
    clips: u64,
    /// Seed of the clips.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How hard clips are, 0 to 1; by default such that four of five frames are read right alone.
    #[arg(long, default_value_t = ClipSettings::default().difficulty)]
    difficulty: f32,
    /// Probability that a text must have to be confirmed; the tracker's default if left out.
    #[arg(long, default_value_t = TrackOptions::default().confirm_confidence)]
    confirm_confidence: f32,
    /// Kinds of clips; all of them if left out.
    #[arg(long, value_parser = clip)]
    kind: Vec<ClipKind>,
}

/// Seeds of clips begin here, so that no other rendered picture has them.
const STREAM: u64 = 1 << 40;

/// Renders clips of each kind, follows their plates and prints a row a kind, and every wrong claim.
pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { weights, clips, seed, difficulty, confirm_confidence, kind } = arguments;
    let kinds = if kind.is_empty() { ClipKind::ALL.to_vec() } else { kind };
    let options = TrackOptions { confirm_confidence, ..TrackOptions::default() };
    ensure!((0.0..=1.0).contains(&difficulty), "difficulty {difficulty} is not within 0..=1");
    let reader = weights.open()?;
    let synth = Synth::new(SynthSettings::default())?;
    let settings = ClipSettings { difficulty, ..ClipSettings::default() };
    let mut whole = Tally::default();
    println!("{}", row("clips", &HEAD));
    println!("{}", row("---", &["---"; HEAD.len()]));
    for kind in kinds {
        let numbers: Vec<u64> = (0..clips).collect();
        let one = |&number: &u64| -> anyhow::Result<(u64, Followed)> {
            let seed = held_out(seed, STREAM + number);
            let recording = record(&reader, &synth.clip(seed, kind, &settings), seed)?;
            Ok((seed, follow(&recording, options)?))
        };
        let followed = numbers.par_iter().map(one).collect::<anyhow::Result<Vec<_>>>()?;
        let mut tally = Tally::default();
        for (seed, followed) in &followed {
            tally.add(followed);
            whole.add(followed);
            followed.wrong.iter().for_each(|claim| tell(kind, *seed, claim));
        }
        println!("{}", line(kind.name(), &tally));
    }
    println!("{}", line("all", &whole));
    Ok(())
}

/// The columns.
const HEAD: [&str; 10] = [
    "plates",
    "frames right",
    "confirmed right",
    "wrong",
    "no plate there",
    "never",
    "of the confirmed right",
    "ms to confirm",
    "outlines to confirm",
    "tracker, us a frame",
];

fn row(name: &str, cells: &[&str]) -> String {
    format!("| {name} | {} |", cells.join(" | "))
}

fn line(name: &str, tally: &Tally) -> String {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let pair = |values: &[f64]| match values {
        [] => "-".to_owned(),
        values => format!("{:.0}, {:.0}", quantile(values, 0.5), quantile(values, 0.95)),
    };
    let share = tally.outlines_right as f64 / tally.outlines.max(1) as f64;
    let cells = [
        tally.plates.to_string(),
        format!("{} of {} ({})", tally.outlines_right, tally.outlines, percent(share)),
        format!("{} ({})", tally.confirmed, percent(tally.confirmed as f64 / tally.plates.max(1) as f64)),
        tally.wrong.to_string(),
        format!("{} of {} outlines", tally.nowhere, tally.false_outlines),
        tally.never().to_string(),
        tally.precision().map_or("-".to_owned(), percent),
        pair(&tally.ms_to_confirm),
        pair(&tally.outlines_to_confirm),
        pair(&tally.micros),
    ];
    row(name, &cells.each_ref().map(String::as_str))
}

/// Names a wrong claim by what `synth --video KIND --seed SEED` shows, in colour, of a clip of the default difficulty.
fn tell(kind: ClipKind, seed: u64, claim: &Claim) {
    let Claim { text, truth, frame, confidence, .. } = claim;
    let truth = truth.as_deref().unwrap_or("no plate");
    eprintln!("{} --seed {seed}: frame {frame} says {text} ({confidence:.4}), there is {truth}", kind.name());
}
