//! How large the plate becomes and how much of the world around it is in the picture.

use kr_lpr::geometry::Point;

use super::canvas::Canvas;
use super::pose::Pose;
use super::raster::Raster;
use super::rng::Rng;

/// How many pixels wide the plate becomes: 55 to 700, four in five between 80 and 300; a plate of two lines, whose
/// characters are larger for its width, 44 to 560. Those of trucks and buses are mostly photographed from far away.
pub(super) fn plate_width(rng: &mut Rng, size: [f32; 2]) -> f32 {
    let small = if size[1] > 160.0 { 0.25 } else { 0.11 };
    let width = match rng.weighted(&[0.93 - small, small, 0.05, 0.02]) {
        0 => rng.log_uniform(80.0, 300.0),
        1 => rng.log_uniform(55.0, 80.0),
        2 => rng.log_uniform(300.0, 450.0),
        _ => rng.log_uniform(450.0, 700.0),
    };
    // What counts is the size of the characters; the two-line plates have larger ones for their width.
    width * (size[0] / 520.0).sqrt()
}

/// A frame just large enough for the plate and some surroundings (as a share of the plate's sides, or as chance decides),
/// and the pose moved into it.
pub(super) fn room(
    rng: &mut Rng,
    canvas: &Canvas,
    pose: &Pose,
    planes: usize,
    difficulty: f32,
    surroundings: Option<f32>,
) -> (Raster, Pose) {
    let [w, h] = canvas.size.map(|side| side / 2.0);
    let corners: [Point; 4] = [(-w, -h), (w, -h), (w, h), (-w, h)].map(|(x, y)| pose.to_frame(x, y));
    let x0 = corners.iter().map(|p| p.x).fold(f32::MAX, f32::min);
    let x1 = corners.iter().map(|p| p.x).fold(f32::MIN, f32::max);
    let y0 = corners.iter().map(|p| p.y).fold(f32::MAX, f32::min);
    let y1 = corners.iter().map(|p| p.y).fold(f32::MIN, f32::max);
    let (width, height) = (x1 - x0, y1 - y0);
    // One picture in eight is loose: the plate fills about half of it.
    let (least, most) = if rng.chance(0.13 * difficulty) { (0.25, 0.6) } else { (0.04, 0.3) };
    let mut air = |length: f32| length * rng.uniform(least, most);
    let short = height.min(0.5 * width);
    let left = air(width);
    let right = air(width);
    let above = air(short) * 1.8;
    let below = air(short) * 1.8 + canvas.margin[3] * width / (2.0 * w) * 0.3;
    let [left, right, above, below] = match surroundings {
        Some(share) => [width, width, height, height].map(|length| length * share.max(0.0)),
        None => [left, right, above, below],
    };
    let frame = Raster::new((left + width + right).ceil() as usize, (above + height + below).ceil() as usize, planes);
    (frame, pose.shifted(left - x0, above - y0))
}
