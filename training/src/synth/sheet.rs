//! A contact sheet of samples, for people to look at.

use image::{Rgb, RgbImage};
use kr_lpr::frame::PixelFormat;
use kr_lpr::geometry::{Point, Quad};

use super::Sample;

/// Width and height of a cell, and how many stand in a row.
const CELL: (u32, u32) = (330, 170);
const COLUMNS: u32 = 5;

/// Lays out `samples` in rows of five. Each is scaled to its cell; `outlines` draws the plate and the character boxes.
pub fn sheet(samples: &[Sample], outlines: bool) -> RgbImage {
    let rows = (samples.len() as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbImage::from_pixel(CELL.0 * COLUMNS, CELL.1 * rows, Rgb([96, 96, 112]));
    for (index, sample) in samples.iter().enumerate() {
        let (x0, y0) = (index as u32 % COLUMNS * CELL.0, index as u32 / COLUMNS * CELL.1);
        let scale = ((CELL.0 - 6) as f32 / sample.width as f32).min((CELL.1 - 6) as f32 / sample.height as f32);
        let (width, height) = ((sample.width as f32 * scale) as u32, (sample.height as f32 * scale) as u32);
        for y in 0..height {
            for x in 0..width {
                let (sx, sy) = ((x as f32 + 0.5) / scale, (y as f32 + 0.5) / scale);
                sheet.put_pixel(x0 + x, y0 + y, Rgb(pixel(sample, sx, sy)));
            }
        }
        if outlines {
            draw(&mut sheet, &sample.quad, (x0, y0), scale, Rgb([255, 64, 64]));
            for quad in &sample.boxes {
                draw(&mut sheet, quad, (x0, y0), scale, Rgb([64, 220, 64]));
            }
        }
    }
    sheet
}

/// The bilinear colour at a place of the frame.
fn pixel(sample: &Sample, x: f32, y: f32) -> [u8; 3] {
    let channels = sample.format.channels();
    let (x, y) = ((x - 0.5).max(0.0), (y - 0.5).max(0.0));
    let (x0, y0) = (x as usize, y as usize);
    let (fx, fy) = (x - x0 as f32, y - y0 as f32);
    let value = |x: usize, y: usize, c: usize| {
        let (x, y) = (x.min(sample.width as usize - 1), y.min(sample.height as usize - 1));
        let c = if sample.format == PixelFormat::Grey { 0 } else { c };
        f32::from(sample.pixels[(y * sample.width as usize + x) * channels + c])
    };
    [0, 1, 2].map(|c| {
        let top = value(x0, y0, c) * (1.0 - fx) + value(x0 + 1, y0, c) * fx;
        let bottom = value(x0, y0 + 1, c) * (1.0 - fx) + value(x0 + 1, y0 + 1, c) * fx;
        (top * (1.0 - fy) + bottom * fy).round() as u8
    })
}

fn draw(sheet: &mut RgbImage, quad: &Quad, (x0, y0): (u32, u32), scale: f32, colour: Rgb<u8>) {
    let corners = quad.corners();
    for (index, from) in corners.iter().enumerate() {
        line(sheet, *from, corners[(index + 1) % 4], (x0, y0), scale, colour);
    }
}

fn line(sheet: &mut RgbImage, from: Point, to: Point, (x0, y0): (u32, u32), scale: f32, colour: Rgb<u8>) {
    let steps = ((to.x - from.x).hypot(to.y - from.y) * scale).ceil().max(1.0) as usize;
    for step in 0..=steps {
        let t = step as f32 / steps as f32;
        let x = x0 as f32 + (from.x + (to.x - from.x) * t) * scale;
        let y = y0 as f32 + (from.y + (to.y - from.y) * t) * scale;
        if x >= x0 as f32 && y >= y0 as f32 && x < (x0 + CELL.0) as f32 && y < (y0 + CELL.1) as f32 {
            sheet.put_pixel(x as u32, y as u32, colour);
        }
    }
}
