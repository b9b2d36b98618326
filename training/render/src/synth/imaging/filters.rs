//! What lens, shutter and firmware do to all of a picture alike: smear, median, sharpening, enlargement.

use super::super::raster::{Raster, gaussian};

/// Averages along a straight line of the length and direction given.
pub(super) fn smear(frame: &mut Raster, dx: f32, dy: f32) {
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

/// Replaces every pixel by the median of itself and its four neighbours; the outermost stay.
pub(super) fn median(frame: &mut Raster) {
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

/// Unsharp mask: the halos of phone and camera firmware, about `sigma` pixels wide.
pub(super) fn sharpen(frame: &mut Raster, amount: f32, sigma: f32) {
    let sharp: Vec<Vec<f32>> = frame.planes.clone();
    frame.convolve(&gaussian(sigma), &gaussian(sigma));
    for (plane, sharp) in frame.planes.iter_mut().zip(sharp) {
        for (value, sharp) in plane.iter_mut().zip(sharp) {
            *value = (sharp + (sharp - *value) * amount).clamp(0.0, 1.0);
        }
    }
}

/// Scales up with Catmull-Rom cubics, as viewers and upscalers do.
pub(super) fn enlarged(frame: &Raster, factor: f32) -> Raster {
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
