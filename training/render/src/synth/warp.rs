//! The plate's canvas, seen by the camera.

use kr_lpr::geometry::Point;

use super::canvas::Canvas;
use super::pose::Pose;
use super::raster::Raster;

/// Puts `canvas` over `frame` where `pose` says: one inverse-mapped bilinear sample a pixel.
///
/// The canvas has about as many pixels as the frame, so nothing is lost or aliased by this.
pub(crate) fn project(canvas: &Canvas, pose: &Pose, frame: &mut Raster) {
    let [width, height] = canvas.size;
    let [left, top, right, bottom] = canvas.margin;
    // Corners and middles of the sides, since a bent plate bulges between its corners.
    let (x0, x1) = (-width / 2.0 - left, width / 2.0 + right);
    let (y0, y1) = (-height / 2.0 - top, height / 2.0 + bottom);
    let rim: Vec<Point> = [x0, 0.0, x1].into_iter().flat_map(|x| [y0, y1].map(|y| pose.to_frame(x, y))).collect();
    let bound = |of: fn(&Point) -> f32| {
        let values = rim.iter().map(of);
        (values.clone().fold(f32::MAX, f32::min), values.fold(f32::MIN, f32::max))
    };
    let ((fx0, fx1), (fy0, fy1)) = (bound(|p| p.x), bound(|p| p.y));
    let region = frame.region(fx0, fy0, fx1, fy1);

    let (columns, rows) = (canvas.raster.width, canvas.raster.height);
    let [cx, cy] = canvas.to_pixels(width / 2.0, height / 2.0);
    for y in region.y0..region.y1 {
        for x in region.x0..region.x1 {
            let [u, v] = pose.to_plate(x as f32 + 0.5, y as f32 + 0.5);
            let (u, v) = (u * canvas.scale + cx - 0.5, v * canvas.scale + cy - 0.5);
            if !(u >= 0.0 && v >= 0.0 && u < (columns - 1) as f32 && v < (rows - 1) as f32) {
                continue;
            }
            let (ix, iy) = (u as usize, v as usize);
            let (fx, fy) = (u - ix as f32, v - iy as f32);
            let at = iy * columns + ix;
            let sample = |plane: &[f32]| {
                let upper = plane[at] + (plane[at + 1] - plane[at]) * fx;
                let lower = plane[at + columns] + (plane[at + columns + 1] - plane[at + columns]) * fx;
                upper + (lower - upper) * fy
            };
            let cover = sample(&canvas.alpha);
            if cover > 0.0 {
                let out = y * frame.width + x;
                for (plane, from) in frame.planes.iter_mut().zip(&canvas.raster.planes) {
                    plane[out] += (sample(from) - plane[out]) * cover;
                }
            }
        }
    }
}
