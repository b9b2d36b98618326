//! How one axis of a design is stretched to another length without stretching its strokes.

/// Of a gap's share of the length at the design size, at least this much is left by a heavier or denser drawing.
const LEAST_GAP: f64 = 0.6;

/// One axis of a glyph: from `start` to `end`, with the stretches that strokes across the axis take up, in order and
/// apart.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    start: f64,
    end: f64,
    strokes: Vec<(f64, f64)>,
    edge: f64,
    even: bool,
}

impl Axis {
    /// The axis from `start` to `end`, where `strokes` lie (in any order, overlapping). The strips of width `edge` along
    /// both ends count as strokes, for what curves and slants there. An `even` axis is mapped by one straight line.
    pub(super) fn new(start: f64, end: f64, edge: f64, even: bool, mut strokes: Vec<(f64, f64)>) -> Axis {
        if edge > 0.0 {
            strokes.extend([(start, start + edge), (end - edge, end)]);
        }
        strokes.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut apart: Vec<(f64, f64)> = Vec::with_capacity(strokes.len());
        for (from, to) in strokes.into_iter().map(|(from, to)| (from.max(start), to.min(end))) {
            match apart.last_mut() {
                Some(last) if from <= last.1 => last.1 = last.1.max(to),
                _ if from < to => apart.push((from, to)),
                _ => {}
            }
        }
        Axis { start, end, strokes: apart, edge, even }
    }

    fn stroked(&self) -> f64 {
        self.strokes.iter().map(|(from, to)| to - from).sum()
    }

    /// The largest factor for the strokes' thickness that leaves gaps at `length`.
    pub(super) fn heaviest(&self, length: f64) -> f64 {
        let stroked = self.stroked();
        let gaps = self.end - self.start - stroked;
        length * (1.0 - LEAST_GAP * gaps / (self.end - self.start)) / stroked.max(f64::EPSILON)
    }

    /// The map to 0..`length` in which strokes grow by `pen_scale` and gaps share the rest evenly; or, if even, in which
    /// the centre lines of strokes along the ends stay those of strokes along the ends.
    pub(super) fn fit(&self, length: f64, pen_scale: f64) -> Fit {
        let stroked = self.stroked();
        let gaps = self.end - self.start - stroked;
        if self.even {
            let edge = self.edge * pen_scale;
            return Fit { knots: vec![(self.start + self.edge, edge), (self.end - self.edge, length - edge)] };
        }
        // A bar that is all stroke, such as a plain 1, has no gap to give: then everything scales alike.
        let (stroke_scale, gap_scale) = if gaps < 0.05 * (self.end - self.start) {
            (length / (self.end - self.start), length / (self.end - self.start))
        } else {
            (pen_scale, (length - stroked * pen_scale) / gaps)
        };
        let mut knots = Vec::with_capacity(2 * self.strokes.len() + 2);
        knots.push((self.start, 0.0));
        let mut advance = |to: f64, scale: f64| {
            let (from, at) = knots[knots.len() - 1];
            if to - from > 1e-6 {
                knots.push((to, at + (to - from) * scale));
            }
        };
        for &(from, to) in &self.strokes {
            advance(from, gap_scale);
            advance(to, stroke_scale);
        }
        advance(self.end, gap_scale);
        Fit { knots }
    }
}

/// A piecewise linear map, at least two knots.
pub(super) struct Fit {
    knots: Vec<(f64, f64)>,
}

impl Fit {
    /// Where `v` comes to lie; the outer pieces go on beyond the ends.
    pub(super) fn map(&self, v: f64) -> f64 {
        let last = self.knots.len() - 1;
        let i = self.knots[1..last].iter().take_while(|knot| knot.0 < v).count();
        let ((from, at), (to, end)) = (self.knots[i], self.knots[i + 1]);
        at + (v - from) * (end - at) / (to - from)
    }
}
