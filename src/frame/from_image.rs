//! Pictures of the crate `image`, borrowed as they are.

use image::{DynamicImage, GrayImage, RgbImage, RgbaImage};

use super::{Frame, FrameError, PixelFormat};

/// Borrows a picture whose pixels are 8-bit grey, RGB or RGBA, as those of JPEG files and most PNG files are.
///
/// # Errors
/// As [`Frame::new`], and [`FrameError::Pixels`] for every other kind of pixel.
impl<'a> TryFrom<&'a DynamicImage> for Frame<'a> {
    type Error = FrameError;

    fn try_from(image: &'a DynamicImage) -> Result<Frame<'a>, FrameError> {
        match image {
            DynamicImage::ImageLuma8(grey) => Frame::try_from(grey),
            DynamicImage::ImageRgb8(rgb) => Frame::try_from(rgb),
            DynamicImage::ImageRgba8(rgba) => Frame::try_from(rgba),
            other => Err(FrameError::Pixels(format!("{:?}", other.color()))),
        }
    }
}

impl<'a> TryFrom<&'a GrayImage> for Frame<'a> {
    type Error = FrameError;

    fn try_from(image: &'a GrayImage) -> Result<Frame<'a>, FrameError> {
        Frame::new(image.as_raw(), image.width(), image.height(), PixelFormat::Grey)
    }
}

impl<'a> TryFrom<&'a RgbImage> for Frame<'a> {
    type Error = FrameError;

    fn try_from(image: &'a RgbImage) -> Result<Frame<'a>, FrameError> {
        Frame::new(image.as_raw(), image.width(), image.height(), PixelFormat::Rgb)
    }
}

impl<'a> TryFrom<&'a RgbaImage> for Frame<'a> {
    type Error = FrameError;

    fn try_from(image: &'a RgbaImage) -> Result<Frame<'a>, FrameError> {
        Frame::new(image.as_raw(), image.width(), image.height(), PixelFormat::Rgba)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn pictures_are_borrowed_in_their_own_format() {
        let rgb = RgbImage::from_fn(3, 2, |x, y| image::Rgb([x as u8, y as u8, 7]));
        let cases = [
            (DynamicImage::from(rgb.clone()), PixelFormat::Rgb),
            (DynamicImage::from(DynamicImage::from(rgb.clone()).into_rgba8()), PixelFormat::Rgba),
            (DynamicImage::from(DynamicImage::from(rgb).into_luma8()), PixelFormat::Grey),
        ];
        for (picture, format) in cases {
            let frame = Frame::try_from(&picture).unwrap();
            assert_eq!((frame.width(), frame.height(), frame.format()), (3, 2, format));
            assert_eq!(frame.pixels(), picture.as_bytes());
        }
    }

    #[test]
    fn other_pixels_are_refused_with_the_way_out() {
        let error = Frame::try_from(&DynamicImage::new_rgb16(2, 2)).unwrap_err();
        assert_eq!(error, FrameError::Pixels("Rgb16".to_owned()));
        assert!(error.to_string().contains("to_rgb8"), "{error}");
        let empty = DynamicImage::new_rgb8(0, 2);
        assert_eq!(Frame::try_from(&empty).unwrap_err(), FrameError::Empty { width: 0, height: 2 });
    }
}
