//! From light to bytes: lens, exposure, noise, scaling, sharpening and compression.

use anyhow::Result;
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageFormat, ImageReader};

use super::conditions::Conditions;
use super::dice::Dice;
use super::raster::{Raster, gaussian};

/// What a camera does to one picture. Lengths are pixels of the frame.
#[derive(Clone)]
pub(crate) struct Camera {
    /// Standard deviation of the lens blur, along x and y.
    pub(super) blur: [f32; 2],
    /// Motion during the exposure.
    pub(super) motion: Option<[f32; 2]>,
    pub(super) gain: f32,
    pub(super) lift: f32,
    pub(super) gamma: f32,
    pub(super) noise: [f32; 2],
    /// Noise reduction by a median, which makes fine detail look painted.
    pub(super) smoothed: bool,
    /// Sharpening before the picture is scaled up.
    pub(super) sharpen: f32,
    /// Scaling at the end: above 1 the picture is smaller than it will be.
    pub(crate) enlarge: f32,
    /// Sharpening after scaling.
    pub(super) resharpen: f32,
    pub(super) jpeg: Option<u8>,
}

impl Camera {
    /// A camera for a plate whose characters are `stroke` pixels thick in the final picture and whose sheet and ink
    /// record `sheet` and `ink` in full light.
    ///
    /// Each flaw alone may go to the limit of what people can read. The flaws share one budget, so that a picture with
    /// several of them stays legible: a label that nobody could give teaches nothing.
    pub(crate) fn draw(dice: &mut Dice, stroke: f32, sheet: f32, ink: f32, difficulty: f32) -> Camera {
        let d = difficulty;
        let enlarge = if dice.chance(0.3 * d) { dice.log_uniform(1.15, 3.2) } else { 1.0 };
        // Strokes thinner than a pixel of the sensor cannot be told apart.
        let enlarge = enlarge.min((stroke / 1.05).max(1.0));
        let native = stroke / enlarge;

        // Text stays legible while the blur is below about two thirds of a stroke, the sensor's own included.
        let defocus = if dice.chance(0.6) { dice.uniform(0.0, 0.3) } else { dice.uniform(0.2, 0.68) };
        let sensor = 0.4 / native;
        let defocus = defocus.min((0.68 * 0.68 - sensor * sensor).max(0.0).sqrt());
        let lens = (defocus * native * d).max(0.3);
        let sharpness = 1.0 - ((defocus * d).hypot(sensor) / 0.75).min(1.0);
        let stretch = 1.0 + (dice.normal(0.12) * d).max(-0.3);
        let motion = dice.chance(0.15 * d).then(|| {
            let length = native * dice.uniform(0.3, 0.5 + sharpness);
            let angle = dice.normal(0.5);
            [length * angle.cos(), length * angle.sin()]
        });

        // Where the sheet ends up between black (0) and white (1). Real crops run from night to blown out.
        let exposed = match dice.weighted(&[0.68, 0.17, 0.10, 0.05]) {
            0 => 0.75 + dice.normal(0.14),
            1 => dice.uniform(0.25, 0.5),
            2 => dice.uniform(0.9, 1.25),
            _ => dice.uniform(0.12, 0.28),
        };
        let gamma = (dice.normal(0.2) * d).exp();
        // A dark sheet (green, blue) is exposed darker than a white one in the same light.
        let bright = sheet.max(ink);
        let target = 0.8 + (exposed * (bright / 0.87).clamp(0.3, 1.0).powf(0.5) - 0.8) * d;
        let gain = if d == 0.0 { 1.0 } else { (target.powf(1.0 / gamma) / bright.max(0.05)).clamp(0.08, 3.0) };
        let lift =
            if dice.chance(0.25) { dice.uniform(0.0, 0.4) * target.min(0.9) } else { dice.uniform(0.0, 0.05) } * d;
        let recorded = |light: f32| (light * gain).min(1.0).powf(gamma) * (1.0 - lift) + lift;
        let contrast = (recorded(sheet) - recorded(ink)).abs();

        let noisy = if dice.chance(0.6) { dice.log_uniform(0.002, 0.015) } else { dice.log_uniform(0.006, 0.06) };
        // A stroke is averaged over its own thickness; the blurred one has little to lose.
        let noisy = (noisy * d).min(contrast * 0.16 * native.sqrt().min(2.0) * (0.25 + sharpness));
        let coarsest = if native < 2.0 { 45 } else { 25 };
        Camera {
            blur: [lens * stretch, lens / stretch],
            motion,
            gain,
            lift,
            gamma,
            noise: [noisy * 0.6, noisy * 0.8],
            smoothed: native > 1.6 && dice.chance(0.09 * d),
            sharpen: if dice.chance(0.3 * d) { dice.uniform(0.2, 1.4) } else { 0.0 },
            enlarge,
            resharpen: if dice.chance(0.25 * d) { dice.uniform(0.2, 1.2) } else { 0.0 },
            jpeg: dice.chance(0.5 * d).then(
                || if dice.chance(0.6) { 60 + dice.index(36) } else { coarsest + dice.index(65 - coarsest) } as u8,
            ),
        }
    }

    /// The camera with what `conditions` set; `bright` is what the brighter one of sheet and ink records in full light.
    pub(crate) fn under(mut self, conditions: &Conditions, bright: f32) -> Camera {
        if let Some(blur) = conditions.blur {
            self.blur = [(blur / self.enlarge).max(Conditions::SHARPEST); 2];
        }
        if let Some(noise) = conditions.noise {
            // In the proportion that `draw` gives the constant part and the one that grows with the light.
            self.noise = [noise * 3.0 / 7.0, noise * 4.0 / 7.0];
        }
        if let Some(stops) = conditions.exposure {
            self.gain = 0.8_f32.powf(1.0 / self.gamma) / bright.max(0.05) * stops.exp2();
        }
        self
    }

    /// Takes the picture: interleaved bytes of `frame`'s size times `enlarge`, with the size.
    pub(crate) fn shoot(&self, dice: &mut Dice, frame: &mut Raster) -> Result<(Vec<u8>, usize, usize)> {
        if let Some([dx, dy]) = self.motion {
            smear(frame, dx, dy);
        }
        frame.convolve(&gaussian(self.blur[0]), &gaussian(self.blur[1]));
        self.expose(frame);
        if self.noise[1] > 0.0 {
            add_noise(dice, frame, self.noise);
        }
        if self.smoothed {
            median(frame);
        }
        if self.sharpen > 0.0 {
            sharpen(frame, self.sharpen);
        }
        if self.enlarge > 1.0 {
            *frame = enlarged(frame, self.enlarge);
        }
        if self.resharpen > 0.0 {
            sharpen(frame, self.resharpen);
        }
        let bytes = interleaved(frame);
        let bytes = match self.jpeg {
            Some(quality) => through_jpeg(&bytes, frame, quality)?,
            None => bytes,
        };
        Ok((bytes, frame.width, frame.height))
    }

    fn expose(&self, frame: &mut Raster) {
        const STEPS: usize = 1024;
        const RANGE: f32 = 2.0;
        let curve: Vec<f32> = (0..=STEPS)
            .map(|i| {
                let light = i as f32 / STEPS as f32 * RANGE * self.gain;
                (light.min(1.0).powf(self.gamma) * (1.0 - self.lift) + self.lift).min(1.0)
            })
            .collect();
        for plane in &mut frame.planes {
            for value in plane {
                let place = (*value / RANGE * STEPS as f32).clamp(0.0, STEPS as f32 - 0.01);
                let whole = place as usize;
                *value = curve[whole] + (curve[whole + 1] - curve[whole]) * (place - whole as f32);
            }
        }
    }
}

/// Averages along a straight line of the length and direction given.
fn smear(frame: &mut Raster, dx: f32, dy: f32) {
    let steps = (dx.hypot(dy).ceil() as usize).clamp(2, 14);
    let (width, height) = (frame.width, frame.height);
    for plane in &mut frame.planes {
        let mut sum = vec![0.0; plane.len()];
        for step in 0..=steps {
            let t = step as f32 / steps as f32 - 0.5;
            let (sx, sy) = (t * dx, t * dy);
            let (ix, iy) = (sx.floor(), sy.floor());
            let (fx, fy) = (sx - ix, sy - iy);
            let (ix, iy) = (ix as isize, iy as isize);
            for y in 0..height {
                let row = |offset: isize| {
                    let y = (y as isize + iy + offset).clamp(0, height as isize - 1) as usize;
                    &plane[y * width..(y + 1) * width]
                };
                let (upper, lower) = (row(0), row(1));
                let out = &mut sum[y * width..(y + 1) * width];
                let between = |a: usize, b: usize, upper: &[f32], lower: &[f32]| {
                    let top = upper[a] + (upper[b] - upper[a]) * fx;
                    let bottom = lower[a] + (lower[b] - lower[a]) * fx;
                    top + (bottom - top) * fy
                };
                // Most of a row needs no clamping, and is vectorised.
                let first = (-ix).clamp(0, width as isize) as usize;
                let end = (width as isize - 1 - ix).clamp(first as isize, width as isize) as usize;
                for x in (0..first).chain(end..width) {
                    let at = |offset: isize| (x as isize + offset).clamp(0, width as isize - 1) as usize;
                    out[x] += between(at(ix), at(ix + 1), upper, lower);
                }
                if first < end {
                    let from = (first as isize + ix) as usize;
                    let pairs = upper[from..].windows(2).zip(lower[from..].windows(2));
                    for (out, (upper, lower)) in out[first..end].iter_mut().zip(pairs) {
                        *out += between(0, 1, upper, lower);
                    }
                }
            }
        }
        let share = 1.0 / (steps + 1) as f32;
        for (value, sum) in plane.iter_mut().zip(&sum) {
            *value = sum * share;
        }
    }
}

/// Adds noise of a constant part and one that grows with the root of the light.
fn add_noise(dice: &mut Dice, frame: &mut Raster, [read, shot]: [f32; 2]) {
    // A table drawn once a picture and read from a new place each row looks as random as fresh numbers.
    const TABLE: usize = 2048;
    let table: Vec<f32> = (0..TABLE).map(|_| dice.normal(1.0)).collect();
    let width = frame.width;
    // Long enough to be read on from any place without wrapping, which lets the loop be vectorised.
    let table: Vec<f32> = table.iter().copied().cycle().take(TABLE + width).collect();
    for plane in &mut frame.planes {
        for row in plane.chunks_exact_mut(width) {
            let at = dice.index(TABLE);
            for (value, noise) in row.iter_mut().zip(&table[at..]) {
                *value += noise * (read + shot * value.max(0.0).sqrt());
            }
        }
    }
}

/// Replaces every pixel by the median of itself and its four neighbours; the outermost stay.
fn median(frame: &mut Raster) {
    let (width, height) = (frame.width, frame.height);
    for plane in &mut frame.planes {
        let from = plane.clone();
        for y in 1..height.saturating_sub(1) {
            for x in 1..width.saturating_sub(1) {
                let at = y * width + x;
                let mut five = [from[at - width], from[at - 1], from[at], from[at + 1], from[at + width]];
                five.sort_unstable_by(f32::total_cmp);
                plane[at] = five[2];
            }
        }
    }
}

/// Unsharp mask over 3x3 pixels: the halos of phone and camera firmware.
fn sharpen(frame: &mut Raster, amount: f32) {
    let sharp: Vec<Vec<f32>> = frame.planes.clone();
    frame.convolve(&gaussian(0.9), &gaussian(0.9));
    for (plane, sharp) in frame.planes.iter_mut().zip(sharp) {
        for (value, sharp) in plane.iter_mut().zip(sharp) {
            *value = (sharp + (sharp - *value) * amount).clamp(0.0, 1.0);
        }
    }
}

/// Scales up with Catmull-Rom cubics, as viewers and upscalers do.
fn enlarged(frame: &Raster, factor: f32) -> Raster {
    let (width, height) = ((frame.width as f32 * factor) as usize, (frame.height as f32 * factor) as usize);
    let taps = |out: usize, limit: usize| -> ([usize; 4], [f32; 4]) {
        let at = (out as f32 + 0.5) / factor - 0.5;
        let (whole, t) = (at.floor(), at - at.floor());
        let index = [-1.0, 0.0, 1.0, 2.0].map(|o| (whole + o).clamp(0.0, limit as f32 - 1.0) as usize);
        let (t2, t3) = (t * t, t * t * t);
        (index, [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, 0.5 * (t3 - t2)])
    };
    let columns: Vec<_> = (0..width).map(|x| taps(x, frame.width)).collect();
    let mut out = Raster::new(width, height, frame.planes.len());
    for (plane, from) in out.planes.iter_mut().zip(&frame.planes) {
        let mut wide = vec![0.0; width * frame.height];
        for (row, from) in wide.chunks_exact_mut(width).zip(from.chunks_exact(frame.width)) {
            for (value, (index, weight)) in row.iter_mut().zip(&columns) {
                *value = (0..4).map(|i| from[index[i]] * weight[i]).sum();
            }
        }
        for (y, row) in plane.chunks_exact_mut(width).enumerate() {
            let (index, weight) = taps(y, frame.height);
            for (i, weight) in index.into_iter().zip(weight) {
                for (value, from) in row.iter_mut().zip(&wide[i * width..(i + 1) * width]) {
                    *value += from * weight;
                }
            }
        }
    }
    out
}

fn interleaved(frame: &Raster) -> Vec<u8> {
    let byte = |v: f32| (v * 255.0 + 0.5).clamp(0.0, 255.0) as u8;
    match &frame.planes[..] {
        [grey] => grey.iter().map(|&v| byte(v)).collect(),
        planes => {
            let mut bytes = vec![0; planes.len() * frame.width * frame.height];
            for (offset, plane) in planes.iter().enumerate() {
                for (out, &value) in bytes.iter_mut().skip(offset).step_by(planes.len()).zip(plane) {
                    *out = byte(value);
                }
            }
            bytes
        }
    }
}

/// Compresses and decompresses.
fn through_jpeg(bytes: &[u8], frame: &Raster, quality: u8) -> Result<Vec<u8>> {
    let grey = frame.planes.len() == 1;
    let format = if grey { ExtendedColorType::L8 } else { ExtendedColorType::Rgb8 };
    let mut file = Vec::with_capacity(bytes.len() / 2 + 1024);
    JpegEncoder::new_with_quality(&mut file, quality).encode(bytes, frame.width as u32, frame.height as u32, format)?;
    let decoded = ImageReader::with_format(std::io::Cursor::new(file), ImageFormat::Jpeg).decode()?;
    Ok(if grey { decoded.into_luma8().into_raw() } else { decoded.into_rgb8().into_raw() })
}
