//! The command line of the training crate.

mod verbs;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr_training::dataset::{Dataset, Split};
use kr_lpr_training::device::DeviceChoice;
use kr_lpr_training::export::ExportOptions;
use kr_lpr_training::glyph::Face;
use kr_lpr_training::measure::{Measured, measure, open_reader};
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
    /// Draw every glyph of the typefaces as PNG.
    Sheet {
        /// Typeface: plate2006, gothic, green2004 or green1996; all of them beside their plates if left out.
        #[arg(long, value_parser = face)]
        face: Option<Face>,
        /// PNG file to write.
        #[arg(long)]
        out: PathBuf,
    },
    /// Draw the pictures that the golden tests and the demo page read.
    Gallery {
        /// Folder of the golden tests.
        #[arg(long, default_value = "tests/golden")]
        goldens: PathBuf,
        /// Folder of the demo page's samples.
        #[arg(long, default_value = "www/samples")]
        samples: PathBuf,
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
    /// Read a collection with the shipped pipeline and say what is right.
    Eval {
        /// Folder with manifest.json, or a dataset, of which val/ is read.
        #[arg(long)]
        data: PathBuf,
        #[command(flatten)]
        weights: WeightsArgument,
        /// File for the readings.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Draw the readings of a collection as PNG, the worst first.
    Predict {
        /// Folder with manifest.json, or a dataset, of which val/ is read.
        #[arg(long)]
        data: PathBuf,
        #[command(flatten)]
        weights: WeightsArgument,
        /// PNG file to write.
        #[arg(long)]
        out: PathBuf,
        /// Readings on the sheet.
        #[arg(long, default_value_t = 120)]
        count: usize,
    },
    /// Write one HTML page on a run: curves, tables, calibration, robustness and the worst mistakes.
    Report(verbs::report::ReportArguments),
    /// Read pictures of plates with the shipped pipeline.
    Read {
        /// JPEG or PNG files.
        #[arg(required = true)]
        images: Vec<PathBuf>,
        #[command(flatten)]
        weights: WeightsArgument,
        /// One JSON object a line.
        #[arg(long)]
        json: bool,
    },
    /// Write the weights that ship, and their card, from the checkpoint of a run.
    Export {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// Folder to write recognizer.bin and recognizer.md to.
        #[arg(long, default_value = "pkg/weights")]
        out: PathBuf,
        /// Name of the weights; the recipe's if left out.
        #[arg(long)]
        name: Option<String>,
        /// What the run was trained on, for the card; this machine's CPU if left out.
        #[arg(long)]
        trained_on: Option<String>,
        /// Collection to measure for the card: a folder with manifest.json, or a dataset.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Rendered plates to calibrate the confidence with, and as many others to validate with.
        #[arg(long, default_value_t = 4400)]
        plates: u64,
        /// ONNX file to write as well.
        #[arg(long)]
        onnx: Option<PathBuf>,
    },
    /// Measure the latency of the shipped pipeline on one thread.
    Bench {
        /// Picture of a plate.
        #[arg(long)]
        image: PathBuf,
        /// Weights file.
        #[arg(long, default_value = "pkg/weights/recognizer.bin")]
        weights: PathBuf,
        /// Runs of each stage that count.
        #[arg(long, default_value_t = 300)]
        runs: usize,
        /// File for every run's milliseconds.
        #[arg(long)]
        json: Option<PathBuf>,
        /// ONNX file of the weights to write as well.
        #[arg(long)]
        onnx: Option<PathBuf>,
    },
}

#[derive(Args)]
struct WeightsArgument {
    /// Weights file, or the checkpoint of a run.
    #[arg(long, default_value = "pkg/weights/recognizer.bin")]
    weights: PathBuf,
}

impl WeightsArgument {
    fn open(&self) -> anyhow::Result<PlateReader> {
        open_reader(&self.weights, &DeviceChoice::Flex.open()?)
    }

    fn measure(&self, data: &Path) -> anyhow::Result<Vec<Measured>> {
        Ok(measure(&self.open()?, Dataset::open_for_measuring(data)?, &ReadOptions::default()))
    }
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
        Verb::Preview { recipe, out, count, step, outlines, rectified } => verbs::preview::run(
            &Recipe::load(&recipe)?,
            &out,
            &verbs::preview::View { count, step, outlines, rectified },
        ),
        Verb::Sheet { face, out } => verbs::preview::glyphs(face, &out),
        Verb::Gallery { goldens, samples } => verbs::gallery::run(&goldens, &samples),
        Verb::Train { recipe, data, resume, minutes, device, runs } => {
            let recipe = Recipe::load(&recipe)?;
            let data = data.map(|folder| Dataset::open(&folder, Split::Train)).transpose()?;
            let budget = minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes.max(0.0)));
            let options = RunOptions { runs, device: device.open()?, data, resume, budget };
            train(&recipe, options).map(|_| ())
        }
        Verb::Eval { data, weights, json } => verbs::eval::run(&weights.measure(&data)?, json.as_deref()),
        Verb::Predict { data, weights, out, count } => verbs::predict::run(weights.measure(&data)?, &out, count),
        Verb::Report(arguments) => verbs::report::run(arguments),
        Verb::Read { images, weights, json } => verbs::read::run(&weights.open()?, &images, json),
        Verb::Export { run, out, name, trained_on, data, plates, onnx } => {
            verbs::export::run(&ExportOptions { run, out, name, trained_on, data, plates, onnx })
        }
        Verb::Bench { image, weights, runs, json, onnx } => {
            verbs::bench::run(&verbs::bench::Bench { image, weights, runs, json, onnx })
        }
    }
}
