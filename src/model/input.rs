//! How a [`PlateImage`] and an [`Overview`] become a network's input. Training and every reader call exactly this.

#[cfg(feature = "burn")]
mod tensors;

#[cfg(feature = "burn")]
pub use tensors::{overview_tensor, to_tensor};

#[cfg(feature = "cpu")]
use crate::kernels::stem::Picture;
use crate::overview::Overview;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};
#[cfg(feature = "webgpu")]
use crate::shaders::gpu::Picture as GpuPicture;

/// Added to the standard deviation (in luma steps of 255), so that a flat picture does not become amplified noise.
const CONTRAST_FLOOR: f32 = 8.0;

/// Pixels of one plate image.
pub const PIXELS: usize = PLATE_WIDTH * PLATE_HEIGHT;

/// Writes `(luma - mean) / (deviation + 8)` to `out`, row-major: dark, bright and low-contrast plates come out alike.
///
/// # Panics
/// Unless `out` has [`PIXELS`] elements.
pub fn normalise(plate: &PlateImage, out: &mut [f32]) {
    Light::of_plate(plate).take_away(plate.pixels(), out);
}

/// Writes `(luma - mean) / (deviation + 8)` to `out`, row-major, as [`normalise`] does for plates: mean and deviation are
/// those of the region as the first octave shows it, and margins become about 0.
///
/// # Panics
/// Unless `out` has one element a pixel.
pub fn normalise_overview(overview: &Overview, out: &mut [f32]) {
    Light::of_overview(overview).take_away(overview.pixels(), out);
}

/// [`normalise`] as the CPU's engine takes it.
#[cfg(feature = "cpu")]
pub fn picture(plate: &PlateImage) -> Picture {
    let Light { mean, scale } = Light::of_plate(plate);
    Picture::from_luma([PLATE_HEIGHT, PLATE_WIDTH], plate.pixels(), mean, scale)
}

/// [`normalise_overview`] as the CPU's engine takes it.
#[cfg(feature = "cpu")]
pub fn overview_picture(overview: &Overview) -> Picture {
    let [columns, rows] = overview.layout().size();
    let Light { mean, scale } = Light::of_overview(overview);
    Picture::from_luma([rows, columns], overview.pixels(), mean, scale)
}

/// [`normalise`] as shaders take it.
#[cfg(feature = "webgpu")]
pub fn gpu_picture(plate: &PlateImage) -> GpuPicture<'_> {
    let Light { mean, scale } = Light::of_plate(plate);
    GpuPicture { luma: plate.pixels(), mean, scale }
}

/// [`normalise_overview`] as shaders take it.
#[cfg(feature = "webgpu")]
pub fn gpu_overview(overview: &Overview) -> GpuPicture<'_> {
    let Light { mean, scale } = Light::of_overview(overview);
    GpuPicture { luma: overview.pixels(), mean, scale }
}

/// How bright a picture is and how much of a contrast it has.
struct Light {
    mean: f32,
    /// One over the standard deviation and [`CONTRAST_FLOOR`].
    scale: f32,
}

impl Light {
    fn of_plate(plate: &PlateImage) -> Light {
        Light::of(plate.pixels(), PLATE_WIDTH, [0, 0, PLATE_WIDTH, PLATE_HEIGHT])
    }

    fn of_overview(overview: &Overview) -> Light {
        let [columns, _] = overview.layout().size();
        Light::of(overview.pixels(), columns, overview.content())
    }

    /// Of the first column and row and the number of columns and rows of `content`.
    fn of(pixels: &[u8], stride: usize, [x, y, width, height]: [usize; 4]) -> Light {
        let (mut sum, mut squares) = (0u64, 0u64);
        for row in pixels.chunks_exact(stride).skip(y).take(height) {
            // In 32 bits, which is what is vectorised: a row of 65000 pixels fits.
            let (mut of_row, mut squares_of_row) = (0u32, 0u32);
            for luma in row[x..x + width].iter().map(|&luma| u32::from(luma)) {
                of_row += luma;
                squares_of_row += luma * luma;
            }
            sum += u64::from(of_row);
            squares += u64::from(squares_of_row);
        }
        let count = (width * height).max(1) as f32;
        let mean = sum as f32 / count;
        let deviation = (squares as f32 / count - mean * mean).max(0.0).sqrt();
        Light { mean, scale: 1.0 / (deviation + CONTRAST_FLOOR) }
    }

    fn take_away(&self, pixels: &[u8], out: &mut [f32]) {
        assert_eq!(out.len(), pixels.len(), "one value a pixel");
        for (value, &luma) in out.iter_mut().zip(pixels) {
            *value = (f32::from(luma) - self.mean) * self.scale;
        }
    }
}

#[cfg(all(test, feature = "cpu"))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::frame::{Frame, PixelFormat};
    use crate::geometry::Quad;
    use crate::overview::FIRST_LOOK;
    use crate::rectify::rectify;
    use crate::region::Region;

    #[test]
    fn every_engine_is_given_the_same_numbers() {
        let pixels: Vec<u8> = (0..90 * 40).map(|i| (i * i % 251) as u8).collect();
        let frame = Frame::new(&pixels, 90, 40, PixelFormat::Grey).unwrap();
        let plate = rectify(&frame, &Quad::rect(3.0, 4.0, 70.0, 30.0).unwrap());
        let mut values = vec![0.0; PIXELS];
        normalise(&plate, &mut values);
        assert_eq!(picture(&plate).to_values(), values);

        let overview = Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK);
        let mut values = vec![0.0; overview.pixels().len()];
        normalise_overview(&overview, &mut values);
        assert_eq!(overview_picture(&overview).to_values(), values);
    }

    #[test]
    fn light_does_not_matter() {
        let normalised = |scale: f32, shift: f32| {
            let luma = |i: usize| (((i * 37 % 97) as f32) * scale + shift).round() as u8;
            let pixels: Vec<u8> = (0..192 * 96).map(luma).collect();
            let frame = Frame::new(&pixels, 192, 96, PixelFormat::Grey).unwrap();
            let mut values = vec![0.0; PIXELS];
            normalise(&rectify(&frame, &Quad::of_frame(&frame)), &mut values);
            values
        };
        let (dim, bright) = (normalised(1.0, 10.0), normalised(2.0, 50.0));
        let furthest = dim.iter().zip(&bright).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 0.3, "{furthest}");
        let mean = dim.iter().sum::<f32>() / PIXELS as f32;
        assert!(mean.abs() < 1e-3, "{mean}");
    }
}
