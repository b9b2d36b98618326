//! From a training run to what ships: the weights file, its card and, where asked for, other forms of the networks.
//!
//! | file | what |
//! |---|---|
//! | `plates` | what is told of the networks that read a plate |
//! | `scenes` | what is told of the detector |
//! | `card` | the page beside every weights file |
//! | `onnx`, `proto`, `safetensors` | other forms of the networks that read a plate |

mod card;
mod commit;
mod onnx;
mod plates;
mod proto;
mod safetensors;
mod scenes;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::model::Layer;
use kr_lpr::model::weights::{self, Provenance, WeightsInfo};

use crate::calibrate::{self, Belief};
use crate::checkpoint::Checkpoint;
use crate::recipe::Recipe;
use crate::trained::Trained;

pub(crate) use card::grouped;
pub use card::{Card, Evidence};
pub use onnx::{aligner_to_onnx, detector_to_onnx, recognizer_to_onnx};
pub use plates::{PlateEvidence, write_onnx};
pub use safetensors::to_safetensors;
pub use scenes::SceneEvidence;

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// Folder of the run.
    pub run: PathBuf,
    /// Folder for the weights file and its card, such as `recognizer.bin` and `recognizer.md`.
    pub out: PathBuf,
    /// Name of the weights; the recipe's if left out.
    pub name: Option<String>,
    /// What the run was trained on, in general words; this machine's CPU if left out.
    pub trained_on: Option<String>,
    /// Rendered plates to calibrate with, and as many others to validate with; a tenth as many scenes for a detector.
    pub plates: u64,
    /// Folder for `recognizer.onnx` and `aligner.onnx`, if they are wanted.
    pub onnx: Option<PathBuf>,
    /// Safetensors file to write as well.
    pub safetensors: Option<PathBuf>,
    /// Collection whose accuracy goes into the card: `manifest.json` or a dataset.
    pub data: Option<PathBuf>,
}

/// Networks that ship in a file with a card.
pub trait Exported: Trained {
    /// Name of the file and of its card, without what they end in.
    const FILE: &'static str;

    /// Most bytes of the file.
    const MAX_BYTES: usize;

    /// What the card says about how right they are.
    type Evidence: Evidence;

    /// What the networks believe and whether it is so, to calibrate them by; `bytes` are their file, not calibrated.
    ///
    /// # Errors
    /// When pictures cannot be rendered or read.
    fn beliefs(&self, bytes: &[u8], recipe: &Recipe, options: &ExportOptions) -> anyhow::Result<Vec<Belief>>;

    /// How right the file is.
    ///
    /// # Errors
    /// When pictures cannot be rendered or read.
    fn evidence(bytes: &[u8], recipe: &Recipe, options: &ExportOptions) -> anyhow::Result<Self::Evidence>;

    /// The convolutions that the card lists.
    fn layers(&self) -> Vec<Layer>;

    /// Multiply-adds that the card names.
    fn multiply_adds(&self) -> usize;

    /// Writes what `options` want besides the file.
    ///
    /// # Errors
    /// When there is no such form of these networks, or it cannot be written.
    fn write_other_forms(&self, info: &WeightsInfo, options: &ExportOptions) -> anyhow::Result<()>;
}

/// Writes the averaged weights of a run's checkpoint, batch norm folded and confidences calibrated, and says what they are.
///
/// Every accuracy in the card is that of the file as written, in its few bits.
///
/// # Errors
/// When a file cannot be read or written, or the weights do not fit their size or half precision.
pub fn export<N: Exported>(options: &ExportOptions) -> anyhow::Result<Card<N::Evidence>> {
    let device = Device::flex();
    let checkpoint = Checkpoint::load(&options.run.join("checkpoint"))?;
    let state = checkpoint.state.clone();
    let provenance = Provenance {
        model: options.name.clone().unwrap_or_else(|| state.recipe.name.clone()),
        recipe: state.recipe.name.clone(),
        seed: state.recipe.seed,
        commit: commit::commit(),
        steps: state.step,
    };
    let networks = checkpoint.average::<N>(&device)?.folded();
    let bytes = weights::write(&networks, Calibration::default(), &provenance)?;
    let calibration = calibrate::fit(&networks.beliefs(&bytes, &state.recipe, options)?);
    let bytes = weights::write(&networks, calibration, &provenance)?;
    ensure!(bytes.len() <= N::MAX_BYTES, "the weights take {} bytes; {} are allowed", bytes.len(), N::MAX_BYTES);

    let (networks, info) = weights::read::<N>(&bytes, &device)?;
    let card = Card {
        evidence: N::evidence(&bytes, &state.recipe, options)?,
        state,
        info,
        bytes: bytes.len(),
        parameters: networks.num_params(),
        layers: networks.layers(),
        multiply_adds: networks.multiply_adds(),
        trained_on: options.trained_on.clone().unwrap_or_else(this_cpu),
    };
    std::fs::create_dir_all(&options.out).with_context(|| format!("cannot make {}", options.out.display()))?;
    write_whole(&options.out.join(N::FILE).with_extension("bin"), &bytes)?;
    write_whole(&options.out.join(N::FILE).with_extension("md"), card.markdown()?.as_bytes())?;
    networks.write_other_forms(&card.info, options)?;
    Ok(card)
}

fn this_cpu() -> String {
    match std::thread::available_parallelism() {
        Ok(cores) => format!("CPU, {cores} cores"),
        Err(_) => "CPU".to_owned(),
    }
}

/// Name of a collection: that of its folder.
fn name_of(folder: &Path) -> anyhow::Result<String> {
    Ok(std::path::absolute(folder)?.file_name().unwrap_or_default().to_string_lossy().into_owned())
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
    use kr_lpr::model::PlateNetworks;

    /// Random weights whose batch norms have seen something, so that folding them matters.
    pub fn trained() -> PlateNetworks {
        let device = Device::flex().autodiff();
        let networks = PlateNetworks::new(&device);
        let images = Tensor::random([4, 1, 96, 192], Distribution::Normal(0.0, 1.0), &device);
        let _ = networks.aligner.forward(images.clone());
        let _ = networks.recognizer.forward(images);
        networks.valid()
    }
}
