#![allow(clippy::unwrap_used)]

use kr_lpr::geometry::Point;
use kr_lpr::rectify::rectify;

use super::*;
use crate::synth::SynthSettings;

fn synth() -> Synth {
    Synth::new(SynthSettings::default()).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_scene_whatever_the_renderers_settings() {
    let (one, other) = (synth(), Synth::new(SynthSettings { difficulty: 0.1, ..SynthSettings::default() }).unwrap());
    let settings = SceneSettings { size: [240, 180], ..SceneSettings::default() };
    for seed in 0..12 {
        let (a, b) = (one.scene(seed, &settings), other.scene(seed, &settings));
        assert_eq!((a.width, a.height, a.pixels), (b.width, b.height, b.pixels), "seed {seed}");
        assert_eq!(a.plates.len(), b.plates.len());
        assert!(a.plates.iter().zip(&b.plates).all(|(a, b)| a.quad == b.quad && a.boxes == b.boxes));
    }
}

#[test]
fn plates_are_whole_within_the_frame_and_hold_their_characters() {
    let synth = synth();
    for (seed, size) in (0..60).zip([[480, 360], [320, 240], [200, 600], [90, 70]].into_iter().cycle()) {
        let settings = SceneSettings { size, colour: seed % 2 == 0, ..SceneSettings::default() };
        let scene = synth.scene(seed, &settings);
        assert!(scene.width <= size[0] && scene.height <= size[1], "{} x {}", scene.width, scene.height);
        assert_eq!(scene.frame().width(), scene.width);
        for plate in &scene.plates {
            let (x0, y0, x1, y1) = plate.quad.bounding_box();
            assert!(x0 >= 0.0 && y0 >= 0.0 && x1 <= scene.width as f32 && y1 <= scene.height as f32, "seed {seed}");
            assert_eq!(plate.boxes.len(), plate.text.labels().len());
            let slack = 0.03 * (x1 - x0) + 1.0;
            for quad in &plate.boxes {
                let (bx0, by0, bx1, by1) = quad.bounding_box();
                assert!(bx0 > x0 - slack && by0 > y0 - slack && bx1 < x1 + slack && by1 < y1 + slack, "seed {seed}");
            }
        }
    }
}

#[test]
fn as_many_frames_are_empty_as_was_asked_for() {
    let synth = synth();
    let empty = |share: f32| {
        let settings = SceneSettings { size: [120, 90], empty: share, ..SceneSettings::default() };
        (0..150).filter(|&seed| synth.scene(seed, &settings).plates.is_empty()).count()
    };
    assert_eq!(empty(0.0), 0);
    assert!((28..62).contains(&empty(0.3)), "{}", empty(0.3));
    assert_eq!(empty(1.0), 150);
}

/// How alike two plate images are, 1 for the same up to brightness and contrast.
fn correlation(a: &[u8], b: &[u8]) -> f32 {
    let mean = |v: &[u8]| v.iter().map(|&v| f32::from(v)).sum::<f32>() / v.len() as f32;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (&x, &y) in a.iter().zip(b) {
        let (x, y) = (f32::from(x) - ma, f32::from(y) - mb);
        (ab, aa, bb) = (ab + x * y, aa + x * x, bb + y * y);
    }
    ab / (aa * bb).sqrt().max(1e-6)
}

#[test]
fn the_outline_is_that_of_the_plate_that_was_drawn() {
    let kinds = KindMix::only(PlateKind::PrivateLong);
    let synth = Synth::new(SynthSettings { difficulty: 0.0, ..SynthSettings::default() }).unwrap();
    let settings = SceneSettings { difficulty: 0.0, kinds, empty: 0.0, size: [640, 480], colour: false };
    let mut compared = 0;
    for seed in 0..40 {
        let scene = synth.scene(seed, &settings);
        for plate in scene.plates.iter().filter(|plate| plate.quad.width() > 110.0) {
            let alone = synth.sample_of(seed, plate.kind, plate.text);
            let ours = rectify(&scene.frame(), &plate.quad);
            let straight = rectify(&alone.frame(), &alone.quad);
            let alike = correlation(ours.pixels(), straight.pixels());
            assert!(alike > 0.75, "seed {seed}: {} correlates by {alike}", plate.text);
            // The same outline a twentieth of the plate's width aside must not do as well.
            let aside = plate.quad.corners().map(|p| Point::new(p.x + 0.05 * plate.quad.width(), p.y));
            let aside = rectify(&scene.frame(), &Quad::new(aside).unwrap());
            assert!(correlation(aside.pixels(), straight.pixels()) < alike, "seed {seed}");
            compared += 1;
        }
    }
    assert!(compared > 10, "only {compared} plates are wide enough to be compared");
}
