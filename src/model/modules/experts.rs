//! Parameters of [`experts`](crate::model::experts), and what is done with them.

use burn::module::{Initializer, Module, Param};
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Tensor, activation};

use crate::model::experts::COUNT;

/// Further kernels of a pointwise convolution, and what decides how much of each a picture gets.
#[derive(Module, Debug)]
pub struct Experts {
    /// `[out, COUNT * in, 1, 1]`
    pub(crate) kernels: Param<Tensor<4>>,
    /// `in` to [`COUNT`]
    gates: Linear,
}

impl Experts {
    pub(crate) fn new([input, output]: [usize; 2], device: &Device) -> Experts {
        // Small beside the convolution's own kernel, which learns first what all pictures have in common.
        let small = Initializer::Normal { mean: 0.0, std: 0.02 };
        let wide = Initializer::Normal { mean: 0.0, std: 0.5 };
        Experts {
            kernels: small.init([output, COUNT * input, 1, 1], device),
            gates: LinearConfig::new(input, COUNT).with_initializer(wide).init(device),
        }
    }

    /// How much of each kernel the pictures `x [n, in, h, w]` get: `[n, COUNT]`.
    fn gates(&self, x: Tensor<4>) -> Tensor<2> {
        let [n, input, height, width] = x.dims();
        let mean = x.reshape([n, input, height * width]).mean_dim(2).reshape([n, input]); // [n, in]
        activation::sigmoid(self.gates.forward(mean)) // [n, COUNT]
    }

    /// `x [n, in, h, w]` and, for each kernel, `x` times its gate: `[n, (1 + COUNT) * in, h, w]`. The same convolution written
    /// as one whose kernel is that of all pictures: what to train with.
    pub(crate) fn spread(&self, x: Tensor<4>) -> Tensor<4> {
        let [n, ..] = x.dims();
        let gates = self.gates(x.clone()); // [n, COUNT]
        let gated = (0..COUNT).map(|k| x.clone() * gates.clone().slice([0..n, k..k + 1]).reshape([n, 1, 1, 1]));
        Tensor::cat(std::iter::once(x.clone()).chain(gated).collect(), 1)
    }

    /// `weight [out, in, 1, 1]` and what is added to it for each picture: `[n, out, in]`.
    pub(crate) fn blended(&self, weight: Tensor<4>, x: Tensor<4>) -> Tensor<3> {
        let [n, ..] = x.dims();
        let [output, input, _, _] = weight.dims();
        let gates = self.gates(x).reshape([n, 1, COUNT, 1]);
        let added = self.kernels.val().reshape([1, output, COUNT, input]) * gates; // [n, out, COUNT, in]
        added.sum_dim(2).reshape([n, output, input]) + weight.reshape([1, output, input]) // [n, out, in]
    }

    /// The same kernels for outputs that are scaled by `scale [out]`.
    pub(crate) fn scaled(self, scale: Tensor<1>) -> Experts {
        let [output, ..] = self.kernels.dims();
        let kernels = self.kernels.val() * scale.reshape([output, 1, 1, 1]);
        Experts { kernels: Param::from_tensor(kernels.detach()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::super::blocks::{BurnKernels, Conv};
    use super::*;
    use crate::model::architecture::ConvShape;
    use burn::tensor::Distribution;

    const SHAPE: ConvShape = ConvShape { channels: [6, 4], kernel: 1, stride: 1, dilation: 1, groups: 1, relu: false };

    /// A convolution whose experts matter as much as its own kernel, and three pictures that are unlike.
    fn conv_and_pictures(device: &Device) -> (Conv, Tensor<4>) {
        let experts = Experts::new(SHAPE.channels, device);
        let kernels = Tensor::random(experts.kernels.dims(), Distribution::Normal(0.0, 1.0), device);
        let experts = Experts { kernels: Param::from_tensor(kernels), ..experts };
        let conv = Conv::new(SHAPE, device).with(experts);
        let levels = Tensor::<4>::from_data([[[[-2.0]]], [[[0.0]]], [[[3.0]]]], device); // [3, 1, 1, 1]
        (conv, Tensor::random([3, 6, 5, 7], Distribution::Normal(0.0, 1.0), device) + levels)
    }

    fn furthest(a: Tensor<4>, b: Tensor<4>) -> f32 {
        (a - b).abs().max().into_scalar()
    }

    #[test]
    fn every_picture_has_a_kernel_of_its_own() {
        let device = Device::flex();
        let (conv, pictures) = conv_and_pictures(&device);
        let conv = conv.folded();
        let together = conv.forward(pictures.clone(), &BurnKernels); // [3, 4, 5, 7]
        for n in 0..3 {
            let alone = conv.forward(pictures.clone().narrow(0, n, 1), &BurnKernels);
            assert!(furthest(together.clone().narrow(0, n, 1), alone) < 1e-4, "picture {n}");
        }
        // A linear function of each picture with one kernel for all would be one of the sum of two pictures, too.
        let [first, last] = [0, 2].map(|n| pictures.clone().narrow(0, n, 1));
        let bias = conv.forward(Tensor::zeros([1, 6, 5, 7], &device), &BurnKernels);
        let sum = conv.forward(first.clone() + last.clone(), &BurnKernels) + bias;
        let apart = conv.forward(first, &BurnKernels) + conv.forward(last, &BurnKernels);
        assert!(furthest(sum, apart) > 0.5);
    }

    #[test]
    fn the_convolution_that_is_trained_is_the_one_that_reads() {
        let device = Device::flex();
        let (conv, pictures) = conv_and_pictures(&device);
        let trained = conv.forward(pictures.clone(), &BurnKernels);
        let folded = conv.clone().folded();
        assert!(furthest(trained.clone(), folded.forward(pictures.clone(), &BurnKernels)) < 1e-4);
        let (unfolded, _) = folded.unfolded(pictures.clone());
        assert!(furthest(trained, unfolded.forward(pictures, &BurnKernels)) < 1e-3);
    }

    #[test]
    fn gates_decide_how_much_of_a_kernel_there_is() {
        let device = Device::flex();
        let (conv, pictures) = conv_and_pictures(&device);
        let gates = LinearConfig::new(6, COUNT).with_initializer(Initializer::Zeros).init(&device);
        let shut = Linear { bias: Some(Param::from_tensor(Tensor::zeros([COUNT], &device) - 100.0)), ..gates };
        let experts = Experts { gates: shut, ..Experts::new(SHAPE.channels, &device) };
        let plain = Experts { kernels: Param::from_tensor(experts.kernels.val() * 0.0), ..experts.clone() };
        let [shut, plain] = [experts, plain].map(|experts| conv.clone().with(experts).folded());
        let [shut, plain] = [shut, plain].map(|conv| conv.forward(pictures.clone(), &BurnKernels));
        assert!(furthest(shut, plain) < 1e-5);
    }
}
