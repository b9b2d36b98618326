//! How the weights are moved.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// NAdam, its learning rate and the average of the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptimizerSettings {
    /// Learning rate after the warm-up.
    pub learning_rate: f64,
    /// Learning rate at the end.
    pub last_learning_rate: f64,
    /// Steps over which the learning rate rises from 0.
    pub warmup_steps: u64,
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Added to the root of the mean squared gradient.
    pub epsilon: f64,
    /// Largest norm of the whole gradient.
    pub max_gradient_norm: f32,
    /// Decay of the average of the weights.
    pub average_decay: f64,
}

impl Default for OptimizerSettings {
    fn default() -> Self {
        OptimizerSettings {
            learning_rate: 2e-3,
            last_learning_rate: 2e-5,
            warmup_steps: 500,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            max_gradient_norm: 5.0,
            average_decay: 0.999,
        }
    }
}

impl OptimizerSettings {
    /// Says which value makes no sense.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(self.max_gradient_norm > 0.0, "`optimizer.max_gradient_norm` must be above 0");
        ensure!(
            (0.0..1.0).contains(&self.average_decay),
            "`optimizer.average_decay` is {}; it goes from 0 to below 1",
            self.average_decay
        );
        Ok(())
    }
}
