//! Corners of the plate.

use burn::tensor::Tensor;

/// Errors below this many percent of the plate's width count by their square, larger ones by their size. The recognizer
/// takes 3 % without harm, so what counts is that few are larger.
const KNEE: f32 = 4.0;

/// Mean error of the corners whose plate has them: `[1]`, about in percent of the plate's width.
///
/// The Huber loss of every coordinate (Huber 1964): `e^2 / 2k` up to the knee `k`, `e - k / 2` beyond. A plate that
/// fills the picture and one that is small in it count alike.
///
/// - `found`, `corners [n, 4, 2]`: in pixels, clockwise from the plate's top-left one
/// - `known [n]`: 1 where `corners` are known, else 0
pub fn corners(found: Tensor<3>, corners: Tensor<3>, known: Tensor<1>) -> Tensor<1> {
    let n = corners.dims()[0];
    let at = |corner: usize| corners.clone().slice([0..n, corner..corner + 1]); // [n, 1, 2]
    let length = |from: usize, to: usize| (at(to) - at(from)).square().sum_dim(2).sqrt(); // [n, 1, 1]
    let width = (length(0, 1) + length(3, 2)) / 2.0;
    let error = (found - corners.clone()).abs() / width.clamp_min(1.0) * 100.0; // [n, 4, 2]
    let within = error.clone().clamp_max(KNEE);
    // e^2 / 2k within the knee; beyond it `within` is k, and e - k / 2 remains.
    let huber = within.clone() * (error - within / 2.0) / KNEE;
    let each = huber.reshape([n, 8]).mean_dim(1).reshape([n]); // [n]
    (each * known.clone()).sum() / known.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_close, floats, scalar};
    use super::*;

    #[test]
    fn by_hand() {
        // A plate 50 px wide: 1 px is 2 %. One corner is off by 0.5 px down (1 %), another by 3 px right (6 %).
        let square = [10.0, 10.0, 60.0, 10.0, 60.0, 20.0, 10.0, 20.0];
        let mut off = square;
        off[1] += 0.5;
        off[4] += 3.0;
        let truth = floats(&[square, [0.0; 8]].concat(), [2, 4, 2]);
        let found = floats(&[off, [7.0; 8]].concat(), [2, 4, 2]);
        let loss = corners(found.clone(), truth.clone(), floats(&[1.0, 0.0], [2]));
        assert_close(scalar(loss), (1.0 / 8.0 + 6.0 - 2.0) / 8.0);
        assert_close(scalar(corners(found, truth, floats(&[0.0, 0.0], [2]))), 0.0);
    }
}
