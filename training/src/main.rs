//! The command line of the training crate.

mod verbs;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use kr_lpr_training::dataset::{Dataset, Split};
use kr_lpr_training::device::DeviceChoice;
use kr_lpr_training::glyph::Face;
use kr_lpr_training::recipe::Recipe;
use kr_lpr_training::train::{RunOptions, train};

/// Renders Korean licence plates, trains the recognizer of kr-lpr on them, evaluates and exports it.
#[derive(Parser)]
#[command(name = "kr-lpr-training", version)]
struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Render plates into a dataset: labels.names, train/ and val/ with character boxes.
    Synth {
        /// Folder to make.
        #[arg(long)]
        out: PathBuf,
        /// Pictures, one in ten of them for validation.
        #[arg(long)]
        count: u64,
        /// Seed of the pictures.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Recipe whose kinds and difficulty to render; else the defaults.
        #[arg(long)]
        recipe: Option<PathBuf>,
    },
    /// Draw one sheet of a recipe's plates as PNG.
    Preview {
        /// Recipe to preview.
        #[arg(long)]
        recipe: PathBuf,
        /// PNG file to write.
        #[arg(long)]
        out: PathBuf,
        /// Plates on the sheet.
        #[arg(long, default_value_t = 40)]
        count: u64,
        /// Step whose difficulty to show; the full difficulty if left out.
        #[arg(long)]
        step: Option<u64>,
        /// Draw the outlines of plates and characters.
        #[arg(long)]
        outlines: bool,
        /// Show the rectified plates, as the network sees them.
        #[arg(long)]
        rectified: bool,
    },
    /// Draw every glyph of a typeface as PNG.
    Sheet {
        /// Typeface: plate2006, gothic, green2004 or green1996.
        #[arg(long, value_parser = face)]
        face: Face,
        /// PNG file to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Train a network by a recipe.
    Train {
        /// Recipe to train by.
        #[arg(long)]
        recipe: PathBuf,
        /// Dataset to mix in, as much as the recipe's `data_fraction` says.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Go on from the run's checkpoint.
        #[arg(long)]
        resume: bool,
        /// End within this many minutes; the learning rate comes down in time.
        #[arg(long)]
        minutes: Option<f64>,
        /// What computes.
        #[arg(long, value_enum, default_value = "flex")]
        device: DeviceChoice,
        /// Folder of runs.
        #[arg(long, default_value = "runs")]
        runs: PathBuf,
    },
}

fn face(name: &str) -> Result<Face, String> {
    Face::from_name(name).ok_or_else(|| format!("the typefaces are {}", Face::ALL.map(Face::name).join(", ")))
}

fn main() -> ExitCode {
    match run(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Synth { out, count, seed, recipe } => verbs::synth::run(&out, count, seed, recipe.as_deref()),
        Verb::Preview { recipe, out, count, step, outlines, rectified } => {
            verbs::preview::run(&Recipe::load(&recipe)?, &out, &verbs::preview::View { count, step, outlines, rectified })
        }
        Verb::Sheet { face, out } => verbs::preview::glyphs(face, &out),
        Verb::Train { recipe, data, resume, minutes, device, runs } => {
            let recipe = Recipe::load(&recipe)?;
            let data = data.map(|folder| Dataset::open(&folder, Split::Train)).transpose()?;
            let budget = minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes.max(0.0)));
            let options = RunOptions { runs, device: device.open()?, data, resume, budget };
            train(&recipe, options).map(|_| ())
        }
    }
}
