//! Fits what maps the network's belief to how often it is right.

use kr_lpr::calibration::{Calibration, logit};

/// Newton steps; a logistic regression with two parameters needs fewer than ten.
const STEPS: usize = 25;

/// Pull of slope and intercept towards 1 and 0, in plates: a handful of readings must not decide on a cliff.
const PRIOR: f64 = 1.0;

/// A text the network read: the natural logarithm of the probability it gave to it, and whether it was right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Belief {
    /// Natural logarithm of a probability.
    pub log_prob: f32,
    /// Whether the whole text was right.
    pub right: bool,
}

/// The calibration under which `beliefs` are most probable: logistic regression on their logits, by Newton's method.
///
/// Targets are Platt's: `(n + 1) / (n + 2)` for `n` right ones and `1 / (n + 2)` for `n` wrong ones, so that readings
/// that are all right do not make it infinitely sure.
pub fn fit(beliefs: &[Belief]) -> Calibration {
    let right = beliefs.iter().filter(|belief| belief.right).count() as f64;
    let wrong = beliefs.len() as f64 - right;
    let (high, low) = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
    let points: Vec<(f64, f64)> = beliefs
        .iter()
        .map(|belief| (f64::from(logit(belief.log_prob)), if belief.right { high } else { low }))
        .collect();

    let (mut slope, mut intercept) = (1.0_f64, 0.0_f64);
    for _ in 0..STEPS {
        // Gradient and Hessian of the negative log-likelihood and the prior.
        let (mut gs, mut gi) = (PRIOR * (slope - 1.0), PRIOR * intercept);
        let (mut hss, mut hsi, mut hii) = (PRIOR, 0.0, PRIOR);
        for &(x, target) in &points {
            let p = 1.0 / (1.0 + (-(slope * x + intercept)).exp());
            let (error, weight) = (p - target, p * (1.0 - p));
            gs += error * x;
            gi += error;
            hss += weight * x * x;
            hsi += weight * x;
            hii += weight;
        }
        let determinant = hss * hii - hsi * hsi; // above 0: the prior makes the Hessian positive definite
        let step = [(hii * gs - hsi * gi) / determinant, (hss * gi - hsi * gs) / determinant];
        // Far from the answer a full step overshoots.
        let length = step[0].hypot(step[1]).max(1.0);
        slope = (slope - step[0] / length).max(0.05);
        intercept -= step[1] / length;
    }
    Calibration { slope: slope as f32, intercept: intercept as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 4000 readings whose belief is `p` and of which a share of `truth(p)` is right.
    fn beliefs(truth: impl Fn(f32) -> f32) -> Vec<Belief> {
        let mut beliefs = Vec::new();
        for step in 1..40 {
            let p = step as f32 / 40.0;
            let right = (truth(p) * 100.0).round() as usize;
            beliefs.extend((0..100).map(|i| Belief { log_prob: p.ln(), right: i < right }));
        }
        beliefs
    }

    #[test]
    fn finds_the_map_that_made_the_data() {
        for (slope, intercept) in [(1.0, 0.0), (0.5, 0.0), (1.5, -1.0), (0.7, 0.8)] {
            let truth = Calibration { slope, intercept };
            let fitted = fit(&beliefs(|p| truth.confidence(p.ln())));
            assert!((fitted.slope - slope).abs() < 0.05, "{fitted:?} is not {truth:?}");
            assert!((fitted.intercept - intercept).abs() < 0.05, "{fitted:?} is not {truth:?}");
        }
    }

    #[test]
    fn little_or_one_sided_data_gives_something_finite() {
        let one = |right| Belief { log_prob: 0.9_f32.ln(), right };
        for beliefs in [vec![], vec![one(true)], vec![one(true); 500], vec![one(false); 500]] {
            let Calibration { slope, intercept } = fit(&beliefs);
            assert!(slope.is_finite() && slope > 0.0 && intercept.is_finite(), "{slope} {intercept}");
        }
    }
}
