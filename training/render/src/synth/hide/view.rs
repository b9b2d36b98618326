//! What of a plate a picture shows.

use kr_lpr::geometry::{Point, Quad};

use super::super::imaging::Imaging;
use super::super::layout::Placement;
use super::super::lettering::Lettering;
use super::super::pose::Pose;
use super::super::raster::smooth;
use super::Hiding;
use super::grid::{CELLS, COLUMNS, Drawn, Grid, ROWS, cell, cell_at};
use super::veil::{Cover, Space};
use crate::glyph::InkBox;

/// A plate in a picture with all that is before it.
#[derive(Clone, Debug)]
pub(crate) struct View {
    /// From millimetres to the frame before it is enlarged and cut.
    pub(crate) pose: Pose,
    /// Width and height of the plate, mm.
    pub(crate) size: [f32; 2],
    /// Each glyph and where it was drawn, mm.
    pub(crate) glyphs: Vec<(Placement, InkBox)>,
    covers: Vec<Cover>,
    /// How much the frame is enlarged, and what of it the picture shows: left, top, width and height in pixels of the enlarged
    /// frame.
    pub(crate) enlarge: f32,
    pub(crate) picture: [f32; 4],
    /// Pixels of the frame a millimetre, and the deviation of the blur in pixels.
    pub(crate) px_per_mm: f32,
    pub(crate) blur: f32,
}

impl View {
    /// Nothing is before the plate, and all of the frame, whose size is given before it is enlarged, is in the picture.
    pub(crate) fn whole(
        pose: &Pose,
        size: [f32; 2],
        glyphs: Vec<(Placement, InkBox)>,
        px_per_mm: f32,
        imaging: &Imaging,
        frame: [usize; 2],
    ) -> View {
        let enlarge = imaging.enlarge;
        let [width, height] = frame.map(|side| (side as f32 * enlarge).floor());
        let blur = imaging.blur[0].max(imaging.blur[1]);
        let (pose, picture) = (pose.clone(), [0.0, 0.0, width, height]);
        View { pose, size, glyphs, covers: Vec::new(), enlarge, picture, px_per_mm, blur }
    }

    /// A plate seen straight on at a pixel a millimetre, behind `covers`.
    #[cfg(test)]
    pub(super) fn straight(size: [f32; 2], glyphs: Vec<(Placement, InkBox)>, covers: Vec<Cover>) -> View {
        let pose = Pose::of([1.0, 0.0, size[0] / 2.0, 0.0, 1.0, size[1] / 2.0, 0.0, 0.0, 1.0], 0.0);
        let picture = [0.0, 0.0, size[0], size[1]];
        View { pose, size, glyphs, covers, enlarge: 1.0, picture, px_per_mm: 1.0, blur: 0.0 }
    }

    /// The same plate behind what hides it.
    pub(crate) fn behind(&self, hiding: &Hiding) -> View {
        let part =
            |[left, top, right, bottom]: [usize; 4]| [left, top, right - left, bottom - top].map(|side| side as f32);
        let picture = hiding.picture.map_or(self.picture, part);
        View { covers: hiding.covers(), picture, ..self.clone() }
    }

    /// From the enlarged frame to the picture.
    pub(crate) fn moved(&self, at: Point) -> Point {
        Point::new(at.x - self.picture[0], at.y - self.picture[1])
    }

    /// Whether anything is before the plate, or a part of it outside of the picture.
    pub(crate) fn is_obstructed(&self) -> bool {
        !self.covers.is_empty() || self.is_cut()
    }

    /// Whether a corner of the plate is outside of the picture.
    pub(crate) fn is_cut(&self) -> bool {
        [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]].iter().any(|[x, y]| {
            let corner = self.to_frame(x * self.size[0], y * self.size[1]);
            self.within(self.to_picture(corner), None) < -0.5
        })
    }

    /// From millimetres to pixels of the frame.
    fn to_frame(&self, x: f32, y: f32) -> Point {
        self.pose.to_frame(x - self.size[0] / 2.0, y - self.size[1] / 2.0)
    }

    fn to_picture(&self, frame: Point) -> Point {
        Point::new(frame.x * self.enlarge - self.picture[0], frame.y * self.enlarge - self.picture[1])
    }

    /// How far a place of the picture lies within it and `outline`, pixels of the picture.
    fn within(&self, at: Point, outline: Option<&Quad>) -> f32 {
        let [.., width, height] = self.picture;
        let inside = at.x.min(at.y).min(width - at.x).min(height - at.y);
        outline.map_or(inside, |quad| inside.min(depth(quad, at)))
    }
}

/// How far a place lies within a quad, negative outside.
fn depth(quad: &Quad, at: Point) -> f32 {
    let corners = quad.corners();
    let side = |index: usize| {
        let (a, b) = (corners[index], corners[(index + 1) % 4]);
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        ((at.y - a.y) * dx - (at.x - a.x) * dy) / dx.hypot(dy)
    };
    (0..4).map(side).fold(f32::MAX, f32::min)
}

/// What is seen of one glyph on the grid of its block, 0 to 1, and what takes the place of the rest.
pub(super) struct Seen {
    pub(super) visible: Grid,
    /// How much is not covered, however little of it a blurred picture shows beside an edge.
    bare: Grid,
    /// How much each cell looks like ink because of what covers it.
    inked: Grid,
    /// Whether all of it is visible.
    pub(super) whole: bool,
}

impl Seen {
    /// What the glyph looks like.
    pub(super) fn apparent(&self, own: &Drawn) -> Drawn {
        let mut ink = own.ink;
        for (at, value) in ink.iter_mut().enumerate() {
            *value = *value * self.bare[at] + self.inked[at] * (1.0 - self.bare[at]);
        }
        Drawn::new(ink)
    }
}

/// What of a glyph that was drawn at `place` can be seen, within `outline` if there is one.
pub(super) fn look(
    lettering: &Lettering,
    view: &View,
    placement: &Placement,
    place: &InkBox,
    outline: Option<&Quad>,
) -> Seen {
    let mut seen = Seen { visible: [1.0; CELLS], bare: [1.0; CELLS], inked: [0.0; CELLS], whole: true };
    let [left, top, wide, high] = cell(placement);
    // The grid is that of the drawing; the plate has the glyph a little elsewhere and in another size.
    let drawn = lettering.ink(placement);
    let (sx, sy) = (place.width / drawn.width, place.height / drawn.height);
    let at = |column: usize, row: usize| {
        let (x, y) = (left + (column as f32 + 0.5) * wide, top + (row as f32 + 0.5) * high);
        [place.x + (x - drawn.x) * sx, place.y + (y - drawn.y) * sy]
    };
    let reach = 0.25 * (wide * sx + high * sy) + 0.5 * view.blur / view.px_per_mm;
    // A box around the block on the plate, and in the frame.
    let ([x0, y0], [x1, y1]) = (at(0, 0), at(COLUMNS - 1, ROWS - 1));
    let corners = [[x0, y0], [x1, y0], [x1, y1], [x0, y1]].map(|[x, y]| view.to_frame(x, y));
    let bound = |of: fn(&Point) -> f32| {
        let values = corners.iter().map(of);
        (values.clone().fold(f32::MAX, f32::min), values.fold(f32::MIN, f32::max))
    };
    let ((fx0, fx1), (fy0, fy1)) = (bound(|p| p.x), bound(|p| p.y));
    let near: Vec<&Cover> = view
        .covers
        .iter()
        .filter(|cover| {
            let [cx0, cy0, cx1, cy1] = cover.shape.bounds();
            let (area, reach) = match cover.space {
                Space::Plate => ([x0, y0, x1, y1], reach),
                Space::Frame => ([fx0, fy0, fx1, fy1], reach * view.px_per_mm),
            };
            let more = cover.soft + 2.0 * reach;
            area[0] < cx1 + more && area[2] > cx0 - more && area[1] < cy1 + more && area[3] > cy0 - more
        })
        .collect();
    let reach_px = reach * view.px_per_mm * view.enlarge;
    let deep = corners.iter().all(|&corner| view.within(view.to_picture(corner), outline) > reach_px);
    if near.is_empty() && deep {
        return seen;
    }
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let [x, y] = at(column, row);
            let frame = view.to_frame(x, y);
            let at = cell_at(column, row);
            let (visible, bare, inked) = (&mut seen.visible[at], &mut seen.bare[at], &mut seen.inked[at]);
            for cover in &near {
                let ([x, y], unit) = match cover.space {
                    Space::Plate => ([x, y], 1.0),
                    Space::Frame => ([frame.x, frame.y], view.px_per_mm),
                };
                let covered = cover.hidden(x, y, 0.2 * reach * unit);
                *visible *= 1.0 - cover.hidden(x, y, reach * unit);
                *bare *= 1.0 - covered;
                *inked += (cover.inkness - *inked) * covered;
            }
            if !deep {
                let within = view.within(view.to_picture(frame), outline);
                *visible *= smooth(-reach_px, reach_px, within);
                if within < 0.0 {
                    (*bare, *inked) = (0.0, 0.5);
                }
            }
            // Light alone leaves next to nothing out.
            seen.whole &= *visible > 0.98;
        }
    }
    seen
}
