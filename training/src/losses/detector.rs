//! Centres, sizes and corners of plates, for the detector.

use burn::tensor::{Tensor, activation};
use kr_lpr::detect::SIZE_UNIT;

/// Errors below this many percent of the plate's width count by their square, larger ones by their size. The aligner finds
/// the corners of a plate whose outline is off by twice as much, so large errors are what counts.
const KNEE: f32 = 6.0;

/// The share of a plate's loss that its size has by itself; the corners have eight.
const SIZE_SHARE: f32 = 1.0;

/// Focal loss on the map of centres, a plate: `[1]` (Law and Deng 2018, "CornerNet", equation 1, with its alpha of 2 and beta
/// of 4).
///
/// Cells with a target of 1 are to say yes; all others no, those near a centre less so.
///
/// - `logits`, `targets`, `weights [n, 1, rows, columns]`: targets 0 to 1; a cell of weight 0 may say what it wants
pub fn centres(logits: Tensor<4>, targets: Tensor<4>, weights: Tensor<4>) -> Tensor<1> {
    let centre = targets.clone().greater_equal_elem(1.0).float() * weights.clone(); // [n, 1, rows, columns]
    let plates = centre.clone().sum().clamp_min(1.0);
    let p = activation::sigmoid(logits.clone());
    let yes = activation::log_sigmoid(logits.clone()) * (p.clone().neg() + 1.0).square() * centre.clone();
    let far = (targets.neg() + 1.0).square().square();
    let no = activation::log_sigmoid(logits.neg()) * p.square() * far * weights;
    // `far` is 0 where a centre is, so each cell counts on one side.
    (yes + no).sum().neg() / plates
}

/// Mean error of corners and size over the cells that are to know them: `[1]`, about in percent of the plate's width.
///
/// The Huber loss of every coordinate, as that of the aligner.
///
/// - `sizes [n, 1, rows, columns]`, `offsets [n, 8, rows, columns]`: as the detector says them
/// - `corners [n, 8, rows, columns]`: from the middle of the cell, in pixels
/// - `widths`, `weights [n, 1, rows, columns]`: of the plates in pixels, above 0; 0 where a cell has no plate
pub fn outlines(
    sizes: Tensor<4>,
    offsets: Tensor<4>,
    corners: Tensor<4>,
    widths: Tensor<4>,
    weights: Tensor<4>,
) -> Tensor<1> {
    let scale = widths.clone().recip() * 100.0; // [n, 1, rows, columns]
    let found = offsets * sizes.clone().clamp(-3.0, 3.0).exp() * SIZE_UNIT; // [n, 8, rows, columns]
    let each = huber((found - corners) * scale).sum_dim(1); // [n, 1, rows, columns]
    let size = huber((sizes - (widths / SIZE_UNIT).log()) * 100.0);
    let all = (each + size * SIZE_SHARE) / (8.0 + SIZE_SHARE);
    (all * weights.clone()).sum() / weights.sum().clamp_min(1.0)
}

/// `e^2 / 2k` up to the knee `k`, `e - k / 2` beyond.
fn huber(error: Tensor<4>) -> Tensor<4> {
    let error = error.abs();
    let within = error.clone().clamp_max(KNEE);
    within.clone() * (error - within / 2.0) / KNEE
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_close, floats, scalar};
    use super::*;

    #[test]
    fn centres_by_hand() {
        // Cells: a centre given 1/2, a neighbour with target 1/2 given 1/2, an empty one given 3/4, and one that does not
        // count.
        let logits = floats(&[0.0, 0.0, 3.0_f32.ln(), 9.0], [1, 1, 2, 2]);
        let targets = floats(&[1.0, 0.5, 0.0, 0.0], [1, 1, 2, 2]);
        let weights = floats(&[1.0, 1.0, 1.0, 0.0], [1, 1, 2, 2]);
        let yes = 0.25 * 2.0_f32.ln();
        let no = 0.0625 * 0.25 * 2.0_f32.ln() + 0.5625 * 4.0_f32.ln();
        assert_close(scalar(centres(logits.clone(), targets, weights.clone())), yes + no);
        // Two plates: the mean of both.
        let two = floats(&[1.0, 1.0, 0.0, 0.0], [1, 1, 2, 2]);
        let no = 0.5625 * 4.0_f32.ln();
        assert_close(scalar(centres(logits.clone(), two, weights)), (2.0 * yes + no) / 2.0);
        // Without any, what is said of nothing still counts.
        let none = floats(&[0.0; 4], [1, 1, 2, 2]);
        let weights = floats(&[1.0, 0.0, 0.0, 0.0], [1, 1, 2, 2]);
        assert_close(scalar(centres(logits, none, weights)), 0.25 * 2.0_f32.ln());
    }

    #[test]
    fn outlines_by_hand() {
        // A plate 64 px wide whose size is said to be right, in one of two cells: a corner is off by 3.2 px (5 %), another
        // by 12.8 px (20 %).
        let corners = [-32.0, -8.0, 32.0, -8.0, 32.0, 8.0, -32.0, 8.0];
        let mut said = corners.map(|value: f32| value / 64.0);
        said[0] += 0.05;
        said[5] -= 0.2;
        let in_both = |values: [f32; 8]| values.into_iter().flat_map(|value| [value, 7.0]).collect::<Vec<_>>();
        let sizes = floats(&[2.0_f32.ln(), 1.0], [1, 1, 1, 2]);
        let (widths, weights) = (floats(&[64.0, 1.0], [1, 1, 1, 2]), floats(&[1.0, 0.0], [1, 1, 1, 2]));
        let (said, corners) = (floats(&in_both(said), [1, 8, 1, 2]), floats(&in_both(corners), [1, 8, 1, 2]));
        let loss = outlines(sizes, said, corners, widths, weights);
        assert_close(scalar(loss), (25.0 / 12.0 + 20.0 - 3.0) / 9.0);
    }
}
