//! A frame seen small: what the detector looks at.
//!
//! Like [`rectify`](crate::rectify) this computes with integers alone, so its bytes are the same natively and in wasm.

use crate::frame::Frame;
use crate::geometry::{Point, Turn};
use crate::region::Region;

/// One size in which an [`Overview`] shows its region.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Octave {
    /// Where its box begins in the overview, pixels.
    pub x: usize,
    /// Where its box begins in the overview, pixels.
    pub y: usize,
    /// Columns of the box.
    pub width: usize,
    /// Rows of the box.
    pub height: usize,
    /// Pixels of the first octave that one of its pixels is, each way: 1, 2 or 4.
    pub step: usize,
}

/// How an [`Overview`] is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Columns and rows of the first octave's box: multiples of [`ALIGNMENT`].
    pub width: usize,
    /// See `width`.
    pub height: usize,
    /// Whether half and a quarter of the size are shown below, or the one size alone.
    pub octaves: bool,
}

/// Sides of a [`Layout`] are multiples of this, so that every octave begins at a cell of eight pixels.
pub const ALIGNMENT: usize = 32;

/// The layout of the first look. A plate that fills the frame is 80 pixels wide in the last octave.
pub const FIRST_LOOK: Layout = Layout { width: 320, height: 240, octaves: true };

/// Longer and shorter side of the second look, at most: twice the first, at one size.
pub const SECOND_LOOK: [usize; 2] = [640, 480];

/// Longer and shorter side of the third look, at most: twice the second. In pictures of up to this size plates of 20 pixels or more
/// can be found.
pub const THIRD_LOOK: [usize; 2] = [1280, 960];

impl Layout {
    /// A look at a picture of `size` at one size, whose longer and shorter side are at most those, without empty margins.
    pub fn at_one_size(size: [u32; 2], [longer, shorter]: [usize; 2]) -> Layout {
        let [width, height] = fitted(size, if size[0] >= size[1] { [longer, shorter] } else { [shorter, longer] });
        Layout { width: width.next_multiple_of(ALIGNMENT), height: height.next_multiple_of(ALIGNMENT), octaves: false }
    }

    /// Columns and rows of the overview.
    pub fn size(&self) -> [usize; 2] {
        [self.width, if self.octaves { self.height + self.height / 2 } else { self.height }]
    }

    /// The octaves: the region at full size and, where the layout has them, at half of it and a quarter below, side by side.
    pub fn octaves(&self) -> Vec<Octave> {
        let Layout { width, height, octaves } = *self;
        let first = Octave { x: 0, y: 0, width, height, step: 1 };
        if !octaves {
            return vec![first];
        }
        let second = Octave { x: 0, y: height, width: width / 2, height: height / 2, step: 2 };
        // Away from the second: what lies beside a plate is part of how it looks.
        let third = Octave { x: width / 2 + width / 8, y: height, width: width / 4, height: height / 4, step: 4 };
        vec![first, second, third]
    }
}

/// Columns and rows of a picture, scaled down until it fits into `limit`; never scaled up.
fn fitted(size: [u32; 2], [width, height]: [usize; 2]) -> [usize; 2] {
    let [w, h] = size.map(u64::from);
    let (limit_w, limit_h) = (width as u64, height as u64);
    if w <= limit_w && h <= limit_h {
        [w as usize, h as usize]
    } else if w * limit_h >= h * limit_w {
        [width, (((h * limit_w + w / 2) / w) as usize).clamp(1, height)]
    } else {
        [(((w * limit_h + h / 2) / h) as usize).clamp(1, width), height]
    }
}

/// A region of a frame in luma, scaled down by averaging areas, at one size or at three side by side.
#[derive(Clone, PartialEq)]
pub struct Overview {
    luma: Vec<u8>,
    layout: Layout,
    region: Region,
    turn: Turn,
    /// Where the region lies in the first octave: x, y, columns, rows.
    content: [usize; 4],
}

impl Overview {
    /// Looks at `region` of `frame`. A region smaller than the layout is not magnified; margins have its mean luma.
    ///
    /// # Panics
    /// Where `region` is not one of `frame`, like slice indexing.
    pub fn new(frame: &Frame, region: Region, layout: Layout) -> Overview {
        Overview::turned(frame, region, Turn::None, layout)
    }

    /// [`new`](Self::new) for a frame that has to be turned to be upright: the overview is, and its maps lead to the frame as
    /// it is.
    ///
    /// # Panics
    /// As [`new`](Self::new).
    pub fn turned(frame: &Frame, region: Region, turn: Turn, layout: Layout) -> Overview {
        let [columns, rows] = fitted(turn.upright([region.width, region.height]), [layout.width, layout.height]);
        let (x, y) = ((layout.width - columns) / 2, (layout.height - rows) / 2);
        let [as_it_is, below] = turn.upright([columns, rows]);
        let small = upright(averaged(frame, &region, as_it_is, below), as_it_is, turn);
        let total: u64 = small.iter().map(|&luma| u64::from(luma)).sum();
        let mean = ((total + small.len() as u64 / 2) / small.len() as u64) as u8;

        let [width, height] = layout.size();
        let mut luma = vec![mean; width * height];
        for (row, line) in small.chunks_exact(columns).enumerate() {
            luma[(y + row) * width + x..][..columns].copy_from_slice(line);
        }
        for pair in layout.octaves().windows(2) {
            halve(&mut luma, width, &pair[0], &pair[1]);
        }
        Overview { luma, layout, region, turn, content: [x, y, columns, rows] }
    }

    /// The luma bytes, row-major, in [`Layout::size`].
    pub fn pixels(&self) -> &[u8] {
        &self.luma
    }

    /// How it is laid out.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// The pixels of the first octave that show the region: first column, first row, columns, rows.
    pub fn content(&self) -> [usize; 4] {
        self.content
    }

    /// From pixels of the first octave to pixels of the frame.
    pub fn to_frame(&self, point: Point) -> Point {
        let [x, y, columns, rows] = self.content;
        let share = |value: f32, start: usize, cells: usize| (f64::from(value) - start as f64) / cells as f64;
        let [u, v] = self.turn.place([share(point.x, x, columns), share(point.y, y, rows)]);
        let along = |share: f64, origin: u32, length: u32| (f64::from(origin) + share * f64::from(length)) as f32;
        let Region { x: left, y: top, width, height } = self.region;
        Point::new(along(u, left, width), along(v, top, height))
    }

    /// From pixels of the frame to pixels of the first octave.
    pub fn from_frame(&self, point: Point) -> Point {
        let Region { x: left, y: top, width, height } = self.region;
        let share = |value: f32, origin: u32, length: u32| (f64::from(value) - f64::from(origin)) / f64::from(length);
        let [u, v] = self.turn.inverse().place([share(point.x, left, width), share(point.y, top, height)]);
        let [x, y, columns, rows] = self.content;
        let along = |share: f64, start: usize, cells: usize| (start as f64 + share * cells as f64) as f32;
        Point::new(along(u, x, columns), along(v, y, rows))
    }
}

impl std::fmt::Debug for Overview {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Overview({:?} in {:?})", self.region, self.layout)
    }
}

/// How the inputs along one axis are shared evenly among at most as many outputs.
struct Shares {
    outputs: usize,
    /// Parts that an input has, and parts that an output covers: as few as the two lengths allow.
    input: u64,
    output: u64,
}

/// An output's share: its first and last input and how many parts of each it covers. All parts of those between are its own.
struct Share {
    first: usize,
    last: usize,
    of_first: u32,
    of_last: u32,
}

impl Shares {
    fn new(inputs: u32, outputs: usize) -> Shares {
        let (inputs, cells) = (u64::from(inputs), outputs as u64);
        let (mut divisor, mut rest) = (inputs, cells);
        while rest > 0 {
            (divisor, rest) = (rest, divisor % rest);
        }
        Shares { outputs, input: cells / divisor, output: inputs / divisor }
    }

    fn iter(&self) -> impl Iterator<Item = Share> {
        (0..self.outputs as u64).map(|index| {
            let (start, end) = (index * self.output, (index + 1) * self.output);
            let (first, last) = (start / self.input, (end - 1) / self.input);
            let of_last = (end - last * self.input) as u32;
            let of_first = if first == last { of_last } else { ((first + 1) * self.input - start) as u32 };
            Share { first: first as usize, last: last as usize, of_first, of_last }
        })
    }
}

/// The mean luma of every output pixel's area, exact but for rounding to a byte.
fn averaged(frame: &Frame, region: &Region, columns: usize, rows: usize) -> Vec<u8> {
    let Region { x, y, width, height } = *region;
    let (across, down) = (Shares::new(width, columns), Shares::new(height, rows));
    let shares: Vec<Share> = across.iter().collect();
    let divisor = across.output * down.output * 256;
    // Multiplying by the inverse takes less time than dividing. Half a unit more keeps the product further from whole numbers than it
    // is inexact, as the divisor is below 2^37.
    let (half, inverse) = ((divisor / 2) as f64 + 0.5, 1.0 / divisor as f64);
    let mean = |sum: f64| ((sum + half) * inverse) as i32 as u8;
    let mut small = Vec::with_capacity(columns * rows);
    let mut luma = vec![0_u16; width as usize];
    // A weighted sum of rows: at most 65280 times the height in rows, which is below 2^31.
    let mut sums = vec![0_u32; width as usize];
    for Share { first, last, of_first, of_last } in down.iter() {
        sums.fill(0);
        for row in first..=last {
            let weight = match row {
                row if row == first => of_first,
                row if row == last => of_last,
                _ => down.input as u32,
            };
            frame.luma_of_row(x, y + row as u32, &mut luma);
            sums.iter_mut().zip(&luma).for_each(|(sum, &luma)| *sum += weight * u32::from(luma));
        }
        match (across.input, across.output) {
            (1, 1) => small.extend(sums.iter().map(|&sum| mean(f64::from(sum)))),
            (1, 2) => small.extend(sums.as_chunks::<2>().0.iter().map(|[a, b]| mean(f64::from(*a) + f64::from(*b)))),
            _ => small.extend(shares.iter().map(|&Share { first, last, of_first, of_last }| {
                let mut sum = u64::from(sums[first]) * u64::from(of_first);
                if last > first {
                    let inner: u64 = sums[first + 1..last].iter().map(|&sum| u64::from(sum)).sum();
                    sum += inner * across.input + u64::from(sums[last]) * u64::from(of_last);
                }
                mean(sum as i64 as f64)
            })),
        }
    }
    small
}

/// The pixels of a picture with that many columns, turned.
fn upright(pixels: Vec<u8>, columns: usize, turn: Turn) -> Vec<u8> {
    let rows = pixels.len() / columns;
    match turn {
        Turn::None => pixels,
        Turn::Half => pixels.into_iter().rev().collect(),
        // Each row is a column of before, from the lowest pixel up, and the leftmost column comes first.
        Turn::Quarter => (0..columns)
            .flat_map(|column| (0..rows).rev().map(move |row| row * columns + column))
            .map(|at| pixels[at])
            .collect(),
        Turn::ThreeQuarters => (0..columns)
            .rev()
            .flat_map(|column| (0..rows).map(move |row| row * columns + column))
            .map(|at| pixels[at])
            .collect(),
    }
}

/// Fills `to` with the means of 2x2 pixels of `from`, as far as it reaches.
fn halve(luma: &mut [u8], stride: usize, from: &Octave, to: &Octave) {
    for row in 0..to.height {
        for column in 0..to.width {
            let at = (from.y + 2 * row) * stride + from.x + 2 * column;
            let sum: u32 =
                [luma[at], luma[at + 1], luma[at + stride], luma[at + stride + 1]].map(u32::from).iter().sum();
            luma[(to.y + row) * stride + to.x + column] = ((sum + 2) / 4) as u8;
        }
    }
}

#[cfg(test)]
mod tests;
