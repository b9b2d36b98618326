//! A borrowed picture: where the pipeline starts.

#[cfg(feature = "image")]
mod from_image;
mod luma;

/// How the bytes of a [`Frame`] are laid out; rows top to bottom without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PixelFormat {
    /// One byte a pixel.
    Grey,
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha; alpha is ignored, so what is transparent has to be [composed](compose_on) before.
    Rgba,
}

impl PixelFormat {
    /// Bytes a pixel: 1, 3 or 4.
    pub fn channels(self) -> usize {
        match self {
            PixelFormat::Grey => 1,
            PixelFormat::Rgb => 3,
            PixelFormat::Rgba => 4,
        }
    }

    /// The format with that many bytes a pixel, or `None` unless it is 1, 3 or 4.
    pub fn from_channels(channels: usize) -> Option<PixelFormat> {
        match channels {
            1 => Some(PixelFormat::Grey),
            3 => Some(PixelFormat::Rgb),
            4 => Some(PixelFormat::Rgba),
            _ => None,
        }
    }
}

/// Composes RGBA pixels, of which alpha is not yet a factor of the colours, on a background of `grey` (255 is white), in
/// place; all of them are opaque afterwards.
///
/// Ink on a transparent sheet is drawn to be seen on something. Where every alpha is 0 and yet there are colours, alpha is
/// padding, and the colours stay as they are.
pub fn compose_on(grey: u8, rgba: &mut [u8]) {
    let pixels = rgba.as_chunks_mut::<4>().0;
    if pixels.iter().all(|pixel| pixel[3] == 255) {
        return;
    }
    let is_padding = pixels.iter().all(|pixel| pixel[3] == 0) && pixels.iter().any(|pixel| *pixel != [0; 4]);
    for [colours @ .., alpha] in pixels {
        if !is_padding {
            let (share, rest) = (u32::from(*alpha), 255 - u32::from(*alpha));
            let composed = |colour: u8| ((u32::from(colour) * share + u32::from(grey) * rest + 127) / 255) as u8;
            *colours = colours.map(composed);
        }
        *alpha = 255;
    }
}

/// A borrowed 8-bit picture whose length, size and format are known to agree.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    pixels: &'a [u8],
    width: u32,
    height: u32,
    format: PixelFormat,
}

/// Largest width and height of a [`Frame`], in pixels.
pub const MAX_SIDE: u32 = 16_384;

/// Why pixels are not a [`Frame`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// Width or height is zero.
    #[error("the frame is empty ({width}x{height}); give a picture of at least 1x1 pixels")]
    Empty {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// Width or height is above [`MAX_SIDE`].
    #[error("the frame is {width}x{height}; at most {MAX_SIDE} pixels a side are read, scale it down first")]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The bytes do not make up the size.
    #[error("{width}x{height} with {channels} bytes a pixel needs {expected} bytes, got {actual}")]
    WrongLength {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Bytes a pixel.
        channels: usize,
        /// Bytes the size asks for.
        expected: usize,
        /// Bytes given.
        actual: usize,
    },
    /// A decoded picture has other pixels than 8-bit grey, RGB or RGBA.
    #[error("pixels of the kind {0} are not read; convert the picture, for example with `to_rgb8`")]
    Pixels(String),
}

impl<'a> Frame<'a> {
    /// Borrows `width * height * channels` bytes, rows top to bottom.
    ///
    /// # Errors
    /// Says which of size and length is wrong; no pixel is looked at.
    pub fn new(pixels: &'a [u8], width: u32, height: u32, format: PixelFormat) -> Result<Frame<'a>, FrameError> {
        if width == 0 || height == 0 {
            return Err(FrameError::Empty { width, height });
        }
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(FrameError::TooLarge { width, height });
        }
        let expected = width as usize * height as usize * format.channels();
        if pixels.len() != expected {
            let (channels, actual) = (format.channels(), pixels.len());
            return Err(FrameError::WrongLength { width, height, channels, expected, actual });
        }
        Ok(Frame { pixels, width, height, format })
    }

    /// Width in pixels, 1 to [`MAX_SIDE`].
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height in pixels, 1 to [`MAX_SIDE`].
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Layout of [`Frame::pixels`].
    pub fn format(&self) -> PixelFormat {
        self.format
    }

    /// The bytes, as given.
    pub fn pixels(&self) -> &'a [u8] {
        self.pixels
    }

    /// Luma of one pixel, 0 to 255 with 8 fractional bits (that is, 0 to 65280): JPEG's Y.
    ///
    /// # Panics
    /// Outside the frame, like slice indexing.
    pub fn luma(&self, x: u32, y: u32) -> u32 {
        let at = (y as usize * self.width as usize + x as usize) * self.format.channels();
        match self.format {
            PixelFormat::Grey => u32::from(self.pixels[at]) * 256,
            PixelFormat::Rgb | PixelFormat::Rgba => {
                u32::from(luma::of_pixel([self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]))
            }
        }
    }
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame({}x{} {:?})", self.width, self.height, self.format)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_pixels_are_composed_and_padding_is_left() {
        for (what, pixels, on_white) in [
            ("opaque", vec![1, 2, 3, 255, 9, 8, 7, 255], vec![1, 2, 3, 255, 9, 8, 7, 255]),
            ("ink on a clear sheet", vec![0, 0, 0, 255, 0, 0, 0, 0], vec![0, 0, 0, 255, 255, 255, 255, 255]),
            ("half transparent", vec![200, 0, 100, 51, 0, 0, 0, 255], vec![244, 204, 224, 255, 0, 0, 0, 255]),
            ("padding", vec![1, 2, 3, 0, 9, 8, 7, 0], vec![1, 2, 3, 255, 9, 8, 7, 255]),
            ("nothing at all", vec![0; 8], vec![255; 8]),
        ] {
            let mut composed = pixels.clone();
            compose_on(255, &mut composed);
            assert_eq!(composed, on_white, "{what}");
        }
        let mut on_black = vec![200, 0, 100, 51, 0, 0, 0, 0];
        compose_on(0, &mut on_black);
        assert_eq!(on_black, [40, 0, 20, 255, 0, 0, 0, 255]);
    }
}
