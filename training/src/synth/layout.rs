//! Where the characters of each plate kind stand, in millimetres.
//!
//! Cells are those of the regulation's annexes (notice 2018-529 of the transport ministry, annexes 1 to 6, 2-1 and 18);
//! the film plate, the corporate plate and the green plates follow measurements of published drawings and photographs.
//! The rare kinds are in [`rare`].

mod rare;

use anyhow::Result;
use kr_lpr::labels::LabelClass;
use kr_lpr::plate::{Format, PlateKind, PlateText};

use super::KindMix;
use super::dice::Dice;
use super::lettering::Lettering;
use crate::glyph::Face;

/// Which lettering a character is drawn in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Script {
    /// Digits and letters of the plates since 2006.
    Modern,
    /// Hangul in ordinary gothic: regions, and everything Hangul on green plates.
    Gothic,
    /// Digits of the green plates of 2004.
    National,
    /// Digits of the green plates of 1996.
    Regional,
}

impl Script {
    /// The faces that have the glyphs, best first.
    pub(crate) fn faces(self) -> &'static [Face] {
        match self {
            Script::Modern => &[Face::Plate2006, Face::Gothic],
            Script::Gothic => &[Face::Gothic, Face::Plate2006],
            Script::National => &[Face::Green2004, Face::Plate2006],
            Script::Regional => &[Face::Green1996, Face::Plate2006],
        }
    }
}

/// What of a text decides where its characters stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    /// Digits of the class code.
    pub(crate) class_digits: usize,
    /// Digits of the serial.
    pub(crate) serial_digits: usize,
    /// Whether it begins with a region.
    pub(crate) region: bool,
}

impl Shape {
    pub(crate) fn of(text: &PlateText) -> Shape {
        let (class_digits, serial_digits) = (text.class_digits(), text.serial().len());
        Shape { class_digits, serial_digits, region: text.region().is_some() }
    }

    fn of_format(format: &Format) -> Shape {
        let (class_digits, serial_digits) = (format.class_digits(), format.serial_digits());
        Shape { class_digits, serial_digits, region: format.has_region() }
    }
}

/// One glyph and the box it is drawn in, mm from the plate's top-left corner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Placement {
    /// Index of the character in `PlateText::labels` order; both syllables of a region or a word have the
    /// same.
    pub(crate) character: usize,
    pub(crate) script: Script,
    pub(crate) syllable: char,
    /// x, y, width, height of the block that all glyphs of the kind share.
    pub(crate) block: [f32; 4],
    /// Thickness of stems, mm, where it is not that of the drawing scaled by height.
    pub(crate) stroke: Option<f32>,
}

/// A row of equal cells for digits: left edge of the first, pitch, top and height of the ink, width of the ink of a "0".
#[derive(Clone, Copy)]
struct Row {
    x: f32,
    pitch: f32,
    top: f32,
    height: f32,
    ink: f32,
}

/// A box of ink: x, y, width, height.
type Ink = [f32; 4];

/// What a plate kind looks like before it is painted.
pub(crate) struct Layout {
    /// Width and height of the plate, mm.
    pub(crate) size: [f32; 2],
    /// Centres of the two fixing holes, mm.
    pub(crate) holes: [[f32; 2]; 2],
    /// What is printed between the digits of diplomats.
    pub(crate) hyphen: Option<Ink>,
    /// The syllables of a region, or of a word.
    region: Option<[Ink; 2]>,
    class: Row,
    letter: Ink,
    serial: Row,
    /// How many of the serial's first digits stand elsewhere, and where.
    serial_head: Option<(usize, Row)>,
    digits: Script,
    hangul: Script,
    /// Stems of the class digits, of the letter and of the serial where they are not the drawing's scaled by height.
    strokes: [Option<f32>; 3],
}

const LONG: [f32; 2] = [520.0, 110.0];
const LONG_HOLES: [[f32; 2]; 2] = [[20.0, 55.0], [500.0, 55.0]];

/// A long plate of one row: left edge of the first cell, pitch, width of the letter's cell, bearing left of the letter.
fn long(x: f32, pitch: f32, class_digits: usize, letter_cell: f32, bearing: f32, holes: [[f32; 2]; 2]) -> Layout {
    let row = |x| Row { x, pitch, top: 17.5, height: 75.0, ink: 41.0 };
    let letter_x = x + pitch * class_digits as f32;
    Layout {
        size: LONG,
        holes,
        hyphen: None,
        region: None,
        class: row(x),
        letter: [letter_x + bearing, 23.9, 46.8, 64.8],
        serial: row(letter_x + letter_cell),
        serial_head: None,
        digits: Script::Modern,
        hangul: Script::Modern,
        strokes: [None; 3],
    }
}

/// A plate of the 2006 series with everything in one row over a wide upper margin.
fn short(size: [f32; 2], row: Row, letter_cell: f32, letter: [f32; 2], holes: [[f32; 2]; 2]) -> Layout {
    let (letter_x, bottom) = (row.x + 2.0 * row.pitch, row.top + row.height);
    let letter = [letter_x + (letter_cell - letter[0]) / 2.0, bottom - letter[1], letter[0], letter[1]];
    let serial = Row { x: letter_x + letter_cell, ..row };
    Layout {
        size,
        holes,
        hyphen: None,
        region: None,
        class: row,
        letter,
        serial,
        serial_head: None,
        digits: Script::Modern,
        hangul: Script::Modern,
        strokes: [None; 3],
    }
}

impl Layout {
    /// Whether plates of this kind are about twice as wide as tall, not five times.
    pub(crate) fn is_tall(kind: PlateKind) -> bool {
        kind.size_mm().1 > 120.0
    }

    /// The layout of a plate of `kind` with that text, where there are several one of them.
    pub(crate) fn choose(kind: PlateKind, shape: Shape, dice: &mut Dice) -> Layout {
        let class_digits = shape.class_digits;
        let wide = class_digits == 3;
        let ends = [[13.0, 55.0], [507.0, 55.0]];
        match kind {
            PlateKind::PrivateLong => long(44.0, 56.0, 2, 96.0, 4.6, LONG_HOLES),
            // Two drawings are about: the draft of annex 2-1 and what is made today.
            PlateKind::Private8 if dice.chance(0.3) => long(24.09, 56.0, 3, 79.82, 7.0, ends),
            PlateKind::Private8 => long(30.0, 55.0, 3, 75.0, 5.0, ends),
            PlateKind::Ev if wide => long(30.0, 55.0, 3, 75.0, 5.0, ends),
            PlateKind::Ev => long(44.0, 56.0, 2, 96.0, 4.6, LONG_HOLES),
            PlateKind::PrivateFilm | PlateKind::Corporate => long(65.0, 50.0, 3, 85.0, 10.0, ends),
            PlateKind::PrivateShort => Layout::private_short(),
            PlateKind::PrivateLarge => short(
                [440.0, 200.0],
                Row { x: 11.0, pitch: 59.0, top: 64.5, height: 96.0, ink: 46.5 },
                64.0,
                [47.0, 77.0],
                [[75.0, 30.0], [365.0, 30.0]],
            ),
            PlateKind::CommercialLong => Layout::commercial_long(),
            PlateKind::CommercialDouble if dice.chance(0.4) => Layout::commercial_large(),
            PlateKind::CommercialDouble => Layout::commercial(),
            PlateKind::GreenNational => Layout::green(Layout::green_national(), dice),
            PlateKind::GreenRegion => Layout::green(Layout::green_region(class_digits, dice), dice),
            PlateKind::Military
            | PlateKind::Diplomatic
            | PlateKind::Temporary
            | PlateKind::Construction
            | PlateKind::ConstructionOld
            | PlateKind::Motorcycle => Layout::rare(kind, shape, dice),
        }
    }

    /// Annex 1.
    fn private_short() -> Layout {
        short(
            [335.0, 155.0],
            Row { x: 8.0, pitch: 45.0, top: 50.5, height: 75.0, ink: 34.5 },
            49.0,
            [38.0, 58.0],
            [[65.0, 25.0], [270.0, 25.0]],
        )
    }

    /// Annex 4.
    fn commercial_long() -> Layout {
        Layout {
            region: Some([[37.0, 17.5, 45.0, 36.5], [37.0, 56.5, 45.0, 36.5]]),
            letter: [201.6, 22.0, 45.0, 66.0],
            serial: Row { x: 268.0, pitch: 55.0, top: 17.5, height: 75.0, ink: 41.0 },
            ..long(87.0, 55.0, 2, 71.0, 4.6, LONG_HOLES)
        }
    }

    /// Annex 3.
    fn commercial() -> Layout {
        Layout {
            size: [335.0, 170.0],
            holes: [[65.0, 26.0], [270.0, 26.0]],
            hyphen: None,
            region: Some([[91.0, 13.0, 34.0, 40.0], [128.0, 13.0, 34.0, 40.0]]),
            class: Row { x: 177.0, pitch: 38.0, top: 12.8, height: 40.5, ink: 29.6 },
            letter: [17.2, 74.4, 52.6, 60.0],
            serial: Row { x: 73.5, pitch: 62.0, top: 72.0, height: 84.0, ink: 48.5 },
            serial_head: None,
            digits: Script::Modern,
            hangul: Script::Modern,
            strokes: [Some(6.7), Some(9.6), Some(11.4)],
        }
    }

    /// Annex 6.
    fn commercial_large() -> Layout {
        Layout {
            size: [440.0, 220.0],
            holes: [[75.0, 34.0], [365.0, 34.0]],
            hyphen: None,
            region: Some([[117.0, 15.0, 47.0, 53.0], [168.0, 15.0, 47.0, 53.0]]),
            class: Row { x: 233.0, pitch: 50.0, top: 15.0, height: 53.0, ink: 39.7 },
            letter: [29.5, 91.5, 69.0, 83.0],
            serial: Row { x: 108.5, pitch: 78.0, top: 89.0, height: 106.0, ink: 61.5 },
            serial_head: None,
            digits: Script::Modern,
            hangul: Script::Modern,
            strokes: [Some(8.7), Some(12.4), Some(14.4)],
        }
    }

    fn green_national() -> Layout {
        Layout {
            size: [335.0, 170.0],
            holes: [[65.0, 28.0], [270.0, 28.0]],
            hyphen: None,
            region: None,
            class: Row { x: 87.0, pitch: 55.0, top: 13.5, height: 40.0, ink: 43.0 },
            letter: [200.0, 12.5, 43.0, 42.0],
            serial: Row { x: 8.0, pitch: 80.0, top: 67.0, height: 89.0, ink: 60.0 },
            serial_head: None,
            digits: Script::National,
            hangul: Script::Gothic,
            strokes: [Some(6.6), None, None],
        }
    }

    fn green_region(class_digits: usize, dice: &mut Dice) -> Layout {
        let shift = if class_digits == 1 { 12.0 } else { dice.uniform(-2.0, 2.0) };
        let region = 88.0 + shift;
        Layout {
            size: [335.0, 170.0],
            holes: [[65.0, 28.0], [270.0, 28.0]],
            hyphen: None,
            region: Some([[region, 13.0, 37.0, 37.0], [region + 41.0, 13.0, 37.0, 37.0]]),
            class: Row { x: 171.0 + shift, pitch: 39.0, top: 12.5, height: 38.0, ink: 30.0 },
            letter: [19.0, 65.0, 54.0, 58.0],
            serial: Row { x: 95.5, pitch: 56.6, top: 64.0, height: 88.0, ink: 46.0 },
            serial_head: None,
            digits: Script::Regional,
            hangul: Script::Gothic,
            strokes: [None; 3],
        }
    }

    /// Old plates vary: large vehicles carry the layout on 440x220, and stampers differ in how tall the lines are.
    fn green(mut layout: Layout, dice: &mut Dice) -> Layout {
        let (wider, taller) = (dice.uniform(0.93, 1.05), dice.uniform(0.94, 1.05));
        for row in [&mut layout.class, &mut layout.serial] {
            row.ink *= (wider * 20.0).round() / 20.0;
            row.height *= (taller * 20.0).round() / 20.0;
        }
        if dice.chance(0.15) { layout.stretched(440.0 / 335.0, 220.0 / 170.0) } else { layout }
    }

    fn stretched(mut self, sx: f32, sy: f32) -> Layout {
        let stretch = |ink: Ink| [ink[0] * sx, ink[1] * sy, ink[2] * sx, ink[3] * sy];
        let row =
            |r: Row| Row { x: r.x * sx, pitch: r.pitch * sx, top: r.top * sy, height: r.height * sy, ink: r.ink * sx };
        self.size = [self.size[0] * sx, self.size[1] * sy];
        self.holes = self.holes.map(|[x, y]| [x * sx, y * sy]);
        self.hyphen = self.hyphen.map(stretch);
        self.region = self.region.map(|both| both.map(stretch));
        self.letter = stretch(self.letter);
        (self.class, self.serial) = (row(self.class), row(self.serial));
        self.serial_head = self.serial_head.map(|(digits, head)| (digits, row(head)));
        self.strokes = self.strokes.map(|stroke| stroke.map(|mm| mm * sy));
        self
    }

    /// The glyphs of `text` in `PlateText::labels` order.
    pub(crate) fn placements(&self, text: &PlateText) -> Vec<Placement> {
        let mut placements = Vec::with_capacity(9);
        let mut serial_digits = 0;
        let mut class_digits = 0;
        let mut letter_seen = false;
        for (character, label) in text.labels().into_iter().enumerate() {
            let mut syllables = label.name().chars();
            let Some(syllable) = syllables.next() else { continue };
            if let (Some(second), Some([one, two])) = (syllables.next(), self.region) {
                let half =
                    |syllable, block| Placement { character, script: Script::Gothic, syllable, block, stroke: None };
                placements.extend([half(syllable, one), half(second, two)]);
                letter_seen |= label.class() == LabelClass::Diplomatic;
            } else if !syllable.is_ascii_digit() {
                letter_seen = true;
                placements.push(Placement {
                    character,
                    script: self.hangul,
                    syllable,
                    block: self.letter,
                    stroke: self.strokes[1],
                });
            } else {
                let (row, index, stroke) = if letter_seen {
                    serial_digits += 1;
                    match self.serial_head {
                        Some((head, row)) if serial_digits <= head => (row, serial_digits - 1, self.strokes[0]),
                        Some((head, _)) => (self.serial, serial_digits - 1 - head, self.strokes[2]),
                        None => (self.serial, serial_digits - 1, self.strokes[2]),
                    }
                } else {
                    class_digits += 1;
                    (self.class, class_digits - 1, self.strokes[0])
                };
                let x = row.x + row.pitch * index as f32 + (row.pitch - row.ink) / 2.0;
                let block = [x, row.top, row.ink, row.height];
                placements.push(Placement { character, script: self.digits, syllable, block, stroke });
            }
        }
        placements
    }
}

/// Checks that every character of every kind that `mix` has can be drawn.
pub(crate) fn require_glyphs(lettering: &Lettering, mix: &KindMix) -> Result<()> {
    let mut dice = Dice::new(0);
    for (kind, &share) in PlateKind::ALL.into_iter().zip(mix.weights()) {
        if share <= 0.0 {
            continue;
        }
        for format in kind.formats() {
            let layout = Layout::choose(kind, Shape::of_format(format), &mut dice);
            for label in format.letters() {
                let script = if label.class() == LabelClass::Diplomatic { Script::Gothic } else { layout.hangul };
                label.name().chars().try_for_each(|syllable| lettering.require(script, syllable))?;
            }
            for label in format.regions() {
                label.name().chars().try_for_each(|syllable| lettering.require(Script::Gothic, syllable))?;
            }
            ('0'..='9').try_for_each(|digit| lettering.require(layout.digits, digit))?;
        }
    }
    Ok(())
}
