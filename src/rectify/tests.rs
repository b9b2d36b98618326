#![allow(clippy::unwrap_used)]

use super::luma_region::MAX_SAMPLES;
use super::*;
use crate::frame::PixelFormat;
use proptest::prelude::*;

/// A grey picture drawn by a function of the pixel's centre.
fn draw(width: u32, height: u32, luma: impl Fn(f32, f32) -> f32) -> Vec<u8> {
    let pixel = |x: u32, y: u32| luma(x as f32 + 0.5, y as f32 + 0.5).round() as u8;
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| pixel(x, y)).collect()
}

fn grey(pixels: &[u8], width: u32, height: u32) -> Frame<'_> {
    Frame::new(pixels, width, height, PixelFormat::Grey).unwrap()
}

fn quad(corners: [(f32, f32); 4]) -> Quad {
    Quad::new(corners.map(|(x, y)| Point::new(x, y))).unwrap()
}

fn mean_difference(a: &[u8], b: &[u8]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(&a, &b)| f32::from(a.abs_diff(b))).sum::<f32>() / a.len() as f32
}

#[test]
fn every_plate_fills_the_image() {
    // The left half dark, whatever the proportions.
    for (width, height) in [(520, 110), (335, 170), (100, 100), (60, 300)] {
        let pixels = draw(width, height, |x, _| if x < width as f32 / 2.0 { 40.0 } else { 200.0 });
        let frame = grey(&pixels, width, height);
        let image = rectify(&frame, &Quad::of_frame(&frame));
        for row in image.pixels().chunks_exact(PLATE_WIDTH) {
            let halves = row[..94].iter().all(|&luma| luma == 40) && row[98..].iter().all(|&luma| luma == 200);
            assert!(halves, "{width}x{height}: {row:?}");
        }
    }
}

#[test]
fn blocks_cover_at_most_a_pixel_of_the_image() {
    let upright = Quad::rect(0.0, 0.0, 576.0, 110.0).unwrap();
    let lying = quad([(110.0, 0.0), (110.0, 576.0), (0.0, 576.0), (0.0, 0.0)]);
    let rolled = quad([(0.0, 0.0), (4000.0, 4000.0), (3000.0, 5000.0), (-1000.0, 1000.0)]);
    let tiny = Quad::rect(0.0, 0.0, 3.0, 2.0).unwrap();
    for (outline, expected) in [(upright, [3, 1]), (lying, [1, 3]), (rolled, [20, 20]), (tiny, [1, 1])] {
        assert_eq!(block_size(&outline), expected, "{outline:?}");
    }
}

#[test]
fn maps_between_frame_and_plate_both_ways() {
    let outline = quad([(20.0, 30.0), (220.0, 50.0), (215.0, 95.0), (18.0, 70.0)]);
    let pixels = [0; 4];
    let image = rectify(&grey(&pixels, 2, 2), &outline);
    let (right, bottom) = (PLATE_WIDTH as f32, PLATE_HEIGHT as f32);
    let inner = [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)];
    for (corner, (x, y)) in outline.corners().into_iter().zip(inner) {
        let (plate, frame) = (image.to_plate(corner), image.to_frame(Point::new(x, y)));
        assert!((plate.x - x).abs() < 1e-3 && (plate.y - y).abs() < 1e-3, "{plate:?}");
        assert!((frame.x - corner.x).abs() < 1e-3 && (frame.y - corner.y).abs() < 1e-3, "{frame:?}");
    }
}

#[test]
fn a_plate_of_exactly_its_own_size_is_copied() {
    let pixels = draw(200, 110, |x, y| (x * 37.0 + y * 91.0) % 256.0 - 0.5);
    let image = rectify(&grey(&pixels, 200, 110), &Quad::rect(5.0, 9.0, 192.0, 96.0).unwrap());
    let expected: Vec<u8> = (9..105).flat_map(|y| &pixels[y * 200 + 5..][..192]).copied().collect();
    assert_eq!(image.pixels(), expected);
}

#[test]
fn a_plate_on_its_head_is_turned() {
    let pixels = draw(192, 96, |x, y| x + y / 2.0);
    let turned = quad([(192.0, 96.0), (0.0, 96.0), (0.0, 0.0), (192.0, 0.0)]);
    let image = rectify(&grey(&pixels, 192, 96), &turned);
    assert_eq!(image.pixels(), pixels.iter().rev().copied().collect::<Vec<u8>>());
}

#[test]
fn a_gradient_stays_a_gradient_under_perspective() {
    let pixels = draw(400, 300, |x, y| x / 4.0 + y / 2.0);
    for outline in [
        quad([(50.0, 60.0), (300.0, 40.0), (320.0, 140.0), (45.0, 120.0)]), // minified
        quad([(200.0, 100.0), (260.0, 110.0), (255.0, 130.0), (202.0, 115.0)]), // magnified
        quad([(60.0, 250.0), (60.0, 20.0), (150.0, 30.0), (140.0, 240.0)]), // lying on its side
    ] {
        let image = rectify(&grey(&pixels, 400, 300), &outline);
        for (column, row) in (0..PLATE_WIDTH).flat_map(|column| (0..PLATE_HEIGHT).map(move |row| (column, row))) {
            let at = image.to_frame(Point::new(column as f32 + 0.5, row as f32 + 0.5));
            let (actual, expected) = (f32::from(image.pixels()[row * PLATE_WIDTH + column]), at.x / 4.0 + at.y / 2.0);
            assert!((actual - expected).abs() <= 1.5, "({column}, {row}) is {actual}, not {expected}");
        }
    }
}

#[test]
fn a_magnified_plate_is_interpolated_along_both_axes() {
    // Four pixels of the image to one of the frame, in which luma rises by 2 to the right and by 3 downwards.
    let pixels = draw(60, 36, |x, y| 2.0 * x + 3.0 * y);
    let image = rectify(&grey(&pixels, 60, 36), &Quad::rect(6.0, 6.0, 48.0, 24.0).unwrap());
    for (row, column) in (0..PLATE_HEIGHT).flat_map(|row| (0..PLATE_WIDTH).map(move |column| (row, column))) {
        let at = image.to_frame(Point::new(column as f32 + 0.5, row as f32 + 0.5));
        let (actual, expected) = (f32::from(image.pixels()[row * PLATE_WIDTH + column]), 2.0 * at.x + 3.0 * at.y);
        // Bytes of both are rounded.
        assert!((actual - expected).abs() <= 1.01, "({column}, {row}) is {actual}, not {expected}");
    }
}

#[test]
fn a_checkerboard_finer_than_a_pixel_becomes_grey() {
    // 1536 to 192: eight pixels to one, a board of single pixels.
    let pixels = draw(1540, 780, |x, y| if (x as u32 + y as u32).is_multiple_of(2) { 255.0 } else { 0.0 });
    let image = rectify(&grey(&pixels, 1540, 780), &quad([(2.0, 3.0), (1537.0, 5.0), (1536.0, 771.0), (1.0, 769.0)]));
    assert!(image.pixels().iter().all(|luma| (126..=129).contains(luma)), "{:?}", image.pixels());
    // 1.6 pixels to one: no whole block to average, the supersampling alone has to do.
    let image = rectify(&grey(&pixels, 1540, 780), &quad([(2.0, 3.0), (309.0, 5.0), (308.0, 157.0), (1.0, 156.0)]));
    assert!(image.pixels().iter().all(|luma| (48..=208).contains(luma)));
}

#[test]
fn a_checkerboard_coarser_than_a_pixel_stays_one() {
    // Fields of 24 pixels, 1152 to 192: fields of 4.
    let pixels =
        draw(1152, 576, |x, y| if ((x / 24.0) as u32 + (y / 24.0) as u32).is_multiple_of(2) { 250.0 } else { 10.0 });
    let image = rectify(&grey(&pixels, 1152, 576), &Quad::rect(0.0, 0.0, 1152.0, 576.0).unwrap());
    for (row, column) in (0..24).flat_map(|row| (0..48).map(move |column| (row, column))) {
        let inner = image.pixels()[(row * 4 + 1) * PLATE_WIDTH + column * 4 + 1];
        assert_eq!(inner, if (row + column) % 2 == 0 { 250 } else { 10 });
    }
}

#[test]
fn near_and_far_plates_look_alike() {
    // Bars and a ring, smooth enough that 60 pixels can carry them.
    let pattern = |u: f32, v: f32| {
        let ring = ((u - 0.7).hypot((v - 0.5) / 4.0) * 30.0).sin();
        128.0 + 50.0 * (u * 25.0).sin() + 40.0 * ring
    };
    let plate = |width: f32| {
        let height = width * 110.0 / 520.0;
        let (frame_width, frame_height) = ((width * 1.2) as u32, (height * 1.6) as u32);
        let (left, top) = (width * 0.1, height * 0.3);
        let pixels = draw(frame_width, frame_height, |x, y| pattern((x - left) / width, (y - top) / height));
        let outline = Quad::rect(left, top, width, height).unwrap();
        rectify(&grey(&pixels, frame_width, frame_height), &outline).pixels().to_vec()
    };
    let sharp = plate(192.0);
    for (width, limit) in [(60.0, 3.0), (97.3, 2.0), (300.0, 1.5), (383.9, 1.5), (384.1, 2.0), (2000.0, 1.5)] {
        let difference = mean_difference(&plate(width), &sharp);
        assert!(difference <= limit, "{width} pixels wide: mean difference {difference}");
    }
}

#[test]
fn every_pixel_format_gives_the_same_plate() {
    let luma = draw(500, 130, |x, y| (x * y / 9.0) % 255.0);
    let outline = quad([(4.0, 6.0), (490.0, 10.0), (488.0, 120.0), (2.0, 110.0)]);
    let small = quad([(4.0, 6.0), (90.0, 10.0), (88.0, 30.0), (2.0, 26.0)]);
    for outline in [outline, small] {
        let expected = rectify(&grey(&luma, 500, 130), &outline);
        for format in [PixelFormat::Rgb, PixelFormat::Rgba] {
            let pixels: Vec<u8> = luma.iter().flat_map(|&v| [v, v, v, 9].into_iter().take(format.channels())).collect();
            let frame = Frame::new(&pixels, 500, 130, format).unwrap();
            assert_eq!(rectify(&frame, &outline), expected);
        }
    }
}

#[test]
fn beyond_the_frame_its_edge_is_repeated() {
    let pixels = draw(100, 50, |x, _| x * 2.0);
    let image = rectify(&grey(&pixels, 100, 50), &Quad::rect(-50.0, 0.0, 100.0, 50.0).unwrap());
    let row = &image.pixels()[40 * PLATE_WIDTH..41 * PLATE_WIDTH];
    assert!(row[..96].iter().all(|&v| v == row[0]) && row[191] > 90, "{row:?}");
    for outline in [Quad::rect(-900.0, -900.0, 52.0, 11.0), Quad::rect(4e5, 4e5, 5e5, 2e5)] {
        let image = rectify(&grey(&pixels, 100, 50), &outline.unwrap());
        assert!(image.pixels().iter().all(|&v| v == image.pixels()[0]));
    }
}

#[test]
fn a_sliver_across_a_large_frame_is_read_in_bounded_memory() {
    let pixels = vec![77; 6000 * 6000];
    let frame = grey(&pixels, 6000, 6000);
    let sliver = quad([(0.0, 0.0), (6000.0, 5960.0), (6000.0, 6000.0), (0.0, 40.0)]);
    let region = LumaRegion::around(&frame, &sliver, [1, 1]);
    assert!(region.luma.len() as f64 <= MAX_SAMPLES * 1.01);
    assert!(rectify(&frame, &sliver).pixels().iter().all(|&v| v == 77));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_outline_anywhere_gives_luma_from_the_frame(
        width in 1_u32..80, height in 1_u32..60, format in 0_usize..3, seed in any::<u64>(),
        points in prop::array::uniform4((-300.0_f32..400.0, -300.0_f32..400.0)),
        scale in prop_oneof![Just(0.01_f32), Just(0.3), Just(1.0), Just(90.0), Just(2500.0)],
    ) {
        let format = [PixelFormat::Grey, PixelFormat::Rgb, PixelFormat::Rgba][format];
        let bytes = width as usize * height as usize * format.channels();
        // 20 to 219, so that a pixel made up would show.
        let pixels: Vec<u8> = (0..bytes as u64).map(|i| 20 + (i.wrapping_mul(seed | 1) >> 7) as u8 % 200).collect();
        let frame = Frame::new(&pixels, width, height, format).unwrap();
        let mut points = points.map(|(x, y)| Point::new(x * scale, y * scale));
        // Around their centre in order, the points are convex often enough.
        let centre = points.iter().fold((0.0, 0.0), |c, p| (c.0 + p.x / 4.0, c.1 + p.y / 4.0));
        let angle = |p: &Point| (p.y - centre.1).atan2(p.x - centre.0);
        points.sort_by(|a, b| angle(a).total_cmp(&angle(b)));
        if let Ok(outline) = Quad::new(points) {
            let image = rectify(&frame, &outline);
            prop_assert_eq!(image.pixels().len(), PLATE_WIDTH * PLATE_HEIGHT);
            prop_assert!(image.pixels().iter().all(|v| (20..220).contains(v)));
        }
    }
}

#[test]
fn sharpness_is_the_slope_of_the_luma() {
    // A ramp of four steps a pixel, seen at its own size.
    let ramp = draw(60, 20, |x, _| 4.0 * x);
    let frame = grey(&ramp, 60, 20);
    let plate = |x: f32, width: f32| rectify(&frame, &Quad::rect(x, 4.0, width, 8.0).unwrap());
    // Magnified as far as the plate image is wide: 4 * 48 / 192.
    assert!((plate(4.0, 48.0).sharpness() - 1.0).abs() < 0.05, "{}", plate(4.0, 48.0).sharpness());
    assert!((plate(4.0, 24.0).sharpness() - 0.5).abs() < 0.05);
    // Grey is not sharp.
    let flat = [90; 64];
    let frame = grey(&flat, 16, 4);
    assert_eq!(rectify(&frame, &Quad::of_frame(&frame)).sharpness(), 0.0);
}

#[test]
fn blur_smallness_and_darkness_lower_sharpness() {
    let bars = |period: f32, soft: f32, contrast: f32| {
        move |x: f32, _: f32| {
            let phase = (x / period).fract() * period;
            let edge = |v: f32| ((v + soft / 2.0) / soft).clamp(0.0, 1.0);
            60.0 + contrast * (edge(phase - period / 4.0) - edge(phase - 0.75 * period))
        }
    };
    let sharpness = |width: u32, luma: &dyn Fn(f32, f32) -> f32| {
        let pixels = draw(width, width / 4, luma);
        let frame = grey(&pixels, width, width / 4);
        rectify(&frame, &Quad::of_frame(&frame)).sharpness()
    };
    let crisp = sharpness(192, &bars(16.0, 1.0, 180.0));
    assert!(crisp > 20.0, "{crisp}");
    for (worse, name) in [
        (sharpness(192, &bars(16.0, 6.0, 180.0)), "blurred"),
        (sharpness(64, &bars(16.0 / 3.0, 1.0, 180.0)), "small"),
        (sharpness(192, &bars(16.0, 1.0, 60.0)), "dark"),
    ] {
        assert!(worse < 0.8 * crisp, "{name}: {worse} of {crisp}");
    }
}
