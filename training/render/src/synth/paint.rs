//! The plate itself: sheet, border, characters, relief and wear.

use kr_lpr::plate::PlateKind;
use kr_lpr::plate::layout::Part;

use super::canvas::{Canvas, Noise};
use super::layout::Script;
use super::lettering::{GlyphVariant, Lettering};
use super::palette::PlateSpec;
use super::raster::{Tone, edge, mix, rounded_box, scaled, smooth};
use super::rng::Rng;
use super::sensor::near;
use crate::glyph::InkBox;

/// Paints one plate.
pub(crate) struct Painter<'a> {
    pub(crate) lettering: &'a Lettering,
    pub(crate) spec: &'a PlateSpec<'a>,
    /// Where the light comes from, a unit vector in the plate's plane.
    pub(crate) light: [f32; 2],
}

impl Painter<'_> {
    /// The sheet of metal with its border line, before the characters.
    pub(crate) fn sheet(&self, rng: &mut Rng, canvas: &mut Canvas) {
        let [width, height] = self.spec.layout.size();
        let pixel = canvas.pixel();
        let half = [width / 2.0, height / 2.0];
        let corner = rng.uniform(8.0, 13.0);
        let outline = move |x: f32, y: f32| rounded_box(x - half[0], y - half[1], half, corner);
        let inset = corner.max(2.0 * pixel);
        canvas.fill([inset, inset, width - inset, height - inset], self.spec.palette.sheet);
        for strip in canvas.rim(inset + 2.0 * pixel) {
            canvas.lay(strip, self.spec.palette.sheet, |x, y| edge(outline(x, y), pixel));
            canvas.solidify(strip, |x, y| edge(outline(x, y), pixel));
        }

        let bare = rng.chance(if self.is_film() { 0.5 } else { 0.06 });
        if !bare {
            // 2 mm wide and 2 mm from the edge (spec section 1), and as inexact as presses are.
            let (gap, line) = (rng.uniform(1.2, 4.5), rng.uniform(1.4, 2.6));
            let tone = mix(self.spec.palette.sheet, self.spec.palette.ink, rng.uniform(0.55, 1.0));
            // The corners' inner edge is the deepest part of the line.
            for strip in canvas.rim(gap + line + corner + pixel) {
                canvas.lay(strip, tone, |x, y| {
                    let distance = outline(x, y) + gap;
                    edge(distance, pixel) * (1.0 - edge(distance + line, pixel))
                });
            }
        }
    }

    /// Presses and paints the characters. Returns the ink box of each glyph, mm, in the order of the placements.
    pub(crate) fn characters(&self, rng: &mut Rng, canvas: &mut Canvas) -> Vec<InkBox> {
        let d = self.spec.severity.variety;
        let (weights, radii) = GlyphVariant::CHOICES;
        let variant = if d > 0.0 {
            GlyphVariant { weight: rng.index(weights), radius: rng.index(radii) }
        } else {
            GlyphVariant::PLAIN
        };
        // Stamping machines are adjusted by hand: the whole text wanders, the glyphs a little each.
        let shift = [rng.normal(1.6) * d, rng.normal(1.0) * d];
        let stretch = [1.0 + rng.normal(0.02) * d, 1.0 + rng.normal(0.02) * d];
        let [cx, cy] = [self.spec.layout.size()[0] / 2.0, self.spec.layout.size()[1] / 2.0];
        let width = canvas.raster.width;
        let mut ink = vec![0.0; canvas.alpha.len()];
        let mut boxes = Vec::with_capacity(self.spec.placements.len());
        // Some makers' letters are as tall as their digits, or nearly.
        let tall_letter = if rng.chance(0.25 * d) { rng.uniform(1.0, 1.2) } else { 1.0 };
        let [letter, region, class] = proportions(rng, self.spec.kind, d);
        let faded = self.faded_line(rng);
        for (index, placement) in self.spec.placements.iter().enumerate() {
            if let Some((_, left)) = faded.filter(|(below, _)| *below == index) {
                ink.iter_mut().for_each(|cover| *cover *= left);
            }
            let plain = self.lettering.ink(placement);
            let [wide, high] = match (placement.part, placement.script) {
                (Part::Letter, Script::Modern) => [tall_letter; 2],
                (Part::Letter, _) => letter,
                (Part::Region, _) => region,
                (Part::Class, _) => class,
                _ => AS_DRAWN,
            };
            // How far the letter stands from the digits differs most between makers.
            let loose = if placement.syllable.is_ascii_digit() { 0.5 } else { 1.5 };
            let widen = wide * stretch[0] * (1.0 + rng.normal(0.012) * d);
            let heighten = high * stretch[1] * (1.0 + rng.normal(0.006) * d);
            let place = InkBox {
                x: cx + (plain.x + plain.width / 2.0 - cx) * stretch[0] + shift[0] + rng.normal(loose) * d
                    - plain.width * widen / 2.0,
                y: cy + (plain.y + plain.height / 2.0 - cy) * stretch[1] + shift[1] + rng.normal(0.7 * loose) * d
                    - plain.height * heighten / 2.0,
                width: plain.width * widen,
                height: plain.height * heighten,
            };
            let [x, y] = canvas.to_pixels(place.x, place.y);
            let target = InkBox { x, y, width: place.width * canvas.scale, height: place.height * canvas.scale };
            self.lettering.lay(placement, variant, target, &mut ink, width);
            boxes.push(place);
        }
        let relief = if rng.chance(0.7) { rng.uniform(0.0, 0.22) * self.spec.severity.flaws.max(0.2) } else { 0.0 };
        let worn = if rng.chance(0.12) { rng.uniform(0.15, 0.6) * self.spec.severity.flaws } else { 0.0 };
        self.pour(rng, canvas, &ink, relief, worn);
        boxes
    }

    /// Of old plates whose upper line, with its finer strokes, has lost more paint than the lower: the first placement
    /// below it, and how much paint is left above.
    fn faded_line(&self, rng: &mut Rng) -> Option<(usize, f32)> {
        let below = match self.spec.kind {
            PlateKind::GreenNational => Part::Serial,
            PlateKind::GreenRegion => Part::Letter,
            _ => return None,
        };
        let left = rng.chance(0.3 * self.spec.severity.flaws).then(|| rng.uniform(0.45, 0.95))?;
        let below = self.spec.placements.iter().position(|placement| placement.part == below)?;
        Some((below, left))
    }

    /// Inks the canvas where `ink` covers it, missing where `worn`, and lights the edges of the relief.
    fn pour(&self, rng: &mut Rng, canvas: &mut Canvas, ink: &[f32], relief: f32, worn: f32) {
        let (width, pixel) = (canvas.raster.width, canvas.pixel());
        let [pw, ph] = canvas.size;
        let wear = (worn > 0.0).then(|| (Noise::new(rng, [pw, ph], [9.0, 6.0]), Noise::new(rng, [pw, ph], [40.0; 2])));
        let mut inked = ink.to_vec();
        if let Some((fine, broad)) = &wear {
            for (at, cover) in inked.iter_mut().enumerate().filter(|(_, cover)| **cover > 0.0) {
                let x = (at % width) as f32 * pixel - canvas.margin[0];
                let y = (at / width) as f32 * pixel - canvas.margin[1];
                let rub = 0.65 * fine.at(x, y) + 0.35 * broad.at(x, y);
                *cover *= 1.0 - worn * smooth(0.55, 0.75, rub);
            }
        }
        for (plane, tone) in canvas.raster.planes.iter_mut().zip(self.spec.palette.ink) {
            for (value, cover) in plane.iter_mut().zip(&inked) {
                *value += (tone - *value) * cover;
            }
        }
        if relief <= 0.0 {
            return;
        }
        // 1.3 to 1.6 mm of relief with flanks about as wide: the light side of each character shines, the other is dim.
        let reach = (1.5 * canvas.scale).max(0.6);
        let (dx, dy) = (self.light[0] * reach, self.light[1] * reach);
        let step = (dy.round() as isize) * width as isize + dx.round() as isize;
        let step = if step == 0 { width as isize } else { step };
        let margin = step.unsigned_abs();
        if ink.len() <= 2 * margin {
            return;
        }
        let strength = relief * (0.35 + 0.65 * self.spec.palette.sheet[0].min(1.0));
        for at in margin..ink.len() - margin {
            let towards = ink[(at as isize + step) as usize];
            let away = ink[(at as isize - step) as usize];
            if towards != away {
                let slope = (away - towards) * strength;
                for plane in &mut canvas.raster.planes {
                    plane[at] = (plane[at] + slope).max(0.0);
                }
            }
        }
    }

    /// Whether the plate is printed on a film.
    fn is_film(&self) -> bool {
        matches!(self.spec.kind, PlateKind::PrivateFilm | PlateKind::Corporate)
    }

    /// Bubbles under the film: a light side and a dark one each.
    fn blister(&self, rng: &mut Rng, canvas: &mut Canvas) {
        let [width, height] = self.spec.layout.size();
        let depth = rng.uniform(0.1, 0.45);
        for _ in 0..1 + rng.index(6) {
            let [x, y] = [rng.uniform(0.0, width), rng.uniform(0.0, height)];
            let (rx, ry) = (rng.log_uniform(4.0, 22.0), rng.log_uniform(4.0, 14.0));
            canvas.shade([x - rx, y - ry, x + rx, y + ry], |px, py| {
                let (u, v) = ((px - x) / rx, (py - y) / ry);
                let slope = u * self.light[0] + v * self.light[1];
                1.0 + depth * slope * (1.0 - u * u - v * v).max(0.0)
            });
        }
    }

    /// Uneven sheet, dirt, bubbles and scratches, over sheet and characters alike.
    pub(crate) fn weather(&self, rng: &mut Rng, canvas: &mut Canvas) {
        let d = self.spec.severity.flaws;
        let [width, height] = self.spec.layout.size();
        let area = canvas.plate();
        let old =
            matches!(self.spec.kind, PlateKind::GreenNational | PlateKind::GreenRegion | PlateKind::ConstructionOld);
        if rng.chance(0.6 * d) {
            // Old plates are dented as well.
            let (cell, most) = if old { (rng.uniform(18.0, 60.0), 0.45) } else { (width / 6.0, 0.12) };
            let mottle = Noise::new(rng, [width, height], [cell, cell * 0.6]);
            let depth = rng.uniform(0.02, most) * d;
            canvas.shade(area, |x, y| 1.0 + depth * (mottle.at(x, y) - 0.5));
        }
        if self.is_film() && rng.chance(0.12 * d) {
            self.blister(rng, canvas);
        }
        if rng.chance(0.3 * d) {
            let mud = self.spec.sensor.tone(near(rng, [0x7a, 0x70, 0x60], 25.0));
            let fine = Noise::new(rng, [width, height], [7.0, 5.0]);
            let broad = Noise::new(rng, [width, height], [90.0, 45.0]);
            let (depth, start) = (rng.uniform(0.1, 0.6), rng.uniform(0.35, 0.6));
            let falling = rng.uniform(-0.1, 0.5);
            canvas.lay(area, mud, |x, y| {
                let amount = 0.4 * fine.at(x, y) + 0.6 * broad.at(x, y) + falling * (y / height - 0.5);
                depth * smooth(start, start + 0.35, amount)
            });
        }
        if rng.chance(if old { 0.35 } else { 0.1 } * d) {
            // Stone chips and splashes.
            for _ in 0..3 + rng.index(22) {
                let [x, y] = [rng.uniform(0.0, width), rng.uniform(0.0, height)];
                let r = rng.log_uniform(0.6, 3.0);
                let tone = scaled(self.spec.palette.sheet, rng.uniform(0.25, 1.2));
                let pixel = canvas.pixel();
                canvas.lay([x - r, y - r, x + r, y + r], tone, |px, py| 0.85 * edge((px - x).hypot(py - y) - r, pixel));
            }
        }
        if rng.chance(0.12 * d) {
            for _ in 0..1 + rng.index(5) {
                let from = [rng.uniform(0.0, width), rng.uniform(0.0, height)];
                let angle = rng.uniform(0.0, std::f32::consts::PI);
                let length = rng.log_uniform(10.0, 120.0);
                let thick = rng.uniform(0.4, 1.6);
                let tone = scaled(self.spec.palette.sheet, rng.uniform(0.4, 1.15));
                scratch(canvas, from, [angle.cos() * length, angle.sin() * length], thick, tone);
            }
        }
    }
}

/// The width and height of a glyph as multiples of the drawing's.
const AS_DRAWN: [f32; 2] = [1.0; 2];

/// How wide and high the letter, the region and the class code of plates before 2006 are, as multiples of the drawing's:
/// photographs show more than one make.
fn proportions(rng: &mut Rng, kind: PlateKind, d: f32) -> [[f32; 2]; 3] {
    let squat = |rng: &mut Rng| {
        if rng.chance(0.6 * d) { [rng.uniform(1.0, 1.4), rng.uniform(0.78, 1.0)] } else { AS_DRAWN }
    };
    match kind {
        PlateKind::GreenNational => [squat(rng), AS_DRAWN, AS_DRAWN],
        PlateKind::GreenRegion => {
            let letter = squat(rng);
            let upper = if rng.chance(0.6 * d) { [rng.uniform(0.92, 1.08), rng.uniform(0.78, 1.18)] } else { AS_DRAWN };
            [letter, upper, upper]
        }
        PlateKind::ConstructionOld => [AS_DRAWN, squat(rng), AS_DRAWN],
        _ => [AS_DRAWN; 3],
    }
}

/// A straight scratch from a point along a vector, mm.
fn scratch(canvas: &mut Canvas, from: [f32; 2], along: [f32; 2], thick: f32, tone: Tone) {
    let pixel = canvas.pixel();
    let to = [from[0] + along[0], from[1] + along[1]];
    let area = [from[0].min(to[0]), from[1].min(to[1]), from[0].max(to[0]), from[1].max(to[1])];
    let squared = along[0] * along[0] + along[1] * along[1];
    let [_, _, right, bottom] = canvas.plate();
    canvas.lay([area[0] - thick, area[1] - thick, area[2] + thick, area[3] + thick], tone, |x, y| {
        if x < 0.0 || y < 0.0 || x > right || y > bottom {
            return 0.0;
        }
        let t = (((x - from[0]) * along[0] + (y - from[1]) * along[1]) / squared).clamp(0.0, 1.0);
        let distance = (x - from[0] - along[0] * t).hypot(y - from[1] - along[1] * t);
        0.8 * edge(distance - thick / 2.0, pixel) * thick.min(pixel) / pixel
    });
}
