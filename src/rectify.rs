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

/// Whole pixels `[x, x + width) x [y, y + height)` of a [`PlateImage`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContentRect {
    /// First column.
    pub x: usize,
    /// First row.
    pub y: usize,
    /// Columns, 1 to [`PLATE_WIDTH`].
    pub width: usize,
    /// Rows, 1 to [`PLATE_HEIGHT`].
    pub height: usize,
}

/// How a plate is laid into a [`PlateImage`]: its proportions kept, as large as fits, centred.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letterbox {
    content: ContentRect,
    to_frame: Homography,
    to_plate: Homography,
}

impl Letterbox {
    /// The layout of the plate outlined by `quad`, in the proportions that it is seen in.
    pub fn new(quad: &Quad) -> Letterbox {
        Letterbox::with_aspect(quad, quad.aspect())
    }

    /// The layout of the plate outlined by `quad`, `aspect` times as wide as high.
    pub fn with_aspect(quad: &Quad, aspect: f32) -> Letterbox {
        let fits = |length: f32, limit: usize| (length.round() as usize).clamp(1, limit);
        let (width, height) = if aspect * PLATE_HEIGHT as f32 >= PLATE_WIDTH as f32 {
            (PLATE_WIDTH, fits(PLATE_WIDTH as f32 / aspect, PLATE_HEIGHT))
        } else {
            (fits(PLATE_HEIGHT as f32 * aspect, PLATE_WIDTH), PLATE_HEIGHT)
        };
        let (x, y) = ((PLATE_WIDTH - width) / 2, (PLATE_HEIGHT - height) / 2);
        let (left, top, right, bottom) = (x as f32, y as f32, (x + width) as f32, (y + height) as f32);
        let inner = [[left, top], [right, top], [right, bottom], [left, bottom]].map(|[x, y]| Point::new(x, y));
        // At least 1x1 by construction, so this never falls back.
        let inner = Quad::new(inner).unwrap_or(*quad);
        let content = ContentRect { x, y, width, height };
        Letterbox { content, to_frame: Homography::between(&inner, quad), to_plate: Homography::between(quad, &inner) }
    }

    /// The pixels that show the plate; those around it are padding.
    pub fn content(&self) -> ContentRect {
        self.content
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

/// A plate seen straight on: [`PLATE_HEIGHT`] rows of [`PLATE_WIDTH`] luma bytes.
#[derive(Clone, PartialEq)]
pub struct PlateImage {
    pixels: Vec<u8>,
    letterbox: Letterbox,
}

impl PlateImage {
    /// The luma bytes, row-major, `PLATE_HEIGHT * PLATE_WIDTH` of them.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Where the plate lies in the image, and the maps to the frame and back.
    pub fn letterbox(&self) -> &Letterbox {
        &self.letterbox
    }

    /// The pixels that show the plate.
    pub fn content(&self) -> ContentRect {
        self.letterbox.content
    }

    /// How sharp the plate's picture is: root mean square of the luma's slope over the content but its border, in luma
    /// steps (of 255) a pixel. 0 where all is one grey; about 5 for a plate that is barely legible and 25 for a crisp one
    /// in good light. Blur, a small plate magnified, a low contrast and the dark all lower it. What is called Tenengrad
    /// (Krotkov 1987): Sobel's slopes, which see little of a camera's noise.
    ///
    /// It compares pictures of one plate; other plates have other strokes.
    pub fn sharpness(&self) -> f32 {
        let ContentRect { x, y, width, height } = self.content();
        if width < 3 || height < 3 {
            return 0.0;
        }
        let mut sum = 0_u64;
        for row in y + 1..y + height - 1 {
            let line = |row: usize| &self.pixels[row * PLATE_WIDTH + x..][..width];
            let (above, here, below) = (line(row - 1), line(row), line(row + 1));
            for column in 1..width - 1 {
                let at = |line: &[u8], offset: usize| i32::from(line[column + offset - 1]);
                let across = |offset| at(above, offset) + 2 * at(here, offset) + at(below, offset);
                let down = |line| at(line, 0) + 2 * at(line, 1) + at(line, 2);
                let (gx, gy) = (across(2) - across(0), down(below) - down(above));
                sum += (gx * gx + gy * gy) as u64; // at most 2 * 1020^2
            }
        }
        let count = ((width - 2) * (height - 2)) as f64;
        // Sobel's weights add up to eight slopes.
        ((sum as f64 / count).sqrt() / 8.0) as f32
    }

    /// From frame pixels to plate image pixels.
    pub fn to_plate(&self, point: Point) -> Point {
        self.letterbox.to_plate(point)
    }

    /// From plate image pixels to frame pixels.
    pub fn to_frame(&self, point: Point) -> Point {
        self.letterbox.to_frame(point)
    }
}

impl std::fmt::Debug for PlateImage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlateImage({:?})", self.letterbox.content)
    }
}

/// Warps the plate outlined by `quad` into a [`PlateImage`].
///
/// Magnified plates are interpolated bilinearly. Minified ones are first averaged over whole blocks of pixels and then
/// over 2x2 (up to 4x4 where perspective asks for it) bilinear samples a pixel. Where `quad` leaves the frame, the
/// frame's edge is repeated. The padding has the rounded mean luma of the content.
pub fn rectify(frame: &Frame, quad: &Quad) -> PlateImage {
    rectify_into(frame, quad, Letterbox::new(quad))
}

/// [`rectify`] for a plate that is known to be `aspect` times as wide as high, however it is seen: from the side, or in a
/// picture that has been squeezed.
pub fn rectify_as(frame: &Frame, quad: &Quad, aspect: f32) -> PlateImage {
    rectify_into(frame, quad, Letterbox::with_aspect(quad, aspect))
}

fn rectify_into(frame: &Frame, quad: &Quad, letterbox: Letterbox) -> PlateImage {
    let content = letterbox.content;
    let source = LumaRegion::around(frame, quad, block_size(quad, content));
    let to_region = letterbox.to_frame.then_scaled(source.left, source.top, SUBPIXELS / f64::from(source.block));
    let samples = supersampling(&letterbox, source.block);

    let mut pixels = vec![0; PLATE_WIDTH * PLATE_HEIGHT];
    let mut total = 0_u64;
    // Luma of a sample has 24 fractional bits, see `LumaRegion::sample`.
    let (divisor, half) = (u64::from(samples * samples) << 24, u64::from(samples * samples) << 23);
    let step = 1.0 / f64::from(samples);
    for row in content.y..content.y + content.height {
        for column in content.x..content.x + content.width {
            let mut sum = 0_u64;
            for sub_row in 0..samples {
                let y = row as f64 + (f64::from(sub_row) + 0.5) * step;
                for sub_column in 0..samples {
                    let x = column as f64 + (f64::from(sub_column) + 0.5) * step;
                    sum += u64::from(source.sample(to_region.map_f64(x, y)));
                }
            }
            let luma = (sum + half) / divisor; // at most 255
            total += luma;
            pixels[row * PLATE_WIDTH + column] = luma as u8;
        }
    }

    let count = (content.width * content.height) as u64;
    pad(&mut pixels, content, ((total + count / 2) / count) as u8);
    PlateImage { pixels, letterbox }
}

/// Sets every pixel outside `content` to `luma`.
fn pad(pixels: &mut [u8], content: ContentRect, luma: u8) {
    for (y, row) in pixels.chunks_exact_mut(PLATE_WIDTH).enumerate() {
        if (content.y..content.y + content.height).contains(&y) {
            row[..content.x].fill(luma);
            row[content.x + content.width..].fill(luma);
        } else {
            row.fill(luma);
        }
    }
}

/// Side of the blocks to average before sampling: the whole part of the reduction, so that 1 to 2 remains.
fn block_size(quad: &Quad, content: ContentRect) -> u32 {
    let reduction = (quad.width() / content.width as f32).min(quad.height() / content.height as f32);
    reduction.clamp(1.0, crate::frame::MAX_SIDE as f32) as u32
}

/// Samples per axis and pixel, so that neighbouring samples are at most about one block apart anywhere on the plate.
fn supersampling(letterbox: &Letterbox, block: u32) -> u32 {
    let content = letterbox.content;
    let (left, top) = (content.x as f64, content.y as f64);
    let (right, bottom) = (left + content.width as f64, top + content.height as f64);
    // A projective map stretches most at a corner.
    let mut spacing = 0.0_f64;
    for (x, y, inward_x, inward_y) in
        [(left, top, 1.0, 1.0), (right, top, -1.0, 1.0), (right, bottom, -1.0, -1.0), (left, bottom, 1.0, -1.0)]
    {
        let [x0, y0] = letterbox.to_frame.map_f64(x, y);
        for [x1, y1] in [letterbox.to_frame.map_f64(x + inward_x, y), letterbox.to_frame.map_f64(x, y + inward_y)] {
            spacing = spacing.max((x1 - x0) * (x1 - x0) + (y1 - y0) * (y1 - y0));
        }
    }
    // A hundredth of slack: a plate at exactly its own size needs one sample, not four.
    let blocks = spacing.sqrt() / f64::from(block) - 0.01;
    blocks.clamp(1.0, MAX_SUPERSAMPLING).ceil() as u32
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
    /// Side of a block, in frame pixels.
    block: u32,
    /// Frame position of the centre of the top-left block.
    left: f64,
    top: f64,
}

impl LumaRegion {
    fn around(frame: &Frame, quad: &Quad, block: u32) -> LumaRegion {
        let (left, top, right, bottom) = quad.bounding_box();
        let (columns, rows) = (overlap(left, right, frame.width(), block), overlap(top, bottom, frame.height(), block));
        let area = columns.len() as f64 * rows.len() as f64;
        let block = block.max((area / MAX_SAMPLES).sqrt().ceil() as u32);
        let half = f64::from(block) / 2.0;
        let (left, top) = (f64::from(columns.start) + half, f64::from(rows.start) + half);

        let width = columns.len().div_ceil(block as usize);
        let height = rows.len().div_ceil(block as usize);
        let mut luma = Vec::with_capacity((width + 1) * (height + 1));
        let mut sums = Vec::new();
        for first in rows.clone().step_by(block as usize) {
            let band = first..(first + block).min(rows.end);
            if block == 1 {
                luma.extend(columns.clone().map(|x| frame.luma(x, first) as u16));
            } else {
                average_band(frame, &columns, band, block as usize, &mut sums, &mut luma);
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

/// Appends to `luma` the averages of the blocks in one band of at most `block` rows. `sums` is scratch space.
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
