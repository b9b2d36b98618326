//! From levels to bytes, and what compression takes away.

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, ImageReader};

use super::super::raster::Raster;

/// Interleaved bytes of the planes.
pub(super) fn interleaved(frame: &Raster) -> Vec<u8> {
    let byte = |v: f32| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
    match &frame.planes[..] {
        [grey] => grey.iter().map(|&v| byte(v)).collect(),
        planes => {
            let mut bytes = vec![0; planes.len() * frame.width * frame.height];
            for (offset, plane) in planes.iter().enumerate() {
                for (out, &value) in bytes.iter_mut().skip(offset).step_by(planes.len()).zip(plane) {
                    *out = byte(value);
                }
            }
            bytes
        }
    }
}

/// Compresses and decompresses as a still picture.
pub(super) fn through_jpeg(bytes: &[u8], frame: &Raster, quality: u8) -> Result<Vec<u8>> {
    let grey = frame.planes.len() == 1;
    let format = if grey { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let mut file = Vec::with_capacity(bytes.len() / 2 + 1024);
    JpegEncoder::new_with_quality(&mut file, quality).encode(bytes, frame.width as u32, frame.height as u32, format)?;
    let decoded = ImageReader::with_format(std::io::Cursor::new(file), ImageFormat::Jpeg).decode()?;
    Ok(if grey { decoded.into_luma8().into_raw() } else { decoded.into_rgb8().into_raw() })
}

/// Rows of the 4x4 cosine transform, orthonormal.
const COSINES: [[f32; 4]; 4] = [
    [0.5, 0.5, 0.5, 0.5],
    [0.653_281_5, 0.270_598_06, -0.270_598_06, -0.653_281_5],
    [0.5, -0.5, -0.5, 0.5],
    [0.270_598_06, -0.653_281_5, 0.653_281_5, -0.270_598_06],
];

/// Compresses and decompresses as a frame of video (H.264 and its like) with quantiser step `step`, in levels: the 4x4
/// cosine transform, a quantiser with a dead zone, in which faint detail vanishes, and smoothing across the edges of
/// blocks. What remains at the right and lower border stays as it is.
pub(super) fn through_video(frame: &mut Raster, step: f32) {
    let (width, height) = (frame.width, frame.height);
    for plane in &mut frame.planes {
        for y in (0..height / 4 * 4).step_by(4) {
            for x in (0..width / 4 * 4).step_by(4) {
                let block: [[f32; 4]; 4] =
                    std::array::from_fn(|v| std::array::from_fn(|u| plane[(y + v) * width + x + u]));
                let mut levels = transposed_product(&transposed_product(&block, &COSINES), &COSINES);
                for (at, level) in levels.iter_mut().flatten().enumerate() {
                    // The mean of a block is predicted from its neighbours, so little of it is lost.
                    let (step, round) = if at == 0 { (step / 2.0, 0.5) } else { (step, 0.2) };
                    *level = (level.abs() / step + round).floor() * step * level.signum();
                }
                let inverse: [[f32; 4]; 4] = std::array::from_fn(|i| std::array::from_fn(|j| COSINES[j][i]));
                let block = transposed_product(&transposed_product(&levels, &inverse), &inverse);
                for (v, row) in block.iter().enumerate() {
                    plane[(y + v) * width + x..][..4].copy_from_slice(row);
                }
            }
        }
        deblock(plane, width, height, step);
    }
}

/// `(rows * block)` transposed: applied twice, a transform of columns and of rows.
fn transposed_product(block: &[[f32; 4]; 4], rows: &[[f32; 4]; 4]) -> [[f32; 4]; 4] {
    std::array::from_fn(|column| std::array::from_fn(|row| (0..4).map(|i| rows[row][i] * block[i][column]).sum()))
}

/// Smooths the steps between blocks that are smaller than the quantiser's.
fn deblock(plane: &mut [f32], width: usize, height: usize, step: f32) {
    let mut soften = |before: usize, after: usize| {
        let gap = plane[after] - plane[before];
        if gap.abs() < step {
            plane[before] += gap / 4.0;
            plane[after] -= gap / 4.0;
        }
    };
    for y in 0..height {
        (4..width).step_by(4).for_each(|x| soften(y * width + x - 1, y * width + x));
    }
    for y in (4..height).step_by(4) {
        (0..width).for_each(|x| soften((y - 1) * width + x, y * width + x));
    }
}
