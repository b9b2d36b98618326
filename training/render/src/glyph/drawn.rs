//! The secondary faces, composed: gothic Hangul and the digits of green plates.
//!
//! A pen keeps its thickness when a glyph is fitted to a box ([`super::GlyphStyle`]), yet the plates stretch some of
//! these glyphs whole: the syllables of a stacked region and the first line of a green plate. Such a glyph has
//! a second drawing under its name with [`WIDE`] appended; [`Glyphs::get_for`] picks the one whose box is nearer.

use kurbo::{Affine, Rect};

use super::compose::{self, EM_HEIGHT, EM_WIDTH};
use super::green::{self, DigitCell};
use super::mark::Mark;
use super::{Face, Glyph, Glyphs};

/// Ends the name of a glyph drawn for a box wider than tall.
pub const WIDE: &str = "-wide";

/// The Hangul of green plates: every use letter, those of 1973 to 1995 last.
pub const LETTERS: &str = "가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호바사아자배\
                           차카타파처커터퍼초코토포추쿠투푸후그느드르므브스으즈츠크트프흐";

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

/// The digits of the green national plates, 2004 to 2006, in the second and in the first line. Strokes were measured on
/// photographs.
pub(super) const NATIONAL: [DigitCell; 2] = [
    DigitCell { width: 65.0, height: 92.0, pen: [12.8, 12.0] },
    DigitCell { width: 47.0, height: 39.0, pen: [8.4, 5.7] },
];

/// The digits of the green plates with region in the second and in the first line.
pub(super) const REGIONAL: [DigitCell; 2] = [
    DigitCell { width: 47.0, height: 90.0, pen: [9.6, 9.2] },
    DigitCell { width: 31.0, height: 40.0, pen: [5.8, 4.8] },
];

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

/// Hangul of the gothic face, read by eye off annexes 3, 4 and 6 of the plate regulation and photographs.
pub(super) fn gothic() -> Vec<(String, Glyph)> {
    let regions = REGION_SYLLABLES.chars().filter(|&c| !LETTERS.contains(c));
    let letters = LETTERS.chars().map(|c| (c, LETTER_MM));
    let rare = RARE_SYLLABLES.chars().map(|c| (c, RARE_MM));
    let cells: Vec<(char, (f64, f64))> = letters.chain(regions.map(|c| (c, REGION_MM))).chain(rare).collect();
    let plain = cells.iter().filter_map(|&(syllable, cell)| Some((syllable.to_string(), hangul(syllable, cell)?)));
    let wide =
        cells.iter().filter_map(|&(syllable, _)| Some((format!("{syllable}{WIDE}"), hangul(syllable, WIDE_MM)?)));
    plain.chain(wide).collect()
}

fn hangul(syllable: char, (width, height): (f64, f64)) -> Option<Glyph> {
    let drawing = compose::syllable(syllable)?;
    let (sx, sy) = (width / EM_WIDTH, height / EM_HEIGHT);
    let pen = [drawing.pen[0] * sx, drawing.pen[1] * sy];
    let marks = drawing.marks.into_iter().map(|mark| mark.placed(Affine::scale_non_uniform(sx, sy)));
    let marks: Vec<Mark> = marks.collect();
    let ink = marks.iter().map(|mark| mark.extent(pen)).reduce(|a, b| a.union(b))?;
    Some(glyph(Rect::new(0.0, 0.0, width, height), ink, marks, pen))
}

/// The digits of a green face: those of its second line, and under names with [`WIDE`] those of its first.
pub(super) fn digits(cells: [DigitCell; 2]) -> Vec<(String, Glyph)> {
    let suffixed = cells.into_iter().zip(["", WIDE]);
    suffixed
        .flat_map(|(cell, suffix)| (0..10).filter_map(move |n| Some((format!("{n}{suffix}"), digit(n, cell)?))))
        .collect()
}

fn digit(digit: u32, cell: DigitCell) -> Option<Glyph> {
    // The 1 is as wide as its stroke and stands in the middle of the block.
    let width = if digit == 1 { cell.pen[0] } else { cell.width };
    let margin = (cell.width - width) / 2.0;
    let block = Rect::new(-margin, 0.0, width + margin, cell.height);
    Some(glyph(block, Rect::new(0.0, 0.0, width, cell.height), green::digit(digit, cell)?, cell.pen))
}

fn glyph(block: Rect, ink: Rect, marks: Vec<Mark>, pen: [f64; 2]) -> Glyph {
    Glyph::new(block, ink, marks.into_iter().map(|mark| mark.part(pen)).collect(), None, false)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::glyph::GlyphStyle;

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
        assert_eq!(LETTERS.chars().count(), 40 + 8 + 23);
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
