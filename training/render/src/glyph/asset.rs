//! The format of `assets/glyphs/plate2006.json`.
//!
//! ```json
//! { "face": "plate2006", "source": "where the numbers come from",
//!   "glyphs": [ { "name": "나", "block": [7, 10.4, 53.8, 75.2], "ink": [7, 10.4, 53.9, 75.2], "stem": 8.2,
//!                 "parts": [ { "stroke": "M11.1 10.9 V63.5 H44", "pen": [8.2, 7.2] } ] } ] }
//! ```
//!
//! Lengths are millimetres in any frame, y down; boxes are `[left, top, right, bottom]`. `ink` is the tight box of the
//! glyph's ink, `block` the design box that all glyphs of its kind share (all letters, or all digits), which places
//! one glyph relative to another. A part is one of
//! - `stroke`: SVG path data of a centre line, and its `pen`: `[thickness where it runs vertically, thickness where it
//!   runs horizontally]`. Ends are cut square, corners are mitred. A corner is rounded outside only, by a curve in the
//!   centre line tighter than half the pen.
//! - `ring`: the outer box of an elliptic band, and its `pen`.
//! - `fill`: SVG path data of an outline, which weight does not change; for details that no pen draws.
//!
//! Every part is cut at the ink box, so a stroke that ends in a horizontal cut simply runs past the edge; `cut`
//! narrows that to a box of the part's own, whose other sides lie well outside.

use anyhow::{Context, Result, ensure};
use kurbo::{BezPath, Rect};
use serde::Deserialize;

use super::Glyph;
use super::outline::Part;

/// The asset file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaceAsset {
    /// Name of the face, see [`super::Face::name`].
    pub face: String,
    /// Where the numbers come from.
    pub source: String,
    /// The glyphs in the order of the sheet.
    pub glyphs: Vec<GlyphAsset>,
}

/// One glyph of an asset file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GlyphAsset {
    /// What the glyph spells, NFC.
    pub name: String,
    /// Design box shared by the glyphs of one kind.
    pub block: [f64; 4],
    /// Tight box of the ink.
    pub ink: [f64; 4],
    /// Thickness that stands for the glyph when a caller sets the stroke, mm; the widest pen where absent. The glyphs
    /// of one kind share it, so that a set stroke makes them as heavy relative to one another as the design has them.
    pub stem: Option<f64>,
    /// How a fit to another box moves centre lines. Even: all alike, which keeps curves smooth, as digits need; an end
    /// that is meant to reach the edge must then run past it. Otherwise the gaps between straight strokes share what
    /// the strokes leave, which keeps dense letters open.
    #[serde(default)]
    pub even: bool,
    /// Strokes, rings and fills; they overlap freely.
    pub parts: Vec<PartAsset>,
}

/// One part of a glyph: a stroke, a ring or a fill.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum PartAsset {
    /// A centre line drawn with a pen.
    Stroke {
        /// SVG path data.
        stroke: String,
        /// Thickness of vertical and of horizontal runs, mm.
        pen: [f64; 2],
        /// The part is cut at this box besides the ink box.
        cut: Option<[f64; 4]>,
    },
    /// An elliptic band.
    Ring {
        /// Outer box.
        ring: [f64; 4],
        /// Thickness at the sides and at top and bottom, mm.
        pen: [f64; 2],
    },
    /// An outline.
    Fill {
        /// SVG path data.
        fill: String,
    },
}

/// Reads the asset file into glyphs by name.
///
/// # Errors
/// On anything the format does not allow: bad JSON or path data, an empty box or pen, a name twice.
pub fn parse(json: &str) -> Result<Vec<(String, Glyph)>> {
    let asset: FaceAsset = serde_json::from_str(json)?;
    let mut glyphs: Vec<(String, Glyph)> = Vec::with_capacity(asset.glyphs.len());
    for glyph in asset.glyphs {
        let name = glyph.name.clone();
        ensure!(glyphs.iter().all(|(n, _)| *n != name), "{name} twice");
        glyphs.push((name.clone(), Glyph::try_from(glyph).with_context(|| format!("glyph {name}"))?));
    }
    Ok(glyphs)
}

impl TryFrom<GlyphAsset> for Glyph {
    type Error = anyhow::Error;

    fn try_from(asset: GlyphAsset) -> Result<Glyph> {
        let (ink, block) = (rect(asset.ink)?, rect(asset.block)?);
        ensure!(!asset.parts.is_empty(), "no parts");
        let parts = asset.parts.into_iter().map(part).collect::<Result<Vec<_>>>()?;

        let glyph = Glyph::new(block, ink, parts, asset.stem, asset.even);
        let stem = glyph.stem;
        ensure!(stem >= 0.0 && (!asset.even || stem < 0.9 * ink.width().min(ink.height())), "stem {stem}");
        Ok(glyph)
    }
}

fn part(asset: PartAsset) -> Result<Part> {
    Ok(match asset {
        PartAsset::Stroke { stroke, pen, cut } => {
            ensure!(pen.iter().all(|p| *p > 0.0), "pen {pen:?}");
            Part::Stroke { line: path(&stroke)?, pen, cut: cut.map(rect).transpose()? }
        }
        PartAsset::Ring { ring, pen } => {
            let centre = rect(ring)?.inflate(-pen[0] / 2.0, -pen[1] / 2.0);
            ensure!(pen[0] > 0.0 && pen[1] > 0.0 && centre.width() > pen[0] && centre.height() > pen[1], "pen {pen:?}");
            Part::Ring { centre, pen }
        }
        PartAsset::Fill { fill } => Part::Fill(path(&fill)?),
    })
}

fn path(data: &str) -> Result<BezPath> {
    let path = BezPath::from_svg(data).with_context(|| format!("path data {data:?}"))?;
    ensure!(path.segments().next().is_some() && path.is_finite(), "path {data:?} draws nothing");
    Ok(path)
}

fn rect([x0, y0, x1, y1]: [f64; 4]) -> Result<Rect> {
    ensure!(x0 < x1 && y0 < y1, "box [{x0}, {y0}, {x1}, {y1}]");
    Ok(Rect::new(x0, y0, x1, y1))
}
