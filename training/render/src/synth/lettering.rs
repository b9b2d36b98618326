//! Glyphs as masks: drawn once from their outlines, kept, and laid on the plate at any place and size.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use anyhow::{Context, Result};
use tiny_skia::Transform;

use super::layout::{Placement, Script};
use crate::glyph::{Face, Glyph, GlyphStyle, Glyphs, InkBox, coverage};

/// Pixels a millimetre of the largest mask of a glyph; the next ones have half as many each.
const MASK_SCALE: f32 = 1.6;

/// Stroke weights between which samples choose, as multiples of the drawing's. Pressing widens strokes by up to 1 mm of
/// 9 (spec section 1), paint and glare change them further either way.
const WEIGHTS: [f32; 5] = [0.84, 0.92, 1.0, 1.08, 1.17];

/// Radii of outer corners, mm, between which samples choose (spec section 4: 0 to 2).
const RADII: [f32; 3] = [0.0, 0.9, 1.8];

/// How all glyphs of one plate are drawn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlyphVariant {
    /// Index into the stroke weights.
    pub(crate) weight: usize,
    /// Index into the corner radii.
    pub(crate) radius: usize,
}

impl GlyphVariant {
    /// How many weights and radii there are.
    pub(crate) const CHOICES: (usize, usize) = (WEIGHTS.len(), RADII.len());
    /// The drawing itself.
    pub(crate) const PLAIN: GlyphVariant = GlyphVariant { weight: 2, radius: 0 };
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Key {
    face: Face,
    syllable: char,
    /// Hundredths of a millimetre.
    size: [u32; 2],
    stroke: u32,
    weight: u8,
    radius: u8,
}

/// Coverage of one glyph, its ink box filling the mask, at halving scales.
struct Masks(Vec<Level>);

struct Level {
    width: usize,
    height: usize,
    cover: Vec<u8>,
}

/// The glyphs and the masks made of them so far. Shared by all threads; which masks are kept never shows in a sample.
pub(crate) struct Lettering {
    glyphs: Glyphs,
    masks: RwLock<HashMap<Key, Arc<Masks>>>,
}

impl Lettering {
    pub(crate) fn load() -> Result<Lettering> {
        Ok(Lettering { glyphs: Glyphs::load()?, masks: RwLock::default() })
    }

    /// Says which glyph is missing, if one is.
    pub(crate) fn require(&self, script: Script, syllable: char) -> Result<()> {
        let missing = || format!("no face has the glyph {syllable} that {script:?} needs");
        self.find(script, syllable, [1.0, 1.0]).map(|_| ()).with_context(missing)
    }

    /// The drawing of `syllable` that suits a block of that width and height best.
    fn find(&self, script: Script, syllable: char, [width, height]: [f32; 2]) -> Option<(Face, &Glyph)> {
        let mut name = [0; 4];
        let name: &str = syllable.encode_utf8(&mut name);
        let of = |face| self.glyphs.get_for(face, name, width, height).map(|glyph| (face, glyph));
        script.faces().iter().find_map(|&face| of(face))
    }

    /// Where the ink of `placement` falls, mm.
    pub(crate) fn ink(&self, placement: &Placement) -> InkBox {
        let [x, y, width, height] = placement.block;
        match self.find(placement.script, placement.syllable, [width, height]) {
            Some((_, glyph)) => glyph.fit(x, y, width, height),
            None => InkBox { x, y, width, height },
        }
    }

    /// Thickness of the stems of `placement`, mm.
    pub(crate) fn stem(&self, placement: &Placement) -> f32 {
        let [_, _, width, height] = placement.block;
        let drawn = self.find(placement.script, placement.syllable, [width, height]);
        let scaled = drawn.map(|(_, glyph)| glyph.stem() * height / glyph.design_block().1);
        placement.stroke.or(scaled).unwrap_or(height / 9.0)
    }

    /// Adds the glyph to `plane` (rows of `width`), its ink box at `target` in pixels, keeping the larger cover.
    pub(crate) fn lay(
        &self,
        placement: &Placement,
        variant: GlyphVariant,
        target: InkBox,
        plane: &mut [f32],
        width: usize,
    ) {
        let Some(masks) = self.masks(placement, variant) else { return };
        // Bilinear sampling is clean while the mask has at most one and a half pixels for each of the target's.
        let level = masks.0.iter().find(|level| (level.height as f32) < 1.5 * target.height);
        let Some(level) = level.or(masks.0.last()) else { return };
        let height = plane.len() / width;
        let (sx, sy) = (level.width as f32 / target.width, level.height as f32 / target.height);
        let span = |start: f32, length: f32, limit: usize| {
            let first = (start - 0.5).floor().max(0.0) as usize;
            (first, ((start + length + 0.5).ceil().max(0.0) as usize).min(limit))
        };
        let (x0, x1) = span(target.x, target.width, width);
        let (y0, y1) = span(target.y, target.height, height);
        for y in y0..y1 {
            let v = (y as f32 + 0.5 - target.y) * sy - 0.5;
            for x in x0..x1 {
                let u = (x as f32 + 0.5 - target.x) * sx - 0.5;
                let out = &mut plane[y * width + x];
                *out = out.max(level.at(u, v));
            }
        }
    }

    fn masks(&self, placement: &Placement, variant: GlyphVariant) -> Option<Arc<Masks>> {
        let [_, _, width, height] = placement.block;
        let (face, glyph) = self.find(placement.script, placement.syllable, [width, height])?;
        let ink = self.ink(placement);
        let hundredths = |mm: f32| (mm * 100.0).round() as u32;
        let key = Key {
            face,
            syllable: placement.syllable,
            size: [hundredths(ink.width), hundredths(ink.height)],
            stroke: hundredths(placement.stroke.unwrap_or(0.0)),
            weight: variant.weight as u8,
            radius: variant.radius as u8,
        };
        if let Some(masks) = self.masks.read().expect("no thread panics while it holds the masks").get(&key) {
            return Some(masks.clone());
        }
        let style = GlyphStyle {
            weight: WEIGHTS[variant.weight],
            corner_radius_mm: RADII[variant.radius],
            stroke_mm: placement.stroke,
            ..GlyphStyle::new(ink.width, ink.height)
        };
        let masks = Arc::new(Masks::draw(glyph, &style)?);
        self.masks.write().expect("no thread panics while it holds the masks").insert(key, masks.clone());
        Some(masks)
    }
}

impl Masks {
    fn draw(glyph: &Glyph, style: &GlyphStyle) -> Option<Masks> {
        // Whole pixels on both axes, and even through three halvings.
        let pixels = |mm: f32| ((mm * MASK_SCALE / 8.0).ceil() as u32).max(1) * 8;
        let (width, height) = (pixels(style.width_mm), pixels(style.height_mm));
        let fit = Transform::from_scale(width as f32 / style.width_mm, height as f32 / style.height_mm);
        let mask = coverage(&glyph.path(style), fit, width, height)?;
        let mut levels = vec![Level { width: width as usize, height: height as usize, cover: mask.data().to_vec() }];
        for _ in 0..3 {
            levels.extend(levels.last().map(Level::halved));
        }
        Some(Masks(levels))
    }
}

impl Level {
    fn halved(&self) -> Level {
        let (width, height) = (self.width / 2, self.height / 2);
        let mut cover = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let at = 2 * y * self.width + 2 * x;
                let four = [at, at + 1, at + self.width, at + self.width + 1].map(|i| u32::from(self.cover[i]));
                cover.push(((four.iter().sum::<u32>() + 2) / 4) as u8);
            }
        }
        Level { width, height, cover }
    }

    /// Bilinear cover, 0 to 1, at the pixel coordinates of a centre; nothing outside.
    #[inline]
    fn at(&self, u: f32, v: f32) -> f32 {
        let (x, y) = (u.floor(), v.floor());
        let (fx, fy) = (u - x, v - y);
        let (x, y) = (x as isize, y as isize);
        let pixel = |x: isize, y: isize| {
            if x < 0 || y < 0 || x >= self.width as isize || y >= self.height as isize {
                return 0.0;
            }
            f32::from(self.cover[y as usize * self.width + x as usize])
        };
        let top = pixel(x, y) + (pixel(x + 1, y) - pixel(x, y)) * fx;
        let bottom = pixel(x, y + 1) + (pixel(x + 1, y + 1) - pixel(x, y + 1)) * fx;
        (top + (bottom - top) * fy) / 255.0
    }
}
