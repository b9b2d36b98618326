//! Where the characters of each kind of plate stand, in millimetres.
//!
//! Cells are those of the regulation's annexes (notice 2018-529 of the transport ministry, annexes 1 to 6, 2-1 and 18);
//! the film plate, the corporate plate and the green plates follow measurements of published drawings and photographs.

use super::kind::Slot;
use super::{PlateKind, PlateText};
use crate::geometry::{Homography, Point, Quad};
use crate::labels::LabelClass;

/// A box of ink, mm from the plate's top-left corner: x, y, width, height.
pub type Cell = [f32; 4];

/// A row of equal cells for digits, mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Row {
    /// Left edge of the first cell.
    pub x: f32,
    /// From one cell to the next.
    pub pitch: f32,
    /// Upper edge of the ink.
    pub top: f32,
    /// Height of the ink.
    pub height: f32,
    /// Width of the ink of a "0", which stands in the middle of its cell.
    pub ink: f32,
}

impl Row {
    /// The ink of the digit number `index`, from 0.
    pub fn cell(&self, index: usize) -> Cell {
        let x = self.x + self.pitch * index as f32 + (self.pitch - self.ink) / 2.0;
        [x, self.top, self.ink, self.height]
    }

    fn stretched(self, sx: f32, sy: f32) -> Row {
        let Row { x, pitch, top, height, ink } = self;
        Row { x: x * sx, pitch: pitch * sx, top: top * sy, height: height * sy, ink: ink * sx }
    }
}

/// What part of a text a glyph belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The region, or the word in place of the use letter.
    Region,
    /// The class code.
    Class,
    /// The use letter.
    Letter,
    /// The first digits of a serial that does not stand in one row.
    SerialHead,
    /// The serial, or the rest of it.
    Serial,
}

/// One syllable or digit of a text and where it stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Index of the character in [`PlateText::labels`]; both syllables of a region or a word have the same.
    pub character: usize,
    /// The syllable or digit.
    pub syllable: char,
    /// What it is part of.
    pub part: Part,
    /// Its ink, as wide as the widest glyph of its sort.
    pub cell: Cell,
}

/// Where the characters of a kind of plate stand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Width and height of the plate, mm.
    pub size: [f32; 2],
    /// The syllables of a region, or of a word.
    pub region: Option<[Cell; 2]>,
    /// The class code.
    pub class: Row,
    /// The use letter.
    pub letter: Cell,
    /// The serial.
    pub serial: Row,
    /// How many of the serial's first digits stand elsewhere, and where.
    pub serial_head: Option<(usize, Row)>,
}

impl Layout {
    /// The layout of plates of `kind` that carry texts like `text`, the usual one where there are several; `None` for
    /// diplomatic plates, temporary ones and those of construction machinery before 2022, whose several arrangements no
    /// drawing decides between. Those of military, construction and motorcycle plates are not verified either, but similar
    /// ones are drawn.
    pub fn of(kind: PlateKind, text: &PlateText) -> Option<Layout> {
        Layout::with_class_digits(kind, text.class_digits())
    }

    fn with_class_digits(kind: PlateKind, class_digits: usize) -> Option<Layout> {
        let layout = match (kind, class_digits) {
            (PlateKind::PrivateLong | PlateKind::Military, _) | (PlateKind::Ev, 2) => Layout::long_2006(),
            (PlateKind::Private8 | PlateKind::Ev | PlateKind::Construction, _) => Layout::long_2019(),
            (PlateKind::PrivateFilm | PlateKind::Corporate, _) => Layout::film(),
            (PlateKind::PrivateShort, _) => Layout::private_short(),
            (PlateKind::PrivateLarge, _) => Layout::private_large(),
            (PlateKind::CommercialLong, _) => Layout::commercial_long(),
            (PlateKind::CommercialDouble, _) => Layout::commercial(),
            (PlateKind::GreenNational, _) => Layout::green_national(),
            (PlateKind::GreenRegion, digits) => Layout::green_region(digits, 0.0),
            (PlateKind::Motorcycle, _) => Layout::motorcycle(0.0),
            (PlateKind::Diplomatic | PlateKind::Temporary | PlateKind::ConstructionOld, _) => return None,
        };
        Some(layout)
    }

    /// A long plate of one row: left edge of the first cell, pitch, width of the letter's cell, bearing left of the letter.
    pub fn long(x: f32, pitch: f32, class_digits: usize, letter_cell: f32, bearing: f32) -> Layout {
        let row = |x| Row { x, pitch, top: 17.5, height: 75.0, ink: 41.0 };
        let letter_x = x + pitch * class_digits as f32;
        Layout {
            size: [520.0, 110.0],
            region: None,
            class: row(x),
            letter: [letter_x + bearing, 23.9, 46.8, 64.8],
            serial: row(letter_x + letter_cell),
            serial_head: None,
        }
    }

    /// Seven characters, annex 2.
    pub fn long_2006() -> Layout {
        Layout::long(44.0, 56.0, 2, 96.0, 4.6)
    }

    /// Eight characters as they are made today.
    pub fn long_2019() -> Layout {
        Layout::long(30.0, 55.0, 3, 75.0, 5.0)
    }

    /// Eight characters beside a strip of film.
    pub fn film() -> Layout {
        Layout::long(65.0, 50.0, 3, 85.0, 10.0)
    }

    /// A plate of the 2006 series with everything in one row over a wide upper margin: width of the letter's cell, width and
    /// height of the letter.
    fn short(size: [f32; 2], row: Row, letter_cell: f32, [width, height]: [f32; 2]) -> Layout {
        let (letter_x, bottom) = (row.x + 2.0 * row.pitch, row.top + row.height);
        let letter = [letter_x + (letter_cell - width) / 2.0, bottom - height, width, height];
        let serial = Row { x: letter_x + letter_cell, ..row };
        Layout { size, region: None, class: row, letter, serial, serial_head: None }
    }

    /// Annex 1.
    pub fn private_short() -> Layout {
        let row = Row { x: 8.0, pitch: 45.0, top: 50.5, height: 75.0, ink: 34.5 };
        Layout::short([335.0, 155.0], row, 49.0, [38.0, 58.0])
    }

    /// Annex 5.
    pub fn private_large() -> Layout {
        let row = Row { x: 11.0, pitch: 59.0, top: 64.5, height: 96.0, ink: 46.5 };
        Layout::short([440.0, 200.0], row, 64.0, [47.0, 77.0])
    }

    /// Annex 4.
    pub fn commercial_long() -> Layout {
        Layout {
            region: Some([[37.0, 17.5, 45.0, 36.5], [37.0, 56.5, 45.0, 36.5]]),
            letter: [201.6, 22.0, 45.0, 66.0],
            serial: Row { x: 268.0, pitch: 55.0, top: 17.5, height: 75.0, ink: 41.0 },
            ..Layout::long(87.0, 55.0, 2, 71.0, 4.6)
        }
    }

    /// Annex 3.
    pub fn commercial() -> Layout {
        Layout {
            size: [335.0, 170.0],
            region: Some([[91.0, 13.0, 34.0, 40.0], [128.0, 13.0, 34.0, 40.0]]),
            class: Row { x: 177.0, pitch: 38.0, top: 12.8, height: 40.5, ink: 29.6 },
            letter: [17.2, 74.4, 52.6, 60.0],
            serial: Row { x: 73.5, pitch: 62.0, top: 72.0, height: 84.0, ink: 48.5 },
            serial_head: None,
        }
    }

    /// Annex 6.
    pub fn commercial_large() -> Layout {
        Layout {
            size: [440.0, 220.0],
            region: Some([[117.0, 15.0, 47.0, 53.0], [168.0, 15.0, 47.0, 53.0]]),
            class: Row { x: 233.0, pitch: 50.0, top: 15.0, height: 53.0, ink: 39.7 },
            letter: [29.5, 91.5, 69.0, 83.0],
            serial: Row { x: 108.5, pitch: 78.0, top: 89.0, height: 106.0, ink: 61.5 },
            serial_head: None,
        }
    }

    /// The green plates of 2004.
    pub fn green_national() -> Layout {
        Layout {
            size: [335.0, 170.0],
            region: None,
            class: Row { x: 87.0, pitch: 55.0, top: 13.5, height: 40.0, ink: 43.0 },
            letter: [200.0, 12.5, 43.0, 42.0],
            serial: Row { x: 8.0, pitch: 80.0, top: 67.0, height: 89.0, ink: 60.0 },
            serial_head: None,
        }
    }

    /// The green plates of 1996, whose upper line is moved right by `shift` mm, or by 12 where the class code has one digit.
    pub fn green_region(class_digits: usize, shift: f32) -> Layout {
        let shift = if class_digits == 1 { 12.0 } else { shift };
        let region = 88.0 + shift;
        Layout {
            size: [335.0, 170.0],
            region: Some([[region, 13.0, 37.0, 37.0], [region + 41.0, 13.0, 37.0, 37.0]]),
            class: Row { x: 171.0 + shift, pitch: 39.0, top: 12.5, height: 38.0, ink: 30.0 },
            letter: [19.0, 65.0, 54.0, 58.0],
            serial: Row { x: 95.5, pitch: 56.6, top: 64.0, height: 88.0, ink: 46.0 },
            serial_head: None,
        }
    }

    /// `1가2` over `3456`, the digits of the upper line `spread` mm further out.
    pub fn motorcycle(spread: f32) -> Layout {
        let top = |x| Row { x, pitch: 40.0, top: 14.0, height: 48.0, ink: 29.0 };
        Layout {
            size: [210.0, 150.0],
            region: None,
            class: top(38.0 - spread),
            letter: [83.0, 14.0, 44.0, 47.0],
            serial: Row { x: 15.0, pitch: 45.0, top: 72.0, height: 64.0, ink: 34.0 },
            serial_head: Some((1, top(132.0 + spread))),
        }
    }

    /// The same on a plate `sx` times as wide and `sy` times as high.
    pub fn stretched(self, sx: f32, sy: f32) -> Layout {
        let cell = |[x, y, width, height]: Cell| [x * sx, y * sy, width * sx, height * sy];
        Layout {
            size: [self.size[0] * sx, self.size[1] * sy],
            region: self.region.map(|both| both.map(cell)),
            class: self.class.stretched(sx, sy),
            letter: cell(self.letter),
            serial: self.serial.stretched(sx, sy),
            serial_head: self.serial_head.map(|(digits, row)| (digits, row.stretched(sx, sy))),
        }
    }

    /// The glyphs of `text` in the order of [`PlateText::labels`].
    pub fn glyphs(&self, text: &PlateText) -> Vec<Glyph> {
        let mut glyphs = Vec::with_capacity(9);
        let (mut class_digits, mut serial_digits) = (0, 0);
        let mut letter_seen = false;
        for (character, label) in text.labels().into_iter().enumerate() {
            let mut push = |syllable, part, cell| glyphs.push(Glyph { character, syllable, part, cell });
            let mut syllables = label.name().chars();
            let Some(syllable) = syllables.next() else { continue };
            if let (Some(second), Some([one, two])) = (syllables.next(), self.region) {
                push(syllable, Part::Region, one);
                push(second, Part::Region, two);
                letter_seen |= label.class() == LabelClass::Diplomatic;
            } else if !syllable.is_ascii_digit() {
                letter_seen = true;
                push(syllable, Part::Letter, self.letter);
            } else if letter_seen {
                match self.serial_head {
                    Some((head, row)) if serial_digits < head => {
                        push(syllable, Part::SerialHead, row.cell(serial_digits));
                    }
                    Some((head, _)) => push(syllable, Part::Serial, self.serial.cell(serial_digits - head)),
                    None => push(syllable, Part::Serial, self.serial.cell(serial_digits)),
                }
                serial_digits += 1;
            } else {
                push(syllable, Part::Class, self.class.cell(class_digits));
                class_digits += 1;
            }
        }
        glyphs
    }

    /// The box of the character in that part of a text, mm: of a region, that of both syllables.
    fn cell(&self, slot: Slot, class_digit: usize) -> Cell {
        match (slot, self.region, self.serial_head) {
            (Slot::Region, Some([one, two]), _) => {
                let [x, y] = [0, 1].map(|axis| one[axis].min(two[axis]));
                let [right, bottom] = [0, 1].map(|axis| (one[axis] + one[axis + 2]).max(two[axis] + two[axis + 2]));
                [x, y, right - x, bottom - y]
            }
            (Slot::Region | Slot::Letter, _, _) => self.letter,
            (Slot::Class, _, _) => self.class.cell(class_digit),
            (Slot::Serial(index), _, Some((head, row))) if usize::from(index) < head => row.cell(index.into()),
            (Slot::Serial(index), _, head) => self.serial.cell(usize::from(index) - head.map_or(0, |(head, _)| head)),
        }
    }
}

/// Outlines of the characters of a text of `count` characters in a frame in which `plate` outlines the plate of `kind` that
/// carries it, in the order of [`PlateText::labels`]; a region or a word is one character. What the characters are does not
/// matter. `None` where no text of the kind has so many, or its arrangement is not known ([`Layout::of`]).
pub fn char_outlines(kind: PlateKind, count: usize, plate: &Quad) -> Option<Vec<Quad>> {
    // Of one kind no two formats are of the same length.
    let format = kind.formats().iter().find(|format| format.characters() == count)?;
    let layout = Layout::with_class_digits(kind, format.class_digits())?;
    let [width, height] = layout.size;
    let to_frame = Homography::between(&Quad::rect(0.0, 0.0, width, height).ok()?, plate);
    let outline = |place: usize| {
        let slot = format.slot(place)?;
        let [x, y, width, height] = layout.cell(slot, place - usize::from(format.has_region() && place > 0));
        let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)];
        // Within the plate, where the map takes convex quads to convex ones, unless they are of no size.
        Some(Quad::new(corners.map(|(x, y)| to_frame.map(Point::new(x, y)))).unwrap_or(*plate))
    };
    (0..count).map(outline).collect()
}

/// `count` equal parts of the plate that `plate` outlines, side by side: about where characters stand whose arrangement is
/// not known.
pub fn equal_parts(count: usize, plate: &Quad) -> Vec<Quad> {
    let Ok(whole) = Quad::rect(0.0, 0.0, count as f32, 1.0) else { return Vec::new() };
    let to_frame = Homography::between(&whole, plate);
    let part = |index: usize| {
        let (left, right) = (index as f32, index as f32 + 1.0);
        let corners = [(left, 0.0), (right, 0.0), (right, 1.0), (left, 1.0)];
        Quad::new(corners.map(|(x, y)| to_frame.map(Point::new(x, y)))).unwrap_or(*plate)
    };
    (0..count).map(part).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// A text of each kind whose layout is known.
    const TEXTS: [(PlateKind, &str); 14] = [
        (PlateKind::PrivateLong, "12가3456"),
        (PlateKind::Private8, "123가4567"),
        (PlateKind::PrivateFilm, "123가4567"),
        (PlateKind::PrivateShort, "12가3456"),
        (PlateKind::PrivateLarge, "82가3456"),
        (PlateKind::Ev, "12가3456"),
        (PlateKind::Corporate, "123가4567"),
        (PlateKind::CommercialLong, "서울12바3456"),
        (PlateKind::CommercialDouble, "서울12바3456"),
        (PlateKind::GreenNational, "12가3456"),
        (PlateKind::GreenRegion, "서울1가3456"),
        (PlateKind::Military, "12육3456"),
        (PlateKind::Construction, "012가3456"),
        (PlateKind::Motorcycle, "1가23456"),
    ];

    #[test]
    fn characters_are_on_the_plate_and_beside_each_other() {
        for (kind, text) in TEXTS {
            let text = PlateText::parse(text).unwrap();
            assert!(text.kinds().any(|other| other == kind), "{text} on {kind:?}");
            let layout = Layout::of(kind, &text).unwrap();
            let [width, height] = layout.size;
            let glyphs = layout.glyphs(&text);
            assert_eq!(glyphs.iter().map(|glyph| glyph.syllable).collect::<String>(), text.to_string());
            for (index, Glyph { cell: [x, y, w, h], .. }) in glyphs.iter().enumerate() {
                assert!(*x > 0.0 && *y > 0.0 && x + w < width && y + h < height, "{kind:?}: {glyphs:?}");
                for Glyph { cell: [x2, y2, w2, h2], .. } in &glyphs[..index] {
                    let apart = x2 + w2 <= *x || x + w <= *x2 || y2 + h2 <= *y || y + h <= *y2;
                    assert!(apart, "{kind:?}: {glyphs:?}");
                }
            }
        }
    }

    #[test]
    fn outlines_are_where_the_plate_is_and_one_a_character() {
        let plate = Quad::rect(100.0, 50.0, 260.0, 55.0).unwrap();
        let outlines = char_outlines(PlateKind::CommercialLong, 8, &plate).unwrap();
        assert_eq!(outlines.len(), 8);
        // The region is both syllables, one above the other: 37 to 82 mm from the left, half as many pixels.
        let corners = outlines[0].corners();
        for (corner, (x, y)) in corners.into_iter().zip([(118.5, 58.75), (141.0, 58.75), (141.0, 96.5), (118.5, 96.5)])
        {
            assert!(corner.distance(Point::new(x, y)) < 0.01, "{corners:?}");
        }
    }

    #[test]
    fn each_character_is_outlined_where_its_glyphs_are() {
        for (kind, text) in TEXTS {
            let text = PlateText::parse(text).unwrap();
            let layout = Layout::of(kind, &text).unwrap();
            let [width, height] = layout.size;
            let outlines =
                char_outlines(kind, text.labels().len(), &Quad::rect(0.0, 0.0, width, height).unwrap()).unwrap();
            for Glyph { character, cell: [x, y, w, h], .. } in layout.glyphs(&text) {
                let (left, top, right, bottom) = outlines[character].bounding_box();
                let slack = 0.01;
                let inside = left < x + slack && top < y + slack && right > x + w - slack && bottom > y + h - slack;
                assert!(inside, "{kind:?}: character {character} of {text}");
            }
        }
        assert_eq!(char_outlines(PlateKind::PrivateLong, 8, &Quad::rect(0.0, 0.0, 9.0, 2.0).unwrap()), None);
    }

    #[test]
    fn equal_parts_share_the_plate() {
        let parts = equal_parts(4, &Quad::rect(10.0, 5.0, 80.0, 20.0).unwrap());
        assert_eq!(parts.iter().map(|part| part.bounding_box().0).collect::<Vec<_>>(), [10.0, 30.0, 50.0, 70.0]);
        assert_eq!(parts[3].bounding_box(), (70.0, 5.0, 90.0, 25.0));
        assert!(equal_parts(0, &parts[0]).is_empty());
    }

    #[test]
    fn arrangements_that_are_not_known_are_not_guessed() {
        let unknown = [
            (PlateKind::Diplomatic, "외교005003"),
            (PlateKind::Temporary, "임1234"),
            (PlateKind::ConstructionOld, "경기02나1234"),
        ];
        for (kind, text) in unknown {
            assert_eq!(Layout::of(kind, &PlateText::parse(text).unwrap()), None);
        }
    }
}
