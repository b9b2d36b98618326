//! What a run trains. The loop of [`train`](crate::train) knows this trait alone.
//!
//! | file | what |
//! |---|---|
//! | `plates` | aligner and recognizer, on plates |
//! | `scenes` | the detector, on scenes |

mod plates;
mod scenes;

use std::fmt::Debug;
use std::path::Path;

use burn::module::Module;
use burn::tensor::{Device, Tensor};

pub use plates::PlateTask;
pub use scenes::{Found, SceneTask};

use crate::dataset::OwnPlates;
use crate::kernels::TrainingKernels;
use crate::loader::Loader;
use crate::metrics::Columns;
use crate::recipe::Recipe;
use crate::trained::Trained;

/// Where a run stands at some step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    /// Steps done.
    pub step: u64,
    /// 0 to 1, as [`Plan::progress`](crate::schedule::Plan::progress).
    pub progress: f64,
}

/// One sort of networks, what they learn from and how it is told how far they are.
pub trait Task: Sync + Sized {
    /// What the optimizer moves.
    type Trainee: Module + Send;
    /// The part of it that ships. Its average is validated.
    type Networks: Trained;
    /// What a replica sees in a step.
    type Batch: Send + 'static;
    /// What a validation says.
    type Score: Debug;

    /// By `recipe`, on `data` where there is some.
    ///
    /// # Errors
    /// When the recipe is of another task, cannot be rendered, or has no use for the data.
    fn new(recipe: &Recipe, data: Option<OwnPlates>) -> anyhow::Result<Self>;

    /// Random weights on a device with gradients.
    fn trainee(&self, device: &Device) -> Self::Trainee;

    /// The part that ships.
    fn networks<'a>(&self, trainee: &'a Self::Trainee) -> &'a Self::Networks;

    /// Puts the weights of `init_from` into `trainee`.
    ///
    /// # Errors
    /// When the file is not of these networks.
    fn begin_with(&self, path: &Path, trainee: Self::Trainee, device: &Device) -> anyhow::Result<Self::Trainee>;

    /// Batches from step `first` on.
    ///
    /// # Errors
    /// When what the recipe wants cannot be made.
    fn loader(&self, recipe: &Recipe, first: u64) -> anyhow::Result<Loader<Self::Batch>>;

    /// Number of images in a batch.
    fn images(&self, batch: &Self::Batch) -> usize;

    /// The losses, each `[1]`, under the names of [`columns`](Self::columns): the first is the weighted sum that is
    /// minimised.
    fn losses(
        &self,
        trainee: &Self::Trainee,
        batch: Self::Batch,
        moment: Moment,
        kernels: TrainingKernels,
        device: &Device,
    ) -> Vec<Tensor<1>>;

    /// Names of losses and scores.
    fn columns(&self) -> Columns;

    /// How right the networks are.
    ///
    /// # Errors
    /// When they give something that is not a number.
    fn validate(&self, networks: &Self::Networks, device: &Device) -> anyhow::Result<Self::Score>;

    /// Its numbers, in the order of [`columns`](Self::columns).
    fn scores(&self, score: &Self::Score) -> Vec<Option<f64>>;

    /// It in one line.
    fn line(&self, score: &Self::Score) -> String;

    /// It at length.
    fn tables(&self, score: &Self::Score) -> String;

    /// Multiply-adds of one image.
    fn multiply_adds(&self, networks: &Self::Networks) -> usize;
}
