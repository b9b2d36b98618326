//! Batch norm with an optional ReLU, forward and backward, on plain slices.

use pulp::Arch;
use rayon::prelude::*;

/// Sizes of a batch of planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Batch size.
    pub n: usize,
    /// Channels.
    pub channels: usize,
    /// Pixels of a plane.
    pub plane: usize,
}

impl Shape {
    fn count(&self) -> f64 {
        (self.n * self.plane) as f64
    }
}

/// Mean and biased variance of every channel of `x [n, c, plane]`: `[2, c]`, means first.
pub fn statistics(x: &[f32], shape: Shape) -> Vec<f32> {
    let sums = channel_sums(shape, |image, channel| {
        let at = (image * shape.channels + channel) * shape.plane;
        let mut sums = [[0.0; LANES]; 2];
        let (chunks, rest) = x[at..at + shape.plane].as_chunks::<LANES>();
        for chunk in chunks {
            for lane in 0..LANES {
                sums[0][lane] += chunk[lane];
                sums[1][lane] += chunk[lane] * chunk[lane];
            }
        }
        for (lane, &x) in rest.iter().enumerate() {
            sums[0][lane] += x;
            sums[1][lane] += x * x;
        }
        sums
    });
    let count = shape.count();
    let mean = sums.iter().map(|&[sum, _]| sum / count);
    let variance = sums.iter().map(|&[sum, squares]| (squares / count - (sum / count) * (sum / count)).max(0.0));
    mean.chain(variance).map(|value| value as f32).collect()
}

/// What turns `x` into the normalised `x_hat = (x - mean) * inverse`, for one channel.
fn centre_and_inverse(statistics: &[f32], channel: usize, channels: usize, epsilon: f32) -> (f32, f32) {
    (statistics[channel], 1.0 / (statistics[channels + channel] + epsilon).sqrt())
}

/// `gamma x_hat + beta`, then ReLU if `relu`.
pub fn forward(
    x: &[f32],
    gamma: &[f32],
    beta: &[f32],
    statistics: &[f32],
    shape: Shape,
    epsilon: f32,
    relu: bool,
) -> Vec<f32> {
    let floor = if relu { 0.0 } else { f32::NEG_INFINITY };
    let arch = Arch::new();
    let mut y = vec![0.0; x.len()];
    y.par_chunks_exact_mut(shape.channels * shape.plane)
        .zip(x.par_chunks_exact(shape.channels * shape.plane))
        .for_each(|(y, x)| {
            arch.dispatch(|| {
                for (channel, (y, x)) in y.chunks_exact_mut(shape.plane).zip(x.chunks_exact(shape.plane)).enumerate() {
                    let (mean, inverse) = centre_and_inverse(statistics, channel, shape.channels, epsilon);
                    let scale = gamma[channel] * inverse;
                    let shift = beta[channel] - mean * scale;
                    y.iter_mut().zip(x).for_each(|(y, &x)| *y = (x * scale + shift).max(floor));
                }
            })
        });
    y
}

/// Gradients of [`forward`] with respect to `x`, `gamma` and `beta`, the statistics being functions of `x`.
pub struct Gradients {
    /// `[n, c, plane]`
    pub x: Vec<f32>,
    /// `[c]`
    pub gamma: Vec<f32>,
    /// `[c]`
    pub beta: Vec<f32>,
}

/// The backward pass of Ioffe & Szegedy 2015, with the ReLU's mask recomputed from `x` instead of stored.
#[expect(clippy::too_many_arguments, reason = "the inputs of the forward pass and the gradient of its output")]
pub fn backward(
    x: &[f32],
    gamma: &[f32],
    beta: &[f32],
    statistics: &[f32],
    grad: &[f32],
    shape: Shape,
    epsilon: f32,
    relu: bool,
) -> Gradients {
    let affine = |channel: usize| {
        let (mean, inverse) = centre_and_inverse(statistics, channel, shape.channels, epsilon);
        let scale = gamma[channel] * inverse;
        (mean, inverse, scale, beta[channel] - mean * scale)
    };
    let passes = |x: f32, scale: f32, shift: f32| if relu && x * scale + shift <= 0.0 { 0.0 } else { 1.0 };
    let sums = channel_sums(shape, |image, channel| {
        let at = (image * shape.channels + channel) * shape.plane;
        let (mean, _, scale, shift) = affine(channel);
        let mut sums = [[0.0; LANES]; 2];
        let (xs, x_rest) = x[at..at + shape.plane].as_chunks::<LANES>();
        let (grads, grad_rest) = grad[at..at + shape.plane].as_chunks::<LANES>();
        for (x, grad) in xs.iter().zip(grads) {
            for lane in 0..LANES {
                let grad = grad[lane] * passes(x[lane], scale, shift);
                sums[0][lane] += grad;
                sums[1][lane] += grad * (x[lane] - mean);
            }
        }
        for (lane, (&x, &grad)) in x_rest.iter().zip(grad_rest).enumerate() {
            let grad = grad * passes(x, scale, shift);
            sums[0][lane] += grad;
            sums[1][lane] += grad * (x - mean);
        }
        sums
    });
    let count = shape.count();
    let arch = Arch::new();
    let mut dx = vec![0.0; x.len()];
    dx.par_chunks_exact_mut(shape.channels * shape.plane)
        .zip(x.par_chunks_exact(shape.channels * shape.plane))
        .zip(grad.par_chunks_exact(shape.channels * shape.plane))
        .for_each(|((dx, x), grad)| {
            arch.dispatch(|| {
                for (channel, &[sum, sum_centred]) in sums.iter().enumerate() {
                    let plane = channel * shape.plane..(channel + 1) * shape.plane;
                    let (mean, inverse, scale, shift) = affine(channel);
                    let mean_grad = (sum / count) as f32;
                    let slope = (sum_centred / count) as f32 * inverse * inverse;
                    let inputs = x[plane.clone()].iter().zip(&grad[plane.clone()]);
                    for (dx, (&x, &grad)) in dx[plane].iter_mut().zip(inputs) {
                        let grad = grad * passes(x, scale, shift);
                        *dx = scale * (grad - mean_grad - (x - mean) * slope);
                    }
                }
            })
        });
    Gradients {
        x: dx,
        gamma: (0..shape.channels).map(|channel| sums[channel][1] as f32 * affine(channel).1).collect(),
        beta: sums.iter().map(|&[sum, _]| sum as f32).collect(),
    }
}

/// Independent sums of one plane, so that they vectorise.
const LANES: usize = 16;

/// Adds up what `of_plane(image, channel)` returns, over images in a fixed order.
fn channel_sums(shape: Shape, of_plane: impl Fn(usize, usize) -> [[f32; LANES]; 2] + Sync) -> Vec<[f64; 2]> {
    let arch = Arch::new();
    let partial: Vec<Vec<[f64; 2]>> = (0..shape.n)
        .into_par_iter()
        .map(|image| {
            let of_plane = |channel| arch.dispatch(|| of_plane(image, channel));
            (0..shape.channels)
                .map(|channel| of_plane(channel).map(|lanes| lanes.iter().map(|&lane: &f32| f64::from(lane)).sum()))
                .collect()
        })
        .collect();
    let mut sums = vec![[0.0; 2]; shape.channels];
    for image in &partial {
        for (sum, &[a, b]) in sums.iter_mut().zip(image) {
            *sum = [sum[0] + a, sum[1] + b];
        }
    }
    sums
}
