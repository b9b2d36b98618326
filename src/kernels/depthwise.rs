//! Depthwise convolution, row by row, into the panels that the pointwise one after it takes.

use wide::f32x4;

use super::lanes::{Lanes, relu};
use super::maps::{BLOCK, Maps, Margin};

/// Pixels that are computed at once.
const PIXELS: usize = 8;

/// Pixels of a tile of a panel.
pub const TILE: usize = 4;

/// A depthwise convolution with bias, then ReLU.
#[derive(Debug)]
pub struct Depthwise {
    channels: usize,
    kernel: usize,
    stride: usize,
    dilation: usize,
    /// `[channels / 4][row of the kernel][column of the kernel][4]`
    weights: Vec<f32x4>,
    /// `[channels / 4][4]`
    bias: Vec<f32x4>,
}

/// Shape of a [`Depthwise`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DepthwiseShape {
    /// Channels in and out.
    pub channels: usize,
    /// Rows and columns of the kernel, odd.
    pub kernel: usize,
    /// 1 or 2.
    pub stride: usize,
    /// Input cells between two taps of the kernel.
    pub dilation: usize,
}

impl Depthwise {
    /// Takes `weight [channels, 1, kernel, kernel]` and `bias [channels]`.
    ///
    /// # Panics
    /// Where the values are not that many.
    pub fn new(shape: DepthwiseShape, weight: &[f32], bias: &[f32]) -> Depthwise {
        let DepthwiseShape { channels, kernel, stride, dilation } = shape;
        let taps = kernel * kernel;
        assert_eq!((weight.len(), bias.len()), (channels * taps, channels), "{shape:?}");
        let of_block = |block: usize, value: &dyn Fn(usize) -> f32| {
            let lane = |lane| Some(BLOCK * block + lane).filter(|&channel| channel < channels).map_or(0.0, value);
            f32x4::new(std::array::from_fn(lane))
        };
        let blocks = 0..channels.div_ceil(BLOCK);
        let weights = blocks
            .clone()
            .flat_map(|block| (0..taps).map(move |tap| (block, tap)))
            .map(|(block, tap)| of_block(block, &|channel| weight[channel * taps + tap]))
            .collect();
        let bias = blocks.map(|block| of_block(block, &|channel| bias[channel])).collect();
        Depthwise { channels, kernel, stride, dilation, weights, bias }
    }

    /// Channels in and out.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Rows or columns of the output for as many of the input.
    pub fn output(&self, size: usize) -> usize {
        size.div_ceil(self.stride)
    }

    /// Zeros around the input.
    fn padding(&self) -> usize {
        self.dilation * (self.kernel - 1) / 2
    }

    /// Input rows that an output row is made of.
    pub fn reach(&self) -> usize {
        2 * self.padding() + 1
    }

    /// The last input row that output row `y` is made of, of an input of `rows`.
    pub fn last_row(&self, y: usize, rows: usize) -> usize {
        (y * self.stride + self.padding()).min(rows - 1)
    }

    /// What it wants around an input of `columns`.
    pub fn margin(&self, columns: usize) -> Margin {
        let last_pixel = self.output(columns).next_multiple_of(PIXELS) - 1;
        let furthest = last_pixel * self.stride + self.padding();
        Margin { side: self.padding(), tail: (furthest + 1).saturating_sub(columns) }
    }

    /// Length of the panel of a row of the output of an input of `columns`.
    pub fn panel_length(&self, columns: usize) -> usize {
        self.output(columns).next_multiple_of(PIXELS) / TILE * self.panel_channels()
    }

    /// Channels of a panel: they fill blocks.
    pub fn panel_channels(&self) -> usize {
        self.channels.next_multiple_of(BLOCK)
    }

    /// Row `y` of the output as a panel, `[tile of 4 pixels][channel][4 pixels]`. What it holds beyond the last pixel means
    /// nothing. `taps` is scratch space.
    #[inline(always)]
    pub fn row<L: Lanes>(&self, lanes: L, input: &Maps, y: usize, taps: &mut Vec<usize>, panel: &mut [[f32; TILE]]) {
        if self.stride == 1 {
            self.strided_row::<L, 1>(lanes, input, y, taps, panel);
        } else {
            self.strided_row::<L, 2>(lanes, input, y, taps, panel);
        }
    }

    #[inline(always)]
    fn strided_row<L: Lanes, const STRIDE: usize>(
        &self,
        lanes: L,
        input: &Maps,
        y: usize,
        taps: &mut Vec<usize>,
        panel: &mut [[f32; TILE]],
    ) {
        let (shape, pitch, padding) = (input.shape(), input.pitch(), self.padding());
        // Where each tap of the first pixel is, from the block's first cell on; those above and below the maps are left out.
        taps.clear();
        let first = padding.saturating_sub(y * STRIDE).div_ceil(self.dilation);
        let within = (shape.rows + padding - y * STRIDE).div_ceil(self.dilation).min(self.kernel);
        for tap in first..within {
            let row = (y * STRIDE + tap * self.dilation - padding) % shape.kept;
            let start = row * pitch + input.side() - padding;
            taps.extend((0..self.kernel).map(|tap| start + tap * self.dilation));
        }
        let (tiles, channels) = (self.output(shape.columns).div_ceil(PIXELS), self.panel_channels());
        for (block, &bias) in self.bias.iter().enumerate() {
            let cells = &input.cells()[block * shape.kept * pitch..];
            let weights = &self.weights[block * self.kernel * self.kernel..];
            let weights = &weights[first * self.kernel..within * self.kernel];
            for tile in 0..tiles {
                let left = tile * PIXELS * STRIDE;
                let mut sums = [lanes.pair(bias, bias); PIXELS / 2];
                for (&tap, &weight) in taps.iter().zip(weights) {
                    let window = &cells[tap + left..][..(PIXELS - 1) * STRIDE + 1];
                    let weight = lanes.pair(weight, weight);
                    for (pair, sum) in sums.iter_mut().enumerate() {
                        let pixels = lanes.pair(window[2 * pair * STRIDE], window[(2 * pair + 1) * STRIDE]);
                        *sum = lanes.mul_add(pixels, weight, *sum);
                    }
                }
                for (half, sums) in sums.chunks_exact(2).enumerate() {
                    let [a, b] = lanes.halves(sums[0]);
                    let [c, d] = lanes.halves(sums[1]);
                    let channelwise = f32x4::transpose([a, b, c, d].map(relu));
                    let at = (tile * (PIXELS / TILE) + half) * channels + BLOCK * block;
                    for (to, from) in panel[at..at + BLOCK].iter_mut().zip(channelwise) {
                        *to = from.to_array();
                    }
                }
            }
        }
    }
}
