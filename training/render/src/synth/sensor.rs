//! From the colours of things to what each plane of the picture records.

use super::dice::Dice;
use super::raster::Tone;

/// A colour as sRGB bytes.
pub(crate) type Colour = [u8; 3];

/// BT.601, as in `kr_lpr::frame`.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// White balance and, for grey pictures, how the colours add up.
pub(crate) struct Sensor {
    pub(crate) planes: usize,
    gains: [f32; 3],
    weights: [f32; 3],
}

impl Sensor {
    /// A camera whose white balance errs and, rarely, a monochrome one that sees colours with weights of its own.
    pub(crate) fn draw(dice: &mut Dice, colour: bool, difficulty: f32) -> Sensor {
        let warmth = dice.normal(0.07) * difficulty;
        let tint = dice.normal(0.03) * difficulty;
        let gains = [1.0 + warmth, 1.0 + tint, 1.0 - warmth];
        let own = [dice.uniform(0.1, 1.0), dice.uniform(0.1, 1.0), dice.uniform(0.05, 0.7)];
        let sum: f32 = own.iter().sum();
        // Infrared and machine-vision cameras; the physics are not modelled, only that blue and red may change places.
        let weights = if dice.chance(0.07 * difficulty) && !colour { own.map(|w| w / sum) } else { LUMA };
        Sensor { planes: if colour { 3 } else { 1 }, gains, weights }
    }

    /// What the planes record of a surface in full light.
    pub(crate) fn tone(&self, colour: Colour) -> Tone {
        let rgb = [0, 1, 2].map(|c| f32::from(colour[c]) / 255.0 * self.gains[c]);
        if self.planes == 3 { rgb } else { [(0..3).map(|c| rgb[c] * self.weights[c]).sum(); 3] }
    }
}

impl Sensor {
    /// How bright a tone looks.
    pub(crate) fn brightness(&self, tone: Tone) -> f32 {
        if self.planes == 3 { (0..3).map(|c| tone[c] * LUMA[c]).sum() } else { tone[0] }
    }
}

/// A colour near `colour`: all channels move together by about `spread` bytes, each by a third of it on its own.
pub(crate) fn near(dice: &mut Dice, colour: Colour, spread: f32) -> Colour {
    let together = dice.normal(spread * 0.8);
    colour.map(|v| (f32::from(v) + together + dice.normal(spread * 0.3)).clamp(0.0, 255.0) as u8)
}

/// Part of the way from one colour to another.
pub(crate) fn between(a: Colour, b: Colour, share_of_b: f32) -> Colour {
    [0, 1, 2].map(|c| (f32::from(a[c]) + (f32::from(b[c]) - f32::from(a[c])) * share_of_b) as u8)
}
