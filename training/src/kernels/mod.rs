//! Convolution and batch norm for training on a CPU.
//!
//! Burn 0.22.1 computes the weight gradient of a convolution as another convolution whose kernel is as large as the
//! output, and that of a depthwise one channel by channel; training would spend most of its time there. [`FlexKernels`]
//! computes the same functions on the flex backend: a convolution, its batch norm and its ReLU as one operation with a
//! gradient of its own. Other backends use [`BurnKernels`].

pub mod conv_norm;
mod extension;
mod lanes;
pub mod planes;
mod product;

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
        BurnKernels.norm(x, norm, relu)
    }

    fn conv_norm(
        &self,
        x: Tensor<4>,
        weight: Tensor<4>,
        options: ConvOptions<2>,
        norm: &BatchNorm,
        relu: bool,
    ) -> Tensor<4> {
        match self {
            TrainingKernels::Flex => FlexKernels.conv_norm(x, weight, options, norm, relu),
            TrainingKernels::Burn => BurnKernels.conv_norm(x, weight, options, norm, relu),
        }
    }
}

/// Vectorised convolutions with their batch norms for the flex backend, with gradients.
#[derive(Clone, Copy, Debug, Default)]
pub struct FlexKernels;

impl Kernels for FlexKernels {
    fn conv2d(&self, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, options: ConvOptions<2>) -> Tensor<4> {
        let [n, input, height, width] = x.dims();
        let [output, _, kernel, _] = weight.dims();
        let y = if kernel == 1 && options.stride == [1, 1] && options.groups == 1 {
            let x = x.reshape([n, input, height * width]); // [n, in, h * w]
            let y = weight.reshape([1, output, input]).matmul(x); // [n, out, h * w]
            y.reshape([n, output, height, width]) // [n, out, h, w]
        } else {
            return BurnKernels.conv2d(x, weight, bias, options);
        };
        match bias {
            Some(bias) => y + bias.reshape([1, output, 1, 1]),
            None => y,
        }
    }

    fn norm(&self, x: Tensor<4>, norm: &BatchNorm, relu: bool) -> Tensor<4> {
        BurnKernels.norm(x, norm, relu)
    }

    fn conv_norm(
        &self,
        x: Tensor<4>,
        weight: Tensor<4>,
        options: ConvOptions<2>,
        norm: &BatchNorm,
        relu: bool,
    ) -> Tensor<4> {
        let [channels, group, kernel, _] = weight.dims();
        let [stride, dilation] = [options.stride[0], options.dilation[0]];
        let padding = dilation * (kernel - 1) / 2;
        let usual = options.stride == [stride; 2]
            && options.padding == [(padding, padding); 2]
            && options.dilation == [dilation; 2];
        let pointwise = kernel == 1 && options.groups == 1;
        let channelwise = group == 1 && kernel % 2 == 1;
        if !(usual && (pointwise && stride == 1 || channelwise && stride <= 2))
            || !norm.gamma.val().device().is_autodiff()
        {
            return BurnKernels.conv_norm(x, weight, options, norm, relu);
        }
        let options = extension::Options { stride, dilation, epsilon: norm.epsilon as f32, relu };
        let (y, statistics) = extension::conv_norm(x, weight, norm.gamma.val(), norm.beta.val(), options);
        let [mean, variance] = [0, 1].map(|row| statistics.clone().slice(s![row..row + 1, ..]).reshape([channels]));
        let keep = 1.0 - norm.momentum;
        norm.running_mean.update((norm.running_mean.value_sync() * keep + mean * norm.momentum).detach());
        norm.running_var.update((norm.running_var.value_sync() * keep + variance * norm.momentum).detach());
        y
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use burn::module::Param;
    use burn::nn::BatchNormConfig;
    use burn::tensor::{Distribution, Int};

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
    fn convolutions_without_norm_agree_with_burn() {
        for (groups, kernel) in [(1, 1), (2, 3)] {
            let options = ConvOptions::new([1; 2], [(kernel - 1) / 2; 2], [1; 2], groups);
            let inputs = [random([3, 4, 12, 18]), random([6, 4 / groups, kernel, kernel])];
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

    /// Compares output, gradients and running statistics of a convolution with its norm.
    fn assert_same_normed(x: [usize; 4], weight: [usize; 4], options: &ConvOptions<2>, relu: bool) {
        let norms = [(); 2].map(|()| norm(weight[0]));
        let run = |input: &dyn Fn(usize) -> Tensor<4>, fast: bool| {
            let (x, weight, options) = (input(0), input(1), options.clone());
            if fast {
                FlexKernels.conv_norm(x, weight, options, &norms[1], relu)
            } else {
                BurnKernels.conv_norm(x, weight, options, &norms[0], relu)
            }
        };
        let inputs = [random(x), random(weight)];
        assert_same(inputs.clone(), run);

        // Of gamma and beta, too.
        let of = |fast: bool| {
            let y = run(&|index| inputs[index].clone(), fast);
            let ramp = Tensor::arange(0..y.shape().num_elements() as i64, &y.device()).float().sin().reshape(y.dims());
            let grads = (y * ramp).sum().backward();
            let norm = &norms[usize::from(fast)];
            [&norm.gamma, &norm.beta].map(|param| param.val().grad(&grads).unwrap())
        };
        let close = |a: Tensor<1>, b: Tensor<1>| {
            let error: f32 = (a - b).abs().max().into_scalar();
            assert!(error < 2e-3, "{error}");
        };
        of(false).into_iter().zip(of(true)).for_each(|(burn, fast)| close(burn, fast));
        let [burn, fast] = norms.map(|norm| [norm.running_mean.value(), norm.running_var.value()]);
        burn.into_iter().zip(fast).for_each(|(burn, fast)| close(burn, fast));
    }

    /// A norm that does something.
    fn norm(channels: usize) -> BatchNorm {
        let device = Device::flex().autodiff();
        let ramp = Tensor::<1, Int>::arange(0..channels as i64, &device).float();
        let norm = BatchNormConfig::new(channels).init(&device);
        let param = |values: Tensor<1>| Param::from_tensor(values.detach());
        BatchNorm { gamma: param(ramp.clone() * 0.2 + 0.5), beta: param(ramp * 0.1 - 0.2), ..norm }
    }

    #[test]
    fn channelwise_convolutions_with_norm_agree_with_burn() {
        // (channels in, channels out, kernel, stride, dilation)
        let cases = [
            (1, 6, 3, 2, 1),
            (6, 6, 3, 1, 1),
            (6, 6, 3, 2, 1),
            (6, 6, 3, 1, 3),
            (6, 6, 5, 1, 1),
            (6, 6, 5, 1, 2),
            (6, 6, 5, 2, 1),
            (3, 6, 5, 2, 2),
            (6, 6, 7, 1, 1),
        ];
        for (input, output, kernel, stride, dilation) in cases {
            let padding = dilation * (kernel - 1) / 2;
            let options = ConvOptions::new([stride; 2], [padding; 2], [dilation; 2], input);
            for (size, relu) in [([12, 18], true), ([11, 21], true), ([5, 8], false)] {
                let [height, width] = size;
                assert_same_normed([3, input, height, width], [output, 1, kernel, kernel], &options, relu);
            }
        }
    }

    #[test]
    fn pointwise_convolutions_with_norm_agree_with_burn() {
        // Channels that do and do not fill a tile, planes that do and do not fill vectors.
        for (input, output, size) in [(6, 4, [12, 24]), (5, 7, [13, 17]), (3, 9, [1, 5]), (2, 1, [9, 9])] {
            let [height, width] = size;
            let options = ConvOptions::new([1; 2], [0; 2], [1; 2], 1);
            for relu in [false, true] {
                assert_same_normed([3, input, height, width], [output, input, 1, 1], &options, relu);
            }
        }
    }

    #[test]
    fn other_convolutions_with_norm_are_left_to_burn() {
        let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 2);
        assert_same_normed([3, 4, 12, 18], [6, 2, 3, 3], &options, true);
    }
}
