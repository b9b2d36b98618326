//! Convolution and batch norm for training on a CPU.
//!
//! Burn 0.22.1 computes the weight gradient of a convolution as another convolution whose kernel is as large as the
//! output, and that of a depthwise one channel by channel; training spends most of its time there. [`FlexKernels`]
//! computes the same functions on the flex backend in a way that vectorises: pointwise convolutions as matrix products,
//! channelwise ones and batch norm with ReLU as operations with a gradient of their own. Other backends use
//! [`BurnKernels`].

pub mod depthwise;
mod extension;
pub mod norm;

use burn::nn::BatchNorm;
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, s};
use kr_lpr::model::{BurnKernels, Kernels};

/// The kernels to train with on a device.
#[derive(Clone, Copy, Debug)]
pub enum TrainingKernels {
    /// [`FlexKernels`]; the device must be flex.
    Flex,
    /// Burn's own operations, on any device.
    Burn,
}

impl TrainingKernels {
    /// The fastest kernels that run on `device`.
    pub fn for_device(device: &Device) -> TrainingKernels {
        if *device == Device::flex() { TrainingKernels::Flex } else { TrainingKernels::Burn }
    }
}

impl Kernels for TrainingKernels {
    fn conv2d(&self, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, options: ConvOptions<2>) -> Tensor<4> {
        match self {
            TrainingKernels::Flex => FlexKernels.conv2d(x, weight, bias, options),
            TrainingKernels::Burn => BurnKernels.conv2d(x, weight, bias, options),
        }
    }

    fn norm(&self, x: Tensor<4>, norm: &BatchNorm, relu: bool) -> Tensor<4> {
        match self {
            TrainingKernels::Flex => FlexKernels.norm(x, norm, relu),
            TrainingKernels::Burn => BurnKernels.norm(x, norm, relu),
        }
    }
}

/// Vectorised convolution and batch norm for the flex backend, with gradients.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlexKernels;

impl Kernels for FlexKernels {
    fn conv2d(&self, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, options: ConvOptions<2>) -> Tensor<4> {
        let [n, input, height, width] = x.dims();
        let [output, group, kernel, _] = weight.dims();
        let [stride, _] = options.stride;
        let [dilation, _] = options.dilation;
        let y = if kernel == 1 && stride == 1 && options.groups == 1 {
            let x = x.reshape([n, input, height * width]); // [n, in, h * w]
            let y = weight.reshape([1, output, input]).matmul(x); // [n, out, h * w]
            y.reshape([n, output, height, width]) // [n, out, h, w]
        } else if group == 1 {
            extension::channelwise(x, weight, stride, dilation) // [n, out, h / stride, w / stride]
        } else {
            return BurnKernels.conv2d(x, weight, bias, options);
        };
        match bias {
            Some(bias) => y + bias.reshape([1, output, 1, 1]),
            None => y,
        }
    }

    fn norm(&self, x: Tensor<4>, norm: &BatchNorm, relu: bool) -> Tensor<4> {
        if !x.device().is_autodiff() {
            return BurnKernels.norm(x, norm, relu);
        }
        let channels = x.dims()[1];
        let statistics = extension::statistics(x.clone().detach()); // [2, c]
        let [mean, variance] = [0, 1].map(|row| statistics.clone().slice(s![row..row + 1, ..]).reshape([channels]));
        let keep = 1.0 - norm.momentum;
        norm.running_mean.update((norm.running_mean.value_sync() * keep + mean * norm.momentum).detach());
        norm.running_var.update((norm.running_var.value_sync() * keep + variance * norm.momentum).detach());
        extension::norm(x, norm.gamma.val(), norm.beta.val(), statistics, norm.epsilon as f32, relu)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::nn::BatchNormConfig;
    use burn::tensor::Distribution;

    /// Runs both kernels and compares the output and every gradient of a random projection of it.
    fn assert_same<const N: usize>(
        inputs: [Tensor<4>; N],
        run: impl Fn(&dyn Fn(usize) -> Tensor<4>, bool) -> Tensor<4>,
    ) {
        let of = |fast: bool| {
            let inputs = inputs.clone().map(|input| input.require_grad());
            let y = run(&|i| inputs[i].clone(), fast);
            let ramp = Tensor::arange(0..y.shape().num_elements() as i64, &y.device()).float().sin().reshape(y.dims());
            let grads = (y.clone() * ramp).sum().backward();
            let grads = inputs.map(|input| input.grad(&grads).unwrap());
            (y.inner(), grads)
        };
        let (burn, fast) = (of(false), of(true));
        let close = |a: &Tensor<4>, b: &Tensor<4>| {
            let error: f32 = (a.clone() - b.clone()).abs().max().into_scalar();
            assert!(error < 2e-3, "{error}");
        };
        close(&burn.0, &fast.0);
        burn.1.iter().zip(&fast.1).for_each(|(a, b)| close(a, b));
    }

    fn random(shape: [usize; 4]) -> Tensor<4> {
        Tensor::random(shape, Distribution::Normal(0.0, 1.0), &Device::flex().autodiff())
    }

    #[test]
    fn convolutions_agree_with_burn() {
        // (channels in, channels out, groups, kernel, stride, dilation)
        let cases = [
            (1, 6, 1, 3, 2, 1),
            (6, 6, 6, 3, 2, 1),
            (6, 6, 6, 3, 1, 1),
            (6, 6, 6, 5, 1, 1),
            (6, 6, 6, 5, 1, 2),
            (6, 4, 1, 1, 1, 1),
            (4, 6, 2, 3, 1, 1),
        ];
        for (input, output, groups, kernel, stride, dilation) in cases {
            let padding = dilation * (kernel - 1) / 2;
            let options = ConvOptions::new([stride; 2], [padding; 2], [dilation; 2], groups);
            let inputs = [random([3, input, 12, 18]), random([output, input / groups, kernel, kernel])];
            assert_same(inputs, |input, fast| {
                let (x, weight, options) = (input(0), input(1), options.clone());
                if fast {
                    FlexKernels.conv2d(x, weight, None, options)
                } else {
                    BurnKernels.conv2d(x, weight, None, options)
                }
            });
        }
    }

    #[test]
    fn norm_agrees_with_burn() {
        let device = Device::flex().autodiff();
        for relu in [false, true] {
            let norms = [0, 1].map(|_| BatchNormConfig::new(5).init(&device));
            let x = random([4, 5, 6, 7]) * 3.0 + 1.0;
            assert_same([x.detach()], |input, fast| {
                if fast {
                    FlexKernels.norm(input(0), &norms[0], relu)
                } else {
                    BurnKernels.norm(input(0), &norms[1], relu)
                }
            });
            let [fast, burn] = norms.map(|norm| norm.running_var.value());
            let error: f32 = (fast - burn).abs().max().into_scalar();
            assert!(error < 1e-4, "{error}");
        }
    }
}
