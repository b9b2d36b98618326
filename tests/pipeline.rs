//! The native pipeline on input that is not a plate: a clear error or a reading of low confidence, never a panic, and
//! the reader reads on afterwards.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use image::RgbImage;
use kr_lpr::backend;
use kr_lpr::ctc::GrammarMode;
use kr_lpr::frame::{Frame, FrameError, MAX_SIDE, PixelFormat};
use kr_lpr::geometry::{MAX_COORDINATE, Point, Quad};
use kr_lpr::model::weights::WeightsError;
use kr_lpr::reader::{Attention, PlateReader, ReadOptions, Reading};

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn weights() -> Vec<u8> {
    std::fs::read(file("pkg/weights/recognizer.bin")).unwrap()
}

fn load(bytes: &[u8]) -> Result<PlateReader, WeightsError> {
    PlateReader::from_weights(bytes, &backend::cpu())
}

fn golden() -> RgbImage {
    image::open(file("tests/golden/private-large.png")).unwrap().into_rgb8()
}

/// Fails unless the reader reads a plate.
fn assert_reads(reader: &PlateReader) {
    let picture = golden();
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    assert_eq!(reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap().text, "86버2713");
}

/// Fails unless everything about the reading is what its documentation says.
fn assert_sound(reading: &Reading, case: &str) {
    let within = |p: f32| (0.0..=1.0).contains(&p);
    assert!(within(reading.confidence) && within(reading.kind_confidence), "{case}: {reading:?}");
    assert!(reading.chars.iter().all(|read| within(read.confidence)), "{case}: {reading:?}");
    assert!(reading.candidates.first().is_none_or(|best| best.text == reading.text), "{case}: {reading:?}");
}

#[test]
fn pixels_that_are_no_picture_are_refused() {
    let cases = [
        (0, 0, 0, FrameError::Empty { width: 0, height: 0 }),
        (0, 5, 0, FrameError::Empty { width: 5, height: 0 }),
        (3, 20_000, 20_000, FrameError::TooLarge { width: 20_000, height: 20_000 }),
        (3, 1, MAX_SIDE + 1, FrameError::TooLarge { width: 1, height: MAX_SIDE + 1 }),
        (3, u32::MAX, u32::MAX, FrameError::TooLarge { width: u32::MAX, height: u32::MAX }),
        (11, 2, 2, FrameError::WrongLength { width: 2, height: 2, channels: 3, expected: 12, actual: 11 }),
        (16, 2, 2, FrameError::WrongLength { width: 2, height: 2, channels: 3, expected: 12, actual: 16 }),
    ];
    let bytes = [0; 16];
    for (length, width, height, expected) in cases {
        let error = Frame::new(&bytes[..length], width, height, PixelFormat::Rgb).err();
        assert_eq!(error, Some(expected), "{width}x{height} from {length} bytes");
    }
}

#[test]
fn pictures_of_any_shape_and_content_are_read_without_harm() {
    let reader = load(&weights()).unwrap();
    let shapes = [(1, 1), (1, 300), (300, 1), (2, 2), (17, 5), (MAX_SIDE, 1), (1, MAX_SIDE), (1200, 900)];
    for (width, height) in shapes {
        let length = width as usize * height as usize;
        let contents: [Vec<u8>; 4] = [
            vec![0; length],
            vec![255; length],
            // Stripes as thin as pixels, and a pattern without repetition.
            (0..length).map(|i| if i % 2 == 0 { 0 } else { 255 }).collect(),
            (0..length).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect(),
        ];
        for pixels in &contents {
            let frame = Frame::new(pixels, width, height, PixelFormat::Grey).unwrap();
            let reading = reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap();
            assert_sound(&reading, &format!("{width}x{height}"));
        }
    }
    assert_reads(&reader);
}

/// The golden plate in the middle of a grey picture: `(picture, where its top-left corner is)`.
fn loose() -> (RgbImage, (f32, f32)) {
    let plate = golden();
    let (x, y) = (plate.width() / 4, plate.height() / 4);
    let mut picture = RgbImage::from_pixel(plate.width() * 3 / 2, plate.height() * 3 / 2, image::Rgb([120; 3]));
    image::imageops::replace(&mut picture, &plate, i64::from(x), i64::from(y));
    (picture, (x as f32, y as f32))
}

#[test]
fn a_plate_is_found_in_a_loose_crop() {
    let reader = load(&weights()).unwrap();
    let read = |picture: &RgbImage, align| {
        let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
        let options = ReadOptions { align, ..ReadOptions::default() };
        (reader.read_crop_blocking(&frame, &options).unwrap(), Quad::of_frame(&frame))
    };
    let (tight, _) = read(&golden(), true);
    let (picture, (x, y)) = loose();
    let (found, whole) = read(&picture, true);
    assert_eq!(found.text, tight.text);
    for (found, tight) in found.quad.corners().into_iter().zip(tight.quad.corners()) {
        let off = found.distance(Point::new(tight.x + x, tight.y + y));
        assert!(off < 0.08 * f64::from(golden().width()), "{off} pixels");
    }
    // Without looking for it, what was given is read.
    let (given, _) = read(&picture, false);
    assert_eq!((given.quad, given.passes), (whole, 1));
}

#[test]
fn tells_where_it_looked_when_asked_to() {
    let reader = load(&weights()).unwrap();
    let picture = image::open(file("tests/golden/private-long-dark.png")).unwrap().into_rgb8();
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    let read = |attention| {
        let options = ReadOptions { attention, ..ReadOptions::default() };
        reader.read_crop_blocking(&frame, &options).unwrap()
    };
    assert!(read(false).attention.is_none());
    let reading = read(true);
    let attention = reading.attention.unwrap();
    // On a plate of one line each character is looked for to the right of the one before it.
    let centre = |map: &[f32]| -> f32 {
        let [_, columns] = Attention::GRID;
        map.iter().enumerate().map(|(cell, weight)| weight * ((cell % columns) as f32 + 0.5)).sum()
    };
    let centres: Vec<f32> = reading.chars.iter().map(|read| centre(attention.of_step(read.step).unwrap())).collect();
    assert_eq!(centres.len(), 7);
    assert!(centres.windows(2).all(|pair| pair[1] > pair[0]), "{centres:?}");
}

#[test]
fn a_sure_plate_takes_one_pass_and_an_unsure_one_more() {
    let reader = load(&weights()).unwrap();
    let grey = RgbImage::from_pixel(200, 80, image::Rgb([128; 3]));
    for (picture, passes) in [(golden(), 1), (grey, 3)] {
        let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
        let reading = reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap();
        assert_eq!(reading.passes, passes);
    }
}

#[test]
fn plates_out_of_proportion_are_read() {
    let reader = load(&weights()).unwrap();
    for (name, text) in [
        ("private-film", "361고7520"),
        ("private-8-large", "284러5019"),
        ("commercial-long", "서울31사5872"),
        ("green-region", "대구63러2049"),
    ] {
        let plate = image::open(file(&format!("tests/golden/{name}.png"))).unwrap().into_rgb8();
        for percent in [50, 70, 150, 220] {
            let (width, height) = (plate.width(), plate.height() * percent / 100);
            let picture = image::imageops::resize(&plate, width, height, image::imageops::FilterType::Triangle);
            let frame = Frame::new(picture.as_raw(), width, height, PixelFormat::Rgb).unwrap();
            let reading = reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap();
            assert_eq!(reading.text, text, "{name} at {percent} % of its height, {} passes", reading.passes);
        }
    }
}

#[test]
fn an_evenly_grey_picture_is_not_taken_for_a_plate() {
    let reader = load(&weights()).unwrap();
    let pixels = [128; 200 * 80];
    let frame = Frame::new(&pixels, 200, 80, PixelFormat::Grey).unwrap();
    let reading = reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap();
    assert!(reading.confidence < 0.5, "{} with {}", reading.text, reading.confidence);
}

#[test]
fn outlines_anywhere_are_read_and_impossible_ones_refused() {
    let reader = load(&weights()).unwrap();
    let picture = golden();
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    let read = |quad: Quad| {
        let options = ReadOptions { quad: Some(quad), ..ReadOptions::default() };
        assert_sound(&reader.read_crop_blocking(&frame, &options).unwrap(), &format!("{quad:?}"));
    };
    read(Quad::rect(-500.0, -500.0, 40.0, 10.0).unwrap());
    read(Quad::rect(8e5, 8e5, 1e5, 3e4).unwrap());
    read(Quad::rect(20.0, 20.0, 0.5, 0.5).unwrap());
    read(Quad::rect(-1000.0, 30.0, 4000.0, 2.0).unwrap());

    for (x, y) in [(f32::NAN, 0.0), (0.0, f32::INFINITY), (-2.0 * MAX_COORDINATE, 0.0), (100.0, 100.0)] {
        let corners = [Point::new(x, y), Point::new(50.0, 0.0), Point::new(50.0, 20.0), Point::new(0.0, 20.0)];
        assert!(Quad::new(corners).is_err(), "{corners:?}");
    }
    assert_reads(&reader);
}

#[test]
fn every_option_is_taken() {
    let reader = load(&weights()).unwrap();
    let picture = golden();
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    for grammar in [GrammarMode::Strict, GrammarMode::Soft, GrammarMode::Off] {
        for n_best in [0, 1, 5, usize::MAX] {
            let options = ReadOptions { grammar, n_best, ..ReadOptions::default() };
            let reading = reader.read_crop_blocking(&frame, &options).unwrap();
            assert_sound(&reading, &format!("{options:?}"));
            assert_eq!(reading.text, "86버2713", "{options:?}");
            assert!((1..=8.min(n_best.max(1))).contains(&reading.candidates.len()), "{options:?}");
        }
    }
}

#[test]
fn damaged_weights_are_refused_and_harm_no_reader() {
    let whole = weights();
    let reader = load(&whole).unwrap();
    for length in [0, 1, 7, 8, 11, 12, 500, whole.len() / 2, whole.len() - 1] {
        let error = load(&whole[..length]).err();
        let named = matches!(error, Some(WeightsError::NotWeights | WeightsError::Truncated { .. }));
        assert!(named, "{length} bytes: {error:?}");
    }
    assert_eq!(load(b"<!doctype html><title>404</title>").err(), Some(WeightsError::NotWeights));

    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    assert!(matches!(load(&flipped), Err(WeightsError::Checksum { .. })));
    assert_reads(&reader);
}

#[test]
fn weights_of_another_alphabet_are_refused_with_both_named() {
    let mut bytes = weights();
    let alphabet = load(&bytes).unwrap().info().alphabet.clone();
    let at = bytes.windows(alphabet.len()).position(|window| window == alphabet.as_bytes()).unwrap();
    let other = "0".repeat(alphabet.len());
    bytes[at..at + alphabet.len()].copy_from_slice(other.as_bytes());
    assert_eq!(load(&bytes).err(), Some(WeightsError::Alphabet { expected: alphabet, found: other }));
}

#[test]
fn plates_that_were_found_by_other_means_are_read_together_as_they_are_alone() {
    let reader = load(&weights()).unwrap();
    let plate = golden();
    let (width, height) = plate.dimensions();
    let mut picture = RgbImage::from_pixel(width + 40, 2 * height + 60, image::Rgb([90, 95, 100]));
    let outlines = [20, i64::from(height) + 40].map(|y| {
        image::imageops::overlay(&mut picture, &plate, 20, y);
        Quad::rect(20.0, y as f32, width as f32, height as f32).unwrap()
    });
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    let together = pollster::block_on(reader.read_outlines(&frame, &outlines, &ReadOptions::default())).unwrap();
    assert_eq!(together.len(), outlines.len());
    for (outline, reading) in outlines.into_iter().zip(together) {
        let options = ReadOptions { quad: Some(outline), ..ReadOptions::default() };
        let alone = reader.read_crop_blocking(&frame, &options).unwrap();
        assert_eq!((reading.text.as_str(), reading.confidence), ("86버2713", alone.confidence));
    }
}

#[test]
fn what_is_rehearsed_can_be_a_frame() {
    let reader = load(&weights()).unwrap();
    for (width, height, plates, fits) in
        [(64, 48, 2, true), (1, 1, 1, true), (64, 48, 0, true), (0, 48, 1, false), (u32::MAX, u32::MAX, 1, false)]
    {
        let rehearsed = pollster::block_on(reader.rehearse(width, height, plates));
        assert_eq!(rehearsed.is_ok(), fits, "{width}x{height}: {rehearsed:?}");
    }
    assert_reads(&reader);
}
