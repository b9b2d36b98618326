//! Cross entropy against one fixed alignment.

use burn::tensor::{Int, Tensor};
use kr_lpr::labels::Label;
use kr_lpr::model::STEPS;

use super::anchor_step;

/// The class every step is to say: each character at its [`anchor_step`], blank everywhere else.
///
/// CTC alone first learns to say nothing but blank, and for a long time: it has to find out by itself which step reads
/// which character. Told once, the network learns that in a few hundred steps.
pub fn aligned_steps(labels: &[Label]) -> [Label; STEPS] {
    let mut steps = [Label::BLANK; STEPS];
    for (index, &label) in labels.iter().enumerate() {
        steps[anchor_step(index, labels.len())] = label;
    }
    steps
}

/// Mean cross entropy of all steps: `[1]`.
///
/// - `log_probs [n, steps, classes]`: natural-log probabilities
/// - `aligned [n, steps]`: class indices as [`aligned_steps`] gives them
pub fn alignment(log_probs: Tensor<3>, aligned: Tensor<2, Int>) -> Tensor<1> {
    -log_probs.gather(2, aligned.unsqueeze_dim::<3>(2)).mean() // [n, steps, 1] -> [1]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, floats, ints, scalar};
    use super::*;

    #[test]
    fn characters_on_the_steps_of_their_places() {
        let labels = ["1", "2", "가", "3", "4", "5", "6"].map(|name| Label::from_name(name).unwrap());
        let steps = aligned_steps(&labels);
        let spelt: String = steps.map(|label| if label == Label::BLANK { "-" } else { label.name() }).concat();
        assert_eq!(spelt, "1---2-가-3-4-5-6-");
    }

    #[test]
    fn by_hand() {
        // Two steps over three classes; the right ones have probability 1/2 and 1/4.
        let log_probs = floats(&[0.25_f32, 0.5, 0.25, 0.25, 0.25, 0.5].map(f32::ln), [1, 2, 3]);
        let loss = alignment(log_probs, ints(&[1, 0], [1, 2]));
        assert_close(scalar(loss), 1.5 * 2.0_f32.ln());
    }
}
