//! What a run begins with that does not begin with random weights.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use kr_lpr::model::{Networks, weights};

use crate::checkpoint::{self, Checkpoint};
use crate::dataset::Dataset;
use crate::loader::Loader;
use crate::migrate::{self, NewRows};
use crate::recipe::Recipe;

/// Plates that the batch norms of shipped weights are given their statistics by. A channel's mean over them is off by
/// less than batches of training differ among themselves.
const PLATES: usize = 64;

/// The networks that `init_from` of `recipe` names, on a device with gradients: the averaged weights of a checkpoint, or
/// a weights file as it ships.
///
/// What ships has its batch norms folded away; [`Networks::unfolded`] puts new ones in, with the statistics of the
/// plates that this run begins with.
///
/// # Errors
/// When the file is neither or not of this build, or no batch can be made.
pub fn networks(path: &Path, recipe: &Recipe, data: Option<Arc<Dataset>>, device: &Device) -> anyhow::Result<Networks> {
    let bytes =
        std::fs::read(path).with_context(|| format!("cannot read {}, which `init_from` names", path.display()))?;
    if checkpoint::is_checkpoint(&bytes) {
        return Checkpoint::load(path)?.average(device);
    }
    let plain = device.clone().without_autodiff();
    let shipped = shipped(&bytes, &plain).with_context(|| format!("in {}", path.display()))?;
    let (loose, straight) = images(recipe, data, &plain)?;
    let unfolded = shipped.unfolded(loose, straight);
    Networks::new(device).try_load_record(unfolded.into_record()).context("the unfolded networks are others")
}

/// The networks of a weights file, grown to this build's classes and kinds.
fn shipped(bytes: &[u8], device: &Device) -> anyhow::Result<Networks> {
    let info = weights::info(bytes)?;
    let alphabet = u64::from_str_radix(&info.alphabet, 16).context("its alphabet is no fingerprint")?;
    let (networks, _) = migrate::load(Networks::new(device).folded(), alphabet, NewRows::Trainable, |networks| {
        Ok(weights::read_of(bytes, alphabet, networks)?.0)
    })?;
    Ok(networks)
}

/// The first images of a run for the aligner and for the recognizer, each `[PLATES or a few more, 1, 96, 192]`.
fn images(recipe: &Recipe, data: Option<Arc<Dataset>>, device: &Device) -> anyhow::Result<(Tensor<4>, Tensor<4>)> {
    let mut loader = Loader::start(recipe, data, 0)?;
    let (mut loose, mut straight) = (Vec::new(), Vec::new());
    for _ in 0..PLATES.div_ceil(recipe.batch_size) {
        let batch = loader.next_batch()?.into_tensors(device);
        loose.push(batch.loose_images);
        straight.push(batch.images);
    }
    Ok((Tensor::cat(loose, 0), Tensor::cat(straight, 0)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::loader::validation_examples;

    fn shipped() -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/weights/recognizer.bin")
    }

    #[test]
    fn shipped_weights_unfold_to_the_same_function() {
        let device = Device::flex();
        let mut recipe = Recipe { batch_size: 32, ..Recipe::default() };
        recipe.renderer.first_difficulty = 1.0;
        recipe.validation.plates = 32;
        let (folded, _) = weights::read::<Networks>(&std::fs::read(shipped()).unwrap(), &device).unwrap();
        let trained = networks(&shipped(), &recipe, None, &device.clone().autodiff()).unwrap();
        assert_eq!(trained.num_params(), Networks::new(&device).num_params());

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
    fn a_file_that_is_neither_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.bin");
        std::fs::write(&path, "something else").unwrap();
        for path in [path, folder.path().join("missing.bin")] {
            let error = format!("{:#}", networks(&path, &Recipe::default(), None, &Device::flex()).unwrap_err());
            assert!(error.contains(path.to_str().unwrap()), "{error}");
        }
    }
}
