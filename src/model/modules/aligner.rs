//! The aligner as a module.

use burn::module::{Initializer, Module, Param};
use burn::tensor::{Device, Tensor};

use super::backbone::{self, Backbone};
use super::blocks::{BurnKernels, Conv, Kernels, Separable};
use super::engine::{BurnEngine, Prior, Shift, halved};
use crate::model::aligner::{self, ARCHITECTURE, CORNERS, Definition, FEATURES};
use crate::model::architecture::Layer;
use crate::model::recognizer::GRID;

/// Parameters of the [aligner](crate::model::aligner).
#[derive(Module, Debug)]
pub struct Aligner {
    stem: Conv,
    trunk: Vec<Separable>,
    attend: Conv,
    /// Where a corner tends to be: `[1, CORNERS, rows, 1]` and `[1, CORNERS, 1, columns]`.
    row_prior: Param<Tensor<4>>,
    column_prior: Param<Tensor<4>>,
    /// Features to cells right and down: `[1, CORNERS, FEATURES, 2]`.
    shift: Param<Tensor<4>>,
    /// `[1, CORNERS, 2]`
    shift_bias: Param<Tensor<3>>,
}

impl Aligner {
    /// A network with random weights and batch norm, to be trained.
    pub fn new(device: &Device) -> Aligner {
        let (stem, trunk) = backbone::new(&ARCHITECTURE, device);
        let zeros = Initializer::Zeros;
        let [rows, columns] = GRID;
        Aligner {
            stem,
            trunk,
            attend: Conv::new(ARCHITECTURE.end.1, device),
            row_prior: zeros.init([1, CORNERS, rows, 1], device),
            column_prior: zeros.init([1, CORNERS, 1, columns], device),
            shift: zeros.init([1, CORNERS, FEATURES, 2], device),
            shift_bias: zeros.init([1, CORNERS, 2], device),
        }
    }

    /// Corners in `images [n, 1, 96, 192]`, as [`input`](crate::model::input) makes them: `[n, 4, 2]`, x and y in pixels of the
    /// plate image, in the order of [`Quad::corners`](crate::geometry::Quad::corners).
    pub fn forward(&self, images: Tensor<4>) -> Tensor<3> {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<3> {
        self.definition().forward(&BurnEngine(kernels), &images)
    }

    fn definition<'a, K: Kernels>(&'a self) -> Definition<BurnEngine<'a, K>> {
        Definition {
            stack: Backbone { stem: &self.stem, trunk: &self.trunk },
            attend: &self.attend,
            prior: Prior { rows: &self.row_prior, columns: &self.column_prior },
            shift: Shift { weights: &self.shift, bias: &self.shift_bias },
        }
    }

    /// The same function with every batch norm folded into its convolution.
    pub fn folded(self) -> Aligner {
        let (stem, trunk) = backbone::folded(self.stem, self.trunk);
        Aligner { stem, trunk, attend: self.attend.folded(), ..self }
    }

    /// The way back from [`folded`](Self::folded), as [`Recognizer::unfolded`](super::Recognizer::unfolded).
    pub fn unfolded(self, images: Tensor<4>) -> Aligner {
        let (stem, trunk, attend) = backbone::unfolded(self.stem, self.trunk, self.attend, halved(images));
        Aligner { stem, trunk, attend, ..self }
    }

    /// The convolutions in the order they run, on half the plate image; the last one is `attend`.
    pub fn layers(&self) -> Vec<Layer> {
        aligner::layers()
    }

    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        aligner::multiply_adds()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
    use burn::tensor::Distribution;

    #[test]
    fn folding_the_norms_changes_nothing() {
        let device = Device::flex();
        let trained = Aligner::new(&device.clone().autodiff());
        let images = Tensor::<4>::random([2, 1, PLATE_HEIGHT, PLATE_WIDTH], Distribution::Normal(0.0, 1.0), &device);
        let _ = trained.forward(Tensor::from_inner(images.clone()));
        let trained = trained.valid();
        let before = trained.forward(images.clone());
        let after = trained.folded().forward(images);
        let difference: f32 = (before - after).abs().max().into_scalar();
        assert!(difference < 1e-2, "{difference} px");
    }

    #[test]
    fn knowing_nothing_every_corner_is_the_middle() {
        let device = Device::flex();
        let images = Tensor::<4>::zeros([1, 1, PLATE_HEIGHT, PLATE_WIDTH], &device);
        let corners: Vec<f32> = Aligner::new(&device).forward(images).try_into_vec_as().unwrap();
        for corner in corners.chunks_exact(2) {
            assert!((corner[0] - 96.0).abs() < 1e-3 && (corner[1] - 48.0).abs() < 1e-3, "{corner:?}");
        }
    }
}
