//! Areas of outlines, and how far two of them cover each other.

use super::Quad;

impl Quad {
    /// Area within the outline, in square pixels.
    pub fn area(&self) -> f64 {
        shoelace(&self.corners().map(|p| [f64::from(p.x), f64::from(p.y)]))
    }

    /// Area that both outlines have in common, in square pixels.
    pub fn overlap(&self, other: &Quad) -> f64 {
        let mut shape: Vec<[f64; 2]> = self.corners().iter().map(|p| [f64::from(p.x), f64::from(p.y)]).collect();
        let edges = other.corners().map(|p| [f64::from(p.x), f64::from(p.y)]);
        for (index, &from) in edges.iter().enumerate() {
            shape = clipped(&shape, from, edges[(index + 1) % 4]);
        }
        shoelace(&shape)
    }

    /// Intersection over union: 1 for the same outline, 0 for two that do not touch.
    pub fn iou(&self, other: &Quad) -> f64 {
        let shared = self.overlap(other);
        shared / (self.area() + other.area() - shared)
    }
}

/// Area of a polygon that turns clockwise as seen; 0 for fewer than three corners.
fn shoelace(corners: &[[f64; 2]]) -> f64 {
    // Relative to the first corner, so that a plate far from the origin loses no digits.
    let Some((&[x0, y0], rest)) = corners.split_first() else { return 0.0 };
    let twice: f64 =
        rest.windows(2).map(|pair| (pair[0][0] - x0) * (pair[1][1] - y0) - (pair[1][0] - x0) * (pair[0][1] - y0)).sum();
    (0.5 * twice).max(0.0)
}

/// The part of `shape` on the right of the line from `from` to `to`, that is, inside an outline that turns clockwise as seen
/// (Sutherland and Hodgman, "Reentrant polygon clipping", 1974).
fn clipped(shape: &[[f64; 2]], from: [f64; 2], to: [f64; 2]) -> Vec<[f64; 2]> {
    let side = |p: [f64; 2]| (to[0] - from[0]) * (p[1] - from[1]) - (to[1] - from[1]) * (p[0] - from[0]);
    let mut inside = Vec::with_capacity(shape.len() + 1);
    for (index, &current) in shape.iter().enumerate() {
        let next = shape[(index + 1) % shape.len()];
        let (here, there) = (side(current), side(next));
        if here >= 0.0 {
            inside.push(current);
        }
        if (here > 0.0 && there < 0.0) || (here < 0.0 && there > 0.0) {
            let t = here / (here - there);
            inside.push([current[0] + t * (next[0] - current[0]), current[1] + t * (next[1] - current[1])]);
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::geometry::Point;
    use proptest::prelude::*;

    fn rect(x: f32, y: f32, width: f32, height: f32) -> Quad {
        Quad::rect(x, y, width, height).unwrap()
    }

    #[test]
    fn overlaps_by_hand() {
        let square = rect(0.0, 0.0, 4.0, 4.0);
        let diamond =
            Quad::new([(2.0, 0.0), (4.0, 2.0), (2.0, 4.0), (0.0, 2.0)].map(|(x, y)| Point::new(x, y))).unwrap();
        for (other, shared) in [
            (square, 16.0),
            (rect(2.0, 0.0, 4.0, 4.0), 8.0),
            (rect(1.0, 1.0, 2.0, 2.0), 4.0),
            (rect(-5.0, -5.0, 20.0, 20.0), 16.0),
            (rect(4.0, 0.0, 4.0, 4.0), 0.0),
            (rect(9.0, 9.0, 1.0, 1.0), 0.0),
            (diamond, 8.0),
        ] {
            assert!((square.overlap(&other) - shared).abs() < 1e-9, "{other:?}: {}", square.overlap(&other));
            assert!((other.overlap(&square) - shared).abs() < 1e-9, "{other:?}");
        }
        assert!((square.iou(&rect(2.0, 0.0, 4.0, 4.0)) - 1.0 / 3.0).abs() < 1e-9);
        // An outline that begins at another corner, as a plate on its head does, covers the same.
        let turned =
            Quad::new([(4.0, 4.0), (0.0, 4.0), (0.0, 0.0), (4.0, 0.0)].map(|(x, y)| Point::new(x, y))).unwrap();
        assert!((square.iou(&turned) - 1.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn shifted_rectangles_share_what_a_calculator_says(
            w in 1.0_f32..500.0, h in 1.0_f32..500.0, dx in -600.0_f32..600.0, dy in -600.0_f32..600.0,
            far in -9e5_f32..9e5,
        ) {
            // Far from the origin coordinates are rounded to a sixteenth; what is compared is what they became.
            let (a, b) = (rect(far, far, w, h), rect(far + dx, far + dy, w, h));
            let span = |low: f32, high: f32, other_low: f32, other_high: f32| {
                f64::from(high.min(other_high)) - f64::from(low.max(other_low))
            };
            let ((al, at, ar, ab), (bl, bt, br, bb)) = (a.bounding_box(), b.bounding_box());
            let shared = span(al, ar, bl, br).max(0.0) * span(at, ab, bt, bb).max(0.0);
            prop_assert!((a.overlap(&b) - shared).abs() < 1e-6 * (1.0 + a.area()));
            let iou = a.iou(&b);
            prop_assert!((0.0..=1.0 + 1e-9).contains(&iou), "{iou}");
        }
    }
}
