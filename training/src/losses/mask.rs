//! Where each step is to look.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Tensor, activation};
use kr_lpr::model::STEPS;

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, device, floats, scalar, values};
    use super::*;
    use crate::plates::targets::CELLS;
    use kr_lpr::model::GRID;

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
}
