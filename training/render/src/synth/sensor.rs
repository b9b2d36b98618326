//! From the colours of things to what each plane of the picture records.

use super::raster::Tone;
use super::rng::Rng;

/// A colour as sRGB bytes.
pub(crate) type Colour = [u8; 3];

/// BT.601, as in `kr_lpr::frame`.
const LUMA: [f32; 3] = [0.299, 0.587, 0.114];

/// White balance, the colour of the light and, for grey pictures, how the colours add up.
pub(crate) struct Sensor {
    pub(crate) planes: usize,
    /// Whether all channels record the same.
    is_mono: bool,
    /// Whether a lamp beside the camera lights what is before it.
    pub(crate) is_lit: bool,
    gains: [f32; 3],
    weights: [f32; 3],
}

impl Sensor {
    /// A camera whose white balance errs; at night in the light of street lamps, or one of infrared light or one that is
    /// monochrome and sees colours with weights of its own.
    pub(crate) fn draw(rng: &mut Rng, colour: bool, difficulty: f32) -> Sensor {
        let warmth = rng.normal(0.07) * difficulty;
        let tint = rng.normal(0.03) * difficulty;
        let balance = [1.0 + warmth, 1.0 + tint, 1.0 - warmth];
        let planes = if colour { 3 } else { 1 };
        let sensor = Sensor { planes, is_mono: false, is_lit: false, gains: balance, weights: LUMA };
        match rng.weighted(&[
            1.0 - 0.2 * difficulty,
            0.05 * difficulty,
            0.03 * difficulty,
            0.07 * difficulty,
            0.05 * difficulty,
        ]) {
            // Sodium: hardly any blue, little green.
            1 => sensor.under([1.0, rng.uniform(0.55, 0.85), rng.uniform(0.08, 0.5)]),
            // Cold LED.
            2 => sensor.under([rng.uniform(0.7, 0.9), 1.0, rng.uniform(1.0, 1.15)]),
            // Infrared of 850 nm with a lamp beside the lens: paints that are light in red light are, yellow like white; green
            // and blue are dark.
            3 => {
                let red = rng.uniform(0.8, 1.0);
                Sensor { is_mono: true, is_lit: true, gains: [1.0; 3], weights: [red, 1.0 - red, 0.0], ..sensor }
            }
            // A machine's eye.
            4 => {
                let own = [rng.uniform(0.1, 1.0), rng.uniform(0.1, 1.0), rng.uniform(0.05, 0.7)];
                let sum: f32 = own.iter().sum();
                Sensor { is_mono: true, weights: own.map(|w| w / sum), ..sensor }
            }
            _ => sensor,
        }
    }

    /// The same camera in light of a colour.
    fn under(self, light: [f32; 3]) -> Sensor {
        Sensor { gains: [0, 1, 2].map(|c| self.gains[c] * light[c]), ..self }
    }

    /// What the planes record of a surface in full light.
    pub(crate) fn tone(&self, colour: Colour) -> Tone {
        let rgb = [0, 1, 2].map(|c| f32::from(colour[c]) / 255.0 * self.gains[c]);
        if self.planes == 3 && !self.is_mono { rgb } else { [(0..3).map(|c| rgb[c] * self.weights[c]).sum(); 3] }
    }
}

impl Sensor {
    /// How bright a tone looks.
    pub(crate) fn brightness(&self, tone: Tone) -> f32 {
        if self.planes == 3 { (0..3).map(|c| tone[c] * LUMA[c]).sum() } else { tone[0] }
    }
}

/// A colour near `colour`: all channels move together by about `spread` bytes, each by a third of it on its own.
pub(crate) fn near(rng: &mut Rng, colour: Colour, spread: f32) -> Colour {
    let together = rng.normal(spread * 0.8);
    colour.map(|v| (f32::from(v) + together + rng.normal(spread * 0.3)).clamp(0.0, 255.0) as u8)
}

/// Part of the way from one colour to another.
pub(crate) fn between(a: Colour, b: Colour, share_of_b: f32) -> Colour {
    [0, 1, 2].map(|c| (f32::from(a[c]) + (f32::from(b[c]) - f32::from(a[c])) * share_of_b) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const YELLOW: Colour = [0xfe, 0xbf, 0x00];
    const WHITE: Colour = [0xf1, 0xf1, 0xf1];
    const GREEN: Colour = [0x00, 0x73, 0x37];
    const BLUE: Colour = [0x2b, 0x78, 0xc4];

    #[test]
    fn infrared_sees_yellow_as_white_and_green_and_blue_as_dark() {
        let lit: Vec<Sensor> =
            (0..400).map(|seed| Sensor::draw(&mut Rng::new(seed), seed % 2 == 0, 1.0)).filter(|s| s.is_lit).collect();
        assert!((10..60).contains(&lit.len()), "{}", lit.len());
        for sensor in lit {
            let level = |colour| sensor.brightness(sensor.tone(colour));
            assert!((level(YELLOW) - level(WHITE)).abs() < 0.1);
            assert!(level(GREEN) < 0.2 && level(BLUE) < 0.35);
            let [r, g, b] = sensor.tone(YELLOW);
            assert!(r == g && g == b);
        }
    }
}
