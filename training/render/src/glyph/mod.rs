//! The typefaces of South Korean plates as outlines: loading, and drawing one glyph into a box of any size.
//!
//! A glyph is a set of pen strokes along centre lines, in the millimetres of the drawings in the plate regulation
//! (one cell, y down). A stroke keeps its thickness when the glyph is fitted to a narrower or wider box, as the real
//! condensed digits do, and a heavier weight grows inwards: the ink box stays what the caller asked for.
//!
//! The face of today's plates is data, `assets/glyphs/plate2006.json` ([`asset`] describes the format); the others are
//! composed of few strokes by [`drawn`].

pub mod asset;
mod axis;
mod compose;
pub mod drawn;
mod green;
mod jamo;
mod mark;
mod outline;
mod polygon;
mod raster;
mod sheet;

use std::collections::HashMap;

use anyhow::{Context, Result};
use axis::Axis;
use kurbo::Rect;
use outline::Part;

pub use outline::GlyphStyle;
pub use raster::coverage;
pub use sheet::sheet;

/// One typeface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Face {
    /// Digits and letters of the plates issued since November 2006.
    Plate2006,
    /// Ordinary bold gothic Hangul: the regions of yellow plates and the Hangul of green ones.
    Gothic,
    /// Digits of the green national plates of 2004.
    Green2004,
    /// Digits of the green regional plates of 1996.
    Green1996,
}

impl Face {
    /// Every face.
    pub const ALL: [Face; 4] = [Face::Plate2006, Face::Gothic, Face::Green2004, Face::Green1996];

    /// The name of the face and of its asset file.
    pub fn name(self) -> &'static str {
        match self {
            Face::Plate2006 => "plate2006",
            Face::Gothic => "gothic",
            Face::Green2004 => "green2004",
            Face::Green1996 => "green1996",
        }
    }

    /// The face called `name`.
    pub fn from_name(name: &str) -> Option<Face> {
        Face::ALL.into_iter().find(|face| face.name() == name)
    }

    fn glyphs(self) -> Result<Vec<(String, Glyph)>> {
        match self {
            Face::Plate2006 => asset::parse(include_str!("../../assets/glyphs/plate2006.json")),
            Face::Gothic => Ok(drawn::gothic()),
            Face::Green2004 => Ok(drawn::digits(drawn::NATIONAL)),
            Face::Green1996 => Ok(drawn::digits(drawn::REGIONAL)),
        }
    }
}

/// One glyph, ready to be drawn. Lengths are millimetres in the cell of the regulation's drawing, y down.
#[derive(Clone, Debug)]
pub struct Glyph {
    ink: Rect,
    block: Rect,
    parts: Vec<Part>,
    x: Axis,
    y: Axis,
    stem: f64,
}

impl Glyph {
    /// A glyph of `parts`, whose ink fills the box `ink`; `stem` is by default the widest pen, `even` as the asset has it.
    fn new(block: Rect, ink: Rect, parts: Vec<Part>, stem: Option<f64>, even: bool) -> Glyph {
        let stem = stem.unwrap_or_else(|| parts.iter().map(Part::stem).fold(0.0, f64::max));
        let uprights = parts.iter().flat_map(Part::uprights).collect();
        let bars = parts.iter().flat_map(Part::bars).collect();
        let x = Axis::new(ink.x0, ink.x1, stem / 2.0, even, uprights);
        let y = Axis::new(ink.y0, ink.y1, stem / 2.0, even, bars);
        Glyph { ink, block, parts, x, y, stem }
    }

    /// Width and height of the ink box at the design size, mm.
    pub fn ink(&self) -> (f32, f32) {
        (self.ink.width() as f32, self.ink.height() as f32)
    }

    /// Thickness of a vertical stroke at the design size, mm: what [`GlyphStyle::stroke_mm`] replaces.
    pub fn stem(&self) -> f32 {
        self.stem as f32
    }

    /// Width and height of the design block, mm: what all glyphs of one kind share.
    pub fn design_block(&self) -> (f32, f32) {
        (self.block.width() as f32, self.block.height() as f32)
    }

    /// Where the ink falls when the design block, which all glyphs of one kind share, is laid on a block with its
    /// top-left corner at (`x`, `y`) and the given size: x, y, width and height of the ink box in the same unit.
    ///
    /// Letters differ a little in width (가 is 45.7 mm, 고 46.8 mm) and stand differently in the block, which this keeps.
    pub fn fit(&self, x: f32, y: f32, width: f32, height: f32) -> InkBox {
        let (sx, sy) = (f64::from(width) / self.block.width(), f64::from(height) / self.block.height());
        InkBox {
            x: x + ((self.ink.x0 - self.block.x0) * sx) as f32,
            y: y + ((self.ink.y0 - self.block.y0) * sy) as f32,
            width: (self.ink.width() * sx) as f32,
            height: (self.ink.height() * sy) as f32,
        }
    }
}

/// An ink box placed on a plate; the unit is the caller's, usually mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InkBox {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

/// All faces.
#[derive(Clone, Debug)]
pub struct Glyphs {
    faces: HashMap<Face, Vec<(String, Glyph)>>,
}

impl Glyphs {
    /// Parses the embedded asset and composes the other faces.
    ///
    /// # Errors
    /// When the asset is not of the format that [`asset`] describes; the message names face and glyph.
    pub fn load() -> Result<Glyphs> {
        let mut faces = HashMap::new();
        for face in Face::ALL {
            let glyphs = face.glyphs().with_context(|| format!("glyphs of face {}", face.name()))?;
            faces.insert(face, glyphs);
        }
        Ok(Glyphs { faces })
    }

    /// The glyph that spells `name` (one digit or one NFC syllable), if the face has it.
    pub fn get(&self, face: Face, name: &str) -> Option<&Glyph> {
        self.iter(face).find(|(n, _)| *n == name).map(|(_, glyph)| glyph)
    }

    /// The glyphs of one face with what they spell, in the order of the asset.
    pub fn iter(&self, face: Face) -> impl Iterator<Item = (&str, &Glyph)> {
        self.faces.get(&face).into_iter().flatten().map(|(name, glyph)| (name.as_str(), glyph))
    }
}

#[cfg(test)]
mod tests;
