//! Light on a finished scene, and what is laid over the photograph.

use super::super::canvas::Noise;
use super::super::light;
use super::super::pose::Pose;
use super::super::raster::Tone;
use super::super::rng::Rng;
use super::ScenePlate;
use super::aim::overlap;
use super::composition::Composition;
use super::negative::{self, Negative};
use super::setting::Hour;

/// Light on all of it: shadows and highlights, the dark of the night and the lamp that shines on the plate.
pub(super) fn illuminate(scene: &mut Composition, pose: &Pose, hour: Hour) {
    let [w, h] = scene.size();
    let at = pose.to_frame(0.0, 0.0);
    let d = scene.difficulty;
    let side = pose.to_frame(260.0, 0.0);
    let plate = 2.0 * (side.x - at.x).hypot(side.y - at.y);
    // Shadows of the size of the picture, at times of that of the plate.
    let [pw, ph] =
        if scene.rng.chance(0.7) { [0.8 * w, 0.7 * h] } else { [plate.max(0.4 * w), (0.4 * plate).max(0.25 * h)] };
    light::illuminate(&mut scene.rng, &mut scene.raster, [at.x, at.y], [pw, ph], d);
    let whole = scene.raster.whole();
    if hour == Hour::Night {
        let ambient = scene.rng.log_uniform(0.08, 0.5);
        let lamp = if scene.rng.chance(0.6) { scene.rng.uniform(0.5, 1.8) } else { 0.0 };
        let reach = 1.0 / (plate * scene.rng.log_uniform(0.7, 3.0)).max(8.0);
        scene.raster.shade(whole, |x, y| {
            let r2 = ((x - at.x).powi(2) + 2.0 * (y - at.y).powi(2)) * reach * reach;
            ambient + lamp / (1.0 + r2 * r2)
        });
        for _ in 0..scene.rng.index(4) {
            let lamp = [scene.rng.unit() * w, scene.rng.unit() * h * 0.6];
            let r = w * scene.rng.log_uniform(0.01, 0.12);
            let tone: Tone = scene.sensor.tone([0xff, 0xf0, 0xd0]).map(|v| v * 1.5);
            let strength = scene.rng.uniform(0.3, 0.9);
            scene.glow(lamp, [r, r], tone, strength);
        }
    }
    if scene.rng.chance(0.15 * d) {
        let depth = scene.rng.uniform(0.2, 0.7);
        let (ix, iy) = (2.0 / w, 2.0 / h);
        scene.raster.shade(whole, |x, y| {
            let r2 = ((x * ix - 1.0).powi(2) + (y * iy - 1.0).powi(2)) * 0.5;
            1.0 - depth * r2
        });
    }
}

/// The grain of surfaces: nothing in a photograph is as smooth as what is drawn.
pub(super) fn grain(scene: &mut Composition) {
    let size = scene.size();
    let cell = size[0] * scene.rng.log_uniform(0.004, 0.03);
    let wide = cell * scene.rng.log_uniform(0.6, 2.5);
    let noise = Noise::new(&mut scene.rng, size, [wide, cell]);
    let depth = scene.rng.log_uniform(0.04, 0.35);
    let whole = scene.raster.whole();
    scene.raster.shade(whole, |x, y| 1.0 + depth * (noise.at(x, y) - 0.5));
}

/// What is laid over a finished photograph: a colourless sensor, watermarks and captions.
pub(super) fn finish(scene: &mut Composition, plates: &[ScenePlate]) {
    let [w, h] = scene.size();
    if scene.rng.chance(0.08 * scene.difficulty)
        && let [red, green, blue] = &mut scene.raster.planes[..]
    {
        for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
            let grey = 0.3 * *r + 0.59 * *g + 0.11 * *b;
            (*r, *g, *b) = (grey, grey, grey);
        }
    }
    for _ in 0..scene.rng.weighted(&[0.7, 0.24, 0.06]) {
        let wide = w * scene.rng.log_uniform(0.1, 0.6);
        let tall = (wide * scene.rng.uniform(0.08, 0.3)).min(0.2 * h);
        let edge = |rng: &mut Rng, side: f32, length: f32| {
            let inset = length / 2.0 + side * rng.uniform(0.005, 0.05);
            if rng.chance(0.4) { inset } else { side - inset }
        };
        let at = [edge(&mut scene.rng, w, wide), edge(&mut scene.rng, h, tall)];
        let reach = [at[0] - wide / 2.0, at[1] - tall / 2.0, at[0] + wide / 2.0, at[1] + tall / 2.0];
        let hits = plates.iter().any(|plate| {
            let (x0, y0, x1, y1) = plate.quad.bounding_box();
            overlap(reach, [x0, y0, x1, y1])
        });
        if !hits {
            let negative = scene.rng.pick(&[Negative::Bare, Negative::Bare, Negative::Bare, Negative::Sign]);
            negative::draw(scene, negative, [wide, tall], &negative::flat(at, 1.0, 0.0));
        }
    }
}
