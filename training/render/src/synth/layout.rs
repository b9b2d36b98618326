//! What a plate of each kind is drawn from: where its characters stand ([`kr_lpr::plate::layout`]), in which lettering, and
//! the fixing holes.
//!
//! Where there are several drawings of a kind, or stampers differ, one is drawn by lot. The rare kinds are in [`rare`].

mod rare;

use kr_lpr::plate::layout::{Cell, Glyph, Layout as Cells, Part};
use kr_lpr::plate::{Format, PlateKind, PlateText};

use super::rng::Rng;
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

    pub(crate) fn of_format(format: &Format) -> Shape {
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
    pub(crate) part: Part,
    pub(crate) script: Script,
    pub(crate) syllable: char,
    /// x, y, width, height of the block that all glyphs of the kind share.
    pub(crate) block: [f32; 4],
    /// Thickness of stems, mm, where it is not that of the drawing scaled by height.
    pub(crate) stroke: Option<f32>,
}

/// What a plate looks like before it is painted.
pub(crate) struct Layout {
    /// Where its characters stand.
    cells: Cells,
    /// Centres of the two fixing holes, mm.
    pub(crate) holes: [[f32; 2]; 2],
    /// What is printed between the digits of diplomats.
    pub(crate) hyphen: Option<Cell>,
    /// Centre and radius of the mark of commercial machinery, mm, where there is room for it.
    pub(crate) mark: Option<[f32; 3]>,
    pub(crate) digits: Script,
    pub(crate) hangul: Script,
    /// Stems of the class digits, of the letter and of the serial where they are not the drawing's scaled by height.
    strokes: [Option<f32>; 3],
    /// Stems of the region, likewise.
    region: Option<f32>,
}

const LONG_HOLES: [[f32; 2]; 2] = [[20.0, 55.0], [500.0, 55.0]];
const OUTER_HOLES: [[f32; 2]; 2] = [[13.0, 55.0], [507.0, 55.0]];

/// A plate of the 2006 series or later.
fn modern(cells: Cells, holes: [[f32; 2]; 2]) -> Layout {
    Layout {
        cells,
        holes,
        hyphen: None,
        mark: None,
        digits: Script::Modern,
        hangul: Script::Modern,
        strokes: [None; 3],
        region: None,
    }
}

/// Eight characters in a row: two drawings are about, the draft of annex 2-1 and what is made today.
fn eight(rng: &mut Rng) -> Layout {
    let draft = Cells::long(24.09, 56.0, 3, 79.82, 7.0);
    modern(if rng.chance(0.3) { draft } else { Cells::long_2019() }, OUTER_HOLES)
}

impl Layout {
    /// Whether plates of this kind are about twice as wide as tall, not five times.
    pub(crate) fn is_tall(kind: PlateKind) -> bool {
        kind.size_mm().1 > 120.0
    }

    /// Width and height of the plate, mm.
    pub(crate) fn size(&self) -> [f32; 2] {
        self.cells.size
    }

    /// The layout of a plate of `kind` with that text, where there are several one of them.
    pub(crate) fn choose(kind: PlateKind, shape: Shape, rng: &mut Rng) -> Layout {
        let class_digits = shape.class_digits;
        match kind {
            PlateKind::PrivateLong => Layout::long_2006(),
            PlateKind::Private8 => eight(rng),
            PlateKind::Ev if class_digits == 3 => modern(Cells::long_2019(), OUTER_HOLES),
            PlateKind::Ev => Layout::long_2006(),
            PlateKind::PrivateFilm | PlateKind::Corporate => modern(Cells::film(), OUTER_HOLES),
            PlateKind::PrivateShort => Layout::private_short(),
            PlateKind::PrivateLarge => modern(Cells::private_large(), [[75.0, 30.0], [365.0, 30.0]]),
            PlateKind::CommercialLong => Layout::commercial_long(rng),
            PlateKind::CommercialDouble if rng.chance(0.4) => Layout::commercial_large(rng),
            PlateKind::CommercialDouble => Layout::commercial(rng),
            PlateKind::GreenNational => Layout::green(Cells::green_national(), Script::National, Some(6.6), rng),
            PlateKind::GreenRegion => {
                let shift = if class_digits == 1 { 0.0 } else { rng.uniform(-2.0, 2.0) };
                Layout::green(Cells::green_region(class_digits, shift), Script::Regional, None, rng)
            }
            PlateKind::Military
            | PlateKind::Diplomatic
            | PlateKind::Temporary
            | PlateKind::Construction
            | PlateKind::ConstructionOld
            | PlateKind::Motorcycle => Layout::rare(kind, shape, rng),
        }
    }

    fn long_2006() -> Layout {
        modern(Cells::long_2006(), LONG_HOLES)
    }

    fn private_short() -> Layout {
        modern(Cells::private_short(), [[65.0, 25.0], [270.0, 25.0]])
    }

    /// The letter is squeezed, but its strokes are no thicker than the digits'. Makes differ in the weight of the region,
    /// here and on the plates of two lines.
    fn commercial_long(rng: &mut Rng) -> Layout {
        let strokes = [None, Some(8.2), None];
        let region = rng.pick(&[None, None, Some(6.2), Some(5.2)]);
        Layout { strokes, region, ..modern(Cells::commercial_long(), LONG_HOLES) }
    }

    fn commercial(rng: &mut Rng) -> Layout {
        let strokes = [rng.pick(&[Some(6.7), Some(6.7), Some(5.6)]), Some(9.6), Some(11.4)];
        let region = rng.pick(&[None, None, Some(6.4), Some(4.8)]);
        Layout { strokes, region, ..modern(Cells::commercial(), [[65.0, 26.0], [270.0, 26.0]]) }
    }

    fn commercial_large(rng: &mut Rng) -> Layout {
        let strokes = [rng.pick(&[Some(8.7), Some(8.7), Some(7.2)]), Some(12.4), Some(14.4)];
        let region = rng.pick(&[None, None, Some(8.4), Some(6.4)]);
        Layout { strokes, region, ..modern(Cells::commercial_large(), [[75.0, 34.0], [365.0, 34.0]]) }
    }

    /// Old plates vary: large vehicles carry the layout on 440x220, and stampers differ in how tall the lines are.
    /// `stroke` is that of the class digits.
    fn green(mut cells: Cells, digits: Script, stroke: Option<f32>, rng: &mut Rng) -> Layout {
        let (wider, taller) = (rng.uniform(0.93, 1.05), rng.uniform(0.94, 1.05));
        for row in [&mut cells.class, &mut cells.serial] {
            row.ink *= (wider * 20.0).round() / 20.0;
            row.height *= (taller * 20.0).round() / 20.0;
        }
        let strokes = [stroke, None, None];
        let layout = Layout { digits, hangul: Script::Gothic, strokes, ..modern(cells, [[65.0, 28.0], [270.0, 28.0]]) };
        if rng.chance(0.15) { layout.stretched(440.0 / 335.0, 220.0 / 170.0) } else { layout }
    }

    fn stretched(mut self, sx: f32, sy: f32) -> Layout {
        self.cells = self.cells.stretched(sx, sy);
        self.holes = self.holes.map(|[x, y]| [x * sx, y * sy]);
        self.hyphen = self.hyphen.map(|[x, y, width, height]| [x * sx, y * sy, width * sx, height * sy]);
        self.mark = self.mark.map(|[x, y, radius]| [x * sx, y * sy, radius * sx.min(sy)]);
        self.strokes = self.strokes.map(|stroke| stroke.map(|mm| mm * sy));
        self.region = self.region.map(|mm| mm * sy);
        self
    }

    /// The glyphs of `text` in `PlateText::labels` order.
    pub(crate) fn placements(&self, text: &PlateText) -> Vec<Placement> {
        let place = |Glyph { character, syllable, part, cell: block }| {
            let (script, stroke) = match part {
                Part::Region => (Script::Gothic, self.region),
                Part::Class | Part::SerialHead => (self.digits, self.strokes[0]),
                Part::Letter => (self.hangul, self.strokes[1]),
                Part::Serial => (self.digits, self.strokes[2]),
            };
            Placement { character, part, script, syllable, block, stroke }
        };
        self.cells.glyphs(text).into_iter().map(place).collect()
    }
}
