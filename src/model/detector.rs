//! A frame seen small to where its plates are.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::backbone::{self, Backbone, Layer};
use super::blocks::{BurnKernels, Conv, ConvShape, Kernels, Separable, SeparableShape};
use crate::detect::{CELL, CHANNELS};
use crate::overview::Layout;

/// Channels of the feature map.
const FEATURES: usize = 40;

/// Share of cells that have a plate's centre, as the network is made to believe before it has seen any: the prior of
/// RetinaNet (Lin et al. 2017, section 4.1), without which the many empty cells drown the few others at first.
const PRIOR: f32 = 0.01;

/// Finds plates in an [`Overview`](crate::overview::Overview).
///
/// A separable-convolution backbone makes one map of features, a cell for 8x8 pixels, on which a 1x1 convolution says of
/// every cell whether a plate's centre lies in it, how large that plate is and where its corners are (CenterNet, Zhou et al.
/// 2019, "Objects as points", with corners for a box). A plate is found in the octave where it is 20 to 90 pixels wide, so
/// that one view of 200 pixels has room for a plate of any size and what is around it.
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
        let separable = |channels, kernel, stride, dilation| {
            Separable::new(SeparableShape { channels, kernel, stride, dilation }, device)
        };
        let stem = ConvShape { channels: [1, 8], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true };
        let head =
            ConvShape { channels: [FEATURES, CHANNELS], kernel: 1, stride: 1, dilation: 1, groups: 1, relu: false };
        // Half of 110 / 520 mm up and down, in widths.
        const HALF: f32 = 0.106;
        let bias = [(PRIOR / (1.0 - PRIOR)).ln(), 0.25, -0.5, -HALF, 0.5, -HALF, 0.5, HALF, -0.5, HALF];
        Detector {
            stem: Conv::new(stem, device),
            trunk: vec![
                separable([8, 24], 3, 2, 1),
                separable([24, 24], 3, 1, 1),
                separable([24, FEATURES], 3, 2, 1),
                separable([FEATURES, FEATURES], 5, 1, 1),
                separable([FEATURES, FEATURES], 5, 1, 2),
                separable([FEATURES, FEATURES], 5, 1, 2),
            ],
            head: Conv::ending(head, &bias, device),
        }
    }

    /// Maps of `images [n, 1, h, w]`, as [`input`](super::input) makes them: `[n, CHANNELS, h / 8, w / 8]`, which
    /// [`Maps`](crate::detect::Maps) describes.
    pub fn forward(&self, images: Tensor<4>) -> Tensor<4> {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let features = self.backbone().features(images, kernels); // [n, FEATURES, h / 8, w / 8]
        self.head.forward(features, kernels) // [n, CHANNELS, h / 8, w / 8]
    }

    /// The same function with every batch norm folded into its convolution: smaller and a third faster.
    pub fn folded(self) -> Detector {
        let (stem, trunk) = backbone::folded(self.stem, self.trunk);
        Detector { stem, trunk, head: self.head }
    }

    /// The convolutions in the order they run, with the sizes they have in overviews of `layout`; the last one is `head`.
    pub fn layers(&self, layout: Layout) -> Vec<Layer> {
        let [width, height] = layout.size();
        self.backbone().layers([height, width])
    }

    fn backbone(&self) -> Backbone<'_> {
        Backbone { stem: &self.stem, trunk: &self.trunk, end: ("head", &self.head) }
    }

    /// Multiply-adds of one overview, batch norm folded.
    pub fn multiply_adds(&self, layout: Layout) -> usize {
        self.layers(layout).iter().map(Layer::multiply_adds).sum()
    }
}

/// Rows and columns of the maps of an overview.
pub fn grid(layout: Layout) -> [usize; 2] {
    let [width, height] = layout.size();
    [height / CELL, width / CELL]
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::detect::Maps;
    use crate::overview::{FIRST_LOOK, Region};
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

    #[test]
    fn stays_within_thirty_million_multiply_adds() {
        let detector = Detector::new(&Device::flex());
        let first = detector.multiply_adds(FIRST_LOOK);
        assert!(first < 30_000_000, "{first}");
        // The second look at a frame of 1280x720 costs twice as much.
        let frame = Region { x: 0, y: 0, width: 1280, height: 720 };
        assert!(detector.multiply_adds(Layout::second_look(&frame)) < 2 * first + first / 4);
        assert_eq!(grid(FIRST_LOOK), [45, 40]);
    }
}
