#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use kr_lpr::geometry::{Homography, Point};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::canvas::Canvas;
use super::layout::{Layout, Shape};
use super::paint::Painter;
use super::palette::PlateSpec;
use super::*;

fn synth(difficulty: f32, kinds: KindMix, colour: bool) -> Synth {
    Synth::new(SynthSettings { difficulty, kinds, colour, ..SynthSettings::default() }).unwrap()
}

fn within(sample: &Sample, quad: &Quad, slack: f32) -> bool {
    let (x0, y0, x1, y1) = quad.bounding_box();
    let (width, height) = (sample.width as f32, sample.height as f32);
    x0 > -slack && y0 > -slack && x1 < width + slack && y1 < height + slack
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_thread() {
    let (one, other) = (synth(1.0, KindMix::default(), false), synth(1.0, KindMix::default(), false));
    let forwards: Vec<Sample> = (0..12).map(|seed| one.sample(seed)).collect();
    let backwards: Vec<Sample> = std::thread::scope(|scope| {
        let other = &other;
        let threads: Vec<_> = (0..12).rev().map(|seed| scope.spawn(move || other.sample(seed))).collect();
        threads.into_iter().rev().map(|thread| thread.join().unwrap()).collect()
    });
    for (a, b) in forwards.iter().zip(&backwards) {
        assert_eq!(a.text.to_string(), b.text.to_string());
        assert_eq!(a.pixels, b.pixels, "{}", a.text);
        assert_eq!(a.quad, b.quad);
    }
}

#[test]
fn every_kind_is_rendered_with_a_box_for_each_character() {
    for kind in PlateKind::ALL {
        let synth = synth(1.0, KindMix::only(kind), false);
        for seed in 0..8 {
            let sample = synth.sample(seed);
            assert_eq!(sample.kind, kind);
            assert!(sample.text.kinds().any(|k| k == kind), "{} is no {kind}", sample.text);
            assert_eq!(sample.boxes.len(), sample.text.labels().len(), "{} as {kind}", sample.text);
            assert!(within(&sample, &sample.quad, 4.0), "{kind} seed {seed}: {:?}", sample.quad);
            let (px0, py0, px1, py1) = sample.quad.bounding_box();
            for quad in &sample.boxes {
                let (x0, y0, x1, y1) = quad.bounding_box();
                assert!(x0 > px0 - 2.0 && y0 > py0 - 2.0 && x1 < px1 + 2.0 && y1 < py1 + 2.0, "{kind} seed {seed}");
            }
            assert_eq!(sample.frame().width(), sample.width);
        }
    }
}

#[test]
fn characters_are_where_their_boxes_say() {
    let synth = synth(0.0, KindMix::default(), false);
    for seed in 0..40 {
        let sample = synth.sample(seed);
        let frame = sample.frame();
        let mean = |x0: f32, y0: f32, x1: f32, y1: f32| {
            let (mut sum, mut count) = (0.0, 0.0);
            for y in y0.max(0.0) as u32..(y1 as u32).min(frame.height()) {
                for x in x0.max(0.0) as u32..(x1 as u32).min(frame.width()) {
                    sum += frame.luma(x, y) as f32 / 256.0;
                    count += 1.0;
                }
            }
            sum / f32::max(count, 1.0)
        };
        // The gap between the last two digits shows the sheet alone.
        let [.., before, last] = &sample.boxes[..] else { panic!("a plate has characters") };
        let ((_, y0, left, y1), (right, _, x1, _)) = (before.bounding_box(), last.bounding_box());
        let (gap, ink) = (mean(left + 1.0, y0, right - 1.0, y1), mean(right, y0, x1, y1));
        if right - left > 4.0 {
            assert!((gap - ink).abs() > 15.0, "{} seed {seed}: gap {gap}, character {ink}", sample.text);
        }
    }
}

#[test]
fn at_difficulty_0_the_plate_is_upright_and_clean() {
    let synth = synth(0.0, KindMix::only(PlateKind::PrivateLong), false);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    for seed in 0..10 {
        let sample = synth.sample(seed);
        let [a, b, c, d] = sample.quad.corners();
        assert!((a.y - b.y).abs() < 0.01 && (c.y - d.y).abs() < 0.01 && (a.x - d.x).abs() < 0.01);
        assert!((sample.quad.aspect() - 520.0 / 110.0).abs() < 0.02);
        assert_eq!(view(&sample, &mut rng, 0.0), sample.quad);
    }
}

#[test]
fn views_show_most_of_the_plate() {
    let synth = synth(1.0, KindMix::default(), false);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut upright = 0;
    for seed in 0..100 {
        let sample = synth.sample(seed);
        let view = view(&sample, &mut rng, 1.0);
        let (x0, y0, x1, y1) = view.bounding_box();
        let (px0, py0, px1, py1) = sample.quad.bounding_box();
        let shared = (x1.min(px1) - x0.max(px0)) * (y1.min(py1) - y0.max(py0));
        assert!(shared > 0.8 * (px1 - px0) * (py1 - py0), "seed {seed}: {view:?} of {:?}", sample.quad);
        let [a, b, ..] = view.corners();
        upright += usize::from(a.y == b.y);
    }
    assert!((65..85).contains(&upright), "{upright} of 100 views are upright");
}

#[test]
fn aligned_views_err_more_than_the_aligner_does() {
    let synth = synth(1.0, KindMix::default(), false);
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut errors = Vec::new();
    for seed in 0..200 {
        let sample = synth.sample(seed);
        let corners = aligned_view(&sample, &mut rng, 1.0).corners().into_iter().zip(sample.quad.corners());
        errors.extend(corners.map(|(seen, truth)| (seen.x - truth.x).abs() / sample.quad.width()));
        assert_eq!(aligned_view(&sample, &mut rng, 0.0), sample.quad);
    }
    errors.sort_by(f32::total_cmp);
    // The aligner errs by 1.4 % at the median, 4.5 % at nine in ten.
    let (median, tail) = (errors[errors.len() / 2], errors[errors.len() * 9 / 10]);
    assert!((0.025..0.05).contains(&median) && (0.07..0.13).contains(&tail), "{median} {tail}");
}

#[test]
fn colour_frames_have_three_bytes_a_pixel() {
    let sample = synth(0.5, KindMix::only(PlateKind::CommercialDouble), true).sample(3);
    assert_eq!(sample.format, PixelFormat::Rgb);
    assert_eq!(sample.pixels.len(), sample.width as usize * sample.height as usize * 3);
    let at = |p: Point| {
        let i = (p.y as usize * sample.width as usize + p.x as usize) * 3;
        [sample.pixels[i], sample.pixels[i + 2]]
    };
    // Right of the middle of the upper edge, between bolt and characters, the sheet is yellow.
    let [a, b, ..] = sample.quad.corners();
    let [red, blue] = at(Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0 + sample.quad.height() * 0.05));
    assert!(red > blue, "{red} {blue}");
}

#[test]
fn a_mix_is_a_table_of_kind_names() {
    let table = |json: &str| serde_json::from_str::<KindMix>(json).map_err(|error| error.to_string());
    let mix = table(r#"{"ev": 2, "private-8": 1}"#).unwrap();
    assert_eq!(mix.weights()[PlateKind::Ev.index()], 2.0);
    assert_eq!(mix.weights().iter().sum::<f32>(), 3.0);
    assert!(table(r#"{"lorry": 1}"#).unwrap_err().contains("private-film"));
    assert!(table(r#"{"ev": 0}"#).unwrap_err().contains("nothing to render"));
    let back: BTreeMap<String, f32> = mix.into();
    assert_eq!(back.len(), PlateKind::ALL.len());
}

#[test]
fn settings_out_of_range_are_refused() {
    assert!(Synth::new(SynthSettings { difficulty: 1.5, ..SynthSettings::default() }).is_err());
}

#[test]
fn a_sheet_has_room_for_all_samples() {
    let synth = synth(0.3, KindMix::default(), true);
    let samples: Vec<Sample> = (0..6).map(|seed| synth.sample(seed)).collect();
    let sheet = sheet(&samples, true, &Captions::new().unwrap());
    assert_eq!((sheet.width(), sheet.height()), (5 * 330, 2 * 196));
}

#[test]
fn conditions_that_set_nothing_change_nothing() {
    for kind in PlateKind::ALL {
        let synth = synth(1.0, KindMix::only(kind), false);
        let seed = 100 + kind.index() as u64;
        let (plain, under) = (synth.sample(seed), synth.sample_under(seed, kind, 1.0, &Conditions::default()));
        assert_eq!((plain.text, plain.quad, &plain.pixels), (under.text, under.quad, &under.pixels), "{kind}");
    }
}

#[test]
fn characters_stand_where_the_library_says() {
    use kr_lpr::plate::layout::{Layout, char_outlines};
    let synth = synth(0.0, KindMix::default(), false);
    for kind in PlateKind::ALL {
        let mut compared = 0;
        for seed in 0..12 {
            let sample = synth.sample_under(seed, kind, 0.0, &Conditions::of_width(300.0));
            let Some(layout) = Layout::of(kind, &sample.text) else { continue };
            let [width, height] = layout.size;
            // Plates of another size are arranged in another way.
            if (sample.quad.aspect() / (width / height) - 1.0).abs() > 0.1 {
                continue;
            }
            let outlines = char_outlines(kind, sample.boxes.len(), &sample.quad).unwrap();
            assert_eq!(outlines.len(), sample.boxes.len(), "{kind}: {}", sample.text);
            let ious: Vec<f64> = outlines.iter().zip(&sample.boxes).map(|(outline, ink)| outline.iou(ink)).collect();
            let mean = ious.iter().sum::<f64>() / ious.len() as f64;
            // A 1 fills a third of its box.
            assert!(mean > 0.55 && ious.iter().all(|&iou| iou > 0.15), "{kind}: {} {ious:?}", sample.text);
            compared += 1;
        }
        let is_known = !matches!(kind, PlateKind::Diplomatic | PlateKind::Temporary | PlateKind::ConstructionOld);
        assert_eq!(compared > 0, is_known, "{kind}");
    }
}

#[test]
fn letters_of_green_plates_are_flat_at_times() {
    let synth = synth(1.0, KindMix::only(PlateKind::GreenNational), false);
    let text = PlateText::parse("42무1608").unwrap();
    // How much wider than a class digit, for its height, the letter is: yaw and pitch change both alike.
    let flatness: Vec<f32> = (0..60)
        .map(|seed| synth.sample_of(seed, PlateKind::GreenNational, text))
        .map(|sample| sample.boxes[2].aspect() / sample.boxes[0].aspect())
        .collect();
    let flat = flatness.iter().filter(|&&flatness| flatness > 1.1 * flatness_of_the_drawing(&text)).count();
    assert!((15..45).contains(&flat), "{flat} of 60: {flatness:?}");
}

fn flatness_of_the_drawing(text: &PlateText) -> f32 {
    let sample = synth(0.0, KindMix::default(), false).sample_of(0, PlateKind::GreenNational, *text);
    sample.boxes[2].aspect() / sample.boxes[0].aspect()
}

#[test]
fn the_upper_line_of_green_plates_has_lost_more_paint_at_times() {
    let synth = synth(1.0, KindMix::default(), false);
    for (kind, text, fades) in [
        (PlateKind::GreenNational, "42무1608", true),
        (PlateKind::GreenRegion, "서울41거1086", true),
        (PlateKind::CommercialDouble, "서울41거1086", false),
    ] {
        let text = PlateText::parse(text).unwrap();
        let faded = (0..200).filter(|&seed| {
            let [upper, lower] = paint_left(&synth, seed, kind, text);
            assert!(upper < lower + 0.1, "{kind} seed {seed}: {upper} above {lower}");
            upper < 0.9 * lower
        });
        let count = faded.count();
        // Three in ten, of which nine in ten have lost a tenth or more; a few where paint was rubbed off in that line alone.
        let expected = if fades { 35..75 } else { 0..15 };
        assert!(expected.contains(&count), "{count} of 200, {kind}");
    }
}

/// How much of its paint the least worn of the first two and of the last four characters of a plate has left, 0 to 1.
fn paint_left(synth: &Synth, seed: u64, kind: PlateKind, text: PlateText) -> [f32; 2] {
    let mut rng = Rng::new(seed);
    let severity = Severity { difficulty: 1.0, flaws: 1.0, variety: 0.0 };
    let sensor = Sensor::draw(&mut rng, false, 0.0);
    let palette = Palette::draw(&mut rng, kind, &sensor, 0.0);
    let layout = Layout::choose(kind, Shape::of(&text), &mut rng);
    let placements = layout.placements(&text);
    let spec =
        PlateSpec { layout: &layout, placements: &placements, palette: &palette, sensor: &sensor, kind, severity };
    let mut canvas = Canvas::new(layout.size(), [3.0; 4], 1.0, sensor.planes, palette.sheet);
    let painter = Painter { lettering: &synth.lettering, spec: &spec, light: [0.0, -1.0] };
    let ink = painter.characters(&mut rng, &mut canvas);
    let [sheet, paint] = [palette.sheet[0], palette.ink[0]];
    let paint_left = |place: &crate::glyph::InkBox| {
        let [x0, y0] = canvas.to_pixels(place.x, place.y).map(|at| at as usize);
        let (width, height) = (place.width as usize, place.height as usize);
        let rows = (y0..y0 + height).map(|y| y * canvas.raster.width + x0);
        let values = rows.flat_map(|row| &canvas.raster.planes[0][row..row + width]);
        let mut strokes: Vec<f32> =
            values.map(|value| (value - sheet) / (paint - sheet)).filter(|&left| left > 0.3).collect();
        // The median: the flanks of the relief are lighter or darker than the paint.
        strokes.sort_by(f32::total_cmp);
        strokes[strokes.len() / 2]
    };
    [&ink[..2], &ink[ink.len() - 4..]].map(|line| line.iter().map(paint_left).fold(0.0, f32::max))
}

#[test]
fn the_region_of_old_construction_plates_is_alone_in_its_line_or_not() {
    let synth = synth(0.0, KindMix::default(), false);
    let text = PlateText::parse("경기04노7823").unwrap();
    let top = |quad: &Quad| quad.bounding_box().1;
    let mut arrangements = [0; 3];
    for seed in 0..40 {
        let sample = synth.sample_of(seed, PlateKind::ConstructionOld, text);
        let [region, class, serial] = [0, 1, 4].map(|at| top(&sample.boxes[at]));
        let height = sample.quad.height();
        let arrangement =
            if serial - region < 0.1 * height { 0 } else { 1 + usize::from(class - region > 0.2 * height) };
        arrangements[arrangement] += 1;
    }
    assert!(arrangements.iter().all(|&count| count > 0), "{arrangements:?}");
}

#[test]
fn old_construction_plates_have_the_mark_of_commercial_use_at_times() {
    let synth = synth(0.0, KindMix::default(), false);
    let text = PlateText::parse("경기04노7823").unwrap();
    let drawing = Quad::rect(0.0, 0.0, 400.0, 220.0).unwrap();
    let (mut marked, mut alone) = (0, 0);
    for seed in 0..60 {
        let sample =
            synth.shoot(&Shot { seed, kind: PlateKind::ConstructionOld, text, difficulty: 0.0, plate_px: 300.0 });
        let [class, letter] = [1, 3].map(|at| sample.boxes[at].bounding_box());
        let is_flat = sample.quad.aspect() > 3.0;
        if is_flat || class.3 < letter.1 {
            continue;
        }
        alone += 1;
        let to_frame = Homography::between(&drawing, &sample.quad);
        let luma = |x: f32, y: f32| {
            let point = to_frame.map(Point::new(x, y));
            i32::from(sample.pixels[point.y as usize * sample.width as usize + point.x as usize])
        };
        // The lowest part of the circle, which no bolt covers, against the sheet below.
        marked += usize::from((luma(57.0, 88.5) - luma(57.0, 99.0)).abs() > 20);
    }
    assert!(alone > 20 && (alone / 3..alone).contains(&marked), "{marked} of {alone}");
}

#[test]
fn conditions_do_what_they_say() {
    /// Mean luma on the plate, and how much neighbours differ.
    fn tones(sample: &Sample) -> (f32, f32) {
        let (x0, y0, x1, y1) = sample.quad.bounding_box();
        let (xs, ys) = (x0 as u32 + 1..x1 as u32 - 1, y0 as u32 + 1..y1 as u32 - 1);
        let frame = sample.frame();
        let (mut sum, mut differences, mut count) = (0.0, 0.0, 0.0);
        for (x, y) in ys.flat_map(|y| xs.clone().map(move |x| (x, y))) {
            let luma = frame.luma(x, y) as f32 / 256.0;
            sum += luma;
            differences += (luma - frame.luma(x + 1, y) as f32 / 256.0).abs();
            count += 1.0;
        }
        (sum / count, differences / count)
    }
    fn sides(sample: &Sample) -> [f64; 4] {
        let corners = sample.quad.corners();
        [0, 1, 2, 3].map(|i| corners[i].distance(corners[(i + 1) % 4]))
    }
    type Check = fn(&Sample, &Sample) -> bool;
    let set = Conditions::of_width(200.0);
    let table: [(&str, Conditions, Check); 12] = [
        ("yaw", Conditions { yaw: Some(50.0), ..set }, |_, b| (sides(b)[1] / sides(b)[3] - 1.0).abs() > 0.05),
        ("pitch", Conditions { pitch: Some(35.0), ..set }, |a, b| {
            sides(b)[0] > sides(b)[2] && b.quad.height() < 0.9 * a.quad.height()
        }),
        ("roll", Conditions { roll: Some(20.0), ..set }, |_, b| {
            let [from, to, ..] = b.quad.corners();
            ((to.y - from.y).atan2(to.x - from.x).to_degrees() - 20.0).abs() < 0.1
        }),
        ("stretch", Conditions { stretch: Some(2.0), ..set }, |a, b| b.quad.height() > 1.6 * a.quad.height()),
        ("narrow", Conditions { plate_px: Some(60.0), ..set }, |_, b| {
            ((sides(b)[0] + sides(b)[2]) / 2.0 - 60.0).abs() < 0.1
        }),
        ("wide", set, |_, b| ((sides(b)[0] + sides(b)[2]) / 2.0 - 200.0).abs() < 0.1),
        ("blur", Conditions { blur: Some(3.0), ..set }, |a, b| tones(b).1 < 0.6 * tones(a).1),
        ("no noise", Conditions { noise: Some(0.0), ..set }, |a, b| tones(b).1 <= tones(a).1),
        ("noise", Conditions { noise: Some(0.15), ..set }, |a, b| tones(b).1 > 10.0 + tones(a).1),
        ("dark", Conditions { exposure: Some(-3.0), ..set }, |a, b| tones(b).0 < 0.2 * tones(a).0),
        ("bright", Conditions { exposure: Some(1.0), ..set }, |a, b| tones(b).0 > 1.1 * tones(a).0),
        ("surroundings", Conditions { surroundings: Some(0.5), ..set }, |_, b| {
            let (x0, y0, x1, y1) = b.quad.bounding_box();
            let (width, height) = (x1 - x0, y1 - y0);
            let near = |air: f32, side: f32| (air - 0.5 * side).abs() < 2.0;
            near(x0, width)
                && near(y0, height)
                && near(b.width as f32 - x1, width)
                && near(b.height as f32 - y1, height)
        }),
    ];
    let synth = synth(0.0, KindMix::default(), false);
    for kind in [PlateKind::PrivateLong, PlateKind::CommercialDouble] {
        let plain = synth.sample_under(7, kind, 0.0, &set);
        for (name, conditions, check) in &table {
            let sample = synth.sample_under(7, kind, 0.0, conditions);
            assert_eq!(sample.text, plain.text, "{name}");
            assert!(check(&plain, &sample), "{name} on {kind}: {:?} {:?}", tones(&plain), tones(&sample));
        }
    }
}

/// Where the boxes of a sample lie on its plate, thousandths of its sides.
fn on_the_plate(sample: &Sample) -> Vec<[f32; 2]> {
    let flat = Quad::rect(0.0, 0.0, 1000.0, 1000.0).unwrap();
    let map = kr_lpr::geometry::Homography::between(&sample.quad, &flat);
    let corners = sample.boxes.iter().flat_map(|quad| quad.corners());
    corners.map(|corner| map.map(corner)).map(|point| [point.x, point.y]).collect()
}

#[test]
fn parts_of_the_difficulty_can_be_left_out() {
    let text = PlateText::parse("12가3456").unwrap();
    let with = |settings: SynthSettings| {
        let synth = Synth::new(settings).unwrap();
        (0..24).map(|seed| synth.sample_of(seed, PlateKind::PrivateLong, text)).collect::<Vec<_>>()
    };
    // How many plates have an arrangement of their own: without variety there are those of the kind's layouts.
    let arrangements = |samples: &[Sample]| {
        let mut known: Vec<Vec<[f32; 2]>> = Vec::new();
        for places in samples.iter().map(on_the_plate) {
            // Along the plate: a bent plate's characters move across it.
            if !known.iter().any(|other| other.iter().zip(&places).all(|(a, b)| (a[0] - b[0]).abs() < 1.0)) {
                known.push(places);
            }
        }
        known.len()
    };
    let whole = with(SynthSettings::default());
    let plain = SynthSettings { plain_lettering: true, clean_pictures: true, ..SynthSettings::default() };
    let plain = with(plain);
    assert!(arrangements(&plain) <= 8 && arrangements(&whole) == 24, "{}", arrangements(&plain));

    // Of a picture without noise and blur, most of the sheet has one grey and its neighbours' one.
    let even = |samples: &[Sample]| {
        let even = |sample: &Sample| {
            let pairs = sample.pixels.windows(2);
            pairs.clone().filter(|pair| pair[0] == pair[1]).count() as f32 / pairs.count() as f32
        };
        samples.iter().map(even).sum::<f32>() / samples.len() as f32
    };
    let clean = with(SynthSettings { clean_pictures: true, ..SynthSettings::default() });
    assert!(even(&clean) > even(&whole) + 0.1, "{} {}", even(&clean), even(&whole));
}
