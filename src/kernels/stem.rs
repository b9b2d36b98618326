//! The first convolution: pictures of one channel to maps.

use wide::{f32x4, f32x8, i32x8, u16x8};

use super::depthwise::TILE;
use super::lanes::Lanes;
use super::maps::{Maps, MapsShape, Margin};
use super::pointwise::Row;
use super::product::Weights;

/// A picture of one channel for a convolution of stride 2: every row as its even columns and then its odd ones, each with zeros
/// around, so that four neighbouring outputs see four neighbours.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    rows: usize,
    columns: usize,
    /// `[row][even, odd][MARGIN + columns / 2 + MARGIN]`
    values: Vec<f32>,
}

/// Zeros around the columns of a picture: what a tile of four may touch beyond them, and kernels of up to 7 columns.
const MARGIN: usize = 4;

impl Picture {
    /// A picture of zeros.
    pub fn new(rows: usize, columns: usize) -> Picture {
        let mut picture = Picture { rows, columns, values: Vec::new() };
        picture.values.resize(rows * 2 * picture.pitch(), 0.0);
        picture
    }

    /// Takes `[rows][columns]` values.
    ///
    /// # Panics
    /// Where they are not that many.
    pub fn from_values(rows: usize, columns: usize, values: &[f32]) -> Picture {
        assert_eq!(values.len(), rows * columns, "{rows}x{columns}");
        let mut picture = Picture::new(rows, columns);
        for (row, values) in values.chunks_exact(columns.max(1)).enumerate() {
            let [even, odd] = picture.row_mut(row);
            even.iter_mut().zip(values.iter().step_by(2)).for_each(|(to, &value)| *to = value);
            odd.iter_mut().zip(values.iter().skip(1).step_by(2)).for_each(|(to, &value)| *to = value);
        }
        picture
    }

    /// Takes `[rows, columns]` bytes as `(luma - mean) * scale`.
    ///
    /// # Panics
    /// Where they are not that many.
    pub fn from_luma([rows, columns]: [usize; 2], luma: &[u8], mean: f32, scale: f32) -> Picture {
        assert_eq!(luma.len(), rows * columns, "{rows}x{columns}");
        let mut picture = Picture::new(rows, columns);
        let (means, scales) = (f32x8::splat(mean), f32x8::splat(scale));
        let value = |luma: u8| (f32::from(luma) - mean) * scale;
        for (row, luma) in luma.chunks_exact(columns.max(1)).enumerate() {
            let [even, odd] = picture.row_mut(row);
            let (pairs, last) = luma.as_chunks::<16>();
            let (even, last_even) = even.split_at_mut(8 * pairs.len());
            let (odd, last_odd) = odd.split_at_mut(8 * pairs.len());
            let eights = even.as_chunks_mut::<8>().0.iter_mut().zip(odd.as_chunks_mut::<8>().0);
            for (pairs, (even, odd)) in pairs.iter().zip(eights) {
                let pairs = u16x8::from(std::array::from_fn(|i| u16::from_le_bytes([pairs[2 * i], pairs[2 * i + 1]])));
                let values = |luma: u16x8| (f32x8::from_i32x8(i32x8::from_u16x8(luma)) - means) * scales;
                *even = values(pairs & u16x8::splat(255)).to_array();
                *odd = values(pairs >> 8).to_array();
            }
            last_even.iter_mut().zip(last.iter().step_by(2)).for_each(|(to, &luma)| *to = value(luma));
            last_odd.iter_mut().zip(last.iter().skip(1).step_by(2)).for_each(|(to, &luma)| *to = value(luma));
        }
        picture
    }

    /// The way back from [`from_values`](Self::from_values).
    pub fn to_values(&self) -> Vec<f32> {
        let of = |row: usize| {
            let [even, odd] = self.row(row);
            (0..self.columns).map(move |column| if column % 2 == 0 { even[column / 2] } else { odd[column / 2] })
        };
        (0..self.rows).flat_map(of).collect()
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The even columns of a row and the odd ones.
    pub fn row_mut(&mut self, row: usize) -> [&mut [f32]; 2] {
        let (pitch, [even, odd]) = (self.pitch(), self.lengths());
        let (first, second) = self.values[row * 2 * pitch..][..2 * pitch].split_at_mut(pitch);
        [&mut first[MARGIN..][..even], &mut second[MARGIN..][..odd]]
    }

    /// See [`row_mut`](Self::row_mut).
    fn row(&self, row: usize) -> [&[f32]; 2] {
        let (pitch, [even, odd]) = (self.pitch(), self.lengths());
        [0, 1].map(|phase| &self.values[(2 * row + phase) * pitch + MARGIN..][..[even, odd][phase]])
    }

    /// The picture at half the size, each pixel the mean of four; a last odd row or column is left out.
    pub fn halved(&self) -> Picture {
        let mut half = Picture::new(self.rows / 2, self.columns / 2);
        for row in 0..half.rows {
            let [a, b] = self.row(2 * row);
            let [c, d] = self.row(2 * row + 1);
            let means = |of: [&[f32]; 4]| {
                let [a, b, c, d] = of.map(|values| values.first_chunk::<4>().map_or(f32x4::ZERO, |&v| f32x4::new(v)));
                (a + b + c + d) * f32x4::splat(0.25)
            };
            let [even, odd] = half.row_mut(row);
            let whole = odd.len() / 4 * 4;
            for at in (0..whole).step_by(4) {
                let [low, high] = [2 * at, 2 * at + 4].map(|at| means([&a[at..], &b[at..], &c[at..], &d[at..]]));
                // Even and odd ones of eight neighbours.
                let (x, y) = (low.unpack_lo(high), low.unpack_hi(high));
                even[at..at + 4].copy_from_slice(&x.unpack_lo(y).to_array());
                odd[at..at + 4].copy_from_slice(&x.unpack_hi(y).to_array());
            }
            let mean = |at: usize| (a[at] + b[at] + c[at] + d[at]) * 0.25;
            even.iter_mut().enumerate().skip(whole).for_each(|(at, value)| *value = mean(2 * at));
            odd.iter_mut().enumerate().skip(whole).for_each(|(at, value)| *value = mean(2 * at + 1));
        }
        half
    }

    /// Even and odd columns there are.
    fn lengths(&self) -> [usize; 2] {
        [self.columns.div_ceil(2), self.columns / 2]
    }

    fn pitch(&self) -> usize {
        MARGIN + self.columns.div_ceil(2).next_multiple_of(TILE) + MARGIN
    }
}

/// A convolution of stride 2 from one channel, with bias, then ReLU.
#[derive(Debug)]
pub struct Stem {
    kernel: usize,
    /// From the taps of the kernel.
    weights: Weights,
}

impl Stem {
    /// Takes `weight [channels, 1, kernel, kernel]` and `bias [channels]`; `kernel` is 1, 3, 5 or 7.
    ///
    /// # Panics
    /// Where the values are not that many.
    pub fn new(channels: usize, kernel: usize, weight: &[f32], bias: &[f32]) -> Stem {
        let taps = kernel * kernel;
        assert_eq!((weight.len(), bias.len()), (channels * taps, channels));
        assert!(kernel % 2 == 1 && kernel < 2 * MARGIN, "kernels of {kernel} columns are not computed");
        let weights = Weights::new([taps, channels], |output, tap| weight[output * taps + tap], |output| bias[output]);
        Stem { kernel, weights }
    }

    /// Channels of the output.
    pub fn channels(&self) -> usize {
        self.weights.outputs()
    }

    /// Rows and columns of the maps of a picture.
    pub fn output(&self, picture: &Picture) -> [usize; 2] {
        [picture.rows, picture.columns].map(|cells| cells.div_ceil(2))
    }

    /// Writes row `y` of the maps of `picture`. `panel` is scratch space.
    #[inline(always)]
    fn row<L: Lanes>(&self, lanes: L, picture: &Picture, y: usize, panel: &mut [[f32; TILE]], output: &mut Maps) {
        let (padding, pitch, taps) = ((self.kernel - 1) / 2, picture.pitch(), self.weights.inputs());
        let tiles = output.shape().columns.div_ceil(TILE);
        for tap in 0..taps {
            let (down, right) = (tap / self.kernel, tap % self.kernel);
            let row = (2 * y + down).checked_sub(padding).filter(|&row| row < picture.rows);
            let Some(row) = row else {
                panel.iter_mut().skip(tap).step_by(taps).take(tiles).for_each(|pixels| *pixels = [0.0; TILE]);
                continue;
            };
            // Column 2x + right - padding is even or odd whatever x.
            let column = 2 * MARGIN + right - padding;
            let values = &picture.values[(2 * row + column % 2) * pitch + column / 2..];
            for tile in 0..tiles {
                if let Some(&pixels) = values[tile * TILE..].first_chunk::<TILE>() {
                    panel[tile * taps + tap] = pixels;
                }
            }
        }
        let row = Row { weights: &self.weights, values: self.weights.values(), panel, y, residual: None };
        row.write(lanes, output);
    }
}

/// A stem's maps of a picture, row by row as they are wanted; the latest ones are kept.
pub struct StemRows<'a> {
    stem: &'a Stem,
    picture: &'a Picture,
    panel: &'a mut [[f32; TILE]],
    maps: &'a mut Maps,
    next: usize,
}

impl<'a> StemRows<'a> {
    /// The maps of `picture` for a reader that looks at `kept` rows together and wants `margin`. `panel` and `maps` are
    /// scratch space.
    pub fn new(
        stem: &'a Stem,
        picture: &'a Picture,
        kept: usize,
        margin: Margin,
        panel: &'a mut Vec<[f32; TILE]>,
        maps: &'a mut Maps,
    ) -> StemRows<'a> {
        let [rows, columns] = stem.output(picture);
        maps.reshape(MapsShape { channels: stem.channels(), rows, columns, kept }, margin);
        panel.resize(columns.div_ceil(TILE) * stem.weights.inputs(), [0.0; TILE]);
        StemRows { stem, picture, panel, maps, next: 0 }
    }

    /// The maps with the rows up to `last`.
    #[inline(always)]
    pub fn up_to<L: Lanes>(&mut self, lanes: L, last: usize) -> &Maps {
        while self.next <= last {
            self.stem.row(lanes, self.picture, self.next, self.panel, self.maps);
            self.next += 1;
        }
        self.maps
    }
}
