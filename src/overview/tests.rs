#![allow(clippy::unwrap_used)]

use super::*;
use crate::frame::PixelFormat;
use proptest::prelude::*;

const TINY: Layout = Layout { width: 32, height: 32, octaves: true };

fn grey(pixels: &[u8], width: u32) -> Frame<'_> {
    Frame::new(pixels, width, pixels.len() as u32 / width, PixelFormat::Grey).unwrap()
}

#[test]
fn areas_are_averaged_exactly() {
    // Three columns into two: each takes one and a half.
    let frame_pixels = [0, 90, 240];
    let frame = grey(&frame_pixels, 3);
    assert_eq!(averaged(&frame, &Region::of_frame(&frame), 2, 1), [30, 190]);
    assert_eq!(averaged(&frame, &Region::of_frame(&frame), 1, 1), [110]);
    assert_eq!(averaged(&frame, &Region::of_frame(&frame), 3, 1), [0, 90, 240]);
    let columns = [0, 30, 60, 90, 120];
    let tall = grey(&columns, 1);
    // Five rows into three: 1 + 2/3 each.
    assert_eq!(averaged(&tall, &Region::of_frame(&tall), 1, 3), [12, 60, 108]);
    assert_eq!(averaged(&tall, &Region { x: 0, y: 1, width: 1, height: 2 }, 1, 1), [45]);
}

#[test]
fn colours_and_grey_of_one_luma_agree() {
    let rgb: Vec<u8> = (0..7 * 5).flat_map(|i| [7 * i as u8, 3 * i as u8, 200 - 5 * i as u8]).collect();
    let rgba: Vec<u8> = rgb.chunks_exact(3).flat_map(|p| [p[0], p[1], p[2], 9]).collect();
    let see = |pixels: &[u8], format| {
        let frame = Frame::new(pixels, 7, 5, format).unwrap();
        averaged(&frame, &Region::of_frame(&frame), 3, 2)
    };
    assert_eq!(see(&rgb, PixelFormat::Rgb), see(&rgba, PixelFormat::Rgba));
    let one: Vec<u8> = (0..35).flat_map(|_| [80, 80, 80]).collect();
    assert_eq!(see(&one, PixelFormat::Rgb), [80; 6]);
}

#[test]
fn small_frames_stay_as_they_are_in_the_middle_of_their_mean() {
    let pixels = [10, 30, 10, 30, 10, 30, 10, 30];
    let frame = grey(&pixels, 4);
    let overview = Overview::new(&frame, Region::of_frame(&frame), TINY);
    assert_eq!(overview.content(), [14, 15, 4, 2]);
    assert_eq!(overview.pixels().len(), 32 * 48);
    assert_eq!(overview.pixels()[15 * 32 + 13..][..6], [20, 10, 30, 10, 30, 20]);
    // Half the size is below: 15 is odd, so that each of its pixels is half margin.
    assert_eq!(overview.pixels()[(32 + 7) * 32 + 6..][..4], [20, 20, 20, 20]);
    assert_eq!(overview.pixels()[0], 20);
}

#[test]
fn octaves_begin_at_cells_and_do_not_meet() {
    for layout in [FIRST_LOOK, TINY, Layout { octaves: false, ..FIRST_LOOK }] {
        let [width, height] = layout.size();
        let octaves = layout.octaves();
        for (index, octave) in octaves.iter().enumerate() {
            let Octave { x, y, width: w, height: h, step } = *octave;
            assert!(x + w <= width && y + h <= height, "{octave:?}");
            assert_eq!((w * step, h * step), (layout.width, layout.height));
            for other in &octaves[..index] {
                let apart = x >= other.x + other.width || y >= other.y + other.height;
                assert!(apart, "{octave:?} {other:?}");
            }
        }
    }
    assert!(FIRST_LOOK.octaves().iter().all(|o| [o.x, o.y, o.width].iter().all(|side| side % 8 == 0)));
}

#[test]
fn frames_of_every_shape_fit() {
    for (width, height, expected) in [
        (1, 1, [1, 1]),
        (640, 480, [320, 240]),
        (1280, 720, [320, 180]),
        (720, 1280, [135, 240]),
        (16_384, 1, [320, 1]),
        (1, 16_384, [1, 240]),
        (321, 100, [320, 100]),
    ] {
        assert_eq!(fitted([width, height], [320, 240]), expected, "{width}x{height}");
    }
    assert_eq!(Layout::at_one_size([1280, 720], SECOND_LOOK).size(), [640, 384]);
    assert_eq!(Layout::at_one_size([30, 40], SECOND_LOOK).size(), [32, 64]);
    assert_eq!(Layout::at_one_size([800, 600], THIRD_LOOK).size(), [800, 608]);
    assert_eq!(Layout::at_one_size([3024, 4032], THIRD_LOOK).size(), [960, 1280]);
}

/// A picture turned clockwise by 90 degrees.
fn turned_clockwise(pixels: &[u8], width: usize) -> Vec<u8> {
    let height = pixels.len() / width;
    let at = |row: usize, column: usize| pixels[(height - 1 - column) * width + row];
    (0..width).flat_map(|row| (0..height).map(move |column| at(row, column))).collect()
}

#[test]
fn a_frame_that_lies_on_its_side_is_seen_upright() {
    let pixels: Vec<u8> = (0..90 * 50).map(|i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let (mut upright, mut width) = (pixels.clone(), 90);
    for turn in [Turn::None, Turn::Quarter, Turn::Half, Turn::ThreeQuarters] {
        let frame = grey(&pixels, 90);
        let seen = Overview::turned(&frame, Region::of_frame(&frame), turn, TINY);
        let turned = grey(&upright, width);
        let expected = Overview::new(&turned, Region::of_frame(&turned), TINY);
        assert_eq!((seen.pixels(), seen.content()), (expected.pixels(), expected.content()), "{turn:?}");
        let [x, y] = [12.0, 20.0];
        let [there, upright_there] = [seen.to_frame(Point::new(x, y)), expected.to_frame(Point::new(x, y))];
        let [u, v] = turn.place([
            f64::from(upright_there.x) / f64::from(turned.width()),
            f64::from(upright_there.y) / f64::from(turned.height()),
        ]);
        assert!(there.distance(Point::new(u as f32 * 90.0, v as f32 * 50.0)) < 1e-3, "{turn:?}: {there:?}");
        assert!(seen.from_frame(there).distance(Point::new(x, y)) < 1e-3, "{turn:?}");
        upright = turned_clockwise(&upright, width as usize);
        width = upright.len() as u32 / width;
    }
}

#[test]
fn regions_are_clipped_to_the_frame_or_refused() {
    let pixels = [0; 20 * 10];
    let frame = grey(&pixels, 20);
    let whole = Region { x: 0, y: 0, width: 20, height: 10 };
    let within = |x, y, w, h| Region::within(&frame, x, y, w, h);
    assert_eq!(within(-5.0, -5.0, 100.0, 100.0), Ok(whole));
    assert_eq!(within(1.5, 2.0, 3.0, 4.0), Ok(Region { x: 1, y: 2, width: 4, height: 4 }));
    for (x, y, w, h) in [
        (20.0, 0.0, 5.0, 5.0),
        (0.0, -9.0, 5.0, 5.0),
        (0.0, 0.0, 0.0, 5.0),
        (0.0, 0.0, -3.0, 5.0),
        (f32::NAN, 0.0, 5.0, 5.0),
        (0.0, 0.0, f32::INFINITY, 5.0),
        (2e6, 0.0, 5.0, 5.0),
    ] {
        let error = within(x, y, w, h).unwrap_err().to_string();
        assert!(error.contains("20x10"), "{error}");
    }
}

proptest! {
    #[test]
    fn shares_are_even_and_leave_nothing(inputs in 1_u32..5000, outputs in 1_usize..400) {
        let shares = Shares::new(inputs, outputs.min(inputs as usize));
        let mut parts = vec![0_u64; inputs as usize];
        for Share { first, last, of_first, of_last } in shares.iter() {
            let mut sum = u64::from(of_first);
            parts[first] += u64::from(of_first);
            if last > first {
                parts[first + 1..last].iter_mut().for_each(|parts| *parts += shares.input);
                parts[last] += u64::from(of_last);
                sum += u64::from(of_last) + (last - first - 1) as u64 * shares.input;
            }
            prop_assert_eq!(sum, shares.output);
        }
        prop_assert!(parts.iter().all(|&parts| parts == shares.input));
    }

    #[test]
    fn whole_ratios_and_others_are_averaged_alike(
        columns in 1_usize..9, rows in 1_usize..9, ratio in (1_usize..5, 1_usize..5), more in (0_usize..3, 0_usize..3),
        seed in any::<u64>(),
    ) {
        let (width, height) = (columns * ratio.0 + more.0, rows * ratio.1 + more.1);
        let pixels: Vec<u8> = (0..(width * height) as u64).map(|i| ((i + 3).wrapping_mul(seed | 1) >> 17) as u8).collect();
        let frame = grey(&pixels, width as u32);
        // What the output's and the input's cell have in common along an axis, in parts of which an input has `outputs`.
        let common = |output: usize, input: usize, outputs: usize, inputs: usize| {
            ((output + 1) * inputs).min((input + 1) * outputs).saturating_sub((output * inputs).max(input * outputs)) as u64
        };
        let mut expected = Vec::new();
        for (row, column) in (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))) {
            let sum: u64 = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| {
                let share = common(column, x, columns, width) * common(row, y, rows, height);
                share * u64::from(pixels[y * width + x])
            }).sum();
            let area = (width * height) as u64;
            expected.push(((sum + area / 2) / area) as u8);
        }
        // Halves are rounded up where the divisor is even, and never occur where it is not.
        prop_assert_eq!(averaged(&frame, &Region::of_frame(&frame), columns, rows), expected);
    }

    #[test]
    fn points_find_their_way_there_and_back(
        width in 1_u32..2000, height in 1_u32..2000, u in 0.0_f32..1.0, v in 0.0_f32..1.0,
    ) {
        let pixels = vec![7; width as usize * height as usize];
        let frame = grey(&pixels, width);
        let overview = Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK);
        let point = Point::new(u * width as f32, v * height as f32);
        let there = overview.from_frame(point);
        let [x, y, columns, rows] = overview.content();
        prop_assert!(there.x >= x as f32 - 0.01 && there.x <= (x + columns) as f32 + 0.01);
        prop_assert!(there.y >= y as f32 - 0.01 && there.y <= (y + rows) as f32 + 0.01);
        prop_assert!(overview.to_frame(there).distance(point) < 1e-2);
    }
}
