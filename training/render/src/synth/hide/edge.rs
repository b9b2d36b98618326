//! The edge of the picture through a plate.

use super::super::rng::Rng;
use super::BarePlate;

/// Least side of what is left of a picture, pixels.
const LEAST: f32 = 16.0;

/// What of the enlarged frame remains: left, top, right, bottom. One side of the plate is cut off, or two that meet.
pub(super) fn draw(rng: &mut Rng, plate: &BarePlate) -> Option<[usize; 4]> {
    let [width, height] = plate.spec.layout.size();
    let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| plate.to_frame(corner));
    let [xs, ys] = [0, 1].map(|axis| {
        let along = corners.map(|corner| corner[axis] * plate.imaging.enlarge);
        [along.iter().copied().fold(f32::MAX, f32::min), along.iter().copied().fold(f32::MIN, f32::max)]
    });
    let [full_width, full_height] = plate.frame.map(|side| (side * plate.imaging.enlarge).floor());
    let (mut left, mut top, mut right, mut bottom) = (0.0, 0.0, full_width, full_height);
    let sides = rng.weighted(&[0.3, 0.3, 0.13, 0.11, 0.16]);
    let (across, down) = (xs[1] - xs[0], ys[1] - ys[0]);
    let side = |rng: &mut Rng| rng.uniform(-0.01, 0.45) * across;
    let (from_left, from_right) = (side(rng), side(rng));
    let (from_top, from_bottom) = (rng.uniform(0.02, 0.6) * down, rng.uniform(0.02, 0.6) * down);
    match sides {
        0 => left = xs[0] + from_left,
        1 => right = xs[1] - from_right,
        2 => bottom = ys[1] - from_bottom,
        3 => top = ys[0] + from_top,
        _ => {
            if rng.chance(0.5) {
                left = xs[0] + from_left
            } else {
                right = xs[1] - from_right
            }
            if rng.chance(0.5) { bottom = ys[1] - 0.7 * from_bottom } else { top = ys[0] + 0.7 * from_top }
        }
    }
    let (left, top) = (left.round().max(0.0), top.round().max(0.0));
    let (right, bottom) = (right.round().min(full_width), bottom.round().min(full_height));
    let large = right - left >= LEAST && bottom - top >= LEAST;
    large.then(|| [left, top, right, bottom].map(|side| side as usize))
}

/// The part (left, top, right, bottom) of a picture of interleaved bytes, with its width and height.
pub(crate) fn cut_out(pixels: &[u8], width: usize, channels: usize, part: [usize; 4]) -> (Vec<u8>, [usize; 2]) {
    let [left, top, right, bottom] = part;
    let rows = pixels.chunks_exact(width * channels).take(bottom).skip(top);
    let bytes = rows.flat_map(|row| &row[left * channels..right * channels]).copied().collect();
    (bytes, [right - left, bottom - top])
}
