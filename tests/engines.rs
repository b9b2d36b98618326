//! One definition, several engines: the library's own kernels answer as Burn does.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use image::RgbImage;
use kr_lpr::calibration::Calibration;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::model::cpu::Cpu;
use kr_lpr::model::weights::{self, Contents, Provenance, named_tensors};
use kr_lpr::model::{Detector, PlateNetworks, input};
use kr_lpr::overview::{FIRST_LOOK, Layout, Overview, SECOND_LOOK};
use kr_lpr::rectify::{PlateImage, rectify};
use kr_lpr::region::Region;

/// How far two answers may be apart, as a share of them where they are above 1: each engine adds up in its own order, and the
/// logarithm of an improbable class is a large number.
const TOLERANCE: f32 = 1e-4;

/// The same for corners, in pixels.
const CORNER_TOLERANCE: f32 = 1e-3;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shipped(name: &str) -> Vec<u8> {
    std::fs::read(root().join("pkg/weights").join(name)).unwrap()
}

/// The pictures of a folder that are no test's expectation.
fn pictures(folder: &Path) -> Vec<(String, RgbImage)> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        let name = path.to_string_lossy();
        (name.ends_with(".png") || name.ends_with(".jpg")) && !name.ends_with(".rectified.png")
    });
    paths.sort();
    assert!(!paths.is_empty(), "{}", folder.display());
    paths.iter().map(|path| (path.display().to_string(), image::open(path).unwrap().into_rgb8())).collect()
}

fn frame(picture: &RgbImage) -> Frame<'_> {
    Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap()
}

/// Every golden plate, straightened by its own edges.
fn plates() -> Vec<PlateImage> {
    let straighten = |(_, picture): &(String, RgbImage)| {
        let frame = frame(picture);
        rectify(&frame, &Quad::of_frame(&frame))
    };
    pictures(&root().join("tests/golden")).iter().map(straighten).collect()
}

fn furthest(a: &[f32], b: &[f32], unit: fn(f32) -> f32) -> f32 {
    assert_eq!(a.len(), b.len());
    assert!(a.iter().chain(b).all(|value| value.is_finite()));
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / unit(*b)).fold(0.0, f32::max)
}

fn share(value: f32) -> f32 {
    value.abs().max(1.0)
}

/// Compares the answers to all golden plates, in one batch, of the networks in a file.
fn compare_plate_networks(file: &[u8]) {
    let device = Device::flex();
    let plates = plates();
    let (burn, _) = weights::read::<PlateNetworks>(file, &device).unwrap();
    let (own, _) = weights::plate_networks::<Cpu>(file).unwrap();
    let engine = Cpu::default();

    let images = input::to_tensor(&plates, &device);
    let pictures = plates.iter().map(input::picture).collect();
    let expected = burn.recognizer.forward(images.clone());
    let answer = own.recognizer.forward(&engine, &pictures);
    for (name, rows, expected) in [
        ("log_probs", &answer.log_probs, expected.log_probs.try_into_vec_as::<f32>().unwrap()),
        ("kind_logits", &answer.kind_logits, expected.kind_logits.try_into_vec_as::<f32>().unwrap()),
        ("attention_logits", &answer.attention_logits, expected.attention_logits.try_into_vec_as::<f32>().unwrap()),
        ("step_features", &answer.step_features, expected.step_features.try_into_vec_as::<f32>().unwrap()),
    ] {
        let values: Vec<f32> = rows.iter().flat_map(|rows| rows.values()).copied().collect();
        let off = furthest(&values, &expected, share);
        assert!(off < TOLERANCE, "{name}: {off}");
    }

    let expected = burn.aligner.forward(images).try_into_vec_as::<f32>().unwrap();
    let corners = own.aligner.forward(&engine, &pictures);
    let corners: Vec<f32> = corners.iter().flat_map(|rows| rows.values()).copied().collect();
    let off = furthest(&corners, &expected, |_| 1.0);
    assert!(off < CORNER_TOLERANCE, "corners: {off} pixels");
}

/// Compares the maps of all golden scenes, seen in several sizes.
fn compare_detectors(file: &[u8]) {
    let device = Device::flex();
    let (burn, _) = weights::read::<Detector>(file, &device).unwrap();
    let (own, _) = weights::detector::<Cpu>(file).unwrap();
    let engine = Cpu::default();
    for (name, picture) in pictures(&root().join("tests/golden/scenes")) {
        let frame = frame(&picture);
        let region = Region::of_frame(&frame);
        let small = Layout { width: 96, height: 32, octaves: false };
        let second = Layout::at_one_size([region.width, region.height], SECOND_LOOK);
        for layout in [FIRST_LOOK, second, small] {
            let overview = Overview::new(&frame, region, layout);
            let expected = burn.forward(input::overview_tensor(&overview, &device)).try_into_vec_as::<f32>().unwrap();
            let maps = own.forward(&engine, &vec![input::overview_picture(&overview)]);
            let off = furthest(maps[0].values(), &expected, share);
            assert!(off < TOLERANCE, "{name}, {layout:?}: {off}");
        }
    }
}

#[test]
fn shipped_networks_answer_alike_to_every_golden_picture() {
    compare_plate_networks(&shipped("recognizer.bin"));
    compare_detectors(&shipped("detector.bin"));
}

#[test]
fn networks_that_know_nothing_answer_alike() {
    let device = Device::flex();
    let networks = PlateNetworks::new(&device).folded();
    let file = weights::write(&networks, Calibration::default(), &Provenance::default()).unwrap();
    compare_plate_networks(&file);
}

#[test]
fn the_architectures_are_those_of_the_modules() {
    let device = Device::flex();
    let shapes = |tensors: Vec<weights::NamedTensor>| -> Vec<(String, Vec<usize>)> {
        tensors.into_iter().map(|tensor| (tensor.name, tensor.shape)).collect()
    };
    assert_eq!(Contents::of_plate_networks().tensors, shapes(named_tensors(&PlateNetworks::new(&device).folded())));
    assert_eq!(Contents::of_detector().tensors, shapes(named_tensors(&Detector::new(&device).folded())));
}

#[test]
fn a_batch_is_answered_as_its_pictures_are_one_by_one() {
    let (own, _) = weights::plate_networks::<Cpu>(&shipped("recognizer.bin")).unwrap();
    let engine = Cpu::default();
    let pictures: Vec<_> = plates().iter().map(input::picture).collect();
    let together = own.recognizer.forward(&engine, &pictures).log_probs;
    for (picture, expected) in pictures.into_iter().zip(together) {
        let alone = own.recognizer.forward(&engine, &vec![picture]).log_probs;
        assert_eq!(alone, [expected]);
    }
}
