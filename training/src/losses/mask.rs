//! Where each step is to look.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Tensor, activation};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::model::{GRID, STEPS};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

/// Cells of one mask.
pub const CELLS: usize = GRID[0] * GRID[1];

/// Makes masks of the attention, `sigmoid(scale * logit + bias)` with one scale and bias a step. Exists in training
/// only; all it costs is these 32 numbers, because the attention is what the masks are to teach.
#[derive(Module, Debug)]
pub struct MaskHead {
    /// `[1, STEPS, 1, 1]`
    scale: Param<Tensor<4>>,
    /// `[1, STEPS, 1, 1]`
    bias: Param<Tensor<4>>,
}

impl MaskHead {
    /// Masks that are the attention logits themselves.
    pub fn new(device: &Device) -> MaskHead {
        let shape = [1, STEPS, 1, 1];
        MaskHead { scale: Initializer::Ones.init(shape, device), bias: Initializer::Zeros.init(shape, device) }
    }

    /// Mask logits of `attention_logits`, both `[n, STEPS, rows, columns]`.
    pub fn forward(&self, attention_logits: Tensor<4>) -> Tensor<4> {
        attention_logits * self.scale.val() + self.bias.val()
    }
}

/// Binary cross entropy plus Dice loss of masks, the weighted mean over all masks: `[1]`.
///
/// Cross entropy settles every cell by itself; Dice, `1 - (2 |p y| + 1) / (|p| + |y| + 1)` (Milletari et al. 2016, with
/// 1 for smoothness), looks at the mask as a whole and so does not drown its few cells among the many outside.
///
/// - `logits [n, steps, rows, columns]`
/// - `masks [n, steps, rows, columns]`: the covered share of every cell, 0 to 1
/// - `weights [n, steps]`: how much each mask counts
pub fn mask(logits: Tensor<4>, masks: Tensor<4>, weights: Tensor<2>) -> Tensor<1> {
    let [n, steps, rows, columns] = logits.dims();
    let x = logits.reshape([n, steps, rows * columns]); // [n, steps, cells]
    let y = masks.reshape([n, steps, rows * columns]);

    // -y ln sigmoid(x) - (1 - y) ln(1 - sigmoid(x)), in the form that cannot overflow.
    let cross_entropy = activation::relu(x.clone()) - x.clone() * y.clone() + (-x.clone().abs()).exp().log1p();
    let cross_entropy = cross_entropy.mean_dim(2).squeeze_dim::<2>(2); // [n, steps]

    let p = activation::sigmoid(x);
    let total = |cells: Tensor<3>| cells.sum_dim(2).squeeze_dim::<2>(2); // [n, steps]
    let overlap = total(p.clone() * y.clone());
    let dice = -(overlap * 2.0 + 1.0) / (total(p) + total(y) + 1.0) + 1.0; // [n, steps]

    ((cross_entropy + dice) * weights.clone()).sum() / weights.sum().clamp_min(1.0)
}

/// The share of every grid cell that a convex polygon, given in plate-image pixels, covers: row-major, 0 to 1.
pub fn coverage(polygon: &[Point], out: &mut [f32]) {
    let [rows, columns] = GRID;
    let (cell_width, cell_height) = (PLATE_WIDTH as f32 / columns as f32, PLATE_HEIGHT as f32 / rows as f32);
    let polygon: Vec<Point> = polygon.iter().map(|p| Point::new(p.x / cell_width, p.y / cell_height)).collect();
    let span = |axis: fn(&Point) -> f32, count: usize| {
        let low = polygon.iter().map(axis).fold(f32::INFINITY, f32::min).floor().clamp(0.0, count as f32);
        let high = polygon.iter().map(axis).fold(f32::NEG_INFINITY, f32::max).ceil().clamp(0.0, count as f32);
        low as usize..high as usize
    };
    for row in span(vertical, rows) {
        let band = below(&above(&polygon, row as f32, vertical), row as f32 + 1.0, vertical);
        for column in span(horizontal, columns) {
            let cell = below(&above(&band, column as f32, horizontal), column as f32 + 1.0, horizontal);
            out[row * columns + column] = area(&cell).min(1.0);
        }
    }
}

/// The part of a frame's `quad` that lies in a frame of that size, where `map` puts it; no point where there is none.
pub fn mapped(quad: &Quad, [width, height]: [u32; 2], map: impl Fn(Point) -> Point) -> Vec<Point> {
    let across = below(&above(&quad.corners(), 0.0, horizontal), width as f32, horizontal);
    let inside = below(&above(&across, 0.0, vertical), height as f32, vertical);
    inside.into_iter().map(map).collect()
}

fn vertical(p: &Point) -> f32 {
    p.y
}

fn horizontal(p: &Point) -> f32 {
    p.x
}

/// The part of a convex polygon with `axis >= limit` (Sutherland and Hodgman 1974).
fn above(polygon: &[Point], limit: f32, axis: fn(&Point) -> f32) -> Vec<Point> {
    clip(polygon, |p| axis(p) - limit)
}

/// The part of a convex polygon with `axis <= limit`.
fn below(polygon: &[Point], limit: f32, axis: fn(&Point) -> f32) -> Vec<Point> {
    clip(polygon, |p| limit - axis(p))
}

fn clip(polygon: &[Point], inside: impl Fn(&Point) -> f32) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, from) in polygon.iter().enumerate() {
        let to = &polygon[(index + 1) % polygon.len()];
        let (a, b) = (inside(from), inside(to));
        if a >= 0.0 {
            kept.push(*from);
        }
        if (a >= 0.0) != (b >= 0.0) {
            let t = a / (a - b);
            kept.push(Point::new(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)));
        }
    }
    kept
}

/// Area by the shoelace formula.
fn area(polygon: &[Point]) -> f32 {
    let Some(last) = polygon.last() else { return 0.0 };
    let (mut doubled, mut before) = (0.0, *last);
    for &point in polygon {
        doubled += before.x * point.y - point.x * before.y;
        before = point;
    }
    0.5 * doubled.abs()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, device, floats, scalar, values};
    use super::*;

    #[test]
    fn by_hand() {
        // Logits of 0 are probabilities of 1/2. Mask 1: four cells, one covered. Mask 2: empty.
        let logits = floats(&[0.0; 8], [1, 2, 2, 2]);
        let masks = floats(&[1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1, 2, 2, 2]);
        let ln2 = 2.0_f32.ln();
        let first = ln2 + 1.0 - (2.0 * 0.5 + 1.0) / (2.0 + 1.0 + 1.0);
        let second = ln2 + 1.0 - 1.0 / (2.0 + 0.0 + 1.0);
        let loss = |weights: [f32; 2]| scalar(mask(logits.clone(), masks.clone(), floats(&weights, [1, 2])));
        assert_close(loss([1.0, 1.0]), (first + second) / 2.0);
        assert_close(loss([1.0, 0.25]), (first + 0.25 * second) / 1.25);
        assert_close(loss([0.0, 0.0]), 0.0);
    }

    #[test]
    fn perfect_masks_cost_nothing_and_extreme_logits_stay_finite() {
        let masks = floats(&[1.0, 0.0, 1.0, 0.0], [1, 1, 2, 2]);
        let logits = (masks.clone() - 0.5) * 400.0;
        assert_close(scalar(mask(logits.clone(), masks.clone(), floats(&[1.0], [1, 1]))), 0.0);
        assert!(scalar(mask(-logits, masks, floats(&[1.0], [1, 1]))).is_finite());
    }

    #[test]
    fn head_starts_as_the_attention_itself() {
        let attention: Vec<f32> = (0..STEPS * CELLS).map(|i| i as f32 / 100.0).collect();
        let logits = MaskHead::new(&device()).forward(floats(&attention, [1, STEPS, GRID[0], GRID[1]]));
        assert_eq!(values(logits), attention);
    }

    fn covered(corners: [(f32, f32); 4]) -> Vec<f32> {
        let mut out = vec![0.0; CELLS];
        coverage(&corners.map(|(x, y)| Point::new(x, y)), &mut out);
        out
    }

    #[test]
    fn coverage_by_hand() {
        // Cells are 8x8 pixels. A box from half of column 1 to a quarter of column 2, over all of row 0.
        let out = covered([(12.0, 0.0), (18.0, 0.0), (18.0, 8.0), (12.0, 8.0)]);
        assert_close(out[1], 0.5);
        assert_close(out[2], 0.25);
        assert_close(out.iter().sum(), 0.75);
        // A diamond around the corner of four cells covers an eighth of each of them.
        let out = covered([(8.0, 4.0), (12.0, 8.0), (8.0, 12.0), (4.0, 8.0)]);
        for index in [0, 1, GRID[1], GRID[1] + 1] {
            assert_close(out[index], 0.125);
        }
    }

    #[test]
    fn a_box_ends_where_the_frame_does() {
        let quad = Quad::rect(-4.0, 2.0, 8.0, 4.0).unwrap();
        let inside = mapped(&quad, [10, 4], |p| p);
        assert!(inside.iter().all(|p| (0.0..=4.0).contains(&p.x) && (2.0..=4.0).contains(&p.y)), "{inside:?}");
        assert_close(area(&inside), 8.0);
        assert!(mapped(&quad, [10, 1], |p| p).is_empty());
    }

    #[test]
    fn coverage_outside_the_plate_is_cut_off() {
        let out = covered([(-20.0, -20.0), (8.0, -20.0), (8.0, 8.0), (-20.0, 8.0)]);
        assert_close(out[0], 1.0);
        assert_close(out.iter().sum(), 1.0);
        assert!(covered([(300.0, 0.0), (310.0, 0.0), (310.0, 9.0), (300.0, 9.0)]).iter().all(|&v| v == 0.0));
    }
}
