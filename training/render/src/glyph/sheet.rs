//! A contact sheet of one face, to look at.

use image::{Rgb, RgbImage};
use tiny_skia::Transform;

use super::{Face, GlyphStyle, Glyphs, coverage};
use crate::contact_sheet::ContactSheet;

const PX_PER_MM: f32 = 2.0;
const COLUMNS: u32 = 10;
/// Cell of the sheet: the largest design block with some margin, mm.
const CELL_MM: [f32; 2] = [80.0, 120.0];

/// Draws every glyph of `face` black on white at its design size, in the asset's order, ten a row. A grey line frames
/// the design block, and the running number stands above.
pub fn sheet(glyphs: &Glyphs, face: Face) -> RgbImage {
    let count = glyphs.iter(face).count();
    let mut sheet = ContactSheet::new(count, CELL_MM.map(|mm| (mm * PX_PER_MM) as u32), COLUMNS, [255; 3]);
    for (i, (_, glyph)) in glyphs.iter(face).enumerate() {
        let [x, y] = sheet.cell(i).origin.map(|px| px as f32 / PX_PER_MM);
        let image = sheet.image_mut();
        for (k, digit) in i.to_string().chars().enumerate() {
            if let Some(digit) = glyphs.get(Face::Plate2006, &digit.to_string()) {
                let mut style = GlyphStyle::new(3.0, 6.0);
                style.stroke_mm = Some(0.9);
                draw(image, digit, &style, (x + 4.0 + 5.0 * k as f32, y + 3.0));
            }
        }
        let block = glyph.design_block();
        let ink = glyph.fit(x + 12.0, y + 12.0, block.0, block.1);
        frame(image, (x + 12.0, y + 12.0), block);
        draw(image, glyph, &GlyphStyle::new(ink.width, ink.height), (ink.x, ink.y));
    }
    sheet.into_image()
}

fn draw(image: &mut RgbImage, glyph: &super::Glyph, style: &GlyphStyle, at: (f32, f32)) {
    let transform = Transform::from_translate(at.0, at.1).post_scale(PX_PER_MM, PX_PER_MM);
    if let Some(mask) = coverage(&glyph.path(style), transform, image.width(), image.height()) {
        for (pixel, covered) in image.pixels_mut().zip(mask.data()) {
            pixel.0 = pixel.0.map(|value| value.min(255 - covered));
        }
    }
}

fn frame(image: &mut RgbImage, at: (f32, f32), size: (f32, f32)) {
    let px = |mm: f32| (mm * PX_PER_MM).round() as u32;
    let (x0, y0, x1, y1) = (px(at.0), px(at.1), px(at.0 + size.0), px(at.1 + size.1));
    for x in x0..=x1 {
        for y in [y0, y1] {
            image.put_pixel(x, y, Rgb([200; 3]));
        }
    }
    for y in y0..=y1 {
        for x in [x0, x1] {
            image.put_pixel(x, y, Rgb([200; 3]));
        }
    }
}
