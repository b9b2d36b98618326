//! Files of pictures to pixels: JPEG, PNG and WebP, upright as their EXIF orientation says.
//!
//! Browsers do this themselves. Node and other runtimes without a decoder load it as a wasm module of its own, so that
//! nobody else downloads it.

#[cfg(target_arch = "wasm32")]
mod boundary;

use std::io::Cursor;

use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};

/// Longest side, as the library's `Frame` has it.
const MAX_SIDE: u32 = 16_384;

/// Most pixels, as the package's `taken.ts` has it: 512 MiB of RGBA.
const MAX_PIXELS: u64 = 1 << 27;

/// Pixels of a file: 8 bits a channel, rows top to bottom without padding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decoded {
    /// `width * height * channels` bytes.
    pub pixels: Vec<u8>,
    /// Pixels in a row.
    pub width: u32,
    /// Number of rows.
    pub height: u32,
    /// 1 is grey, 3 is RGB, 4 is RGBA.
    pub channels: u8,
}

/// Why a file has no pixels; the message follows the words "the file".
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// It has no bytes.
    #[error("is empty")]
    Empty,
    /// A format that is known and not decoded.
    #[error("is {0}, and JPEG, PNG and WebP are decoded; convert it first")]
    OtherFormat(&'static str),
    /// It begins like no picture.
    #[error("is no picture: it begins with {0}")]
    NoPicture(String),
    /// More pixels than are read.
    #[error("has {width}x{height} pixels; at most 16384 a side and 134 million in all are read")]
    TooLarge {
        /// Pixels in a row.
        width: u32,
        /// Number of rows.
        height: u32,
    },
    /// It is damaged.
    #[error("is damaged: {0}")]
    Damaged(#[from] ImageError),
}

/// Decodes the bytes of a file. What a truncated JPEG lacks is grey, as browsers show it.
///
/// # Errors
/// Says what about the file cannot be decoded.
pub fn decode(file: &[u8]) -> Result<Decoded, DecodeError> {
    let format = supported_format(file)?;
    let mut decoder = ImageReader::with_format(Cursor::new(file), format).into_decoder()?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(DecodeError::TooLarge { width, height });
    }
    let orientation = decoder.orientation()?;
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    let (width, height) = (image.width(), image.height());
    let (pixels, channels) = match image.color() {
        ColorType::L8 | ColorType::L16 => (image.into_luma8().into_raw(), 1),
        color if color.has_alpha() => (image.into_rgba8().into_raw(), 4),
        _ => (image.into_rgb8().into_raw(), 3),
    };
    Ok(Decoded { pixels, width, height, channels })
}

/// The format by the first bytes; a name may say anything.
fn supported_format(file: &[u8]) -> Result<ImageFormat, DecodeError> {
    match image::guess_format(file) {
        Ok(format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) => Ok(format),
        Ok(ImageFormat::Avif) => Err(DecodeError::OtherFormat("AVIF")),
        Ok(ImageFormat::Gif) => Err(DecodeError::OtherFormat("GIF")),
        Ok(ImageFormat::Bmp) => Err(DecodeError::OtherFormat("BMP")),
        Ok(ImageFormat::Tiff) => Err(DecodeError::OtherFormat("TIFF")),
        Ok(other) => {
            Err(DecodeError::OtherFormat(other.extensions_str().first().copied().unwrap_or("of another format")))
        }
        Err(_) if file.is_empty() => Err(DecodeError::Empty),
        // ISO base media files name their brand at the fifth byte: iPhones write HEIC, their videos begin alike.
        Err(_) if file.get(4..8) == Some(b"ftyp") => Err(DecodeError::OtherFormat(match file.get(8..11) {
            Some(b"hei" | b"hev" | b"mif" | b"msf") => "HEIC",
            _ => "a video",
        })),
        Err(_) => Err(DecodeError::NoPicture(format!("\"{}\"", file[..file.len().min(16)].escape_ascii()))),
    }
}

#[cfg(test)]
mod tests;
