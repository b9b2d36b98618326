//! What can be typed after the name of the program.

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand};
use kr_lpr::reader::{Mode, PlateReader, ReadOptions};
use kr_lpr::track::TrackOptions;
use kr_lpr_render::glyph::Face;
use kr_lpr_render::synth::{ClipKind, ClipSettings};
use kr_lpr_training::ablation::Variant;
use kr_lpr_training::dataset::Collection;
use kr_lpr_training::device::DeviceChoice;
use kr_lpr_training::measure::{Measured, MeasuredScene, measure, measure_scenes, open_reader, with_detector};

use crate::verbs::report::ReportArguments;

/// Renders Korean licence plates, trains the recognizer of kr-lpr on them, evaluates and exports it.
#[derive(Parser)]
#[command(name = "kr-lpr-training", version)]
pub struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,
}

#[derive(Subcommand)]
pub enum Verb {
    /// Render plates into a dataset: labels.names, train/ and val/ with character boxes.
    Synth {
        /// Folder to make.
        #[arg(long)]
        out: PathBuf,
        /// Pictures, one in ten of them for validation; of a video the frames, 36 if left out.
        #[arg(long, required_unless_present = "video")]
        count: Option<u64>,
        /// Seed of the pictures.
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// Recipe whose kinds and difficulty to render; else the defaults.
        #[arg(long)]
        recipe: Option<PathBuf>,
        /// Whole scenes with their plates' corners in manifest.json instead.
        #[arg(long)]
        scenes: bool,
        /// Largest width and height of scenes, pixels.
        #[arg(long, value_parser = size, default_value = "1280x720")]
        size: [u32; 2],
        /// A clip of the kind instead, as pictures, clip.json and clip.y4m: approach, pass-by, handheld, occluded, night or
        /// crossing.
        #[arg(long, value_parser = clip, value_name = "KIND", conflicts_with = "scenes")]
        video: Option<ClipKind>,
    },
    /// Draw one sheet of a recipe's plates as PNG.
    Preview {
        /// Recipe to preview.
        #[arg(long)]
        recipe: PathBuf,
        /// Dataset whose pictures to show instead, as training sees them.
        #[arg(long, conflicts_with_all = ["step", "outlines"])]
        data: Option<PathBuf>,
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
        /// Show whole scenes; with `outlines`, the plates in them.
        #[arg(long, conflicts_with_all = ["data", "rectified"])]
        scenes: bool,
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
        /// Draw nothing but the picture of this name, and keep the others as they are; may be given again.
        #[arg(long)]
        only: Vec<String>,
    },
    /// Name every file of a dataset that is broken, and why.
    Check {
        /// Folder of the dataset.
        #[arg(long)]
        data: PathBuf,
    },
    /// Make a dataset of labels and pictures as others keep them.
    Convert {
        /// CSV file with image_path and plate_text, as fast-plate-ocr has it, or JSON labels of AI-Hub: a file or a folder.
        #[arg(long)]
        labels: PathBuf,
        /// Folder of the pictures; the folder of the labels if left out.
        #[arg(long)]
        pictures: Option<PathBuf>,
        /// Folder to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Count what a dataset is made of: kinds, characters, sizes.
    Stats {
        /// Folder of the dataset.
        #[arg(long)]
        data: PathBuf,
        /// File for the numbers.
        #[arg(long)]
        json: Option<PathBuf>,
    },
    /// Train a network by a recipe.
    Train {
        /// Recipe to train by.
        #[arg(long)]
        recipe: PathBuf,
        /// Dataset to train on, alone or mixed with rendered plates as the recipe's `data_fraction` says.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Go on from the run's checkpoint.
        #[arg(long)]
        resume: bool,
        /// End within this many minutes; the learning rate comes down in time.
        #[arg(long)]
        minutes: Option<f64>,
        /// Seed in place of the recipe's, for a run of its own: `NAME-seed-SEED`.
        #[arg(long, value_parser = clap::value_parser!(u64).range(..=i64::MAX as u64))]
        // TOML has no larger numbers
        seed: Option<u64>,
        /// What computes.
        #[arg(long, value_enum, default_value = "flex")]
        device: DeviceChoice,
        /// Folder of runs.
        #[arg(long, default_value = "runs")]
        runs: PathBuf,
    },
    /// Train a short recipe again and again, each time without one part, and say what that costs.
    Ablate {
        /// Recipe to leave parts out of.
        #[arg(long, default_value = "training/recipes/ablation.toml")]
        recipe: PathBuf,
        /// What to leave out, once for each; every part, and nothing, if not given.
        #[arg(long, value_parser = variant)]
        without: Vec<Variant>,
        /// Collection to read as well, as `eval` takes it.
        #[arg(long)]
        data: Option<PathBuf>,
        /// What computes.
        #[arg(long, value_enum, default_value = "flex")]
        device: DeviceChoice,
        /// Folder of runs; those that are there go on, or are read with if they have ended.
        #[arg(long, default_value = "runs/ablation")]
        runs: PathBuf,
    },
    /// Read a collection with the shipped pipeline and say what is right.
    Eval {
        /// Folder with manifest.json, a dataset, of which val/ is read, or a flat folder of {plate}_{index}.jpg.
        #[arg(long)]
        data: PathBuf,
        #[command(flatten)]
        weights: WeightsArgument,
        /// File for the readings.
        #[arg(long)]
        json: Option<PathBuf>,
        /// Tell the reader that crops are crops; left out, it is to see for itself, as it does by default.
        #[arg(long)]
        crop: bool,
    },
    /// Draw the readings of a collection as PNG, the worst first.
    Predict {
        /// Folder with manifest.json, a dataset, of which val/ is read, or a flat folder of {plate}_{index}.jpg.
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
    Report(ReportArguments),
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
    /// Render clips, read every frame, track the plates, and say how right frames and tracks are.
    Track {
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
    },
    /// Write the weights that ship, and their card, from the checkpoint of a run.
    Export {
        /// Folder of the run.
        #[arg(long)]
        run: PathBuf,
        /// Folder to write recognizer.bin and recognizer.md to, or detector.bin and detector.md.
        #[arg(long, default_value = "pkg/weights")]
        out: PathBuf,
        /// Name of the weights; the recipe's if left out.
        #[arg(long)]
        name: Option<String>,
        /// What the run was trained on, for the card; this machine's CPU if left out.
        #[arg(long)]
        trained_on: Option<String>,
        /// Collection to measure for the card, as `eval` takes it.
        #[arg(long)]
        data: Option<PathBuf>,
        /// Rendered plates to calibrate the confidence with, and as many others to validate with; a tenth as many scenes for
        /// a detector.
        #[arg(long, default_value_t = 4400)]
        plates: u64,
        /// Folder for ONNX files of the recognizer and the aligner.
        #[arg(long)]
        onnx: Option<PathBuf>,
        /// Safetensors file to write as well.
        #[arg(long)]
        safetensors: Option<PathBuf>,
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
        /// Folder for ONNX files of the weights.
        #[arg(long)]
        onnx: Option<PathBuf>,
    },
}

#[derive(Args)]
pub struct WeightsArgument {
    /// Weights file, or the checkpoint of a run.
    #[arg(long, default_value = "pkg/weights/recognizer.bin")]
    weights: PathBuf,
    /// Weights file of a detector, or the checkpoint of its run; pkg/weights/detector.bin if left out, where it exists.
    #[arg(long)]
    detector: Option<PathBuf>,
}

/// The detector that ships.
const DETECTOR: &str = "pkg/weights/detector.bin";

impl WeightsArgument {
    pub fn open(&self) -> anyhow::Result<PlateReader> {
        let reader = open_reader(&self.weights)?;
        let shipped = Some(PathBuf::from(DETECTOR)).filter(|path| path.exists());
        match self.detector.clone().or(shipped) {
            Some(path) => with_detector(reader, &path),
            None => Ok(reader),
        }
    }

    /// Reads a collection: its crops as such, or in the mode that finds out what they are, and its scenes. What cannot be
    /// measured with is named.
    pub fn measure(&self, data: &Path, mode: Mode) -> anyhow::Result<(Vec<Measured>, Vec<MeasuredScene>)> {
        let reader = self.open()?;
        let Collection { crops, scenes, left_out } = Collection::open(data)?;
        left_out.iter().for_each(|left_out| eprintln!("{left_out}"));
        // Without a detector a scene would be read as if it were a crop.
        let scenes = if reader.detector_info().is_some() { scenes } else { Vec::new() };
        let options = ReadOptions { mode, ..ReadOptions::default() };
        let crops = measure(&reader, crops, &options);
        Ok((crops, measure_scenes(&reader, scenes, &ReadOptions::default())))
    }
}

/// Two numbers such as 1280x720.
fn size(text: &str) -> Result<[u32; 2], String> {
    let numbers = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    numbers.filter(|size| size.iter().all(|&side| side > 0)).ok_or_else(|| "a size is two numbers: 1280x720".to_owned())
}

fn variant(name: &str) -> Result<Variant, String> {
    Variant::from_name(name)
        .ok_or_else(|| format!("what can be left out is {}", Variant::ALL.map(|variant| variant.name).join(", ")))
}

fn clip(name: &str) -> Result<ClipKind, String> {
    ClipKind::from_name(name).ok_or_else(|| format!("the clips are {}", ClipKind::ALL.map(ClipKind::name).join(", ")))
}

fn face(name: &str) -> Result<Face, String> {
    Face::from_name(name).ok_or_else(|| format!("the typefaces are {}", Face::ALL.map(Face::name).join(", ")))
}
