//! What is printed beside and below the characters: the pictures of electric plates, the strip of film plates, the red
//! line of temporary ones.

use kr_lpr::plate::PlateKind;

use super::canvas::Canvas;
use super::palette::PlateSpec;
use super::raster::{Tone, edge, mix, rounded_box, smooth};
use super::rng::Rng;
use super::sensor::near;

/// A straight stroke from one point to another, mm.
type Stroke = [[f32; 2]; 2];

/// Prints what the kind has besides characters.
pub(crate) fn print(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec) {
    match spec.kind {
        PlateKind::PrivateFilm | PlateKind::Corporate => {
            strip(rng, canvas, spec);
            if rng.chance(0.3) {
                holograms(rng, canvas, 0.05);
            }
        }
        PlateKind::Ev => electric(rng, canvas, spec),
        PlateKind::Diplomatic => hyphen(canvas, spec),
        PlateKind::Temporary => temporary(rng, canvas, spec),
        PlateKind::ConstructionOld if rng.chance(0.6) => commercial(rng, canvas, spec),
        _ => {}
    }
}

/// Between the two numbers of a diplomat.
fn hyphen(canvas: &mut Canvas, spec: &PlateSpec) {
    let Some([x, y, width, height]) = spec.layout.hyphen else { return };
    let (pixel, half) = (canvas.pixel(), [width / 2.0, height / 2.0]);
    canvas.lay([x, y, x + width, y + height], spec.palette.ink, |px, py| {
        edge(rounded_box(px - x - half[0], py - y - half[1], half, 0.5), pixel)
    });
}

/// The syllable 영 in a circle, for commercial use.
fn commercial(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec) {
    let Some([x, y, radius]) = spec.layout.mark else { return };
    let (pixel, unit, pen) = (canvas.pixel(), radius / 27.0, rng.uniform(3.0, 5.0));
    canvas.lay([x - radius, y - radius, x + radius, y + radius], spec.palette.ink, |px, py| {
        let (u, v) = ((px - x) / unit, (py - y) / unit);
        let circle = u.hypot(v) - 27.0 + pen / 2.0;
        let initial = rounded_box(u + 7.0, v + 8.0, [5.5, 5.5], 5.5);
        let last = rounded_box(u, v - 10.0, [11.0, 5.5], 5.5);
        let stem = rounded_box(u - 10.0, v + 6.0, [0.1, 10.0], 0.1);
        let arms = rounded_box(u - 5.0, (v + 8.0).abs() - 3.5, [4.0, 0.1], 0.1);
        edge((circle.abs().min(initial.abs()).min(last.abs()).min(stem).min(arms) - pen / 2.0) * unit, pixel)
    });
}

/// A red line 3 mm wide from corner to corner, two in some, and the small print of the office.
fn temporary(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec) {
    let [width, height] = spec.layout.size();
    let red = mix(spec.palette.sheet, spec.sensor.tone(near(rng, [0xbc, 0x1a, 0x33], 18.0)), rng.uniform(0.6, 1.0));
    let pen = rng.uniform(2.4, 4.5);
    let inset = rng.uniform(2.0, 10.0);
    let (left, right, top, foot) = (inset, width - inset, inset, height - inset);
    let rising: Stroke = [[left, foot], [right, top]];
    let falling: Stroke = [[left, top], [right, foot]];
    match rng.weighted(&[0.6, 0.15, 0.25]) {
        0 => strokes(canvas, &[rising], pen, red),
        1 => strokes(canvas, &[falling], pen, red),
        _ => strokes(canvas, &[rising, falling], pen, red),
    }
    if rng.chance(0.5) {
        // Letters of a few millimetres: at the distance plates are read from, a row of specks.
        let (from, size) = (width * rng.uniform(0.1, 0.45), rng.uniform(3.0, 5.5));
        let y = height - rng.uniform(4.5, 6.0) - size;
        let letters = 6 + rng.index(14);
        let print: Vec<Stroke> = (0..letters)
            .map(|at| {
                let x = from + at as f32 * size * 1.25;
                let slant = rng.uniform(-0.4, 0.4) * size;
                [[x + slant, y], [x - slant, y + size]]
            })
            .filter(|stroke| stroke[0][0].max(stroke[1][0]) < width - 12.0)
            .collect();
        strokes(canvas, &print, size * 0.3, mix(spec.palette.sheet, spec.palette.ink, 0.8));
    }
}

/// Annex 18: a ground of taegeuk tiles, a plug in a car over an emblem on the left, "EV" on the right.
fn electric(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec) {
    let sheet = spec.palette.sheet;
    let blue = spec.sensor.tone(near(rng, [0x2c, 0x58, 0xb4], 22.0));
    if canvas.scale > 0.3 {
        tiles(rng, canvas);
    }
    if rng.chance(0.5) {
        holograms(rng, canvas, 0.07);
    }
    let mark = mix(sheet, blue, rng.uniform(0.45, 1.0));
    let pen = rng.uniform(1.2, 2.2);
    car_with_plug(canvas, [22.5, 29.0], pen, mark);
    seal(canvas, [22.0, 78.5], 17.4, pen * 0.7, mark);
    // Italics, the V a step below the E.
    let ev: [Stroke; 6] = [
        [[487.0, 37.0], [482.0, 60.0]],
        [[487.0, 37.0], [502.0, 37.0]],
        [[485.0, 48.0], [498.0, 48.0]],
        [[482.0, 60.0], [496.0, 60.0]],
        [[499.0, 49.0], [501.0, 74.0]],
        [[501.0, 74.0], [514.0, 46.0]],
    ];
    strokes(canvas, &ev, rng.uniform(2.4, 4.2), mark);
}

/// The blue strip of film plates: taegeuk above, "KOR" below; the hologram between them is not seen from the front.
fn strip(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec) {
    let blue = spec.sensor.tone(near(rng, [0x1c, 0x48, 0xa0], 24.0));
    let width = rng.uniform(44.0, 54.0);
    let inset = rng.uniform(0.0, 4.5);
    let pixel = canvas.pixel();
    let height = canvas.size[1];
    let half = [(width - inset) / 2.0, height / 2.0 - inset];
    let centre = [(width + inset) / 2.0, height / 2.0];
    let fade = rng.uniform(0.0, 0.35);
    let tone = mix(blue, spec.palette.sheet, fade);
    canvas.lay([inset, inset, width, height - inset], tone, |x, y| {
        edge(rounded_box(x - centre[0], y - centre[1], half, 6.0), pixel)
    });
    let white = mix(tone, spec.sensor.tone([0xf4, 0xf4, 0xf4]), rng.uniform(0.5, 1.0));
    let red = mix(tone, spec.sensor.tone([0xc8, 0x28, 0x38]), rng.uniform(0.5, 1.0));
    let at = [centre[0], rng.uniform(26.0, 33.0)];
    let r = rng.uniform(11.0, 15.0);
    disc(canvas, at, r, white);
    taegeuk(canvas, at, r * 0.82, red, blue);
    let left = centre[0] - 16.0;
    let (top, bottom) = (84.0, 97.0);
    let middle = (top + bottom) / 2.0;
    let kor: [Stroke; 10] = [
        [[left, top], [left, bottom]],
        [[left, middle], [left + 8.0, top]],
        [[left, middle], [left + 8.0, bottom]],
        [[left + 12.0, top], [left + 12.0, bottom]],
        [[left + 20.0, top], [left + 20.0, bottom]],
        [[left + 12.0, top], [left + 20.0, top]],
        [[left + 12.0, bottom], [left + 20.0, bottom]],
        [[left + 24.0, top], [left + 24.0, bottom]],
        [[left + 24.0, top], [left + 31.0, (top + middle) / 2.0]],
        [[left + 24.0, middle], [left + 32.0, bottom]],
    ];
    strokes(canvas, &kor, rng.uniform(2.2, 3.4), white);
}

/// Rows of small taegeuk circles, half a tile apart (annex 18: 14.5 mm wide, 2.7 mm between).
fn tiles(rng: &mut Rng, canvas: &mut Canvas) {
    let depth = rng.uniform(0.02, 0.14);
    let (pitch, row_pitch) = (17.2, 16.9);
    canvas.shade(canvas.plate(), |x, y| {
        let row = (y / row_pitch).floor();
        let (dx, dy) = ((x - row * pitch / 2.0).rem_euclid(pitch) - pitch / 2.0, y - (row + 0.5) * row_pitch);
        let r = dx.hypot(dy);
        let ring = (1.0 - (r - 6.4).abs() / 1.0).max(0.0);
        let half = if r < 6.0 && dy + 2.0 * (dx * 0.5).sin() > 0.0 { 0.5 } else { 0.0 };
        1.0 - depth * (ring + half)
    });
}

/// Faint bright discs on a staggered grid (15 mm wide every 25 mm).
fn holograms(rng: &mut Rng, canvas: &mut Canvas, most: f32) {
    let depth = rng.uniform(0.0, most);
    let (ox, oy) = (rng.uniform(0.0, 25.0), rng.uniform(0.0, 25.0));
    canvas.shade(canvas.plate(), |x, y| {
        let row = ((y - oy) / 25.0).floor();
        let (dx, dy) = ((x - ox - row * 12.5).rem_euclid(25.0) - 12.5, y - oy - (row + 0.5) * 25.0);
        1.0 + depth * (1.0 - smooth(6.0, 8.5, dx.hypot(dy)))
    });
}

fn car_with_plug(canvas: &mut Canvas, [x, y]: [f32; 2], pen: f32, tone: Tone) {
    let pixel = canvas.pixel();
    canvas.lay([x - 19.0, y - 16.0, x + 19.0, y + 16.0], tone, |px, py| {
        let (u, v) = (px - x, py - y);
        let body = rounded_box(u, v - 3.0, [17.5, 8.5], 6.0);
        let cabin = rounded_box(u + 3.0, v + 7.0, [10.5, 8.0], 6.0);
        let plug = rounded_box(u - 2.0, v - 2.0, [4.5, 3.5], 1.5);
        let prongs = rounded_box(u - 8.0, (v - 2.0).abs() - 2.0, [3.0, 0.8], 0.4);
        let cable = rounded_box(u + 9.0, v - 2.0, [6.5, 0.9], 0.4);
        let contour = body.min(cabin).abs() - pen / 2.0;
        edge(contour.min(plug).min(prongs).min(cable), pixel)
    });
}

/// A round emblem: two rings with lettering between them around a taegeuk.
fn seal(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, pen: f32, tone: Tone) {
    let pixel = canvas.pixel();
    canvas.lay([x - r, y - r, x + r, y + r], tone, |px, py| {
        let (u, v) = (px - x, py - y);
        let distance = u.hypot(v);
        let rings = ((distance - r + 1.0).abs()).min((distance - 0.62 * r).abs()) - pen / 2.0;
        let letters = if (v.atan2(u) * 11.0).sin() > 0.0 { (distance - 0.8 * r).abs() - 1.4 } else { 1.0 };
        let lower = (v + 0.18 * r * (u * 6.0 / r).sin()).max(distance - 0.5 * r);
        edge(rings.min(letters), pixel).max(0.8 * edge(-lower, pixel) * edge(distance - 0.5 * r, pixel))
    });
}

fn disc(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, tone: Tone) {
    let pixel = canvas.pixel();
    canvas.lay([x - r, y - r, x + r, y + r], tone, |px, py| edge((px - x).hypot(py - y) - r, pixel));
}

fn taegeuk(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, above: Tone, below: Tone) {
    let pixel = canvas.pixel();
    disc(canvas, [x, y], r, above);
    canvas.lay([x - r, y - r, x + r, y + r], below, |px, py| {
        let (u, v) = (px - x, py - y);
        let wave = -(v + 0.45 * r * (u / r * std::f32::consts::PI).sin());
        edge(wave, pixel) * edge(u.hypot(v) - r, pixel)
    });
}

fn strokes(canvas: &mut Canvas, strokes: &[Stroke], pen: f32, tone: Tone) {
    let pixel = canvas.pixel();
    for &[[ax, ay], [bx, by]] in strokes {
        let (dx, dy) = (bx - ax, by - ay);
        let squared = dx * dx + dy * dy;
        let area = [ax.min(bx) - pen, ay.min(by) - pen, ax.max(bx) + pen, ay.max(by) + pen];
        canvas.lay(area, tone, |x, y| {
            let t = (((x - ax) * dx + (y - ay) * dy) / squared).clamp(0.0, 1.0);
            edge((x - ax - dx * t).hypot(y - ay - dy * t) - pen / 2.0, pixel)
        });
    }
}
