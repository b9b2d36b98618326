//! Points, plate outlines and the projective maps between them.
//!
//! Coordinates are continuous and y points down: a frame of `w` by `h` pixels covers `[0, w] x [0, h]`, and the
//! centre of pixel `(i, j)` is `(i + 0.5, j + 0.5)`.

mod cut;
mod overlap;
mod turn;

pub use cut::{Cut, Outside};
pub use turn::Turn;

use crate::frame::Frame;

/// A position, in pixels unless said otherwise; x to the right, y down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// To the right.
    pub x: f32,
    /// Down.
    pub y: f32,
}

impl Point {
    /// The point `(x, y)`.
    pub const fn new(x: f32, y: f32) -> Point {
        Point { x, y }
    }

    /// Length of the line to `other`. Square root, not `hypot`: the former is the same everywhere, bit by bit.
    pub fn distance(self, other: Point) -> f64 {
        let [dx, dy] = self.vector_to(other);
        (dx * dx + dy * dy).sqrt()
    }

    fn vector_to(self, other: Point) -> [f64; 2] {
        [f64::from(other.x) - f64::from(self.x), f64::from(other.y) - f64::from(self.y)]
    }
}

/// The outline of a plate: four corners, clockwise as seen, beginning at the *plate's* top-left one.
///
/// Always finite, strictly convex and neither needle-thin nor a dot, so every `Quad` has a [`Homography`] to every other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quad([Point; 4]);

/// Largest magnitude of a corner's coordinates: 60 times the widest frame, and still 1/16 of a pixel in an `f32`.
pub const MAX_COORDINATE: f32 = 1e6;

/// Shortest side of a [`Quad`].
pub const MIN_SIDE: f32 = 1e-3;

/// Smallest sine of a corner's angle. 0.06 degrees: below it, rounding of the corners decides where a pixel goes.
const MIN_SINE: f64 = 1e-3;

/// Why four points are not a [`Quad`]. Corners are counted from 0, the plate's top-left one.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum QuadError {
    /// A coordinate is not a number, infinite, or beyond [`MAX_COORDINATE`].
    #[error("corner {corner} is at ({}, {}); coordinates must be finite and within {MAX_COORDINATE}", .point.x, .point.y)]
    OutOfRange {
        /// Index of the corner.
        corner: usize,
        /// Where it is.
        point: Point,
    },
    /// Two neighbouring corners coincide.
    #[error("corners {corner} and {} are {length} apart; they must be at least {MIN_SIDE} apart", (.corner + 1) % 4)]
    TooSmall {
        /// Index of the first corner of the side.
        corner: usize,
        /// Length of the side.
        length: f32,
    },
    /// A corner is straight, points inward, or the order is anticlockwise.
    #[error(
        "the outline does not turn clockwise at corner {corner}; give a convex outline, clockwise from the top-left"
    )]
    NotConvexClockwise {
        /// Index of the corner.
        corner: usize,
    },
}

impl Quad {
    /// The outline through four corners, clockwise from the plate's top-left one.
    ///
    /// # Errors
    /// Names the first corner that is not finite, too near its neighbour, or not a clockwise turn.
    pub fn new(corners: [Point; 4]) -> Result<Quad, QuadError> {
        for (corner, &point) in corners.iter().enumerate() {
            // `contains` is false for NaN.
            if ![point.x, point.y].iter().all(|v| (-MAX_COORDINATE..=MAX_COORDINATE).contains(v)) {
                return Err(QuadError::OutOfRange { corner, point });
            }
        }
        let lengths: [f64; 4] = std::array::from_fn(|i| corners[i].distance(corners[(i + 1) % 4]));
        for (corner, &length) in lengths.iter().enumerate() {
            if length < f64::from(MIN_SIDE) {
                return Err(QuadError::TooSmall { corner, length: length as f32 });
            }
        }
        // Four turns of less than 180 degrees each cannot add up to 720, so all clockwise means simple and convex.
        for corner in 0..4 {
            let before = (corner + 3) % 4;
            let [ax, ay] = corners[before].vector_to(corners[corner]);
            let [bx, by] = corners[corner].vector_to(corners[(corner + 1) % 4]);
            if ax * by - ay * bx < MIN_SINE * lengths[before] * lengths[corner] {
                return Err(QuadError::NotConvexClockwise { corner });
            }
        }
        Ok(Quad(corners))
    }

    /// The upright rectangle with its top-left corner at `(x, y)`.
    ///
    /// # Errors
    /// As [`Quad::new`]; in particular when `width` or `height` is not positive.
    pub fn rect(x: f32, y: f32, width: f32, height: f32) -> Result<Quad, QuadError> {
        let (right, bottom) = (x + width, y + height);
        Quad::new([Point::new(x, y), Point::new(right, y), Point::new(right, bottom), Point::new(x, bottom)])
    }

    /// The outline of the whole frame.
    pub fn of_frame(frame: &Frame) -> Quad {
        Quad::of_size(frame.width(), frame.height())
    }

    /// The outline of a picture of that size.
    pub(crate) fn of_size(width: u32, height: u32) -> Quad {
        let (w, h) = (width as f32, height as f32);
        Quad([Point::new(0.0, 0.0), Point::new(w, 0.0), Point::new(w, h), Point::new(0.0, h)])
    }

    /// The outline `factor` times as large around the mean of its corners.
    ///
    /// # Errors
    /// When that is too small or reaches too far.
    pub fn scaled(&self, factor: f32) -> Result<Quad, QuadError> {
        let centre = |of: fn(&Point) -> f32| self.0.iter().map(of).sum::<f32>() / 4.0;
        let (x, y) = (centre(|p| p.x), centre(|p| p.y));
        Quad::new(self.0.map(|p| Point::new(x + factor * (p.x - x), y + factor * (p.y - y))))
    }

    /// Top-left, top-right, bottom-right, bottom-left, as the plate is read.
    pub fn corners(&self) -> [Point; 4] {
        self.0
    }

    /// Mean length of the top and bottom sides.
    pub fn width(&self) -> f32 {
        let [a, b, c, d] = self.0;
        ((a.distance(b) + d.distance(c)) / 2.0) as f32
    }

    /// Mean length of the left and right sides.
    pub fn height(&self) -> f32 {
        let [a, b, c, d] = self.0;
        ((a.distance(d) + b.distance(c)) / 2.0) as f32
    }

    /// Width over height.
    pub fn aspect(&self) -> f32 {
        self.width() / self.height()
    }

    /// `(left, top, right, bottom)` of the smallest upright rectangle around the corners.
    pub fn bounding_box(&self) -> (f32, f32, f32, f32) {
        let [a, rest @ ..] = self.0;
        rest.iter().fold((a.x, a.y, a.x, a.y), |(left, top, right, bottom), p| {
            (left.min(p.x), top.min(p.y), right.max(p.x), bottom.max(p.y))
        })
    }
}

/// A projective map of the plane: `(x, y)` goes to `(u / w, v / w)` where `[u v w] = H [x y 1]`, row-major.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography([f64; 9]);

impl Homography {
    /// The map that takes each corner of `from` to the same corner of `to`.
    ///
    /// Goes through the unit square, for which the map is known in closed form (Heckbert, "Fundamentals of Texture
    /// Mapping and Image Warping", 1989, section 2.2.3): no linear system, hence no pivoting to get wrong.
    pub fn between(from: &Quad, to: &Quad) -> Homography {
        Homography::from_unit_square(from).inverse().then(&Homography::from_unit_square(to))
    }

    /// Takes (0,0), (1,0), (1,1), (0,1) to the corners of `quad`.
    fn from_unit_square(quad: &Quad) -> Homography {
        let [[x0, y0], [x1, y1], [x2, y2], [x3, y3]] = quad.0.map(|p| [f64::from(p.x), f64::from(p.y)]);
        let (dx1, dy1) = (x1 - x2, y1 - y2);
        let (dx2, dy2) = (x3 - x2, y3 - y2);
        let (sx, sy) = (x0 - x1 + x2 - x3, y0 - y1 + y2 - y3);
        // Twice the area of the triangle at corner 2: not 0, since that corner is convex.
        let area = dx1 * dy2 - dy1 * dx2;
        let g = (sx * dy2 - sy * dx2) / area;
        let h = (dx1 * sy - dy1 * sx) / area;
        Homography([x1 - x0 + g * x1, x3 - x0 + h * x3, x0, y1 - y0 + g * y1, y3 - y0 + h * y3, y0, g, h, 1.0])
    }

    /// This map followed by `next`.
    fn then(&self, next: &Homography) -> Homography {
        let (a, b) = (&next.0, &self.0);
        Homography(std::array::from_fn(|i| {
            let (row, column) = (i / 3 * 3, i % 3);
            a[row] * b[column] + a[row + 1] * b[3 + column] + a[row + 2] * b[6 + column]
        }))
        .normalized()
    }

    /// This map followed by moving `(left, top)` to the origin and scaling by `scale` along x and y.
    pub(crate) fn then_scaled(&self, [left, top]: [f64; 2], [x, y]: [f64; 2]) -> Homography {
        self.then(&Homography([x, 0.0, -left * x, 0.0, y, -top * y, 0.0, 0.0, 1.0]))
    }

    /// The map back.
    pub fn inverse(&self) -> Homography {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        // The adjugate: the inverse but for a factor, which a projective map does not notice.
        Homography([
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ])
        .normalized()
    }

    /// Scales the largest coefficient to 1, so that products neither overflow nor vanish.
    fn normalized(self) -> Homography {
        let largest = self.0.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        Homography(self.0.map(|v| v / largest))
    }

    /// Where `point` goes. Inside the quad the map was made from the result is finite; a point on the line that the
    /// map sends to infinity gives infinite or NaN coordinates.
    pub fn map(&self, point: Point) -> Point {
        let [x, y] = self.map_f64(f64::from(point.x), f64::from(point.y));
        Point::new(x as f32, y as f32)
    }

    /// The coefficients of x, y and 1 in the numerator of the new x, in that of the new y, and in the denominator of both.
    pub(crate) fn rows(&self) -> [[f64; 3]; 3] {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        [[a, b, c], [d, e, f], [g, h, i]]
    }

    /// [`Homography::map`] in double precision.
    pub(crate) fn map_f64(&self, x: f64, y: f64) -> [f64; 2] {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let inverse = 1.0 / (g * x + h * y + i);
        [(a * x + b * y + c) * inverse, (d * x + e * y + f) * inverse]
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn corners(xy: [(f32, f32); 4]) -> [Point; 4] {
        xy.map(|(x, y)| Point::new(x, y))
    }

    /// Rectangles, turned and with each corner moved by up to a third of the shorter side: convex, clockwise.
    fn quads() -> impl Strategy<Value = Quad> {
        let size = (0.1_f32..3000.0, 0.1_f32..3000.0);
        let place = (-2000.0_f32..2000.0, -2000.0_f32..2000.0, 0.0_f32..6.3);
        (size, place, prop::array::uniform8(-0.3_f32..0.3)).prop_filter_map(
            "degenerate",
            |((w, h), (x, y, turn), j)| {
                let (sin, cos) = turn.sin_cos();
                let short = w.min(h);
                let inner = [(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)];
                let moved: [Point; 4] = std::array::from_fn(|i| {
                    let (u, v) = (inner[i].0 + j[2 * i] * short, inner[i].1 + j[2 * i + 1] * short);
                    Point::new(x + cos * u - sin * v, y + sin * u + cos * v)
                });
                Quad::new(moved).ok()
            },
        )
    }

    #[test]
    fn takes_clockwise_convex_outlines_of_any_size() {
        for outline in [
            [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)],
            [(0.0, 0.0), (0.01, 0.0), (0.01, 0.01), (0.0, 0.01)],
            [(-3e5, -3e5), (3e5, -3e5), (3e5, 3e5), (-3e5, 3e5)],
            [(5.0, 9.0), (5.0, 1.0), (30.0, 1.0), (30.0, 9.0)], // lying on its side
            [(0.0, 0.0), (520.0, 20.0), (500.0, 60.0), (10.0, 120.0)],
        ] {
            assert_eq!(Quad::new(corners(outline)).map(|quad| quad.corners()), Ok(corners(outline)));
        }
    }

    #[test]
    fn says_which_corner_is_wrong() {
        let error = |outline| Quad::new(corners(outline)).unwrap_err();
        assert!(matches!(
            error([(0.0, 0.0), (f32::NAN, 0.0), (1.0, 1.0), (0.0, 1.0)]),
            QuadError::OutOfRange { corner: 1, .. }
        ));
        assert!(matches!(
            error([(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, f32::INFINITY)]),
            QuadError::OutOfRange { corner: 3, .. }
        ));
        assert_eq!(
            error([(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 0.0)]),
            QuadError::TooSmall { corner: 3, length: 0.0 }
        );
        // Anticlockwise, a bow tie, a dent, three corners on a line, a needle.
        for (outline, corner) in [
            ([(0.0, 0.0), (0.0, 9.0), (9.0, 9.0), (9.0, 0.0)], 0),
            ([(0.0, 0.0), (9.0, 9.0), (9.0, 0.0), (0.0, 9.0)], 1),
            ([(0.0, 0.0), (9.0, 0.0), (2.0, 2.0), (0.0, 9.0)], 2),
            ([(0.0, 0.0), (4.0, 0.0), (9.0, 0.0), (0.0, 9.0)], 1),
            ([(0.0, 0.0), (9000.0, 0.0), (8000.0, 1.0), (-1000.0, 1.0)], 0),
        ] {
            assert_eq!(error(outline), QuadError::NotConvexClockwise { corner }, "{outline:?}");
        }
        assert!(Quad::rect(0.0, 0.0, 4.0, -1.0).is_err());
    }

    #[test]
    fn measures_sides_and_bounds() {
        let quad = Quad::new(corners([(0.0, 1.0), (4.0, 1.0), (3.0, 5.0), (1.0, 5.0)])).unwrap();
        assert_eq!(quad.width(), 3.0);
        assert_eq!(quad.height(), 17.0_f32.sqrt());
        assert_eq!(quad.bounding_box(), (0.0, 1.0, 4.0, 5.0));
        assert_eq!(Quad::rect(2.0, 3.0, 52.0, 11.0).unwrap().aspect(), 52.0 / 11.0);
        let half = Quad::rect(0.0, 2.0, 8.0, 4.0).unwrap().scaled(0.5);
        assert_eq!(half, Quad::rect(2.0, 3.0, 4.0, 2.0));
        assert!(quad.scaled(-1.0).is_ok(), "half a turn");
        assert!(quad.scaled(0.0).is_err() && quad.scaled(f32::NAN).is_err());
        let frame = Frame::new(&[0; 6], 3, 2, crate::frame::PixelFormat::Grey).unwrap();
        assert_eq!(Quad::of_frame(&frame), Quad::rect(0.0, 0.0, 3.0, 2.0).unwrap());
    }

    #[test]
    fn maps_the_centre_of_a_trapezium_to_where_its_diagonals_meet() {
        let square = Quad::rect(0.0, 0.0, 2.0, 2.0).unwrap();
        let trapezium = Quad::new(corners([(1.0, 0.0), (3.0, 0.0), (4.0, 6.0), (0.0, 6.0)])).unwrap();
        let centre = Homography::between(&square, &trapezium).map(Point::new(1.0, 1.0));
        assert_eq!((centre.x, centre.y), (2.0, 2.0));
    }

    proptest! {
        #[test]
        fn corners_go_to_corners_and_back(from in quads(), to in quads()) {
            let there = Homography::between(&from, &to);
            let back = there.inverse();
            let (width, height) = (to.width().max(to.height()), from.width().max(from.height()));
            let place = |p: Point| p.x.abs().max(p.y.abs());
            for (a, b) in from.corners().into_iter().zip(to.corners()) {
                prop_assert!(there.map(a).distance(b) <= 1e-5 * f64::from(width + place(b)));
                prop_assert!(back.map(b).distance(a) <= 1e-5 * f64::from(height + place(a)));
            }
        }

        #[test]
        fn inverse_undoes_map(from in quads(), to in quads(), u in 0.0_f32..1.0, v in 0.0_f32..1.0) {
            let [a, b, c, d] = from.corners();
            let mix = |p: Point, q: Point, t: f32| Point::new(p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t);
            let inside = mix(mix(a, b, u), mix(d, c, u), v);
            let there = Homography::between(&from, &to);
            let [x, y] = there.map_f64(f64::from(inside.x), f64::from(inside.y));
            let [x, y] = there.inverse().map_f64(x, y);
            let reach = f64::from(inside.x.abs() + inside.y.abs() + from.width() + from.height());
            prop_assert!((x - f64::from(inside.x)).abs() <= 1e-9 * reach, "{x} {inside:?}");
            prop_assert!((y - f64::from(inside.y)).abs() <= 1e-9 * reach, "{y} {inside:?}");
        }

        #[test]
        fn whatever_is_accepted_is_convex_whichever_corner_comes_first(
            points in prop::array::uniform4((-50.0_f32..50.0, -50.0_f32..50.0)), turn in 0_usize..4,
        ) {
            let mut points = corners(points);
            let accepted = Quad::new(points).is_ok();
            points.rotate_left(turn);
            prop_assert_eq!(Quad::new(points).is_ok(), accepted);
            points.reverse();
            prop_assert!(!(accepted && Quad::new(points).is_ok()));
            // Both diagonals of a convex outline split the other's ends.
            let side = |p: Point, q: Point, r: Point| {
                let ([ax, ay], [bx, by]) = (p.vector_to(q), p.vector_to(r));
                ax * by - ay * bx
            };
            let [a, b, c, d] = points;
            let crossing = side(a, c, b) * side(a, c, d) < 0.0 && side(b, d, a) * side(b, d, c) < 0.0;
            prop_assert!(!accepted || crossing);
        }
    }
}
