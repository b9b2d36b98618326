//! Layouts of the rare kinds.
//!
//! None is verified: no drawing of these plates was to be had (of construction machinery since 2022, of annexes 7 to 12
//! and of motorcycles). Known are the sizes, the colours and the texts; characters have the proportions of the kinds that
//! are drawn in the annexes, and several arrangements are rendered where the plate leaves a choice, so that the network
//! does not rely on any of them.

use kr_lpr::plate::PlateKind;

use super::{LONG, LONG_HOLES, Layout, Row, Script, Shape, long};
use crate::synth::dice::Dice;

const SHORT: [f32; 2] = [335.0, 155.0];
const SHORT_HOLES: [[f32; 2]; 2] = [[65.0, 25.0], [270.0, 25.0]];

/// A row of digits of modern proportions.
fn row(x: f32, pitch: f32, top: f32, height: f32, ink: f32) -> Row {
    Row { x, pitch, top, height, ink }
}

impl Layout {
    /// The layout of a plate of one of the rare kinds.
    pub(super) fn rare(kind: PlateKind, shape: Shape, dice: &mut Dice) -> Layout {
        let ends = [[13.0, 55.0], [507.0, 55.0]];
        match kind {
            PlateKind::Military if dice.chance(0.3) => Layout::private_short(),
            PlateKind::Military => long(44.0, 56.0, 2, 96.0, 4.6, LONG_HOLES),
            PlateKind::Diplomatic => Layout::diplomatic(shape, dice),
            PlateKind::Temporary => Layout::temporary(shape, dice),
            PlateKind::Construction if dice.chance(0.3) => long(24.09, 56.0, 3, 79.82, 7.0, ends),
            PlateKind::Construction => long(30.0, 55.0, 3, 75.0, 5.0, ends),
            PlateKind::ConstructionOld => Layout::construction_old(dice),
            _ => Layout::motorcycle(dice),
        }
    }

    /// A long plate without a class code: where the word or the letter stands, and the serial.
    fn bare_long(letter: [f32; 4], serial: Row) -> Layout {
        Layout { letter, serial, ..long(44.0, 56.0, 2, 96.0, 4.6, LONG_HOLES) }
    }

    /// 335x155 mm, everything else likewise.
    fn bare_short(letter: [f32; 4], serial: Row) -> Layout {
        Layout { size: SHORT, holes: SHORT_HOLES, ..Layout::bare_long(letter, serial) }
    }

    /// A word and six digits in threes, or three for guests of state.
    fn diplomatic(shape: Shape, dice: &mut Dice) -> Layout {
        let hyphen = dice.chance(0.75);
        let layout = match (shape.serial_digits, dice.weighted(&[0.35, 0.2, 0.25, 0.2])) {
            (3, 0 | 1) => Layout {
                region: Some([[95.0, 23.0, 56.0, 64.0], [156.0, 23.0, 56.0, 64.0]]),
                ..Layout::bare_long([0.0; 4], row(240.0, 60.0, 17.5, 75.0, 41.0))
            },
            (3, _) => Layout {
                region: Some([[26.0, 58.0, 48.0, 62.0], [79.0, 58.0, 48.0, 62.0]]),
                ..Layout::bare_short([0.0; 4], row(143.0, 55.0, 51.0, 75.0, 40.0))
            },
            // In one row.
            (_, 0) => Layout {
                region: Some([[33.0, 25.0, 43.0, 60.0], [80.0, 25.0, 43.0, 60.0]]),
                serial_head: Some((3, row(138.0, 50.0, 17.5, 75.0, 38.0))),
                hyphen: Some([293.0, 51.0, 22.0, 9.0]),
                ..Layout::bare_long([0.0; 4], row(322.0, 50.0, 17.5, 75.0, 38.0))
            },
            // The word stacked as the region of commercial plates.
            (_, 1) => Layout {
                region: Some([[37.0, 17.5, 45.0, 36.5], [37.0, 56.5, 45.0, 36.5]]),
                serial_head: Some((3, row(98.0, 55.0, 17.5, 75.0, 41.0))),
                hyphen: Some([268.0, 51.0, 24.0, 9.0]),
                ..Layout::bare_long([0.0; 4], row(302.0, 55.0, 17.5, 75.0, 41.0))
            },
            // The word above the digits.
            (_, 2) => Layout {
                region: Some([[107.0, 14.0, 54.0, 44.0], [174.0, 14.0, 54.0, 44.0]]),
                serial_head: Some((3, row(12.0, 46.0, 70.0, 68.0, 36.0))),
                hyphen: Some([155.0, 100.0, 25.0, 9.0]),
                ..Layout::bare_short([0.0; 4], row(185.0, 46.0, 70.0, 68.0, 36.0))
            },
            _ => Layout {
                region: Some([[13.0, 62.0, 32.0, 48.0], [47.0, 62.0, 32.0, 48.0]]),
                serial_head: Some((3, row(84.0, 37.0, 51.0, 70.0, 29.0))),
                hyphen: Some([197.0, 84.0, 13.0, 7.5]),
                ..Layout::bare_short([0.0; 4], row(212.0, 37.0, 51.0, 70.0, 29.0))
            },
        };
        Layout { hyphen: layout.hyphen.filter(|_| hyphen), ..layout }
    }

    /// 임 with four or six digits, or between region and class code and the serial as the letter of commercial plates.
    fn temporary(shape: Shape, dice: &mut Dice) -> Layout {
        let flat = dice.chance(0.5);
        let layout = match (shape.region, shape.serial_digits) {
            (true, _) if flat => Layout::commercial_long(),
            (true, _) => Layout::commercial(),
            (_, 6) if flat => Layout::bare_long([48.0, 22.0, 52.0, 66.0], row(115.0, 59.0, 17.5, 75.0, 41.0)),
            (_, 6) => Layout::bare_short([138.0, 12.0, 58.0, 46.0], row(16.0, 50.5, 66.0, 74.0, 39.0)),
            _ if flat => Layout::bare_long([84.0, 22.0, 56.0, 66.0], row(165.0, 66.0, 17.5, 75.0, 43.0)),
            _ if dice.chance(0.5) => Layout::bare_short([138.0, 12.0, 58.0, 46.0], row(25.0, 71.0, 66.0, 74.0, 45.0)),
            _ => Layout::bare_short([16.0, 62.0, 50.0, 62.0], row(76.0, 61.0, 51.0, 80.0, 46.0)),
        };
        // 335x155 mm of metal, 335x170 mm of wood.
        let (metal, wood) = (SHORT[1], 170.0);
        let height = if dice.chance(0.5) { metal } else { wood };
        if layout.size == LONG {
            layout
        } else {
            let flatter = height / layout.size[1];
            layout.stretched(1.0, flatter)
        }
    }

    /// As commercial plates, in the lettering of today or of the years before.
    fn construction_old(dice: &mut Dice) -> Layout {
        let mut layout = match dice.weighted(&[0.5, 0.25, 0.25]) {
            0 => Layout::commercial_large().stretched(400.0 / 440.0, 1.0),
            1 => Layout::commercial_large().stretched(600.0 / 440.0, 280.0 / 220.0),
            _ => Layout::commercial_long(),
        };
        if dice.chance(0.6) {
            (layout.digits, layout.hangul) = (Script::Regional, Script::Gothic);
            layout.strokes = [None; 3];
        }
        layout
    }

    /// `1가2` over `3456`.
    fn motorcycle(dice: &mut Dice) -> Layout {
        let spread = dice.uniform(-5.0, 5.0);
        let top = |x: f32| row(x, 40.0, 14.0, 48.0, 29.0);
        Layout {
            size: [210.0, 150.0],
            holes: [[24.0, 20.0], [186.0, 20.0]],
            class: top(38.0 - spread),
            letter: [83.0, 14.0, 44.0, 47.0],
            serial: row(15.0, 45.0, 72.0, 64.0, 34.0),
            serial_head: Some((1, top(132.0 + spread))),
            ..Layout::bare_long([0.0; 4], row(0.0, 0.0, 0.0, 0.0, 0.0))
        }
    }
}
