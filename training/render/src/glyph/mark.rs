//! What a composed glyph is made of, before its pen is known.

use kurbo::{Affine, BezPath, Cap, Join, Rect, Shape, Stroke, StrokeOpts};

use super::outline::Part;

/// How far a stroke's outline may stray when its extent is measured, mm.
const TOLERANCE: f64 = 0.005;

/// One part of a glyph.
#[derive(Clone, Debug)]
pub(super) enum Mark {
    /// A centre line that the glyph's pen follows.
    Line(BezPath),
    /// The outer box of an elliptic band.
    Ring(Rect),
    /// An outline.
    Fill(BezPath),
}

impl Mark {
    /// The mark moved by `place`, which turns nothing but by half a circle.
    pub(super) fn placed(self, place: Affine) -> Mark {
        match self {
            Mark::Line(line) => Mark::Line(place * line),
            Mark::Ring(outer) => Mark::Ring(place.transform_rect_bbox(outer)),
            Mark::Fill(outline) => Mark::Fill(place * outline),
        }
    }

    /// The box of the ink.
    pub(super) fn extent(&self, pen: [f64; 2]) -> Rect {
        match self {
            Mark::Line(line) => {
                let stretch = pen[0] / pen[1];
                let style = Stroke::new(pen[0]).with_caps(Cap::Butt).with_join(Join::Miter);
                let round = Affine::scale_non_uniform(1.0, stretch) * line;
                let outline = kurbo::stroke(round, &style, &StrokeOpts::default(), TOLERANCE);
                Affine::scale_non_uniform(1.0, 1.0 / stretch).transform_rect_bbox(outline.bounding_box())
            }
            Mark::Ring(outer) => *outer,
            Mark::Fill(outline) => outline.bounding_box(),
        }
    }

    /// The part of a glyph that `pen` makes of it.
    pub(super) fn part(self, pen: [f64; 2]) -> Part {
        match self {
            Mark::Line(line) => Part::Stroke { line, pen, cut: None },
            Mark::Ring(outer) => Part::Ring { centre: outer.inflate(-pen[0] / 2.0, -pen[1] / 2.0), pen },
            Mark::Fill(outline) => Part::Fill(outline),
        }
    }
}
