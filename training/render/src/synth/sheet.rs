//! A contact sheet of samples, for people to look at.

use image::{Rgb, RgbImage};
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};

use super::{Captions, Sample, SceneSample};

/// Width and height of a cell, and how many stand in a row.
const CELL: (u32, u32) = (330, 170);

/// Height of the caption below a cell, and of its letters.
const CAPTION: (u32, u32) = (26, 20);
const COLUMNS: u32 = 5;

/// Width and height of a cell of a sheet of scenes, and how many stand in a row.
const SCENE_CELL: (u32, u32) = (320, 240);
const SCENE_COLUMNS: u32 = 6;

/// Lays out `samples` in rows of five. Each is scaled to its cell, with what can be read of it beneath; `outlines` draws the
/// plate and the character boxes.
pub fn sheet(samples: &[Sample], outlines: bool, captions: &Captions) -> RgbImage {
    let mut sheet = Sheet::new(samples.len(), (CELL.0, CELL.1 + CAPTION.0), COLUMNS);
    for (index, sample) in samples.iter().enumerate() {
        let cell = sheet.put_in(index, &sample.frame(), CELL.1);
        let ((x, y), _) = cell;
        captions.draw(&mut sheet.image, [x + 2, y + CELL.1], CAPTION.1, &sample.seen);
        if outlines {
            sheet.draw(&sample.quad, cell, Rgb([255, 64, 64]));
            for quad in &sample.boxes {
                sheet.draw(quad, cell, Rgb([64, 220, 64]));
            }
        }
    }
    sheet.image
}

/// Lays out `scenes` in rows of six, each scaled to its cell; `outlines` draws the plates.
pub fn scene_sheet(scenes: &[SceneSample], outlines: bool) -> RgbImage {
    let mut sheet = Sheet::new(scenes.len(), SCENE_CELL, SCENE_COLUMNS);
    for (index, scene) in scenes.iter().enumerate() {
        let cell = sheet.put(index, &scene.frame());
        if outlines {
            for plate in &scene.plates {
                sheet.draw(&plate.quad, cell, Rgb([255, 64, 64]));
            }
        }
    }
    sheet.image
}

/// Cells of one size in rows.
struct Sheet {
    image: RgbImage,
    size: (u32, u32),
    columns: u32,
}

/// Where a picture lies on the sheet: its top-left corner and scale.
type Cell = ((u32, u32), f32);

impl Sheet {
    fn new(count: usize, size: (u32, u32), columns: u32) -> Sheet {
        let rows = (count as u32).div_ceil(columns).max(1);
        Sheet { image: RgbImage::from_pixel(size.0 * columns, size.1 * rows, Rgb([96, 96, 112])), size, columns }
    }

    /// Puts the picture into the cell of that index.
    fn put(&mut self, index: usize, frame: &Frame) -> Cell {
        self.put_in(index, frame, self.size.1)
    }

    /// Puts the picture into the upper `height` pixels of the cell of that index.
    fn put_in(&mut self, index: usize, frame: &Frame, height: u32) -> Cell {
        let (x0, y0) = (index as u32 % self.columns * self.size.0, index as u32 / self.columns * self.size.1);
        let room = [self.size.0 - 6, height - 6].map(|side| side as f32);
        let scale = (room[0] / frame.width() as f32).min(room[1] / frame.height() as f32);
        let (width, height) = ((frame.width() as f32 * scale) as u32, (frame.height() as f32 * scale) as u32);
        for y in 0..height {
            for x in 0..width {
                let (sx, sy) = ((x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale);
                self.image.put_pixel(x0 + x, y0 + y, Rgb(pixel(frame, sx, sy)));
            }
        }
        ((x0, y0), scale)
    }

    fn draw(&mut self, quad: &Quad, cell: Cell, colour: Rgb<u8>) {
        let corners = quad.corners();
        for (index, from) in corners.iter().enumerate() {
            self.line(*from, corners[(index + 1) % 4], cell, colour);
        }
    }

    fn line(&mut self, from: Point, to: Point, ((x0, y0), scale): Cell, colour: Rgb<u8>) {
        let (right, bottom) = ((x0 + self.size.0) as f32, (y0 + self.size.1) as f32);
        let steps = ((to.x - from.x).hypot(to.y - from.y) * scale).ceil().max(1.0) as usize;
        for step in 0..=steps {
            let t = step as f32 / steps as f32;
            let x = x0 as f32 + (from.x + (to.x - from.x) * t) * scale;
            let y = y0 as f32 + (from.y + (to.y - from.y) * t) * scale;
            if x >= x0 as f32 && y >= y0 as f32 && x < right && y < bottom {
                self.image.put_pixel(x as u32, y as u32, colour);
            }
        }
    }
}

/// The bilinear colour at a place of the frame.
fn pixel(frame: &Frame, x: f32, y: f32) -> [u8; 3] {
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
