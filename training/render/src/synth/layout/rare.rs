//! Layouts of the rare kinds.
//!
//! None is verified: no drawing of these plates was to be had (of construction machinery since 2022, of annexes 7 to 12
//! and of motorcycles; of construction machinery before 2022 only a photograph). Known are the sizes, the colours and the
//! texts; characters have the proportions of the kinds that are drawn in the annexes, and several arrangements are rendered
//! where the plate leaves a choice, so that the network does not rely on any of them.

use kr_lpr::plate::PlateKind;
use kr_lpr::plate::layout::{Cell, Layout as Cells, Row};

use super::{LONG_HOLES, Layout, Script, Shape, eight, modern};
use crate::synth::rng::Rng;

const LONG: [f32; 2] = [520.0, 110.0];
const SHORT: [f32; 2] = [335.0, 155.0];
const SHORT_HOLES: [[f32; 2]; 2] = [[65.0, 25.0], [270.0, 25.0]];

/// A row of digits of modern proportions.
fn row(x: f32, pitch: f32, top: f32, height: f32, ink: f32) -> Row {
    Row { x, pitch, top, height, ink }
}

/// The region alone in the upper line, its syllables each moved `inwards` mm.
fn region_above(inwards: f32) -> Cells {
    let digits = |x| row(x, 46.0, 109.0, 75.0, 38.6);
    Cells {
        size: [400.0, 220.0],
        region: Some([[97.0 + inwards, 39.0, 60.0, 52.0], [240.0 - inwards, 39.0, 60.0, 52.0]]),
        class: digits(26.3),
        letter: [133.0, 119.0, 40.0, 54.0],
        serial: digits(188.3),
        serial_head: None,
    }
}

impl Layout {
    /// The layout of a plate of one of the rare kinds.
    pub(super) fn rare(kind: PlateKind, shape: Shape, rng: &mut Rng) -> Layout {
        match kind {
            PlateKind::Military if rng.chance(0.3) => Layout::private_short(),
            PlateKind::Military => Layout::long_2006(),
            PlateKind::Diplomatic => Layout::diplomatic(shape, rng),
            PlateKind::Temporary => Layout::temporary(shape, rng),
            PlateKind::Construction => eight(rng),
            PlateKind::ConstructionOld => Layout::construction_old(rng),
            _ => Layout::motorcycle(rng),
        }
    }

    /// A plate without a class code: where the letter stands, and the serial.
    fn bare(size: [f32; 2], letter: Cell, serial: Row) -> Layout {
        let cells = Cells { size, letter, serial, ..Cells::long_2006() };
        modern(cells, if size == LONG { LONG_HOLES } else { SHORT_HOLES })
    }

    /// The same with a word and what stands between it and the rest of the serial.
    fn worded(size: [f32; 2], word: [Cell; 2], serial_head: Option<(usize, Row)>, serial: Row) -> Layout {
        let bare = Layout::bare(size, [0.0; 4], serial);
        Layout { cells: Cells { region: Some(word), serial_head, ..bare.cells }, ..bare }
    }

    /// A word and six digits in threes, or three for guests of state.
    fn diplomatic(shape: Shape, rng: &mut Rng) -> Layout {
        let hyphen = rng.chance(0.75);
        let threes = |row| Some((3, row));
        let layout = match (shape.serial_digits, rng.weighted(&[0.35, 0.2, 0.25, 0.2])) {
            (3, 0 | 1) => {
                let word = [[95.0, 23.0, 56.0, 64.0], [156.0, 23.0, 56.0, 64.0]];
                Layout::worded(LONG, word, None, row(240.0, 60.0, 17.5, 75.0, 41.0))
            }
            (3, _) => {
                let word = [[26.0, 58.0, 48.0, 62.0], [79.0, 58.0, 48.0, 62.0]];
                Layout::worded(SHORT, word, None, row(143.0, 55.0, 51.0, 75.0, 40.0))
            }
            // In one row.
            (_, 0) => {
                let word = [[33.0, 25.0, 43.0, 60.0], [80.0, 25.0, 43.0, 60.0]];
                let digits = |x| row(x, 50.0, 17.5, 75.0, 38.0);
                let layout = Layout::worded(LONG, word, threes(digits(138.0)), digits(322.0));
                Layout { hyphen: Some([293.0, 51.0, 22.0, 9.0]), ..layout }
            }
            // The word stacked as the region of commercial plates.
            (_, 1) => {
                let word = [[37.0, 17.5, 45.0, 36.5], [37.0, 56.5, 45.0, 36.5]];
                let digits = |x| row(x, 55.0, 17.5, 75.0, 41.0);
                let layout = Layout::worded(LONG, word, threes(digits(98.0)), digits(302.0));
                Layout { hyphen: Some([268.0, 51.0, 24.0, 9.0]), ..layout }
            }
            // The word above the digits.
            (_, 2) => {
                let word = [[107.0, 14.0, 54.0, 44.0], [174.0, 14.0, 54.0, 44.0]];
                let digits = |x| row(x, 46.0, 70.0, 68.0, 36.0);
                let layout = Layout::worded(SHORT, word, threes(digits(12.0)), digits(185.0));
                Layout { hyphen: Some([155.0, 100.0, 25.0, 9.0]), ..layout }
            }
            _ => {
                let word = [[13.0, 62.0, 32.0, 48.0], [47.0, 62.0, 32.0, 48.0]];
                let digits = |x| row(x, 37.0, 51.0, 70.0, 29.0);
                let layout = Layout::worded(SHORT, word, threes(digits(84.0)), digits(212.0));
                Layout { hyphen: Some([197.0, 84.0, 13.0, 7.5]), ..layout }
            }
        };
        Layout { hyphen: layout.hyphen.filter(|_| hyphen), ..layout }
    }

    /// 임 with four or six digits, or between region and class code and the serial as the letter of commercial plates.
    fn temporary(shape: Shape, rng: &mut Rng) -> Layout {
        let flat = rng.chance(0.5);
        let layout = match (shape.region, shape.serial_digits) {
            (true, _) if flat => Layout::commercial_long(rng),
            (true, _) => Layout::commercial(rng),
            (_, 6) if flat => Layout::bare(LONG, [48.0, 22.0, 52.0, 66.0], row(115.0, 59.0, 17.5, 75.0, 41.0)),
            (_, 6) => Layout::bare(SHORT, [138.0, 12.0, 58.0, 46.0], row(16.0, 50.5, 66.0, 74.0, 39.0)),
            _ if flat => Layout::bare(LONG, [84.0, 22.0, 56.0, 66.0], row(165.0, 66.0, 17.5, 75.0, 43.0)),
            _ if rng.chance(0.5) => Layout::bare(SHORT, [138.0, 12.0, 58.0, 46.0], row(25.0, 71.0, 66.0, 74.0, 45.0)),
            _ => Layout::bare(SHORT, [16.0, 62.0, 50.0, 62.0], row(76.0, 61.0, 51.0, 80.0, 46.0)),
        };
        // 335x155 mm of metal, 335x170 mm of wood.
        let (metal, wood) = (SHORT[1], 170.0);
        let height = if rng.chance(0.5) { metal } else { wood };
        if layout.size() == LONG {
            layout
        } else {
            let flatter = height / layout.size()[1];
            layout.stretched(1.0, flatter)
        }
    }

    /// The region alone in the upper line, with heavy digits below, or as commercial plates; in the lettering of today or
    /// of the years before.
    fn construction_old(rng: &mut Rng) -> Layout {
        let apart = rng.chance(0.6);
        let small = if apart {
            let plate = modern(region_above(rng.uniform(-2.0, 40.0)), [[55.0, 47.0], [340.0, 47.0]]);
            let strokes = [Some(12.0), Some(7.5), Some(12.0)];
            Layout { strokes, mark: Some([57.0, 64.0, 26.5]), hangul: Script::Gothic, ..plate }
        } else {
            let plate = Layout::commercial_large(rng).stretched(400.0 / 440.0, 1.0);
            Layout { mark: Some([74.0, 42.0, 24.0]), ..plate }
        };
        let mut layout = match rng.weighted(if apart { &[0.7, 0.3, 0.0] } else { &[0.4, 0.3, 0.3] }) {
            0 => small,
            1 => small.stretched(600.0 / 400.0, 280.0 / 220.0),
            _ => Layout::commercial_long(rng),
        };
        if rng.chance(if apart { 0.2 } else { 0.6 }) {
            (layout.digits, layout.hangul) = (Script::Regional, Script::Gothic);
            layout.strokes = [None; 3];
        }
        layout
    }

    fn motorcycle(rng: &mut Rng) -> Layout {
        modern(Cells::motorcycle(rng.uniform(-5.0, 5.0)), [[24.0, 20.0], [186.0, 20.0]])
    }
}
