//! The moving average of the weights.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// An exponential moving average of every float parameter of a module, the running statistics of its batch norms
/// included (Polyak and Juditsky 1992).
///
/// Weights wander around a good place as long as the learning rate is high; their mean lies closer to it. Validation
/// and export use the average, never the weights of the last step.
#[derive(Clone, Debug)]
pub struct Average<M> {
    module: M,
    decay: f64,
    updates: u64,
}

impl<M: Module> Average<M> {
    /// An average that has seen `updates` modules and now is `module`, which carries no gradients.
    pub fn new(module: M, decay: f64, updates: u64) -> Average<M> {
        Average { module: own_running_state(module), decay, updates }
    }

    /// Moves the average towards `module` by `1 - decay`; by more in the first steps, so that it is not held back by
    /// random initial weights.
    pub fn update(&mut self, module: &M) {
        self.updates += 1;
        let decay = self.decay.min(self.updates as f64 / (self.updates as f64 + 9.0));
        let mut current = Collect::default();
        module.visit(&mut current);
        self.module = self.module.clone().map(&mut Mix { current: current.values, count: 0, decay });
    }

    /// The average.
    pub fn module(&self) -> &M {
        &self.module
    }
}

/// Clones of a module share the running statistics of its batch norms; `valid` makes them its own.
fn own_running_state<M: Module>(module: M) -> M {
    module.valid()
}

/// The float parameters of a module in the order of its fields, without their gradients.
///
/// Keyed by place, not by the parameter's id: a batch norm's running statistics get a new id when they are loaded.
#[derive(Default)]
struct Collect {
    values: GradientsParams,
    count: u64,
}

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.values.register(ParamId::from(self.count), param.val().without_autodiff());
        self.count += 1;
    }
}

struct Mix {
    current: GradientsParams,
    count: u64,
    decay: f64,
}

impl ModuleMapper for Mix {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let current = self.current.remove::<D>(ParamId::from(self.count));
        self.count += 1;
        match current {
            Some(current) => param.map(|average| average * self.decay + current * (1.0 - self.decay)),
            None => param,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::losses::testing::{assert_close, device, floats, values};
    use burn::nn::{BatchNorm, BatchNormConfig};

    #[test]
    fn follows_weights_and_running_statistics() {
        let device = device();
        let norm: BatchNorm = BatchNormConfig::new(1).with_momentum(1.0).init(&device);
        let mut average = Average::new(norm.valid(), 0.75, 1_000_000);

        // A batch of mean 8: the running mean becomes 8, the average's goes a quarter of the way from 0.
        let mut trained = norm.clone();
        trained.forward::<4>(floats(&[6.0, 10.0], [2, 1, 1, 1]));
        trained.gamma = trained.gamma.map(|gamma| gamma * 5.0);
        let trained = trained.valid().train();
        average.update(&trained);

        assert_close(values(average.module().gamma.val())[0], 0.75 + 0.25 * 5.0);
        assert_close(values(average.module().running_mean.value())[0], 2.0);
        assert_close(values(trained.running_mean.value())[0], 8.0);
    }

    #[test]
    fn starts_as_a_plain_mean_of_what_it_sees() {
        let device = device();
        let norm: BatchNorm = BatchNormConfig::new(1).init(&device);
        let mut average = Average::new(norm.valid(), 0.999, 0);
        let mut trained = norm.clone();
        trained.gamma = trained.gamma.map(|gamma| gamma * 11.0);
        average.update(&trained);
        assert_close(values(average.module().gamma.val())[0], 0.1 * 1.0 + 0.9 * 11.0);
    }
}
