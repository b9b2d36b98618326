//! The characters as the demo page draws them: `www/plate/glyphs.js` is written from the typefaces here; `KR_LPR_BLESS=1` (`cargo
//! xtask bless`) writes it again.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use kr_lpr::labels::{Label, LabelClass};
use kr_lpr_render::glyph::{Face, Glyph, GlyphStyle, Glyphs};
use tiny_skia::{PathSegment, Point};

/// Sides of the box that all glyphs of one kind share, in the file.
const BOX: f32 = 400.0;

/// How far a corner that is left out may lie from the outline: less than anybody sees of a plate on a page.
const TOLERANCE: f32 = 0.8;

#[test]
fn golden_glyphs_of_the_page() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../www/plate/glyphs.js");
    let expected = written();
    if std::env::var_os("KR_LPR_BLESS").is_some() {
        std::fs::write(&file, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(found == expected, "www/plate/glyphs.js is not what the typefaces say; run `cargo xtask bless`");
}

fn written() -> String {
    let mut out = format!(
        "// The characters of plates, written by `training/render/tests/page_glyphs.rs` from the renderer's typefaces: do not edit, run\n\
         // `cargo xtask bless`. Outlines as SVG path data in the box that all digits, or all letters, share, {BOX} wide and high.\n\n\
         export const BOX = {BOX};\n\nexport const GLYPHS = {{\n"
    );
    let glyphs = Glyphs::load().unwrap();
    for name in characters() {
        let glyph = [Face::Plate2006, Face::Gothic].into_iter().find_map(|face| glyphs.get(face, &name)).unwrap();
        writeln!(out, "  {name}: '{}',", outline(glyph)).unwrap();
    }
    out + "};\n"
}

/// What a box on a plate may show: a digit or a syllable.
fn characters() -> BTreeSet<String> {
    let known = Label::all().filter(|label| label.class() != LabelClass::Unknown);
    known.flat_map(|label| label.name().chars()).map(String::from).collect()
}

/// The glyph's polygons: the first corner of each, and the way to every other.
fn outline(glyph: &Glyph) -> String {
    let (width, height) = glyph.ink();
    let path = glyph.path(&GlyphStyle::new(width, height));
    let ink = glyph.fit(0.0, 0.0, BOX, BOX);
    let mut polygons: Vec<Vec<Point>> = Vec::new();
    for segment in path.segments() {
        match segment {
            PathSegment::MoveTo(point) => polygons.push(vec![point]),
            PathSegment::LineTo(point) => polygons.last_mut().unwrap().push(point),
            PathSegment::Close => (),
            PathSegment::QuadTo(..) | PathSegment::CubicTo(..) => panic!("outlines of glyphs are polygons"),
        }
    }
    let mut out = String::new();
    for polygon in polygons {
        let placed: Vec<Point> = polygon
            .iter()
            .map(|p| Point::from_xy(ink.x + p.x / width * ink.width, ink.y + p.y / height * ink.height))
            .collect();
        let corners: Vec<[i32; 2]> =
            simplified(&placed).iter().map(|p| [p.x.round() as i32, p.y.round() as i32]).collect();
        write!(out, "M{} {}l", corners[0][0], corners[0][1]).unwrap();
        let ways: Vec<String> =
            corners.windows(2).map(|pair| format!("{} {}", pair[1][0] - pair[0][0], pair[1][1] - pair[0][1])).collect();
        out += &ways.join(" ");
        out.push('z');
    }
    // A minus sign separates numbers as well as a space does.
    out.replace(" -", "-")
}

/// Without the corners that nearly lie on the line between their neighbours (Douglas and Peucker 1973).
fn simplified(corners: &[Point]) -> Vec<Point> {
    let (first, last) = (corners[0], corners[corners.len() - 1]);
    let away = |p: &Point| {
        let (along, length) = (last - first, first.distance(last));
        let across = along.x * (p.y - first.y) - along.y * (p.x - first.x);
        if length < TOLERANCE { first.distance(*p) } else { across.abs() / length }
    };
    let furthest = (1..corners.len() - 1).max_by(|&a, &b| away(&corners[a]).total_cmp(&away(&corners[b])));
    match furthest {
        Some(index) if away(&corners[index]) > TOLERANCE => {
            let mut kept = simplified(&corners[..=index]);
            kept.pop();
            kept.extend(simplified(&corners[index..]));
            kept
        }
        _ => vec![first, last],
    }
}
