//! Filling outlines on a raster: what everything but plates and negatives is drawn with.

use tiny_skia::{FillRule, Mask, Path, PathBuilder, Transform};

use super::super::raster::{Raster, Tone};

/// How an outline is filled: from its upper end to its lower end, and how opaque.
#[derive(Clone, Copy)]
pub(super) struct Fill {
    top: Tone,
    bottom: Tone,
    cover: f32,
}

impl Fill {
    pub(super) fn flat(tone: Tone) -> Fill {
        Fill { top: tone, bottom: tone, cover: 1.0 }
    }

    pub(super) fn graded(top: Tone, bottom: Tone) -> Fill {
        Fill { top, bottom, cover: 1.0 }
    }

    pub(super) fn cover(self, cover: f32) -> Fill {
        Fill { cover, ..self }
    }
}

/// Rasterises outlines; kept for its buffer, which is as large as the frame.
pub(super) struct Brush {
    mask: Mask,
}

impl Brush {
    /// A brush for rasters of that size, or `None` when a side is 0.
    pub(super) fn new(width: usize, height: usize) -> Option<Brush> {
        Mask::new(width as u32, height as u32).map(|mask| Brush { mask })
    }

    /// Fills `path` (pixels) on `raster`, whose size is the brush's.
    pub(super) fn fill(&mut self, raster: &mut Raster, path: &Path, fill: Fill) {
        let bounds = path.bounds();
        let region =
            raster.region(bounds.left() - 1.0, bounds.top() - 1.0, bounds.right() + 1.0, bounds.bottom() + 1.0);
        if region.x0 >= region.x1 || region.y0 >= region.y1 {
            return;
        }
        self.mask.fill_path(path, FillRule::Winding, true, Transform::identity());
        let width = raster.width;
        let step = 1.0 / bounds.height().max(1.0);
        let flat = fill.top == fill.bottom;
        for y in region.y0..region.y1 {
            let row = y * width + region.x0..y * width + region.x1;
            let cover = &mut self.mask.data_mut()[row.clone()];
            let t = if flat { 0.0 } else { ((y as f32 + 0.5 - bounds.top()) * step).clamp(0.0, 1.0) };
            for (plane, (top, bottom)) in raster.planes.iter_mut().zip(fill.top.into_iter().zip(fill.bottom)) {
                let tone = top + (bottom - top) * t;
                for (value, &cover) in plane[row.clone()].iter_mut().zip(cover.iter()) {
                    *value += (tone - *value) * (f32::from(cover) * (fill.cover / 255.0));
                }
            }
            cover.fill(0);
        }
    }
}

/// A closed outline through `points` whose corners are cut off at `round` (0 to 0.5) of each side and rounded.
pub(super) fn outline(points: &[[f32; 2]], round: f32) -> Option<Path> {
    let mut path = PathBuilder::with_capacity(2 * points.len() + 2, 3 * points.len() + 2);
    let count = points.len();
    let towards =
        |from: [f32; 2], to: [f32; 2]| [from[0] + (to[0] - from[0]) * round, from[1] + (to[1] - from[1]) * round];
    for (i, &point) in points.iter().enumerate() {
        let [x, y] = if round > 0.0 { towards(point, points[(i + count - 1) % count]) } else { point };
        if i == 0 {
            path.move_to(x, y)
        } else {
            path.line_to(x, y)
        }
        if round > 0.0 {
            let [x, y] = towards(point, points[(i + 1) % count]);
            path.quad_to(point[0], point[1], x, y);
        }
    }
    path.close();
    path.finish()
}

/// An outline around a line through `points`, `thick` pixels wide.
pub(super) fn band(points: &[[f32; 2]], thick: f32) -> Vec<[f32; 2]> {
    let count = points.len();
    let side = |i: usize, sign: f32| {
        let (a, b) = (points[i.saturating_sub(1)], points[(i + 1).min(count - 1)]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let half = sign * thick / 2.0 / dx.hypot(dy).max(1e-3);
        [points[i][0] - dy * half, points[i][1] + dx * half]
    };
    (0..count).map(|i| side(i, 1.0)).chain((0..count).rev().map(|i| side(i, -1.0))).collect()
}
