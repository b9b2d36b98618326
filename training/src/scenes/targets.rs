//! What the detector is to say of an overview.

use kr_lpr::detect::CELL;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::model::detector::grid;
use kr_lpr::overview::{Layout, Octave, Overview};

/// Widths in pixels of an octave at which a plate is to be found in it: a factor of 4.5, so that every plate is found in two
/// octaves, and one that is too small for the first one in none.
pub const FOUND: [f32; 2] = [18.0, 84.0];

/// Widths at which the detector may say what it wants. Beyond, a plate is to be left to the next octave.
const IGNORED: [f32; 2] = [11.0, 118.0];

/// Standard deviation of the blob around a centre, in widths and heights of the plate along and across it.
const SPREAD: [f32; 2] = [0.12, 0.3];

/// Least standard deviation, in cells.
const LEAST_SPREAD: f32 = 0.55;

/// Cells whose blob is at least this high are to know the corners.
const KNOWS_CORNERS: f32 = 0.3;

/// Share of a plate that must be in view for it to be found; one that is cut off more may be found or not.
const IN_VIEW: f64 = 0.97;

/// The targets of one overview; `cells` is rows times columns, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Targets {
    /// 1 where a plate's centre is, less around it, 0 elsewhere: `[cells]`.
    pub centres: Vec<f32>,
    /// 0 where anything goes, else 1: `[cells]`.
    pub centre_weights: Vec<f32>,
    /// Corners from the middle of the cell, pixels: `[8, cells]`.
    pub corners: Vec<f32>,
    /// Width of the cell's plate, pixels; 1 where there is none: `[cells]`.
    pub widths: Vec<f32>,
    /// How much the cell's corners count, 0 to 1: `[cells]`.
    pub corner_weights: Vec<f32>,
}

impl Targets {
    /// Nothing is there.
    pub fn empty(layout: Layout) -> Targets {
        let [rows, columns] = grid(layout);
        let cells = rows * columns;
        Targets {
            centres: vec![0.0; cells],
            centre_weights: vec![1.0; cells],
            corners: vec![0.0; 8 * cells],
            widths: vec![1.0; cells],
            corner_weights: vec![0.0; cells],
        }
    }

    /// The targets of `overview`, in which there are `plates`, outlined in pixels of the frame.
    pub fn new(overview: &Overview, plates: &[Quad]) -> Targets {
        let mut targets = Targets::empty(overview.layout());
        let [rows, columns] = grid(overview.layout());
        // Outside of octaves nothing is ever looked for.
        let mut belongs = vec![false; rows * columns];
        for octave in overview.layout().octaves() {
            let cells = Cells::of(&octave, columns);
            cells.each(|at, _| belongs[at] = true);
            for plate in plates {
                let in_octave = plate.corners().map(|corner| {
                    let first = overview.from_frame(corner);
                    let step = octave.step as f32;
                    Point::new(first.x / step + octave.x as f32, first.y / step + octave.y as f32)
                });
                if let Ok(quad) = Quad::new(in_octave) {
                    targets.add(&cells, &quad, shown(overview, &octave, &quad));
                }
            }
        }
        for (weight, belongs) in targets.centre_weights.iter_mut().zip(belongs) {
            *weight *= f32::from(belongs);
        }
        targets
    }

    /// Adds a plate at `quad` in pixels of the overview, of which the share `shown` is to be seen.
    fn add(&mut self, cells: &Cells, quad: &Quad, shown: f64) {
        let width = quad.width();
        let counts = (FOUND[0]..=FOUND[1]).contains(&width) && shown >= IN_VIEW;
        if !counts {
            if (width <= IGNORED[1] && shown > 0.1) || shown < IN_VIEW {
                self.ignore(cells, quad);
            }
            return;
        }
        let corners = quad.corners();
        let centre = mean(corners);
        let along = direction(corners[0], corners[1]);
        let spread =
            [SPREAD[0] * width, SPREAD[1] * quad.height()].map(|pixels| pixels.max(LEAST_SPREAD * CELL as f32));
        let at_centre = [centre.y, centre.x].map(|value| (value / CELL as f32) as usize);
        let count = self.centres.len();
        cells.each(|at, middle| {
            let (dx, dy) = (middle.x - centre.x, middle.y - centre.y);
            let (u, v) = ((dx * along[0] + dy * along[1]) / spread[0], (dy * along[0] - dx * along[1]) / spread[1]);
            let is_centre = at == at_centre[0] * cells.stride + at_centre[1];
            let blob = if is_centre { 1.0 } else { (-0.5 * (u * u + v * v)).exp().min(0.99) };
            self.centres[at] = self.centres[at].max(blob);
            if is_centre {
                self.centre_weights[at] = 1.0;
            }
            if blob >= KNOWS_CORNERS && blob > self.corner_weights[at] {
                self.corner_weights[at] = blob;
                self.widths[at] = width;
                for (corner, point) in corners.iter().enumerate() {
                    self.corners[2 * corner * count + at] = point.x - middle.x;
                    self.corners[(2 * corner + 1) * count + at] = point.y - middle.y;
                }
            }
        });
    }

    /// Lets the cells within a third of a plate around its middle, and at least those next to it, say what they want.
    fn ignore(&mut self, cells: &Cells, quad: &Quad) {
        let (left, top, right, bottom) = quad.bounding_box();
        let [x, y] = [(left + right) / 2.0, (top + bottom) / 2.0];
        let [reach_x, reach_y] = [right - left, bottom - top].map(|length| (length / 2.0).max(CELL as f32));
        cells.each(|at, middle| {
            if (middle.x - x).abs() <= reach_x && (middle.y - y).abs() <= reach_y && self.centres[at] < 1.0 {
                self.centre_weights[at] = 0.0;
            }
        });
    }
}

/// Whether a plate, outlined in pixels of the frame, is to be found in the overview: whole in view and large enough.
pub fn is_wanted(overview: &Overview, plate: &Quad) -> bool {
    let Ok(quad) = Quad::new(plate.corners().map(|corner| overview.from_frame(corner))) else { return false };
    let first = overview.layout().octaves()[0];
    quad.width() >= FOUND[0] && shown(overview, &first, &quad) >= IN_VIEW
}

/// The share of a plate's area that the part of the octave shows which is of the region.
fn shown(overview: &Overview, octave: &Octave, quad: &Quad) -> f64 {
    let step = octave.step as f32;
    let [x, y, width, height] = overview.content().map(|pixels| pixels as f32 / step);
    match Quad::rect(octave.x as f32 + x, octave.y as f32 + y, width, height) {
        Ok(content) => quad.overlap(&content) / quad.area(),
        Err(_) => 0.0,
    }
}

fn mean(corners: [Point; 4]) -> Point {
    let sum = |of: fn(&Point) -> f32| corners.iter().map(of).sum::<f32>() / 4.0;
    Point::new(sum(|p| p.x), sum(|p| p.y))
}

/// Cosine and sine of the way from one point to another.
fn direction(from: Point, to: Point) -> [f32; 2] {
    let length = from.distance(to).max(1e-6) as f32;
    [(to.x - from.x) / length, (to.y - from.y) / length]
}

/// The cells of an octave.
struct Cells {
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
    stride: usize,
}

impl Cells {
    fn of(octave: &Octave, stride: usize) -> Cells {
        let range = |start: usize, length: usize| start / CELL..(start + length) / CELL;
        Cells { rows: range(octave.y, octave.height), columns: range(octave.x, octave.width), stride }
    }

    /// Calls `visit` with the place of every cell among all and its middle in pixels of the overview.
    fn each(&self, mut visit: impl FnMut(usize, Point)) {
        for row in self.rows.clone() {
            for column in self.columns.clone() {
                let middle = |cell: usize| (cell as f32 + 0.5) * CELL as f32;
                visit(row * self.stride + column, Point::new(middle(column), middle(row)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::detect::{CHANNELS, Maps, SIZE_UNIT, candidates};
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr::overview::FIRST_LOOK;
    use kr_lpr::region::Region;

    fn overview(width: u32, height: u32) -> Overview {
        let pixels = vec![90; (width * height) as usize];
        let frame = Frame::new(&pixels, width, height, PixelFormat::Grey).unwrap();
        Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK)
    }

    /// The maps of a detector that says exactly what it is to say.
    fn perfect(targets: &Targets) -> Maps {
        let cells = targets.centres.len();
        let [rows, columns] = grid(FIRST_LOOK);
        let mut values = Vec::with_capacity(CHANNELS * cells);
        values.extend(targets.centres.iter().map(|&blob| if blob >= 1.0 { 4.0 } else { blob - 4.0 }));
        values.extend(targets.widths.iter().map(|width| (width / SIZE_UNIT).ln()));
        values.extend(targets.corners.iter().enumerate().map(|(at, offset)| offset / targets.widths[at % cells]));
        Maps::new(values, rows, columns).unwrap()
    }

    #[test]
    fn who_says_what_it_is_to_say_finds_every_plate() {
        let overview = overview(1280, 720);
        let plates = [
            Quad::rect(100.0, 500.0, 240.0, 51.0).unwrap(),
            Quad::rect(600.0, 300.0, 90.0, 42.0).unwrap(),
            Quad::new([(800.0, 100.0), (1190.0, 60.0), (1195.0, 150.0), (805.0, 190.0)].map(|(x, y)| Point::new(x, y)))
                .unwrap(),
        ];
        let found = candidates(&perfect(&Targets::new(&overview, &plates)), &overview, 0.5);
        assert_eq!(found.len(), plates.len());
        for plate in &plates {
            let best = found.iter().map(|candidate| candidate.quad.iou(plate)).fold(0.0, f64::max);
            assert!(best > 0.99, "{plate:?}: {best}");
        }
    }

    #[test]
    fn plates_that_are_tiny_or_cut_off_are_neither_wanted_nor_forbidden() {
        let overview = overview(640, 480);
        let tiny = Quad::rect(300.0, 200.0, 26.0, 6.0).unwrap();
        let cut = Quad::rect(-60.0, 300.0, 120.0, 26.0).unwrap();
        let targets = Targets::new(&overview, &[tiny, cut]);
        assert!(targets.centres.iter().all(|&blob| blob < 1.0));
        assert!(targets.corner_weights.iter().all(|&weight| weight == 0.0));
        let columns = grid(FIRST_LOOK)[1];
        let weight_at = |x: usize, y: usize| targets.centre_weights[y / CELL * columns + x / CELL];
        assert_eq!([weight_at(156, 101), weight_at(20, 156)], [0.0, 0.0]);
        assert_eq!(weight_at(250, 50), 1.0);
        // Between the octaves nobody looks.
        assert_eq!(weight_at(165, 300), 0.0);
    }

    #[test]
    fn a_plate_that_fills_the_picture_is_found_small() {
        let overview = overview(320, 80);
        let plate = Quad::rect(2.0, 4.0, 316.0, 70.0).unwrap();
        let targets = Targets::new(&overview, &[plate]);
        let [_, columns] = grid(FIRST_LOOK);
        let centres: Vec<_> = (0..targets.centres.len()).filter(|&at| targets.centres[at] >= 1.0).collect();
        assert_eq!(centres.len(), 1, "in the last octave alone");
        assert!(centres[0] / columns >= 30 && centres[0] % columns >= 25);
        let found = candidates(&perfect(&targets), &overview, 0.5);
        assert!(found.len() == 1 && found[0].quad.iou(&plate) > 0.98, "{found:?}");
    }
}
