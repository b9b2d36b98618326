//! Plate image to CTC log-probabilities and plate kind.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation};

use super::backbone::{self, Backbone, Layer};
use super::blocks::{BurnKernels, Conv, ConvShape, Kernels, Separable, SeparableShape};
use crate::labels::CLASS_COUNT;
use crate::plate::PlateKind;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

/// CTC time steps: the longest text has 8 characters, and CTC wants a blank between equal ones.
pub const STEPS: usize = 16;

/// Rows and columns of the feature map that the steps attend to; one cell covers 8x8 pixels.
pub const GRID: [usize; 2] = [PLATE_HEIGHT / 8, PLATE_WIDTH / 8];

/// Channels of the feature map.
const FEATURES: usize = 64;

/// Width of the hidden layer between a step's features and its classes.
const HIDDEN: usize = 80;

/// Reads a rectified plate.
///
/// A separable-convolution backbone makes a 12x24 map of features; its last blocks have kernels that depend on the
/// picture, see [`experts`](super::experts). Each of the [`STEPS`] has an attention map of its
/// own over it, a learned 1x1 convolution plus a learned row and column prior, and sees the attention-weighted mean of
/// the features; two linear layers shared by all steps turn that into classes. Attending in two dimensions, not by
/// column, is what lets one network read one-line, two-line and stacked plates.
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
        let separable = |channels, kernel, stride, dilation| {
            Separable::new(SeparableShape { channels, kernel, stride, dilation }, device)
        };
        let stem = ConvShape { channels: [1, 16], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true };
        let attend =
            ConvShape { channels: [FEATURES, STEPS], kernel: 1, stride: 1, dilation: 1, groups: 1, relu: false };
        let zeros = Initializer::Zeros;
        let [rows, columns] = GRID;
        Recognizer {
            stem: Conv::new(stem, device),
            trunk: vec![
                separable([16, 32], 3, 2, 1),
                separable([32, 32], 3, 1, 1),
                separable([32, FEATURES], 3, 2, 1),
                separable([FEATURES, FEATURES], 5, 1, 1).with_experts(device),
                // Dilation lets a cell see across the plate, so that a step can tell the third character from the
                // fourth wherever the plate sits.
                separable([FEATURES, FEATURES], 5, 1, 2).with_experts(device),
                separable([FEATURES, FEATURES], 5, 1, 2).with_experts(device),
            ],
            attend: Conv::new(attend, device),
            row_prior: zeros.init([1, STEPS, rows, 1], device),
            column_prior: zeros.init([1, STEPS, 1, columns], device),
            step_prior: zeros.init([1, STEPS, FEATURES], device),
            hidden: LinearConfig::new(FEATURES, HIDDEN).init(device),
            classes: LinearConfig::new(HIDDEN, CLASS_COUNT).init(device),
            kinds: LinearConfig::new(FEATURES, PlateKind::ALL.len()).init(device),
        }
    }

    /// Reads `images [n, 1, 96, 192]` as [`input`](super::input) makes them.
    pub fn forward(&self, images: Tensor<4>) -> RecognizerOutput {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> RecognizerOutput {
        let [n, _, _, _] = images.dims();
        let [rows, columns] = GRID;
        let cells = rows * columns;

        let features = self.backbone().features(images, kernels); // [n, FEATURES, rows, columns]

        let attention_logits =
            self.attend.forward(features.clone(), kernels) + self.row_prior.val() + self.column_prior.val(); // [n, STEPS, rows, columns]
        let attention = activation::softmax(attention_logits.clone().reshape([n, STEPS, cells]), 2); // [n, STEPS, cells]

        let features = features.reshape([n, FEATURES, cells]); // [n, FEATURES, cells]
        let kind_logits = self.kinds.forward(features.clone().mean_dim(2).reshape([n, FEATURES])); // [n, kinds]

        let seen = attention.matmul(features.swap_dims(1, 2)); // [n, STEPS, FEATURES]
        let step_features = seen + self.step_prior.val();
        let hidden = activation::relu(self.hidden.forward(step_features.clone())); // [n, STEPS, HIDDEN]
        let log_probs = activation::log_softmax(self.classes.forward(hidden), 2); // [n, STEPS, CLASS_COUNT]

        RecognizerOutput { log_probs, kind_logits, attention_logits, step_features }
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
        self.backbone().layers([PLATE_HEIGHT, PLATE_WIDTH])
    }

    fn backbone(&self) -> Backbone<'_> {
        Backbone { stem: &self.stem, trunk: &self.trunk, end: ("attend", &self.attend) }
    }

    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        let [rows, columns] = GRID;
        let convolutions: usize = self.layers().iter().map(Layer::multiply_adds).sum();
        let attended = STEPS * rows * columns * FEATURES;
        let heads = STEPS * (FEATURES * HIDDEN + HIDDEN * CLASS_COUNT) + FEATURES * PlateKind::ALL.len();
        convolutions + attended + heads
    }
}

#[cfg(all(test, feature = "cpu"))]
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
