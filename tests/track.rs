//! Readings of the shipped networks, followed: what the picture's edge cuts off, or something covers, is never confirmed wrong,
//! however long the car stands there.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use image::RgbImage;
use image::imageops::crop_imm;
use kr_lpr::backend;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::track::{Observation, TrackOptions, Tracker};

/// Milliseconds after which a trembling picture counts as another frame, so that each frame does.
const GAP: f64 = 700.0;

const FRAMES: u32 = 8;

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

/// Samples and their texts: kinds of one line and of two, of seven characters and of eight, white, blue, green and yellow ones.
const SAMPLES: [(&str, &str); 8] = [
    ("private-8.jpg", "267마8024"),
    ("private-short.jpg", "64오8317"),
    ("private-film.jpg", "351누7930"),
    ("private-long.jpg", "78더2046"),
    ("private-large.jpg", "80수4925"),
    ("ev.jpg", "36구7158"),
    ("green-national.jpg", "27서8160"),
    ("commercial-double.jpg", "제주79자3150"),
];

/// What is read of a whole sample: the plate's outline, and those of its characters.
fn outlines(reader: &PlateReader, picture: &RgbImage, text: &str) -> (Quad, Vec<Quad>) {
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap();
    let found = reader.read_blocking(&frame, &ReadOptions::default()).unwrap();
    let reading = &found.plates[0].reading;
    assert_eq!(reading.text, text);
    (reading.quad, reading.char_outlines().unwrap())
}

#[test]
fn a_car_that_stands_cut_off_is_not_confirmed_wrong() {
    let reader = reader();
    for (name, text) in SAMPLES {
        let picture = sample(name);
        let (plate, _) = outlines(&reader, &picture, text);
        let (left, _, right, _) = plate.bounding_box();
        for share in [0.14, 0.22] {
            let hidden = share * (right - left);
            for (from, to) in [((left + hidden) as u32, picture.width()), (0, (right - hidden) as u32)] {
                let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, from, to, index)));
                assert!(texts.iter().all(|found| found == text), "{name} from {from} to {to}: {texts:?}");
            }
        }
    }
}

#[test]
fn a_car_that_stands_whole_is_confirmed() {
    let reader = reader();
    let right = SAMPLES.iter().filter(|(name, text)| {
        let picture = sample(name);
        let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, 0, picture.width(), index)));
        assert!(texts.iter().all(|found| found == text), "{name}: {texts:?}");
        !texts.is_empty()
    });
    // A picture that trembles a little shows less and less that is new.
    assert!(right.count() >= SAMPLES.len() - 2);
}

#[test]
fn a_character_that_is_covered_is_not_confirmed_wrong() {
    let reader = reader();
    for (name, text) in SAMPLES {
        let whole = sample(name);
        let (_, characters) = outlines(&reader, &whole, text);
        for (character, grey) in characters.iter().zip([60, 128, 200, 235].into_iter().cycle()) {
            let mut picture = whole.clone();
            let (left, top, right, bottom) = character.scaled(1.2).unwrap().bounding_box();
            for (x, y) in (top as u32..bottom as u32).flat_map(|y| (left as u32..right as u32).map(move |x| (x, y))) {
                picture.put_pixel(x, y, image::Rgb([grey; 3]));
            }
            let texts = confirmed(&reader, (0..FRAMES).map(|index| held(&picture, 0, picture.width(), index)));
            assert!(texts.iter().all(|found| found == text), "{name}, grey {grey} from {left}: {texts:?}");
        }
    }
}

#[test]
fn a_car_that_comes_into_the_picture_is_confirmed_right() {
    let (reader, picture) = (reader(), sample("private-8.jpg"));
    let left = |index: u32| 240_u32.saturating_sub(20 * index);
    let coming = (0..45).map(|index| held(&picture, left(index), picture.width(), index));
    assert_eq!(confirmed(&reader, coming), ["267마8024"]);
}
