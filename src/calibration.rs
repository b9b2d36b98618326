//! From what the network believes to how often it is right.

use serde::{Deserialize, Serialize};

/// Largest magnitude of a logit taken in: beyond it an `f32` cannot tell a probability from 0 or 1.
const MAX_LOGIT: f32 = 16.0;

/// Maps the probability that the network gives to a text to the share of such texts that are right.
///
/// `p' = sigmoid(slope * logit(p) + intercept)` (Platt 1999), fitted on rendered plates that were not trained on. It
/// keeps the order of confidences and is the identity at slope 1 and intercept 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Calibration {
    /// Above 0; below 1 where the network is too sure of itself.
    pub slope: f32,
    /// Below 0 where it is right less often than it says.
    pub intercept: f32,
}

impl Default for Calibration {
    fn default() -> Calibration {
        Calibration { slope: 1.0, intercept: 0.0 }
    }
}

impl Calibration {
    /// The probability, 0 to 1, that a text is right to which the network gives `log_prob`, a natural logarithm.
    pub fn confidence(&self, log_prob: f32) -> f32 {
        let logit = self.slope * logit(log_prob) + self.intercept;
        1.0 / (1.0 + (-logit).exp())
    }
}

/// `ln(p / (1 - p))` of `log_prob = ln(p)`, within ±16; not a number is taken for impossible.
pub fn logit(log_prob: f32) -> f32 {
    // expm1 keeps what 1 - p loses near 1.
    let logit = log_prob - (-log_prob.exp_m1()).ln();
    if log_prob.is_nan() {
        return -MAX_LOGIT;
    }
    // At p = 0 both terms are fine; at p >= 1 the logarithm is that of 0 or of less.
    if logit.is_nan() { MAX_LOGIT } else { logit.clamp(-MAX_LOGIT, MAX_LOGIT) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        let same = Calibration::default();
        for p in [1e-6_f32, 0.01, 0.5, 0.9, 0.999] {
            assert!((same.confidence(p.ln()) - p).abs() < 1e-5, "{p}");
        }
        // Odds of 9 become 3 at slope 1/2, and 1 with an intercept of -ln 3.
        let half = Calibration { slope: 0.5, intercept: 0.0 };
        assert!((half.confidence(0.9_f32.ln()) - 0.75).abs() < 1e-5);
        let less = Calibration { slope: 0.5, intercept: -(3.0_f32.ln()) };
        assert!((less.confidence(0.9_f32.ln()) - 0.5).abs() < 1e-5);
    }

    #[test]
    fn order_is_kept_and_every_input_gives_a_probability() {
        let calibration = Calibration { slope: 0.7, intercept: -0.4 };
        let inputs = [f32::NEG_INFINITY, -80.0, -3.0, -0.1, -1e-4, -1e-7, 0.0, 1e-3];
        let confidences = inputs.map(|log_prob| calibration.confidence(log_prob));
        assert!(confidences.is_sorted(), "{confidences:?}");
        assert!(confidences.iter().all(|p| (0.0..=1.0).contains(p)));
        assert!(calibration.confidence(f32::NAN) < 1e-3);
    }
}
