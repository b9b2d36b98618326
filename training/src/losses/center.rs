//! Center loss on the features that characters are read from.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Int, Tensor};
use kr_lpr::labels::CLASS_COUNT;

/// A learned centre of every class in feature space (Wen et al. 2016). Exists in training only.
#[derive(Module, Debug)]
pub struct Centers {
    /// `[classes, features]`
    points: Param<Tensor<2>>,
}

/// The two halves of the center loss, each `[1]`.
pub struct CenterLosses {
    /// Pulls the centres towards the features, which stay; always worth minimising.
    pub centers: Tensor<1>,
    /// Pulls the features towards the centres, which stay; only once the centres are where they belong.
    pub features: Tensor<1>,
}

impl Centers {
    /// All centres at the origin.
    pub fn new(features: usize, device: &Device) -> Centers {
        Centers { points: Initializer::Zeros.init([CLASS_COUNT, features], device) }
    }

    /// Half the mean squared distance between the features of characters and the centres of their classes.
    ///
    /// As in the paper, centres and network move by gradients of their own: the centres follow the features from the
    /// first step on, so that they are in place when the pull on the features is switched on.
    ///
    /// - `features [n, characters, c]`: of the steps that read characters
    /// - `labels [n, characters]`: class indices
    /// - `present [n, characters]`: 1 where there is a character, 0 for padding
    pub fn forward(&self, features: Tensor<3>, labels: Tensor<2, Int>, present: Tensor<2>) -> CenterLosses {
        let [n, characters, c] = features.dims();
        let points = self.points.val().select(0, labels.reshape([n * characters])); // [n * characters, c]
        let features = features.reshape([n * characters, c]);
        let present = present.reshape([n * characters, 1]);
        let count = present.clone().sum().clamp_min(1.0) * c as f32;
        let half_mean = |difference: Tensor<2>| (difference.square() * present.clone()).sum() / count.clone() * 0.5;
        CenterLosses {
            centers: half_mean(features.clone().detach() - points.clone()),
            features: half_mean(features - points.detach()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{assert_close, device, floats, ints, scalar, values};
    use super::*;

    fn case() -> (Centers, Tensor<3>, CenterLosses) {
        let mut points = vec![0.0; CLASS_COUNT * 2];
        points[2 * 3..][..2].copy_from_slice(&[1.0, 2.0]);
        let centers = Centers { points: Param::from_tensor(floats(&points, [CLASS_COUNT, 2])) };
        let features = floats(&[4.0, 6.0, 9.0, 9.0], [1, 2, 2]).require_grad();
        let losses = centers.forward(features.clone(), ints(&[3, 5], [1, 2]), floats(&[1.0, 0.0], [1, 2]));
        (centers, features, losses)
    }

    #[test]
    fn by_hand() {
        // (3^2 + 4^2) / 2 features / 2; the second character is padding.
        let (_, _, losses) = case();
        assert_close(scalar(losses.centers), 6.25);
        assert_close(scalar(losses.features), 6.25);
    }

    #[test]
    fn each_half_moves_its_own_side() {
        let (centers, features, losses) = case();
        let gradients = losses.features.backward();
        assert_eq!(values(features.grad(&gradients).unwrap()), [1.5, 2.0, 0.0, 0.0]);
        assert!(centers.points.val().grad(&gradients).is_none());

        let (centers, features, losses) = case();
        let gradients = losses.centers.backward();
        let moved = values(centers.points.val().grad(&gradients).unwrap());
        assert_eq!(moved[2 * 3..][..2], [-1.5, -2.0]);
        assert!(moved.iter().enumerate().all(|(i, &g)| i / 2 == 3 || g == 0.0));
        assert!(features.grad(&gradients).is_none());
    }

    #[test]
    fn starts_at_the_origin() {
        assert!(values(Centers::new(4, &device()).points.val()).iter().all(|&v| v == 0.0));
    }
}
