//! The digits of green plates, 1973 to 2006: one skeleton in any width, height and pen.
//!
//! Against the face of 2006 the 1 is a plain bar, the 7 has no tab, and the strokes of 6, 8 and 9 are ellipses as wide
//! as the cell. Read by eye off the ministry's table of plates before and after 2006 and off photographs.

use kurbo::{Affine, BezPath, Rect, Shape};

use super::mark::Mark;

/// A cell that a digit fills with its ink, and the pen.
#[derive(Clone, Copy, Debug)]
pub(super) struct DigitCell {
    /// Width of the ink, mm; that of the 1 is `pen[0]`.
    pub(super) width: f64,
    /// Height of the ink, mm.
    pub(super) height: f64,
    /// Thickness of upright and of level strokes, mm.
    pub(super) pen: [f64; 2],
}

/// The marks of `digit` in `cell`; strokes may run past the cell, where they are to be cut. `None` above 9.
pub(super) fn digit(digit: u32, cell: DigitCell) -> Option<Vec<Mark>> {
    let DigitCell { width, height, pen: [stem, bar] } = cell;
    let skeleton = Skeleton {
        width,
        height,
        stem,
        bar,
        left: stem / 2.0,
        right: width - stem / 2.0,
        top: bar / 2.0,
        bottom: height - bar / 2.0,
    };
    Some(match digit {
        0 => vec![skeleton.zero()],
        1 => vec![Mark::Fill(Rect::new(0.0, 0.0, stem, height).to_path(0.1))],
        2 => skeleton.two(),
        3 => skeleton.three(),
        4 => skeleton.four(),
        5 => skeleton.five(),
        6 => skeleton.six(),
        7 => vec![skeleton.seven()],
        8 => skeleton.eight(),
        9 => {
            let turn = Affine::new([-1.0, 0.0, 0.0, -1.0, width, height]);
            skeleton.six().into_iter().map(|mark| mark.placed(turn)).collect()
        }
        _ => return None,
    })
}

/// The centre lines of the outermost strokes.
#[derive(Clone, Copy, Debug)]
struct Skeleton {
    width: f64,
    height: f64,
    stem: f64,
    bar: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Skeleton {
    /// The point at fractions of the ink box, as path data.
    fn at(&self, x: f64, y: f64) -> String {
        format!("{} {}", x * self.width, y * self.height)
    }

    fn radius(&self) -> f64 {
        (self.right - self.left) / 2.0
    }

    /// Straight sides between half circles; an ellipse in cells too wide for that.
    fn zero(&self) -> Mark {
        let Skeleton { left, right, top, bottom, .. } = *self;
        let (rx, ry) = (self.radius(), self.radius().min((bottom - top) / 2.0));
        line(&format!(
            "M{left} {} A{rx} {ry} 0 0 1 {right} {} V{} A{rx} {ry} 0 0 1 {left} {} Z",
            top + ry,
            top + ry,
            bottom - ry,
            bottom - ry
        ))
    }

    fn two(&self) -> Vec<Mark> {
        let Skeleton { left, right, top, bottom, width, height, bar, .. } = *self;
        let shoulder = 0.315 * height;
        let bend = (0.75 * width, 0.53 * height);
        let foot = self.foot(bend, height - bar);
        // The curve ends along the diagonal.
        let tangent = (bend.0 + 0.17 * (bend.0 - foot.0), bend.1 + 0.17 * (bend.1 - foot.1));
        let inside = extend(bend, foot, 1.0 + 0.4 * bar / (foot.1 - bend.1));
        vec![
            line(&format!(
                "M{left} {} V{shoulder} A{} {} 0 0 1 {right} {shoulder} C{right} {} {} {} {} {} L{} {}",
                0.335 * height,
                self.radius(),
                shoulder - top,
                0.40 * height,
                tangent.0,
                tangent.1,
                bend.0,
                bend.1,
                inside.0,
                inside.1
            )),
            line(&format!("M0 {bottom} H{width}")),
        ]
    }

    /// Flat top, a straight diagonal to the notch, a round bowl.
    fn three(&self) -> Vec<Mark> {
        let Skeleton { left, right, top, bottom, width, height, .. } = *self;
        let crown = 0.425 * height;
        let (rx, ry) = (self.radius(), (bottom - crown) / 2.0);
        let middle = crown + ry;
        vec![
            line(&format!("M{} {top} H{}", 0.04 * width, 0.90 * width)),
            line(&format!("M{} L{}", self.at(1.026, -0.06), self.at(0.475, 0.388))),
            line(&format!(
                "M{} {crown} H{} A{rx} {ry} 0 0 1 {right} {middle} A{rx} {ry} 0 0 1 {left} {middle} V{}",
                0.375 * width,
                0.5 * width,
                0.66 * height
            )),
        ]
    }

    /// Closed, the apex one with the stem.
    fn four(&self) -> Vec<Mark> {
        let Skeleton { width, height, bar, .. } = *self;
        let level = 0.735 * height;
        let apex = (0.675 * width, -0.01 * height);
        let foot = self.foot(apex, level - bar / 2.0);
        let inside = extend(apex, foot, 1.0 + 0.4 * bar / (foot.1 - apex.1));
        vec![
            line(&format!("M{} 0 V{height}", 0.72 * width)),
            line(&format!("M0 {level} H{width}")),
            line(&format!("M{} {} L{} {}", apex.0, apex.1, inside.0, inside.1)),
        ]
    }

    /// Where at height `y` a diagonal from `head` runs if its left edge there is that of the cell.
    fn foot(&self, head: (f64, f64), y: f64) -> (f64, f64) {
        let stretch = self.stem / self.bar;
        // Half the level extent of a diagonal depends on its slope, and that on the foot: three rounds settle it.
        let x = (0..3).fold(0.0, |x: f64, _| {
            let slope = (head.0 - x) / ((y - head.1) * stretch);
            self.stem / 2.0 * (1.0 + slope * slope).sqrt()
        });
        (x, y)
    }

    fn five(&self) -> Vec<Mark> {
        let Skeleton { left, right, top, bottom, width, height, .. } = *self;
        let crown = 0.395 * height;
        let (rx, ry) = (self.radius(), (bottom - crown) / 2.0);
        let middle = crown + ry;
        vec![
            line(&format!("M{} {top} H{}", 0.13 * width, 0.93 * width)),
            line(&format!("M{} L{}", self.at(0.235, -0.01), self.at(0.155, 0.545))),
            line(&format!(
                "M{} C{} {} {crown} {} {crown} A{rx} {ry} 0 0 1 {right} {middle} A{rx} {ry} 0 0 1 {left} {middle} V{}",
                self.at(0.15, 0.50),
                self.at(0.21, 0.43),
                0.34 * width,
                0.5 * width,
                0.675 * height
            )),
        ]
    }

    /// A ring, and a straight leg that touches it.
    fn six(&self) -> Vec<Mark> {
        let Skeleton { bottom, width, height, .. } = *self;
        let crown = 0.50 * height;
        let (rx, ry) = (self.radius(), (bottom - crown) / 2.0);
        let (cx, cy) = (width / 2.0, crown + ry);
        // The tangent from the leg's head to the ring, in a frame where the ring is the unit circle.
        let head = (0.66 * width, 0.0);
        let (x, y) = ((head.0 - cx) / rx, (head.1 - cy) / ry);
        let square = x * x + y * y;
        let reach = (square - 1.0).sqrt() / square;
        let touch = (cx + rx * (x / square + y * reach), cy + ry * (y / square - x * reach));
        let above = (head.0 + 0.06 * (head.0 - touch.0), head.1 + 0.06 * (head.1 - touch.1));
        vec![self.ring((cx, cy), (rx, ry)), line(&format!("M{} {} L{} {}", above.0, above.1, touch.0, touch.1))]
    }

    /// The corner is a mitre that the cell cuts.
    fn seven(&self) -> Mark {
        let Skeleton { top, width, .. } = *self;
        line(&format!("M0 {top} H{} L{}", width - 0.65 * self.stem, self.at(0.37, 1.04)))
    }

    /// The ring whose centre line is the ellipse about `centre`.
    fn ring(&self, centre: (f64, f64), radii: (f64, f64)) -> Mark {
        let (rx, ry) = (radii.0 + self.stem / 2.0, radii.1 + self.bar / 2.0);
        Mark::Ring(Rect::new(centre.0 - rx, centre.1 - ry, centre.0 + rx, centre.1 + ry))
    }

    /// Two rings that share the stroke between them, the upper one smaller.
    fn eight(&self) -> Vec<Mark> {
        let Skeleton { top, bottom, width, height, .. } = *self;
        let (waist, inset) = (0.43 * height, 0.085 * width);
        let (upper, lower) = ((waist + 0.01 * height - top) / 2.0, (bottom - waist + 0.01 * height) / 2.0);
        vec![
            self.ring((width / 2.0, top + upper), (self.radius() - inset, upper)),
            self.ring((width / 2.0, bottom - lower), (self.radius(), lower)),
        ]
    }
}

/// The point on the line through `from` and `to` at `factor` times their distance from `from`.
fn extend(from: (f64, f64), to: (f64, f64), factor: f64) -> (f64, f64) {
    (from.0 + factor * (to.0 - from.0), from.1 + factor * (to.1 - from.1))
}

/// A stroke along path data.
fn line(data: &str) -> Mark {
    Mark::Line(BezPath::from_svg(data).expect("path data is made of numbers here"))
}
