//! The detector's maps to outlines of plates in the frame.

use crate::best_first::best_first;
use crate::geometry::{Point, Quad};
use crate::overview::{Octave, Overview};

/// Pixels of the overview a cell of the maps covers, each way.
pub const CELL: usize = 8;

/// Maps: how probably a plate's centre lies in the cell (a logit), the size of that plate (the natural logarithm of its width
/// over [`SIZE_UNIT`]), and its corners from the middle of the cell, x and y each, in widths of the plate.
pub const CHANNELS: usize = 2 + 8;

/// Width of a plate whose size is 0, in pixels of the overview.
pub const SIZE_UNIT: f32 = 32.0;

/// Largest size believed, either way: widths of 1.6 to 640 pixels.
const MAX_SIZE: f32 = 3.0;

/// Peaks looked into at most, the best ones: far more than there are plates in a frame, few enough to compare each with each.
const MAX_PEAKS: usize = 256;

/// Two outlines that share more than this (intersection over union) are one plate, seen in two cells or two octaves. Plates
/// do not overlap.
const SAME_PLATE: f64 = 0.2;

/// Share of the smaller outline's area within the other from which on the two are one plate: its text without its ends.
const SAME_PART: f64 = 0.6;

/// A plate that was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Its rough outline in pixels of the frame.
    pub quad: Quad,
    /// How sure the detector is, 0 to 1.
    pub score: f32,
}

/// Why numbers are not [`Maps`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapsError {
    /// Their number does not fit.
    #[error("{CHANNELS} maps of {columns}x{rows} cells are {expected} numbers, got {actual}")]
    WrongLength {
        /// Rows of cells.
        rows: usize,
        /// Columns of cells.
        columns: usize,
        /// Numbers the size asks for.
        expected: usize,
        /// Numbers given.
        actual: usize,
    },
    /// One is NaN or infinite.
    #[error("the detector's answer holds a value that is not finite")]
    NotFinite,
}

/// What the detector says of an overview.
#[derive(Clone, Debug, PartialEq)]
pub struct Maps {
    values: Vec<f32>,
    rows: usize,
    columns: usize,
}

impl Maps {
    /// Takes `[CHANNELS, rows, columns]` numbers, row-major.
    ///
    /// # Errors
    /// When there are more or fewer, or one is not finite.
    pub fn new(values: Vec<f32>, rows: usize, columns: usize) -> Result<Maps, MapsError> {
        let (expected, actual) = (CHANNELS * rows * columns, values.len());
        if actual != expected {
            return Err(MapsError::WrongLength { rows, columns, expected, actual });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return Err(MapsError::NotFinite);
        }
        Ok(Maps { values, rows, columns })
    }

    /// Logit of a plate's centre in the cell.
    fn heat(&self, row: usize, column: usize) -> f32 {
        self.values[row * self.columns + column]
    }

    /// The corners that the cell gives, in pixels of the overview.
    fn corners(&self, row: usize, column: usize) -> [Point; 4] {
        let channel = |channel: usize| self.values[(channel * self.rows + row) * self.columns + column];
        let width = SIZE_UNIT * channel(1).clamp(-MAX_SIZE, MAX_SIZE).exp();
        let middle = |cell: usize| (cell as f32 + 0.5) * CELL as f32;
        std::array::from_fn(|corner| {
            let offset = |axis: usize| width * channel(2 + 2 * corner + axis);
            Point::new(middle(column) + offset(0), middle(row) + offset(1))
        })
    }

    /// Cells of an octave that no neighbour within it surpasses and whose logit is at least `least`.
    fn peaks(&self, octave: &Octave, least: f32) -> Vec<(usize, usize)> {
        let rows = octave.y / CELL..((octave.y + octave.height) / CELL).min(self.rows);
        let columns = octave.x / CELL..((octave.x + octave.width) / CELL).min(self.columns);
        let mut peaks = Vec::new();
        for row in rows.clone() {
            for column in columns.clone() {
                let heat = self.heat(row, column);
                let surpassed = |(r, c): (usize, usize)| {
                    let other = self.heat(r, c);
                    // Of two equal neighbours the first one is the peak.
                    other > heat || (other == heat && (r, c) < (row, column))
                };
                let around = (row.saturating_sub(1).max(rows.start)..(row + 2).min(rows.end)).flat_map(|r| {
                    (column.saturating_sub(1).max(columns.start)..(column + 2).min(columns.end)).map(move |c| (r, c))
                });
                if heat >= least && !around.filter(|&cell| cell != (row, column)).any(surpassed) {
                    peaks.push((row, column));
                }
            }
        }
        peaks
    }
}

/// The plates that `maps` shows in `overview`, best first, each once: those with a score of at least `least`.
pub fn candidates(maps: &Maps, overview: &Overview, least: f32) -> Vec<Candidate> {
    let logit = (least / (1.0 - least)).ln();
    let mut found = Vec::new();
    for octave in overview.layout().octaves() {
        for (row, column) in maps.peaks(&octave, logit) {
            found.push((maps.heat(row, column), octave, row, column));
        }
    }
    best_first(&mut found, |&(heat, ..)| heat);
    found.truncate(MAX_PEAKS);
    let candidate = |(heat, octave, row, column): (f32, Octave, usize, usize)| {
        let outline = maps.corners(row, column).map(|corner| {
            let first = |value: f32, start: usize| (value - start as f32) * octave.step as f32;
            overview.to_frame(Point::new(first(corner.x, octave.x), first(corner.y, octave.y)))
        });
        // Corners that outline nothing are no plate.
        Some(Candidate { quad: Quad::new(outline).ok()?, score: 1.0 / (1.0 + (-heat).exp()) })
    };
    distinct(found.into_iter().filter_map(candidate).collect())
}

/// Leaves out those that are the same plate as a better one; best first.
pub fn distinct(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    best_first(&mut candidates, |candidate| candidate.score);
    let mut kept: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !kept.iter().any(|better| is_same_plate(&better.quad, &candidate.quad)) {
            kept.push(candidate);
        }
    }
    kept
}

/// Whether two outlines are of one plate.
pub fn is_same_plate(a: &Quad, b: &Quad) -> bool {
    let shared = a.overlap(b);
    shared > SAME_PLATE * (a.area() + b.area() - shared) || shared > SAME_PART * a.area().min(b.area())
}

#[cfg(test)]
mod tests;
