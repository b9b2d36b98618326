//! Convolution with its batch norm and activation, and the residual block built of it.

use burn::module::{Initializer, Module, Param, RunningState};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::ops::ConvOptions;
use burn::tensor::{Device, Tensor, TensorData, activation, module};

use super::experts::Experts;
use crate::model::architecture::{ConvShape, SeparableShape};

/// The operations a trainer may compute in a way of its own: their gradients are where training time goes.
///
/// The network is written once, over this trait; [`BurnKernels`] is plain Burn.
pub trait Kernels {
    /// 2-D convolution of `x [n, in, h, w]` with `weight [out, in / groups, k, k]`.
    fn conv2d(&self, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, options: ConvOptions<2>) -> Tensor<4>;

    /// Batch norm over the channels of `x [n, c, h, w]`, then ReLU if `relu`.
    fn norm(&self, x: Tensor<4>, norm: &BatchNorm, relu: bool) -> Tensor<4>;

    /// A convolution without bias, then [`norm`](Self::norm).
    fn conv_norm(
        &self,
        x: Tensor<4>,
        weight: Tensor<4>,
        options: ConvOptions<2>,
        norm: &BatchNorm,
        relu: bool,
    ) -> Tensor<4> {
        self.norm(self.conv2d(x, weight, None, options), norm, relu)
    }
}

/// Burn's own operations, on any backend.
#[derive(Clone, Copy, Debug, Default)]
pub struct BurnKernels;

impl Kernels for BurnKernels {
    fn conv2d(&self, x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, options: ConvOptions<2>) -> Tensor<4> {
        module::conv2d(x, weight, bias, options)
    }

    fn norm(&self, x: Tensor<4>, norm: &BatchNorm, relu: bool) -> Tensor<4> {
        let y = norm.forward(x);
        if relu { activation::relu(y) } else { y }
    }
}

/// A convolution without bias followed by batch norm or, once folded, a convolution with bias; then ReLU or nothing.
#[derive(Module, Debug)]
pub struct Conv {
    /// `[out, in / groups, k, k]`
    weight: Param<Tensor<4>>,
    /// `[out]`; present once the norm is folded.
    bias: Option<Param<Tensor<1>>>,
    norm: Option<BatchNorm>,
    /// Of a pointwise convolution whose kernel depends on the picture.
    experts: Option<Experts>,
    stride: usize,
    dilation: usize,
    groups: usize,
    #[module(skip)]
    relu: bool,
}

impl Conv {
    pub(crate) fn new(shape: ConvShape, device: &Device) -> Conv {
        let ConvShape { channels: [input, output], kernel, stride, dilation, groups, relu } = shape;
        let fan_in = input / groups * kernel * kernel;
        // He et al. 2015 keeps the variance through ReLU; batch norm makes the gain itself immaterial.
        let initializer = Initializer::KaimingNormal { gain: std::f64::consts::SQRT_2, fan_out_only: false };
        let weight = initializer.init_with([output, input / groups, kernel, kernel], Some(fan_in), None, device);
        let norm = Some(BatchNormConfig::new(output).init(device));
        Conv { weight, bias: None, norm, experts: None, stride, dilation, groups, relu }
    }

    /// A convolution that ends a network: with a bias that begins as `bias`, and no norm.
    pub(crate) fn ending(shape: ConvShape, bias: &[f32], device: &Device) -> Conv {
        let ConvShape { channels: [input, output], kernel, groups, .. } = shape;
        let fan_in = input / groups * kernel * kernel;
        // Small weights, so that what is said at first is the bias.
        let initializer = Initializer::KaimingNormal { gain: 0.1, fan_out_only: false };
        let weight = initializer.init_with([output, input / groups, kernel, kernel], Some(fan_in), None, device);
        let bias = Param::from_tensor(Tensor::from_data(TensorData::new(bias.to_vec(), [output]), device));
        Conv { weight, bias: Some(bias), norm: None, ..Conv::new(shape, device) }
    }

    /// With experts of its channels; the convolution is pointwise.
    pub(crate) fn with(self, experts: Experts) -> Conv {
        Conv { experts: Some(experts), ..self }
    }

    pub(crate) fn shape(&self) -> ConvShape {
        let [output, inputs, kernel, _] = self.weight.dims();
        ConvShape {
            channels: [inputs * self.groups, output],
            kernel,
            stride: self.stride,
            dilation: self.dilation,
            groups: self.groups,
            relu: self.relu,
        }
    }

    /// `x [n, in, h, w]` to `[n, out, h / stride, w / stride]`.
    pub(crate) fn forward(&self, x: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let padding = self.shape().padding();
        let options = ConvOptions::new([self.stride; 2], [padding; 2], [self.dilation; 2], self.groups);
        let weight = self.weight.val();
        if let Some(experts) = &self.experts {
            return match &self.norm {
                Some(norm) => {
                    let weight = Tensor::cat(vec![weight, experts.kernels.val()], 1); // [out, (1 + COUNT) * in, 1, 1]
                    kernels.conv_norm(experts.spread(x), weight, options, norm, self.relu)
                }
                None => self.blended(experts, x),
            };
        }
        match (&self.norm, &self.bias) {
            (Some(norm), None) => kernels.conv_norm(x, weight, options, norm, self.relu),
            (norm, bias) => {
                let y = kernels.conv2d(x, weight, bias.as_ref().map(|bias| bias.val()), options); // [n, out, h / stride, w / stride]
                match norm {
                    Some(norm) => kernels.norm(y, norm, self.relu),
                    None if self.relu => activation::relu(y),
                    None => y,
                }
            }
        }
    }

    /// The folded convolution with a kernel for each picture.
    fn blended(&self, experts: &Experts, x: Tensor<4>) -> Tensor<4> {
        let [n, input, height, width] = x.dims();
        let weight = experts.blended(self.weight.val(), x.clone()); // [n, out, in]
        let [_, output, _] = weight.dims();
        let y = weight.matmul(x.reshape([n, input, height * width])); // [n, out, h * w]
        let y = match &self.bias {
            Some(bias) => y + bias.val().reshape([1, output, 1]),
            None => y,
        };
        let y = if self.relu { activation::relu(y) } else { y };
        y.reshape([n, output, height, width]) // [n, out, h, w]
    }

    /// The same function with the norm's running statistics multiplied into the weights.
    ///
    /// `gamma (w x - mean) / sqrt(var + eps) + beta` is a convolution with weight `gamma w / sqrt(var + eps)` and
    /// bias `beta - gamma mean / sqrt(var + eps)`.
    pub(crate) fn folded(self) -> Conv {
        let Some(norm) = self.norm else { return self };
        let scale = norm.gamma.val() / (norm.running_var.value() + norm.epsilon).sqrt(); // [out]
        let bias = norm.beta.val() - norm.running_mean.value() * scale.clone(); // [out]
        let [out, ..] = self.weight.dims();
        let weight = self.weight.val() * scale.clone().reshape([out, 1, 1, 1]);
        Conv {
            weight: Param::from_tensor(weight.detach()),
            experts: self.experts.map(|experts| experts.scaled(scale)),
            bias: Some(Param::from_tensor(bias.detach())),
            norm: None,
            ..self
        }
    }

    /// The way back from [`folded`](Self::folded), to train on from folded weights: the same function with a batch norm
    /// and without bias. Also gives what it makes of `x`, which is what the next convolution sees.
    ///
    /// Any norm that undoes its own running statistics would leave inference as it is, mean 0 and variance 1 for
    /// instance. But in training a batch norm uses the statistics of its batch, and one that expects others turns the
    /// network into another. So they are measured: `x [n, in, h, w]` is a batch such as the network will be trained on,
    /// `mean` and `var` are those of `w x`, and `sqrt(var + eps) (w x - mean) / sqrt(var + eps) + (bias + mean)` is
    /// `w x + bias`, in inference exactly and in training as far as batches are alike.
    pub(crate) fn unfolded(self, x: Tensor<4>) -> (Conv, Tensor<4>) {
        let output = self.forward(x.clone(), &BurnKernels); // [n, out, h / stride, w / stride]
        let Some(bias) = self.bias.as_ref().map(|bias| bias.val()) else { return (self, output) };
        let device = bias.device();
        let linear = Conv { bias: None, relu: false, ..self.clone() };
        let y = linear.forward(x, &BurnKernels); // [n, out, h / stride, w / stride]
        let [n, out, rows, columns] = y.dims();
        let y = y.swap_dims(0, 1).reshape([out, n * rows * columns]); // [out, n * rows * columns]
        let mean = y.clone().mean_dim(1); // [out, 1]
        let variance = (y - mean.clone()).square().mean_dim(1).reshape([out]); // [out]
        let mean = mean.reshape([out]); // [out]

        let norm: BatchNorm = BatchNormConfig::new(out).init(&device);
        let deviation = (variance.clone() + norm.epsilon).sqrt(); // [out]
        let norm = BatchNorm {
            gamma: Param::from_tensor(deviation),
            beta: Param::from_tensor(bias + mean.clone()),
            running_mean: RunningState::new(mean),
            running_var: RunningState::new(variance),
            ..norm
        };
        (Conv { bias: None, norm: Some(norm), ..self }, output)
    }
}

/// A block of [`SeparableShape`].
#[derive(Module, Debug)]
pub struct Separable {
    pub(crate) depthwise: Conv,
    pub(crate) pointwise: Conv,
    #[module(skip)]
    pub(crate) residual: bool,
}

impl Separable {
    pub(crate) fn new(shape: &SeparableShape, device: &Device) -> Separable {
        let pointwise = Conv::new(shape.pointwise(), device);
        Separable {
            depthwise: Conv::new(shape.depthwise(), device),
            pointwise: match shape.experts {
                true => pointwise.with(Experts::new(shape.channels, device)),
                false => pointwise,
            },
            residual: shape.residual(),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<4>, kernels: &impl Kernels) -> Tensor<4> {
        let y = self.depthwise.forward(x.clone(), kernels); // [n, in, h / stride, w / stride]
        let y = self.pointwise.forward(y, kernels); // [n, out, h / stride, w / stride]
        if self.residual { x + y } else { y }
    }

    pub(crate) fn folded(self) -> Separable {
        Separable { depthwise: self.depthwise.folded(), pointwise: self.pointwise.folded(), ..self }
    }

    /// [`Conv::unfolded`] of both; `x` is what this block will see.
    pub(crate) fn unfolded(self, x: Tensor<4>) -> (Separable, Tensor<4>) {
        let output = self.forward(x.clone(), &BurnKernels);
        let (depthwise, y) = self.depthwise.unfolded(x);
        let (pointwise, _) = self.pointwise.unfolded(y);
        (Separable { depthwise, pointwise, ..self }, output)
    }
}
