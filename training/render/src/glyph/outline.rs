//! From a glyph and a style to one outline.

use kurbo::{Affine, BezPath, Cap, Ellipse, Join, Line, PathEl, PathSeg, Point, Rect, Shape, Stroke, StrokeOpts};
use tiny_skia::{Path, PathBuilder};

use super::Glyph;
use super::polygon::{clip, round_corners, signed_area};

/// How far a polygon may lie from the curve it stands for, mm. At 10 px/mm a third of a pixel's antialiasing step.
const TOLERANCE: f64 = 0.03;

/// A mitre this many times the pen long is still drawn pointed: enough for the apex of ㅅ and 7.
const MITER_LIMIT: f64 = 6.0;

/// The size and the weight to draw a glyph at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GlyphStyle {
    /// Width of the ink box, mm.
    pub width_mm: f32,
    /// Height of the ink box, mm.
    pub height_mm: f32,
    /// Multiplies every stroke's thickness; 1 is the drawing's.
    pub weight: f32,
    /// Radius of outer corners, mm: pressing a plate rounds them by 0 to 2 mm.
    pub corner_radius_mm: f32,
    /// Thickness of the stem in place of the design's scaled by height; `weight` still multiplies it.
    pub stroke_mm: Option<f32>,
}

impl GlyphStyle {
    /// An ink box of the given size, plain: the design's weight, square corners.
    pub fn new(width_mm: f32, height_mm: f32) -> GlyphStyle {
        GlyphStyle { width_mm, height_mm, weight: 1.0, corner_radius_mm: 0.0, stroke_mm: None }
    }
}

/// One part of a glyph, in the millimetres of the asset.
#[derive(Clone, Debug)]
pub(super) enum Part {
    /// A centre line; `pen` is the thickness of vertical and of horizontal runs.
    Stroke { line: BezPath, pen: [f64; 2], cut: Option<Rect> },
    /// The band between two concentric ellipses, half a pen outside and inside of the ellipse that fills `centre`.
    /// Unlike a stroke it keeps a round counter where the ellipse is narrow, as in the tall ㅇ of 어.
    Ring { centre: Rect, pen: [f64; 2] },
    /// An outline.
    Fill(BezPath),
}

impl Part {
    /// Thickness of vertical runs; 0 for a fill.
    pub(super) fn stem(&self) -> f64 {
        match self {
            Part::Stroke { pen, .. } | Part::Ring { pen, .. } => pen[0],
            Part::Fill(_) => 0.0,
        }
    }

    /// The stretches of the x axis that vertical runs take up.
    pub(super) fn uprights(&self) -> Vec<(f64, f64)> {
        self.runs(0, |line| (line.p0.x == line.p1.x).then_some(line.p0.x), |ring| [ring.x0, ring.x1])
    }

    /// The stretches of the y axis that horizontal runs take up.
    pub(super) fn bars(&self) -> Vec<(f64, f64)> {
        self.runs(1, |line| (line.p0.y == line.p1.y).then_some(line.p0.y), |ring| [ring.y0, ring.y1])
    }

    fn runs(&self, axis: usize, run: fn(Line) -> Option<f64>, sides: fn(&Rect) -> [f64; 2]) -> Vec<(f64, f64)> {
        let around = |pen: &[f64; 2], centre: f64| (centre - pen[axis] / 2.0, centre + pen[axis] / 2.0);
        match self {
            Part::Stroke { line, pen, .. } => {
                let lines = line.segments().filter_map(|s| if let PathSeg::Line(line) = s { run(line) } else { None });
                lines.map(|centre| around(pen, centre)).collect()
            }
            Part::Ring { centre, pen } => sides(centre).map(|side| around(pen, side)).to_vec(),
            Part::Fill(_) => Vec::new(),
        }
    }
}

impl Glyph {
    /// The outline, mm, the top-left corner of the ink box at (0, 0). Parts overlap: fill with `FillRule::Winding`.
    ///
    /// Where the style's strokes would close the gaps of a dense letter such as 배, they are drawn thinner.
    ///
    /// # Panics
    /// When a length of `style` is not finite or not positive (the corner radius may be 0).
    pub fn path(&self, style: &GlyphStyle) -> Path {
        let (width, height) = (f64::from(style.width_mm), f64::from(style.height_mm));
        let radius = f64::from(style.corner_radius_mm);
        let scale = match style.stroke_mm {
            Some(stroke) if self.stem > 0.0 => f64::from(stroke) / self.stem,
            _ => height / self.ink.height(),
        };
        let pen_scale = scale * f64::from(style.weight);
        assert!(width > 0.0 && height > 0.0 && pen_scale > 0.0 && radius >= 0.0, "{style:?}");

        let pen_scale = pen_scale.min(self.x.heaviest(width)).min(self.y.heaviest(height));
        let x = self.x.fit(width, pen_scale);
        let y = self.y.fit(height, pen_scale);
        let place = |p: Point| Point::new(x.map(p.x), y.map(p.y));
        let place_box = |r: Rect| Rect::new(x.map(r.x0), y.map(r.y0), x.map(r.x1), y.map(r.y1));
        let ink = Rect::new(0.0, 0.0, width, height);

        let mut builder = PathBuilder::new();
        for part in &self.parts {
            let scaled = |pen: [f64; 2]| [pen[0] * pen_scale, pen[1] * pen_scale];
            let (outline, cut) = match part {
                Part::Stroke { line, pen, cut } => {
                    (stroke(&moved(line, place), scaled(*pen)), cut.map_or(ink, |cut| place_box(cut).intersect(ink)))
                }
                Part::Ring { centre, pen } => (ring(place_box(*centre), scaled(*pen)), ink),
                Part::Fill(outline) => (moved(outline, place), ink),
            };
            // One sense of rotation for all parts: overlaps then add up, and corners that turn outwards are known.
            let mut polygons = flatten(&outline);
            if polygons.iter().map(|p| signed_area(p)).sum::<f64>() < 0.0 {
                polygons.iter_mut().for_each(|p| p.reverse());
            }
            for polygon in polygons {
                push(&mut builder, &round_corners(&clip(polygon, cut), radius));
            }
        }
        builder.finish().expect("a checked glyph leaves ink in its box")
    }
}

/// The path with every point and control point moved.
fn moved(path: &BezPath, place: impl Fn(Point) -> Point) -> BezPath {
    let element = |element| match element {
        PathEl::MoveTo(p) => PathEl::MoveTo(place(p)),
        PathEl::LineTo(p) => PathEl::LineTo(place(p)),
        PathEl::QuadTo(a, p) => PathEl::QuadTo(place(a), place(p)),
        PathEl::CurveTo(a, b, p) => PathEl::CurveTo(place(a), place(b), place(p)),
        PathEl::ClosePath => PathEl::ClosePath,
    };
    path.iter().map(element).collect()
}

/// The outline of a stroke by an elliptical pen: a round one in a frame stretched so that the ellipse is a circle.
fn stroke(line: &BezPath, pen: [f64; 2]) -> BezPath {
    let stretch = pen[0] / pen[1];
    let style = Stroke::new(pen[0]).with_caps(Cap::Butt).with_join(Join::Miter).with_miter_limit(MITER_LIMIT);
    let round = Affine::scale_non_uniform(1.0, stretch) * line;
    Affine::scale_non_uniform(1.0, 1.0 / stretch)
        * kurbo::stroke(round, &style, &StrokeOpts::default(), TOLERANCE / 2.0)
}

/// The band of a pen's thickness along the ellipse that fills `centre`.
fn ring(centre: Rect, pen: [f64; 2]) -> BezPath {
    let outer = Ellipse::from_rect(centre.inflate(pen[0] / 2.0, pen[1] / 2.0));
    let (x, y) = ((centre.width() - pen[0]) / 2.0, (centre.height() - pen[1]) / 2.0);
    let mut outline = outer.to_path(TOLERANCE / 2.0);
    if x > 0.0 && y > 0.0 {
        outline.extend(Ellipse::new(centre.center(), (x, y), 0.0).to_path(TOLERANCE / 2.0).reverse_subpaths());
    }
    outline
}

fn flatten(path: &BezPath) -> Vec<Vec<Point>> {
    let mut polygons: Vec<Vec<Point>> = Vec::new();
    kurbo::flatten(path, TOLERANCE, |element| match element {
        PathEl::MoveTo(p) => polygons.push(vec![p]),
        PathEl::LineTo(p) => polygons.last_mut().into_iter().for_each(|polygon| polygon.push(p)),
        _ => {}
    });
    polygons
}

fn push(builder: &mut PathBuilder, polygon: &[Point]) {
    if polygon.len() < 3 {
        return;
    }
    for (i, p) in polygon.iter().enumerate() {
        let (x, y) = (p.x as f32, p.y as f32);
        if i == 0 { builder.move_to(x, y) } else { builder.line_to(x, y) }
    }
    builder.close();
}
