//! NAdam, and clipping by the norm of the whole gradient.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsParams, LearningRate, ModuleOptimizer, Optimizer, RecordState};
use burn::tensor::{Device, Tensor};

/// Adam with Nesterov momentum (Dozat 2016, "Incorporating Nesterov Momentum into Adam", algorithm 2).
///
/// Adam steps along the momentum as it is; NAdam along the momentum as it will be after the next decay, which reacts
/// one step sooner to a gradient that turns. The momentum warms up by the paper's schedule
/// `mu_t = beta_1 (1 - 0.96^(0.004 t) / 2)`, from half of `beta_1` to all of it in a few thousand steps.
#[derive(Clone, Copy, Debug)]
pub struct NAdam {
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Added to the root of the mean squared gradient.
    pub epsilon: f64,
}

/// What [`NAdam`] remembers of one parameter.
#[derive(RecordState, Clone)]
pub struct NAdamState<const D: usize> {
    /// Decaying mean of the gradient.
    mean: Tensor<D>,
    /// Decaying mean of the squared gradient.
    square: Tensor<D>,
    /// Steps so far.
    time: i64,
    /// Product of all `mu_t` so far: the share of the initial zero that is left in `mean`.
    product: f64,
}

impl NAdam {
    fn momentum(&self, time: i64) -> f64 {
        self.beta_1 * (1.0 - 0.5 * 0.96_f64.powf(0.004 * time as f64))
    }
}

impl Optimizer for NAdam {
    type State<const D: usize> = NAdamState<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        parameter: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<NAdamState<D>>,
    ) -> (Tensor<D>, Option<NAdamState<D>>) {
        let NAdamState { mean, square, time, product } = state.unwrap_or_else(|| NAdamState {
            mean: gradient.zeros_like(),
            square: gradient.zeros_like(),
            time: 0,
            product: 1.0,
        });
        let time = time + 1;
        let (mu, mu_next) = (self.momentum(time), self.momentum(time + 1));
        let product = product * mu;
        let mean = mean * self.beta_1 + gradient.clone() * (1.0 - self.beta_1);
        let square = square * self.beta_2 + gradient.clone().square() * (1.0 - self.beta_2);

        let unbiased = square.clone() / (1.0 - self.beta_2.powi(time as i32));
        let scale = unbiased.sqrt() + self.epsilon;
        let ahead = mean.clone() * (mu_next / (1.0 - product * mu_next)) + gradient * ((1.0 - mu) / (1.0 - product));
        let parameter = parameter - ahead / scale * learning_rate;
        (parameter, Some(NAdamState { mean, square, time, product }))
    }

    fn to_device<const D: usize>(state: NAdamState<D>, device: &Device) -> NAdamState<D> {
        NAdamState { mean: state.mean.to_device(device), square: state.square.to_device(device), ..state }
    }
}

impl NAdam {
    /// An optimizer of a whole module.
    pub fn init(self) -> ModuleOptimizer {
        ModuleOptimizer::from(self)
    }
}

/// The squared norm of the gradient of all parameters of `module` together: `[1]`, not yet read from the device.
pub fn squared_norm<M: Module>(module: &M, gradients: &GradientsParams) -> Option<Tensor<1>> {
    struct Sum<'a> {
        gradients: &'a GradientsParams,
        total: Option<Tensor<1>>,
    }
    impl ModuleVisitor for Sum<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.get::<D>(param.id) {
                let square = gradient.square().sum();
                self.total = Some(match self.total.take() {
                    Some(total) => total + square,
                    None => square,
                });
            }
        }
    }
    let mut sum = Sum { gradients, total: None };
    module.visit(&mut sum);
    sum.total
}

/// Scales the gradient of all parameters together so that its norm becomes at most `limit` (Pascanu et al. 2013).
///
/// `norm` is what it is now. Scaling everything alike keeps the direction, which Burn's clipping, one parameter at a
/// time, does not.
pub fn clip_by_global_norm<M: Module>(module: &M, gradients: &mut GradientsParams, norm: f32, limit: f32) {
    struct Scale<'a> {
        gradients: &'a mut GradientsParams,
        factor: f32,
    }
    impl ModuleVisitor for Scale<'_> {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            if let Some(gradient) = self.gradients.remove::<D>(param.id) {
                self.gradients.register(param.id, gradient * self.factor);
            }
        }
    }
    if norm > limit {
        module.visit(&mut Scale { gradients, factor: limit / norm });
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::losses::testing::{assert_close, floats, scalar, values};
    use burn::module::Param;

    #[derive(Module, Debug)]
    struct Pair {
        a: Param<Tensor<1>>,
        b: Param<Tensor<2>>,
    }

    fn pair() -> Pair {
        Pair { a: Param::from_tensor(floats(&[1.0, -2.0], [2])), b: Param::from_tensor(floats(&[0.5], [1, 1])) }
    }

    /// Gradients 3 and 4 for `a`, 12 for `b`: norm 13.
    fn gradients(pair: &Pair) -> GradientsParams {
        let loss = (pair.a.val() * floats(&[3.0, 4.0], [2])).sum() + pair.b.val().sum() * 12.0;
        GradientsParams::from_grads(loss.backward(), pair)
    }

    /// The paper's algorithm on one number, written out step by step.
    fn reference(nadam: NAdam, mut x: f64, gradients: &[f64], rate: f64) -> f64 {
        let (mut m, mut v, mut product) = (0.0, 0.0, 1.0);
        for (index, g) in gradients.iter().enumerate() {
            let t = index as f64 + 1.0;
            let mu = nadam.beta_1 * (1.0 - 0.5 * 0.96_f64.powf(t * 0.004));
            let mu_next = nadam.beta_1 * (1.0 - 0.5 * 0.96_f64.powf((t + 1.0) * 0.004));
            product *= mu;
            let g_hat = g / (1.0 - product);
            m = nadam.beta_1 * m + (1.0 - nadam.beta_1) * g;
            let m_hat = m / (1.0 - product * mu_next);
            v = nadam.beta_2 * v + (1.0 - nadam.beta_2) * g * g;
            let v_hat = v / (1.0 - nadam.beta_2.powf(t));
            x -= rate * ((1.0 - mu) * g_hat + mu_next * m_hat) / (v_hat.sqrt() + nadam.epsilon);
        }
        x
    }

    #[test]
    fn follows_the_paper() {
        let nadam = NAdam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
        let (mut x, mut state) = (floats(&[1.0], [1]), None);
        let steps = [0.5, -0.25, 2.0, 0.125, -1.0];
        for gradient in steps {
            (x, state) = nadam.step(0.01, x, floats(&[gradient as f32], [1]), state);
        }
        assert_close(scalar(x), reference(nadam, 1.0, &steps, 0.01) as f32);
        assert_eq!(state.unwrap().time, 5);
    }

    #[test]
    fn norm_and_clipping_are_of_all_parameters_together() {
        let pair = pair();
        let mut grads = gradients(&pair);
        assert_close(scalar(squared_norm(&pair, &grads).unwrap()), 169.0);
        clip_by_global_norm(&pair, &mut grads, 13.0, 20.0);
        assert_close(scalar(squared_norm(&pair, &grads).unwrap()), 169.0);
        clip_by_global_norm(&pair, &mut grads, 13.0, 6.5);
        assert_eq!(values(grads.get::<1>(pair.a.id).unwrap()), [1.5, 2.0]);
        assert_eq!(values(grads.get::<2>(pair.b.id).unwrap()), [6.0]);
    }

    #[test]
    fn state_survives_the_way_to_disk() {
        let nadam = NAdam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 };
        let (mut optimizer, mut module) = (nadam.init(), pair());
        for _ in 0..3 {
            let grads = gradients(&module);
            module = optimizer.step(0.1, module, grads);
        }
        let mut restored = nadam.init().from_bytes(optimizer.into_bytes().unwrap()).unwrap();
        let expected = optimizer.step(0.1, module.clone(), gradients(&module));
        let actual = restored.step(0.1, module.clone(), gradients(&module));
        assert_eq!(values(actual.a.val()), values(expected.a.val()));
        assert_eq!(values(actual.b.val()), values(expected.b.val()));
    }
}
