//! Characters on a grid, and how much two of them differ.

use super::super::layout::Placement;
use super::super::lettering::{GlyphVariant, Lettering};
use crate::glyph::InkBox;

/// Columns and rows of the grid over a character's block.
pub(super) const COLUMNS: usize = 24;
pub(super) const ROWS: usize = 28;

/// Sums that are kept side by side, so that they are vectorised.
const LANES: usize = 8;

/// A grid is kept with an empty cell around it, so that moving it by a cell is an offset, and a few more at the end.
const STRIDE: usize = COLUMNS + 2;
pub(super) const CELLS: usize = STRIDE * (ROWS + 2) + LANES;

/// The first cell within the border, and how many there are to the last one, those of the border between rows included.
const INNER: usize = STRIDE + 1;
const SPAN: usize = (STRIDE * (ROWS - 1) + COLUMNS).next_multiple_of(LANES);

/// Where [`INNER`] comes to be when a grid is moved by at most a cell.
const PLACES: [usize; 9] = [
    INNER - STRIDE - 1,
    INNER - STRIDE,
    INNER - STRIDE + 1,
    INNER - 1,
    INNER,
    INNER + 1,
    INNER + STRIDE - 1,
    INNER + STRIDE,
    INNER + STRIDE + 1,
];

/// How far the grid reaches beyond the block on each side, as a share of its width and height.
const AIR: [f32; 2] = [0.1, 0.06];

/// Differences of a cell's cover below this are those of stroke weights.
const TOLERANCE: f32 = 0.15;

pub(super) type Grid = [f32; CELLS];

/// A glyph on the grid of its block: the cover of each cell, and the most of it and its neighbours.
#[derive(Clone)]
pub(super) struct Drawn {
    pub(super) ink: Grid,
    wide: Grid,
}

impl Drawn {
    pub(super) fn new(ink: Grid) -> Drawn {
        let mut across = ink;
        let mut wide = [0.0; CELLS];
        for at in 1..CELLS - 1 {
            across[at] = ink[at - 1].max(ink[at]).max(ink[at + 1]);
        }
        for at in STRIDE..CELLS - STRIDE {
            wide[at] = across[at - STRIDE].max(across[at]).max(across[at + STRIDE]);
        }
        Drawn { ink, wide }
    }
}

/// Left, top, width and height of a cell of the grid of a block.
pub(super) fn cell(placement: &Placement) -> [f32; 4] {
    let [x, y, width, height] = placement.block;
    let [across, down] = [width * (1.0 + 2.0 * AIR[0]), height * (1.0 + 2.0 * AIR[1])];
    [x - width * AIR[0], y - height * AIR[1], across / COLUMNS as f32, down / ROWS as f32]
}

/// Place of a cell in a grid with its border.
pub(super) fn cell_at(column: usize, row: usize) -> usize {
    INNER + row * STRIDE + column
}

/// Square millimetres of a cell.
pub(super) fn cell_area(placement: &Placement) -> f32 {
    let [_, _, width, height] = cell(placement);
    width * height
}

/// Pixels of a cell's side while it is drawn.
const FINE: usize = 3;

/// The glyph of `placement`, if a face has it.
pub(super) fn draw(lettering: &Lettering, placement: &Placement) -> Option<Drawn> {
    lettering.require(placement.script, placement.syllable).ok()?;
    let [left, top, wide, high] = cell(placement);
    let (sx, sy) = (FINE as f32 / wide, FINE as f32 / high);
    let ink = lettering.ink(placement);
    let target =
        InkBox { x: (ink.x - left) * sx, y: (ink.y - top) * sy, width: ink.width * sx, height: ink.height * sy };
    let mut plane = vec![0.0; COLUMNS * ROWS * FINE * FINE];
    lettering.lay(placement, GlyphVariant::PLAIN, target, &mut plane, COLUMNS * FINE);
    let mut grid = [0.0; CELLS];
    for (at, value) in plane.into_iter().enumerate() {
        let (x, y) = (at % (COLUMNS * FINE) / FINE, at / (COLUMNS * FINE) / FINE);
        grid[cell_at(x, y)] += value / (FINE * FINE) as f32;
    }
    Some(Drawn::new(grid))
}

/// How much two glyphs differ, and how much of that is visible: each the least over places of the second one, in cells.
pub(super) fn differences(own: &Drawn, other: &Drawn, visible: &Grid) -> [f32; 2] {
    let mut least = [f32::MAX; 2];
    for from in PLACES {
        let (ink, wide) = (&other.ink[from..][..SPAN], &other.wide[from..][..SPAN]);
        let (own_ink, own_wide) = (&own.ink[INNER..][..SPAN], &own.wide[INNER..][..SPAN]);
        let visible = &visible[INNER..][..SPAN];
        let mut sums = [[0.0; LANES]; 2];
        for start in (0..SPAN).step_by(LANES) {
            let [all, seen] = &mut sums;
            for (at, (all, seen)) in (start..).zip(all.iter_mut().zip(seen)) {
                let difference = apart(own_ink[at], own_wide[at], ink[at], wide[at]);
                *all += difference;
                *seen += difference * visible[at];
            }
        }
        for (least, sums) in least.iter_mut().zip(sums) {
            *least = least.min(sums.iter().sum());
        }
    }
    least
}

/// How much of the ink of each is not in the other, nor beside it.
fn apart(ink: f32, wide: f32, other_ink: f32, other_wide: f32) -> f32 {
    (ink - other_wide - TOLERANCE).max(0.0) + (other_ink - wide - TOLERANCE).max(0.0)
}
