//! The networks' definitions computed with tensors: by training with gradients, and to compare the CPU's engine with.

use burn::module::Param;
use burn::nn::Linear;
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Tensor, TensorData, activation};

use super::backbone::Backbone;
use super::blocks::{Conv, Kernels};
use crate::model::engine::Engine;

/// Burn, with the heavy operations computed by `K`.
pub struct BurnEngine<'a, K>(pub(super) &'a K);

/// Where each row of an attention tends to look: `[1, n, rows, 1]` and `[1, n, 1, columns]`.
pub struct Prior<'a> {
    pub(super) rows: &'a Param<Tensor<4>>,
    pub(super) columns: &'a Param<Tensor<4>>,
}

/// A linear layer for each row: `[1, rows, inputs, outputs]` and `[1, rows, outputs]`.
pub struct Shift<'a> {
    pub(super) weights: &'a Param<Tensor<4>>,
    pub(super) bias: &'a Param<Tensor<3>>,
}

/// `images [n, 1, h, w]` at half the resolution, `[n, 1, h / 2, w / 2]`.
pub(super) fn halved(images: Tensor<4>) -> Tensor<4> {
    avg_pool2d(images, AvgPoolOptions::new([2, 2]))
}

impl<'a, K: Kernels> Engine for BurnEngine<'a, K> {
    type Pictures = Tensor<4>;
    type Maps = Tensor<4>;
    type Rows = Tensor<3>;
    type Stack = Backbone<'a>;
    type Pointwise = &'a Conv;
    type Linear = &'a Linear;
    type Linears = Shift<'a>;
    type Prior = Prior<'a>;
    type Offsets = &'a Param<Tensor<3>>;

    fn halved(&self, pictures: &Tensor<4>) -> Tensor<4> {
        halved(pictures.clone())
    }

    fn features(&self, stack: &Backbone<'a>, pictures: &Tensor<4>) -> Tensor<4> {
        stack.features(pictures.clone(), self.0)
    }

    fn convolved(&self, convolution: &&'a Conv, maps: &Tensor<4>) -> Tensor<3> {
        let [n, _, rows, columns] = maps.dims();
        let [_, outputs] = convolution.shape().channels;
        convolution.forward(maps.clone(), self.0).reshape([n, outputs, rows * columns])
    }

    fn with_prior(&self, rows: Tensor<3>, prior: &Prior<'a>) -> Tensor<3> {
        let [n, of, cells] = rows.dims();
        let [_, _, height, _] = prior.rows.dims();
        let maps = rows.reshape([n, of, height, cells / height]); // [n, of, height, width]
        (maps + prior.rows.val() + prior.columns.val()).reshape([n, of, cells])
    }

    fn softmax(&self, rows: Tensor<3>) -> Tensor<3> {
        activation::softmax(rows, 2)
    }

    fn log_softmax(&self, rows: Tensor<3>) -> Tensor<3> {
        activation::log_softmax(rows, 2)
    }

    fn weighted(&self, weights: &Tensor<3>, maps: &Tensor<4>) -> Tensor<3> {
        let [n, channels, rows, columns] = maps.dims();
        let cells = maps.clone().reshape([n, channels, rows * columns]); // [n, channels, cells]
        weights.clone().matmul(cells.swap_dims(1, 2)) // [n, rows, channels]
    }

    fn positions(&self, weights: &Tensor<3>, cells: &[[f32; 2]]) -> Tensor<3> {
        let data = TensorData::new(cells.as_flattened().to_vec(), [1, cells.len(), 2]);
        let cells = Tensor::from_data(data, &weights.device().without_autodiff()); // [1, cells, 2]
        weights.clone().matmul(cells)
    }

    fn mean(&self, maps: &Tensor<4>) -> Tensor<3> {
        let [n, channels, rows, columns] = maps.dims();
        maps.clone().reshape([n, channels, rows * columns]).mean_dim(2).reshape([n, 1, channels])
    }

    fn linear(&self, layer: &&'a Linear, rows: Tensor<3>) -> Tensor<3> {
        layer.forward(rows)
    }

    fn linears(&self, layers: &Shift<'a>, rows: Tensor<3>) -> Tensor<3> {
        let [n, of, inputs] = rows.dims();
        let [_, _, _, outputs] = layers.weights.dims();
        let products = rows.reshape([n, of, inputs, 1]) * layers.weights.val(); // [n, of, inputs, outputs]
        products.sum_dim(2).reshape([n, of, outputs]) + layers.bias.val()
    }

    fn relu(&self, rows: Tensor<3>) -> Tensor<3> {
        activation::relu(rows)
    }

    fn plus(&self, rows: Tensor<3>, offsets: &&'a Param<Tensor<3>>) -> Tensor<3> {
        rows + offsets.val()
    }

    fn sum(&self, a: Tensor<3>, b: Tensor<3>) -> Tensor<3> {
        a + b
    }

    fn scaled(&self, rows: Tensor<3>, factor: f32) -> Tensor<3> {
        rows * factor
    }
}
