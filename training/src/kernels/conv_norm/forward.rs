//! The convolution, its statistics, and the norm.

use pulp::{Arch, Simd, WithSimd};

use super::super::lanes::sums;
use super::super::planes::Planes;
use super::super::product::product;
use super::{Affine, Conv, Norm, add, grow};

/// What [`forward`] gives.
pub struct Output {
    /// The result, `[n, out, plane]`.
    pub y: Vec<f32>,
    /// The convolution's output before the norm, `[n, out, plane]`.
    pub raw: Vec<f32>,
    /// Mean and biased variance of every channel of `raw`: `[2, out]`, means first.
    pub statistics: Vec<f32>,
}

/// The convolution of `x [n, in, plane]` with `weight`, normed.
pub fn forward(x: &[f32], weight: &[f32], conv: Conv, norm: Norm) -> Output {
    let channels = conv.out_channels();
    let images = x.len() / (conv.in_channels() * conv.in_plane());
    let (raw, sums) = Arch::new().dispatch(Convolve { x, weight, conv });
    let count = (images * conv.out_plane()) as f64;
    let mean = sums.iter().map(|&[sum, _]| sum / count);
    let variance = sums.iter().map(|&[sum, squares]| (squares / count - (sum / count) * (sum / count)).max(0.0));
    let statistics: Vec<f32> = mean.chain(variance).map(|value| value as f32).collect();
    let affine: Vec<Affine> = (0..channels).map(|channel| Affine::of(channel, &statistics, &norm)).collect();
    let y = Arch::new().dispatch(Apply { raw: &raw, affine: &affine, plane: conv.out_plane(), relu: norm.relu });
    Output { y, raw, statistics }
}

struct Convolve<'a> {
    x: &'a [f32],
    weight: &'a [f32],
    conv: Conv,
}

impl WithSimd for Convolve<'_> {
    /// The output and, per channel, the sum of it and of its squares.
    type Output = (Vec<f32>, Vec<[f64; 2]>);

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> Self::Output {
        let Convolve { x, weight, conv } = self;
        let (channels, plane) = (conv.out_channels(), conv.out_plane());
        let images = x.chunks_exact(conv.in_channels() * conv.in_plane());
        let mut raw = Vec::with_capacity(images.len() * channels * plane);
        let mut totals = vec![[0.0; 2]; channels];
        match conv {
            Conv::Channelwise(shape) => {
                let planes = Planes::new(shape, S::F32_LANES);
                let (mut input, mut output) = (planes.input(), planes.output());
                let (taps, multiplier) = (shape.taps(), shape.out_channels / shape.in_channels);
                for x in images {
                    for channel in 0..channels {
                        if channel % multiplier == 0 {
                            planes.scatter(&x[channel / multiplier * conv.in_plane()..][..conv.in_plane()], &mut input);
                        }
                        planes.convolve(simd, &input, &weight[channel * taps..][..taps], &mut output);
                        let at = raw.len();
                        for y in 0..shape.out_height() {
                            raw.extend_from_slice(&output[planes.row(y)]);
                        }
                        add(&mut totals[channel], sums(simd, &raw[at..]));
                    }
                }
            }
            Conv::Pointwise { channels: [inputs, _], plane } => {
                for x in images {
                    let raw = grow(&mut raw, channels * plane);
                    product(simd, weight, x, raw, inputs, plane);
                    for (total, raw) in totals.iter_mut().zip(raw.chunks_exact(plane)) {
                        add(total, sums(simd, raw));
                    }
                }
            }
        }
        (raw, totals)
    }
}

struct Apply<'a> {
    raw: &'a [f32],
    affine: &'a [Affine],
    plane: usize,
    relu: bool,
}

impl WithSimd for Apply<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Vec<f32> {
        let floor = if self.relu { 0.0 } else { f32::NEG_INFINITY };
        let mut y = Vec::with_capacity(self.raw.len());
        for (raw, affine) in self.raw.chunks_exact(self.plane).zip(self.affine.iter().cycle()) {
            let Affine { scale, shift, .. } = *affine;
            y.extend(raw.iter().map(|&raw| (raw * scale + shift).max(floor)));
        }
        y
    }
}
