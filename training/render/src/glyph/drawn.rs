//! The assets of the secondary faces, drawn: gothic Hangul and the digits of green plates.
//!
//! A pen keeps its thickness when a glyph is fitted to a box ([`super::GlyphStyle`]), yet the plates stretch some of
//! these glyphs whole: the syllables of a stacked region and the first line of a green plate. Such a glyph has
//! a second drawing under its name with [`WIDE`] appended; [`Glyphs::get_for`] picks the one whose box is nearer.

use kurbo::{Affine, BezPath, Cap, Join, PathEl, Point, Rect, Shape, Stroke, StrokeOpts};
use serde_json::{Value, json};

use super::compose::{self, EM_HEIGHT, EM_WIDTH};
use super::green::{self, DigitCell};
use super::{Face, Glyph, Glyphs};

/// Ends the name of a glyph drawn for a box wider than tall.
pub const WIDE: &str = "-wide";

/// The Hangul of green plates: every use letter.
pub const LETTERS: &str = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호바사아자배";

/// The syllables that spell the 17 regions.
pub const REGION_SYLLABLES: &str = "서울부산대구인천광주전세종경기강원충북남제";

/// What rare plates alone have: letters of the forces, syllables of the words of diplomats, and 임. The words' other
/// syllables are among the letters and the regions.
pub const RARE_SYLLABLES: &str = "국합육해공외교영준협정표빈임";

/// Cell of those, mm: about that of a letter on today's plates.
const RARE_MM: (f64, f64) = (48.0, 65.0);

/// Cell of a letter, mm: the one left of the serial on plates of 335 x 170 mm.
const LETTER_MM: (f64, f64) = (60.0, 60.0);

/// Cell of a region's syllable beside the other, mm: half of 71 x 40 mm less the gap.
const REGION_MM: (f64, f64) = (34.0, 40.0);

/// Cell of a syllable drawn wide, mm: a region's above the other, or a letter in the first line of a green plate.
const WIDE_MM: (f64, f64) = (45.0, 36.5);

/// The digits of 2004 in the second and in the first line. Strokes were measured on photographs.
const NATIONAL: [DigitCell; 2] = [
    DigitCell { width: 65.0, height: 92.0, pen: [12.8, 12.0] },
    DigitCell { width: 47.0, height: 39.0, pen: [8.4, 5.7] },
];

/// The digits of 1996 in the second and in the first line.
const REGIONAL: [DigitCell; 2] = [
    DigitCell { width: 47.0, height: 90.0, pen: [9.6, 9.2] },
    DigitCell { width: 31.0, height: 40.0, pen: [5.8, 4.8] },
];

/// How far a stroke's outline may stray when its extent is measured, mm.
const TOLERANCE: f64 = 0.005;

/// One part of a glyph before it becomes an asset.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A centre line that the glyph's pen follows.
    Line(BezPath),
    /// The outer box of an elliptic band.
    Ring(Rect),
    /// An outline.
    Fill(BezPath),
}

impl Mark {
    /// The mark moved by `place`, which turns nothing but by half a circle.
    pub(super) fn placed(self, place: Affine) -> Mark {
        match self {
            Mark::Line(line) => Mark::Line(place * line),
            Mark::Ring(outer) => Mark::Ring(place.transform_rect_bbox(outer)),
            Mark::Fill(outline) => Mark::Fill(place * outline),
        }
    }

    /// The box of the ink.
    fn extent(&self, pen: [f64; 2]) -> Rect {
        match self {
            Mark::Line(line) => {
                let stretch = pen[0] / pen[1];
                let style = Stroke::new(pen[0]).with_caps(Cap::Butt).with_join(Join::Miter);
                let round = Affine::scale_non_uniform(1.0, stretch) * line;
                let outline = kurbo::stroke(round, &style, &StrokeOpts::default(), TOLERANCE);
                Affine::scale_non_uniform(1.0, 1.0 / stretch).transform_rect_bbox(outline.bounding_box())
            }
            Mark::Ring(outer) => *outer,
            Mark::Fill(outline) => outline.bounding_box(),
        }
    }
}

impl Glyphs {
    /// The drawing of `name` for a cell of `width` x `height` in any unit: the wide one where the face has it and its
    /// proportions are nearer.
    pub fn get_for(&self, face: Face, name: &str, width: f32, height: f32) -> Option<&Glyph> {
        let plain = self.get(face, name)?;
        let stretch =
            |glyph: &Glyph| (f64::from(width / height) * glyph.block.height() / glyph.block.width()).ln().abs();
        Some(self.get(face, &format!("{name}{WIDE}")).filter(|wide| stretch(wide) < stretch(plain)).unwrap_or(plain))
    }
}

/// The text of the asset of `face`, or `None` for a face whose asset is written by hand.
pub fn asset(face: Face) -> Option<String> {
    let (source, glyphs) = match face {
        Face::Plate2006 => return None,
        Face::Gothic => ("read by eye off annexes 3, 4 and 6 of the plate regulation and photographs", gothic()),
        Face::Green2004 => ("read by eye off photographs of plates of 2004", digits(NATIONAL)),
        Face::Green1996 => ("read by eye off photographs of plates of 1996", digits(REGIONAL)),
    };
    let lines = glyphs.iter().map(|glyph| format!("    {glyph}")).collect::<Vec<_>>().join(",\n");
    let name = face.name();
    let head = format!("  \"face\": \"{name}\",\n  \"source\": \"{source}; drawn by src/glyph/drawn.rs\",\n");
    Some(format!("{{\n{head}  \"glyphs\": [\n{lines}\n  ]\n}}\n"))
}

fn gothic() -> Vec<Value> {
    let regions = REGION_SYLLABLES.chars().filter(|&c| !LETTERS.contains(c));
    let letters = LETTERS.chars().map(|c| (c, LETTER_MM));
    let rare = RARE_SYLLABLES.chars().map(|c| (c, RARE_MM));
    let cells: Vec<(char, (f64, f64))> = letters.chain(regions.map(|c| (c, REGION_MM))).chain(rare).collect();
    let plain = cells.iter().filter_map(|&(syllable, cell)| hangul(syllable, cell, &syllable.to_string()));
    let wide = cells.iter().filter_map(|&(syllable, _)| hangul(syllable, WIDE_MM, &format!("{syllable}{WIDE}")));
    plain.chain(wide).collect()
}

fn hangul(syllable: char, (width, height): (f64, f64), name: &str) -> Option<Value> {
    let drawing = compose::syllable(syllable)?;
    let (sx, sy) = (width / EM_WIDTH, height / EM_HEIGHT);
    let pen = [rounded(drawing.pen[0] * sx), rounded(drawing.pen[1] * sy)];
    let marks = drawing.marks.into_iter().map(|mark| mark.placed(Affine::scale_non_uniform(sx, sy)));
    let marks: Vec<Mark> = marks.collect();
    let ink = marks.iter().map(|mark| mark.extent(pen)).reduce(|a, b| a.union(b))?;
    Some(glyph(name, Rect::new(0.0, 0.0, width, height), ink, &marks, pen))
}

fn digits(cells: [DigitCell; 2]) -> Vec<Value> {
    let suffixed = cells.into_iter().zip(["", WIDE]);
    suffixed.flat_map(|(cell, suffix)| (0..10).filter_map(move |n| digit(n, cell, &format!("{n}{suffix}")))).collect()
}

fn digit(digit: u32, cell: DigitCell, name: &str) -> Option<Value> {
    // The 1 is as wide as its stroke and stands in the middle of the block.
    let width = if digit == 1 { cell.pen[0] } else { cell.width };
    let margin = (cell.width - width) / 2.0;
    let block = Rect::new(-margin, 0.0, width + margin, cell.height);
    Some(glyph(name, block, Rect::new(0.0, 0.0, width, cell.height), &green::digit(digit, cell)?, cell.pen))
}

fn glyph(name: &str, block: Rect, ink: Rect, marks: &[Mark], pen: [f64; 2]) -> Value {
    let sides = |rect: &Rect| [rect.x0, rect.y0, rect.x1, rect.y1].map(rounded);
    let part = |mark: &Mark| match mark {
        Mark::Line(line) => json!({ "stroke": data(line), "pen": pen }),
        Mark::Ring(outer) => json!({ "ring": sides(outer), "pen": pen }),
        Mark::Fill(outline) => json!({ "fill": data(outline) }),
    };
    let parts: Vec<Value> = marks.iter().map(part).collect();
    json!({ "name": name, "block": sides(&block), "ink": sides(&ink), "parts": parts })
}

/// Path data to a hundredth of a millimetre.
fn data(path: &BezPath) -> String {
    let round = |p: Point| Point::new(rounded(p.x), rounded(p.y));
    let elements = path.elements().iter().map(|element| match *element {
        PathEl::MoveTo(p) => PathEl::MoveTo(round(p)),
        PathEl::LineTo(p) => PathEl::LineTo(round(p)),
        PathEl::QuadTo(a, p) => PathEl::QuadTo(round(a), round(p)),
        PathEl::CurveTo(a, b, p) => PathEl::CurveTo(round(a), round(b), round(p)),
        PathEl::ClosePath => PathEl::ClosePath,
    });
    elements.collect::<BezPath>().to_svg()
}

/// To a hundredth, without a negative zero.
fn rounded(value: f64) -> f64 {
    (value * 100.0).round() / 100.0 + 0.0
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::glyph::GlyphStyle;

    /// Says so when an asset is out of date; `REDRAW_GLYPHS=1 cargo test` writes it anew.
    #[test]
    fn assets_are_as_drawn() {
        for face in [Face::Gothic, Face::Green2004, Face::Green1996] {
            let drawn = asset(face).unwrap();
            if std::env::var_os("REDRAW_GLYPHS").is_some() {
                let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/glyphs");
                std::fs::write(format!("{folder}/{}.json", face.name()), &drawn).unwrap();
            } else {
                assert_eq!(face.source(), drawn, "{} is out of date", face.name());
            }
        }
    }

    #[test]
    fn faces_are_complete_and_draw() {
        let glyphs = Glyphs::load().unwrap();
        let syllables = LETTERS.chars().chain(REGION_SYLLABLES.chars()).chain(RARE_SYLLABLES.chars());
        let syllables = syllables.flat_map(|c| [(Face::Gothic, c.to_string()), (Face::Gothic, format!("{c}{WIDE}"))]);
        let digits = [Face::Green2004, Face::Green1996]
            .into_iter()
            .flat_map(|face| (0..10).flat_map(move |n| [(face, n.to_string()), (face, format!("{n}{WIDE}"))]));
        for (face, name) in syllables.chain(digits) {
            let glyph = glyphs.get(face, &name).unwrap_or_else(|| panic!("no {name} in {}", face.name()));
            let (width, height) = glyph.ink();
            let bounds = glyph.path(&GlyphStyle::new(width, height)).bounds();
            let off = [bounds.left(), bounds.top(), width - bounds.right(), height - bounds.bottom()];
            assert!(off.iter().all(|d| d.abs() < 0.3), "{name} in {}: {off:?}", face.name());
        }
        assert_eq!(LETTERS.chars().count(), 40);
        assert_eq!(REGION_SYLLABLES.chars().count(), 21);
    }

    #[test]
    fn box_chooses_the_drawing() {
        let glyphs = Glyphs::load().unwrap();
        let ink = |name, width, height| glyphs.get_for(Face::Gothic, name, width, height).unwrap().ink();
        assert_eq!(ink("울", 45.0, 36.0), glyphs.get(Face::Gothic, "울-wide").unwrap().ink());
        assert_eq!(ink("울", 34.0, 40.0), glyphs.get(Face::Gothic, "울").unwrap().ink());
        assert_eq!(ink("가", 60.0, 60.0), glyphs.get(Face::Gothic, "가").unwrap().ink());
        assert!(glyphs.get_for(Face::Gothic, "뷁", 1.0, 1.0).is_none());
    }
}
