//! One thing that hides: where, how it looks, and how much of what is behind it can be seen.

use super::super::canvas::{Canvas, Noise};
use super::super::imaging::{self, Imaging};
use super::super::raster::{Raster, Tone, smooth};
use super::shape::Shape;

/// What lengths and places of a [`Cover`] are measured in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// Millimetres from the plate's top-left corner: on the plate.
    Plate,
    /// Pixels of the frame before imaging enlarges it: in front of the plate.
    Frame,
}

/// How much is hidden where.
#[derive(Clone, Debug)]
pub(super) struct Cover {
    pub(super) shape: Shape,
    pub(super) space: Space,
    /// Half the width of the edge.
    pub(super) soft: f32,
    pub(super) sort: Sort,
    /// How much of it is taken for ink (1) or sheet (0), by its brightness.
    pub(super) inkness: f32,
}

/// What it does to what is behind it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sort {
    /// Covers it, as opaque as said.
    Solid(f32),
    /// Adds light up to `tone`, or takes all but a share of it away, of a plate that records `sheet` and `ink`.
    Light { tone: Option<f32>, strength: f32, sheet: f32, ink: f32, curve: Curve },
}

/// What imaging makes of light.
#[derive(Clone, Copy, Debug)]
pub(super) struct Curve {
    levels: imaging::Curve,
    noise: f32,
}

impl Curve {
    pub(super) fn of(imaging: &Imaging) -> Curve {
        Curve { levels: imaging.curve, noise: imaging.noise[0] + imaging.noise[1] }
    }

    /// How surely two tones are told apart, 0 to 1: not below ten steps of 255, nor in the noise.
    fn told_apart(self, a: f32, b: f32) -> f32 {
        let least = 0.04 + 1.5 * self.noise;
        smooth(least, 3.0 * least, (self.levels.level(a.max(0.0)) - self.levels.level(b.max(0.0))).abs())
    }
}

impl Cover {
    /// How much of what is at `(x, y)` is not to be seen, 0 to 1. Over a strip of `reach` around the edge blur or the coarseness
    /// of who asks makes something of both.
    pub(super) fn hidden(&self, x: f32, y: f32, reach: f32) -> f32 {
        let width = self.soft + reach;
        // What lies within half a blur of the edge is lost as well.
        let opacity = 1.0 - smooth(-width, width, self.shape.distance(x, y) - 0.3 * reach);
        match self.sort {
            Sort::Solid(opaque) => opacity * opaque,
            Sort::Light { tone: Some(tone), strength, sheet, ink, curve } => {
                let lit = |light: f32| light + (tone - light) * strength * opacity;
                1.0 - curve.told_apart(lit(sheet), lit(ink))
            }
            Sort::Light { tone: None, strength, sheet, ink, curve } => {
                let left = 1.0 - strength * opacity;
                1.0 - curve.told_apart(sheet * left, ink * left)
            }
        }
    }
}

/// A cover and what it looks like.
pub(super) struct Veil {
    pub(super) cover: Cover,
    pub(super) tone: Tone,
    /// Relative change of tone for each unit to the right and down, from the middle of `area`.
    pub(super) slope: [f32; 2],
    /// Light spot of a round surface: centre, radius, strength.
    pub(super) dome: Option<([f32; 2], f32, f32)>,
    /// Unevenness: noise, where it begins, and how strong.
    pub(super) grain: Option<(Noise, [f32; 2], f32)>,
    /// Print on it: boxes `x, y, width, height`, and their tone.
    pub(super) marks: Vec<[f32; 4]>,
    pub(super) print: Tone,
    /// Shadow on what is behind: offset and depth.
    pub(super) shadow: Option<([f32; 2], f32)>,
}

impl Veil {
    /// One of an even tone.
    pub(super) fn flat(cover: Cover, tone: Tone) -> Veil {
        let (slope, print) = ([0.0; 2], tone);
        Veil { cover, tone, slope, dome: None, grain: None, marks: Vec::new(), print, shadow: None }
    }

    /// Whether it is no thing but light or the lack of it.
    pub(super) fn is_light(&self) -> bool {
        matches!(self.cover.sort, Sort::Light { .. })
    }

    /// Paints it on the plate.
    pub(super) fn lay_on(&self, canvas: &mut Canvas) {
        let bounds = self.bounds();
        let [[x0, y0], [x1, y1]] = [canvas.to_pixels(bounds[0], bounds[1]), canvas.to_pixels(bounds[2], bounds[3])];
        let (pixel, [left, top, ..]) = (canvas.pixel(), canvas.margin);
        self.paint(&mut canvas.raster, [x0, y0, x1, y1], |x, y| [x * pixel - left, y * pixel - top], pixel);
    }

    /// Paints it before everything in the frame.
    pub(super) fn lay_before(&self, frame: &mut Raster) {
        self.paint(frame, self.bounds(), |x, y| [x, y], 1.0);
    }

    fn bounds(&self) -> [f32; 4] {
        let [x0, y0, x1, y1] = self.cover.shape.bounds();
        let more = self.cover.soft + self.shadow.map_or(0.0, |([dx, dy], _)| 2.0 * dx.abs().max(dy.abs()));
        [x0 - more, y0 - more, x1 + more, y1 + more]
    }

    fn paint(&self, raster: &mut Raster, area: [f32; 4], to_own: impl Fn(f32, f32) -> [f32; 2], pixel: f32) {
        let limit = |v: f32| v.clamp(-1e6, 1e6);
        let region = raster.region(limit(area[0]), limit(area[1]), limit(area[2]), limit(area[3]));
        if let Some(([dx, dy], depth)) = self.shadow {
            let soft = self.cover.soft + 0.7 * dx.hypot(dy);
            raster.shade(region, |x, y| {
                let [u, v] = to_own(x, y);
                1.0 - depth * (1.0 - smooth(-soft, soft, self.cover.shape.distance(u - dx, v - dy)))
            });
        }
        let middle = to_own((region.x0 + region.x1) as f32 / 2.0, (region.y0 + region.y1) as f32 / 2.0);
        let soft = self.cover.soft.max(0.5 * pixel);
        for y in region.y0..region.y1 {
            for x in region.x0..region.x1 {
                let [u, v] = to_own(x as f32 + 0.5, y as f32 + 0.5);
                let opacity = 1.0 - smooth(-soft, soft, self.cover.shape.distance(u, v));
                if opacity <= 0.0 {
                    continue;
                }
                let at = y * raster.width + x;
                match self.cover.sort {
                    Sort::Light { tone: None, strength, .. } => {
                        raster.planes.iter_mut().for_each(|plane| plane[at] *= 1.0 - strength * opacity);
                    }
                    Sort::Light { strength, .. } => self.mix(raster, at, strength * opacity, self.tone, 1.0),
                    Sort::Solid(opaque) => {
                        let printed =
                            self.marks.iter().any(|[x, y, w, h]| u >= *x && v >= *y && u < x + w && v < y + h);
                        let tone = if printed { self.print } else { self.tone };
                        self.mix(raster, at, opaque * opacity, tone, self.shading(u, v, middle));
                    }
                }
            }
        }
    }

    fn mix(&self, raster: &mut Raster, at: usize, share: f32, tone: Tone, shading: f32) {
        for (plane, value) in raster.planes.iter_mut().zip(tone) {
            plane[at] += (value * shading - plane[at]) * share;
        }
    }

    /// How much lighter or darker than its tone it is at a place.
    fn shading(&self, u: f32, v: f32, middle: [f32; 2]) -> f32 {
        let mut shading = 1.0 + (u - middle[0]) * self.slope[0] + (v - middle[1]) * self.slope[1];
        if let Some((centre, radius, strength)) = self.dome {
            let (x, y) = ((u - centre[0]) / radius, (v - centre[1]) / radius);
            let spot = (1.0 - ((x + 0.3).powi(2) + (y + 0.4).powi(2)) * 2.5).max(0.0);
            shading += strength * (1.6 * spot - 0.35 * (x * x + y * y));
        }
        if let Some((noise, [x, y], strength)) = &self.grain {
            shading += strength * (noise.at(u - x, v - y) - 0.5);
        }
        shading.clamp(0.05, 4.0)
    }
}
