//! Makes [`conv_norm`](super::conv_norm) a Burn operation on the flex backend, with its gradient.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Tensor, TensorData};

use super::conv_norm::backward::{Kept, backward};
use super::conv_norm::forward::{Output, forward};
use super::conv_norm::{Conv, Norm};
use super::planes::Shape;

/// What a convolution and its norm are told besides tensors.
#[derive(Clone, Copy, Debug)]
pub(super) struct Options {
    pub stride: usize,
    pub dilation: usize,
    pub epsilon: f32,
    pub relu: bool,
}

/// See [`forward`]: `x [n, in, h, w]`, `weight [out, in / groups, k, k]` with one group or a group a channel, `gamma` and
/// `beta [out]` to `[n, out, h / stride, w / stride]` and to the statistics `[2, out]`, through which no gradient flows.
pub(super) fn conv_norm(
    x: Tensor<4>,
    weight: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    options: Options,
) -> (Tensor<4>, Tensor<2>) {
    let [gamma, beta] = [gamma, beta].map(Tensor::into_dispatch);
    let (y, statistics) = Dispatch::conv_norm(x.into_dispatch(), weight.into_dispatch(), gamma, beta, options);
    (Tensor::from_dispatch(y), Tensor::from_dispatch(statistics))
}

#[backend_extension(Flex, Autodiff)]
pub(super) trait TrainingOps: Backend {
    fn conv_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        options: Options,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

/// The tensors a convolution and its norm read, each contiguous.
#[derive(Clone, Debug)]
struct Inputs {
    x: FlexTensor,
    weight: FlexTensor,
    gamma: FlexTensor,
    beta: FlexTensor,
    options: Options,
}

impl Inputs {
    fn new([x, weight, gamma, beta]: [FlexTensor; 4], options: Options) -> Inputs {
        let [x, weight, gamma, beta] = [x, weight, gamma, beta].map(|tensor| tensor.to_contiguous());
        Inputs { x, weight, gamma, beta, options }
    }

    /// The convolution and the shape of its output.
    fn conv(&self) -> (Conv, [usize; 4]) {
        let [n, in_channels, height, width] = self.x.shape().dims();
        let [out_channels, _, kernel, _] = self.weight.shape().dims();
        let Options { stride, dilation, .. } = self.options;
        if kernel == 1 && stride == 1 && self.weight.shape().dims::<4>()[1] == in_channels {
            let conv = Conv::Pointwise { channels: [in_channels, out_channels], plane: height * width };
            return (conv, [n, out_channels, height, width]);
        }
        let shape = Shape { in_channels, out_channels, height, width, kernel, stride, dilation };
        (Conv::Channelwise(shape), [n, out_channels, shape.out_height(), shape.out_width()])
    }

    fn norm(&self) -> Norm<'_> {
        let Options { epsilon, relu, .. } = self.options;
        Norm { gamma: values(&self.gamma), beta: values(&self.beta), epsilon, relu }
    }

    /// The result, and what it remembers for the way back.
    fn forward(&self) -> (FlexTensor, FlexTensor, FlexTensor) {
        let (conv, [n, channels, height, width]) = self.conv();
        let Output { y, raw, statistics } = forward(values(&self.x), values(&self.weight), conv, self.norm());
        let shape = [n, channels, height, width];
        (tensor(y, shape), tensor(raw, shape), tensor(statistics, [2, channels]))
    }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous f32 tensor")
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

impl TrainingOps for Flex {
    fn conv_norm(
        x: FlexTensor,
        weight: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        options: Options,
    ) -> (FlexTensor, FlexTensor) {
        let (y, _, statistics) = Inputs::new([x, weight, gamma, beta], options).forward();
        (y, statistics)
    }
}

impl<C: CheckpointStrategy> TrainingOps for Autodiff<Flex, C> {
    fn conv_norm(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        options: Options,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (x, x_node) = x.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let (gamma, gamma_node) = gamma.into_parts();
        let (beta, beta_node) = beta.into_parts();
        let inputs = Inputs::new([x, weight, gamma, beta], options);
        let (y, raw, statistics) = inputs.forward();
        let nodes = [x_node, weight_node, gamma_node, beta_node];
        let y = match ConvNormBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(State { inputs, raw, statistics: statistics.clone() }, y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        };
        (y, Self::from_inner(statistics))
    }
}

#[derive(Debug)]
struct ConvNormBackward;

#[derive(Clone, Debug)]
struct State {
    inputs: Inputs,
    raw: FlexTensor,
    statistics: FlexTensor,
}

impl Backward<Flex, 4> for ConvNormBackward {
    type State = State;

    fn backward(self, ops: Ops<State, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<Flex>(&ops.node).to_contiguous();
        let State { inputs, raw, statistics } = ops.state;
        let [x_node, weight_node, gamma_node, beta_node] = ops.parents;
        let kept = Kept {
            x: values(&inputs.x),
            weight: values(&inputs.weight),
            raw: values(&raw),
            statistics: values(&statistics),
        };
        let found = backward(kept, values(&grad), inputs.conv().0, inputs.norm(), x_node.is_some());
        let channels = found.beta.len();
        if let Some(node) = x_node {
            grads.register::<Flex>(node.id, tensor(found.x, inputs.x.shape().dims::<4>()));
        }
        if let Some(node) = weight_node {
            grads.register::<Flex>(node.id, tensor(found.weight, inputs.weight.shape().dims::<4>()));
        }
        if let Some(node) = gamma_node {
            grads.register::<Flex>(node.id, tensor(found.gamma, [channels]));
        }
        if let Some(node) = beta_node {
            grads.register::<Flex>(node.id, tensor(found.beta, [channels]));
        }
    }
}
