//! What the three networks have in common: a stem, a trunk of separable blocks, and a convolution after them.
//!
//! The parts are fields of each network, whose parameters are named by them; this is what is done with them.

use burn::tensor::Tensor;

use super::blocks::{Conv, ConvShape, Kernels, Separable};

/// The convolutions of a network in the order they run.
pub(super) struct Backbone<'a> {
    pub(super) stem: &'a Conv,
    pub(super) trunk: &'a [Separable],
    /// What sees the features, and its name.
    pub(super) end: (&'static str, &'a Conv),
}

/// One convolution of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Path of its parameters, as [`named_tensors`](super::weights::named_tensors) names them: `NAME.weight`.
    pub name: String,
    /// Its shape.
    pub shape: ConvShape,
    /// Whether the input of the layer before, where the block began, is added after the activation.
    pub residual: bool,
    /// How many further kernels each picture gets a share of, see [`experts`](super::experts); most have none.
    pub experts: usize,
    /// Rows and columns of its output.
    pub size: [usize; 2],
}

impl Layer {
    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        let [input, output] = self.shape.channels;
        let blending = self.experts * (input * output + input);
        self.shape.multiply_adds(self.size) + blending
    }
}

impl Backbone<'_> {
    /// What stem and trunk make of `images [n, c, h, w]`: `[n, features, rows, columns]`.
    pub(super) fn features(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let stem = self.stem.forward(images, kernels);
        self.trunk.iter().fold(stem, |features, block| block.forward(features, kernels))
    }

    /// Each convolution takes what the one before it gave, the first an image of `size` rows and columns.
    pub(super) fn layers(&self, mut size: [usize; 2]) -> Vec<Layer> {
        let blocks = self.trunk.iter().enumerate().flat_map(|(index, block)| {
            let Separable { depthwise, pointwise, residual } = block;
            let name = |part| format!("trunk.{index}.{part}");
            [(name("depthwise"), depthwise, false), (name("pointwise"), pointwise, *residual)]
        });
        let (end, last) = self.end;
        let convolutions =
            [("stem".to_owned(), self.stem, false)].into_iter().chain(blocks).chain([(end.to_owned(), last, false)]);
        let layer = |(name, conv, residual): (String, &Conv, bool)| {
            let shape = conv.shape();
            size = size.map(|cells| cells.div_ceil(shape.stride));
            Layer { name, shape, residual, experts: conv.experts(), size }
        };
        convolutions.map(layer).collect()
    }
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
