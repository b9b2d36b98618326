//! Plate kind.

use burn::tensor::{Int, Tensor, activation};

/// Mean cross entropy over the plates whose kind is known: `[1]`.
///
/// - `logits [n, kinds]`: unnormalised
/// - `kinds [n]`: class indices, anything where unknown
/// - `known [n]`: 1 where the kind is known, else 0
pub fn kind(logits: Tensor<2>, kinds: Tensor<1, Int>, known: Tensor<1>) -> Tensor<1> {
    let log_probs = activation::log_softmax(logits, 1); // [n, kinds]
    let right = log_probs.gather(1, kinds.unsqueeze_dim::<2>(1)).squeeze_dim::<1>(1); // [n]
    -(right * known.clone()).sum() / known.sum().clamp_min(1.0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, floats, ints, scalar};
    use super::*;

    #[test]
    fn by_hand() {
        // Probabilities 1/4, 3/4; the right class has 3/4, then 1/4, and the third plate's kind is unknown.
        let logits = floats(&[0.0, 3.0_f32.ln(), 0.0, 3.0_f32.ln(), 9.0, 0.0], [3, 2]);
        let loss = kind(logits.clone(), ints(&[1, 0, 1], [3]), floats(&[1.0, 1.0, 0.0], [3]));
        assert_close(scalar(loss), ((4.0_f32 / 3.0).ln() + 4.0_f32.ln()) / 2.0);
        let none = kind(logits, ints(&[1, 0, 1], [3]), floats(&[0.0; 3], [3]));
        assert_close(scalar(none), 0.0);
    }
}
