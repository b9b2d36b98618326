//! What becomes of rows between sensor and picture, and of a picture of a picture.

use std::f32::consts::TAU;

use super::super::raster::Raster;
use super::super::rng::Rng;

/// How rows are read out. Lengths are pixels.
#[derive(Clone)]
pub(in crate::synth) enum Rows {
    /// Every other row is made up from its neighbours: one field of interlaced video.
    Field,
    /// Every other row is taken a moment later, when the plate has moved on by this much: both fields.
    Comb(f32),
    /// Rows swing from side to side, as of a vibrating camera whose rows are exposed one after the other.
    Swing {
        /// Furthest shift of a row.
        reach: f32,
        /// Rows a swing takes.
        period: f32,
        /// Where in the swing the first row is, radians.
        phase: f32,
    },
}

impl Rows {
    /// For a plate `width` pixels wide with strokes of `stroke` pixels; the blurred one has little to lose.
    pub(super) fn draw(rng: &mut Rng, stroke: f32, width: f32, sharpness: f32) -> Rows {
        let reach = (width * rng.log_uniform(0.003, 0.022)).min(stroke * (0.3 + 0.9 * sharpness));
        match rng.index(3) {
            0 if stroke > 1.8 => Rows::Field,
            1 => Rows::Comb(if rng.chance(0.5) { reach } else { -reach }),
            _ => Rows::Swing {
                reach: 0.6 * reach,
                period: width * rng.log_uniform(0.03, 0.5),
                phase: rng.uniform(0.0, TAU),
            },
        }
    }

    /// Reads `frame` out.
    pub(super) fn read(&self, frame: &mut Raster) {
        let (width, height) = (frame.width, frame.height);
        for plane in &mut frame.planes {
            match *self {
                Rows::Field => {
                    for y in (1..height).step_by(2) {
                        let (upper, lower) = plane.split_at_mut((y + 1) * width);
                        let (above, row) = upper[(y - 1) * width..].split_at_mut(width);
                        let below = lower.get(..width).unwrap_or(above);
                        for ((value, a), b) in row.iter_mut().zip(above.iter()).zip(below) {
                            *value = (a + b) / 2.0;
                        }
                    }
                }
                Rows::Comb(reach) => {
                    let shift = |y: usize| if y.is_multiple_of(2) { reach / 2.0 } else { -reach / 2.0 };
                    plane.chunks_exact_mut(width).enumerate().for_each(|(y, row)| shifted(row, shift(y)));
                }
                Rows::Swing { reach, period, phase } => {
                    let shift = |y: usize| reach * (phase + y as f32 / period * TAU).sin();
                    plane.chunks_exact_mut(width).enumerate().for_each(|(y, row)| shifted(row, shift(y)));
                }
            }
        }
    }
}

/// Moves what is in the row to the right by `by` pixels; the ends repeat.
fn shifted(row: &mut [f32], by: f32) {
    let from = row.to_vec();
    let (whole, share) = (by.floor(), by - by.floor());
    let at = |x: isize| from[x.clamp(0, from.len() as isize - 1) as usize];
    for (x, value) in row.iter_mut().enumerate() {
        let x = x as isize - whole as isize;
        *value = at(x) + (at(x - 1) - at(x)) * share;
    }
}

/// The moire of a photographed screen: two gratings, that of its pixels and the beat of it with the sensor's, each at an
/// angle of its own and in another phase for each colour. `depth` is the share of the light that comes and goes.
pub(super) fn screen(rng: &mut Rng, frame: &mut Raster, depth: f32) {
    for period in [rng.log_uniform(2.1, 4.0), rng.log_uniform(4.0, 40.0)] {
        let (s, c) = rng.normal(0.3).sin_cos();
        let [kx, ky] = [c, s].map(|part| TAU * part / period);
        let (phase, apart) = (rng.uniform(0.0, TAU), rng.uniform(0.0, 2.1));
        // cos(a + b) = cos a cos b - sin a sin b: no cosine a pixel.
        let across: Vec<(f32, f32)> = (0..frame.width).map(|x| (kx * x as f32).sin_cos()).collect();
        for (index, plane) in frame.planes.iter_mut().enumerate() {
            for (y, row) in plane.chunks_exact_mut(frame.width).enumerate() {
                let (sine, cosine) = (ky * y as f32 + phase + apart * index as f32).sin_cos();
                for (value, (sin, cos)) in row.iter_mut().zip(&across) {
                    *value *= 1.0 + depth * (cosine * cos - sine * sin);
                }
            }
        }
    }
}
