//! Overviews and what the detector is to say of them, as tensors.

use burn::tensor::{Device, Tensor, TensorData};
use kr_lpr::geometry::Quad;
use kr_lpr::model::detector::grid;
use kr_lpr::model::input::normalise_overview;
use kr_lpr::overview::{FIRST_LOOK, Overview};

use super::targets::Targets;

/// Overviews of [`FIRST_LOOK`] side by side in memory, made on the rendering threads.
#[derive(Clone, Debug, Default)]
pub struct SceneBatch {
    examples: usize,
    images: Vec<f32>,
    centres: Vec<f32>,
    centre_weights: Vec<f32>,
    corners: Vec<f32>,
    widths: Vec<f32>,
    corner_weights: Vec<f32>,
}

/// A batch of `n` on a device; `rows` and `columns` are those of the detector's maps.
#[derive(Debug)]
pub struct SceneTensors {
    /// `[n, 1, h, w]`
    pub images: Tensor<4>,
    /// `[n, 1, rows, columns]`, as [`Targets::centres`] and those below.
    pub centres: Tensor<4>,
    /// `[n, 1, rows, columns]`
    pub centre_weights: Tensor<4>,
    /// `[n, 8, rows, columns]`
    pub corners: Tensor<4>,
    /// `[n, 1, rows, columns]`
    pub widths: Tensor<4>,
    /// `[n, 1, rows, columns]`
    pub corner_weights: Tensor<4>,
}

impl SceneBatch {
    /// Adds an overview of [`FIRST_LOOK`] in which there are `plates`, outlined in pixels of its frame.
    pub fn push(&mut self, overview: &Overview, plates: &[Quad]) {
        let start = self.images.len();
        self.images.resize(start + overview.pixels().len(), 0.0);
        normalise_overview(overview, &mut self.images[start..]);
        let targets = Targets::new(overview, plates);
        self.centres.extend(targets.centres);
        self.centre_weights.extend(targets.centre_weights);
        self.corners.extend(targets.corners);
        self.widths.extend(targets.widths);
        self.corner_weights.extend(targets.corner_weights);
        self.examples += 1;
    }

    /// Number of overviews.
    pub fn len(&self) -> usize {
        self.examples
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.examples == 0
    }

    /// Copies everything to `device`.
    pub fn into_tensors(self, device: &Device) -> SceneTensors {
        let n = self.examples;
        let ([width, height], [rows, columns]) = (FIRST_LOOK.size(), grid(FIRST_LOOK));
        let tensor = |values: Vec<f32>, shape: [usize; 4]| Tensor::from_data(TensorData::new(values, shape), device);
        SceneTensors {
            images: tensor(self.images, [n, 1, height, width]),
            centres: tensor(self.centres, [n, 1, rows, columns]),
            centre_weights: tensor(self.centre_weights, [n, 1, rows, columns]),
            corners: tensor(self.corners, [n, 8, rows, columns]),
            widths: tensor(self.widths, [n, 1, rows, columns]),
            corner_weights: tensor(self.corner_weights, [n, 1, rows, columns]),
        }
    }
}
