//! The gradients.

use pulp::{Arch, Simd, WithSimd};

use super::super::lanes::{UNROLL, total};
use super::super::planes::Planes;
use super::super::product::{add_product_transposed, product};
use super::{Affine, Conv, Norm, add, grow};

/// Gradients of [`forward`](super::forward::forward).
pub struct Gradients {
    /// `[n, in, plane]`, empty if not wanted.
    pub x: Vec<f32>,
    /// As the weight.
    pub weight: Vec<f32>,
    /// `[out]`
    pub gamma: Vec<f32>,
    /// `[out]`
    pub beta: Vec<f32>,
}

/// What the forward pass remembers for the way back.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// Its input.
    pub x: &'a [f32],
    /// Its weight.
    pub weight: &'a [f32],
    /// [`Output::raw`](super::forward::Output::raw)
    pub raw: &'a [f32],
    /// [`Output::statistics`](super::forward::Output::statistics)
    pub statistics: &'a [f32],
}

/// Gradients, given the one with respect to the output (Ioffe & Szegedy 2015 for the norm); the ReLU's mask is
/// recomputed instead of stored.
pub fn backward(kept: Kept, grad: &[f32], conv: Conv, norm: Norm, x_wanted: bool) -> Gradients {
    let channels = conv.out_channels();
    let affine: Vec<Affine> = (0..channels).map(|channel| Affine::of(channel, kept.statistics, &norm)).collect();
    let sums = Arch::new().dispatch(GradSums {
        raw: kept.raw,
        grad,
        affine: &affine,
        plane: conv.out_plane(),
        relu: norm.relu,
    });
    let count = (kept.raw.len() / channels) as f64;
    let slopes: Vec<Slope> = affine.iter().zip(&sums).map(|(affine, &sums)| Slope::of(affine, sums, count)).collect();
    let (x, weight) =
        Arch::new().dispatch(Return { kept, grad, conv, affine: &affine, slopes: &slopes, relu: norm.relu, x_wanted });
    Gradients {
        x,
        weight,
        gamma: sums.iter().zip(&affine).map(|(&[_, centred], affine)| centred as f32 * affine.inverse).collect(),
        beta: sums.iter().map(|&[sum, _]| sum as f32).collect(),
    }
}

/// The gradient of one channel before its norm: `grad * by_grad + raw * by_raw + constant`.
#[derive(Clone, Copy)]
struct Slope {
    by_grad: f32,
    by_raw: f32,
    constant: f32,
}

impl Slope {
    /// From the sums of the masked gradient and of its product with the centred input.
    fn of(affine: &Affine, [sum, centred]: [f64; 2], count: f64) -> Slope {
        let Affine { mean, inverse, scale, .. } = *affine;
        let mean_grad = (sum / count) as f32;
        let slope = (centred / count) as f32 * inverse * inverse;
        Slope { by_grad: scale, by_raw: -scale * slope, constant: scale * (mean * slope - mean_grad) }
    }
}

struct GradSums<'a> {
    raw: &'a [f32],
    grad: &'a [f32],
    affine: &'a [Affine],
    plane: usize,
    relu: bool,
}

impl WithSimd for GradSums<'_> {
    /// Per channel, the sum of the masked gradient and of its product with the centred input.
    type Output = Vec<[f64; 2]>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let GradSums { raw, grad, affine, plane, relu } = self;
        let channels = affine.len();
        let mut totals = vec![[0.0; 2]; channels];
        for (index, (raw, grad)) in raw.chunks_exact(plane).zip(grad.chunks_exact(plane)).enumerate() {
            let channel = index % channels;
            add(&mut totals[channel], grad_sums(simd, raw, grad, affine[channel], relu));
        }
        totals
    }
}

/// The sum of the gradient where the norm's output is positive, or everywhere, and of its product with the centred input.
#[inline(always)]
fn grad_sums<S: Simd>(simd: S, raw: &[f32], grad: &[f32], affine: Affine, relu: bool) -> [f64; 2] {
    let Affine { mean, scale, shift, .. } = affine;
    let floor = if relu { 0.0 } else { f32::NEG_INFINITY };
    let zero = simd.splat_f32s(0.0);
    let (mean_s, scale_s) = (simd.splat_f32s(mean), simd.splat_f32s(scale));
    let (shift_s, floor_s) = (simd.splat_f32s(shift), simd.splat_f32s(floor));
    let mut sums = [[zero; UNROLL]; 2];
    let (raws, raw_rest) = S::as_simd_f32s(raw);
    let (grads, grad_rest) = S::as_simd_f32s(grad);
    for (index, (&raw, &grad)) in raws.iter().zip(grads).enumerate() {
        let normed = simd.add_f32s(simd.mul_f32s(raw, scale_s), shift_s);
        let grad = simd.select_f32s(simd.greater_than_f32s(normed, floor_s), grad, zero);
        let lane = index % UNROLL;
        sums[0][lane] = simd.add_f32s(sums[0][lane], grad);
        sums[1][lane] = simd.mul_add_e_f32s(grad, simd.sub_f32s(raw, mean_s), sums[1][lane]);
    }
    let mut rest = [0.0; 2];
    for (&raw, &grad) in raw_rest.iter().zip(grad_rest) {
        if raw * scale + shift > floor {
            rest = [rest[0] + f64::from(grad), rest[1] + f64::from(grad * (raw - mean))];
        }
    }
    let [sum, centred] = [total(simd, sums[0]), total(simd, sums[1])];
    [sum + rest[0], centred + rest[1]]
}

struct Return<'a> {
    kept: Kept<'a>,
    grad: &'a [f32],
    conv: Conv,
    affine: &'a [Affine],
    slopes: &'a [Slope],
    relu: bool,
    x_wanted: bool,
}

impl Return<'_> {
    /// The gradient of some pixels of `channel` before the norm.
    #[inline(always)]
    fn through_norm(&self, channel: usize, raw: &[f32], grad: &[f32], out: &mut [f32]) {
        let Affine { scale, shift, .. } = self.affine[channel];
        let Slope { by_grad, by_raw, constant } = self.slopes[channel];
        let floor = if self.relu { 0.0 } else { f32::NEG_INFINITY };
        for ((out, &raw), &grad) in out.iter_mut().zip(raw).zip(grad) {
            let grad = if raw * scale + shift > floor { grad } else { 0.0 };
            *out = by_grad * grad + (by_raw * raw + constant);
        }
    }
}

impl WithSimd for Return<'_> {
    /// Gradients of the input and of the weight.
    type Output = (Vec<f32>, Vec<f32>);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Kept { x, weight, raw, .. } = self.kept;
        let (conv, grad) = (self.conv, self.grad);
        let (channels, plane) = (conv.out_channels(), conv.out_plane());
        let mut dx = Vec::with_capacity(if self.x_wanted { x.len() } else { 0 });
        let mut dw = vec![0.0; weight.len()];
        let images = x.chunks_exact(conv.in_channels() * conv.in_plane());
        let images = images.zip(raw.chunks_exact(channels * plane).zip(grad.chunks_exact(channels * plane)));
        match conv {
            Conv::Channelwise(shape) => {
                let planes = Planes::new(shape, S::F32_LANES);
                let (mut input, mut input_grad, mut output_grad) = (planes.input(), planes.input(), planes.output());
                let (taps, multiplier) = (shape.taps(), shape.out_channels / shape.in_channels);
                let (width, in_plane) = (shape.out_width(), conv.in_plane());
                for (x, (raw, grad)) in images {
                    for (group, x) in x.chunks_exact(in_plane).enumerate() {
                        planes.scatter(x, &mut input);
                        for channel in group * multiplier..(group + 1) * multiplier {
                            let of = channel * plane..(channel + 1) * plane;
                            let rows = raw[of.clone()].chunks_exact(width).zip(grad[of].chunks_exact(width));
                            for (y, (raw, grad)) in rows.enumerate() {
                                self.through_norm(channel, raw, grad, &mut output_grad[planes.row(y)]);
                            }
                            let of = channel * taps..(channel + 1) * taps;
                            planes.correlate(simd, &input, &output_grad, &mut dw[of.clone()]);
                            if self.x_wanted {
                                let first = channel == group * multiplier;
                                planes.convolve_back(simd, &output_grad, &weight[of], &mut input_grad, first);
                            }
                        }
                        if self.x_wanted {
                            planes.gather(&input_grad, grow(&mut dx, in_plane));
                        }
                    }
                }
            }
            Conv::Pointwise { channels: [inputs, _], plane } => {
                let transposed: Vec<f32> =
                    (0..inputs).flat_map(|input| weight[input..].iter().copied().step_by(inputs)).collect(); // [in, out]
                let mut output_grad = vec![0.0; channels * plane];
                for (x, (raw, grad)) in images {
                    let rows = raw.chunks_exact(plane).zip(grad.chunks_exact(plane));
                    for (channel, (out, (raw, grad))) in output_grad.chunks_exact_mut(plane).zip(rows).enumerate() {
                        self.through_norm(channel, raw, grad, out);
                    }
                    add_product_transposed(simd, &output_grad, x, &mut dw, inputs, plane);
                    if self.x_wanted {
                        product(simd, &transposed, &output_grad, grow(&mut dx, inputs * plane), channels, plane);
                    }
                }
            }
        }
        (dx, dw)
    }
}
