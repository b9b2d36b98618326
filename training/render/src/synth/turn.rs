//! Pictures of plates the wrong way up or round.

use kr_lpr::frame::PixelFormat;
use kr_lpr::geometry::{Point, Quad};

use super::Sample;

/// What is done to a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// By 90 degrees, clockwise.
    Right,
    /// By 180 degrees.
    Over,
    /// By 90 degrees, anticlockwise.
    Left,
    /// Left and right change places.
    Mirrored,
    /// Above and below change places, as in pictures whose rows are stored from the bottom.
    Flipped,
}

impl Turn {
    /// Every one.
    pub const ALL: [Turn; 5] = [Turn::Right, Turn::Over, Turn::Left, Turn::Mirrored, Turn::Flipped];

    /// Where `(x, y)` of a picture of that size goes.
    fn place(self, (x, y): (f32, f32), (width, height): (f32, f32)) -> (f32, f32) {
        match self {
            Turn::Right => (height - y, x),
            Turn::Over => (width - x, height - y),
            Turn::Left => (y, width - x),
            Turn::Mirrored => (width - x, y),
            Turn::Flipped => (x, height - y),
        }
    }

    /// Which corners of the plate come to be top-left, top-right, bottom-right and bottom-left.
    fn corners(self) -> [usize; 4] {
        match self {
            Turn::Right => [3, 0, 1, 2],
            Turn::Over => [2, 3, 0, 1],
            Turn::Left => [1, 2, 3, 0],
            Turn::Mirrored => [1, 0, 3, 2],
            Turn::Flipped => [3, 2, 1, 0],
        }
    }
}

impl Sample {
    /// The same plate in a grey picture that has been turned, its outline read as if it were upright. There is nothing to be
    /// read in it.
    pub fn turned(&self, turn: Turn) -> Sample {
        let frame = self.frame();
        let (width, height) = (frame.width(), frame.height());
        let sideways = matches!(turn, Turn::Right | Turn::Left);
        let [new_width, new_height] = if sideways { [height, width] } else { [width, height] };
        let mut pixels = vec![0; (width * height) as usize];
        let size = (width as f32, height as f32);
        for y in 0..height {
            for x in 0..width {
                let (to_x, to_y) = turn.place((x as f32 + 0.5, y as f32 + 0.5), size);
                pixels[to_y as usize * new_width as usize + to_x as usize] = (frame.luma(x, y) >> 8) as u8;
            }
        }
        let corners = self.quad.corners();
        let outline = turn.corners().map(|index| {
            let (x, y) = turn.place((corners[index].x, corners[index].y), size);
            Point::new(x, y)
        });
        let quad = Quad::new(outline).expect("a turned outline is as convex as it was, and in the same order");
        let format = PixelFormat::Grey;
        let (seen, boxes, view) = (Vec::new(), Vec::new(), self.view.clone());
        Sample { pixels, width: new_width, height: new_height, format, quad, seen, boxes, view, ..*self }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::synth::{Synth, SynthSettings};

    #[test]
    fn pixels_and_corners_go_the_same_way() {
        let synth = Synth::new(SynthSettings { difficulty: 0.0, ..SynthSettings::default() }).unwrap();
        let sample = synth.sample(3);
        let frame = sample.frame();
        for turn in Turn::ALL {
            let Sample { pixels, width, height, quad, .. } = sample.turned(turn);
            for (index, corner) in turn.corners().into_iter().zip(quad.corners()) {
                let was = sample.quad.corners()[index];
                let luma = frame.luma(was.x as u32, was.y as u32) >> 8;
                let (x, y) = ((corner.x as u32).min(width - 1), (corner.y as u32).min(height - 1));
                // Corners lie on whole pixels of the plate's edge; a mirrored one may be its neighbour.
                let near = [-1_i32, 0, 1].iter().any(|d| {
                    let at = (y * width + x) as i32 + d;
                    (i32::from(pixels[at as usize]) - luma as i32).abs() < 24
                });
                assert!(near, "{turn:?}");
            }
            let (left, top, right, bottom) = quad.bounding_box();
            let [a, ..] = quad.corners();
            assert!((a.x - left).abs() < 1.0 && (a.y - top).abs() < 1.0 && right > left && bottom > top, "{turn:?}");
        }
    }
}
