//! From light to levels: the tone curve and the noise of the sensor.

use super::super::raster::Raster;
use super::super::rng::Rng;

/// How light becomes a level between black (0) and white (1).
#[derive(Clone, Copy, Debug)]
pub(in crate::synth) struct Curve {
    pub(in crate::synth) gain: f32,
    pub(in crate::synth) gamma: f32,
    /// The level of no light: haze, a raised black.
    pub(in crate::synth) lift: f32,
    /// The level of white; below 1 the picture is pale.
    pub(in crate::synth) top: f32,
}

impl Curve {
    /// The level of an amount of light.
    pub(in crate::synth) fn level(&self, light: f32) -> f32 {
        (light * self.gain).min(1.0).powf(self.gamma) * (self.top - self.lift) + self.lift
    }

    /// Makes levels of the light in `frame`.
    pub(super) fn expose(&self, frame: &mut Raster) {
        const STEPS: usize = 1024;
        const RANGE: f32 = 2.0;
        // What is brighter than the range is white with any gain of a half or more; darker exposures reach further.
        let range = RANGE.max(1.05 / self.gain);
        let curve: Vec<f32> = (0..=STEPS).map(|i| self.level(i as f32 / STEPS as f32 * range)).collect();
        for plane in &mut frame.planes {
            for value in plane {
                let place = (*value / range * STEPS as f32).clamp(0.0, STEPS as f32 - 0.01);
                let whole = place as usize;
                *value = curve[whole] + (curve[whole + 1] - curve[whole]) * (place - whole as f32);
            }
        }
    }
}

/// Adds noise of a constant part and one that grows with the root of the light, in grains of `grain` pixels: what noise
/// reduction leaves is coarser than a pixel.
pub(super) fn add_noise(rng: &mut Rng, frame: &mut Raster, [read, shot]: [f32; 2], grain: usize) {
    // A table drawn once a picture and read from a new place each row looks as random as fresh numbers.
    const TABLE: usize = 2048;
    let table: Vec<f32> = (0..TABLE).map(|_| rng.normal(1.0)).collect();
    let width = frame.width;
    // Long enough to be read on from any place without wrapping, which lets the loop be vectorised.
    let table: Vec<f32> = table.iter().copied().cycle().take(TABLE + width).collect();
    let coarse = |at: usize| -> Vec<f32> { (0..width).map(|x| table[at + x / grain]).collect() };
    for plane in &mut frame.planes {
        for rows in plane.chunks_mut(width * grain) {
            let at = rng.index(TABLE);
            let grains = if grain > 1 { coarse(at) } else { Vec::new() };
            let noise = if grain > 1 { &grains[..] } else { &table[at..] };
            for row in rows.chunks_exact_mut(width) {
                for (value, noise) in row.iter_mut().zip(noise) {
                    *value += noise * (read + shot * value.max(0.0).sqrt());
                }
            }
        }
    }
}
