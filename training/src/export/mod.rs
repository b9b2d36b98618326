//! From a training run to what ships: the weights file, its card and, where asked for, an ONNX file.

mod card;
mod commit;
mod detector;
mod onnx;
mod proto;
mod safetensors;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use burn::module::Module;
use burn::tensor::Device;
use kr_lpr::backend;
use kr_lpr::calibration::Calibration;
use kr_lpr::labels::Label;
use kr_lpr::model::Networks;
use kr_lpr::model::weights::{self, Provenance, WeightsInfo};
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::{Mode, PlateReader, ReadOptions};

use crate::calibrate::{self, Belief};
use crate::checkpoint::Checkpoint;
use crate::dataset::Collection;
use crate::evaluation::rendered::{PlateRead, read_balanced};
use crate::measure;
use kr_lpr_render::synth::{Synth, SynthSettings};

pub use card::Card;
pub(crate) use card::grouped;
pub use detector::{DetectorCard, export_detector};
pub use onnx::{aligner_to_onnx, recognizer_to_onnx};
pub use safetensors::to_safetensors;

/// Most bytes of the weights file.
pub const MAX_BYTES: usize = 86_000;

/// Seeds of rendered plates, which share none: those that calibrate, and those in the card. A report has seed 1.
const CALIBRATION: u64 = 2;
const VALIDATION: u64 = 3;

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Folder of the run.
    pub run: PathBuf,
    /// Folder for `recognizer.bin` and its card `recognizer.md`.
    pub out: PathBuf,
    /// Name of the weights; the recipe's if left out.
    pub name: Option<String>,
    /// What the run was trained on, in general words; this machine's CPU if left out.
    pub trained_on: Option<String>,
    /// Rendered plates, or scenes, to calibrate with, and as many others to validate with.
    pub plates: u64,
    /// Folder for `recognizer.onnx` and `aligner.onnx`, if they are wanted.
    pub onnx: Option<PathBuf>,
    /// Safetensors file to write as well.
    pub safetensors: Option<PathBuf>,
    /// Collection whose accuracy goes into the card: `manifest.json` or a dataset.
    pub data: Option<PathBuf>,
}

/// Writes the averaged weights of a run's checkpoint, batch norm folded, and says what they are.
///
/// Every accuracy in the card is that of the file as written, in half precision.
///
/// # Errors
/// When a file cannot be read or written, or the weights do not fit their size or half precision.
pub fn export(options: &ExportOptions) -> anyhow::Result<Card> {
    let device = Device::flex();
    let checkpoint = Checkpoint::load(&options.run.join("checkpoint"))?;
    let state = &checkpoint.state;
    let provenance = Provenance {
        model: options.name.clone().unwrap_or_else(|| state.recipe.name.clone()),
        recipe: state.recipe.name.clone(),
        seed: state.recipe.seed,
        commit: commit::commit(),
        steps: state.step,
    };
    let networks = checkpoint.average(&device)?.folded();
    let bytes = weights::write(&networks, Calibration::default(), &provenance)?;
    let synth = Synth::new(SynthSettings::default())?;
    let uncalibrated = PlateReader::from_weights(&bytes, &backend::cpu())?;
    let calibration = calibrate::fit(&beliefs(&read_balanced(&uncalibrated, &synth, options.plates, CALIBRATION)?));
    let bytes = weights::write(&networks, calibration, &provenance)?;
    ensure!(bytes.len() <= MAX_BYTES, "the weights take {} bytes; {MAX_BYTES} are allowed", bytes.len());

    let (networks, info) = weights::read::<Networks>(&bytes, &device)?;
    let reader = PlateReader::from_weights(&bytes, &backend::cpu())?;
    let validation = read_balanced(&reader, &synth, options.plates, VALIDATION)?;
    let measured = options.data.as_deref().map(|folder| measured(&bytes, folder)).transpose()?;
    let card = Card {
        state: state.clone(),
        info: info.clone(),
        bytes: bytes.len(),
        parameters: networks.num_params(),
        layers: networks.recognizer.layers(),
        multiply_adds: networks.multiply_adds(),
        trained_on: options.trained_on.clone().unwrap_or_else(this_cpu),
        validation,
        measured,
    };

    std::fs::create_dir_all(&options.out).with_context(|| format!("cannot make {}", options.out.display()))?;
    write_whole(&options.out.join("recognizer.bin"), &bytes)?;
    write_whole(&options.out.join("recognizer.md"), card.markdown()?.as_bytes())?;
    if let Some(folder) = &options.onnx {
        write_onnx(&networks, &info, folder)?;
    }
    if let Some(path) = &options.safetensors {
        write_whole(path, &to_safetensors(&networks, &info)?)?;
    }
    Ok(card)
}

/// How a picture becomes an input, for those who cannot call `kr_lpr::rectify` and `kr_lpr::model::input`.
const PREPROCESSING: &str = "A plate cut out along its four corners with 5 % more around it and warped upright to fill \
192x96 pixels, whatever its proportions, every output pixel the mean of the input pixels it covers. Luma is \
(77 R + 150 G + 29 B) / 256. The input is (luma - mean) / (deviation + 8) with mean and standard deviation of all pixels.";

/// What a consumer of the bare networks has to know.
fn description(info: &WeightsInfo) -> [(&'static str, String); 6] {
    // Class 0 is the blank of CTC.
    let classes: Vec<&str> = [""].into_iter().chain(Label::all().map(Label::name)).collect();
    [
        ("model", info.provenance.model.clone()),
        ("commit", info.provenance.commit.clone()),
        ("checksum", info.checksum.clone()),
        ("classes", classes.join("\n")),
        ("kinds", PlateKind::ALL.map(PlateKind::name).join("\n")),
        ("preprocessing", PREPROCESSING.to_owned()),
    ]
}

fn beliefs(plates: &[PlateRead]) -> Vec<Belief> {
    plates.iter().map(|plate| Belief { log_prob: plate.log_prob, right: plate.is_right() }).collect()
}

/// Writes `recognizer.onnx` and `aligner.onnx` into a folder.
///
/// # Errors
/// When the networks are not folded or a file cannot be written.
pub fn write_onnx(networks: &Networks, info: &WeightsInfo, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write_whole(&folder.join("recognizer.onnx"), &recognizer_to_onnx(&networks.recognizer, info)?)?;
    write_whole(&folder.join("aligner.onnx"), &aligner_to_onnx(&networks.aligner, info)?)
}

fn this_cpu() -> String {
    match std::thread::available_parallelism() {
        Ok(cores) => format!("CPU, {cores} cores"),
        Err(_) => "CPU".to_owned(),
    }
}

/// The shipped pipeline on a collection, under the name of its folder.
fn measured(bytes: &[u8], folder: &Path) -> anyhow::Result<card::Measured> {
    let reader = PlateReader::from_weights(bytes, &backend::cpu())?;
    let crops = Collection::open(folder)?.crops;
    let name = std::path::absolute(folder)?.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let readings = measure::measure(&reader, crops, &ReadOptions { mode: Mode::Crop, ..ReadOptions::default() });
    Ok(card::Measured { name, score: measure::score(&readings) })
}

/// Writes beside `path` and renames: whoever reads it finds the old file or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(".unfinished");
    std::fs::write(&unfinished, bytes)
        .and_then(|()| std::fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
pub(crate) mod testing {
    //! Networks that a training would give.

    use burn::module::Module;
    use burn::tensor::{Device, Distribution, Tensor};
    use kr_lpr::model::Networks;

    /// Random weights whose batch norms have seen something, so that folding them matters.
    pub fn trained() -> Networks {
        let device = Device::flex().autodiff();
        let networks = Networks::new(&device);
        let images = Tensor::random([4, 1, 96, 192], Distribution::Normal(0.0, 1.0), &device);
        let _ = networks.aligner.forward(images.clone());
        let _ = networks.recognizer.forward(images);
        networks.valid()
    }
}
