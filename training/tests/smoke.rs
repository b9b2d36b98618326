//! The trainer as a whole: what cannot learn eight plates by heart has a bug.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::labels;
use kr_lpr::model::PlateNetworks;
use kr_lpr::model::weights::{self, Provenance};
use kr_lpr_training::checkpoint::{Checkpoint, RunState};
use kr_lpr_training::evaluation::greedy::score;
use kr_lpr_training::kernels::TrainingKernels;
use kr_lpr_training::loader::{Loader, validation_examples};
use kr_lpr_training::optimizer::NAdam;
use kr_lpr_training::recipe::Recipe;
use kr_lpr_training::task::PlateTask;
use kr_lpr_training::train::{RunOptions, checkpoint_path, train};
use kr_lpr_training::trainee::{LossWeights, Trainee};

fn smoke() -> Recipe {
    Recipe::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/smoke.toml")).unwrap()
}

fn options(runs: &Path, resume: bool) -> RunOptions {
    RunOptions { runs: runs.to_path_buf(), device: Device::flex(), data: None, resume, budget: None }
}

#[test]
fn eight_plates_are_learned_by_heart() {
    let runs = tempfile::tempdir().unwrap();
    let recipe = smoke();
    let outcome = train::<PlateTask>(&recipe, options(runs.path(), false)).unwrap();
    let validated = outcome.score.rendered.unwrap();
    assert_eq!(validated.total().right, 8, "{}", validated.table());

    // The checkpoint holds what was validated, and the shipped file reads the same plates.
    let device = Device::flex();
    let examples = validation_examples(&recipe).unwrap();
    let path = checkpoint_path(runs.path(), "smoke");
    let average = Checkpoint::load(&path).unwrap().average::<PlateNetworks>(&device).unwrap();
    assert!(
        std::fs::metadata(&path).unwrap().len() < 800_000,
        "weights and their average, and nothing of the optimizer"
    );
    assert_eq!(score(&average.recognizer, &examples, &device).unwrap(), validated);
    let bytes = weights::write(&average.folded(), Calibration::default(), &Provenance::default()).unwrap();
    let (shipped, _) = weights::read::<PlateNetworks>(&bytes, &device).unwrap();
    assert_eq!(score(&shipped.recognizer, &examples, &device).unwrap(), validated);

    // A finished run is not trained over, and resuming one that is done does no more steps.
    assert!(train::<PlateTask>(&recipe, options(runs.path(), false)).is_err());
    assert_eq!(train::<PlateTask>(&recipe, options(runs.path(), true)).unwrap().step, outcome.step);
}

#[test]
fn a_resumed_run_goes_on_as_if_it_had_not_stopped() {
    let recipe = smoke();
    let device = Device::flex().autodiff();
    let kernels = TrainingKernels::for_device(&Device::flex());
    let nadam = NAdam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
    let weights = LossWeights::at(&recipe.plates().unwrap().losses, 0, 0.0);
    let batch = Loader::start(&recipe, None, 0).unwrap().next_batch().unwrap();
    let step = |trainee: Trainee, optimizer: &mut burn::optim::ModuleOptimizer| {
        let losses = trainee.losses(batch.clone().into_tensors(&device), weights, &kernels);
        let loss: f32 = losses.total.clone().into_scalar();
        let gradients = GradientsParams::from_grads(losses.total.backward(), &trainee);
        (optimizer.step(1e-3, trainee, gradients), loss)
    };

    let mut optimizer = nadam.init();
    let mut trainee = Trainee::new(&device);
    for _ in 0..3 {
        (trainee, _) = step(trainee, &mut optimizer);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    let alphabet = labels::fingerprint();
    let state = RunState { step: 3, seconds: 1.5, progress: 0.25, alphabet, recipe: recipe.clone() };
    let average = trainee.networks.valid();
    // At its end a run keeps nothing of the optimizer, and goes on with a new one.
    Checkpoint::take(state.clone(), &trainee, &average, None).unwrap().save(&path).unwrap();
    let mut new_optimizer = Checkpoint::load(&path).unwrap().optimizer::<PlateNetworks>(nadam.init()).unwrap();
    let second_loss = |optimizer: &mut burn::optim::ModuleOptimizer| {
        let (stepped, _) = step(trainee.clone(), optimizer);
        step(stepped, optimizer).1
    };
    let (expected, actual) = (second_loss(&mut nadam.init()), second_loss(&mut new_optimizer));
    assert!((expected - actual).abs() < 1e-5 * expected, "{expected} became {actual}");
    let length = std::fs::metadata(&path).unwrap().len();

    Checkpoint::take(state.clone(), &trainee, &average, Some(&optimizer)).unwrap().save(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > length * 3 / 2);

    let checkpoint = Checkpoint::load(&path).unwrap();
    assert_eq!(checkpoint.state, state);
    let mut resumed_optimizer = checkpoint.optimizer::<PlateNetworks>(nadam.init()).unwrap();
    let mut resumed = checkpoint.trainee(Trainee::new(&device)).unwrap();
    for _ in 0..3 {
        let (expected, actual);
        (trainee, expected) = step(trainee, &mut optimizer);
        (resumed, actual) = step(resumed, &mut resumed_optimizer);
        assert!((expected - actual).abs() < 1e-5 * expected, "{expected} became {actual}");
    }
    let examples = validation_examples(&recipe).unwrap();
    let read = |trainee: &Trainee| {
        let images = kr_lpr_training::plates::batch::images(&examples, &Device::flex());
        trainee.networks.recognizer.valid().forward(images).log_probs
    };
    // The running statistics of the batch norms came along too.
    let difference: f32 = (read(&trainee) - read(&resumed)).abs().max().into_scalar();
    assert!(difference < 1e-3, "{difference}");
}

#[test]
fn a_damaged_checkpoint_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint");
    for bytes in [&b""[..], b"KRLPRCKP", b"KRLPRCKP\xff\xff\xff\xff\xff\xff\xff\xff", b"something else entirely"] {
        std::fs::write(&path, bytes).unwrap();
        let error = format!("{:#}", Checkpoint::load(&path).err().unwrap());
        assert!(error.contains("checkpoint"), "{error}");
    }
    assert!(Checkpoint::load(&folder.path().join("missing")).is_err());
}
