//! What a report is about: a run, or weights alone.

use std::path::Path;

use anyhow::Context;
use burn::module::Module;
use burn::tensor::Device;
use kr_lpr::backend;
use kr_lpr::model::PlateNetworks;
use kr_lpr::reader::PlateReader;
use serde::Serialize;

use super::history::History;
use crate::checkpoint::{Checkpoint, RunState, is_checkpoint, weights_of};

/// The weights that are read with and where they come from.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subject {
    /// Name of the weights, or of the run's recipe where they were not exported.
    pub model: String,
    /// Recipe they were trained by.
    pub recipe: String,
    /// Seed of the training.
    pub seed: u64,
    /// Training steps.
    pub steps: u64,
    /// Seconds of training, where a checkpoint says it.
    pub seconds: Option<f64>,
    /// How much of the run is done, 0 to 1, where a checkpoint says it.
    pub progress: Option<f64>,
    /// Commit that exported the weights; `None` for a checkpoint.
    pub commit: Option<String>,
    /// Bytes of the weights file, or of what the checkpoint would be exported as.
    pub bytes: usize,
    /// Parameters, batch norm folded.
    pub parameters: usize,
    /// Multiply-adds a plate.
    pub multiply_adds: usize,
    /// Checksum of the values.
    pub checksum: String,
    /// The recipe in full, where it is known.
    #[serde(skip)]
    pub recipe_toml: Option<String>,
}

/// Everything that is opened to make a report.
pub struct Opened {
    /// What the report is about.
    pub subject: Subject,
    /// Reads with the weights.
    pub reader: PlateReader,
    /// The run's `metrics.csv`, if there is one.
    pub history: Option<History>,
}

/// Opens the folder `run` and the weights, a checkpoint or an exported file. Without `weights` they are the run's
/// checkpoint.
///
/// # Errors
/// When a file cannot be read or is of another build, or neither run nor weights are given.
pub fn open(run: Option<&Path>, weights: Option<&Path>) -> anyhow::Result<Opened> {
    let checkpoint = run.map(|run| run.join("checkpoint"));
    let path = weights.or(checkpoint.as_deref()).context("neither a run nor weights are given")?;
    let device = Device::flex();
    let bytes = weights_of::<PlateNetworks>(path)?;
    let reader =
        PlateReader::from_weights(&bytes, &backend::cpu()).with_context(|| format!("in weights {}", path.display()))?;
    let head = std::fs::read(path).with_context(|| format!("cannot read weights {}", path.display()))?;
    let state = if is_checkpoint(&head) { Some(Checkpoint::load(path)?.state) } else { None };
    let history = run.map(|run| run.join("metrics.csv")).filter(|path| path.exists());
    let history = history.map(|path| History::open(&path)).transpose()?;
    let recipe_toml = match run.map(|run| run.join("recipe.toml")).filter(|path| path.exists()) {
        Some(path) => Some(std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?),
        None => state.as_ref().map(|state| state.recipe.to_toml()).transpose()?,
    };
    let subject = Subject { recipe_toml, ..subject(&reader, state.as_ref(), bytes.len(), &device) };
    Ok(Opened { subject, reader, history })
}

fn subject(reader: &PlateReader, state: Option<&RunState>, bytes: usize, device: &Device) -> Subject {
    // What a network costs does not depend on its weights, and a file of another architecture was refused before.
    let networks = PlateNetworks::new(device).folded();
    let info = reader.info();
    let mut subject = Subject {
        model: info.provenance.model.clone(),
        recipe: info.provenance.recipe.clone(),
        seed: info.provenance.seed,
        steps: info.provenance.steps,
        seconds: None,
        progress: None,
        commit: Some(info.provenance.commit.clone()),
        bytes,
        parameters: networks.num_params(),
        multiply_adds: networks.multiply_adds(),
        checksum: info.checksum.clone(),
        recipe_toml: None,
    };
    if let Some(RunState { step, seconds, progress, recipe, .. }) = state {
        subject.model.clone_from(&recipe.name);
        subject.recipe.clone_from(&recipe.name);
        (subject.seed, subject.steps) = (recipe.seed, *step);
        (subject.seconds, subject.progress, subject.commit) = (Some(*seconds), Some(*progress), None);
    }
    subject
}
