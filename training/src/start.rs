//! What a run begins with that does not begin with random weights.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use burn::tensor::{Device, Tensor};
use kr_lpr_render::synth::Synth;

use crate::checkpoint::{self, Checkpoint};
use crate::dataset::Dataset;
use crate::loader::Loader;
use crate::recipe::Recipe;
use crate::scenes::stock::Stock;
use crate::trained::{Trained, read_shipped};

/// Images that the batch norms of shipped weights are given their statistics by. A channel's mean over them is off by
/// less than batches of training differ among themselves.
const IMAGES: usize = 64;

/// The networks that `init_from` names, on a device with gradients: the averaged weights of a checkpoint, or a weights file as
/// it ships.
///
/// What ships has its batch norms folded away. `unfolded` puts new ones in, on the device without gradients, with the
/// statistics of the images that this run begins with.
///
/// # Errors
/// When the file is neither or not of this build, or `unfolded` fails.
pub fn networks<N: Trained>(
    path: &Path,
    device: &Device,
    unfolded: impl FnOnce(N, &Device) -> anyhow::Result<N>,
) -> anyhow::Result<N> {
    let bytes =
        std::fs::read(path).with_context(|| format!("cannot read {}, which `init_from` names", path.display()))?;
    if checkpoint::is_checkpoint(&bytes) {
        return Checkpoint::load(path)?.average(device);
    }
    let plain = device.clone().without_autodiff();
    let shipped = read_shipped(&bytes, &plain).with_context(|| format!("in {}", path.display()))?;
    let unfolded = unfolded(shipped, &plain)?;
    N::fresh(device).try_load_record(unfolded.into_record()).context("the unfolded networks are others")
}

/// The first plates of a run for the aligner and for the recognizer, each `[IMAGES or a few more, 1, 96, 192]`.
///
/// # Errors
/// When no batch can be made.
pub fn plates(recipe: &Recipe, data: Option<Arc<Dataset>>, device: &Device) -> anyhow::Result<(Tensor<4>, Tensor<4>)> {
    let mut loader = Loader::start(recipe, data, 0)?;
    let (mut loose, mut straight) = (Vec::new(), Vec::new());
    for _ in 0..IMAGES.div_ceil(recipe.batch_size) {
        let batch = loader.next_batch()?.into_tensors(device);
        loose.push(batch.loose_images);
        straight.push(batch.images);
    }
    Ok((Tensor::cat(loose, 0), Tensor::cat(straight, 0)))
}

/// The first views of a run for the detector, `[IMAGES or a few more, 1, h, w]`.
///
/// # Errors
/// When the recipe is not of a detector.
pub fn views(recipe: &Recipe, synth: Arc<Synth>, device: &Device) -> anyhow::Result<Tensor<4>> {
    let mut stock = Stock::new(recipe, synth)?;
    let batches = (0..IMAGES.div_ceil(recipe.batch_size) as u64).map(|number| stock.batch(number));
    Ok(Tensor::cat(batches.map(|batch| batch.into_tensors(device).images).collect(), 0))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::loader::validation_examples;
    use crate::task::{PlateTask, SceneTask, Task};
    use burn::module::Module;
    use kr_lpr::model::weights;
    use kr_lpr::model::{Detector, PlateNetworks};

    fn shipped() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/weights/recognizer.bin")
    }

    #[test]
    fn shipped_weights_unfold_to_the_same_function() {
        let device = Device::flex();
        let mut recipe = Recipe { batch_size: 32, ..Recipe::default() };
        recipe.renderer.first_difficulty = 1.0;
        recipe.validation.plates = 32;
        let (folded, _) = weights::read::<PlateNetworks>(&std::fs::read(shipped()).unwrap(), &device).unwrap();
        let task = PlateTask::new(&recipe, None).unwrap();
        let training = device.clone().autodiff();
        let trained = task.begin_with(&shipped(), task.trainee(&training), &training).unwrap().networks;
        assert_eq!(trained.num_params(), PlateNetworks::new(&device).num_params());

        let images = crate::plates::batch::images(&validation_examples(&recipe).unwrap(), &device); // [32, 1, 96, 192]
        let probs = |log_probs: Tensor<3>| log_probs.exp();
        let expected = probs(folded.recognizer.forward(images.clone()).log_probs);
        let worst = |other: Tensor<3>| -> f32 { (expected.clone() - probs(other)).abs().max().into_scalar() };
        let mean =
            |other: Tensor<3>| -> f32 { (expected.clone() - probs(other)).abs().sum_dim(2).mean().into_scalar() };
        let inference = trained.valid();
        assert!(worst(inference.recognizer.forward(images.clone()).log_probs) < 1e-3);
        assert!(worst(inference.clone().folded().recognizer.forward(images.clone()).log_probs) < 1e-3);
        let corners = folded.aligner.forward(images.clone()) - inference.aligner.forward(images.clone());
        let moved: f32 = corners.abs().max().into_scalar();
        assert!(moved < 0.05, "{moved} px");
        // In training every batch has statistics of its own, so that the first step is near the function, not at it:
        // about 0.03 of at most 2.
        let training = mean(trained.recognizer.forward(Tensor::from_inner(images)).log_probs.inner());
        assert!(training < 0.1, "{training}");
    }

    #[test]
    fn a_shipped_detector_unfolds_to_the_same_function() {
        let device = Device::flex();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/weights/detector.bin");
        let mut recipe = Recipe::parse("network = 'detector'\nbatch_size = 4\n[scenes]\nsize = [240, 180]").unwrap();
        recipe.validation.plates = 2;
        let task = SceneTask::new(&recipe, None).unwrap();
        let training = device.clone().autodiff();
        let trained = task.begin_with(&path, task.trainee(&training), &training).unwrap();
        assert_eq!(trained.num_params(), Detector::new(&device).num_params());
        let (folded, _) = weights::read::<Detector>(&std::fs::read(path).unwrap(), &device).unwrap();
        let images = Stock::new(&recipe, Arc::new(Synth::new(Default::default()).unwrap())).unwrap().batch(0);
        let images = images.into_tensors(&device).images; // [4, 1, h, w]
        let off = folded.forward(images.clone()) - trained.valid().forward(images);
        let worst: f32 = off.abs().max().into_scalar();
        assert!(worst < 1e-2, "{worst}");
    }

    #[test]
    fn a_file_that_is_neither_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.bin");
        std::fs::write(&path, "something else").unwrap();
        for path in [path, folder.path().join("missing.bin")] {
            let error = networks(&path, &Device::flex(), |networks: PlateNetworks, _| Ok(networks)).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(path.to_str().unwrap()), "{error}");
        }
    }
}
