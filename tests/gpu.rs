//! The networks' shaders answer as the CPU's kernels do. Needs an adapter that wgpu finds, and says so where there is none:
//! `cargo test --features webgpu --test gpu`.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::model::cpu::Cpu;
use kr_lpr::model::gpu::{self, detector_on, plate_networks_on};
use kr_lpr::model::{input, weights};
use kr_lpr::overview::{FIRST_LOOK, Layout, Overview, SECOND_LOOK};
use kr_lpr::rectify::{PlateImage, rectify};
use kr_lpr::region::Region;
use kr_lpr::shaders::gpu::Gpu;

/// How far two answers may be apart, as a share of them where they are above 1.
const TOLERANCE: f32 = 1e-3;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn shipped(name: &str) -> Vec<u8> {
    std::fs::read(root().join("pkg/weights").join(name)).unwrap()
}

fn pictures(folder: &str) -> Vec<image::RgbImage> {
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "png" || extension == "jpg"));
    paths.sort();
    paths.iter().map(|path| image::open(path).unwrap().into_rgb8()).collect()
}

fn frame(picture: &image::RgbImage) -> Frame<'_> {
    Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb).unwrap()
}

fn furthest(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs() / b.abs().max(1.0)).fold(0.0, f32::max)
}

fn plates() -> Vec<PlateImage> {
    let straighten = |picture: &image::RgbImage| rectify(&frame(picture), &Quad::of_frame(&frame(picture)));
    pictures("tests/golden").iter().map(straighten).collect()
}

#[test]
fn shaders_answer_as_kernels_do() {
    let gpu = pollster::block_on(Gpu::open()).expect("this test needs an adapter that wgpu finds");
    let (networks, _) = plate_networks_on(&gpu, &shipped("recognizer.bin")).unwrap();
    let (own, _) = weights::plate_networks::<Cpu>(&shipped("recognizer.bin")).unwrap();
    let engine = Cpu::default();
    let plates = plates();
    let pictures_of: Vec<_> = plates.iter().map(input::gpu_picture).collect();

    let corners = pollster::block_on(networks.aligner.answers(gpu::PLATE, &pictures_of)).unwrap();
    let expected = own.aligner.forward(&engine, &plates.iter().map(input::picture).collect());
    let expected: Vec<f32> = expected.iter().flat_map(|rows| rows.values()).copied().collect();
    let off = furthest(&corners, &expected);
    assert!(off < TOLERANCE, "corners: {off}");

    let answers = pollster::block_on(networks.recognizer.answers(gpu::PLATE, &pictures_of)).unwrap();
    let expected = own.recognizer.forward(&engine, &plates.iter().map(input::picture).collect());
    let expected: Vec<f32> = (0..plates.len())
        .flat_map(|n| {
            [&expected.log_probs[n], &expected.kind_logits[n], &expected.attention_logits[n]]
                .into_iter()
                .flat_map(|rows| rows.values().to_vec())
        })
        .collect();
    let off = furthest(&answers, &expected);
    assert!(off < TOLERANCE, "answers: {off}");

    let (network, _) = detector_on(&gpu, &shipped("detector.bin")).unwrap();
    let (own, _) = weights::detector::<Cpu>(&shipped("detector.bin")).unwrap();
    for picture in pictures("tests/golden/scenes") {
        let frame = frame(&picture);
        let region = Region::of_frame(&frame);
        let second = Layout::at_one_size([region.width, region.height], SECOND_LOOK);
        for layout in [FIRST_LOOK, second, Layout { width: 96, height: 32, octaves: false }] {
            let overview = Overview::new(&frame, region, layout);
            let [columns, rows] = layout.size();
            let answers =
                pollster::block_on(network.answers([rows, columns], &[input::gpu_overview(&overview)])).unwrap();
            let expected = own.forward(&engine, &vec![input::overview_picture(&overview)]);
            let off = furthest(&answers, expected[0].values());
            assert!(off < TOLERANCE, "{layout:?}: {off}");
        }
    }
}
