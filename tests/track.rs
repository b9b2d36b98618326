//! Readings of the shipped networks, followed: what the picture's edge cuts off, or something covers, is never confirmed wrong,
//! however long the car stands there.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use image::RgbImage;
use image::imageops::crop_imm;
use kr_lpr::backend;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::track::{Observation, TrackOptions, Tracker};

/// Milliseconds after which a trembling picture counts as another frame, so that each frame does.
const GAP: f64 = 700.0;

const FRAMES: u32 = 10;

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn reader() -> PlateReader {
    let weights = |name: &str| std::fs::read(file("pkg/weights").join(name)).unwrap();
    let reader = PlateReader::from_weights(&weights("recognizer.bin"), &backend::cpu()).unwrap();
    reader.with_detector(&weights("detector.bin")).unwrap()
}

fn sample(name: &str) -> RgbImage {
    image::open(file("www/samples").join(name)).unwrap().into_rgb8()
}

/// The part of a picture from `left` to `right`, as a hand that holds the camera and its noise show it in frame `index`.
fn held(picture: &RgbImage, left: u32, right: u32, index: u32) -> RgbImage {
    let (x, y) = ((index * 3) % 5, (index * 2) % 7);
    let x = if left == 0 { 0 } else { left + x };
    let right = if right == picture.width() { right } else { right - (index * 3) % 5 };
    let mut seen = crop_imm(picture, x, y, right - x, picture.height() - y).to_image();
    let mut noise = index;
    for value in seen.as_flat_samples_mut().samples {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        *value = value.saturating_add((noise >> 28) as u8).saturating_sub(8);
    }
    seen
}

/// The texts that were confirmed in frames [`GAP`] apart.
fn confirmed(reader: &PlateReader, frames: impl IntoIterator<Item = RgbImage>) -> Vec<String> {
    let mut tracker = Tracker::new(TrackOptions::default()).unwrap();
    let mut texts = Vec::new();
    for (index, picture) in frames.into_iter().enumerate() {
        let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
        let found = reader.read_blocking(&frame, &ReadOptions::default()).unwrap();
        let plates = found.plates.iter().chain(&found.rejected);
        let observations: Vec<_> = plates.map(|plate| Observation::from(&plate.reading)).collect();
        let tracks = tracker.push(GAP * index as f64, &observations).unwrap();
        texts.extend(tracks.confirmed().map(|track| track.text.clone()));
    }
    texts.dedup();
    texts
}

#[test]
fn a_car_that_stands_cut_off_is_not_confirmed_wrong() {
    let reader = reader();
    for (name, text, sides) in [
        ("private-8.jpg", "267마8024", [(150, 0), (160, 0), (170, 0), (180, 0), (200, 0)]),
        ("private-short.jpg", "64오8317", [(0, 156), (0, 176), (0, 184), (0, 190), (0, 206)]),
    ] {
        let picture = sample(name);
        for (left, right) in sides {
            let right = picture.width() - right;
            let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, left, right, index)));
            assert!(texts.iter().all(|found| found == text), "{name} from {left} to {right}: {texts:?}");
        }
        let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, 0, picture.width(), index)));
        assert_eq!(texts, [text], "{name}, whole");
    }
}

#[test]
fn a_digit_that_is_covered_is_not_confirmed_wrong() {
    let (reader, text) = (reader(), "64오8317");
    for grey in [60, 90, 128, 160, 200] {
        let mut picture = sample("private-short.jpg");
        for (x, y) in (163..266).flat_map(|y| (425..476).map(move |x| (x, y))) {
            picture.put_pixel(x, y, image::Rgb([grey; 3]));
        }
        let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, 0, picture.width(), index)));
        assert!(texts.iter().all(|found| found == text), "grey {grey}: {texts:?}");
    }
}

#[test]
fn a_car_that_comes_into_the_picture_is_confirmed_right() {
    let (reader, picture) = (reader(), sample("private-8.jpg"));
    let left = |index: u32| 240_u32.saturating_sub(20 * index);
    let coming = (0..45).map(|index| held(&picture, left(index), picture.width(), index));
    assert_eq!(confirmed(&reader, coming), ["267마8024"]);
}
