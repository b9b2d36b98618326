//! The recognizer as a module.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::backbone::{self, Backbone};
use super::blocks::{BurnKernels, Conv, Kernels, Separable};
use super::engine::{BurnEngine, Prior};
use crate::labels::CLASS_COUNT;
use crate::model::architecture::Layer;
use crate::model::recognizer::{self, ARCHITECTURE, Answer, Definition, FEATURES, GRID, HIDDEN, STEPS};
use crate::plate::PlateKind;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

/// Parameters of the [recognizer](crate::model::recognizer).
#[derive(Module, Debug)]
pub struct Recognizer {
    stem: Conv,
    trunk: Vec<Separable>,
    attend: Conv,
    /// Where a step tends to look: `[1, STEPS, rows, 1]` and `[1, STEPS, 1, columns]`.
    row_prior: Param<Tensor<4>>,
    column_prior: Param<Tensor<4>>,
    /// What a step tends to see, `[1, STEPS, FEATURES]`: lets the steps between characters settle on blank.
    step_prior: Param<Tensor<3>>,
    hidden: Linear,
    classes: Linear,
    kinds: Linear,
}

/// What the network says about a batch of `n` plate images.
#[derive(Debug)]
pub struct RecognizerOutput {
    /// `[n, STEPS, CLASS_COUNT]` natural-log probabilities; they sum to 1 over the classes.
    pub log_probs: Tensor<3>,
    /// `[n, PlateKind::ALL.len()]` unnormalised.
    pub kind_logits: Tensor<2>,
    /// `[n, STEPS, rows, columns]` of [`GRID`], before the softmax over space.
    pub attention_logits: Tensor<4>,
    /// `[n, STEPS, FEATURES]`: what each step saw.
    pub step_features: Tensor<3>,
}

impl Recognizer {
    /// A network with random weights and batch norm, to be trained.
    pub fn new(device: &Device) -> Recognizer {
        let (stem, trunk) = backbone::new(&ARCHITECTURE, device);
        let zeros = Initializer::Zeros;
        let [rows, columns] = GRID;
        Recognizer {
            stem,
            trunk,
            attend: Conv::new(ARCHITECTURE.end.1, device),
            row_prior: zeros.init([1, STEPS, rows, 1], device),
            column_prior: zeros.init([1, STEPS, 1, columns], device),
            step_prior: zeros.init([1, STEPS, FEATURES], device),
            hidden: LinearConfig::new(FEATURES, HIDDEN).init(device),
            classes: LinearConfig::new(HIDDEN, CLASS_COUNT).init(device),
            kinds: LinearConfig::new(FEATURES, PlateKind::ALL.len()).init(device),
        }
    }

    /// Reads `images [n, 1, 96, 192]` as [`input`](crate::model::input) makes them.
    pub fn forward(&self, images: Tensor<4>) -> RecognizerOutput {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> RecognizerOutput {
        let [n, _, _, _] = images.dims();
        let [rows, columns] = GRID;
        let Answer { log_probs, kind_logits, attention_logits, step_features } =
            self.definition().forward(&BurnEngine(kernels), &images);
        RecognizerOutput {
            log_probs,
            kind_logits: kind_logits.reshape([n, PlateKind::ALL.len()]),
            attention_logits: attention_logits.reshape([n, STEPS, rows, columns]),
            step_features,
        }
    }

    fn definition<'a, K: Kernels>(&'a self) -> Definition<BurnEngine<'a, K>> {
        Definition {
            stack: Backbone { stem: &self.stem, trunk: &self.trunk },
            attend: &self.attend,
            prior: Prior { rows: &self.row_prior, columns: &self.column_prior },
            step_prior: &self.step_prior,
            hidden: &self.hidden,
            classes: &self.classes,
            kinds: &self.kinds,
        }
    }

    /// The same function with every batch norm folded into its convolution: smaller and a third faster.
    pub fn folded(self) -> Recognizer {
        let (stem, trunk) = backbone::folded(self.stem, self.trunk);
        Recognizer { stem, trunk, attend: self.attend.folded(), ..self }
    }

    /// The way back from [`folded`](Self::folded), to train on from weights that shipped: the same function with batch
    /// norms again, whose statistics are those of `images [n, 1, 96, 192]`, a batch such as it will be trained on.
    ///
    /// A network that has its batch norms comes back as it is.
    pub fn unfolded(self, images: Tensor<4>) -> Recognizer {
        let (stem, trunk, attend) = backbone::unfolded(self.stem, self.trunk, self.attend, images);
        Recognizer { stem, trunk, attend, ..self }
    }

    /// The convolutions in the order they run: each takes what the one before it gave, the last one is `attend`.
    ///
    /// For whoever writes the network down in another form: its size, its cost, its ONNX file.
    pub fn layers(&self) -> Vec<Layer> {
        ARCHITECTURE.layers([PLATE_HEIGHT, PLATE_WIDTH])
    }

    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        recognizer::multiply_adds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Distribution;

    #[test]
    fn folding_the_norms_changes_nothing() {
        let device = Device::flex();
        let trained = Recognizer::new(&device.clone().autodiff());
        let images = Tensor::<4>::random([2, 1, PLATE_HEIGHT, PLATE_WIDTH], Distribution::Normal(0.0, 1.0), &device);
        // A training step first, so that the running statistics are not the identity.
        let training_images = Tensor::from_inner(images.clone());
        let _ = trained.forward(training_images);
        let trained = trained.valid();
        let before = trained.forward(images.clone()).log_probs;
        let after = trained.folded().forward(images).log_probs;
        let difference: f32 = (before - after).abs().max().into_scalar();
        assert!(difference < 1e-3, "{difference}");
    }
}
