//! Golden pictures: rendered plates, their text and kind, and the exact bytes the network gets of them.
//!
//! `tests/browser` checks the same files in wasm and on WebGPU. `KR_LPR_BLESS=1` (that is `cargo xtask bless`) records
//! the rectified pictures and the confidences again. It never touches text or kind: those are what was rendered, and a
//! picture that the shipped weights misread is no golden.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::PathBuf;

use image::{GrayImage, Luma, RgbImage};
use kr_lpr::backend;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH, rectify};
use serde::{Deserialize, Serialize};

/// How far a confidence may be off the recorded one: another processor adds up in another order.
const TOLERANCE: f32 = 1e-3;

/// How far a corner may be off, in pixels.
const CORNER_TOLERANCE: f32 = 0.05;

/// A row of `manifest.json`.
#[derive(Deserialize)]
struct Golden {
    file: String,
    text: String,
    kind: String,
    rectified: String,
}

/// `confidences.json`: what the networks' answers come to, for one set of weights.
#[derive(Serialize, Deserialize)]
struct Recorded {
    /// Checksum of the weights that read them.
    weights: String,
    readings: Vec<Confidence>,
}

#[derive(Serialize, Deserialize)]
struct Confidence {
    file: String,
    text: f32,
    kind: f32,
    /// x, y of the corners found.
    corners: [f32; 8],
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn blessing() -> bool {
    std::env::var_os("KR_LPR_BLESS").is_some_and(|value| value == "1")
}

fn goldens() -> Vec<Golden> {
    serde_json::from_slice(&std::fs::read(folder().join("manifest.json")).unwrap()).unwrap()
}

impl Golden {
    fn picture(&self) -> RgbImage {
        image::open(folder().join(&self.file)).unwrap().into_rgb8()
    }
}

fn frame(picture: &RgbImage) -> Frame<'_> {
    Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap()
}

fn reader() -> PlateReader {
    let weights = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pkg/weights/recognizer.bin");
    PlateReader::from_weights(&std::fs::read(weights).unwrap(), &backend::cpu()).unwrap()
}

/// Puts what is, what should be and where they differ above each other under `target/golden-diff`.
fn write_difference(golden: &Golden, actual: &GrayImage, expected: &GrayImage) -> PathBuf {
    let (width, height) = (PLATE_WIDTH as u32, PLATE_HEIGHT as u32);
    let sheet = GrayImage::from_fn(width, 3 * height, |x, y| {
        let at = |image: &GrayImage| image.get_pixel_checked(x, y % height).map_or(0, |pixel| pixel.0[0]);
        match y / height {
            0 => Luma([at(actual)]),
            1 => Luma([at(expected)]),
            _ => Luma([if at(actual) == at(expected) { 0 } else { 255 }]),
        }
    });
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("golden-diff");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(&golden.rectified);
    sheet.save(&path).unwrap();
    path
}

#[test]
fn golden_plates_are_rectified_to_the_same_bytes() {
    let mut failures = String::new();
    for golden in goldens() {
        let picture = golden.picture();
        let frame = frame(&picture);
        let plate = rectify(&frame, &Quad::of_frame(&frame));
        let actual = GrayImage::from_raw(PLATE_WIDTH as u32, PLATE_HEIGHT as u32, plate.pixels().to_vec()).unwrap();
        let path = folder().join(&golden.rectified);
        if blessing() {
            actual.save(path).unwrap();
            continue;
        }
        let expected = image::open(path).unwrap().into_luma8();
        if actual != expected {
            let differing = actual.iter().zip(expected.iter()).filter(|(a, b)| a != b).count();
            let shown = write_difference(&golden, &actual, &expected);
            writeln!(failures, "{}: {differing} bytes differ, see {}", golden.file, shown.display()).unwrap();
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn golden_plates_are_read_right_by_the_shipped_weights() {
    let reader = reader();
    let path = folder().join("confidences.json");
    let mut readings = Vec::new();
    let mut failures = String::new();
    for golden in goldens() {
        let reading = reader.read_crop_blocking(&frame(&golden.picture()), &ReadOptions::default()).unwrap();
        if (reading.text.as_str(), reading.kind.name()) != (golden.text.as_str(), golden.kind.as_str()) {
            let Golden { file, text, kind, .. } = &golden;
            writeln!(failures, "{file}: {text} ({kind}) is read as {} ({})", reading.text, reading.kind).unwrap();
        }
        let spelled: String = reading.chars.iter().map(|read| read.label.name()).collect();
        assert_eq!(spelled, reading.text);
        let rounded = |probability: f32| (probability * 1e4).round() / 1e4;
        let (text, kind) = (rounded(reading.confidence), rounded(reading.kind_confidence));
        let [a, b, c, d] = reading.quad.corners();
        let corners = [a.x, a.y, b.x, b.y, c.x, c.y, d.x, d.y].map(|v| (v * 1e3).round() / 1e3);
        readings.push(Confidence { file: golden.file, text, kind, corners });
    }
    // Blessing fails as well: a picture that is misread must be replaced, not recorded.
    assert!(failures.is_empty(), "\n{failures}");

    let weights = reader.info().checksum.clone();
    if blessing() {
        let text = serde_json::to_string_pretty(&Recorded { weights, readings }).unwrap();
        std::fs::write(path, text + "\n").unwrap();
        return;
    }
    let recorded: Recorded = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert_eq!(recorded.weights, weights, "the confidences are of other weights; record them with `cargo xtask bless`");
    assert_eq!(recorded.readings.len(), readings.len(), "pictures came or went; record with `cargo xtask bless`");
    for (now, then) in readings.iter().zip(&recorded.readings) {
        assert_eq!(now.file, then.file);
        let off = (now.text - then.text).abs().max((now.kind - then.kind).abs());
        let (text, kind) = (now.text, now.kind);
        let moved = now.corners.iter().zip(then.corners).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(moved < CORNER_TOLERANCE, "{}: a corner moved by {moved} pixels", now.file);
        assert!(off < TOLERANCE, "{}: {text} and {kind}, recorded {} and {}", now.file, then.text, then.kind);
    }
}

#[test]
fn samples_of_the_demo_page_are_read_right() {
    #[derive(Deserialize)]
    struct Sample {
        file: String,
        text: String,
    }
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let list: Vec<Sample> = serde_json::from_slice(&std::fs::read(samples.join("index.json")).unwrap()).unwrap();
    let detector = std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("pkg/weights/detector.bin")).unwrap();
    let reader = reader().with_detector(&detector).unwrap();
    for Sample { file, text } in list {
        let picture = image::open(samples.join(&file)).unwrap().into_rgb8();
        // As pictures that may be anything, which is what the page takes them for, and as crops.
        let found = reader.read_blocking(&frame(&picture), &ReadOptions::default()).unwrap();
        let texts: Vec<&str> = found.plates.iter().map(|plate| plate.reading.text.as_str()).collect();
        assert_eq!(texts, [text.as_str()], "{file}");
        let reading = reader.read_crop_blocking(&frame(&picture), &ReadOptions::default()).unwrap();
        assert_eq!(reading.text, text, "{file}");
    }
}

#[test]
fn golden_pictures_are_small_enough_to_be_kept() {
    let mut total = 0;
    for golden in goldens() {
        for file in [&golden.file, &golden.rectified] {
            let bytes = std::fs::metadata(folder().join(file)).unwrap().len();
            assert!(bytes < 60_000, "{file} has {bytes} bytes");
            total += bytes;
        }
    }
    assert!(total < 800_000, "{total} bytes");
}
