//! How many rendered plates the shipped detector finds, of groups of which it has missed some on photographs. They are of full
//! difficulty, so that some are hidden, blurred or nearly black, and cannot be found.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use kr_lpr::backend;
use kr_lpr::geometry::Quad;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth, SynthSettings};
use kr_lpr_training::evaluation::scenes::roll;

/// Scenes that are rendered.
const SCENES: u64 = 240;

/// Intersection over union from which on an outline is that of a plate: the aligner mends what is as rough.
const ROUGH: f64 = 0.4;

fn reader() -> PlateReader {
    let weights = |name: &str| std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/weights").join(name));
    let reader = PlateReader::from_weights(&weights("recognizer.bin").unwrap(), &backend::cpu()).unwrap();
    reader.with_detector(&weights("detector.bin").unwrap()).unwrap()
}

/// Mean luma within the upright box around a plate.
fn brightness(scene: &SceneSample, quad: &Quad) -> f32 {
    let (left, top, right, bottom) = quad.bounding_box();
    let columns = (left.max(0.0) as u32)..(right.min(scene.width as f32) as u32);
    let rows = (top.max(0.0) as u32)..(bottom.min(scene.height as f32) as u32);
    let count = (columns.len() * rows.len()) as f32;
    let frame = scene.frame();
    rows.flat_map(|y| columns.clone().map(move |x| (x, y))).map(|(x, y)| frame.luma(x, y) as f32 / 256.0).sum::<f32>()
        / count
}

/// What plates have in common, whether one has it, and the least share of them to be found.
type Group<'a> = (&'a str, &'a dyn Fn(&SceneSample, &Quad) -> bool, f32);

#[test]
fn large_rolled_dark_and_small_plates_are_found() {
    let (reader, synth) = (reader(), Synth::new(SynthSettings::default()).unwrap());
    let settings = SceneSettings { difficulty: 1.0, size: [640, 480], empty: 0.0, ..SceneSettings::default() };
    let is_wide = |quad: &Quad| quad.width() >= 60.0;
    let groups: [Group; 5] = [
        ("two fifths of the picture's width or more", &|scene, quad| quad.width() >= 0.4 * scene.width as f32, 0.95),
        ("rolled by ten degrees or more", &|_, quad| is_wide(quad) && roll(quad) >= 10.0, 0.9),
        ("dark", &|scene, quad| is_wide(quad) && brightness(scene, quad) < 70.0, 0.8),
        ("60 to 120 pixels wide", &|_, quad| (60.0..120.0).contains(&quad.width()), 0.8),
        ("40 to 60 pixels wide", &|_, quad| (40.0..60.0).contains(&quad.width()), 0.5),
    ];
    let mut counts = groups.map(|_| (0, 0));
    for seed in 0..SCENES {
        let scene = synth.scene(seed, &settings);
        let found = reader.detect_blocking(&scene.frame(), &ReadOptions::default(), 0.0).unwrap();
        for plate in &scene.plates {
            let is_found = found.iter().any(|candidate| candidate.quad.iou(&plate.quad) >= ROUGH);
            for ((_, is_in, _), (all, right)) in groups.iter().zip(&mut counts) {
                let is_in = is_in(&scene, &plate.quad);
                *all += usize::from(is_in);
                *right += usize::from(is_in && is_found);
            }
        }
    }
    for ((name, _, least), (all, found)) in groups.iter().zip(counts) {
        assert!(all >= 15 && found as f32 >= least * all as f32, "{name}: {found} of {all}");
    }
}
