//! A scene in the making: what its painters share.

use kr_lpr::geometry::Quad;

use super::super::Synth;
use super::super::raster::{Raster, Tone};
use super::super::rng::Rng;
use super::super::sensor::{Colour, Sensor, near};
use super::brush::{Brush, Fill, band, outline};

/// The picture so far, the RNG, and how colours are recorded.
pub(super) struct Composition<'a> {
    pub(super) rng: Rng,
    pub(super) synth: &'a Synth,
    pub(super) raster: Raster,
    pub(super) brush: Brush,
    pub(super) sensor: Sensor,
    pub(super) difficulty: f32,
    /// Outlines of the negatives, in the order they were drawn.
    pub(super) negatives: Vec<Quad>,
}

impl Composition<'_> {
    /// Width and height of the picture, pixels.
    pub(super) fn size(&self) -> [f32; 2] {
        [self.raster.width as f32, self.raster.height as f32]
    }

    /// What is recorded of a colour near `colour`.
    pub(super) fn tone(&mut self, colour: Colour, spread: f32) -> Tone {
        let colour = near(&mut self.rng, colour, spread);
        self.sensor.tone(colour)
    }

    /// What is recorded of any colour at all.
    pub(super) fn any_tone(&mut self) -> Tone {
        let base = self.rng.uniform(0.0, 255.0);
        // Most of what people make is pale or grey.
        let vivid = if self.rng.chance(0.5) { 25.0 } else { 110.0 };
        let colour = [0; 3].map(|_: u8| (base + self.rng.uniform(-vivid, vivid)).clamp(0.0, 255.0) as u8);
        self.sensor.tone(colour)
    }

    /// Fills the outline through `points` (pixels) with its corners rounded by `round`, 0 to 0.5.
    pub(super) fn shape(&mut self, points: &[[f32; 2]], round: f32, fill: Fill) {
        if let Some(path) = outline(points, round) {
            self.brush.fill(&mut self.raster, &path, fill);
        }
    }

    /// Draws a line through `points`, `thick` pixels wide; a line thinner than a pixel is a faint one.
    pub(super) fn line(&mut self, points: &[[f32; 2]], thick: f32, tone: Tone, cover: f32) {
        let cover = cover * thick.min(1.0);
        if cover > 0.02 && points.len() > 1 {
            self.shape(&band(points, thick.max(1.0)), 0.0, Fill::flat(tone).cover(cover));
        }
    }

    /// Fills an upright rectangle, pixels.
    pub(super) fn rectangle(&mut self, [x0, y0, x1, y1]: [f32; 4], fill: Fill) {
        self.shape(&[[x0, y0], [x1, y0], [x1, y1], [x0, y1]], 0.0, fill);
    }

    /// Lays a soft spot of light or darkness, pixels.
    pub(super) fn glow(&mut self, [x0, y0]: [f32; 2], [rx, ry]: [f32; 2], tone: Tone, strength: f32) {
        let region = self.raster.region(x0 - rx, y0 - ry, x0 + rx, y0 + ry);
        let (ix, iy) = (1.0 / rx.max(0.1), 1.0 / ry.max(0.1));
        self.raster.lay(region, tone, |x, y| {
            let r2 = ((x - x0) * ix).powi(2) + ((y - y0) * iy).powi(2);
            strength * (1.0 - r2).max(0.0).powi(2)
        });
    }
}
