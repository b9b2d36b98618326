//! What the networks are to say of a plate: which step says which character, and where it looks.

use kr_lpr::geometry::{Point, Quad};
use kr_lpr::labels::Label;
use kr_lpr::model::{GRID, STEPS};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

/// Most characters a text may have: every other of the [`STEPS`] is left for the blank between two characters.
pub const MAX_CHARACTERS: usize = STEPS / 2;

/// The step that is to read character `index` (from 0) of a text of `count`, at most [`MAX_CHARACTERS`].
///
/// The first character has step 0 and the others are counted from the end, so that a step reads the same part of every
/// plate: step 6 the letter, steps 8 to 14 the four digits after it, steps 2 and 4 the digits before it that not every
/// plate has. Only even steps read: the others are left for the blank between two characters.
///
/// Counting all from the beginning asks of step 2 the second digit of `12가3456` and the second of `123가4567`, of step 4
/// the letter and the third digit, and so on, on plates that look alike and before their digits are counted. A network
/// that is asked to never becomes sure: it ended up reading with the steps above all the same, and gave a tenth of the
/// probability of each character to its neighbour.
pub fn anchor_step(index: usize, count: usize) -> usize {
    2 * if index == 0 { 0 } else { MAX_CHARACTERS - count + index }
}

/// The class every step is to say: each character at its [`anchor_step`], blank everywhere else.
///
/// CTC alone first learns to say nothing but blank, and for a long time: it has to find out by itself which step reads
/// which character. Told once, the network learns that in a few hundred steps.
pub fn aligned_steps(labels: &[Label]) -> [Label; STEPS] {
    let mut steps = [Label::BLANK; STEPS];
    for (index, &label) in labels.iter().enumerate() {
        steps[anchor_step(index, labels.len())] = label;
    }
    steps
}

/// Cells of one mask.
pub const CELLS: usize = GRID[0] * GRID[1];

/// The share of every grid cell that a convex polygon, given in plate-image pixels, covers: row-major, 0 to 1.
pub fn coverage(polygon: &[Point], out: &mut [f32]) {
    let [rows, columns] = GRID;
    let (cell_width, cell_height) = (PLATE_WIDTH as f32 / columns as f32, PLATE_HEIGHT as f32 / rows as f32);
    let polygon: Vec<Point> = polygon.iter().map(|p| Point::new(p.x / cell_width, p.y / cell_height)).collect();
    let span = |axis: fn(&Point) -> f32, count: usize| {
        let low = polygon.iter().map(axis).fold(f32::INFINITY, f32::min).floor().clamp(0.0, count as f32);
        let high = polygon.iter().map(axis).fold(f32::NEG_INFINITY, f32::max).ceil().clamp(0.0, count as f32);
        low as usize..high as usize
    };
    for row in span(vertical, rows) {
        let band = below(&above(&polygon, row as f32, vertical), row as f32 + 1.0, vertical);
        for column in span(horizontal, columns) {
            let cell = below(&above(&band, column as f32, horizontal), column as f32 + 1.0, horizontal);
            out[row * columns + column] = area(&cell).min(1.0);
        }
    }
}

/// The part of a frame's `quad` that lies in a frame of that size, where `map` puts it; no point where there is none.
pub fn mapped(quad: &Quad, [width, height]: [u32; 2], map: impl Fn(Point) -> Point) -> Vec<Point> {
    let across = below(&above(&quad.corners(), 0.0, horizontal), width as f32, horizontal);
    let inside = below(&above(&across, 0.0, vertical), height as f32, vertical);
    inside.into_iter().map(map).collect()
}

fn vertical(p: &Point) -> f32 {
    p.y
}

fn horizontal(p: &Point) -> f32 {
    p.x
}

/// The part of a convex polygon with `axis >= limit` (Sutherland and Hodgman 1974).
fn above(polygon: &[Point], limit: f32, axis: fn(&Point) -> f32) -> Vec<Point> {
    clip(polygon, |p| axis(p) - limit)
}

/// The part of a convex polygon with `axis <= limit`.
fn below(polygon: &[Point], limit: f32, axis: fn(&Point) -> f32) -> Vec<Point> {
    clip(polygon, |p| limit - axis(p))
}

fn clip(polygon: &[Point], inside: impl Fn(&Point) -> f32) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (index, from) in polygon.iter().enumerate() {
        let to = &polygon[(index + 1) % polygon.len()];
        let (a, b) = (inside(from), inside(to));
        if a >= 0.0 {
            kept.push(*from);
        }
        if (a >= 0.0) != (b >= 0.0) {
            let t = a / (a - b);
            kept.push(Point::new(from.x + t * (to.x - from.x), from.y + t * (to.y - from.y)));
        }
    }
    kept
}

/// Area by the shoelace formula.
fn area(polygon: &[Point]) -> f32 {
    let Some(last) = polygon.last() else { return 0.0 };
    let (mut doubled, mut before) = (0.0, *last);
    for &point in polygon {
        doubled += before.x * point.y - point.x * before.y;
        before = point;
    }
    0.5 * doubled.abs()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::losses::testing::assert_close;

    #[test]
    fn the_end_of_every_text_is_read_by_the_same_steps() {
        let steps = |count: usize| (0..count).map(|index| anchor_step(index, count)).collect::<Vec<_>>();
        assert_eq!(steps(8), [0, 2, 4, 6, 8, 10, 12, 14]);
        assert_eq!(steps(7), [0, 4, 6, 8, 10, 12, 14]);
        assert_eq!(steps(2), [0, 14]);
        assert_eq!(steps(1), [0]);
    }

    #[test]
    fn characters_on_the_steps_of_their_places() {
        let labels = ["1", "2", "가", "3", "4", "5", "6"].map(|name| Label::from_name(name).unwrap());
        let steps = aligned_steps(&labels);
        let spelt: String = steps.map(|label| if label == Label::BLANK { "-" } else { label.name() }).concat();
        assert_eq!(spelt, "1---2-가-3-4-5-6-");
    }

    fn covered(corners: [(f32, f32); 4]) -> Vec<f32> {
        let mut out = vec![0.0; CELLS];
        coverage(&corners.map(|(x, y)| Point::new(x, y)), &mut out);
        out
    }

    #[test]
    fn coverage_by_hand() {
        // Cells are 8x8 pixels. A box from half of column 1 to a quarter of column 2, over all of row 0.
        let out = covered([(12.0, 0.0), (18.0, 0.0), (18.0, 8.0), (12.0, 8.0)]);
        assert_close(out[1], 0.5);
        assert_close(out[2], 0.25);
        assert_close(out.iter().sum(), 0.75);
        // A diamond around the corner of four cells covers an eighth of each of them.
        let out = covered([(8.0, 4.0), (12.0, 8.0), (8.0, 12.0), (4.0, 8.0)]);
        for index in [0, 1, GRID[1], GRID[1] + 1] {
            assert_close(out[index], 0.125);
        }
    }

    #[test]
    fn a_box_ends_where_the_frame_does() {
        let quad = Quad::rect(-4.0, 2.0, 8.0, 4.0).unwrap();
        let inside = mapped(&quad, [10, 4], |p| p);
        assert!(inside.iter().all(|p| (0.0..=4.0).contains(&p.x) && (2.0..=4.0).contains(&p.y)), "{inside:?}");
        assert_close(area(&inside), 8.0);
        assert!(mapped(&quad, [10, 1], |p| p).is_empty());
    }

    #[test]
    fn coverage_outside_the_plate_is_cut_off() {
        let out = covered([(-20.0, -20.0), (8.0, -20.0), (8.0, 8.0), (-20.0, 8.0)]);
        assert_close(out[0], 1.0);
        assert_close(out.iter().sum(), 1.0);
        assert!(covered([(300.0, 0.0), (310.0, 0.0), (310.0, 9.0), (300.0, 9.0)]).iter().all(|&v| v == 0.0));
    }
}
