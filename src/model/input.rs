//! How a [`PlateImage`] becomes the network's input. Training and every reader call exactly this.

use burn::tensor::{Device, Tensor, TensorData};

use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// Added to the standard deviation (in luma steps of 255), so that a flat picture does not become amplified noise.
const CONTRAST_FLOOR: f32 = 8.0;

/// Pixels of one plate image.
pub const PIXELS: usize = PLATE_WIDTH * PLATE_HEIGHT;

/// Writes `(luma - mean) / (deviation + 8)` to `out`, row-major.
///
/// Mean and standard deviation are those of the content rectangle: dark, bright and low-contrast plates come out
/// alike, whatever their shape. The letterbox around the content is the mean itself and so becomes about 0.
///
/// # Panics
/// Unless `out` has [`PIXELS`] elements.
pub fn normalise(plate: &PlateImage, out: &mut [f32]) {
    assert_eq!(out.len(), PIXELS, "one value a pixel");
    let content = plate.content();
    let (mut sum, mut squares, mut count) = (0u64, 0u64, 0u64);
    for row in plate.pixels().chunks_exact(PLATE_WIDTH).skip(content.y).take(content.height) {
        for &luma in &row[content.x..content.x + content.width] {
            sum += u64::from(luma);
            squares += u64::from(luma) * u64::from(luma);
            count += 1;
        }
    }
    let count = count.max(1) as f32;
    let mean = sum as f32 / count;
    let deviation = (squares as f32 / count - mean * mean).max(0.0).sqrt();
    let scale = 1.0 / (deviation + CONTRAST_FLOOR);
    for (value, &luma) in out.iter_mut().zip(plate.pixels()) {
        *value = (f32::from(luma) - mean) * scale;
    }
}

/// The plates as one batch, `[n, 1, 96, 192]`.
pub fn to_tensor(plates: &[PlateImage], device: &Device) -> Tensor<4> {
    let mut values = vec![0.0; plates.len() * PIXELS];
    for (plate, out) in plates.iter().zip(values.chunks_exact_mut(PIXELS)) {
        normalise(plate, out);
    }
    Tensor::from_data(TensorData::new(values, [plates.len(), 1, PLATE_HEIGHT, PLATE_WIDTH]), device)
}
