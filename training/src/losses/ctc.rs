//! Connectionist temporal classification and its focal form.

use burn::nn::loss::CTCLossConfig;
use burn::tensor::{Int, Tensor};
use kr_lpr::labels::Label;

/// Minus the log-probability of each target sequence, summed over all its alignments (Graves et al. 2006): `[n]`.
///
/// - `log_probs [n, steps, classes]`: natural-log probabilities
/// - `targets [n, longest]`: class indices, padded with anything but the blank
/// - `lengths [n]`: characters of each target
pub fn ctc(log_probs: Tensor<3>, targets: Tensor<2, Int>, lengths: Tensor<1, Int>) -> Tensor<1> {
    let [n, steps, _] = log_probs.dims();
    let steps = Tensor::<1, Int>::full([n], steps as i32, &lengths.device());
    let loss = CTCLossConfig::new().with_blank(Label::BLANK.index()).init();
    loss.forward(log_probs.swap_dims(0, 1), targets, steps, lengths) // [n]
}

/// `-alpha (1 - p)^gamma ln p`, the mean over the batch: `[1]`. `p = exp(-ctc)` is the probability of the sequence.
///
/// Focal loss (Lin et al. 2017) on whole sequences: a plate that is already read with p near 1 hardly counts, so that
/// most of the gradient comes from the plates that are not. The gradient flows through both factors.
/// `gamma` is 0 (plain CTC times `alpha`) or at least 1: between them the gradient is infinite at p = 1.
pub fn focal_ctc(ctc: Tensor<1>, alpha: f32, gamma: f32) -> Tensor<1> {
    if gamma == 0.0 {
        return ctc.mean() * alpha;
    }
    // Rounding can push ctc below 0 and so p above 1, where a broken power of 1 - p is not a number.
    let miss = (-(-ctc.clone()).exp() + 1.0).clamp_min(0.0);
    (miss.powf_scalar(gamma) * ctc).mean() * alpha
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, floats, ints, scalar, values};
    use super::*;
    use burn::tensor::activation::log_softmax;

    /// The sum over every path of `classes ^ steps` that collapses to `target`, by definition.
    fn brute_force(probs: &[Vec<f32>], target: &[usize]) -> f32 {
        let (steps, classes) = (probs.len(), probs[0].len());
        let mut total = 0.0;
        for mut code in 0..classes.pow(steps as u32) {
            let (mut p, mut read, mut last) = (1.0, Vec::new(), 0);
            for row in probs {
                let class = code % classes;
                code /= classes;
                p *= row[class];
                if class != 0 && class != last {
                    read.push(class);
                }
                last = class;
            }
            if read == target {
                total += p;
            }
        }
        total
    }

    #[test]
    fn matches_the_sum_over_all_paths() {
        // Any numbers do; these are spread so that no two paths are alike.
        let logits: Vec<f32> = (0..2 * 5 * 4).map(|i| ((i * 37 % 19) as f32 - 9.0) / 4.0).collect();
        let log_probs = log_softmax(floats(&logits, [2, 5, 4]), 2);
        let probs = values(log_probs.clone().exp());
        let rows = |n: usize| (0..5).map(|t| probs[(n * 5 + t) * 4..][..4].to_vec()).collect::<Vec<_>>();
        for (first, second) in
            [(vec![1, 2, 3], vec![2]), (vec![1, 1], vec![3, 3, 3]), (vec![2, 1, 2], vec![3, 2]), (vec![], vec![1])]
        {
            let padded = |target: &[usize]| (0..3).map(|i| *target.get(i).unwrap_or(&1) as i32).collect::<Vec<_>>();
            let targets = ints(&[padded(&first), padded(&second)].concat(), [2, 3]);
            let lengths = ints(&[first.len() as i32, second.len() as i32], [2]);
            let loss = values(ctc(log_probs.clone(), targets, lengths));
            assert_close(loss[0], -brute_force(&rows(0), &first).ln());
            assert_close(loss[1], -brute_force(&rows(1), &second).ln());
        }
    }

    #[test]
    fn focal_by_hand() {
        let ln2 = 2.0_f32.ln();
        // p = 1/2 and 1/4: (1/2)^2 ln 2 and (3/4)^2 2 ln 2, their mean times alpha.
        let expected = 0.25 * (0.25 * ln2 + 0.5625 * 2.0 * ln2) / 2.0;
        assert_close(scalar(focal_ctc(floats(&[ln2, 2.0 * ln2], [2]), 0.25, 2.0)), expected);
        assert_close(scalar(focal_ctc(floats(&[ln2, 2.0 * ln2], [2]), 1.0, 0.0)), 1.5 * ln2);
    }

    #[test]
    fn focal_is_finite_for_certain_and_hopeless_plates() {
        for gamma in [1.0, 1.5, 2.0] {
            let ctc = floats(&[-1e-6, 0.0, 1e-7, 400.0], [4]).require_grad();
            let loss = focal_ctc(ctc.clone(), 1.0, gamma);
            let gradient = values(ctc.grad(&loss.clone().backward()).unwrap());
            assert!(scalar(loss).is_finite());
            assert!(gradient.iter().all(|g| g.is_finite()), "{gradient:?}");
        }
    }
}
