//! Imaging, from light to bytes: what a camera does to one picture.
//!
//! In the order of the light's path: [`optics`] (drops on the lens, glare), [`filters`] (blur of lens and motion),
//! [`exposure`], [`readout`] (rows, screens), and the [`codec`].

mod codec;
mod exposure;
mod filters;
mod optics;
mod readout;

use anyhow::Result;

pub(super) use exposure::Curve;
pub(super) use optics::Glare;
pub(super) use readout::Rows;

use super::conditions::Conditions;
use super::raster::{Raster, gaussian};
use super::rng::Rng;

/// What lens, sensor and firmware do to one picture. Lengths are pixels of the frame.
#[derive(Clone)]
pub(crate) struct Imaging {
    /// Glare around what is brighter than white.
    pub(super) glare: Option<Glare>,
    /// Radius of the drops of rain on the lens.
    pub(super) rain: Option<f32>,
    /// Standard deviation of the lens blur, along x and y.
    pub(super) blur: [f32; 2],
    /// Motion during the exposure.
    pub(super) motion: Option<[f32; 2]>,
    pub(super) curve: Curve,
    /// Noise: a constant part and one that grows with the root of the light.
    pub(super) noise: [f32; 2],
    /// Pixels a grain of noise is wide.
    pub(super) grain: usize,
    /// Noise reduction by a median, which makes fine detail look painted.
    pub(super) smoothed: bool,
    /// How rows are read out, if not one after the other and all at once.
    pub(super) rows: Option<Rows>,
    /// Depth of the moire of a screen that was photographed.
    pub(super) screen: Option<f32>,
    /// Sharpening before the picture is scaled up: amount and radius.
    pub(super) sharpen: Option<[f32; 2]>,
    /// Scaling at the end: above 1 the picture is smaller than it will be.
    pub(crate) enlarge: f32,
    /// Sharpening after scaling.
    pub(super) resharpen: Option<[f32; 2]>,
    /// Step of a video's quantiser, levels.
    pub(super) video: Option<f32>,
    /// Quality of the JPEG.
    pub(super) jpeg: Option<u8>,
}

/// What a picture is taken of.
pub(crate) struct Subject {
    /// Thickness of the characters' strokes in the final picture, pixels.
    pub(crate) stroke: f32,
    /// Width of the plate in the final picture, pixels.
    pub(crate) width: f32,
    /// What the sheet records in full light.
    pub(crate) sheet: f32,
    /// What the characters record in full light.
    pub(crate) ink: f32,
    /// Whether a lamp beside the camera makes the sheet shine.
    pub(crate) shines: bool,
}

impl Imaging {
    /// Imaging of a plate.
    ///
    /// Each flaw alone may go to the limit of what people can read. The flaws share one budget, so that a picture with
    /// several of them stays legible: a label that nobody could give teaches nothing.
    pub(crate) fn draw(rng: &mut Rng, subject: &Subject, difficulty: f32) -> Imaging {
        let d = difficulty;
        let &Subject { stroke, width, sheet, ink, shines } = subject;
        let enlarge = if rng.chance(0.3 * d) { rng.log_uniform(1.15, 3.2) } else { 1.0 };
        // Strokes thinner than a pixel of the sensor cannot be told apart.
        let enlarge = enlarge.min((stroke / 1.05).max(1.0));
        let native = stroke / enlarge;

        // Text stays legible while the blur is below about two thirds of a stroke, the sensor's own included.
        let defocus = if rng.chance(0.6) { rng.uniform(0.0, 0.3) } else { rng.uniform(0.2, 0.68) };
        let sensor = 0.4 / native;
        let defocus = defocus.min((0.68 * 0.68 - sensor * sensor).max(0.0).sqrt());
        let lens = (defocus * native * d).max(0.3);
        let sharpness = 1.0 - ((defocus * d).hypot(sensor) / 0.75).min(1.0);
        let stretch = 1.0 + (rng.normal(0.12) * d).max(-0.3);
        let motion = rng.chance(0.18 * d).then(|| {
            let length = native * rng.uniform(0.3, 0.5 + 1.4 * sharpness);
            let angle = rng.normal(0.45);
            [length * angle.cos(), length * angle.sin()]
        });

        let curve = exposure(rng, sheet, ink, d);
        let contrast = (curve.level(sheet) - curve.level(ink)).abs();
        let noisy = if rng.chance(0.6) { rng.log_uniform(0.002, 0.015) } else { rng.log_uniform(0.006, 0.06) };
        // A stroke is averaged over its own thickness; the blurred one has little to lose.
        let noisy = (noisy * d).min(contrast * 0.16 * native.sqrt().min(2.0) * (0.25 + sharpness));
        let grain = if native > 2.5 && rng.chance(0.2 * d) { 2 } else { 1 };
        let coarsest = if native < 2.0 { 45 } else { 25 };
        let halo = |rng: &mut Rng, least: f32| {
            // Most firmware sharpens a little, that of road cameras until every stroke has a rim.
            let strong = rng.chance(0.3);
            let amount = if strong { rng.uniform(1.2, 3.0) } else { rng.uniform(0.2, 1.2) };
            Some([amount, if strong { rng.uniform(0.9, 1.8) } else { least }])
        };
        Imaging {
            glare: rng.chance(if shines { 0.6 } else { 0.06 * d }).then(|| Glare::draw(rng, width / enlarge)),
            rain: (native > 2.0 && rng.chance(0.03 * d)).then(|| native * rng.log_uniform(1.5, 5.0)),
            blur: [lens * stretch, lens / stretch],
            motion,
            curve,
            noise: [noisy * 0.6, noisy * 0.8],
            grain,
            smoothed: native > 1.6 && rng.chance(0.09 * d),
            rows: rng.chance(0.07 * d).then(|| Rows::draw(rng, native, width / enlarge, sharpness)),
            screen: rng.chance(0.03 * d).then(|| rng.uniform(0.05, 0.2) * contrast.min(1.0)),
            sharpen: rng.chance(0.3 * d).then(|| halo(rng, 0.9)).flatten(),
            enlarge,
            resharpen: rng.chance(0.25 * d).then(|| halo(rng, 0.9)).flatten(),
            video: rng.chance(0.12 * d).then(|| rng.log_uniform(0.03, 0.3).min(contrast * (0.2 + 0.8 * sharpness))),
            jpeg: rng.chance(0.5 * d).then(|| match rng.weighted(&[0.58, 0.36, 0.06]) {
                0 => 60 + rng.index(36) as u8,
                1 => (coarsest + rng.index(65 - coarsest)) as u8,
                // As messengers and recorders of car parks save: people still read large characters.
                _ if native > 2.6 => 5 + rng.index(12) as u8,
                _ => coarsest as u8,
            }),
        }
    }

    /// The same with what `conditions` set; `bright` is what the brighter one of sheet and ink records in full light.
    pub(crate) fn under(mut self, conditions: &Conditions, bright: f32) -> Imaging {
        if let Some(blur) = conditions.blur {
            self.blur = [(blur / self.enlarge).max(Conditions::SHARPEST); 2];
        }
        if let Some(noise) = conditions.noise {
            // In the proportion that `draw` gives the constant part and the one that grows with the light.
            self.noise = [noise * 3.0 / 7.0, noise * 4.0 / 7.0];
        }
        if let Some(stops) = conditions.exposure {
            self.curve.gain = 0.8_f32.powf(1.0 / self.curve.gamma) / bright.max(0.05) * stops.exp2();
        }
        self
    }

    /// Takes the picture: interleaved bytes of `frame`'s size times `enlarge`, with the size.
    pub(crate) fn record(&self, rng: &mut Rng, frame: &mut Raster) -> Result<(Vec<u8>, usize, usize)> {
        if let Some(radius) = self.rain {
            optics::rain(rng, frame, radius);
        }
        if let Some([dx, dy]) = self.motion {
            filters::smear(frame, dx, dy);
        }
        frame.convolve(&gaussian(self.blur[0]), &gaussian(self.blur[1]));
        if let Some(glare) = &self.glare {
            glare.spread(frame, self.curve.gain);
        }
        self.curve.expose(frame);
        if self.noise[1] > 0.0 {
            exposure::add_noise(rng, frame, self.noise, self.grain);
        }
        if self.smoothed {
            filters::median(frame);
        }
        if let Some(rows) = &self.rows {
            rows.read(frame);
        }
        if let Some(depth) = self.screen {
            readout::screen(rng, frame, depth);
        }
        if let Some([amount, radius]) = self.sharpen {
            filters::sharpen(frame, amount, radius);
        }
        if self.enlarge > 1.0 {
            *frame = filters::enlarged(frame, self.enlarge);
        }
        if let Some([amount, radius]) = self.resharpen {
            filters::sharpen(frame, amount, radius);
        }
        if let Some(step) = self.video {
            codec::through_video(frame, step);
        }
        let bytes = codec::interleaved(frame);
        let bytes = match self.jpeg {
            Some(quality) => codec::through_jpeg(&bytes, frame, quality)?,
            None => bytes,
        };
        Ok((bytes, frame.width, frame.height))
    }
}

/// How a plate is exposed whose sheet and ink record `sheet` and `ink` in full light.
fn exposure(rng: &mut Rng, sheet: f32, ink: f32, d: f32) -> Curve {
    // Where the sheet ends up between black (0) and white (1). Real crops run from night to blown out.
    let exposed = match rng.weighted(&[0.64, 0.17, 0.12, 0.07]) {
        0 => 0.75 + rng.normal(0.14),
        1 => rng.uniform(0.25, 0.5),
        2 => rng.uniform(0.9, 1.4),
        _ => rng.uniform(0.1, 0.28),
    };
    let gamma = (rng.normal(0.2) * d).exp();
    // A dark sheet (green, blue) is exposed darker than a white one in the same light.
    let bright = sheet.max(ink);
    let target = 0.8 + (exposed * (bright / 0.87).clamp(0.3, 1.0).powf(0.5) - 0.8) * d;
    let gain = if d == 0.0 { 1.0 } else { (target.powf(1.0 / gamma) / bright.max(0.05)).clamp(0.05, 3.0) };
    let lift = if rng.chance(0.25) { rng.uniform(0.0, 0.4) * target.min(0.9) } else { rng.uniform(0.0, 0.05) } * d;
    // A pale picture: what was black is grey, and so is what was white.
    let pale = rng.chance(0.06 * d).then(|| rng.uniform(0.25, 0.6));
    let (lift, top) = match pale {
        Some(range) => {
            let lift = rng.uniform(0.05, 0.95 - range);
            (lift, lift + range)
        }
        None => (lift, 1.0),
    };
    Curve { gain, gamma, lift, top }
}

#[cfg(test)]
mod tests;
