//! Negatives, which have letters or the shape of a plate and are none: signs, banners, cards, stickers, captions, plates of
//! other countries.

use kr_lpr::geometry::Quad;
use kr_lpr::plate::PlateKind;
use kr_lpr::plate::layout::Part;

use super::super::canvas::Canvas;
use super::super::fittings::latin_marks;
use super::super::layout::{Placement, Script};
use super::super::lettering::GlyphVariant;
use super::super::pose::Pose;
use super::super::raster::{Raster, Tone, edge, rounded_box};
use super::super::rng::Rng;
use super::super::warp;
use super::composition::Composition;
use crate::glyph::InkBox;

/// A kind of negative, which says how it is laid out.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Negative {
    /// A shop's sign, a banner, lettering on a van: one or two lines.
    Sign,
    /// White on blue or green, with a border.
    Road,
    /// Blocks and lines of several sizes.
    Poster,
    /// A card with a telephone number behind a windscreen.
    Card,
    /// Of the proportions of a plate, with nothing or next to nothing on it.
    Blank,
    /// A plate of another country: one row of Latin letters and digits, with or without a coloured end.
    Foreign,
    /// Letters without a ground.
    Bare,
}

/// A line of text: top, height, and how wide it may become, mm.
struct Line {
    x: f32,
    top: f32,
    height: f32,
    width: f32,
}

/// Draws a negative of `size` mm at `pose`, whose origin is the negative's middle.
pub(super) fn draw(scene: &mut Composition, negative: Negative, size: [f32; 2], pose: &Pose) {
    let [width, height] = size;
    // About as many pixels as in the picture.
    let (a, b) = (pose.to_frame(-width / 2.0, 0.0), pose.to_frame(width / 2.0, 0.0));
    let (c, d) = (pose.to_frame(0.0, -height / 2.0), pose.to_frame(0.0, height / 2.0));
    let pixels = ((a.x - b.x).hypot(a.y - b.y) / width).max((c.x - d.x).hypot(c.y - d.y) / height);
    let most = 700.0 / width.max(height);
    let scale = (1.1 * pixels).min(most);
    if width * scale < 4.0 || height * scale < 3.0 {
        return;
    }
    let (sheet, ink) = colours(scene, negative);
    let pixel = 1.0 / scale;
    let mut canvas = Canvas::new(size, [2.0 * pixel; 4], scale, scene.sensor.planes, sheet);
    let (half, round) = ([width / 2.0, height / 2.0], height * scene.rng.uniform(0.0, 0.15));
    let area = [-pixel, -pixel, width + pixel, height + pixel];
    if negative != Negative::Bare {
        canvas.solidify(area, |x, y| edge(rounded_box(x - half[0], y - half[1], half, round), pixel));
        let shift = scene.rng.normal(0.12);
        canvas.shade(area, |_, y| 1.0 + shift * (y / height - 0.5));
        let bordered = negative == Negative::Road || (negative != Negative::Blank && scene.rng.chance(0.3));
        if bordered {
            let (gap, line) = (height * scene.rng.uniform(0.02, 0.06), height * scene.rng.uniform(0.01, 0.05));
            canvas.lay(area, ink, |x, y| {
                let distance = rounded_box(x - half[0], y - half[1], half, round) + gap;
                edge(distance, pixel) * (1.0 - edge(distance + line, pixel))
            });
        }
    }
    let mut cover = vec![0.0; canvas.alpha.len()];
    for line in lines(scene, negative, size) {
        write(scene, &canvas, &mut cover, negative, &line);
    }
    for (plane, tone) in canvas.raster.planes.iter_mut().zip(ink) {
        for (value, &cover) in plane.iter_mut().zip(&cover) {
            *value += (tone - *value) * cover;
        }
    }
    if negative == Negative::Bare {
        let faint = scene.rng.uniform(0.4, 1.0);
        canvas.alpha = cover.into_iter().map(|cover| cover * faint).collect();
        for (plane, tone) in canvas.raster.planes.iter_mut().zip(ink) {
            plane.fill(tone);
        }
    }
    if negative == Negative::Foreign && scene.rng.chance(0.5) {
        let end = scene.tone([0x18, 0x40, 0xa8], 20.0);
        let wide = width * scene.rng.uniform(0.06, 0.1);
        canvas.lay([0.0, 0.0, wide, height], end, |x, _| edge(x - wide, pixel));
    }
    warp::project(&canvas, pose, &mut scene.raster);
    let [x, y] = [width / 2.0, height / 2.0];
    scene.negatives.extend(Quad::new([(-x, -y), (x, -y), (x, y), (-x, y)].map(|(x, y)| pose.to_frame(x, y))));
}

/// Ground and letters.
fn colours(scene: &mut Composition, negative: Negative) -> (Tone, Tone) {
    let (white, black) = (scene.tone([0xee, 0xee, 0xec], 12.0), scene.tone([0x22, 0x22, 0x26], 16.0));
    match negative {
        Negative::Road => {
            let ground = scene.rng.pick(&[[0x10, 0x60, 0x40], [0x18, 0x48, 0xa0], [0x10, 0x70, 0x50]]);
            (scene.tone(ground, 14.0), white)
        }
        Negative::Card | Negative::Foreign => {
            let pale = scene.rng.pick(&[[0xee, 0xee, 0xea], [0xe8, 0xd8, 0x60], [0xe0, 0xe4, 0xe8]]);
            let (sheet, ink) = (scene.tone(pale, 12.0), scene.tone([0x30, 0x30, 0x50], 30.0));
            if scene.rng.chance(0.15) { (black, white) } else { (sheet, ink) }
        }
        Negative::Blank => {
            let colour =
                scene.rng.pick(&[[0xe8, 0xe8, 0xe6], [0xd8, 0xd8, 0xd8], [0x60, 0x9c, 0xd8], [0x20, 0x70, 0x40]]);
            (scene.tone(colour, 20.0), black)
        }
        Negative::Bare => (white, if scene.rng.chance(0.7) { white } else { scene.any_tone() }),
        Negative::Sign | Negative::Poster => {
            let (a, b) = (scene.any_tone(), scene.any_tone());
            if (scene.sensor.brightness(a) - scene.sensor.brightness(b)).abs() > 0.25 {
                (a, b)
            } else if scene.sensor.brightness(a) > 0.5 {
                (a, black)
            } else {
                (a, white)
            }
        }
    }
}

fn lines(scene: &mut Composition, negative: Negative, [width, height]: [f32; 2]) -> Vec<Line> {
    let rng = &mut scene.rng;
    let one = |top: f32, tall: f32, share: f32| {
        let wide = width * share;
        Line { x: (width - wide) / 2.0, top: height * top, height: height * tall, width: wide }
    };
    match negative {
        Negative::Blank if rng.chance(0.7) => Vec::new(),
        Negative::Blank => vec![one(0.4, 0.2, 0.4)],
        Negative::Foreign => vec![one(0.17, 0.66, 0.84)],
        Negative::Card | Negative::Sign | Negative::Bare if rng.chance(0.6) => vec![one(0.22, 0.56, 0.9)],
        Negative::Card | Negative::Sign | Negative::Bare | Negative::Road => {
            vec![one(0.1, rng.uniform(0.3, 0.5), rng.uniform(0.5, 0.9)), one(0.65, 0.22, rng.uniform(0.4, 0.9))]
        }
        Negative::Poster => {
            let count = 3 + rng.index(6);
            let step = 0.9 / count as f32;
            (0..count)
                .map(|i| one(0.05 + step * i as f32, step * rng.uniform(0.3, 0.85), rng.uniform(0.3, 0.92)))
                .collect()
        }
    }
}

/// Adds a line of digits, Hangul or what looks like Latin letters to `cover`.
fn write(scene: &mut Composition, canvas: &Canvas, cover: &mut [f32], negative: Negative, line: &Line) {
    let rng = &mut scene.rng;
    let (columns, scale) = (canvas.raster.width, canvas.scale);
    // Digits alone are telephone numbers, which are longer than any plate; mixed text has no plate's order.
    let style = match negative {
        Negative::Card => 0,
        Negative::Foreign => 3,
        _ => rng.weighted(&[0.25, 0.35, 0.25, 0.15]),
    };
    let aspect = rng.uniform(0.45, 1.05);
    let fits = (line.width / (line.height * aspect)).max(1.0) as usize;
    let count = match style {
        0 => 11 + rng.index(3),
        3 => 6 + rng.index(3),
        _ => fits.clamp(1, 14).min(2 + rng.index(9)),
    };
    let pitch = (line.width / count as f32).min(line.height * if style == 0 { 0.62 } else { 1.1 });
    let start = line.x + (line.width - pitch * count as f32) * rng.unit();
    if style == 2 || line.height * scale < 4.0 {
        latin(rng, canvas, cover, [start, line.top], [pitch, line.height], count);
        return;
    }
    let variant = GlyphVariant { weight: rng.index(GlyphVariant::CHOICES.0), radius: 0 };
    for i in 0..count {
        let (x, cell) = (start + pitch * i as f32, [pitch, line.height]);
        let digit = match style {
            // Hyphens part a telephone number.
            0 if i == 3 || i == 8 => {
                let (y, h) = (line.top, line.height);
                dash(canvas, cover, [x + 0.2 * pitch, y + 0.45 * h, x + 0.7 * pitch, y + 0.55 * h]);
                continue;
            }
            0 => true,
            // Letters before digits, which no plate of ours has.
            3 if i < 3 => {
                latin(rng, canvas, cover, [x, line.top], cell, 1);
                continue;
            }
            3 => true,
            _ => rng.chance(0.15),
        };
        let syllable = if digit { char::from(b'0' + rng.index(10) as u8) } else { syllable(rng) };
        let (part, script) = if digit { (Part::Serial, Script::Modern) } else { (Part::Letter, Script::Gothic) };
        let block = if digit { [0.0, 0.0, 41.0, 75.0] } else { [0.0, 0.0, 60.0, 60.0] };
        let placement = Placement { character: 0, part, script, syllable, block, stroke: None };
        let [x, y] = canvas.to_pixels(x + 0.08 * pitch, line.top);
        let (width, height) = (pitch * 0.84 * scale, line.height * scale);
        scene.synth.lettering.lay(&placement, variant, InkBox { x, y, width, height }, cover, columns);
    }
}

/// Adds what looks like Latin capitals to `cover`, the first with its top-left corner at `at`.
fn latin(rng: &mut Rng, canvas: &Canvas, cover: &mut [f32], at: [f32; 2], cell: [f32; 2], count: usize) {
    let columns = canvas.raster.width;
    let mut raster = Raster { width: columns, height: cover.len() / columns, planes: vec![cover.to_vec()] };
    for [x, y, w, h] in latin_marks(rng, at, cell, count) {
        let ([x0, y0], [x1, y1]) = (canvas.to_pixels(x, y), canvas.to_pixels(x + w, y + h));
        let region = raster.region(x0 - 1.0, y0 - 1.0, x1 + 1.0, y1 + 1.0);
        let (cx, cy, hx, hy) = ((x0 + x1) / 2.0, (y0 + y1) / 2.0, (x1 - x0) / 2.0, (y1 - y0) / 2.0);
        raster.lay(region, [1.0; 3], |px, py| edge((px - cx).abs() - hx, 1.0) * edge((py - cy).abs() - hy, 1.0));
    }
    cover.copy_from_slice(&raster.planes[0]);
}

fn syllable(rng: &mut Rng) -> char {
    let kind = rng.pick(&[PlateKind::PrivateLong, PlateKind::CommercialDouble, PlateKind::GreenRegion]);
    let labels: Vec<_> = if kind == PlateKind::PrivateLong || rng.chance(0.3) {
        kind.letters().collect()
    } else {
        kind.formats().iter().flat_map(|format| format.regions()).collect()
    };
    let name: Vec<char> =
        labels.get(rng.index(labels.len().max(1))).map_or(vec!['가'], |l| l.name().chars().collect());
    name[rng.index(name.len())]
}

fn dash(canvas: &Canvas, cover: &mut [f32], [x0, y0, x1, y1]: [f32; 4]) {
    let ([x0, y0], [x1, y1]) = (canvas.to_pixels(x0, y0), canvas.to_pixels(x1, y1));
    let width = canvas.raster.width;
    for y in y0.max(0.0) as usize..((y1.max(y0 + 1.0)) as usize).min(cover.len() / width) {
        for x in x0.max(0.0) as usize..(x1.max(0.0) as usize).min(width) {
            cover[y * width + x] = 1.0;
        }
    }
}

/// A negative flat on the picture, its middle at `at` and a mm `scale` pixels, turned by `turn` radians.
pub(super) fn flat(at: [f32; 2], scale: f32, turn: f32) -> Pose {
    let (s, c) = turn.sin_cos();
    Pose::of([scale * c, -scale * s, at[0], scale * s, scale * c, at[1], 0.0, 0.0, 1.0], 0.0)
}
