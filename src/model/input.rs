//! How a [`PlateImage`] and an [`Overview`] become a network's input. Training and every reader call exactly this.

use burn::tensor::{Device, Tensor, TensorData};

use crate::overview::Overview;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// Added to the standard deviation (in luma steps of 255), so that a flat picture does not become amplified noise.
const CONTRAST_FLOOR: f32 = 8.0;

/// Pixels of one plate image.
pub const PIXELS: usize = PLATE_WIDTH * PLATE_HEIGHT;

/// Writes `(luma - mean) / (deviation + 8)` to `out`, row-major: dark, bright and low-contrast plates come out alike.
///
/// # Panics
/// Unless `out` has [`PIXELS`] elements.
pub fn normalise(plate: &PlateImage, out: &mut [f32]) {
    standardise(plate.pixels(), PLATE_WIDTH, [0, 0, PLATE_WIDTH, PLATE_HEIGHT], out);
}

/// Writes `(luma - mean) / (deviation + 8)` to `out`, row-major, as [`normalise`] does for plates: mean and deviation are
/// those of the region as the first octave shows it, and margins become about 0.
///
/// # Panics
/// Unless `out` has one element a pixel.
pub fn normalise_overview(overview: &Overview, out: &mut [f32]) {
    let [columns, _] = overview.layout().size();
    standardise(overview.pixels(), columns, overview.content(), out);
}

/// `content` is the first column and row and the number of columns and rows that mean and deviation are taken of.
fn standardise(pixels: &[u8], stride: usize, [x, y, width, height]: [usize; 4], out: &mut [f32]) {
    assert_eq!(out.len(), pixels.len(), "one value a pixel");
    let (mut sum, mut squares, mut count) = (0u64, 0u64, 0u64);
    for row in pixels.chunks_exact(stride).skip(y).take(height) {
        for &luma in &row[x..x + width] {
            sum += u64::from(luma);
            squares += u64::from(luma) * u64::from(luma);
            count += 1;
        }
    }
    let count = count.max(1) as f32;
    let mean = sum as f32 / count;
    let deviation = (squares as f32 / count - mean * mean).max(0.0).sqrt();
    let scale = 1.0 / (deviation + CONTRAST_FLOOR);
    for (value, &luma) in out.iter_mut().zip(pixels) {
        *value = (f32::from(luma) - mean) * scale;
    }
}

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
