#![allow(clippy::unwrap_used)]

use super::super::SynthSettings;
use super::*;
use kr_lpr::geometry::Point;

fn synth() -> Synth {
    Synth::new(SynthSettings::default()).unwrap()
}

#[test]
fn frames_depend_on_seed_and_index_alone() {
    let (one, other) = (synth(), synth());
    for kind in ClipKind::ALL {
        let settings = ClipSettings { frames: 9, ..ClipSettings::default() };
        let (a, b) = (one.clip(5, kind, &settings), other.clip(5, kind, &settings));
        // Backwards and without the others it is the same frame.
        let late = b.frame(8);
        let early = b.frame(4);
        for (index, again) in [(4, early), (8, late)] {
            let frame = a.frame(index);
            assert_eq!(frame.pixels, again.pixels, "{} frame {index}", kind.name());
            assert_eq!(frame.pixels.len(), 640 * 480);
            assert_eq!(frame.timestamp, f64::from(index) * 1000.0 / 15.0);
            let quads = |frame: &ClipFrame| frame.plates.iter().map(|plate| plate.quad).collect::<Vec<_>>();
            assert_eq!(quads(&frame), quads(&again));
        }
        assert_ne!(a.frame(4).pixels, a.frame(5).pixels, "each frame has its own noise");
        assert_ne!(one.clip(6, kind, &settings).frame(4).pixels, a.frame(4).pixels);
        assert_eq!(ClipKind::from_name(kind.name()), Some(kind));
    }
}

/// Mean luma of the frame over the box, without its part outside.
fn mean(frame: &ClipFrame, points: impl Iterator<Item = Point>) -> f32 {
    let view = frame.frame();
    let inside = |p: &Point| p.x >= 0.0 && p.y >= 0.0 && p.x < view.width() as f32 && p.y < view.height() as f32;
    let luma: Vec<f32> = points.filter(inside).map(|p| view.luma(p.x as u32, p.y as u32) as f32 / 256.0).collect();
    luma.iter().sum::<f32>() / luma.len().max(1) as f32
}

#[test]
fn plates_are_where_their_corners_say() {
    let settings = ClipSettings {
        difficulty: 0.0,
        kinds: KindMix::only(PlateKind::CommercialLong),
        colour: true,
        frames: 12,
        ..ClipSettings::default()
    };
    // Yellow plates: along a line just inside an edge the blue of the frame is far less than the red.
    let yellow = |frame: &ClipFrame, at: Point| {
        let i = (at.y as usize * frame.width as usize + at.x as usize) * 3;
        i32::from(frame.pixels[i]) - i32::from(frame.pixels[i + 2])
    };
    let synth = synth();
    for kind in [ClipKind::Approach, ClipKind::PassBy, ClipKind::Handheld] {
        for seed in 0..3 {
            let clip = synth.clip(seed, kind, &settings);
            for frame in clip.frames() {
                for plate in frame.plates.iter().filter(|plate| plate.hidden == 0.0 && plate.quad.height() > 12.0) {
                    assert_eq!(plate.text, clip.texts()[plate.vehicle]);
                    let [a, b, c, d] = plate.quad.corners();
                    let towards = |a: Point, b: Point, t: f32| Point::new(a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t);
                    // A little inside the upper and the lower edge, and a little outside both.
                    let line = |inside: f32| {
                        (2..9).flat_map(move |i| {
                            let (top, bottom) = (towards(a, b, i as f32 / 10.0), towards(d, c, i as f32 / 10.0));
                            [towards(top, bottom, inside), towards(top, bottom, 1.0 - inside)]
                        })
                    };
                    let seen = |inside: f32| line(inside).map(|p| yellow(&frame, p)).sum::<i32>() / 14;
                    let (within, without) = (seen(0.12), seen(-0.2));
                    let name = kind.name();
                    assert!(within > without + 15, "{name} {seed}: {within} within, {without} without");
                }
            }
        }
    }
}

#[test]
fn things_happen_as_the_kind_says() {
    let synth = synth();
    let of = |kind: ClipKind, seed: u64| {
        let clip = synth.clip(seed, kind, &ClipSettings::default());
        clip.frames().collect::<Vec<_>>()
    };
    let hidden = |frames: &[ClipFrame], vehicle: usize| {
        let of = |frame: &ClipFrame| {
            frame.plates.iter().find(|plate| plate.vehicle == vehicle).map_or(1.0, |plate| plate.hidden)
        };
        frames.iter().map(of).collect::<Vec<f32>>()
    };
    let crossing = of(ClipKind::Crossing, 3);
    let behind = hidden(&crossing, 0);
    assert!(behind.contains(&1.0) && behind.contains(&0.0), "{behind:?}");
    assert!(hidden(&crossing, 1)[10..26].iter().all(|&share| share == 0.0));
    let occluded = hidden(&of(ClipKind::Occluded, 1), 0);
    assert!(occluded.iter().any(|&share| share > 0.1) && occluded.contains(&0.0), "{occluded:?}");
    let passing = of(ClipKind::PassBy, 1);
    let ways: Vec<f32> =
        passing.iter().flat_map(|frame| frame.plates.iter().map(|plate| plate.quad.corners()[0].x)).collect();
    assert!((ways[0] - ways[ways.len() - 1]).abs() > 500.0, "{ways:?}");
    let everything = |frame: &ClipFrame| {
        let points = (0..480).step_by(8).flat_map(|y| (0..640).step_by(8).map(move |x| Point::new(x as f32, y as f32)));
        mean(frame, points)
    };
    let (night, day) = (of(ClipKind::Night, 2), of(ClipKind::Approach, 2));
    assert!(everything(&night[0]) < 0.6 * everything(&day[0]));
}
