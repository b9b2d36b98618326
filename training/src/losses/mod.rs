//! What the networks are trained to minimise.
//!
//! | file | what it asks for |
//! |---|---|
//! | `ctc` | the right sequence, under any alignment, hard plates first |
//! | `alignment` | every character at the step of its place in a plate's text ([`anchor_step`]) |
//! | `mask` | that a step looks where its character is |
//! | `center` | that the features of one character lie close together |
//! | `kind` | the right plate kind |
//! | `corners` | of the aligner: the corners of the plate |
//! | `detector` | of the detector: where plates are in a scene, how large, and their corners |
//!
//! Every function returns a mean over the batch, so that weights mean the same at any batch size.

pub mod alignment;
pub mod center;
pub mod corners;
pub mod ctc;
pub mod detector;
pub mod kind;
pub mod mask;

use kr_lpr::model::STEPS;

/// Most characters a text may have: every other of the [`STEPS`] is left for the blank between two characters.
pub const MAX_CHARACTERS: usize = STEPS / 2;

/// The step that is to read character `index` (from 0) of a text of `count`, at most [`MAX_CHARACTERS`].
///
/// The first character has step 0 and the others are counted from the end, so that a step reads the same part of every
/// plate: step 6 the letter, steps 8 to 14 the four digits after it, steps 2 and 4 the digits before it that not every
/// plate has. Only even steps read: the others are left for the blank between two characters.
///
/// Counting all from the beginning asks of step 2 the second digit of `12가3456` and the second of `123가4567`, of step 4
/// the letter and the third digit, and so on, on plates that look alike and before their digits are counted. A network
/// that is asked to never becomes sure: it ended up reading with the steps above all the same, and gave a tenth of the
/// probability of each character to its neighbour.
pub fn anchor_step(index: usize, count: usize) -> usize {
    2 * if index == 0 { 0 } else { MAX_CHARACTERS - count + index }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_every_text_is_read_by_the_same_steps() {
        let steps = |count: usize| (0..count).map(|index| anchor_step(index, count)).collect::<Vec<_>>();
        assert_eq!(steps(8), [0, 2, 4, 6, 8, 10, 12, 14]);
        assert_eq!(steps(7), [0, 4, 6, 8, 10, 12, 14]);
        assert_eq!(steps(2), [0, 14]);
        assert_eq!(steps(1), [0]);
    }
}

#[cfg(test)]
pub(crate) mod testing {
    //! Small tensors on the CPU, with and without gradients.
    #![allow(clippy::unwrap_used)]

    use burn::tensor::{Device, Int, Tensor, TensorData};

    pub fn device() -> Device {
        Device::flex().autodiff()
    }

    pub fn floats<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &device())
    }

    pub fn ints<const D: usize>(values: &[i32], shape: [usize; D]) -> Tensor<D, Int> {
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &device())
    }

    pub fn scalar(tensor: Tensor<1>) -> f32 {
        tensor.into_scalar()
    }

    pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().iter::<f32>().collect()
    }

    pub fn assert_close(actual: f32, expected: f32) {
        let tolerance = 1e-4 * expected.abs().max(1.0);
        assert!((actual - expected).abs() <= tolerance, "{actual} is not {expected}");
    }
}
