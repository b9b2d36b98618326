//! Outlines of what hides: how far a place lies outside of each.

use std::f32::consts::TAU;

use super::super::raster::rounded_box;
use super::super::rng::Rng;

/// Directions in which the radius of a blot is drawn.
const LOBES: usize = 20;

/// An outline, in millimetres of the plate or in pixels of the frame.
#[derive(Clone, Debug)]
pub(super) enum Shape {
    /// A disc that may be drawn out and turned.
    Ellipse { centre: [f32; 2], radii: [f32; 2], turn: f32 },
    /// A rectangle with rounded corners; `half` is half its size.
    Rectangle { centre: [f32; 2], half: [f32; 2], corner: f32, turn: f32 },
    /// A line of round ends through some points.
    Line { points: Vec<[f32; 2]>, radius: f32 },
    /// An ellipse of an uneven edge.
    Blot { centre: [f32; 2], radii: [f32; 2], lobes: [f32; LOBES] },
    /// All beyond a straight or wavy line through `at`; `normal` is a unit vector that points out of what is covered.
    Beyond { at: [f32; 2], normal: [f32; 2], bend: f32, waves: [[f32; 3]; 3] },
    /// Several together.
    Together(Vec<Shape>),
}

impl Shape {
    /// A disc.
    pub(super) fn disc(centre: [f32; 2], radius: f32) -> Shape {
        Shape::Ellipse { centre, radii: [radius; 2], turn: 0.0 }
    }

    /// A blot whose radius varies by about the share `uneven`.
    pub(super) fn blot(rng: &mut Rng, centre: [f32; 2], radii: [f32; 2], uneven: f32) -> Shape {
        let lobes = std::array::from_fn(|_| (1.0 + rng.normal(uneven)).max(0.3));
        Shape::Blot { centre, radii, lobes }
    }

    /// All on one side of a straight line.
    pub(super) fn straight(at: [f32; 2], normal: [f32; 2]) -> Shape {
        Shape::Beyond { at, normal, bend: 0.0, waves: [[0.0; 3]; 3] }
    }

    /// All on one side of a line that waves by about `height` over `length`.
    pub(super) fn wavy(rng: &mut Rng, at: [f32; 2], normal: [f32; 2], height: f32, length: f32) -> Shape {
        let waves = [1.0, 0.45, 0.2]
            .map(|part: f32| [height * part * rng.uniform(0.3, 1.0), TAU / (length * part), rng.uniform(0.0, TAU)]);
        Shape::Beyond { at, normal, bend: 0.0, waves }
    }

    /// How far `(x, y)` lies outside, negative inside; about right near the edge and of the right sign everywhere.
    pub(super) fn distance(&self, x: f32, y: f32) -> f32 {
        match self {
            Shape::Ellipse { centre, radii, turn } => {
                let [u, v] = turned(x - centre[0], y - centre[1], *turn);
                (length(u / radii[0], v / radii[1]) - 1.0) * radii[0].min(radii[1])
            }
            Shape::Rectangle { centre, half, corner, turn } => {
                let [u, v] = turned(x - centre[0], y - centre[1], *turn);
                rounded_box(u, v, *half, corner.min(half[0]).min(half[1]))
            }
            Shape::Line { points, radius } => {
                let to = |pair: &[[f32; 2]]| to_segment([x, y], pair[0], pair[1]);
                points.windows(2).map(to).fold(f32::MAX, f32::min) - radius
            }
            Shape::Blot { centre, radii, lobes } => {
                let (u, v) = ((x - centre[0]) / radii[0], (y - centre[1]) / radii[1]);
                let place = (v.atan2(u) / std::f32::consts::TAU).rem_euclid(1.0) * LOBES as f32;
                let (whole, t) = (place as usize, place.fract());
                let (a, b) = (lobes[whole % LOBES], lobes[(whole + 1) % LOBES]);
                (length(u, v) - (a + (b - a) * t * t * (3.0 - 2.0 * t))) * radii[0].min(radii[1])
            }
            Shape::Beyond { at, normal, bend, waves } => {
                let (dx, dy) = (x - at[0], y - at[1]);
                let along = dy * normal[0] - dx * normal[1];
                let waving: f32 = waves.iter().map(|[height, pace, start]| height * (along * pace + start).sin()).sum();
                dx * normal[0] + dy * normal[1] + bend * along * along + waving
            }
            Shape::Together(shapes) => shapes.iter().map(|shape| shape.distance(x, y)).fold(f32::MAX, f32::min),
        }
    }

    /// A box `x0, y0, x1, y1` around it.
    pub(super) fn bounds(&self) -> [f32; 4] {
        let around = |[x, y]: [f32; 2], rx: f32, ry: f32| [x - rx, y - ry, x + rx, y + ry];
        match self {
            Shape::Ellipse { centre, radii: [a, b], turn } | Shape::Rectangle { centre, half: [a, b], turn, .. } => {
                let (s, c) = (turn.sin().abs(), turn.cos().abs());
                around(*centre, a * c + b * s, a * s + b * c)
            }
            Shape::Line { points, radius } => joined(points.iter().map(|&point| around(point, *radius, *radius))),
            Shape::Blot { centre, radii, lobes } => {
                let most = lobes.iter().copied().fold(0.0, f32::max);
                around(*centre, radii[0] * most, radii[1] * most)
            }
            Shape::Beyond { .. } => [f32::MIN, f32::MIN, f32::MAX, f32::MAX],
            Shape::Together(shapes) => joined(shapes.iter().map(Shape::bounds)),
        }
    }

    /// The same, moved.
    #[cfg(test)]
    pub(super) fn moved(&self, dx: f32, dy: f32) -> Shape {
        let mut shape = self.clone();
        shape.shift(dx, dy);
        shape
    }

    #[cfg(test)]
    fn shift(&mut self, dx: f32, dy: f32) {
        let add = |point: &mut [f32; 2]| *point = [point[0] + dx, point[1] + dy];
        match self {
            Shape::Ellipse { centre, .. } | Shape::Rectangle { centre, .. } | Shape::Blot { centre, .. } => add(centre),
            Shape::Beyond { at, .. } => add(at),
            Shape::Line { points, .. } => points.iter_mut().for_each(add),
            Shape::Together(shapes) => shapes.iter_mut().for_each(|shape| shape.shift(dx, dy)),
        }
    }
}

/// `(x, y)` in the axes of what is turned clockwise by `turn`.
fn turned(x: f32, y: f32, turn: f32) -> [f32; 2] {
    if turn == 0.0 {
        return [x, y];
    }
    let (s, c) = turn.sin_cos();
    [x * c + y * s, y * c - x * s]
}

/// `hypot` without its care for what is huge or tiny, which costs more than all the rest.
fn length(x: f32, y: f32) -> f32 {
    (x * x + y * y).sqrt()
}

fn to_segment([x, y]: [f32; 2], [ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let t = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
    length(x - ax - t * dx, y - ay - t * dy)
}

fn joined(boxes: impl Iterator<Item = [f32; 4]>) -> [f32; 4] {
    boxes.fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |a, b| {
        [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inside_is_negative_and_the_bounds_hold_it() {
        let mut rng = Rng::new(3);
        let shapes = [
            Shape::disc([5.0, 6.0], 4.0),
            Shape::Ellipse { centre: [5.0, 6.0], radii: [9.0, 2.0], turn: 0.7 },
            Shape::Rectangle { centre: [5.0, 6.0], half: [3.0, 8.0], corner: 1.0, turn: -0.4 },
            Shape::Line { points: vec![[0.0, 0.0], [5.0, 6.0], [20.0, 3.0]], radius: 2.0 },
            Shape::blot(&mut rng, [5.0, 6.0], [6.0, 3.0], 0.2),
            Shape::Together(vec![Shape::disc([5.0, 6.0], 1.0), Shape::disc([30.0, 0.0], 2.0)]),
        ];
        for shape in shapes {
            assert!(shape.distance(5.0, 6.0) < 0.0, "{shape:?}");
            let [x0, y0, x1, y1] = shape.bounds();
            for i in 0..4000 {
                let (x, y) = ((i % 80) as f32 - 25.0, (i / 80) as f32 - 20.0);
                let outside = x < x0 - 0.01 || x > x1 + 0.01 || y < y0 - 0.01 || y > y1 + 0.01;
                assert!(!outside || shape.distance(x, y) > 0.0, "{shape:?} at {x} {y}");
            }
            let moved = shape.moved(3.0, -2.0);
            assert!((moved.distance(9.0, 5.0) - shape.distance(6.0, 7.0)).abs() < 1e-4, "{shape:?}");
        }
    }

    #[test]
    fn what_is_beyond_a_line_has_no_other_end() {
        let below = Shape::straight([0.0, 10.0], [0.0, -1.0]);
        assert!(below.distance(1e3, 11.0) < 0.0 && below.distance(-1e3, 9.0) > 0.0);
    }
}
