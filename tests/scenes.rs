//! Whole frames: plates are found and read, and whatever else comes is an empty answer or a clear error, never a panic.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use image::RgbImage;
use kr_lpr::backend;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::model::weights::WeightsError;
use kr_lpr::reader::{Mode, Plate, PlateReader, Plates, ReadError, ReadOptions, Rejection, Search, Timings};
use kr_lpr::region::Region;

fn file(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn weights(name: &str) -> Vec<u8> {
    std::fs::read(file("pkg/weights").join(name)).unwrap()
}

fn reader() -> PlateReader {
    let reader = PlateReader::from_weights(&weights("recognizer.bin"), &backend::cpu()).unwrap();
    reader.with_detector(&weights("detector.bin")).unwrap()
}

fn picture(path: &str) -> RgbImage {
    image::open(file("tests/golden").join(path)).unwrap().into_rgb8()
}

fn frame(picture: &RgbImage) -> Frame<'_> {
    Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap()
}

/// The rendered scenes: name, and text and outline of every plate.
fn scenes() -> Vec<(String, Vec<(String, Quad)>)> {
    let text = std::fs::read_to_string(file("tests/golden/scenes/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let scene = |scene: &serde_json::Value| {
        let plates = scene["plates"].as_array().unwrap().iter().map(|plate| {
            let corner = |index: usize| {
                let at = |axis: usize| plate["corners"][index][axis].as_f64().unwrap() as f32;
                Point::new(at(0), at(1))
            };
            (plate["label"].as_str().unwrap().to_owned(), Quad::new(std::array::from_fn(corner)).unwrap())
        });
        (scene["file"].as_str().unwrap().to_owned(), plates.collect())
    };
    manifest["scenes"].as_array().unwrap().iter().map(scene).collect()
}

fn texts(found: &Plates) -> Vec<&str> {
    let mut texts: Vec<&str> = found.plates.iter().map(|plate| plate.reading.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

/// A frame in the middle of a grey one `factor` times as large.
fn far(picture: &RgbImage, factor: u32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let mut far = RgbImage::from_pixel(width * factor, height * factor, image::Rgb([110; 3]));
    let (x, y) = (width * (factor - 1) / 2, height * (factor - 1) / 2);
    image::imageops::replace(&mut far, picture, i64::from(x), i64::from(y));
    far
}

#[test]
fn every_plate_of_a_scene_is_found_and_read() {
    let reader = reader();
    for (name, plates) in scenes() {
        let picture = picture(&name);
        let found = reader.read_blocking(&frame(&picture), &ReadOptions::default()).unwrap();
        let mut expected: Vec<&str> = plates.iter().map(|(text, _)| text.as_str()).collect();
        expected.sort_unstable();
        assert_eq!(texts(&found), expected, "{name}");
        for plate in &found.plates {
            let (_, quad) = plates.iter().find(|(text, _)| *text == plate.reading.text).unwrap();
            assert!(plate.reading.quad.iou(quad) >= 0.7, "{name}: {:?}", plate.reading.quad);
            assert!(plate.detection.is_some_and(|score| (0.0..=1.0).contains(&score)));
        }
        assert_eq!(found.mode, Mode::Scene, "{name}");
    }
}

#[test]
fn several_plates_of_a_frame_are_all_found() {
    let reader = reader();
    let (left, right) = (picture(&scenes()[0].0), picture(&scenes()[3].0));
    let height = left.height().max(right.height());
    let mut both = RgbImage::from_pixel(left.width() + right.width(), height, image::Rgb([90; 3]));
    image::imageops::replace(&mut both, &left, 0, 0);
    image::imageops::replace(&mut both, &right, i64::from(left.width()), 0);
    let found = reader.read_blocking(&frame(&both), &ReadOptions::default()).unwrap();
    let mut expected: Vec<String> = [0, 3].iter().flat_map(|&scene| scenes()[scene].1.clone()).map(|p| p.0).collect();
    expected.sort_unstable();
    assert_eq!(texts(&found), expected);
}

#[test]
fn grey_and_rgba_frames_show_the_same_plates() {
    let reader = reader();
    let (name, _) = &scenes()[0];
    let rgb = picture(name);
    let expected = reader.read_blocking(&frame(&rgb), &ReadOptions::default()).unwrap();
    let rgba: Vec<u8> = rgb.pixels().flat_map(|pixel| [pixel[0], pixel[1], pixel[2], 7]).collect();
    let grey: Vec<u8> = rgb
        .pixels()
        .map(|p| ((77 * u32::from(p[0]) + 150 * u32::from(p[1]) + 29 * u32::from(p[2]) + 128) / 256) as u8)
        .collect();
    for (pixels, format) in [(rgba, PixelFormat::Rgba), (grey, PixelFormat::Grey)] {
        let frame = Frame::new(&pixels, rgb.width(), rgb.height(), format).unwrap();
        let found = reader.read_blocking(&frame, &ReadOptions::default()).unwrap();
        assert_eq!(texts(&found), texts(&expected), "{format:?}");
    }
}

#[test]
fn a_plate_is_found_in_a_frame_three_times_as_large() {
    let reader = reader();
    let (name, plates) = &scenes()[0];
    let large = far(&picture(name), 3);
    let found = reader.read_blocking(&frame(&large), &ReadOptions::default()).unwrap();
    assert!(plates.iter().any(|(text, _)| texts(&found).contains(&text.as_str())), "{:?}", texts(&found));
}

#[test]
fn a_plate_of_thirty_pixels_is_found_in_a_large_picture_by_a_thorough_search_alone() {
    let reader = reader();
    let (name, plates) = &scenes()[1];
    let scale = 30.0 / plates[0].1.width();
    let scene = picture(name);
    let [width, height] = [scene.width(), scene.height()].map(|side| (side as f32 * scale) as u32);
    let small = image::imageops::resize(&scene, width, height, image::imageops::FilterType::Triangle);
    let mut large = RgbImage::from_pixel(1280, 960, image::Rgb([110; 3]));
    image::imageops::replace(&mut large, &small, 700, 500);
    let corners = plates[0].1.corners().map(|corner| Point::new(700.0 + corner.x * scale, 500.0 + corner.y * scale));
    let expected = Quad::new(corners).unwrap();
    for (search, is_found) in [(Search::Thorough, true), (Search::Quick, false)] {
        let options = ReadOptions { search, ..ReadOptions::default() };
        let found = reader.detect_blocking(&frame(&large), &options, 0.5).unwrap();
        assert_eq!(found.iter().any(|plate| plate.quad.iou(&expected) > 0.4), is_found, "{search:?}: {found:?}");
    }
}

#[test]
fn a_crop_is_told_from_a_scene() {
    let reader = reader();
    for (name, text) in [("private-large.png", "86버2713"), ("private-8-small.png", "")] {
        let crop = picture(name);
        let read = |mode| {
            let options = ReadOptions { mode, ..ReadOptions::default() };
            reader.read_blocking(&frame(&crop), &options).unwrap()
        };
        let (auto, given) = (read(Mode::Auto), read(Mode::Crop));
        assert_eq!(texts(&auto), texts(&given), "{name}");
        assert!(text.is_empty() || texts(&auto) == [text]);
    }
}

#[test]
fn only_the_region_is_looked_at() {
    let reader = reader();
    let (name, plates) = &scenes()[0];
    let picture = picture(name);
    let frame = frame(&picture);
    let within = |region| {
        let options = ReadOptions { mode: Mode::Scene, region: Some(region), ..ReadOptions::default() };
        reader.read_blocking(&frame, &options)
    };
    let (left, top, right, bottom) = plates[0].1.bounding_box();
    let (w, h) = (right - left, bottom - top);
    let around = Region::within(&frame, left - w, top - 2.0 * h, 3.0 * w, 5.0 * h).unwrap();
    assert!(texts(&within(around).unwrap()).contains(&plates[0].0.as_str()));
    let elsewhere = Region { x: 0, y: 0, width: 20, height: 20 };
    assert!(within(elsewhere).unwrap().plates.is_empty());

    let width = frame.width();
    for region in [
        Region { x: width, y: 0, width: 5, height: 5 },
        Region { x: 0, y: 0, width: width + 1, height: 5 },
        Region { x: 0, y: 0, width: 0, height: 5 },
        Region { x: u32::MAX, y: u32::MAX, width: u32::MAX, height: u32::MAX },
    ] {
        assert!(matches!(within(region), Err(ReadError::Region { .. })), "{region:?}");
    }
}

/// Whether a plate was not read since there are more than were asked for.
fn is_left_over(plate: &Plate) -> bool {
    plate.reason == Some(Rejection::TooMany) && plate.reading.text.is_empty()
}

#[test]
fn limits_are_kept() {
    let reader = reader();
    let (name, plates) = &scenes()[0];
    let picture = picture(name);
    let read = |options: ReadOptions| reader.read_blocking(&frame(&picture), &options).unwrap();
    let scene = ReadOptions { mode: Mode::Scene, ..ReadOptions::default() };
    let none = read(ReadOptions { max_plates: 0, ..scene.clone() });
    assert!(none.plates.is_empty() && none.rejected.iter().all(is_left_over));
    let one = read(ReadOptions { max_plates: 1, ..scene.clone() });
    assert_eq!(one.plates.len() + one.rejected.iter().filter(|plate| !is_left_over(plate)).count(), 1);
    let strict = read(ReadOptions { min_confidence: 1.0, ..scene.clone() });
    assert!(strict.plates.is_empty() && strict.rejected.len() >= plates.len(), "nothing is dropped silently");
    let given = read(ReadOptions { quad: Some(plates[0].1), ..scene });
    assert_eq!((given.mode, texts(&given)), (Mode::Crop, vec![plates[0].0.as_str()]));
}

#[test]
fn frames_without_a_plate_have_none() {
    let reader = reader();
    for (width, height) in [(1, 1), (1, 300), (300, 1), (17, 5), (640, 480), (1280, 720), (8000, 6000)] {
        let length = width as usize * height as usize;
        let contents: [Vec<u8>; 3] = [
            vec![0; length],
            vec![200; length],
            (0..length).map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8).collect(),
        ];
        for (index, pixels) in contents.iter().enumerate() {
            let frame = Frame::new(pixels, width, height, PixelFormat::Grey).unwrap();
            let found = reader.read_blocking(&frame, &ReadOptions::default()).unwrap();
            assert!(found.plates.is_empty(), "{width}x{height}, {index}: {:?}", texts(&found));
        }
    }
}

#[test]
fn a_hundred_plates_are_read_as_far_as_asked() {
    let reader = reader();
    let plate = image::imageops::thumbnail(&picture("private-large.png"), 96, 44);
    let mut wall = RgbImage::from_pixel(1280, 960, image::Rgb([60; 3]));
    for index in 0..100 {
        image::imageops::replace(&mut wall, &plate, 16 + index % 10 * 126, 20 + index / 10 * 94);
    }
    let options = ReadOptions { max_plates: 2, ..ReadOptions::default() };
    let found = reader.read_blocking(&frame(&wall), &options).unwrap();
    let left_over = found.rejected.iter().filter(|plate| is_left_over(plate)).count();
    assert!(found.plates.len() + found.rejected.len() - left_over <= 2 && left_over >= 88, "{left_over}");
    let boxes = reader.detect_blocking(&frame(&wall), &ReadOptions { max_plates: 1000, ..options }, 0.0).unwrap();
    assert!(boxes.len() >= 90, "{}", boxes.len());
    assert!(boxes.is_sorted_by(|a, b| a.score >= b.score));
}

#[test]
fn every_stage_is_timed() {
    let reader = reader();
    let (name, _) = &scenes()[0];
    let picture = picture(name);
    let frame = frame(&picture);
    let options = ReadOptions { mode: Mode::Scene, ..ReadOptions::default() };
    let Timings { detect, align, recognize, decode } = reader.read_blocking(&frame, &options).unwrap().timings;
    assert!([detect, align, recognize, decode].iter().all(|&stage| stage > 0.0));
}

#[test]
fn without_a_detector_pictures_are_crops() {
    let reader = PlateReader::from_weights(&weights("recognizer.bin"), &backend::cpu()).unwrap();
    assert!(reader.detector_info().is_none());
    let crop = picture("private-large.png");
    let read = |mode| reader.read_blocking(&frame(&crop), &ReadOptions { mode, ..ReadOptions::default() });
    assert_eq!(read(Mode::Auto).unwrap().mode, Mode::Crop);
    assert_eq!(read(Mode::Scene).err(), Some(ReadError::NoDetector));
    assert_eq!(reader.detect_blocking(&frame(&crop), &ReadOptions::default(), 0.5).err(), Some(ReadError::NoDetector));

    let recognizer = weights("recognizer.bin");
    assert!(matches!(reader.with_detector(&recognizer).err(), Some(WeightsError::Alphabet { .. })));
}
