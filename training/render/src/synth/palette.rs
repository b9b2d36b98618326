//! The colours of a plate, and what all who paint on it know of it.

use kr_lpr::plate::PlateKind;

use super::Severity;
use super::layout::{Layout, Placement};
use super::raster::{Tone, mix, scaled};
use super::rng::Rng;
use super::sensor::{Colour, Sensor, between, near};

/// The nominal colours of a kind: sheet and characters, sRGB.
fn colours(rng: &mut Rng, kind: PlateKind) -> (Colour, Colour) {
    // Spec section 1: nominal values of the notice, and what photographs show where they differ.
    let black = near(rng, [0x2b, 0x2d, 0x33], 12.0);
    match kind {
        PlateKind::PrivateLong | PlateKind::Private8 | PlateKind::PrivateShort | PlateKind::PrivateLarge => {
            (near(rng, [0xe4, 0xdf, 0xd8], 10.0), near(rng, [0x30, 0x33, 0x3a], 14.0))
        }
        PlateKind::PrivateFilm => (near(rng, [0xf1, 0xf1, 0xf1], 7.0), black),
        PlateKind::Ev => {
            // From the annex' light blue to the strong blue that cameras make of it.
            let blue = between([0xb4, 0xe0, 0xf4], [0x2b, 0x78, 0xc4], rng.uniform(0.0, 1.1).min(1.0));
            (near(rng, blue, 12.0), black)
        }
        PlateKind::Corporate => (near(rng, [0xad, 0xbd, 0x4c], 14.0), black),
        PlateKind::CommercialLong | PlateKind::CommercialDouble => {
            let yellow = between([0xfe, 0xbf, 0x00], [0xd8, 0xa4, 0x2c], rng.unit());
            (near(rng, yellow, 14.0), near(rng, [0x2c, 0x26, 0x20], 12.0))
        }
        PlateKind::GreenNational | PlateKind::GreenRegion => {
            let green = between([0x00, 0x73, 0x37], [0x3c, 0x86, 0x4c], rng.unit());
            (near(rng, green, 14.0), near(rng, [0xe8, 0xec, 0xe8], 12.0))
        }
        PlateKind::Military | PlateKind::Temporary => (near(rng, [0xf0, 0xef, 0xec], 9.0), black),
        PlateKind::Diplomatic => {
            let navy = between([0x25, 0x2b, 0x63], [0x1e, 0x44, 0x9a], rng.unit());
            (near(rng, navy, 12.0), near(rng, [0xf0, 0xf1, 0xf2], 10.0))
        }
        // Rental orange, private and official white.
        PlateKind::Construction if rng.chance(0.55) => (orange(rng), black),
        PlateKind::Construction => (near(rng, [0xf1, 0xf1, 0xf1], 9.0), black),
        // Commercial orange, private green, official white.
        PlateKind::ConstructionOld => match rng.weighted(&[0.5, 0.35, 0.15]) {
            0 => (orange(rng), near(rng, [0xf0, 0xee, 0xea], 12.0)),
            1 => (near(rng, [0x14, 0x78, 0x40], 16.0), near(rng, [0xe8, 0xec, 0xe8], 12.0)),
            _ => (near(rng, [0xec, 0xec, 0xe8], 12.0), near(rng, [0x1c, 0x3c, 0x34], 18.0)),
        },
        PlateKind::Motorcycle => {
            let white = between([0xe4, 0xdf, 0xd8], [0xf1, 0xf1, 0xf1], rng.unit());
            (near(rng, white, 8.0), black)
        }
    }
}

/// The orange of construction machinery. No value was published; from the press photographs.
fn orange(rng: &mut Rng) -> Colour {
    let orange = between([0xf4, 0x8c, 0x1e], [0xdc, 0x66, 0x1c], rng.unit());
    near(rng, orange, 14.0)
}

/// The tones a plate is painted with.
pub(crate) struct Palette {
    pub(crate) sheet: Tone,
    pub(crate) ink: Tone,
    pub(crate) sheet_colour: Colour,
    /// Whether a lamp beside the camera makes the sheet shine.
    pub(crate) shines: bool,
}

impl Palette {
    pub(crate) fn draw(rng: &mut Rng, kind: PlateKind, sensor: &Sensor, difficulty: f32) -> Palette {
        let (sheet_colour, ink) = colours(rng, kind);
        let fading = if rng.chance(0.25) { rng.uniform(0.0, 0.35) * difficulty } else { 0.0 };
        let ink = between(ink, sheet_colour, fading);
        let (sheet, ink) = (sensor.tone(sheet_colour), sensor.tone(ink));
        let painted = Palette { sheet, ink, sheet_colour, shines: false };
        let lit = if sensor.is_lit { 0.5 } else { 0.06 };
        if rng.chance(lit * difficulty) { painted.shining(rng, sensor) } else { painted }
    }

    /// In the light of headlamps or of the camera's own lamp the sheet sends back several times what all around it does.
    /// Dark characters gain little by it; white ones, which shine less than the coloured sheet around them, lose contrast.
    fn shining(self, rng: &mut Rng, sensor: &Sensor) -> Palette {
        let strength = rng.log_uniform(1.5, 6.0);
        let sheet = scaled(self.sheet, strength);
        let ink = if sensor.brightness(self.ink) < sensor.brightness(self.sheet) {
            mix(self.ink, sheet, rng.uniform(0.0, 0.08))
        } else {
            mix(sheet, scaled(self.ink, strength), rng.uniform(0.35, 0.9))
        };
        Palette { sheet, ink, shines: true, ..self }
    }
}

/// What the painters of one plate have in common.
pub(crate) struct PlateSpec<'a> {
    pub(crate) layout: &'a Layout,
    pub(crate) placements: &'a [Placement],
    pub(crate) palette: &'a Palette,
    pub(crate) sensor: &'a Sensor,
    pub(crate) kind: PlateKind,
    pub(crate) severity: Severity,
}
