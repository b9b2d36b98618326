//! Plate image to CTC log-probabilities and plate kind.

use super::architecture::{Architecture, ConvShape, SeparableShape, pointwise};
use super::engine::Engine;
use crate::labels::CLASS_COUNT;
use crate::plate::PlateKind;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

/// CTC time steps: the longest text has 8 characters, and CTC wants a blank between equal ones.
pub const STEPS: usize = 16;

/// Rows and columns of the feature map that the steps attend to; one cell covers 8x8 pixels.
pub const GRID: [usize; 2] = [PLATE_HEIGHT / 8, PLATE_WIDTH / 8];

/// Channels of the feature map.
pub(super) const FEATURES: usize = 64;

/// Width of the hidden layer between a step's features and its classes.
pub(super) const HIDDEN: usize = 80;

/// Its convolutions.
pub const ARCHITECTURE: Architecture = Architecture {
    stem: ConvShape { channels: [1, 16], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true },
    trunk: &[
        SeparableShape::new([16, 32], 3, 2, 1),
        SeparableShape::new([32, 32], 3, 1, 1),
        SeparableShape::new([32, FEATURES], 3, 2, 1),
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 1).with_experts(),
        // Dilation lets a cell see across the plate, so that a step can tell the third character from the fourth wherever
        // the plate sits.
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 2).with_experts(),
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 2).with_experts(),
    ],
    end: ("attend", pointwise([FEATURES, STEPS])),
};

/// Names and shapes of its parameters, batch norms folded, in the order of a weights file.
pub fn tensors() -> Vec<(String, Vec<usize>)> {
    let [rows, columns] = GRID;
    let kinds = PlateKind::ALL.len();
    let others: [(&str, &[usize]); 9] = [
        ("row_prior", &[1, STEPS, rows, 1]),
        ("column_prior", &[1, STEPS, 1, columns]),
        ("step_prior", &[1, STEPS, FEATURES]),
        ("hidden.weight", &[FEATURES, HIDDEN]),
        ("hidden.bias", &[HIDDEN]),
        ("classes.weight", &[HIDDEN, CLASS_COUNT]),
        ("classes.bias", &[CLASS_COUNT]),
        ("kinds.weight", &[FEATURES, kinds]),
        ("kinds.bias", &[kinds]),
    ];
    let others = others.into_iter().map(|(name, shape)| (name.to_owned(), shape.to_vec()));
    ARCHITECTURE.tensors().into_iter().chain(others).collect()
}

/// Reads a rectified plate.
///
/// A separable-convolution backbone makes a 12x24 map of features; its last blocks have kernels that depend on the
/// picture, see [`experts`](super::experts). Each of the [`STEPS`] has an attention map of its
/// own over it, a learned 1x1 convolution plus a learned row and column prior, and sees the attention-weighted mean of
/// the features; two linear layers shared by all steps turn that into classes. Attending in two dimensions, not by
/// column, is what lets one network read one-line, two-line and stacked plates.
///
/// These are its parameters on an engine, and [`forward`](Self::forward) is what they are for.
pub struct Definition<E: Engine> {
    /// Stem and trunk of [`ARCHITECTURE`].
    pub stack: E::Stack,
    /// Its end.
    pub attend: E::Pointwise,
    /// Where a step tends to look, one for each.
    pub prior: E::Prior,
    /// What a step tends to see, `[STEPS, FEATURES]`: lets the steps between characters settle on blank.
    pub step_prior: E::Offsets,
    /// `FEATURES` to `HIDDEN`
    pub hidden: E::Linear,
    /// `HIDDEN` to classes
    pub classes: E::Linear,
    /// `FEATURES` to kinds
    pub kinds: E::Linear,
}

/// What the network says about `n` plate images.
pub struct Answer<E: Engine> {
    /// `[n, STEPS, CLASS_COUNT]` natural-log probabilities; they sum to 1 over the classes.
    pub log_probs: E::Rows,
    /// `[n, 1, PlateKind::ALL.len()]` unnormalised.
    pub kind_logits: E::Rows,
    /// `[n, STEPS, cells of [`GRID`]]`, before the softmax over space.
    pub attention_logits: E::Rows,
    /// `[n, STEPS, FEATURES]`: what each step saw.
    pub step_features: E::Rows,
}

impl<E: Engine> Definition<E> {
    /// Reads plate images as [`input`](super::input) makes them.
    pub fn forward(&self, engine: &E, images: &E::Pictures) -> Answer<E> {
        let features = engine.features(&self.stack, images); // [n, FEATURES, rows, columns]

        let attention_logits = engine.convolved(&self.attend, &features); // [n, STEPS, cells]
        let attention_logits = engine.with_prior(attention_logits, &self.prior);
        let attention = engine.softmax(attention_logits.clone());

        let kind_logits = engine.linear(&self.kinds, engine.mean(&features)); // [n, 1, kinds]

        let seen = engine.weighted(&attention, &features); // [n, STEPS, FEATURES]
        let step_features = engine.plus(seen, &self.step_prior);
        let hidden = engine.relu(engine.linear(&self.hidden, step_features.clone())); // [n, STEPS, HIDDEN]
        let log_probs = engine.log_softmax(engine.linear(&self.classes, hidden)); // [n, STEPS, CLASS_COUNT]

        Answer { log_probs, kind_logits, attention_logits, step_features }
    }
}

/// Multiply-adds of one image, batch norm folded.
pub fn multiply_adds() -> usize {
    let [rows, columns] = GRID;
    let layers = ARCHITECTURE.layers([PLATE_HEIGHT, PLATE_WIDTH]);
    let convolutions: usize = layers.iter().map(super::Layer::multiply_adds).sum();
    let attended = STEPS * rows * columns * FEATURES;
    let heads = STEPS * (FEATURES * HIDDEN + HIDDEN * CLASS_COUNT) + FEATURES * PlateKind::ALL.len();
    convolutions + attended + heads
}
