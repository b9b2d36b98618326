//! What the networks are trained to minimise.
//!
//! | file | what it asks for |
//! |---|---|
//! | `ctc` | the right sequence, under any alignment, hard plates first |
//! | `alignment` | every character at the step of its place in a plate's text ([`anchor_step`](crate::plates::targets::anchor_step)) |
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
