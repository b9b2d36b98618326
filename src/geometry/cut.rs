//! How far a plate reaches beyond the picture.

use super::{Homography, Point, Quad};

/// Lines across the plate along which its part in the picture is measured, from the middle on, as shares of its height or width.
const LINES: [f32; 5] = [0.5, 0.3, 0.7, 0.1, 0.9];

/// Points of a line, and how many beyond it are looked at.
const POINTS: i32 = 256;
const POINTS_BEYOND: i32 = POINTS / 4;

/// How many times as large as the plate the outline is that reaches the picture's edge where the plate ends there, and the one
/// that does not where the picture goes on.
const TOUCHES: f32 = 1.04;
const ROOM: f32 = 1.2;

/// The sides of a plate that lie outside the picture. They are the plate's own: `top` is where its text begins to be read,
/// however the plate is turned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Cut {
    /// The side on which the text begins.
    pub left: bool,
    /// The side on which the text ends.
    pub right: bool,
    /// Above the text.
    pub top: bool,
    /// Below the text.
    pub bottom: bool,
}

impl Cut {
    /// Whether any side lies outside.
    pub fn any(self) -> bool {
        self.left || self.right || self.top || self.bottom
    }
}

/// How far a plate reaches beyond the picture at each of its sides, as a share of its width or height, at most 1. Where the picture
/// goes on beyond the side it is negative: by how much, at least -0.25.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outside {
    /// At the side on which the text begins, of the width.
    pub left: f32,
    /// At the side on which the text ends, of the width.
    pub right: f32,
    /// Above, of the height.
    pub top: f32,
    /// Below, of the height.
    pub bottom: f32,
}

impl Quad {
    /// How far the plate reaches beyond a picture of `width` by `height` pixels, or the picture beyond it, along the lines from the
    /// middle of a side to that of the opposite one; where the picture does not show these, along others beside them.
    pub fn outside(&self, width: u32, height: u32) -> Outside {
        let Ok(unit) = Quad::rect(0.0, 0.0, 1.0, 1.0) else { return Outside::default() };
        let to_picture = Homography::between(&unit, self);
        let within = |u: f32, v: f32| {
            let Point { x, y } = to_picture.map(Point::new(u, v));
            (0.0..=width as f32).contains(&x) && (0.0..=height as f32).contains(&y)
        };
        // The share, from the side on, before the line's first point in the picture; where it begins there, what the picture has of
        // it before.
        let share = |is_within: &dyn Fn(f32, f32) -> bool| {
            let of_line = |&line: &f32| {
                let is_within = |point: i32| is_within((point as f32 + 0.5) / POINTS as f32, line);
                let first = (0..POINTS).find(|&point| is_within(point))?;
                let room = (1..=POINTS_BEYOND).take_while(|&point| is_within(-point));
                Some(if first > 0 { first } else { -(room.count() as i32) })
            };
            LINES.iter().find_map(of_line).unwrap_or(POINTS) as f32 / POINTS as f32
        };
        Outside {
            left: share(&|along, line| within(along, line)),
            right: share(&|along, line| within(1.0 - along, line)),
            top: share(&|along, line| within(line, along)),
            bottom: share(&|along, line| within(line, 1.0 - along)),
        }
    }

    /// The sides at which the plate ends where a picture of `width` by `height` pixels does, or lies beyond it, while the picture
    /// goes on at the opposite side: of a plate that is cut there the outline is often drawn around what can be seen.
    pub fn edge(&self, width: u32, height: u32) -> Cut {
        let of = |factor: f32| self.scaled(factor).unwrap_or(*self).outside(width, height);
        let (near, far) = (of(TOUCHES), of(ROOM));
        let ends = |here: f32, opposite: f32| here > 0.0 && opposite <= 0.0;
        Cut {
            left: ends(near.left, far.right),
            right: ends(near.right, far.left),
            top: ends(near.top, far.bottom),
            bottom: ends(near.bottom, far.top),
        }
    }

    /// Share of the outline's area that lies beyond a picture of `width` by `height` pixels, 0 to 1.
    pub fn share_outside(&self, width: u32, height: u32) -> f32 {
        let inside = self.overlap(&Quad::of_size(width, height)) / self.area();
        (1.0 - inside as f32).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use proptest::prelude::*;

    fn outside(x: f32, y: f32) -> [f32; 4] {
        let Outside { left, right, top, bottom } = Quad::rect(x, y, 100.0, 40.0).unwrap().outside(200, 100);
        [left, right, top, bottom]
    }

    #[test]
    fn a_plate_ends_at_an_edge_where_there_is_room_at_the_opposite_one() {
        let sides = |x: f32, y: f32, width: f32| {
            let Cut { left, right, top, bottom } = Quad::rect(x, y, width, 40.0).unwrap().edge(200, 100);
            [left, right, top, bottom]
        };
        for (x, y, width, expected) in [
            (50.0, 30.0, 100.0, [false; 4]),
            (3.0, 30.0, 100.0, [false; 4]),
            (0.0, 30.0, 100.0, [true, false, false, false]),
            (-4.0, 30.0, 100.0, [true, false, false, false]),
            (105.0, 59.5, 100.0, [false, true, false, true]),
            (60.0, -2.0, 100.0, [false, false, true, false]),
            // As wide as the picture: a crop.
            (-2.0, 30.0, 204.0, [false; 4]),
            (4.0, 30.0, 194.0, [false; 4]),
        ] {
            assert_eq!(sides(x, y, width), expected, "{x}, {y}, {width}");
        }
    }

    #[test]
    fn sides_beyond_the_picture_by_hand() {
        for (x, y, expected) in [
            (50.0, 30.0, [-0.25; 4]),
            (0.0, 0.0, [0.0, -0.25, 0.0, -0.25]),
            (10.0, 2.0, [-0.1, -0.25, -0.05, -0.25]),
            (-25.0, 30.0, [0.25, -0.25, -0.25, -0.25]),
            (150.0, 30.0, [-0.25, 0.5, -0.25, -0.25]),
            (50.0, -10.0, [-0.25, -0.25, 0.25, -0.25]),
            (50.0, 90.0, [-0.25, -0.25, -0.25, 0.75]),
            (300.0, 30.0, [1.0; 4]),
        ] {
            let found = outside(x, y);
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.02), "{x}, {y}: {found:?}");
        }
    }

    #[test]
    fn sides_are_those_of_the_plate() {
        // On its head: the plate's right side is beyond the picture's left edge.
        let quad = Quad::rect(-25.0, 30.0, 100.0, 40.0).unwrap();
        let [a, b, c, d] = quad.corners();
        let found = Quad::new([c, d, a, b]).unwrap().outside(200, 100);
        assert!(found.left == -0.25 && (found.right - 0.25).abs() < 0.02, "{found:?}");
    }

    #[test]
    fn a_side_is_where_its_middle_is() {
        // A tilted plate whose upper left corner alone is outside.
        let corners = [(-20.0, 20.0), (90.0, 40.0), (82.0, 80.0), (8.0, 60.0)];
        let found = Quad::new(corners.map(|(x, y)| Point::new(x, y))).unwrap().outside(200, 100);
        assert!(found.left > 0.0 && found.left < 0.1, "{found:?}");
    }

    proptest! {
        #[test]
        fn sides_lie_within_bounds(x in -300.0_f32..300.0, y in -200.0_f32..200.0, w in 1.0_f32..300.0, h in 1.0_f32..100.0) {
            let quad = Quad::rect(x, y, w, h).unwrap();
            let Outside { left, right, top, bottom } = quad.outside(200, 100);
            prop_assert!([left, right, top, bottom].iter().all(|side| (-0.25..=1.0).contains(side)));
            let share = quad.share_outside(200, 100);
            prop_assert!((0.0..=1.0).contains(&share));
            let (l, t, r, b) = quad.bounding_box();
            if l >= 0.0 && t >= 0.0 && r <= 200.0 && b <= 100.0 {
                prop_assert!([left, right, top, bottom].iter().all(|&side| side <= 0.0));
                prop_assert_eq!(share, 0.0);
            }
        }
    }
}
