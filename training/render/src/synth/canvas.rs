//! The plate seen straight on, with what is fixed to it: where paint, fittings and wear are put before the camera.

use super::raster::{Raster, Region, Tone};
use super::rng::Rng;

/// A raster over the plate and a margin around it, addressed in millimetres from the plate's top-left corner.
pub(crate) struct Canvas {
    pub(crate) raster: Raster,
    /// Cover of each pixel by plate or fittings, 0 to 1; the rest is the vehicle.
    pub(crate) alpha: Vec<f32>,
    /// Pixels a millimetre.
    pub(crate) scale: f32,
    /// Width of the margin on each side, mm: left, top, right, bottom.
    pub(crate) margin: [f32; 4],
    /// Width and height of the plate, mm.
    pub(crate) size: [f32; 2],
}

impl Canvas {
    pub(crate) fn new(size: [f32; 2], margin: [f32; 4], scale: f32, planes: usize, ground: Tone) -> Canvas {
        let [left, top, right, bottom] = margin;
        let pixels = |mm: f32| (mm * scale).ceil() as usize;
        let (width, height) = (pixels(size[0] + left + right), pixels(size[1] + top + bottom));
        let mut raster = Raster::new(width, height, planes);
        for (plane, value) in raster.planes.iter_mut().zip(ground) {
            plane.fill(value);
        }
        Canvas { raster, alpha: vec![0.0; width * height], scale, margin, size }
    }

    /// The same with half as many pixels a millimetre, for when it is seen from farther away. Without an even number of
    /// pixels the last ones count twice.
    pub(crate) fn halved(&self) -> Canvas {
        let (columns, rows) = (self.raster.width, self.raster.height);
        let (width, height) = (columns.div_ceil(2), rows.div_ceil(2));
        let half = |plane: &[f32]| {
            let mean = |i: usize| {
                let (x, y) = (i % width * 2, i / width * 2);
                let (right, below) = ((x + 1).min(columns - 1), (y + 1).min(rows - 1));
                let at = |x: usize, y: usize| plane[y * columns + x];
                (at(x, y) + at(right, y) + at(x, below) + at(right, below)) / 4.0
            };
            (0..width * height).map(mean).collect::<Vec<f32>>()
        };
        let raster = Raster { width, height, planes: self.raster.planes.iter().map(|plane| half(plane)).collect() };
        Canvas { raster, alpha: half(&self.alpha), scale: self.scale / 2.0, margin: self.margin, size: self.size }
    }

    /// A length of a pixel in mm.
    pub(crate) fn pixel(&self) -> f32 {
        1.0 / self.scale
    }

    /// From mm to canvas pixels.
    pub(crate) fn to_pixels(&self, x: f32, y: f32) -> [f32; 2] {
        [(x + self.margin[0]) * self.scale, (y + self.margin[1]) * self.scale]
    }

    fn region(&self, x0: f32, y0: f32, x1: f32, y1: f32) -> Region {
        let ([x0, y0], [x1, y1]) = (self.to_pixels(x0, y0), self.to_pixels(x1, y1));
        self.raster.region(x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0)
    }

    /// Lays `tone` over the box `x0, y0, x1, y1` (mm), as opaque as `cover(x, y)` says.
    pub(crate) fn lay(&mut self, area: [f32; 4], tone: Tone, mut cover: impl FnMut(f32, f32) -> f32) {
        let region = self.region(area[0], area[1], area[2], area[3]);
        let (pixel, left, top) = (self.pixel(), self.margin[0], self.margin[1]);
        self.raster.lay(region, tone, |x, y| cover(x * pixel - left, y * pixel - top));
    }

    /// Multiplies the light of the box by `factor(x, y)`.
    pub(crate) fn shade(&mut self, area: [f32; 4], mut factor: impl FnMut(f32, f32) -> f32) {
        let region = self.region(area[0], area[1], area[2], area[3]);
        let (pixel, left, top) = (self.pixel(), self.margin[0], self.margin[1]);
        self.raster.shade(region, |x, y| factor(x * pixel - left, y * pixel - top));
    }

    /// Raises the canvas' own cover in the box to at least `cover(x, y)`.
    pub(crate) fn solidify(&mut self, area: [f32; 4], mut cover: impl FnMut(f32, f32) -> f32) {
        let region = self.region(area[0], area[1], area[2], area[3]);
        let (pixel, left, top) = (self.pixel(), self.margin[0], self.margin[1]);
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let a = cover((x as f32 + 0.5) * pixel - left, (y as f32 + 0.5) * pixel - top);
                let alpha = &mut self.alpha[y * self.raster.width + x];
                *alpha = alpha.max(a);
            }
        }
    }

    /// Fills the box with `tone` and makes it solid: only whole pixels inside it, and at once.
    pub(crate) fn fill(&mut self, area: [f32; 4], tone: Tone) {
        let ([x0, y0], [x1, y1]) = (self.to_pixels(area[0], area[1]), self.to_pixels(area[2], area[3]));
        let width = self.raster.width;
        let inside = |from: f32, to: f32, limit: usize| {
            let first = (from.ceil().max(0.0) as usize).min(limit);
            (first, (to.floor().max(0.0) as usize).clamp(first, limit))
        };
        let ((x0, x1), (y0, y1)) = (inside(x0, x1, width), inside(y0, y1, self.raster.height));
        for y in y0..y1 {
            let row = y * width + x0..y * width + x1;
            self.alpha[row.clone()].fill(1.0);
            for (plane, value) in self.raster.planes.iter_mut().zip(tone) {
                plane[row.clone()].fill(value);
            }
        }
    }

    /// The plate's edge as four boxes, each `depth` mm deep: upper, lower, left, right. What is confined to the edge is
    /// painted through these, since most of a plate is not edge.
    pub(crate) fn rim(&self, depth: f32) -> [[f32; 4]; 4] {
        let [width, height] = self.size;
        [
            [0.0, 0.0, width, depth],
            [0.0, height - depth, width, height],
            [0.0, depth, depth, height - depth],
            [width - depth, depth, width, height - depth],
        ]
    }

    /// The plate's own box, mm.
    pub(crate) fn plate(&self) -> [f32; 4] {
        [0.0, 0.0, self.size[0], self.size[1]]
    }
}

/// Smooth noise between 0 and 1: random values on a grid, interpolated.
pub(crate) struct Noise {
    columns: usize,
    rows: usize,
    cell: [f32; 2],
    values: Vec<f32>,
}

impl Noise {
    /// Noise over `extent` with grid cells of the size `cell`, both in the caller's unit.
    pub(crate) fn new(rng: &mut Rng, extent: [f32; 2], cell: [f32; 2]) -> Noise {
        let count = |i: usize| (extent[i] / cell[i]).ceil() as usize + 2;
        let (columns, rows) = (count(0), count(1));
        Noise { columns, rows, cell, values: (0..columns * rows).map(|_| rng.unit()).collect() }
    }

    /// The value at a place; outside the extent the border's.
    #[inline]
    pub(crate) fn at(&self, x: f32, y: f32) -> f32 {
        let place = |v: f32, cell: f32, count: usize| {
            let v = (v / cell).clamp(0.0, (count - 2) as f32 + 0.999);
            let whole = v as usize;
            let t = v - whole as f32;
            (whole, t * t * (3.0 - 2.0 * t))
        };
        let (column, fx) = place(x, self.cell[0], self.columns);
        let (row, fy) = place(y, self.cell[1], self.rows);
        let at = row * self.columns + column;
        let top = self.values[at] + (self.values[at + 1] - self.values[at]) * fx;
        let (c, d) = (self.values[at + self.columns], self.values[at + self.columns + 1]);
        top + (c + (d - c) * fx - top) * fy
    }
}
