//! One antialiased warp from the frame to the network's input: the only resampling between camera and recognizer.
//!
//! Training and the browser both call [`rectify`]. It computes with integers and IEEE basic operations alone, so its
//! bytes are the same natively and in wasm.

mod luma_region;

use wide::{f32x4, i32x4};

use crate::frame::Frame;
use crate::geometry::{Homography, Point, Quad};
use luma_region::{LumaRegion, SUBPIXELS};

/// Width of a [`PlateImage`], in pixels.
pub const PLATE_WIDTH: usize = 192;

/// Height of a [`PlateImage`], in pixels.
pub const PLATE_HEIGHT: usize = 96;

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
    let share = f32x4::splat(1.0 / (across * down * LumaRegion::SAMPLE_OF_ONE) as f32);
    for row in 0..PLATE_HEIGHT {
        let mut sums = [i32x4::ZERO; PLATE_WIDTH / 4];
        for (sub_row, sub_column) in (0..down).flat_map(|sub_row| (0..across).map(move |column| (sub_row, column))) {
            let y = row as f64 + (f64::from(sub_row) + 0.5) / f64::from(down);
            let line = Line::new(&to_region, (f64::from(sub_column) + 0.5) / f64::from(across), y);
            for (tile, sum) in sums.iter_mut().enumerate() {
                let [x, y] = line.positions(tile);
                *sum += source.sample(x, y);
            }
        }
        // At most 255. A float keeps 24 of a sum's 27 bits, of which a byte takes eight.
        pixels.extend(
            sums.iter().flat_map(|sum| (sum.round_float() * share).fast_round_int().to_array().map(|luma| luma as u8)),
        );
    }
    PlateImage { pixels, to_frame, to_plate }
}

/// Where a homography takes the points of a horizontal line, one pixel apart.
struct Line {
    /// Numerators of x and y and their denominator at the first four points.
    start: [f32x4; 3],
    /// What they grow by from a point to the next.
    step: [f32x4; 3],
}

impl Line {
    /// The line from `(x, y)` to the right.
    fn new(map: &Homography, x: f64, y: f64) -> Line {
        let rows = map.rows();
        let step = rows.map(|[step, _, _]| step as f32);
        let start = rows.map(|[a, b, c]| (a * x + b * y + c) as f32);
        let first_four = |i: usize| f32x4::splat(start[i]) + f32x4::splat(step[i]) * f32x4::new([0.0, 1.0, 2.0, 3.0]);
        Line { start: [0, 1, 2].map(first_four), step: step.map(f32x4::splat) }
    }

    /// Points `4 * tile` to `4 * tile + 3`: their x and their y.
    fn positions(&self, tile: usize) -> [f32x4; 2] {
        let along = f32x4::splat((4 * tile) as f32);
        let at = |i: usize| self.start[i] + self.step[i] * along;
        let inverse = f32x4::ONE / at(2);
        [at(0) * inverse, at(1) * inverse]
    }
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
    let whole = |length: f32| (length as u32).clamp(1, LumaRegion::MAX_BLOCK);
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

#[cfg(test)]
mod tests;
