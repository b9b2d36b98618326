#![allow(clippy::unwrap_used)]

use super::*;

/// Upright strokes 4 pixels thick, dark (0.2) on light (0.8).
fn strokes() -> Raster {
    let mut frame = Raster::new(96, 48, 1);
    for (at, value) in frame.planes[0].iter_mut().enumerate() {
        *value = if at % 96 / 4 % 2 == 0 { 0.8 } else { 0.2 };
    }
    frame
}

fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len() as f32
}

/// Root mean square of the difference.
fn difference(a: &Raster, b: &Raster) -> f32 {
    let squares = a.planes[0].iter().zip(&b.planes[0]).map(|(a, b)| (a - b).powi(2));
    (squares.sum::<f32>() / a.planes[0].len() as f32).sqrt()
}

#[test]
fn a_coarser_quantiser_takes_more_and_a_fine_one_nothing() {
    let lost = |step: f32| {
        let mut frame = strokes();
        codec::through_video(&mut frame, step);
        difference(&frame, &strokes())
    };
    assert!(lost(1e-4) < 1e-3, "{}", lost(1e-4));
    assert!(lost(0.3) > lost(0.1) && lost(0.3) < 0.2, "{} {}", lost(0.1), lost(0.3));
    let mut faint = strokes();
    faint.planes[0].iter_mut().for_each(|value| *value = 0.5 + (*value - 0.5) * 0.05);
    codec::through_video(&mut faint, 0.2);
    let spread = faint.planes[0].iter().fold(0.0_f32, |most, value| most.max((value - 0.5).abs()));
    assert!(spread < 0.06, "faint detail falls into the dead zone: {spread}");
}

#[test]
fn rows_move_as_they_are_read_out() {
    let (mut comb, mut field) = (strokes(), strokes());
    Rows::Comb(4.0).read(&mut comb);
    // Two pixels to the right in even rows, two to the left in odd ones.
    let row = |frame: &Raster, y: usize| frame.planes[0][y * 96..][..96].to_vec();
    assert_eq!(row(&comb, 0)[2..], row(&strokes(), 0)[..94]);
    assert_eq!(row(&comb, 1)[..94], row(&strokes(), 1)[2..]);
    field.planes[0][96..192].fill(9.0);
    Rows::Field.read(&mut field);
    assert!(difference(&field, &strokes()) < 1e-6, "a row of the other field is made up from its neighbours");
    let mut swing = strokes();
    Rows::Swing { reach: 3.0, period: 16.0, phase: 0.0 }.read(&mut swing);
    assert!((mean(&swing.planes[0]) - 0.5).abs() < 0.05 && difference(&swing, &strokes()) > 0.1);
}

#[test]
fn glare_brightens_what_is_near_a_light_and_nothing_in_a_dim_picture() {
    let mut rng = Rng::new(5);
    let glare = Glare::draw(&mut rng, 90.0);
    let mut dim = strokes();
    glare.spread(&mut dim, 0.5);
    assert_eq!(dim.planes, strokes().planes);
    let mut lit = strokes();
    lit.planes[0][24 * 96 + 46..24 * 96 + 52].fill(8.0);
    let before = lit.planes[0].clone();
    glare.spread(&mut lit, 1.0);
    let gain = |x: usize, y: usize| lit.planes[0][y * 96 + x] - before[y * 96 + x];
    assert!(gain(48, 26) > 0.0 && gain(48, 26) > gain(2, 2));
}

#[test]
fn drops_and_screens_leave_most_of_the_picture() {
    for seed in 0..10 {
        let (mut wet, mut screen) = (strokes(), strokes());
        optics::rain(&mut Rng::new(seed), &mut wet, 6.0);
        let touched = wet.planes[0].iter().zip(&strokes().planes[0]).filter(|(a, b)| a != b).count();
        assert!(touched > 0 && touched < 96 * 48 / 3, "{touched}");
        readout::screen(&mut Rng::new(seed), &mut screen, 0.15);
        let lost = difference(&screen, &strokes());
        assert!((0.01..0.12).contains(&lost), "{lost}");
    }
}

#[test]
fn grains_are_as_large_as_asked_for() {
    let mut frame = Raster::new(64, 32, 1);
    exposure::add_noise(&mut Rng::new(1), &mut frame, [0.1, 0.0], 2);
    for y in (0..32).step_by(2) {
        for x in (0..64).step_by(2) {
            let at = y * 64 + x;
            let grain = [at, at + 1, at + 64, at + 65].map(|at| frame.planes[0][at]);
            assert!(grain.iter().all(|value| *value == grain[0]));
        }
    }
    assert!(frame.planes[0][0] != frame.planes[0][2]);
}

#[test]
fn a_pale_picture_has_neither_black_nor_white() {
    let curve = Curve { gain: 1.0, gamma: 1.0, lift: 0.35, top: 0.7 };
    assert_eq!((curve.level(0.0), curve.level(1.0), curve.level(9.0)), (0.35, 0.7, 0.7));
    let mut frame = strokes();
    curve.expose(&mut frame);
    assert!(frame.planes[0].iter().all(|level| (0.35..=0.7).contains(level)));
}
