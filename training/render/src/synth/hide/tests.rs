#![allow(clippy::unwrap_used)]

use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::{PlateKind, PlateText};

use super::legible::{Comparison, Sight, Verdict};
use super::veil::{Cover, Sort, Space};
use super::view::View;
use super::*;
use crate::synth::layout::{Layout, Shape as TextShape};
use crate::synth::lettering::Lettering;
use crate::synth::{KindMix, Sample, Synth, SynthSettings};

/// What is seen of character `at` of `text` on a private plate, straight on, with `shape` (mm from the top-left corner of the
/// character's ink, the ink 1 wide and high) over it in the colour of the sheet (0) or of ink (1).
fn sight(text: &str, at: usize, shape: impl Fn(f32, f32) -> Shape, inkness: f32) -> Sight {
    let lettering = Lettering::load().unwrap();
    let text = PlateText::parse(text).unwrap();
    let mut rng = Rng::new(1);
    let layout = Layout::choose(PlateKind::PrivateLong, TextShape::of(&text), &mut rng);
    let glyphs: Vec<_> = layout.placements(&text).into_iter().map(|p| (p, lettering.ink(&p))).collect();
    let ink = glyphs[at].1;
    let shape = shape(ink.width, ink.height).moved(ink.x, ink.y);
    let cover = Cover { shape, space: Space::Plate, soft: 0.5, sort: Sort::Solid(1.0), inkness };
    let view = View::straight(layout.size(), glyphs, vec![cover]);
    Comparison::default().sights(&lettering, &text, &view, None)[at]
}

/// A rectangle over the given part of the ink box, as shares of it.
fn over(x0: f32, y0: f32, x1: f32, y1: f32) -> impl Fn(f32, f32) -> Shape {
    move |w, h| Shape::Rectangle {
        centre: [(x0 + x1) / 2.0 * w, (y0 + y1) / 2.0 * h],
        half: [(x1 - x0) / 2.0 * w, (y1 - y0) / 2.0 * h],
        corner: 0.0,
        turn: 0.0,
    }
}

#[test]
fn what_people_say_of_a_covered_character() {
    // Character 0 of the text, where it is covered, and what is said.
    let cases = [
        ("12가3456", 0, over(-0.2, -0.1, 1.2, 1.1), Verdict::Unknown, "nothing is left"),
        ("62가3456", 0, over(-0.1, -0.1, 1.1, 0.5), Verdict::Unknown, "the lower half of a 6 is that of an 8"),
        ("82가3456", 0, over(-0.1, 0.5, 1.1, 1.1), Verdict::Unknown, "the upper half of an 8 is that of a 9"),
        ("82가3456", 0, over(-0.1, 0.1, 0.5, 0.9), Verdict::Doubtful, "an 8 without its left side may be a 3"),
        ("02가3456", 0, over(0.2, 0.3, 0.8, 0.7), Verdict::Unknown, "the middle tells a 0 from an 8"),
        ("12모3456", 2, over(0.5, -0.1, 1.1, 0.5), Verdict::Unknown, "모 without its right upper corner may be 도"),
        ("12모3456", 2, over(-0.1, -0.1, 1.1, 0.5), Verdict::Unknown, "the lower half of 모 is that of 고"),
        ("12서3456", 2, over(0.9, -0.1, 1.2, 0.3), Verdict::Known, "the outer edge of 서 tells nothing"),
        ("12가3456", 3, over(-0.2, -0.2, 0.1, 0.3), Verdict::Known, "a corner of a 3"),
        ("42가3456", 0, over(-0.1, 0.8, 1.1, 1.1), Verdict::Known, "a 4 without its foot"),
        ("62가3456", 0, over(0.5, -0.1, 1.1, 0.4), Verdict::Known, "the loop of a 6 is enough"),
    ];
    for (text, at, shape, expected, why) in cases {
        let sight = sight(text, at, shape, 0.5);
        assert_eq!(sight.verdict(), expected, "{why}: {sight:?}");
    }
}

#[test]
fn what_looks_like_another_character_is_not_used() {
    // Tape in the colour of the sheet where an 8 would have its bar leaves a 0 as it is, and nobody sees it.
    let middle = || over(0.28, 0.35, 0.72, 0.65);
    let taped = sight("02가3456", 0, middle(), 0.0);
    assert!(taped.deceives && taped.verdict() == Verdict::Doubtful, "{taped:?}");
    let covered = sight("02가3456", 0, middle(), 0.5);
    assert_eq!(covered.verdict(), Verdict::Unknown, "of another colour it is seen: {covered:?}");
    let gone = sight("82가3456", 0, over(-0.2, -0.1, 1.2, 1.1), 0.0);
    assert!(!gone.deceives, "{gone:?}");
}

fn hidden(share: f32) -> Synth {
    Synth::new(SynthSettings { hidden: share, ..SynthSettings::default() }).unwrap()
}

#[test]
fn plates_that_nothing_hides_are_the_same_whatever_the_share() {
    let (none, some, all) = (hidden(0.0), hidden(0.3), hidden(1.0));
    let mut kept = 0;
    for seed in 0..30 {
        let (plain, mixed, hidden) = (none.sample(seed), some.sample(seed), all.sample(seed));
        assert_eq!(plain.seen, plain.text.labels());
        assert_eq!((plain.text, plain.kind), (hidden.text, hidden.kind));
        if mixed.is_hidden() {
            assert_eq!(mixed.pixels, hidden.pixels, "seed {seed}");
        } else {
            kept += 1;
            assert_eq!((plain.pixels, plain.quad), (mixed.pixels, mixed.quad), "seed {seed}");
        }
        assert_eq!(hidden.pixels, all.sample(seed).pixels);
        assert_eq!(hidden.seen, all.sample(seed).seen);
    }
    assert!((12..28).contains(&kept), "{kept} of 30 are whole");
}

#[test]
fn texts_keep_their_length_and_what_is_told_is_true() {
    let synth = hidden(1.0);
    let (mut unknown, mut characters, mut whole) = (0, 0, 0);
    for seed in 0..120 {
        let sample = synth.sample(seed);
        let truth = sample.text.labels();
        assert_eq!((sample.seen.len(), sample.boxes.len()), (truth.len(), truth.len()));
        for (seen, label) in sample.seen.iter().zip(&truth) {
            assert!(seen == label || *seen == Label::UNKNOWN);
            unknown += usize::from(*seen == Label::UNKNOWN);
            characters += 1;
        }
        whole += usize::from(sample.seen == truth);
    }
    // Of what has something before it, some is touched only, so that not every spot makes a character unknown.
    assert!((characters / 10..characters / 2).contains(&unknown), "{unknown} of {characters}");
    assert!((10..70).contains(&whole), "{whole} of 120");
}

#[test]
fn characters_outside_of_the_picture_are_unknown_and_every_side_is_cut_at_times() {
    let synth = hidden(1.0);
    let (mut sides, mut cut) = ([0; 4], 0);
    for seed in 0..200 {
        let sample = synth.sample(seed);
        cut += usize::from(sample.is_cut());
        let [width, height] = [sample.width as f32, sample.height as f32];
        for (quad, seen) in sample.boxes.iter().zip(&sample.seen) {
            let (x0, y0, x1, y1) = quad.bounding_box();
            let outside = x1 < 0.0 || y1 < 0.0 || x0 > width || y0 > height;
            assert!(!outside || (sample.is_cut() && *seen == Label::UNKNOWN), "seed {seed}: {:?}", sample.seen);
        }
        let (x0, y0, x1, y1) = sample.quad.bounding_box();
        for (count, beyond) in sides.iter_mut().zip([-x0, -y0, x1 - width, y1 - height]) {
            *count += usize::from(beyond > 1.0);
        }
    }
    assert!((40..120).contains(&cut) && sides.iter().all(|&count| count >= 5), "{cut} cut: {sides:?}");
}

#[test]
fn an_outline_that_leaves_characters_out_hides_them() {
    let synth = Synth::new(SynthSettings {
        difficulty: 0.0,
        kinds: KindMix::only(PlateKind::PrivateLong),
        ..SynthSettings::default()
    })
    .unwrap();
    let sample: Sample = synth.sample(1);
    assert_eq!(synth.seen(&sample, &sample.quad), Some(sample.text.labels()));
    let (x0, y0, x1, y1) = sample.boxes[0].bounding_box();
    let whole = Quad::of_frame(&sample.frame());
    let (_, _, right, bottom) = whole.bounding_box();
    let beside = |x: f32| Quad::rect(x, 0.0, right - x, bottom).unwrap();
    let seen = synth.seen(&sample, &beside(x1 + 1.0)).unwrap();
    assert_eq!(seen[0], Label::UNKNOWN);
    assert_eq!(seen[1..], sample.text.labels()[1..]);
    assert_eq!(synth.seen(&sample, &beside(x0 - 0.5 * (y1 - y0).min(4.0))), Some(sample.text.labels()));
}

#[test]
fn cut_out_takes_the_part() {
    let pixels: Vec<u8> = (0..24).collect();
    assert_eq!(cut_out(&pixels, 6, 1, [2, 1, 4, 3]), (vec![8, 9, 14, 15], [2, 2]));
    assert_eq!(cut_out(&pixels, 4, 2, [1, 0, 2, 2]), (vec![2, 3, 10, 11], [1, 2]));
}
