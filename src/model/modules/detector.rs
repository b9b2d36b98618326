//! The detector as a module.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::backbone::{self, Backbone};
use super::blocks::{BurnKernels, Conv, Kernels, Separable};
use super::engine::BurnEngine;
use crate::detect::{CELL, CHANNELS};
use crate::model::architecture::Layer;
use crate::model::detector::{self, ARCHITECTURE, Definition};
use crate::overview::Layout;

/// Share of cells that have a plate's centre, as the network is made to believe before it has seen any: the prior of
/// RetinaNet (Lin et al. 2017, section 4.1), without which the many empty cells drown the few others at first.
const PRIOR: f32 = 0.01;

/// Parameters of the [detector](crate::model::detector).
#[derive(Module, Debug)]
pub struct Detector {
    stem: Conv,
    trunk: Vec<Separable>,
    head: Conv,
}

impl Detector {
    /// A network with random weights and batch norm, to be trained. It begins by finding next to nothing, and outlines of
    /// today's long plates.
    pub fn new(device: &Device) -> Detector {
        let (stem, trunk) = backbone::new(&ARCHITECTURE, device);
        // Half of 110 / 520 mm up and down, in widths.
        const HALF: f32 = 0.106;
        let bias = [(PRIOR / (1.0 - PRIOR)).ln(), 0.25, -0.5, -HALF, 0.5, -HALF, 0.5, HALF, -0.5, HALF];
        Detector { stem, trunk, head: Conv::ending(ARCHITECTURE.end.1, &bias, device) }
    }

    /// Maps of `images [n, 1, h, w]`, as [`input`](crate::model::input) makes them: `[n, CHANNELS, h / 8, w / 8]`, which
    /// [`Maps`](crate::detect::Maps) describes.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<4> {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let [n, _, height, width] = images.dims();
        let maps = self.definition().forward(&BurnEngine(kernels), &images); // [n, CHANNELS, cells]
        maps.reshape([n, CHANNELS, height.div_ceil(CELL), width.div_ceil(CELL)])
    }

    fn definition<'a, K: Kernels>(&'a self) -> Definition<BurnEngine<'a, K>> {
        Definition { stack: Backbone { stem: &self.stem, trunk: &self.trunk }, head: &self.head }
    }

    /// The same function with every batch norm folded into its convolution: smaller and a third faster.
    pub fn folded(self) -> Detector {
        let (stem, trunk) = backbone::folded(self.stem, self.trunk);
        Detector { stem, trunk, head: self.head }
    }

    /// The way back from [`folded`](Self::folded), to train on from weights that shipped: the same function with batch norms
    /// again, whose statistics are those of `images [n, 1, h, w]`, a batch such as it will be trained on.
    ///
    /// A network that has its batch norms comes back as it is.
    pub fn unfolded(self, images: Tensor<4>) -> Detector {
        // The head never has a batch norm.
        let (stem, trunk, _) = backbone::unfolded(self.stem, self.trunk, self.head.clone(), images);
        Detector { stem, trunk, head: self.head }
    }

    /// The convolutions in the order they run, with the sizes they have in overviews of `layout`; the last one is `head`.
    pub fn layers(&self, layout: Layout) -> Vec<Layer> {
        detector::layers(layout)
    }

    /// Multiply-adds of one overview, batch norm folded.
    pub fn multiply_adds(&self, layout: Layout) -> usize {
        detector::multiply_adds(layout)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::detect::Maps;
    use burn::tensor::Distribution;

    #[test]
    fn folding_the_norms_changes_nothing() {
        let device = Device::flex();
        let trained = Detector::new(&device.clone().autodiff());
        let images = Tensor::<4>::random([2, 1, 96, 64], Distribution::Normal(0.0, 1.0), &device);
        let _ = trained.forward(Tensor::from_inner(images.clone()));
        let trained = trained.valid();
        let before = trained.forward(images.clone());
        assert_eq!(before.dims(), [2, CHANNELS, 12, 8]);
        let after = trained.folded().forward(images);
        let difference: f32 = (before - after).abs().max().into_scalar();
        assert!(difference < 1e-3, "{difference}");
    }

    #[test]
    fn knows_nothing_at_first() {
        let device = Device::flex();
        let images = Tensor::<4>::zeros([1, 1, 96, 64], &device);
        let values: Vec<f32> = Detector::new(&device).forward(images).try_into_vec_as().unwrap();
        let maps = Maps::new(values.clone(), 12, 8).unwrap();
        assert!(values[..96].iter().all(|&heat| (1.0 / (1.0 + (-heat).exp()) - PRIOR).abs() < 1e-3), "{maps:?}");
    }
}
