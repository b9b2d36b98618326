//! Pictures that are not upright.

use super::Quad;

/// How a picture has to be turned to be upright: by quarter turns, clockwise as seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Turn {
    /// It is upright.
    #[default]
    None,
    /// By 90 degrees.
    Quarter,
    /// By 180 degrees.
    Half,
    /// By 270 degrees.
    ThreeQuarters,
}

impl Turn {
    /// Whether width and height change places.
    pub fn is_sideways(self) -> bool {
        matches!(self, Turn::Quarter | Turn::ThreeQuarters)
    }

    /// Width and height of the upright picture, from those of the picture as it is.
    pub fn upright<T>(self, [width, height]: [T; 2]) -> [T; 2] {
        if self.is_sideways() { [height, width] } else { [width, height] }
    }

    /// A place of the upright picture in the picture as it is: both as shares of width and height.
    pub fn place(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Turn::None => [x, y],
            Turn::Quarter => [y, 1.0 - x],
            Turn::Half => [1.0 - x, 1.0 - y],
            Turn::ThreeQuarters => [1.0 - y, x],
        }
    }

    /// The turn back.
    pub fn inverse(self) -> Turn {
        match self {
            Turn::Quarter => Turn::ThreeQuarters,
            Turn::ThreeQuarters => Turn::Quarter,
            half_or_none => half_or_none,
        }
    }

    fn quarters(self) -> usize {
        self as usize
    }
}

impl Quad {
    /// The same outline, beginning at the corner that is the upper left one once the picture is turned.
    pub fn turned(&self, turn: Turn) -> Quad {
        let mut corners = self.0;
        corners.rotate_right(turn.quarters());
        // Whichever corner comes first, a convex outline stays one.
        Quad(corners)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn turning_clockwise_brings_the_lower_left_corner_up() {
        let quad = Quad::rect(0.0, 0.0, 4.0, 2.0).unwrap();
        let [upper_left, upper_right, lower_right, lower_left] = quad.corners();
        for (turn, first) in [
            (Turn::None, upper_left),
            (Turn::Quarter, lower_left),
            (Turn::Half, lower_right),
            (Turn::ThreeQuarters, upper_right),
        ] {
            assert_eq!(quad.turned(turn).corners()[0], first, "{turn:?}");
            // The upper left corner of the upright picture is that corner of the picture as it is.
            let [x, y] = turn.place([0.0, 0.0]);
            assert_eq!([x as f32 * 4.0, y as f32 * 2.0], [first.x, first.y], "{turn:?}");
            assert_eq!(quad.turned(turn).turned(turn.inverse()), quad);
            let there = turn.inverse().place(turn.place([0.2, 0.9]));
            assert!((there[0] - 0.2).abs() < 1e-12 && (there[1] - 0.9).abs() < 1e-12, "{turn:?}: {there:?}");
            assert_eq!(turn.upright([4, 2]), if turn.is_sideways() { [2, 4] } else { [4, 2] });
        }
    }
}
