//! Contact sheets: many small pictures in one, for people to look at.

use image::{Rgb, RgbImage};
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Point;

/// Cells of one size, row by row.
pub struct ContactSheet {
    image: RgbImage,
    size: [u32; 2],
    columns: u32,
}

/// Where a picture lies on the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Cell {
    /// Its top-left corner, pixels of the sheet.
    pub origin: [u32; 2],
    /// Width and height that may be drawn on, pixels of the sheet.
    pub size: [u32; 2],
    /// Pixels of the sheet that one of the picture's is, each way.
    pub scale: f32,
}

impl ContactSheet {
    /// A sheet of `count` cells of `size` pixels, `columns` a row.
    pub fn new(count: usize, size: [u32; 2], columns: u32, ground: [u8; 3]) -> ContactSheet {
        let rows = (count as u32).div_ceil(columns).max(1);
        ContactSheet { image: RgbImage::from_pixel(size[0] * columns, size[1] * rows, Rgb(ground)), size, columns }
    }

    /// The cell of that index, in which a picture keeps its size.
    pub fn cell(&self, index: usize) -> Cell {
        let index = index as u32;
        let origin = [index % self.columns * self.size[0], index / self.columns * self.size[1]];
        Cell { origin, size: self.size, scale: 1.0 }
    }

    /// Puts a picture of `size` into the cell of that index as it is: `pixel` gives its colours by column and row.
    pub fn put(&mut self, index: usize, size: [u32; 2], pixel: impl Fn(u32, u32) -> [u8; 3]) -> Cell {
        let cell = self.cell(index);
        let [x0, y0] = cell.origin;
        for (x, y) in (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (x, y))) {
            self.image.put_pixel(x0 + x, y0 + y, Rgb(pixel(x, y)));
        }
        cell
    }

    /// Puts a picture into the upper `height` pixels of the cell of that index, as large as fits with some air.
    pub fn put_scaled(&mut self, index: usize, frame: &Frame, height: u32) -> Cell {
        const AIR: u32 = 6;
        let room = [self.size[0] - AIR, height - AIR].map(|side| side as f32);
        let scale = (room[0] / frame.width() as f32).min(room[1] / frame.height() as f32);
        let size = [frame.width(), frame.height()].map(|side| (side as f32 * scale) as u32);
        let colour = |x: u32, y: u32| colour_at(frame, (x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale);
        Cell { scale, ..self.put(index, size, colour) }
    }

    /// Outlines a part of the picture in a cell, as far as it lies in the cell. Corners are the picture's pixels.
    pub fn outline(&mut self, cell: Cell, corners: [Point; 4], colour: [u8; 3]) {
        for (index, from) in corners.iter().enumerate() {
            self.line(cell, *from, corners[(index + 1) % 4], Rgb(colour));
        }
    }

    fn line(&mut self, Cell { origin, size, scale }: Cell, from: Point, to: Point, colour: Rgb<u8>) {
        let [left, top] = origin.map(|side| side as f32);
        let [right, bottom] = [0, 1].map(|axis| (origin[axis] + size[axis]) as f32);
        let steps = ((to.x - from.x).hypot(to.y - from.y) * scale).ceil().clamp(1.0, 10_000.0) as usize;
        for step in 0..=steps {
            let t = step as f32 / steps as f32;
            let x = left + (from.x + (to.x - from.x) * t) * scale;
            let y = top + (from.y + (to.y - from.y) * t) * scale;
            if x >= left && y >= top && x < right && y < bottom {
                self.image.put_pixel(x as u32, y as u32, colour);
            }
        }
    }

    /// The sheet so far, to draw on.
    pub fn image_mut(&mut self) -> &mut RgbImage {
        &mut self.image
    }

    /// The finished sheet.
    pub fn into_image(self) -> RgbImage {
        self.image
    }
}

/// The bilinear colour at a place of the frame.
fn colour_at(frame: &Frame, x: f32, y: f32) -> [u8; 3] {
    let channels = frame.format().channels();
    let (columns, rows) = (frame.width() as usize, frame.height() as usize);
    let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
    let (x0, y0) = (x as usize, y as usize);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let value = |x: usize, y: usize, c: usize| {
        let (x, y) = (x.min(columns - 1), y.min(rows - 1));
        let c = if frame.format() == PixelFormat::Grey { 0 } else { c };
        f32::from(frame.pixels()[(y * columns + x) * channels + c])
    };
    [0, 1, 2].map(|c| {
        let top = value(x0, y0, c) * (1.0 - fx) + value(x0 + 1, y0, c) * fx;
        let bottom = value(x0, y0 + 1, c) * (1.0 - fx) + value(x0 + 1, y0 + 1, c) * fx;
        (top * (1.0 - fy) + bottom * fy).round() as u8
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::geometry::Quad;

    #[test]
    fn pictures_lie_in_their_cells_and_lines_do_not_leave_them() {
        let mut sheet = ContactSheet::new(5, [20, 16], 4, [0; 3]);
        let cell = sheet.put(5 - 1, [4, 2], |x, y| [x as u8 + 10, y as u8 + 20, 30]);
        assert_eq!((cell.origin, cell.scale), ([0, 16], 1.0));
        let white = [255; 4 * 4];
        let scaled = sheet.put_scaled(1, &Frame::new(&white, 4, 4, PixelFormat::Grey).unwrap(), 16);
        assert_eq!((scaled.origin, scaled.scale), ([20, 0], 2.5));
        let corners = Quad::rect(-50.0, 1.0, 60.0, 500.0).unwrap().corners();
        sheet.outline(cell, corners, [9; 3]);
        let image = sheet.into_image();
        assert_eq!(image.dimensions(), (80, 32));
        assert_eq!((image.get_pixel(3, 16).0, image.get_pixel(2, 17).0), ([13, 20, 30], [9; 3]));
        assert_eq!((image.get_pixel(29, 9).0, image.get_pixel(30, 9).0), ([255; 3], [0; 3]));
        let outside = image.enumerate_pixels().filter(|(x, y, _)| *x >= 20 || *y < 16);
        assert_eq!(outside.filter(|(_, _, pixel)| pixel.0 == [9; 3]).count(), 0);
    }
}
