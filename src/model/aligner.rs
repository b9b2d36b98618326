//! Loosely outlined plate image to the four corners of the plate in it.

use burn::module::{Initializer, Module, Param};
use burn::tensor::module::avg_pool2d;
use burn::tensor::ops::AvgPoolOptions;
use burn::tensor::{Device, Tensor, TensorData, activation};

use super::backbone::{self, Backbone, Layer};
use super::blocks::{BurnKernels, Conv, ConvShape, Kernels, Separable, SeparableShape};
use super::recognizer::GRID;
use crate::geometry::{Point, Quad, QuadError};
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// Channels of the feature map.
const FEATURES: usize = 24;

/// Corners of a plate.
pub const CORNERS: usize = 4;

/// Pixels of the plate image a cell of [`GRID`] covers, each way.
pub const CELL: f32 = (PLATE_WIDTH / GRID[1]) as f32;

/// Finds the corners of a plate in a plate image whose outline was only roughly that of the plate: a crop with margins,
/// a picture taken from the side, corners as a detector gives them.
///
/// It looks at half the resolution of the [`Recognizer`](super::Recognizer). Every corner has an attention map over the
/// cells; the corner is at the mean position under that map (a soft argmax) plus a linear function of the features seen
/// there, which places it within the cell, or beyond the picture's edge.
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
        let separable = |channels, kernel, stride, dilation| {
            Separable::new(SeparableShape { channels, kernel, stride, dilation }, device)
        };
        let stem = ConvShape { channels: [1, 8], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true };
        let attend =
            ConvShape { channels: [FEATURES, CORNERS], kernel: 1, stride: 1, dilation: 1, groups: 1, relu: false };
        let zeros = Initializer::Zeros;
        let [rows, columns] = GRID;
        Aligner {
            stem: Conv::new(stem, device),
            trunk: vec![
                separable([8, 16], 3, 2, 1),
                separable([16, FEATURES], 5, 1, 1),
                separable([FEATURES, FEATURES], 3, 1, 3),
            ],
            attend: Conv::new(attend, device),
            row_prior: zeros.init([1, CORNERS, rows, 1], device),
            column_prior: zeros.init([1, CORNERS, 1, columns], device),
            shift: zeros.init([1, CORNERS, FEATURES, 2], device),
            shift_bias: zeros.init([1, CORNERS, 2], device),
        }
    }

    /// Corners in `images [n, 1, 96, 192]`, as [`input`](super::input) makes them: `[n, 4, 2]`, x and y in pixels of the
    /// plate image, in the order of [`Quad::corners`].
    pub fn forward(&self, images: Tensor<4>) -> Tensor<3> {
        self.forward_with(images, &BurnKernels)
    }

    /// [`forward`](Self::forward) with the heavy operations computed by `kernels`.
    pub fn forward_with(&self, images: Tensor<4>, kernels: &impl Kernels) -> Tensor<3> {
        let [n, _, _, _] = images.dims();
        let [rows, columns] = GRID;
        let cells = rows * columns;

        let features = self.backbone().features(halved(images), kernels); // [n, FEATURES, rows, columns]

        let attention = self.attend.forward(features.clone(), kernels) + self.row_prior.val() + self.column_prior.val(); // [n, CORNERS, rows, columns]
        let attention = activation::softmax(attention.reshape([n, CORNERS, cells]), 2); // [n, CORNERS, cells]

        let seen = attention.clone().matmul(features.reshape([n, FEATURES, cells]).swap_dims(1, 2)); // [n, CORNERS, FEATURES]
        let shift = (seen.reshape([n, CORNERS, FEATURES, 1]) * self.shift.val()).sum_dim(2); // [n, CORNERS, 1, 2]
        let shift = shift.reshape([n, CORNERS, 2]) + self.shift_bias.val();
        let centres = cell_centres(&attention.device()); // [1, cells, 2]
        attention.matmul(centres) + shift * CELL // [n, CORNERS, 2]
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
        self.backbone().layers([PLATE_HEIGHT / 2, PLATE_WIDTH / 2])
    }

    fn backbone(&self) -> Backbone<'_> {
        Backbone { stem: &self.stem, trunk: &self.trunk, end: ("attend", &self.attend) }
    }

    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        let [rows, columns] = GRID;
        let convolutions: usize = self.layers().iter().map(Layer::multiply_adds).sum();
        convolutions + CORNERS * rows * columns * (FEATURES + 2) + CORNERS * FEATURES * 2
    }
}

/// `images [n, 1, 96, 192]` at half the resolution, `[n, 1, 48, 96]`.
fn halved(images: Tensor<4>) -> Tensor<4> {
    avg_pool2d(images, AvgPoolOptions::new([2, 2]))
}

/// Centres of the cells in pixels of the plate image, row-major: `[1, cells, 2]`.
fn cell_centres(device: &Device) -> Tensor<3> {
    let [rows, columns] = GRID;
    let centre = |index: usize| (index as f32 + 0.5) * CELL;
    let values: Vec<f32> =
        (0..rows).flat_map(|row| (0..columns).flat_map(move |column| [centre(column), centre(row)])).collect();
    Tensor::from_data(TensorData::new(values, [1, rows * columns, 2]), &device.clone().without_autodiff())
}

/// The outline in the frame of a plate that was found in `plate` at `corners`: x and y of each, as
/// [`Aligner::forward`] gives them.
///
/// # Errors
/// When the corners do not outline a plate, as happens where there is none.
pub fn outline(plate: &PlateImage, corners: [f32; 2 * CORNERS]) -> Result<Quad, QuadError> {
    let [x0, y0, x1, y1, x2, y2, x3, y3] = corners;
    // Convex in the plate image first: what lies beyond the horizon of the map would come back from the other side.
    let found = Quad::new([(x0, y0), (x1, y1), (x2, y2), (x3, y3)].map(|(x, y)| Point::new(x, y)))?;
    Quad::new(found.corners().map(|corner| plate.to_frame(corner)))
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::frame::{Frame, PixelFormat};
    use crate::rectify::rectify;
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

    #[test]
    fn corners_of_the_image_are_the_outline_itself() {
        let pixels = [90; 100 * 30];
        let frame = Frame::new(&pixels, 100, 30, PixelFormat::Grey).unwrap();
        let given = Quad::rect(10.0, 4.0, 80.0, 20.0).unwrap();
        let plate = rectify(&frame, &given);
        let (right, bottom) = (PLATE_WIDTH as f32, PLATE_HEIGHT as f32);
        let found = outline(&plate, [0.0, 0.0, right, 0.0, right, bottom, 0.0, bottom]).unwrap();
        for (found, given) in found.corners().into_iter().zip(given.corners()) {
            assert!(found.distance(given) < 1e-3, "{found:?} is not {given:?}");
        }
        assert!(outline(&plate, [96.0, 48.0, 96.0, 48.0, 96.0, 48.0, 96.0, 48.0]).is_err());
        assert!(outline(&plate, [f32::NAN; 8]).is_err());
    }
}
