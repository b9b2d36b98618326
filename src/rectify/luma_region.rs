//! The luma around a plate, and samples of it between its pixels.

use std::ops::Range;

use bytemuck::cast;
use wide::{f32x4, i16x8, i32x4};

use crate::frame::Frame;
use crate::geometry::Quad;

/// Most blocks held at once (16 MiB). Only a long sliver across a huge frame comes near; it is read coarser.
pub(super) const MAX_SAMPLES: f64 = 4_194_304.0;

/// Positions between two samples that interpolation tells apart.
pub(super) const SUBPIXELS: f64 = 256.0;

/// Luma of the part of a frame around a quad, averaged over rectangular blocks of pixels.
pub(super) struct LumaRegion {
    /// The luma of every block and of the one below it, 0 to 32640 (255 with 7 fractional bits): `height` rows of `width + 1`,
    /// the last column repeated, so that every block has a neighbour at the right. Below the last row is that row again.
    pub luma: Vec<[i16; 2]>,
    width: usize,
    height: usize,
    /// Width and height of a block, in frame pixels.
    pub block: [u32; 2],
    /// Frame position of the centre of the top-left block.
    pub left: f64,
    pub top: f64,
}

impl LumaRegion {
    /// Longest side of a block, so that the sum of one fits into 32 bits.
    pub const MAX_BLOCK: u32 = 256;

    /// A [sample](Self::sample) of luma 1.
    pub const SAMPLE_OF_ONE: u32 = 1 << 15;

    /// What samples of `quad` may touch, in blocks of that size, or larger ones where there were too many.
    pub fn around(frame: &Frame, quad: &Quad, block: [u32; 2]) -> LumaRegion {
        let (left, top, right, bottom) = quad.bounding_box();
        let columns = overlap(left, right, frame.width(), block[0]);
        let rows = overlap(top, bottom, frame.height(), block[1]);
        let area = columns.len() as f64 * rows.len() as f64;
        let block = block.map(|side| side.max((area / MAX_SAMPLES).sqrt().ceil() as u32));
        let [across, down] = block.map(|side| side as usize);
        let (left, top) =
            (f64::from(columns.start) + f64::from(block[0]) / 2.0, f64::from(rows.start) + f64::from(block[1]) / 2.0);

        let width = columns.len().div_ceil(across);
        let height = rows.len().div_ceil(down);
        let mut luma: Vec<[i16; 2]> = Vec::with_capacity((width + 1) * height);
        let (mut row, mut sums) = (vec![0; columns.len()], vec![0_u32; columns.len()]);
        for first in rows.clone().step_by(down) {
            let above = luma.len().checked_sub(width + 1);
            let band = first..(first + block[1]).min(rows.end);
            if block == [1, 1] {
                frame.luma_of_row(columns.start, first, &mut row);
                luma.extend(row.iter().map(|&luma| [luma.div_ceil(2) as i16; 2]));
            } else {
                sums.fill(0);
                for y in band.clone() {
                    frame.luma_of_row(columns.start, y, &mut row);
                    sums.iter_mut().zip(&row).for_each(|(sum, &luma)| *sum += u32::from(luma));
                }
                luma.extend(sums.chunks(across).map(|run| {
                    let (sum, count) = (run.iter().sum::<u32>(), (run.len() * band.len()) as u32);
                    [((sum + count) / (2 * count)) as i16; 2]
                }));
            }
            luma.extend_from_within(luma.len() - 1..);
            if let Some(above) = above {
                let (above, row) = luma[above..].split_at_mut(width + 1);
                above.iter_mut().zip(row).for_each(|(above, row)| above[1] = row[0]);
            }
        }
        LumaRegion { luma, width, height, block, left, top }
    }

    /// Bilinear luma at four positions, times [`SAMPLE_OF_ONE`](Self::SAMPLE_OF_ONE); beyond the region, its edge. Positions are
    /// relative to the centre of the top-left block, in [`SUBPIXELS`]ths of a block.
    #[inline(always)]
    pub fn sample(&self, x: f32x4, y: f32x4) -> i32x4 {
        let last = |count: usize| f32x4::splat(((count - 1) as f64 * SUBPIXELS) as f32);
        // What is not a number becomes 0 or the last position, so that no index is out of range.
        let within = |position: f32x4, last: f32x4| position.fast_max(f32x4::ZERO).fast_min(last).fast_round_int();
        let (x, y) = (within(x, last(self.width)), within(y, last(self.height)));

        // Column and row as one number, and `row * stride + column` of both: no side of a frame takes more than 15 bits.
        let blocks: i16x8 = cast((x >> 8_i32) | ((y >> 8_i32) << 16_i32));
        let [one, stride] = [1, (self.width + 1) as i16];
        let at = blocks.dot(i16x8::new([one, stride, one, stride, one, stride, one, stride])).to_array();
        let [a, b, c, d] = at.map(|at| {
            let at = at as usize;
            [self.luma[at], self.luma[at + 1]]
        });

        // Two neighbours of 15 bits, mixed by weights that add up to 256, have 23 bits.
        let weights = |position: i32x4| {
            let second = position & i32x4::splat(255);
            (i32x4::splat(256) - second) | (second << 16_i32)
        };
        let [i, j, k, l] = weights(y).to_array();
        let mixed = |two: [[[i16; 2]; 2]; 2], weights: [i32; 4]| -> i32x4 {
            let columns: i16x8 = cast(two);
            (columns.dot(cast(weights)) + i32x4::splat(128)) >> 8_i32
        };
        let rows = i16x8::from_i32x8_saturate(cast([mixed([a, b], [i, i, j, j]), mixed([c, d], [k, k, l, l])]));
        rows.dot(cast(weights(x)))
    }
}

/// The pixels of `0..size` that samples between `low` and `high` may touch: at least one, the nearest.
fn overlap(low: f32, high: f32, size: u32, block: u32) -> Range<u32> {
    // The block that holds the last sample and its neighbour.
    let margin = 2.0 * block as f32;
    let start = (low - margin).clamp(0.0, (size - 1) as f32) as u32;
    let end = (high + margin).ceil().clamp(0.0, size as f32) as u32;
    start..end.max(start + 1)
}
