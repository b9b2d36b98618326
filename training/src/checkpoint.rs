//! Everything a run needs to go on, in one file that is whole or not there.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, bail, ensure};
use burn::module::Module;
use burn::optim::ModuleOptimizer;
use burn::store::ModuleRecord;
use burn::tensor::{Bytes, Device};
use kr_lpr::calibration::Calibration;
use kr_lpr::labels;
use kr_lpr::model::weights::{self, Provenance};
use serde::{Deserialize, Serialize};

use crate::migrate::{self, Heads, NewRows};
use crate::recipe::{self, Recipe};
use crate::trained::Trained;

const MAGIC: &[u8; 8] = b"KRLPRCKP";

/// A run at some step.
pub struct Checkpoint {
    /// Steps done, time taken, and the recipe.
    pub state: RunState,
    /// The trained network with its auxiliary heads.
    trainee: Vec<u8>,
    /// The average of the networks' weights.
    average: Vec<u8>,
    /// What the optimizer remembers; nothing where the run had come to its end.
    optimizer: Vec<u8>,
}

/// The readable part of a checkpoint.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    /// Steps done.
    pub step: u64,
    /// Seconds of training, all processes of the run together.
    pub seconds: f64,
    /// Progress at that step: 0 to 1.
    pub progress: f64,
    /// Alphabet the run is trained for.
    pub alphabet: u64,
    /// The recipe.
    #[serde(deserialize_with = "recipe::from_checkpoint")]
    pub recipe: Recipe,
}

#[derive(Serialize, Deserialize)]
struct Header {
    state: RunState,
    lengths: [usize; 3],
}

/// Whether a file starting with these bytes is a checkpoint.
pub fn is_checkpoint(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

impl Checkpoint {
    /// Takes down a run; nothing is written yet. What the optimizer remembers is half of it, and makes the next step the one that
    /// the run would have done; a run at its end can do without.
    ///
    /// # Errors
    /// When a tensor cannot be read back from the device.
    pub fn take(
        state: RunState,
        trainee: &impl Module,
        average: &impl Module,
        optimizer: Option<&ModuleOptimizer>,
    ) -> anyhow::Result<Checkpoint> {
        let optimizer = optimizer.map(ModuleOptimizer::into_bytes).transpose()?;
        // `valid` also brings the running statistics of the batch norms up to date.
        Ok(Checkpoint {
            state,
            trainee: trainee.valid().into_record().into_bytes()?.to_vec(),
            average: average.clone().into_record().into_bytes()?.to_vec(),
            optimizer: optimizer.map_or(Vec::new(), |bytes| bytes.to_vec()),
        })
    }

    /// Writes the checkpoint beside `path` and then renames it: a run that is killed leaves the old one or the new.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, path: &Path) -> anyhow::Result<()> {
        let blobs = [&self.trainee, &self.average, &self.optimizer];
        let header = Header { state: self.state.clone(), lengths: blobs.map(Vec::len) };
        let header = serde_json::to_vec(&header)?;
        let unfinished = path.with_extension("unfinished");
        let write = || -> std::io::Result<()> {
            let mut file = File::create(&unfinished)?;
            file.write_all(MAGIC)?;
            file.write_all(&(header.len() as u64).to_le_bytes())?;
            file.write_all(&header)?;
            for blob in blobs {
                file.write_all(blob)?;
            }
            file.sync_all()?;
            std::fs::rename(&unfinished, path)
        };
        write().with_context(|| format!("cannot write checkpoint {}", path.display()))
    }

    /// Reads a checkpoint.
    ///
    /// # Errors
    /// When the file is missing, is no checkpoint, or is for an alphabet that this build's did not grow out of.
    pub fn load(path: &Path) -> anyhow::Result<Checkpoint> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read checkpoint {}", path.display()))?;
        Checkpoint::parse(&bytes).with_context(|| format!("in checkpoint {}", path.display()))
    }

    fn parse(bytes: &[u8]) -> anyhow::Result<Checkpoint> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else { bail!("this is no checkpoint of kr-lpr") };
        let (length, rest) = rest.split_first_chunk::<8>().context("the file ends early")?;
        let (header, mut rest) =
            rest.split_at_checked(u64::from_le_bytes(*length) as usize).context("the file ends early")?;
        let Header { state, lengths } = serde_json::from_slice(header).context("the header is damaged")?;
        ensure!(
            labels::classes_of(state.alphabet).is_some(),
            "the run was trained for alphabet {:016x}; this build has {:016x}",
            state.alphabet,
            labels::fingerprint()
        );
        let mut take = |length: usize| -> anyhow::Result<Vec<u8>> {
            let (blob, after) = rest.split_at_checked(length).context("the file ends early")?;
            rest = after;
            Ok(blob.to_vec())
        };
        let [trainee, average, optimizer] = lengths;
        let (trainee, average, optimizer) = (take(trainee)?, take(average)?, take(optimizer)?);
        Ok(Checkpoint { state, trainee, average, optimizer })
    }

    /// `fresh` with the weights that are trained, heads that do not ship and all; with rows for the classes and kinds of this
    /// build that they do not know yet, see [`migrate`].
    ///
    /// # Errors
    /// When the weights are of other networks.
    pub fn trainee<M: Module>(&self, fresh: M) -> anyhow::Result<M> {
        self.migrated(fresh, &self.trainee).map(|(trainee, _)| trainee)
    }

    /// The average of the networks' weights: what is validated and exported. Migrated likewise.
    ///
    /// # Errors
    /// When the weights are of other networks.
    pub fn average<N: Trained>(&self, device: &Device) -> anyhow::Result<N> {
        self.migrated(N::fresh(device), &self.average).map(|(networks, _)| networks)
    }

    /// `optimizer` with what it remembered; as it is where nothing was kept, and for networks that were migrated.
    ///
    /// # Errors
    /// When the record is damaged, or the weights are of other networks.
    pub fn optimizer<N: Trained>(&self, optimizer: ModuleOptimizer) -> anyhow::Result<ModuleOptimizer> {
        if self.optimizer.is_empty() {
            return Ok(optimizer);
        }
        let (_, heads) = self.migrated(N::fresh(&Device::flex()), &self.average)?;
        if N::contents().alphabet != "none" && heads != Heads::TODAY {
            return Ok(optimizer);
        }
        Ok(optimizer.from_bytes(Bytes::from_bytes_vec(self.optimizer.clone()))?)
    }

    fn migrated<M: Module>(&self, module: M, bytes: &[u8]) -> anyhow::Result<(M, Heads)> {
        migrate::load(module, self.state.alphabet, NewRows::Trainable, |module| load(module, bytes))
    }
}

fn load<M: Module>(module: M, bytes: &[u8]) -> anyhow::Result<M> {
    let record = ModuleRecord::from_bytes(Bytes::from_bytes_vec(bytes.to_vec()))?;
    module.try_load_record(record).context("the checkpoint is of another network")
}

/// The bytes of a weights file, or what the checkpoint of a run would be exported as, not calibrated.
///
/// # Errors
/// When the file cannot be read, or is a checkpoint of other networks.
pub fn weights_of<N: Trained>(path: &Path) -> anyhow::Result<Vec<u8>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read weights {}", path.display()))?;
    if !is_checkpoint(&bytes) {
        return Ok(bytes);
    }
    let average: N = Checkpoint::load(path)?.average(&Device::flex())?;
    Ok(weights::write(&average.folded(), Calibration::default(), &Provenance::default())?)
}
