//! What holds a plate: bolts and caps, and the frame or bracket around it.

use kr_lpr::plate::PlateKind;

use super::Severity;
use super::canvas::Canvas;
use super::layout::Layout;
use super::palette::PlateSpec;
use super::raster::{Tone, edge, rounded_box, scaled, smooth};
use super::rng::Rng;
use super::sensor::{Sensor, near};

/// A frame around a plate. Lengths are mm.
pub(crate) struct Bracket {
    /// How far it reaches beyond the plate: left, top, right, bottom.
    pub(crate) reach: [f32; 4],
    /// How far it covers the plate's edge.
    overlap: f32,
    tone: Tone,
    /// Brightness of the text on the lower lip, if there is any.
    lettering: Option<Tone>,
    gloss: f32,
}

impl Bracket {
    /// A bracket as they are about, or none.
    pub(crate) fn draw(rng: &mut Rng, kind: PlateKind, sensor: &Sensor, difficulty: f32) -> Option<Bracket> {
        let two_lines = Layout::is_tall(kind);
        let shares = if two_lines { [0.55, 0.18, 0.12, 0.15, 0.0] } else { [0.27, 0.46, 0.08, 0.13, 0.06] };
        let style = if difficulty == 0.0 { 0 } else { rng.weighted(&shares) };
        let blue = kind == PlateKind::Ev && rng.chance(0.35);
        let (colour, rim, lip, overlap, gloss) = match style {
            0 => return None,
            // Black plastic with a lip for the dealer's name.
            1 => (
                near(rng, [0x16, 0x17, 0x19], 14.0),
                rng.uniform(3.0, 14.0),
                rng.uniform(6.0, 30.0),
                rng.uniform(0.0, 5.0),
                0.25,
            ),
            // Chrome.
            2 => (
                near(rng, [0xb0, 0xb4, 0xb8], 30.0),
                rng.uniform(3.0, 9.0),
                rng.uniform(3.0, 14.0),
                rng.uniform(0.0, 4.0),
                0.9,
            ),
            // A thin rim.
            3 => (
                near(rng, [0x22, 0x22, 0x24], 22.0),
                rng.uniform(1.0, 4.0),
                rng.uniform(1.0, 4.0),
                rng.uniform(0.0, 2.5),
                0.3,
            ),
            // Any colour.
            _ => (
                near(rng, [0x70, 0x70, 0x78], 60.0),
                rng.uniform(3.0, 12.0),
                rng.uniform(6.0, 26.0),
                rng.uniform(0.0, 5.0),
                0.3,
            ),
        };
        let colour = if blue { near(rng, [0x14, 0x3c, 0xb0], 22.0) } else { colour };
        let side = rng.uniform(0.6, 1.2);
        let written = lip > 9.0 && rng.chance(0.7);
        let contrast = if rng.chance(0.8) { [0xd8, 0xd8, 0xd8] } else { [0xb0, 0x30, 0x30] };
        Some(Bracket {
            reach: [rim * side, rim, rim * side, lip],
            overlap,
            tone: sensor.tone(colour),
            lettering: written.then(|| sensor.tone(contrast)),
            gloss,
        })
    }

    /// The part behind and around the plate; the plate's own sheet is laid over it afterwards.
    pub(crate) fn lay_behind(&self, rng: &mut Rng, canvas: &mut Canvas) {
        let [width, height] = canvas.size;
        let [left, top, right, bottom] = self.reach;
        let pixel = canvas.pixel();
        let centre = [(width + right - left) / 2.0, (height + bottom - top) / 2.0];
        let half = [(width + left + right) / 2.0, (height + top + bottom) / 2.0];
        let corner = rng.uniform(2.0, 16.0);
        let area = [-left, -top, width + right, height + bottom];
        let outline = move |x: f32, y: f32| edge(rounded_box(x - centre[0], y - centre[1], half, corner), pixel);
        canvas.lay(area, self.tone, outline);
        canvas.solidify(area, outline);
        // A glossy frame mirrors the sky above and the road below.
        let (gloss, light) = (self.gloss, rng.uniform(0.3, 1.0));
        canvas.shade(area, |_, y| {
            let across = (y + top) / (height + top + bottom);
            1.0 + gloss * light * (0.6 - 1.2 * across)
        });
        if let Some(tone) = self.lettering {
            let size = (bottom * rng.uniform(0.3, 0.5)).clamp(4.0, 11.0);
            let letters = 5 + rng.index(16);
            let pitch = size * rng.uniform(0.7, 1.0);
            let start = centre[0] - pitch * letters as f32 / 2.0 + rng.normal(25.0);
            let middle = height + bottom * rng.uniform(0.45, 0.6);
            for [x, y, w, h] in latin_marks(rng, [start, middle - size / 2.0], [pitch, size], letters) {
                canvas.lay([x, y, x + w, y + h], tone, |px, py| {
                    edge((px - x - w / 2.0).abs() - w / 2.0, pixel) * edge((py - y - h / 2.0).abs() - h / 2.0, pixel)
                });
            }
        }
    }

    /// The edge that overlaps the plate, and its shadow.
    pub(crate) fn lay_over(&self, rng: &mut Rng, canvas: &mut Canvas) {
        let [width, height] = canvas.size;
        let pixel = canvas.pixel();
        let half = [width / 2.0, height / 2.0];
        let overlap = self.overlap;
        let shadow = rng.uniform(0.0, 0.5);
        let inner = move |x: f32, y: f32| rounded_box(x - half[0], y - half[1], half, 9.0) + overlap;
        canvas.shade([0.0, 0.0, width, overlap + 4.0], |_, y| 1.0 - shadow * (1.0 - smooth(0.0, 3.5, y - overlap)));
        for strip in canvas.rim(overlap + 9.0) {
            canvas.lay(strip, self.tone, |x, y| 1.0 - edge(inner(x, y), pixel));
        }
    }
}

/// Strokes that look like Latin capitals from afar: boxes `x, y, width, height` of `count` letters in cells of the size
/// given, the first at `at`.
pub(crate) fn latin_marks(rng: &mut Rng, at: [f32; 2], cell: [f32; 2], count: usize) -> Vec<[f32; 4]> {
    let [width, height] = [cell[0] * 0.72, cell[1]];
    let pen = height * rng.uniform(0.14, 0.24);
    let mut marks = Vec::with_capacity(3 * count);
    for index in 0..count {
        if rng.chance(0.12) {
            continue;
        }
        let [x, y] = [at[0] + cell[0] * index as f32, at[1]];
        // Left stem, right stem, top, middle and bottom bar.
        let bars = [
            [x, y, pen, height],
            [x + width - pen, y, pen, height],
            [x, y, width, pen],
            [x, y + (height - pen) / 2.0, width, pen],
            [x, y + height - pen, width, pen],
        ];
        marks.extend(bars.into_iter().filter(|_| rng.chance(0.5)));
    }
    marks
}

/// Puts bolts, caps or nothing over the holes of the plate.
pub(crate) fn bolts(rng: &mut Rng, canvas: &mut Canvas, spec: &PlateSpec, light: [f32; 2]) {
    let PlateSpec { layout, palette, sensor, kind, severity: Severity { difficulty, .. }, .. } = *spec;
    let small = layout.size()[1] < 120.0;
    let green = matches!(kind, PlateKind::GreenNational | PlateKind::GreenRegion);
    let style = rng.weighted(&[0.12, 0.2, 0.28, 0.16, 0.12, 0.12]);
    let radius = if small { rng.uniform(4.0, 9.0) } else { rng.uniform(6.0, 12.0) };
    let wander = [rng.normal(2.0) * difficulty, rng.normal(1.5) * difficulty];
    for (side, &[hx, hy]) in layout.holes.iter().enumerate() {
        // The two ends often differ: a seal or a replacement on one of them.
        let style = if rng.chance(0.2) { rng.weighted(&[0.2, 0.2, 0.3, 0.1, 0.1, 0.1]) } else { style };
        let inward = if side == 0 { 1.0 } else { -1.0 };
        let at = [hx + wander[0] * inward + rng.normal(0.7), hy + wander[1] + rng.normal(0.7)];
        let (colour, r, gloss) = match style {
            // An unused hole, or none.
            0 if rng.chance(0.5) => continue,
            0 => ([0x20, 0x20, 0x20], 3.5, 0.0),
            1 => (near(rng, [0x30, 0x30, 0x30], 20.0), radius * 0.8, 0.5),
            2 => (near(rng, [0xa8, 0xa8, 0xa6], 28.0), radius, 0.9),
            3 => (near(rng, [0xe6, 0xe6, 0xe4], 12.0), radius, 0.4),
            4 => (near(rng, [0x14, 0x14, 0x16], 8.0), radius, 0.6),
            _ => (palette.sheet_colour, radius, 0.5),
        };
        let colour = if green && rng.chance(0.6) { near(rng, [0x14, 0x96, 0x5c], 20.0) } else { colour };
        let tone = sensor.tone(colour);
        dome(canvas, at, r, tone, gloss * rng.uniform(0.4, 1.0), light);
        match rng.index(4) {
            0 if r > 4.0 => cross(canvas, at, r * 0.6, scaled(tone, 0.35), rng.uniform(0.0, 1.5)),
            1 if r > 4.0 => ring(canvas, at, r * 0.55, scaled(tone, 0.5)),
            _ => {}
        }
        if rng.chance(0.06 * difficulty) {
            let rust = sensor.tone(near(rng, [0x7c, 0x48, 0x24], 20.0));
            let (width, length) = (r * rng.uniform(0.4, 0.9), rng.uniform(15.0, 50.0));
            let [x, y] = at;
            canvas.lay([x - width, y, x + width, y + length], rust, |px, py| {
                0.6 * (1.0 - (px - x).abs() / width).max(0.0) * (1.0 - (py - y) / length).clamp(0.0, 1.0)
            });
        }
    }
}

/// A round head, lit from one side, in the shadow it throws.
fn dome(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, tone: Tone, gloss: f32, light: [f32; 2]) {
    let pixel = canvas.pixel();
    let around = |reach: f32| [x - reach, y - reach, x + reach, y + reach];
    canvas.shade(around(r + 3.0), |px, py| {
        let distance = (px - x + light[0] * 1.2).hypot(py - y + light[1] * 1.2);
        1.0 - 0.55 * (1.0 - smooth(r - 0.5, r + 2.5, distance))
    });
    canvas.lay(around(r), tone, |px, py| edge((px - x).hypot(py - y) - r, pixel));
    canvas.shade(around(r), |px, py| {
        let (dx, dy) = ((px - x) / r, (py - y) / r);
        let inside = edge((px - x).hypot(py - y) - r, pixel);
        let facing = dx * light[0] + dy * light[1];
        let spot = (1.0 - ((dx - light[0] * 0.4).powi(2) + (dy - light[1] * 0.4).powi(2)) * 3.0).max(0.0);
        1.0 + inside * gloss * (0.5 * facing + 0.9 * spot - 0.15)
    });
}

fn cross(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, tone: Tone, turn: f32) {
    let pixel = canvas.pixel();
    let (s, c) = turn.sin_cos();
    let pen = r * 0.25;
    canvas.lay([x - r, y - r, x + r, y + r], tone, |px, py| {
        let (u, v) = (((px - x) * c + (py - y) * s).abs(), ((py - y) * c - (px - x) * s).abs());
        edge(u.min(v) - pen, pixel) * edge(u.max(v) - r, pixel)
    });
}

fn ring(canvas: &mut Canvas, [x, y]: [f32; 2], r: f32, tone: Tone) {
    let pixel = canvas.pixel();
    canvas.lay([x - r - 1.0, y - r - 1.0, x + r + 1.0, y + r + 1.0], tone, |px, py| {
        edge(((px - x).hypot(py - y) - r).abs() - 0.6, pixel) * 0.8
    });
}
