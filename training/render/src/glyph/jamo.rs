//! The jamo of the gothic face: each is drawn into an ink box as centre lines of one pen.
//!
//! Boxes are outer extents of the ink in em units (see [`super::compose`]); x grows rightwards, y downwards.

use kurbo::{BezPath, Rect};

use super::mark::Mark;

/// The corner at the lower left of ㄴ, ㄷ, ㄹ, ㅁ and ㅂ is rounded: radius of the centre line in stroke widths. Less than
/// a half keeps the inside of the corner square.
const CORNER: f64 = 0.45;

/// Outer extents of the ink of one jamo.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    x0: f64,
    y0: f64,
    x1: f64,
    y1: f64,
}

impl Extent {
    /// The box between `x0`, `y0` and `x1`, `y1`.
    pub(super) fn new(x0: f64, y0: f64, x1: f64, y1: f64) -> Self {
        Self { x0, y0, x1, y1 }
    }

    fn width(self) -> f64 {
        self.x1 - self.x0
    }

    fn height(self) -> f64 {
        self.y1 - self.y0
    }

    fn middle(self) -> f64 {
        (self.x0 + self.x1) / 2.0
    }
}

/// How the right leg of ㄱ runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Leg {
    /// Straight down, as in a final.
    Straight,
    /// Leaning slightly inwards, above ㅗ and ㅜ.
    Bowed,
    /// Sweeping to the lower left, beside an upright vowel.
    Swept,
}

/// Collects the marks of one syllable.
#[derive(Debug)]
pub(super) struct Pen {
    /// Thickness of upright strokes, em.
    pub(super) stem: f64,
    /// Thickness of level strokes, em.
    pub(super) bar: f64,
    marks: Vec<Mark>,
}

impl Pen {
    /// A pen whose upright strokes are `stem` thick and whose level ones are `bar` thick.
    pub(super) fn new(stem: f64, bar: f64) -> Self {
        Self { stem, bar, marks: Vec::new() }
    }

    /// What was drawn so far.
    pub(super) fn into_marks(self) -> Vec<Mark> {
        self.marks
    }

    /// A level stroke from `x0` to `x1` whose upper edge lies at `top`.
    pub(super) fn level(&mut self, x0: f64, x1: f64, top: f64) {
        let y = top + self.bar / 2.0;
        self.trace(&[(x0, y), (x1, y)]);
    }

    /// An upright stroke from `y0` to `y1` whose left edge lies at `left`.
    pub(super) fn upright(&mut self, left: f64, y0: f64, y1: f64) {
        let x = left + self.stem / 2.0;
        self.trace(&[(x, y0), (x, y1)]);
    }

    /// The consonant `jamo`, which fills `ink`; `leg` matters to ㄱ alone. Other characters draw nothing.
    pub(super) fn consonant(&mut self, jamo: char, ink: Extent, leg: Leg) {
        match jamo {
            'ㄱ' => self.giyeok(ink, leg),
            'ㄴ' => self.nieun(ink),
            'ㄷ' => self.digeut(ink),
            'ㄹ' => self.rieul(ink),
            'ㅁ' => self.mieum(ink),
            'ㅂ' => self.bieup(ink),
            'ㅅ' => self.legs(ink, 0.40),
            'ㅇ' => self.ieung(ink),
            'ㅈ' => self.jieut(ink),
            'ㅊ' => self.chieut(ink),
            'ㅋ' => self.kieuk(ink, leg),
            'ㅌ' => self.tieut(ink),
            'ㅍ' => self.pieup(ink),
            'ㅎ' => self.hieut(ink),
            _ => {}
        }
    }

    fn giyeok(&mut self, ink: Extent, leg: Leg) {
        let (width, height) = (ink.width(), ink.height());
        let (top, right) = (ink.y0 + self.bar / 2.0, ink.x1 - self.stem / 2.0);
        let mut path = BezPath::new();
        path.move_to((ink.x0, top));
        path.line_to((right, top));
        match leg {
            Leg::Straight => path.line_to((right, ink.y1)),
            Leg::Bowed => path.curve_to(
                (right - 0.01 * width, top + 0.5 * height),
                (right - 0.03 * width, ink.y1 - 0.2 * height),
                (right - 0.07 * width, ink.y1),
            ),
            // The foot is cut square to the leg, so the centre line ends inside the box.
            Leg::Swept => path.curve_to(
                (right - 0.02 * width, top + 0.52 * height),
                (ink.x0 + 0.40 * width, ink.y1 - 0.26 * height),
                (ink.x0 + 0.25 * self.stem, ink.y1 - 0.40 * self.bar),
            ),
        }
        self.marks.push(Mark::Line(path));
    }

    fn nieun(&mut self, ink: Extent) {
        let inner = self.inner(ink);
        let mut path = BezPath::new();
        path.move_to((inner.x0, ink.y0));
        self.turn(&mut path, inner, (ink.x1, inner.y1));
        self.marks.push(Mark::Line(path));
    }

    fn digeut(&mut self, ink: Extent) {
        let inner = self.inner(ink);
        let mut path = BezPath::new();
        path.move_to((ink.x1 - 0.03 * ink.width(), inner.y0));
        path.line_to((inner.x0, inner.y0));
        self.turn(&mut path, inner, (ink.x1, inner.y1));
        self.marks.push(Mark::Line(path));
    }

    fn rieul(&mut self, ink: Extent) {
        let inner = self.inner(ink);
        let middle = (inner.y0 + inner.y1) / 2.0;
        let mut path = BezPath::new();
        path.move_to((ink.x0, inner.y0));
        path.line_to((inner.x1, inner.y0));
        path.line_to((inner.x1, middle));
        path.line_to((inner.x0, middle));
        self.turn(&mut path, inner, (ink.x1, inner.y1));
        self.marks.push(Mark::Line(path));
    }

    fn mieum(&mut self, ink: Extent) {
        let inner = self.inner(ink);
        let mut path = BezPath::new();
        // Begins inside a side, so that every corner is a join.
        path.move_to((inner.x1, (inner.y0 + inner.y1) / 2.0));
        path.line_to((inner.x1, inner.y0));
        path.line_to((inner.x0, inner.y0));
        self.turn(&mut path, inner, (inner.x1, inner.y1));
        path.close_path();
        self.marks.push(Mark::Line(path));
    }

    fn bieup(&mut self, ink: Extent) {
        let inner = self.inner(ink);
        let mut path = BezPath::new();
        path.move_to((inner.x0, ink.y0));
        self.turn(&mut path, inner, (inner.x1, inner.y1));
        path.line_to((inner.x1, ink.y0));
        self.marks.push(Mark::Line(path));
        // Tall ㅂ carry the bar at 0.4 of the height; flat ones keep it clear of the foot.
        let cross = ink.y0 + (0.40 * ink.height()).min(ink.height() - 2.0 * self.bar);
        self.trace(&[(inner.x0, cross), (inner.x1, cross)]);
    }

    fn jieut(&mut self, ink: Extent) {
        let margin = 0.05 * ink.width();
        self.level(ink.x0 + margin, ink.x1 - margin, ink.y0);
        self.legs(Extent { y0: ink.y0 + self.bar * 0.6, ..ink }, 0.28);
    }

    fn chieut(&mut self, ink: Extent) {
        let tick = 0.15 * ink.height();
        self.trace(&[(ink.middle(), ink.y0), (ink.middle(), ink.y0 + tick + self.bar / 2.0)]);
        self.jieut(Extent { y0: ink.y0 + tick, ..ink });
    }

    /// ㄱ with a bar from its left side to the leg, which has not swept far there.
    fn kieuk(&mut self, ink: Extent, leg: Leg) {
        self.giyeok(ink, leg);
        let y = ink.y0 + 0.42 * ink.height();
        let end = ink.x1 - self.stem / 2.0 - if leg == Leg::Swept { 0.16 * ink.width() } else { 0.0 };
        self.trace(&[(ink.x0 + 0.04 * ink.width(), y), (end, y)]);
    }

    /// ㄷ with a bar in the middle.
    fn tieut(&mut self, ink: Extent) {
        self.digeut(ink);
        let y = (ink.y0 + ink.y1) / 2.0;
        self.trace(&[(ink.x0 + self.stem / 2.0, y), (ink.x1 - 0.05 * ink.width(), y)]);
    }

    fn pieup(&mut self, ink: Extent) {
        self.level(ink.x0, ink.x1, ink.y0);
        self.level(ink.x0, ink.x1, ink.y1 - self.bar);
        let (top, foot) = (ink.y0 + self.bar / 2.0, ink.y1 - self.bar / 2.0);
        for x in [0.28, 0.72].map(|share| ink.x0 + share * ink.width()) {
            self.trace(&[(x, top), (x, foot)]);
        }
    }

    /// The legs of ㅅ and ㅈ: the left one drops from the top before it sweeps outwards, the right one leaves it at
    /// `fork` of the height.
    fn legs(&mut self, ink: Extent, fork: f64) {
        // Feet are cut square to the leg: their corners reach the box, not their centres.
        let (side, foot) = (0.38 * self.stem, 0.34 * self.bar);
        self.leg(ink, ink.x0 + side, ink.y1 - foot, 0.5 * fork);
        self.leg(ink, ink.x1 - side, ink.y1 - foot, fork);
    }

    /// A leg that drops from the middle of the top and sweeps to (`x`, `y`) from `bend` of the height on.
    fn leg(&mut self, ink: Extent, x: f64, y: f64, bend: f64) {
        let apex = ink.middle();
        let mut path = BezPath::new();
        path.move_to((apex, ink.y0));
        path.line_to((apex, ink.y0 + bend * ink.height()));
        path.curve_to(
            (apex, ink.y0 + (0.6 * bend + 0.4) * ink.height()),
            (apex + 0.48 * (x - apex), ink.y0 + 0.80 * ink.height()),
            (x, y),
        );
        self.marks.push(Mark::Line(path));
    }

    fn ieung(&mut self, ink: Extent) {
        self.marks.push(Mark::Ring(Rect::new(ink.x0, ink.y0, ink.x1, ink.y1)));
    }

    fn hieut(&mut self, ink: Extent) {
        let inset = 0.22 * ink.width();
        self.level(ink.x0 + inset, ink.x1 - inset, ink.y0);
        // A quarter of a bar separates tick, bar and ring.
        let bar = ink.y0 + 1.35 * self.bar;
        self.level(ink.x0, ink.x1, bar);
        let ring = bar + 1.25 * self.bar;
        let margin = ((ink.width() - (ink.y1 - ring)) / 2.0).clamp(0.0, 0.10 * ink.width());
        self.ieung(Extent { x0: ink.x0 + margin, x1: ink.x1 - margin, y0: ring, ..ink });
    }

    /// The centre lines of a frame whose outer edge is `ink`.
    fn inner(&self, ink: Extent) -> Extent {
        let (x, y) = (self.stem / 2.0, self.bar / 2.0);
        Extent::new(ink.x0 + x, ink.y0 + y, ink.x1 - x, ink.y1 - y)
    }

    /// Runs down the left side of `inner`, round its lower-left corner and on to `end`.
    fn turn(&self, path: &mut BezPath, inner: Extent, end: (f64, f64)) {
        path.line_to((inner.x0, inner.y1 - CORNER * self.bar));
        path.quad_to((inner.x0, inner.y1), (inner.x0 + CORNER * self.stem, inner.y1));
        path.line_to(end);
    }

    fn trace(&mut self, points: &[(f64, f64); 2]) {
        let mut path = BezPath::new();
        path.move_to(points[0]);
        path.line_to(points[1]);
        self.marks.push(Mark::Line(path));
    }
}
