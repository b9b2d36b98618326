//! Image files and pixels.

use std::path::Path;

use anyhow::Context;
use image::{DynamicImage, ImageDecoder, ImageReader};
use kr_lpr::frame::{Frame, PixelFormat, compose_on};

/// A decoded picture.
#[derive(Clone, Debug)]
pub struct Picture {
    pixels: Vec<u8>,
    width: u32,
    height: u32,
    format: PixelFormat,
}

impl Picture {
    /// Decodes a JPEG or PNG file, upright as its EXIF orientation says; what is transparent is on white.
    ///
    /// # Errors
    /// When the file cannot be read or is damaged, or the picture is empty or too large for a [`Frame`].
    pub fn open(path: &Path) -> anyhow::Result<Picture> {
        let decode = || -> anyhow::Result<Picture> {
            let mut decoder = ImageReader::open(path)?.with_guessed_format()?.into_decoder()?;
            let orientation = decoder.orientation()?;
            let mut image = DynamicImage::from_decoder(decoder)?;
            image.apply_orientation(orientation);
            let (width, height) = (image.width(), image.height());
            let (pixels, format) = match image {
                DynamicImage::ImageLuma8(grey) => (grey.into_raw(), PixelFormat::Grey),
                image if image.color().has_alpha() => {
                    let mut pixels = image.into_rgba8().into_raw();
                    compose_on(255, &mut pixels); // white, on which people see it
                    (pixels, PixelFormat::Rgba)
                }
                other => (other.into_rgb8().into_raw(), PixelFormat::Rgb),
            };
            Frame::new(&pixels, width, height, format)?;
            Ok(Picture { pixels, width, height, format })
        };
        decode().with_context(|| format!("cannot read picture {}", path.display()))
    }

    /// The picture as the pipeline takes it.
    pub fn frame(&self) -> Frame<'_> {
        match Frame::new(&self.pixels, self.width, self.height, self.format) {
            Ok(frame) => frame,
            Err(_) => unreachable!("`open` made this frame before"),
        }
    }
}

/// Width and height of a picture, upright, from the header of its file.
///
/// # Errors
/// When the header cannot be read.
pub fn size(path: &Path) -> anyhow::Result<(u32, u32)> {
    let read = || -> anyhow::Result<(u32, u32)> {
        let mut decoder = ImageReader::open(path)?.with_guessed_format()?.into_decoder()?;
        let (width, height) = decoder.dimensions();
        let exif = decoder.orientation()?.to_exif();
        // From 5 on, EXIF orientations lie on their side.
        Ok(if exif >= 5 { (height, width) } else { (width, height) })
    };
    read().with_context(|| format!("cannot read picture {}", path.display()))
}

/// Writes pixels as a PNG file.
///
/// # Errors
/// When the file cannot be written.
pub fn write_png(path: &Path, frame: &Frame) -> anyhow::Result<()> {
    let colour = match frame.format() {
        PixelFormat::Grey => image::ExtendedColorType::L8,
        PixelFormat::Rgb => image::ExtendedColorType::Rgb8,
        PixelFormat::Rgba => image::ExtendedColorType::Rgba8,
    };
    image::save_buffer(path, frame.pixels(), frame.width(), frame.height(), colour)
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn png_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.png");
        for (format, channels) in [(PixelFormat::Grey, 1), (PixelFormat::Rgb, 3), (PixelFormat::Rgba, 4)] {
            let mut pixels: Vec<u8> = (0..6 * channels).collect();
            write_png(&path, &Frame::new(&pixels, 3, 2, format).unwrap()).unwrap();
            let picture = Picture::open(&path).unwrap();
            if format == PixelFormat::Rgba {
                compose_on(255, &mut pixels);
            }
            assert_eq!((picture.frame().pixels(), picture.frame().format()), (&pixels[..], format));
            assert_eq!(size(&path).unwrap(), (3, 2));
        }
    }

    #[test]
    fn broken_files_are_errors_that_name_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("broken.jpg");
        for bytes in [&b""[..], b"not a picture", b"\xff\xd8\xff\xe0\0\x10JFIF"] {
            std::fs::write(&path, bytes).unwrap();
            let error = format!("{:#}", Picture::open(&path).unwrap_err());
            assert!(error.contains("broken.jpg"), "{error}");
            assert!(size(&path).is_err());
        }
        assert!(Picture::open(&folder.path().join("missing.png")).is_err());
    }
}
