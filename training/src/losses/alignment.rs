//! Cross entropy against one fixed alignment.

use burn::tensor::{Int, Tensor};

/// Mean cross entropy of all steps: `[1]`.
///
/// - `log_probs [n, steps, classes]`: natural-log probabilities
/// - `aligned [n, steps]`: class indices as [`aligned_steps`](crate::plates::targets::aligned_steps) gives them
pub fn alignment(log_probs: Tensor<3>, aligned: Tensor<2, Int>) -> Tensor<1> {
    -log_probs.gather(2, aligned.unsqueeze_dim::<3>(2)).mean() // [n, steps, 1] -> [1]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{assert_close, floats, ints, scalar};
    use super::*;

    #[test]
    fn by_hand() {
        // Two steps over three classes; the right ones have probability 1/2 and 1/4.
        let log_probs = floats(&[0.25_f32, 0.5, 0.25, 0.25, 0.25, 0.5].map(f32::ln), [1, 2, 3]);
        let loss = alignment(log_probs, ints(&[1, 0], [1, 2]));
        assert_close(scalar(loss), 1.5 * 2.0_f32.ln());
    }
}
