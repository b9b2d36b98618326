//! Feature maps as the kernels keep them.

use wide::f32x4;

/// Channels of a block: what one vector holds.
pub const BLOCK: usize = 4;

/// Maps of `[channels / 4][row][column][4]`, with zeros to the left of every row.
///
/// A row's right neighbour is the zeros of the next one, so that a convolution that reaches beyond either end finds zeros there.
/// Above and below there are none: the convolution leaves those taps out. Channels that fill up the last block are 0.
#[derive(Clone, Debug, Default)]
pub struct Maps {
    cells: Vec<f32x4>,
    shape: MapsShape,
    margin: Margin,
}

/// How large maps are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MapsShape {
    /// Channels.
    pub channels: usize,
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Rows kept, the latest ones; all of them unless whoever reads goes along with who writes.
    pub kept: usize,
}

/// What a reader of maps wants around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Margin {
    /// Zeros beside every row.
    pub side: usize,
    /// Cells it touches beyond the end of the last row, whatever they hold.
    pub tail: usize,
}

/// Where a row of every block is among the cells of maps.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    start: usize,
    step: usize,
}

impl Line {
    /// Index of the row's first cell in a block.
    pub fn of(self, block: usize) -> usize {
        self.start + block * self.step
    }
}

impl Maps {
    /// Makes room for maps of `shape` whose reader wants `margin`. What they hold is anything but for the margin.
    pub fn reshape(&mut self, shape: MapsShape, margin: Margin) {
        (self.shape, self.margin) = (shape, margin);
        let pitch = self.pitch();
        let length = self.blocks() * shape.kept * pitch;
        self.cells.resize(length + margin.side.max(margin.tail), f32x4::ZERO);
        for row in self.cells[..length].chunks_exact_mut(pitch) {
            row[..margin.side].fill(f32x4::ZERO);
        }
        self.cells[length..].fill(f32x4::ZERO);
    }

    /// Their shape.
    pub fn shape(&self) -> MapsShape {
        self.shape
    }

    /// Rows times columns.
    pub fn cells_count(&self) -> usize {
        self.shape.rows * self.shape.columns
    }

    /// Vectors a cell's channels take.
    pub fn blocks(&self) -> usize {
        self.shape.channels.div_ceil(BLOCK)
    }

    /// Cells from one row to the next.
    pub fn pitch(&self) -> usize {
        self.margin.side + self.shape.columns
    }

    /// Zeros to the left of a row.
    pub fn side(&self) -> usize {
        self.margin.side
    }

    /// All cells, margins as well.
    pub fn cells(&self) -> &[f32x4] {
        &self.cells
    }

    /// The cells of one row of a block of channels.
    pub fn row(&self, block: usize, row: usize) -> &[f32x4] {
        &self.cells[self.start(block, row)..][..self.shape.columns]
    }

    /// See [`row`](Self::row).
    pub fn row_mut(&mut self, block: usize, row: usize) -> &mut [f32x4] {
        let start = self.start(block, row);
        &mut self.cells[start..][..self.shape.columns]
    }

    /// See [`cells`](Self::cells).
    pub fn cells_mut(&mut self) -> &mut [f32x4] {
        &mut self.cells
    }

    /// Where the cells of `row` begin in the first block, and how far on each further block has them: a division a row is
    /// enough.
    pub fn line(&self, row: usize) -> Line {
        let pitch = self.pitch();
        Line { start: row % self.shape.kept * pitch + self.margin.side, step: self.shape.kept * pitch }
    }

    fn start(&self, block: usize, row: usize) -> usize {
        self.line(row).of(block)
    }
}

#[cfg(test)]
pub mod testing {
    //! Maps from and to `[channels][rows][columns]`.

    use super::*;

    /// Maps with these values for a reader that wants `margin`.
    pub fn maps(values: &[f32], [channels, rows, columns]: [usize; 3], margin: Margin) -> Maps {
        let mut maps = Maps::default();
        maps.reshape(MapsShape { channels, rows, columns, kept: rows }, margin);
        for block in 0..maps.blocks() {
            for row in 0..rows {
                for (column, cell) in maps.row_mut(block, row).iter_mut().enumerate() {
                    *cell = f32x4::new(std::array::from_fn(|lane| {
                        let channel = BLOCK * block + lane;
                        if channel < channels { values[(channel * rows + row) * columns + column] } else { 0.0 }
                    }));
                }
            }
        }
        maps
    }

    /// The values of maps.
    pub fn values(maps: &Maps) -> Vec<f32> {
        let MapsShape { channels, rows, columns, .. } = maps.shape();
        let value = |channel: usize, row: usize, column: usize| {
            maps.row(channel / BLOCK, row)[column].to_array()[channel % BLOCK]
        };
        (0..channels)
            .flat_map(|channel| (0..rows).flat_map(move |row| (0..columns).map(move |column| (channel, row, column))))
            .map(|(channel, row, column)| value(channel, row, column))
            .collect()
    }
}
