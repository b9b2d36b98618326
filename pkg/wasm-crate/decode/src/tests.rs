#![allow(clippy::unwrap_used)]

use super::*;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, GrayImage, ImageEncoder, Luma, Rgb, RgbImage, Rgba, RgbaImage};

/// A picture that is white at its top left corner and dark elsewhere.
fn picture() -> RgbImage {
    RgbImage::from_fn(48, 32, |x, y| if x < 16 && y < 16 { Rgb([255; 3]) } else { Rgb([20; 3]) })
}

fn encoded(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    image.into().write_to(&mut Cursor::new(&mut bytes), format).unwrap();
    bytes
}

/// A JPEG file whose EXIF says this orientation.
fn turned(orientation: u8) -> Vec<u8> {
    // TIFF, little endian: one directory at byte 8 with one entry, 0x0112 (orientation), a short.
    let exif = [b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".as_slice(), &[orientation, 0, 0, 0], &[0; 4]].concat();
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.encode(&picture(), 48, 32, ExtendedColorType::Rgb8).unwrap();
    bytes
}

/// The corner that is white, of top left, top right, bottom left and bottom right.
fn white_corner(decoded: &Decoded) -> usize {
    let (width, height) = (decoded.width as usize, decoded.height as usize);
    let at = |x: usize, y: usize| decoded.pixels[(y * width + x) * usize::from(decoded.channels)];
    let corners = [at(8, 8), at(width - 8, 8), at(8, height - 8), at(width - 8, height - 8)];
    corners.iter().position(|&value| value > 200).unwrap()
}

#[test]
fn pixels_of_every_format() {
    let grey = GrayImage::from_fn(3, 2, |x, y| Luma([(40 * x + 9 * y) as u8]));
    let rgba = RgbaImage::from_fn(3, 2, |x, y| Rgba([(40 * x) as u8, (9 * y) as u8, 7, (100 * y) as u8]));
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let decoded = decode(&encoded(picture(), format)).unwrap();
        let expected = Decoded { pixels: picture().into_raw(), width: 48, height: 32, channels: 3 };
        assert_eq!(decoded, expected, "{format:?}");
        let decoded = decode(&encoded(rgba.clone(), format)).unwrap();
        assert_eq!((decoded.pixels, decoded.channels), (rgba.clone().into_raw(), 4), "{format:?}");
    }
    let decoded = decode(&encoded(grey.clone(), ImageFormat::Png)).unwrap();
    assert_eq!((decoded.pixels, decoded.channels), (grey.clone().into_raw(), 1));
    let deep = DynamicImage::ImageLuma8(grey).into_luma16();
    assert_eq!(decode(&encoded(deep, ImageFormat::Png)).unwrap().channels, 1);
    let decoded = decode(&encoded(picture(), ImageFormat::Jpeg)).unwrap();
    assert_eq!((decoded.width, decoded.height, decoded.channels, white_corner(&decoded)), (48, 32, 3, 0));
}

#[test]
fn orientations_are_honoured() {
    // EXIF 2.32, tag 0x0112: where the first row and the first column are shown.
    for (orientation, size, corner) in [
        (1, (48, 32), 0),
        (2, (48, 32), 1),
        (3, (48, 32), 3),
        (4, (48, 32), 2),
        (5, (32, 48), 0),
        (6, (32, 48), 1),
        (7, (32, 48), 3),
        (8, (32, 48), 2),
        (0, (48, 32), 0), // not one of them
    ] {
        let decoded = decode(&turned(orientation)).unwrap();
        assert_eq!(((decoded.width, decoded.height), white_corner(&decoded)), (size, corner), "{orientation}");
    }
}

#[test]
fn what_cannot_be_decoded_is_named() {
    let png = encoded(picture(), ImageFormat::Png);
    let mut huge = turned(1);
    let frame = huge.windows(2).position(|marker| marker == [0xff, 0xc0]).unwrap();
    huge[frame + 5..frame + 9].copy_from_slice(&[0x50, 0, 0x50, 0]); // height and width, 20480 each
    for (bytes, expected) in [
        (b"".to_vec(), "is empty"),
        (b"GIF89a\x01\0\x01\0".to_vec(), "is GIF, and JPEG, PNG and WebP are decoded"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "is HEIC"),
        (b"\0\0\0\x18ftypavif\0\0\0\0".to_vec(), "is AVIF"),
        (b"\0\0\0\x18ftypisom\0\0\0\0".to_vec(), "is a video"),
        (b"<!doctype html>\n<html>".to_vec(), "is no picture: it begins with \"<!doctype html>\\n\""),
        (png[..60].to_vec(), "is damaged"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "is damaged"),
        (huge, "has 20480x20480 pixels"),
    ] {
        let error = decode(&bytes).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[test]
fn a_truncated_jpeg_is_shown() {
    let noise = GrayImage::from_fn(64, 64, |x, y| Luma([((x * x + 7 * y * y) % 251) as u8]));
    let file = encoded(noise, ImageFormat::Jpeg);
    let (whole, half) = (decode(&file).unwrap(), decode(&file[..file.len() - file.len() / 3]).unwrap());
    assert_eq!((half.width, half.height, half.channels), (64, 64, 1));
    let same = whole.pixels.iter().zip(&half.pixels).take_while(|(a, b)| a == b).count();
    assert!(same >= 64 * 16, "only {same} pixels are those of the whole picture");
}
