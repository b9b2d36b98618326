//! One antialiased warp from the frame to the network's input: the only resampling between camera and recognizer.
//!
//! Training and the browser both call [`rectify`]. It computes with integers and IEEE basic operations alone, so its
//! bytes are the same natively and in wasm.

use std::ops::Range;

use crate::frame::Frame;
use crate::geometry::{Homography, Point, Quad};

/// Width of a [`PlateImage`], in pixels.
pub const PLATE_WIDTH: usize = 192;

/// Height of a [`PlateImage`], in pixels.
pub const PLATE_HEIGHT: usize = 96;

/// Most luma samples held at once (8 MiB). Only a long sliver across a huge frame comes near; it is read coarser.
const MAX_SAMPLES: f64 = 4_194_304.0;

/// Most samples per axis that one output pixel averages. Only under extreme perspective would more be needed.
const MAX_SUPERSAMPLING: f64 = 4.0;

/// A plate seen straight on: [`PLATE_HEIGHT`] rows of [`PLATE_WIDTH`] luma bytes.
///
/// The plate's outline is stretched over the whole image, whatever its proportions: a letter of a long plate gets as many
/// rows as one of a tall plate, and no pixel is spent on padding.
#[derive(Clone, PartialEq)]
pub struct PlateImage {
    pixels: Vec<u8>,
    to_frame: Homography,
    to_plate: Homography,
}

impl PlateImage {
    /// The luma bytes, row-major, `PLATE_HEIGHT * PLATE_WIDTH` of them.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// How sharp the plate's picture is: root mean square of the luma's slope over the image but its border, in luma
    /// steps (of 255) a pixel. 0 where all is one grey; about 5 for a plate that is barely legible and 25 for a crisp one
    /// in good light. Blur, a small plate magnified, a low contrast and the dark all lower it. What is called Tenengrad
    /// (Krotkov 1987): Sobel's slopes, which see little of a camera's noise.
    ///
    /// It compares pictures of one plate; other plates have other strokes.
    pub fn sharpness(&self) -> f32 {
        let mut sum = 0_u64;
        let line = |row: usize| &self.pixels[row * PLATE_WIDTH..][..PLATE_WIDTH];
        for row in 1..PLATE_HEIGHT - 1 {
            let (above, here, below) = (line(row - 1), line(row), line(row + 1));
            for column in 1..PLATE_WIDTH - 1 {
                let at = |line: &[u8], offset: usize| i32::from(line[column + offset - 1]);
                let across = |offset| at(above, offset) + 2 * at(here, offset) + at(below, offset);
                let down = |line| at(line, 0) + 2 * at(line, 1) + at(line, 2);
                let (gx, gy) = (across(2) - across(0), down(below) - down(above));
                sum += (gx * gx + gy * gy) as u64; // at most 2 * 1020^2
            }
        }
        let count = ((PLATE_WIDTH - 2) * (PLATE_HEIGHT - 2)) as f64;
        // Sobel's weights add up to eight slopes.
        ((sum as f64 / count).sqrt() / 8.0) as f32
    }

    /// From frame pixels to plate image pixels.
    pub fn to_plate(&self, point: Point) -> Point {
        self.to_plate.map(point)
    }

    /// From plate image pixels to frame pixels.
    pub fn to_frame(&self, point: Point) -> Point {
        self.to_frame.map(point)
    }
}

impl std::fmt::Debug for PlateImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlateImage")
    }
}

/// Warps the plate outlined by `quad` into a [`PlateImage`].
///
/// Magnified plates are interpolated bilinearly. Minified ones are first averaged over whole blocks of pixels and then
/// over 2x2 (up to 4x4 where perspective asks for it) bilinear samples a pixel; both axes by themselves, as a long plate
/// is minified along its width and magnified along its height. Where `quad` leaves the frame, the frame's edge is
/// repeated.
pub fn rectify(frame: &Frame, quad: &Quad) -> PlateImage {
    let (to_frame, to_plate) = maps(quad);
    let source = LumaRegion::around(frame, quad, block_size(quad));
    let scale = source.block.map(|block| SUBPIXELS / f64::from(block));
    let to_region = to_frame.then_scaled([source.left, source.top], scale);
    let [across, down] = supersampling(&to_frame, source.block);

    let mut pixels = Vec::with_capacity(PLATE_WIDTH * PLATE_HEIGHT);
    // Luma of a sample has 24 fractional bits, see `LumaRegion::sample`.
    let (divisor, half) = (u64::from(across * down) << 24, u64::from(across * down) << 23);
    for row in 0..PLATE_HEIGHT {
        for column in 0..PLATE_WIDTH {
            let mut sum = 0_u64;
            for sub_row in 0..down {
                let y = row as f64 + (f64::from(sub_row) + 0.5) / f64::from(down);
                for sub_column in 0..across {
                    let x = column as f64 + (f64::from(sub_column) + 0.5) / f64::from(across);
                    sum += u64::from(source.sample(to_region.map_f64(x, y)));
                }
            }
            pixels.push(((sum + half) / divisor) as u8); // at most 255
        }
    }
    PlateImage { pixels, to_frame, to_plate }
}

/// From the plate image to the frame, and back.
fn maps(quad: &Quad) -> (Homography, Homography) {
    let image = Quad::of_size(PLATE_WIDTH as u32, PLATE_HEIGHT as u32);
    (Homography::between(&image, quad), Homography::between(quad, &image))
}

/// Width and height of the blocks to average before sampling: the largest that cover at most one pixel of the image each
/// way, so that a reduction of 1 to 2 remains.
fn block_size(quad: &Quad) -> [u32; 2] {
    let [a, b, c, d] = quad.corners();
    let mean = |p: [Point; 2], q: [Point; 2], pixels: usize| {
        let along = |of: fn(Point) -> f32| (of(q[0]) + of(q[1]) - of(p[0]) - of(p[1])) / 2.0 / pixels as f32;
        [along(|p| p.x), along(|p| p.y)]
    };
    // What one pixel of the image to the right and one down are in the frame.
    let (right, down) = (mean([a, d], [b, c], PLATE_WIDTH), mean([a, b], [d, c], PLATE_HEIGHT));
    // The inverse of that map, by Cramer's rule: what one pixel of the frame is in the image.
    let area = right[0] * down[1] - right[1] * down[0];
    let whole = |length: f32| (length as u32).clamp(1, crate::frame::MAX_SIDE);
    [whole(area / down[1].abs().max(right[1].abs())), whole(area / down[0].abs().max(right[0].abs()))]
}

/// Samples a pixel across and down, so that neighbouring samples are at most about one block apart anywhere on the plate.
fn supersampling(to_frame: &Homography, block: [u32; 2]) -> [u32; 2] {
    let (right, bottom) = (PLATE_WIDTH as f64, PLATE_HEIGHT as f64);
    // A projective map stretches most at a corner. A plate that lies on its side runs down the frame as it runs across
    // the image, so that distances are taken in blocks.
    let mut spacing = [0.0_f64; 2];
    for (x, y, inward_x, inward_y) in
        [(0.0, 0.0, 1.0, 1.0), (right, 0.0, -1.0, 1.0), (right, bottom, -1.0, -1.0), (0.0, bottom, 1.0, -1.0)]
    {
        let [x0, y0] = to_frame.map_f64(x, y);
        for (axis, (x, y)) in [(x + inward_x, y), (x, y + inward_y)].into_iter().enumerate() {
            let [x1, y1] = to_frame.map_f64(x, y);
            let (dx, dy) = ((x1 - x0) / f64::from(block[0]), (y1 - y0) / f64::from(block[1]));
            spacing[axis] = spacing[axis].max(dx * dx + dy * dy);
        }
    }
    // A hundredth of slack: a plate at exactly its own size needs one sample, not four.
    spacing.map(|squared| (squared.sqrt() - 0.01).clamp(1.0, MAX_SUPERSAMPLING).ceil() as u32)
}

/// Positions between two samples that interpolation tells apart.
const SUBPIXELS: f64 = 256.0;

/// Luma of the part of a frame around a quad, averaged over square blocks of pixels.
struct LumaRegion {
    /// 0 to 65280 (8 fractional bits): `height + 1` rows of `width + 1`, the last row and column repeated, so that
    /// every block has a right and a lower neighbour.
    luma: Vec<u16>,
    width: usize,
    height: usize,
    /// Width and height of a block, in frame pixels.
    block: [u32; 2],
    /// Frame position of the centre of the top-left block.
    left: f64,
    top: f64,
}

impl LumaRegion {
    fn around(frame: &Frame, quad: &Quad, block: [u32; 2]) -> LumaRegion {
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
        let mut luma = Vec::with_capacity((width + 1) * (height + 1));
        let mut sums = Vec::new();
        for first in rows.clone().step_by(down) {
            let band = first..(first + block[1]).min(rows.end);
            if block == [1, 1] {
                luma.extend(columns.clone().map(|x| frame.luma(x, first) as u16));
            } else {
                average_band(frame, &columns, band, across, &mut sums, &mut luma);
            }
            luma.extend_from_within(luma.len() - 1..);
        }
        luma.extend_from_within(luma.len() - (width + 1)..);
        LumaRegion { luma, width, height, block, left, top }
    }

    /// Bilinear luma with 24 fractional bits (0 to 255 << 24); beyond the region, its edge. The position is relative
    /// to the centre of the top-left block, in 256ths of a block.
    fn sample(&self, [x, y]: [f64; 2]) -> u32 {
        // Casting truncates, which for values that are not negative is the floor; NaN becomes 0.
        let x = x.clamp(0.0, (self.width - 1) as f64 * SUBPIXELS) as u32;
        let y = y.clamp(0.0, (self.height - 1) as f64 * SUBPIXELS) as u32;
        let (x_weight, y_weight) = (x & 255, y & 255);
        let stride = self.width + 1;
        let at = (y >> 8) as usize * stride + (x >> 8) as usize;
        let mix = |pair: &[u16]| u32::from(pair[0]) * (256 - x_weight) + u32::from(pair[1]) * x_weight;
        let (upper, lower) = (mix(&self.luma[at..at + 2]), mix(&self.luma[at + stride..at + stride + 2]));
        // 65280 * 256 * 256 is just below 2^32.
        upper * (256 - y_weight) + lower * y_weight
    }
}

/// Appends to `luma` the averages of the blocks, `block` columns wide, in one band of rows. `sums` is scratch space.
fn average_band(
    frame: &Frame,
    columns: &Range<u32>,
    band: Range<u32>,
    block: usize,
    sums: &mut Vec<u32>,
    luma: &mut Vec<u16>,
) {
    let channels = frame.format().channels();
    let stride = frame.width() as usize * channels;
    sums.clear();
    sums.resize(columns.len() * channels, 0);
    // Down first, then across: adding rows to rows is what compilers vectorise.
    for y in band.clone() {
        let row = &frame.pixels()[y as usize * stride + columns.start as usize * channels..];
        for (sum, &value) in sums.iter_mut().zip(row) {
            *sum += u32::from(value);
        }
    }
    for run in sums.chunks(block * channels) {
        let count = (run.len() / channels * band.len()) as u64;
        let sum = match run
            .chunks_exact(channels)
            .fold([0_u64; 3], |sum, pixel| std::array::from_fn(|i| sum[i] + u64::from(*pixel.get(i).unwrap_or(&0))))
        {
            [grey, ..] if channels == 1 => 256 * grey,
            [r, g, b] => 77 * r + 150 * g + 29 * b, // as `Frame::luma`
        };
        luma.push(((sum + count / 2) / count) as u16);
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

#[cfg(test)]
mod tests;
