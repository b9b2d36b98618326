//! `train`: a run by a recipe.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use kr_lpr_training::dataset::OwnPlates;
use kr_lpr_training::device::DeviceChoice;
use kr_lpr_training::recipe::{Recipe, Training};
use kr_lpr_training::task::{PlateTask, SceneTask};
use kr_lpr_training::train::{RunOptions, train};

/// Train a network by a recipe.
#[derive(Args)]
pub struct Arguments {
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
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { recipe, data, resume, minutes, seed, device, runs } = arguments;
    let mut recipe = Recipe::load(&recipe)?;
    if let Some(seed) = seed {
        recipe = recipe.with_seed(seed);
    }
    let data = data.map(|folder| OwnPlates::open(&folder)).transpose()?;
    let budget = minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes.max(0.0)));
    let options = RunOptions { runs, device: device.open()?, data, resume, budget };
    match recipe.training {
        Training::Recognizer(_) => train::<PlateTask>(&recipe, options).map(|_| ()),
        Training::Detector(_) => train::<SceneTask>(&recipe, options).map(|_| ()),
    }
}
