//! What the three networks have in common: a stem, a trunk of separable blocks, and a convolution after them.
//!
//! The parts are fields of each network, whose parameters are named by them; this is what is done with them.

use burn::tensor::{Device, Tensor};

use super::blocks::{Conv, Kernels, Separable};
use crate::model::architecture::Architecture;

/// The convolutions before the one that sees the features.
#[derive(Clone, Copy)]
pub struct Backbone<'a> {
    pub(super) stem: &'a Conv,
    pub(super) trunk: &'a [Separable],
}

impl Backbone<'_> {
    /// What stem and trunk make of `images [n, c, h, w]`: `[n, features, rows, columns]`.
    pub(super) fn features(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let stem = self.stem.forward(images, kernels);
        self.trunk.iter().fold(stem, |features, block| block.forward(features, kernels))
    }
}

/// Stem and trunk with random weights and batch norm.
pub(super) fn new(architecture: &Architecture, device: &Device) -> (Conv, Vec<Separable>) {
    let trunk = architecture.trunk.iter().map(|shape| Separable::new(shape, device)).collect();
    (Conv::new(architecture.stem, device), trunk)
}

/// [`Conv::folded`] of every convolution.
pub(super) fn folded(stem: Conv, trunk: Vec<Separable>) -> (Conv, Vec<Separable>) {
    (stem.folded(), trunk.into_iter().map(Separable::folded).collect())
}

/// [`Conv::unfolded`] of every convolution, `images` being what the stem will see.
pub(super) fn unfolded(
    stem: Conv,
    trunk: Vec<Separable>,
    end: Conv,
    images: Tensor<4>,
) -> (Conv, Vec<Separable>, Conv) {
    let (stem, mut features) = stem.unfolded(images);
    let mut blocks = Vec::with_capacity(trunk.len());
    for block in trunk {
        let (block, seen) = block.unfolded(features);
        blocks.push(block);
        features = seen;
    }
    let (end, _) = end.unfolded(features);
    (stem, blocks, end)
}
