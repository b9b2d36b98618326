//! What lies on the lens or shines into it.

use super::super::raster::{Raster, gaussian, smooth};
use super::super::rng::Rng;

/// A halo around light that is brighter than the sensor can record.
#[derive(Clone)]
pub(in crate::synth) struct Glare {
    /// How far it reaches, pixels.
    radius: f32,
    /// Share of the light above the limit that it takes along.
    share: f32,
}

/// The glare is painted on a picture this many times as coarse.
const COARSE: usize = 4;

impl Glare {
    /// Glare in a picture whose plate is `width` pixels wide.
    pub(in crate::synth) fn draw(rng: &mut Rng, width: f32) -> Glare {
        Glare { radius: width * rng.log_uniform(0.01, 0.06), share: rng.uniform(0.15, 0.6) }
    }

    /// Adds the halo to `frame`, whose light saturates the sensor at `1 / gain`.
    pub(super) fn spread(&self, frame: &mut Raster, gain: f32) {
        // From a little below white on, as a lens spreads all light, but only bright light is seen to spread.
        let limit = 0.75 / gain.max(1e-3);
        let (width, height) = (frame.width.div_ceil(COARSE), frame.height.div_ceil(COARSE));
        let mut halo = Raster::new(width, height, frame.planes.len());
        for (coarse, plane) in halo.planes.iter_mut().zip(&frame.planes) {
            for (y, row) in plane.chunks_exact(frame.width).enumerate() {
                let out = &mut coarse[y / COARSE * width..][..width];
                for (x, &light) in row.iter().enumerate() {
                    out[x / COARSE] += (light - limit).clamp(0.0, 4.0 * limit);
                }
            }
        }
        let kernel = gaussian((self.radius / COARSE as f32).max(0.5));
        halo.convolve(&kernel, &kernel);
        let share = self.share / (COARSE * COARSE) as f32;
        for (coarse, plane) in halo.planes.iter().zip(&mut frame.planes) {
            for (y, row) in plane.chunks_exact_mut(frame.width).enumerate() {
                let (upper, lower, fy) = between(y, height);
                for (x, light) in row.iter_mut().enumerate() {
                    let (left, right, fx) = between(x, width);
                    let along = |row: usize| {
                        let (a, b) = (coarse[row * width + left], coarse[row * width + right]);
                        a + (b - a) * fx
                    };
                    let (a, b) = (along(upper), along(lower));
                    *light += share * (a + (b - a) * fy);
                }
            }
        }
    }
}

/// The two coarse pixels around fine pixel `at`, and how far it is towards the second.
fn between(at: usize, count: usize) -> (usize, usize, f32) {
    let place = ((at as f32 + 0.5) / COARSE as f32 - 0.5).max(0.0);
    let first = (place as usize).min(count - 1);
    (first, (first + 1).min(count - 1), place - first as f32)
}

/// Drops of about `radius` pixels on the lens: each shows what is around it small and upside down, and blurs the rest.
pub(super) fn rain(rng: &mut Rng, frame: &mut Raster, radius: f32) {
    let (width, height) = (frame.width as f32, frame.height as f32);
    let area = width * height / (radius * radius);
    let count = 1 + rng.index(((0.02 * area) as usize).clamp(1, 24));
    let from = frame.planes.clone();
    for _ in 0..count {
        let (cx, cy) = (rng.uniform(0.0, width), rng.uniform(0.0, height));
        let (rx, ry) = (radius * rng.uniform(0.5, 1.2), radius * rng.uniform(0.7, 1.4));
        let (opacity, bend) = (rng.uniform(0.3, 0.75), rng.uniform(-2.0, 0.4));
        let region = frame.region(cx - rx, cy - ry, cx + rx, cy + ry);
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let (dx, dy) = (x as f32 + 0.5 - cx, y as f32 + 0.5 - cy);
                let distance = ((dx / rx).powi(2) + (dy / ry).powi(2)).sqrt();
                let cover = opacity * (1.0 - smooth(0.7, 1.0, distance));
                if cover <= 0.0 {
                    continue;
                }
                let u = ((cx + dx * bend).max(0.0) as usize).min(frame.width - 1);
                let v = ((cy + dy * bend).max(0.0) as usize).min(frame.height - 1);
                let at = y * frame.width + x;
                for (plane, from) in frame.planes.iter_mut().zip(&from) {
                    plane[at] += (from[v * frame.width + u] - plane[at]) * cover;
                }
            }
        }
    }
}
