//! Closed polygons: cutting them at a box and rounding their corners.

use kurbo::{Point, Rect, Vec2};

/// Corners that turn by less than this are flattened curves and are not rounded. Radians.
const CORNER_ANGLE: f64 = 0.5;

/// An outline that turns back by more than this, inwards, is a dart to the centre line. Radians.
const DART_ANGLE: f64 = -2.0;

/// Area, positive where the polygon runs clockwise as seen with y down.
pub(super) fn signed_area(polygon: &[Point]) -> f64 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a.to_vec2().cross(b.to_vec2())).sum::<f64>() / 2.0
}

/// Cuts a polygon at a box, side by side (Sutherland and Hodgman). Windings inside the box do not change.
pub(super) fn clip(polygon: Vec<Point>, cut: Rect) -> Vec<Point> {
    let polygon = keep(polygon, |p| p.x - cut.x0);
    let polygon = keep(polygon, |p| cut.x1 - p.x);
    let polygon = keep(polygon, |p| p.y - cut.y0);
    keep(polygon, |p| cut.y1 - p.y)
}

/// The part of a polygon on the side of a line where `depth`, the distance from it, is not negative.
fn keep(polygon: Vec<Point>, depth: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(polygon.len() + 4);
    for (i, &b) in polygon.iter().enumerate() {
        let a = polygon[(i + polygon.len() - 1) % polygon.len()];
        let (da, db) = (depth(a), depth(b));
        if (da < 0.0) != (db < 0.0) {
            kept.push(a.lerp(b, da / (da - db)));
        }
        if db >= 0.0 {
            kept.push(b);
        }
    }
    kept
}

/// Rounds the corners at which the outline turns outwards. Outlines here run so that outward turns are positive.
pub(super) fn round_corners(polygon: &[Point], radius: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(polygon.len());
    for &p in polygon {
        if points.last().is_none_or(|&q| p.distance(q) > 1e-4) {
            points.push(p);
        }
    }
    while points.len() > 1 && points[0].distance(points[points.len() - 1]) <= 1e-4 {
        points.pop();
    }
    if radius <= 0.0 || points.len() < 3 {
        return points;
    }
    let n = points.len();
    let turn = |i: usize| {
        let (inward, outward) = (points[i] - points[(i + n - 1) % n], points[(i + 1) % n] - points[i]);
        inward.cross(outward).atan2(inward.dot(outward))
    };
    let turns: Vec<f64> = (0..n).map(turn).collect();
    let mut rounded = Vec::with_capacity(n + 8);
    for (i, &corner) in points.iter().enumerate() {
        let (before, after) = ((i + n - 1) % n, (i + 1) % n);
        // On the inside of a bend the stroke's outline darts to the centre line and back. Its ends are no corners.
        let dart = turns[before] < DART_ANGLE || turns[after] < DART_ANGLE;
        if turns[i] < CORNER_ANGLE || dart {
            rounded.push(corner);
            continue;
        }
        let (inward, outward) = (corner - points[before], points[after] - corner);
        // The tangent points of a circle in the corner, no further than half way along either edge.
        let reach = (radius * (turns[i] / 2.0).tan()).min(inward.hypot() / 2.0).min(outward.hypot() / 2.0);
        let start = corner - unit(inward) * reach;
        let end = corner + unit(outward) * reach;
        for step in 0..=4 {
            let t = f64::from(step) / 4.0;
            // A quadratic Bézier curve is within 0.1 mm of the arc at these radii.
            rounded.push(start.lerp(corner, t).lerp(corner.lerp(end, t), t));
        }
    }
    rounded
}

fn unit(v: Vec2) -> Vec2 {
    v / v.hypot()
}
