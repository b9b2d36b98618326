//! Light on the scene before the lens: shadows, highlights and lamps.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::canvas::Noise;
use super::raster::{Raster, smooth};
use super::rng::Rng;

/// Lights the frame, whose plate is centred at `centre` and about `plate` pixels wide and high.
pub(crate) fn illuminate(rng: &mut Rng, frame: &mut Raster, centre: [f32; 2], plate: [f32; 2], difficulty: f32) {
    let whole = frame.whole();
    // Light falls off to one side.
    if rng.chance(0.8 * difficulty) {
        let (dx, dy) = (rng.normal(0.22) / plate[0], rng.normal(0.16) / plate[1]);
        frame.shade(whole, |x, y| (1.0 + (x - centre[0]) * dx + (y - centre[1]) * dy).max(0.15));
    }
    // The edge of a shadow across the plate.
    if rng.chance(0.28 * difficulty) {
        let angle = if rng.chance(0.6) { rng.normal(0.35) + FRAC_PI_2 } else { rng.uniform(0.0, TAU) };
        let (s, c) = angle.sin_cos();
        let (ox, oy) = (centre[0] + rng.normal(0.3) * plate[0], centre[1] + rng.normal(0.35) * plate[1]);
        let soft = plate[1] * rng.log_uniform(0.02, 0.6);
        let depth = rng.uniform(0.25, 0.75);
        let bend = rng.normal(0.6) / plate[0];
        let flip = if rng.chance(0.5) { -1.0 } else { 1.0 };
        frame.shade(whole, |x, y| {
            let (along, across) = ((x - ox) * -s + (y - oy) * c, (x - ox) * c + (y - oy) * s);
            1.0 - depth * smooth(-soft, soft, flip * (across + bend * along * along))
        });
    }
    // Leaves, fences and mirrors: patches.
    if rng.chance(0.08 * difficulty) {
        let cell = plate[1] * rng.log_uniform(0.3, 1.5);
        let noise = Noise::new(rng, [frame.width as f32, frame.height as f32], [cell, cell]);
        let (depth, start) = (rng.uniform(0.2, 0.6), rng.uniform(0.3, 0.6));
        frame.shade(whole, |x, y| 1.0 - depth * smooth(start, start + 0.2, noise.at(x, y)));
    }
    // Headlamps beside the plate: two, or the one that is in the picture, and the veil they lay over all.
    if rng.chance(0.05 * difficulty) {
        let apart = plate[0] * rng.uniform(0.75, 1.5);
        let (drop, radius) = (plate[1] * rng.uniform(-1.4, 0.5), plate[1] * rng.log_uniform(0.12, 0.5));
        let (light, veil) = (rng.log_uniform(1.5, 6.0), rng.log_uniform(0.01, 0.12));
        let lamps: &[f32] = if rng.chance(0.7) { &[-1.0, 1.0] } else { &[1.0] };
        for side in lamps {
            let (x0, y0) = (centre[0] + side * apart, centre[1] + drop);
            frame.add(whole, |x, y| {
                let r2 = ((x - x0).powi(2) + (y - y0).powi(2)) / (radius * radius);
                if r2 < 1.0 { light } else { light * veil / r2 }
            });
        }
    }
    // A highlight of the sun or of a lamp on the sheet.
    if rng.chance(0.2 * difficulty) {
        let (x0, y0) = (centre[0] + rng.normal(0.35) * plate[0], centre[1] + rng.normal(0.5) * plate[1]);
        let (rx, ry) = (plate[0] * rng.log_uniform(0.06, 0.5), plate[1] * rng.log_uniform(0.2, 1.2));
        let strength = rng.log_uniform(0.08, 0.5);
        let reach = 2.2;
        let region = frame.region(x0 - rx * reach, y0 - ry * reach, x0 + rx * reach, y0 + ry * reach);
        frame.lay(region, [1.6; 3], |x, y| {
            let r2 = ((x - x0) / rx).powi(2) + ((y - y0) / ry).powi(2);
            strength * (1.0 - r2 / (reach * reach)).max(0.0).powi(2)
        });
    }
}
