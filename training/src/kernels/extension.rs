//! Makes the slice kernels Burn operations on the flex backend, with their gradients.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, AutodiffBackend, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Tensor, TensorData};

use super::{depthwise, norm};

/// See [`depthwise::forward`]: `x [n, in, h, w]`, `weight [out, 1, k, k]` to `[n, out, h / stride, w / stride]`.
pub(super) fn channelwise(x: Tensor<4>, weight: Tensor<4>, stride: usize, dilation: usize) -> Tensor<4> {
    Tensor::from_dispatch(Dispatch::channelwise(x.into_dispatch(), weight.into_dispatch(), stride, dilation))
}

/// See [`norm::statistics`]: `x [n, c, h, w]` to `[2, c]`; no gradient flows through.
pub(super) fn statistics(x: Tensor<4>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::statistics(x.into_dispatch()))
}

/// See [`norm::forward`]: `x [n, c, h, w]`, `gamma` and `beta` `[c]`, `statistics [2, c]`.
pub(super) fn norm(
    x: Tensor<4>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    statistics: Tensor<2>,
    epsilon: f32,
    relu: bool,
) -> Tensor<4> {
    let [gamma, beta, statistics] = [gamma.into_dispatch(), beta.into_dispatch(), statistics.into_dispatch()];
    Tensor::from_dispatch(Dispatch::norm(x.into_dispatch(), gamma, beta, statistics, epsilon, relu))
}

#[backend_extension(Flex, Autodiff)]
pub(super) trait TrainingOps: Backend {
    fn channelwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self>;

    fn channelwise_backward_input(
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        x_like: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self>;

    fn channelwise_backward_weight(
        x: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        weight_like: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self>;

    fn statistics(x: FloatTensor<Self>) -> FloatTensor<Self>;

    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
    ) -> FloatTensor<Self>;

    fn norm_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// The values of a tensor, copied only where a view reorders them.
fn values(tensor: &FlexTensor) -> &[f32] {
    // Every operation above makes its arguments contiguous first.
    tensor.as_slice().expect("contiguous f32 tensor")
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> FlexTensor {
    FlexTensor::from_data(TensorData::new(values, shape))
}

fn channelwise_shape(x: &FlexTensor, weight: &FlexTensor, stride: usize, dilation: usize) -> depthwise::Shape {
    let [n, in_channels, height, width] = x.shape().dims();
    let [out_channels, _, kernel, _] = weight.shape().dims();
    depthwise::Shape { n, in_channels, out_channels, height, width, kernel, stride, dilation }
}

fn norm_shape(x: &FlexTensor) -> norm::Shape {
    let [n, channels, height, width] = x.shape().dims();
    norm::Shape { n, channels, plane: height * width }
}

impl TrainingOps for Flex {
    fn channelwise(x: FlexTensor, weight: FlexTensor, stride: usize, dilation: usize) -> FlexTensor {
        let [x, weight] = [x.to_contiguous(), weight.to_contiguous()];
        let shape = channelwise_shape(&x, &weight, stride, dilation);
        let y = depthwise::forward(values(&x), values(&weight), shape);
        tensor(y, [shape.n, shape.out_channels, shape.out_height(), shape.out_width()])
    }

    fn channelwise_backward_input(
        weight: FlexTensor,
        grad: FlexTensor,
        x_like: FlexTensor,
        stride: usize,
        dilation: usize,
    ) -> FlexTensor {
        let [weight, grad] = [weight.to_contiguous(), grad.to_contiguous()];
        let shape = channelwise_shape(&x_like, &weight, stride, dilation);
        let dx = depthwise::backward_input(values(&weight), values(&grad), shape);
        tensor(dx, [shape.n, shape.in_channels, shape.height, shape.width])
    }

    fn channelwise_backward_weight(
        x: FlexTensor,
        grad: FlexTensor,
        weight_like: FlexTensor,
        stride: usize,
        dilation: usize,
    ) -> FlexTensor {
        let [x, grad] = [x.to_contiguous(), grad.to_contiguous()];
        let shape = channelwise_shape(&x, &weight_like, stride, dilation);
        let dw = depthwise::backward_weight(values(&x), values(&grad), shape);
        tensor(dw, [shape.out_channels, 1, shape.kernel, shape.kernel])
    }

    fn statistics(x: FlexTensor) -> FlexTensor {
        let x = x.to_contiguous();
        let shape = norm_shape(&x);
        tensor(norm::statistics(values(&x), shape), [2, shape.channels])
    }

    fn norm(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        statistics: FlexTensor,
        epsilon: f32,
        relu: bool,
    ) -> FlexTensor {
        let [x, gamma, beta, statistics] = [x, gamma, beta, statistics].map(|tensor| tensor.to_contiguous());
        let y = norm::forward(
            values(&x),
            values(&gamma),
            values(&beta),
            values(&statistics),
            norm_shape(&x),
            epsilon,
            relu,
        );
        tensor(y, x.shape().dims::<4>())
    }

    fn norm_backward(
        x: FlexTensor,
        gamma: FlexTensor,
        beta: FlexTensor,
        statistics: FlexTensor,
        grad: FlexTensor,
        epsilon: f32,
        relu: bool,
    ) -> (FlexTensor, FlexTensor, FlexTensor) {
        let [x, gamma, beta, statistics, grad] =
            [x, gamma, beta, statistics, grad].map(|tensor| tensor.to_contiguous());
        let shape = norm_shape(&x);
        let grads = norm::backward(
            values(&x),
            values(&gamma),
            values(&beta),
            values(&statistics),
            values(&grad),
            shape,
            epsilon,
            relu,
        );
        (
            tensor(grads.x, x.shape().dims::<4>()),
            tensor(grads.gamma, [shape.channels]),
            tensor(grads.beta, [shape.channels]),
        )
    }
}

#[derive(Debug)]
struct ChannelwiseBackward;

impl<B: TrainingOps> Backward<B, 2> for ChannelwiseBackward {
    type State = (FloatTensor<B>, FloatTensor<B>, usize, usize);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let [node_x, node_weight] = ops.parents;
        let grad = grads.consume::<B>(&ops.node);
        let (x, weight, stride, dilation) = ops.state;
        if let Some(node) = node_x {
            let dx = B::channelwise_backward_input(weight.clone(), grad.clone(), x.clone(), stride, dilation);
            grads.register::<B>(node.id, dx);
        }
        if let Some(node) = node_weight {
            let dw = B::channelwise_backward_weight(x, grad, weight, stride, dilation);
            grads.register::<B>(node.id, dw);
        }
    }
}

#[derive(Debug)]
struct NormBackward;

impl<B: TrainingOps> Backward<B, 3> for NormBackward {
    type State = (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>, FloatTensor<B>, f32, bool);

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let (x, gamma, beta, statistics, epsilon, relu) = ops.state;
        let (dx, dgamma, dbeta) = B::norm_backward(x, gamma, beta, statistics, grad, epsilon, relu);
        for (node, grad) in ops.parents.into_iter().zip([dx, dgamma, dbeta]) {
            if let Some(node) = node {
                grads.register::<B>(node.id, grad);
            }
        }
    }
}

impl<B: TrainingOps, C: CheckpointStrategy> TrainingOps for Autodiff<B, C> {
    fn channelwise(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self> {
        let (x, x_node) = x.into_parts();
        let (weight, weight_node) = weight.into_parts();
        let y = B::channelwise(x.clone(), weight.clone(), stride, dilation);
        match ChannelwiseBackward.prepare::<C>([x_node, weight_node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((x, weight, stride, dilation), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn channelwise_backward_input(
        weight: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        x_like: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self> {
        // First derivatives are all that training takes.
        Self::from_inner(B::channelwise_backward_input(
            weight.into_primitive(),
            grad.into_primitive(),
            x_like.into_primitive(),
            stride,
            dilation,
        ))
    }

    fn channelwise_backward_weight(
        x: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        weight_like: FloatTensor<Self>,
        stride: usize,
        dilation: usize,
    ) -> FloatTensor<Self> {
        Self::from_inner(B::channelwise_backward_weight(
            x.into_primitive(),
            grad.into_primitive(),
            weight_like.into_primitive(),
            stride,
            dilation,
        ))
    }

    fn statistics(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::from_inner(B::statistics(x.into_primitive()))
    }

    fn norm(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
    ) -> FloatTensor<Self> {
        let (x, x_node) = x.into_parts();
        let (gamma, gamma_node) = gamma.into_parts();
        let (beta, beta_node) = beta.into_parts();
        let statistics = statistics.into_primitive();
        let y = B::norm(x.clone(), gamma.clone(), beta.clone(), statistics.clone(), epsilon, relu);
        match NormBackward.prepare::<C>([x_node, gamma_node, beta_node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((x, gamma, beta, statistics, epsilon, relu), y),
            OpsKind::UnTracked(prep) => prep.finish(y),
        }
    }

    fn norm_backward(
        x: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        statistics: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        epsilon: f32,
        relu: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let (dx, dgamma, dbeta) = B::norm_backward(
            x.into_primitive(),
            gamma.into_primitive(),
            beta.into_primitive(),
            statistics.into_primitive(),
            grad.into_primitive(),
            epsilon,
            relu,
        );
        (Self::from_inner(dx), Self::from_inner(dgamma), Self::from_inner(dbeta))
    }
}
