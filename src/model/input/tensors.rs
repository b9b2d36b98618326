//! Inputs as tensors.

use burn::tensor::{Device, Tensor, TensorData};

use super::{PIXELS, normalise, normalise_overview};
use crate::overview::Overview;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// One overview as a batch, `[1, 1, rows, columns]` of its layout.
pub fn overview_tensor(overview: &Overview, device: &Device) -> Tensor<4> {
    let [columns, rows] = overview.layout().size();
    let mut values = vec![0.0; rows * columns];
    normalise_overview(overview, &mut values);
    Tensor::from_data(TensorData::new(values, [1, 1, rows, columns]), device)
}

/// The plates as one batch, `[n, 1, 96, 192]`.
pub fn to_tensor(plates: &[PlateImage], device: &Device) -> Tensor<4> {
    let mut values = vec![0.0; plates.len() * PIXELS];
    for (plate, out) in plates.iter().zip(values.chunks_exact_mut(PIXELS)) {
        normalise(plate, out);
    }
    Tensor::from_data(TensorData::new(values, [plates.len(), 1, PLATE_HEIGHT, PLATE_WIDTH]), device)
}
