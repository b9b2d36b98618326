//! A ground that is no place at all: gradients, blocks, bars, grids, noise and negatives of any kind.
//!
//! Plates on it teach a detector the plate and not the car; the same without plates teaches it what is none.

use super::super::canvas::Noise;
use super::brush::Fill;
use super::composition::Composition;
use super::negative::{self, Negative};

/// Fills the whole picture.
pub(super) fn paint(scene: &mut Composition) {
    let [w, h] = scene.size();
    let (top, bottom) = (scene.any_tone(), scene.any_tone());
    scene.rectangle([0.0, 0.0, w, h], Fill::graded(top, bottom));
    for _ in 0..scene.rng.index(14) {
        blob(scene);
    }
    if scene.rng.chance(0.6) {
        noise(scene);
    }
    for _ in 0..scene.rng.index(4) {
        match scene.rng.index(3) {
            0 => bars(scene),
            1 => grid(scene),
            _ => lines(scene),
        }
    }
    for _ in 0..scene.rng.index(4) {
        let negative = scene.rng.pick(&NEGATIVES);
        any_negative(scene, negative);
    }
    for _ in 0..scene.rng.index(4) {
        blob(scene);
    }
}

const NEGATIVES: [Negative; 8] = [
    Negative::Sign,
    Negative::Road,
    Negative::Poster,
    Negative::Card,
    Negative::Blank,
    Negative::Blank,
    Negative::Foreign,
    Negative::Bare,
];

/// A negative anywhere on the picture, its perspective flat.
pub(super) fn any_negative(scene: &mut Composition, negative: Negative) {
    let [w, h] = scene.size();
    let wide = w * scene.rng.log_uniform(0.06, 0.7);
    let aspect = match negative {
        Negative::Foreign => scene.rng.uniform(2.0, 5.0),
        Negative::Poster => scene.rng.uniform(0.6, 1.5),
        _ => scene.rng.log_uniform(1.5, 9.0),
    };
    let at = [scene.rng.uniform(0.0, w), scene.rng.uniform(0.0, h)];
    let turn = scene.rng.normal(0.12);
    negative::draw(scene, negative, [wide, wide / aspect], &negative::flat(at, 1.0, turn));
}

fn blob(scene: &mut Composition) {
    let [w, h] = scene.size();
    let (x, y) = (scene.rng.uniform(0.0, w), scene.rng.uniform(0.0, h));
    let (rx, ry) = (w * scene.rng.log_uniform(0.03, 0.6), h * scene.rng.log_uniform(0.03, 0.6));
    let count = 3 + scene.rng.index(6);
    let points: Vec<[f32; 2]> = (0..count)
        .map(|i| {
            let (s, c) = (i as f32 * std::f32::consts::TAU / count as f32 + scene.rng.normal(0.3)).sin_cos();
            [x + rx * c, y + ry * s]
        })
        .collect();
    let a = scene.any_tone();
    let b = if scene.rng.chance(0.5) { a } else { scene.any_tone() };
    let round = if scene.rng.chance(0.5) { 0.0 } else { scene.rng.uniform(0.1, 0.5) };
    let cover = scene.rng.uniform(0.4, 1.0);
    scene.shape(&points, round, Fill::graded(a, b).cover(cover));
}

fn noise(scene: &mut Composition) {
    let size = scene.size();
    let cell = size[1] * scene.rng.log_uniform(0.008, 0.3);
    let wide = cell * scene.rng.log_uniform(0.4, 3.0);
    let noise = Noise::new(&mut scene.rng, size, [wide, cell]);
    let depth = scene.rng.uniform(0.2, 1.2);
    let whole = scene.raster.whole();
    scene.raster.shade(whole, |x, y| (1.0 + depth * (noise.at(x, y) - 0.5)).max(0.05));
}

/// Parallel bars within a rectangle, as grilles, shutters and steps have.
fn bars(scene: &mut Composition) {
    let [w, h] = scene.size();
    let (x0, y0) = (scene.rng.uniform(-0.2, 0.8) * w, scene.rng.uniform(-0.2, 0.8) * h);
    let (x1, y1) = (x0 + w * scene.rng.log_uniform(0.1, 0.9), y0 + h * scene.rng.log_uniform(0.08, 0.7));
    let pitch = h * scene.rng.log_uniform(0.012, 0.08);
    let (bar, gap) = (scene.any_tone(), scene.any_tone());
    scene.rectangle([x0, y0, x1, y1], Fill::flat(gap));
    let upright = scene.rng.chance(0.5);
    let length = if upright { x1 - x0 } else { y1 - y0 };
    for i in 0..((length / pitch) as usize).min(40) {
        let at = pitch * i as f32;
        let points = if upright { [[x0 + at, y0], [x0 + at, y1]] } else { [[x0, y0 + at], [x1, y0 + at]] };
        scene.line(&points, pitch * 0.45, bar, 1.0);
    }
}

/// Rectangles in rows: windows, tiles, keys; the size of characters at times.
fn grid(scene: &mut Composition) {
    let [w, h] = scene.size();
    let (x0, y0) = (scene.rng.uniform(0.0, 0.8) * w, scene.rng.uniform(0.0, 0.9) * h);
    let tall = h * scene.rng.log_uniform(0.02, 0.15);
    let wide = tall * scene.rng.uniform(0.3, 2.0);
    let (columns, rows) = (2 + scene.rng.index(9), 1 + scene.rng.index(5));
    let (sheet, pane) = (scene.any_tone(), scene.any_tone());
    let (dx, dy) = (wide * scene.rng.uniform(1.1, 1.6), tall * scene.rng.uniform(1.1, 1.8));
    scene.rectangle([x0, y0, x0 + dx * columns as f32, y0 + dy * rows as f32], Fill::flat(sheet));
    for row in 0..rows {
        for column in 0..columns {
            let (x, y) = (x0 + dx * (column as f32 + 0.1), y0 + dy * (row as f32 + 0.1));
            scene.rectangle([x, y, x + wide, y + tall], Fill::flat(pane));
        }
    }
}

fn lines(scene: &mut Composition) {
    let [w, h] = scene.size();
    for _ in 0..2 + scene.rng.index(6) {
        let mut at = || [scene.rng.uniform(-0.1, 1.1) * w, scene.rng.uniform(-0.1, 1.1) * h];
        let points = [at(), at()];
        let (thick, tone) = (h * scene.rng.log_uniform(0.003, 0.04), scene.any_tone());
        scene.line(&points, thick, tone, 0.9);
    }
}
