//! What a plate says, drawn beneath its picture: in the plates' own typefaces, which are at hand wherever plates are drawn.

use image::{Rgb, RgbImage};
use kr_lpr::labels::Label;
use tiny_skia::Transform;

use crate::glyph::{Face, Glyph, GlyphStyle, Glyphs, coverage};

/// Rows of a question mark, the bits of each from the left.
const QUESTION: [u8; 8] = [0b01110, 0b11011, 0b00011, 0b00110, 0b01100, 0b01100, 0b00000, 0b01100];

/// Draws labels into pictures.
pub struct Captions {
    glyphs: Glyphs,
}

impl Captions {
    /// Loads the typefaces.
    ///
    /// # Errors
    /// When an asset is damaged.
    pub fn new() -> anyhow::Result<Captions> {
        Ok(Captions { glyphs: Glyphs::load()? })
    }

    /// Writes `labels` with its top-left corner at `x`, `y`, `height` pixels high; `?` stands out.
    pub fn draw(&self, image: &mut RgbImage, [x, y]: [u32; 2], height: u32, labels: &[Label]) {
        let mut left = x;
        for label in labels {
            for syllable in label.name().chars() {
                let wide = if syllable.is_ascii() { height * 11 / 20 } else { height };
                if *label == Label::UNKNOWN {
                    question(image, [left, y], height);
                } else if let Some(glyph) = self.glyph(syllable) {
                    place(image, glyph, [left, y], [wide, height]);
                }
                left += wide + height / 6;
            }
        }
    }

    fn glyph(&self, syllable: char) -> Option<&Glyph> {
        let name = syllable.to_string();
        [Face::Plate2006, Face::Gothic].into_iter().find_map(|face| self.glyphs.get(face, &name))
    }
}

fn place(image: &mut RgbImage, glyph: &Glyph, [x, y]: [u32; 2], [width, height]: [u32; 2]) {
    let (ink_width, ink_height) = glyph.ink();
    let path = glyph.path(&GlyphStyle::new(ink_width, ink_height));
    let scale = Transform::from_scale(width as f32 / ink_width, height as f32 / ink_height);
    let Some(mask) = coverage(&path, scale, width, height) else { return };
    for (at, &cover) in mask.data().iter().enumerate() {
        let (px, py) = (x + at as u32 % width, y + at as u32 / width);
        if px < image.width() && py < image.height() {
            let Rgb(below) = *image.get_pixel(px, py);
            let mixed = below.map(|value| value + ((255 - value) as u32 * u32::from(cover) / 255) as u8);
            image.put_pixel(px, py, Rgb(mixed));
        }
    }
}

fn question(image: &mut RgbImage, [x, y]: [u32; 2], height: u32) {
    for row in 0..height {
        for column in 0..height * 5 / 8 {
            let bits = QUESTION[(row * 8 / height) as usize];
            let bit = bits >> (4 - (column * 8 / height).min(4)) & 1;
            if bit == 1 && x + column < image.width() && y + row < image.height() {
                image.put_pixel(x + column, y + row, Rgb([255, 96, 64]));
            }
        }
    }
}
