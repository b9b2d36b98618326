//! The luma of whole rows of pixels, eight pixels at a time where there are four bytes a pixel.

use bytemuck::cast;
use wide::{i16x8, i32x4};

use super::{Frame, PixelFormat};

/// Luma of a pixel, 0 to 255 with 8 fractional bits (that is, 0 to 65280): the BT.601 weights 77, 150 and 29 of 256, which are
/// those of JPEG's Y, so that a grey JPEG and its colour original agree.
pub(super) fn of_pixel([red, green, blue]: [u8; 3]) -> u16 {
    77 * u16::from(red) + 150 * u16::from(green) + 29 * u16::from(blue) // at most 256 * 255
}

impl Frame<'_> {
    /// Fills `luma` with the [luma](Frame::luma) of row `y`, from column `x` on.
    ///
    /// # Panics
    /// Where the row ends before, like slice indexing.
    pub(crate) fn luma_of_row(&self, x: u32, y: u32, luma: &mut [u16]) {
        let channels = self.format.channels();
        let start = (y as usize * self.width as usize + x as usize) * channels;
        let row = &self.pixels[start..start + luma.len() * channels];
        match self.format {
            PixelFormat::Grey => luma.iter_mut().zip(row).for_each(|(luma, &grey)| *luma = 256 * u16::from(grey)),
            PixelFormat::Rgb => {
                luma.iter_mut().zip(row.as_chunks().0).for_each(|(luma, &pixel)| *luma = of_pixel(pixel));
            }
            PixelFormat::Rgba => of_rgba(row.as_chunks().0, luma),
        }
    }
}

fn of_rgba(pixels: &[[u8; 4]], luma: &mut [u16]) {
    let ((eights, rest), (luma_eights, luma_rest)) = (pixels.as_chunks::<8>(), luma.as_chunks_mut::<8>());
    for (luma, &eight) in luma_eights.iter_mut().zip(eights) {
        let [first, second]: [[[u8; 4]; 4]; 2] = cast(eight);
        // Narrowing saturates at the range of signed numbers, into which luma is moved for it.
        let range = i32x4::splat(1 << 15);
        let signed = i16x8::from_i32x8_saturate(cast([of_four(first) - range, of_four(second) - range]));
        *luma = cast(signed ^ i16x8::splat(i16::MIN));
    }
    for (luma, &[red, green, blue, _]) in luma_rest.iter_mut().zip(rest) {
        *luma = of_pixel([red, green, blue]);
    }
}

fn of_four(pixels: [[u8; 4]; 4]) -> i32x4 {
    let pixels = i32x4::new(pixels.map(i32::from_le_bytes));
    // Every other byte of a pixel, as two numbers of 16 bits: red and blue, green and alpha.
    let alternate = i32x4::splat(0x00ff_00ff);
    let [red_blue, green_alpha]: [i16x8; 2] = [cast(pixels & alternate), cast((pixels >> 8_i32) & alternate)];
    let weights = |[low, high]: [i16; 2]| i16x8::new([low, high, low, high, low, high, low, high]);
    red_blue.dot(weights([77, 29])) + green_alpha.dot(weights([150, 0]))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_is_what_its_pixels_are(
            width in 1_u32..23, format in 0_usize..3, x in 0_u32..22, bytes in prop::collection::vec(any::<u8>(), 23 * 2 * 4),
        ) {
            let format = [PixelFormat::Grey, PixelFormat::Rgb, PixelFormat::Rgba][format];
            let frame = Frame::new(&bytes[..width as usize * 2 * format.channels()], width, 2, format).unwrap();
            let x = x % width;
            let mut luma = vec![1; (width - x) as usize];
            frame.luma_of_row(x, 1, &mut luma);
            let expected: Vec<u16> = (x..width).map(|x| frame.luma(x, 1) as u16).collect();
            prop_assert_eq!(luma, expected);
        }
    }
}
