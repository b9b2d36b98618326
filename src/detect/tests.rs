#![allow(clippy::unwrap_used)]

use super::*;
use crate::frame::{Frame, PixelFormat};
use crate::overview::{FIRST_LOOK, Layout};
use crate::region::Region;

/// Maps of the first look in which nothing is found.
fn nothing() -> Vec<f32> {
    let [width, height] = FIRST_LOOK.size();
    let mut values = vec![0.0; CHANNELS * (width / CELL) * (height / CELL)];
    values[..(width / CELL) * (height / CELL)].fill(-9.0);
    values
}

/// Writes a plate `width` pixels of the overview wide and a quarter as high, centred on the cell.
fn put(values: &mut [f32], (row, column): (usize, usize), heat: f32, width: f32) {
    let [columns, rows] = FIRST_LOOK.size().map(|side| side / CELL);
    let mut set = |channel: usize, value: f32| values[(channel * rows + row) * columns + column] = value;
    set(0, heat);
    set(1, (width / SIZE_UNIT).ln());
    let corners = [-0.5, -0.125, 0.5, -0.125, 0.5, 0.125, -0.5, 0.125];
    corners.into_iter().enumerate().for_each(|(index, value)| set(2 + index, value));
}

fn maps(values: Vec<f32>) -> Maps {
    let [width, height] = FIRST_LOOK.size();
    Maps::new(values, height / CELL, width / CELL).unwrap()
}

fn found(values: Vec<f32>, frame_size: [u32; 2], least: f32) -> Vec<Candidate> {
    let pixels = vec![0; (frame_size[0] * frame_size[1]) as usize];
    let frame = Frame::new(&pixels, frame_size[0], frame_size[1], PixelFormat::Grey).unwrap();
    candidates(&maps(values), &Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK), least)
}

fn assert_near(quad: &Quad, expected: [f32; 4]) {
    let (left, top, right, bottom) = quad.bounding_box();
    for (actual, expected) in [left, top, right - left, bottom - top].into_iter().zip(expected) {
        assert!((actual - expected).abs() < 1e-2, "{quad:?} is not {expected}");
    }
}

#[test]
fn a_peak_becomes_an_outline_in_pixels_of_the_frame() {
    let mut values = nothing();
    put(&mut values, (10, 20), 2.0, 40.0);
    // 640x480 is shown at half its size: the cell's middle (164, 84) is (328, 168).
    let candidates = found(values, [640, 480], 0.5);
    assert_eq!(candidates.len(), 1);
    assert!((candidates[0].score - 1.0 / (1.0 + (-2.0_f32).exp())).abs() < 1e-6);
    assert_near(&candidates[0].quad, [328.0 - 40.0, 168.0 - 10.0, 80.0, 20.0]);
}

#[test]
fn octaves_and_margins_are_undone() {
    // 320x120 lies in the middle of 320x240, from row 60 on.
    for (cell, step, origin) in
        [((15, 20), 1.0, [0.0, 0.0]), ((37, 10), 2.0, [0.0, 240.0]), ((33, 30), 4.0, [200.0, 240.0])]
    {
        let mut values = nothing();
        put(&mut values, cell, 1.0, 40.0);
        let candidates = found(values, [320, 120], 0.5);
        let middle = [(cell.1 as f32 + 0.5) * 8.0, (cell.0 as f32 + 0.5) * 8.0];
        let [x, y] = [(middle[0] - origin[0]) * step, (middle[1] - origin[1]) * step - 60.0];
        let (width, height) = (40.0 * step, 10.0 * step);
        assert_near(&candidates[0].quad, [x - width / 2.0, y - height / 2.0, width, height]);
    }
}

#[test]
fn one_plate_is_one_candidate() {
    let mut values = nothing();
    put(&mut values, (10, 20), 2.0, 64.0);
    put(&mut values, (10, 21), 1.9, 64.0); // beside the peak
    put(&mut values, (10, 22), 1.8, 64.0); // two cells away, the same outline but for 16 pixels
    put(&mut values, (35, 10), 1.0, 32.0); // the same plate in the second octave
    put(&mut values, (20, 5), 0.5, 64.0); // another plate
    put(&mut values, (20, 20), -0.1, 64.0); // too weak
    let candidates = found(values.clone(), [320, 240], 0.5);
    assert_eq!(candidates.len(), 2, "{candidates:?}");
    assert!(candidates[0].score > candidates[1].score);
    assert_eq!(found(values, [320, 240], 0.4).len(), 3);
}

#[test]
fn equal_neighbours_are_one_peak_and_edges_of_octaves_are_no_neighbours() {
    let mut values = nothing();
    for cell in [(10, 20), (10, 21), (11, 20)] {
        put(&mut values, cell, 2.0, 8.0);
    }
    assert_eq!(found(values, [320, 240], 0.5).len(), 1);
    let mut values = nothing();
    put(&mut values, (29, 3), 2.0, 24.0); // last row of the first octave
    put(&mut values, (30, 3), 1.0, 24.0); // first row of the second: another place
    assert_eq!(found(values, [320, 240], 0.5).len(), 2);
}

#[test]
fn corners_that_outline_nothing_are_left_out() {
    let mut values = nothing();
    put(&mut values, (10, 20), 2.0, 40.0);
    let cells = values.len() / CHANNELS;
    let at = 10 * FIRST_LOOK.size()[0] / CELL + 20;
    for channel in 2..CHANNELS {
        values[channel * cells + at] = 0.25; // four corners in one place
    }
    assert!(found(values, [320, 240], 0.5).is_empty());
}

#[test]
fn a_frame_full_of_peaks_stays_bounded() {
    let mut values = nothing();
    for row in (0..45).step_by(2) {
        for column in (0..40).step_by(2) {
            put(&mut values, (row, column), 3.0, 10.0);
        }
    }
    let candidates = found(values, [320, 240], 0.5);
    assert!((100..=MAX_PEAKS).contains(&candidates.len()), "{}", candidates.len());
    // Sizes beyond belief are clamped, not infinite.
    let mut values = nothing();
    put(&mut values, (10, 20), 2.0, f32::MAX);
    let candidates = found(values, [320, 240], 0.5);
    assert!((candidates[0].quad.width() - SIZE_UNIT * MAX_SIZE.exp()).abs() < 0.1);
}

#[test]
fn numbers_that_are_no_maps_are_refused() {
    let error = Maps::new(vec![0.0; 7], 1, 1).unwrap_err();
    assert_eq!(error, MapsError::WrongLength { rows: 1, columns: 1, expected: 10, actual: 7 });
    for value in [f32::NAN, f32::INFINITY] {
        assert_eq!(Maps::new(vec![value; 10], 1, 1), Err(MapsError::NotFinite));
    }
}

#[test]
fn a_part_of_a_plate_is_that_plate() {
    let plate = Quad::rect(0.0, 0.0, 100.0, 25.0).unwrap();
    let rect = |x, y, w, h| Quad::rect(x, y, w, h).unwrap();
    assert!(is_same_plate(&plate, &rect(10.0, 5.0, 40.0, 15.0)), "within it");
    assert!(is_same_plate(&rect(10.0, 5.0, 40.0, 15.0), &plate), "around it");
    assert!(is_same_plate(&plate, &rect(40.0, 2.0, 100.0, 25.0)));
    assert!(!is_same_plate(&plate, &rect(0.0, 22.0, 100.0, 25.0)), "below it");
    assert!(!is_same_plate(&plate, &rect(95.0, 0.0, 100.0, 25.0)), "beside it");
}

#[test]
fn a_single_size_has_one_octave() {
    let layout = Layout { octaves: false, ..FIRST_LOOK };
    let pixels = [0; 320 * 240];
    let frame = Frame::new(&pixels, 320, 240, PixelFormat::Grey).unwrap();
    let overview = Overview::new(&frame, Region::of_frame(&frame), layout);
    let mut values = vec![0.0; CHANNELS * 30 * 40];
    values[..30 * 40].fill(-9.0);
    values[29 * 40 + 39] = 4.0;
    // All offsets are 0, which outlines nothing: the peak is found and then left out.
    let maps = Maps::new(values, 30, 40).unwrap();
    assert_eq!(maps.peaks(&layout.octaves()[0], 0.0), [(29, 39)]);
    assert!(candidates(&maps, &overview, 0.5).is_empty());
}
