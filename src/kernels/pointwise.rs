//! Pointwise convolution: panels to rows of maps.

use wide::f32x4;

use super::depthwise::TILE;
use super::lanes::{Eight, Lanes, relu};
use super::maps::{BLOCK, Line, Maps};
use super::product::{GROUP, Weights, sums};

/// One row of a pointwise convolution with ReLU.
pub struct Row<'a> {
    /// The convolution.
    pub weights: &'a Weights,
    /// Its packed weights, or others packed alike: a picture's own blend of them.
    pub values: &'a [Eight],
    /// What it sees, `[tile of 4 pixels][input][4 pixels]`.
    pub panel: &'a [[f32; TILE]],
    /// Which row of the output it is.
    pub y: usize,
    /// What is added after the ReLU.
    pub residual: Option<&'a Maps>,
}

impl Row<'_> {
    /// Writes the row.
    #[inline(always)]
    pub fn write<L: Lanes>(&self, lanes: L, output: &mut Maps) {
        let tiles = output.shape().columns.div_ceil(TILE);
        let mut first = 0;
        while L::TILES == 2 && first + 2 <= tiles {
            self.write_tiles::<L, 2>(lanes, first, output);
            first += 2;
        }
        while first < tiles {
            self.write_tiles::<L, 1>(lanes, first, output);
            first += 1;
        }
    }

    #[inline(always)]
    fn write_tiles<L: Lanes, const TILES: usize>(&self, lanes: L, first: usize, output: &mut Maps) {
        let inputs = self.weights.inputs();
        let panels = std::array::from_fn(|tile| &self.panel[(first + tile) * inputs..][..inputs]);
        let (blocks, columns, line) = (output.blocks(), output.shape().columns, output.line(self.y));
        let residual = self.residual.map(|maps| (maps.cells(), maps.line(self.y)));
        for (group, (values, bias)) in self.values.chunks_exact(inputs).zip(self.weights.bias()).enumerate() {
            let sums = sums::<L, TILES>(lanes, panels, values, bias);
            for (tile, pixels) in sums.into_iter().enumerate() {
                let left = (first + tile) * TILE;
                let pixels = pixels.map(|pixel| lanes.halves(pixel));
                for half in 0..GROUP / BLOCK {
                    let block = GROUP / BLOCK * group + half;
                    if block < blocks {
                        let at = Tile { line, block, left, columns };
                        at.write(pixels.map(|halves| relu(halves[half])), residual, output.cells_mut());
                    }
                }
            }
        }
    }
}

/// Where a tile lies in maps.
struct Tile {
    line: Line,
    block: usize,
    left: usize,
    columns: usize,
}

impl Tile {
    /// Writes the tile, or as much of it as the row has room for.
    #[inline(always)]
    fn write(&self, mut tile: [f32x4; TILE], residual: Option<(&[f32x4], Line)>, cells: &mut [f32x4]) {
        let room = self.columns - self.left;
        if let Some((maps, line)) = residual {
            let added = &maps[line.of(self.block) + self.left..];
            match added.first_chunk::<TILE>() {
                Some(added) => tile.iter_mut().zip(added).for_each(|(cell, &added)| *cell += added),
                None => tile.iter_mut().zip(added).for_each(|(cell, &added)| *cell += added),
            }
        }
        let cells = &mut cells[self.line.of(self.block) + self.left..];
        match cells.first_chunk_mut::<TILE>() {
            Some(cells) if room >= TILE => *cells = tile,
            _ => cells.iter_mut().zip(tile).take(room).for_each(|(cell, value)| *cell = value),
        }
    }
}
