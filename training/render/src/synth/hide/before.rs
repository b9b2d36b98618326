//! What stands between the plate and the camera.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::super::canvas::Noise;
use super::super::raster::scaled;
use super::super::rng::Rng;
use super::super::sensor::{Colour, near};
use super::super::surroundings::PAINTS;
use super::shape::Shape;
use super::veil::{Space, Veil};
use super::{BarePlate, any_colour, middle};

/// Adds what was drawn to `veils`: one thing, or several of a sort.
pub(super) fn draw(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let begin = veils.len();
    match rng.weighted(&[0.3, 0.13, 0.17, 0.14, 0.14, 0.12]) {
        0 => ball(rng, plate, veils),
        1 => fingers(rng, plate, veils),
        2 => rope(rng, plate, veils),
        3 => post(rng, plate, veils),
        4 => another_car(rng, plate, veils),
        _ => plant(rng, plate, veils),
    }
    // Half of what is before the plate is out of focus.
    let soft = if rng.chance(0.5) { 0.6 } else { plate.px_per_mm * rng.log_uniform(1.5, 14.0) };
    for veil in &mut veils[begin..] {
        veil.cover.soft = soft.max(0.6);
    }
}

/// A place on a character, or up to `away` of half its size beside it, pixels of the frame.
fn on(rng: &mut Rng, plate: &BarePlate, away: f32) -> [f32; 2] {
    let (centre, half) = middle(plate.target(rng));
    let [dx, dy] = [rng.uniform(-away, away) * half[0], rng.uniform(-away, away) * half[1]];
    plate.to_frame([centre[0] + dx, centre[1] + dy])
}

/// Half the height of characters, pixels of the frame.
fn half_height(plate: &BarePlate) -> f32 {
    let [.., last] = plate.characters else { return plate.px_per_mm * 40.0 };
    middle(*last).1[1] * plate.px_per_mm
}

fn shadow(rng: &mut Rng, reach: f32) -> Option<([f32; 2], f32)> {
    rng.chance(0.35).then(|| ([rng.normal(reach), rng.uniform(0.0, 1.5) * reach], rng.uniform(0.1, 0.6)))
}

/// The ball of a tow bar, most with the bar below it.
fn ball(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let radius = half_height(plate) * rng.log_uniform(0.35, 1.3);
    let at = on(rng, plate, 0.5);
    let colour: Colour = match rng.weighted(&[0.55, 0.2, 0.25]) {
        0 => near(rng, [0x28, 0x28, 0x2a], 22.0),
        1 => near(rng, [0xa8, 0xaa, 0xac], 30.0),
        _ => any_colour(rng),
    };
    let tone = plate.tone(colour);
    let flat = rng.log_uniform(0.75, 1.25);
    let round = Shape::Ellipse { centre: at, radii: [radius / flat, radius * flat], turn: 0.0 };
    let neck = rng.chance(0.6).then(|| {
        let lean = rng.normal(0.2);
        let foot = [at[0] + lean * plate.frame[1], plate.frame[1] + radius];
        Shape::Line { points: vec![at, foot], radius: radius * rng.uniform(0.3, 0.7) }
    });
    let cast = shadow(rng, 0.3 * radius);
    if let Some(neck) = neck {
        veils.push(plate.solid(Space::Frame, neck, 0.6, scaled(tone, 0.8)));
    }
    let mut veil = plate.solid(Space::Frame, round, 0.6, tone);
    veil.dome = Some((at, radius, rng.uniform(0.1, 0.9)));
    veil.shadow = cast;
    veils.push(veil);
}

/// One to four fingers from a side.
fn fingers(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let skin = [[0xe0, 0xb0, 0x94], [0xc8, 0x94, 0x74], [0x88, 0x5c, 0x44], [0x2c, 0x2c, 0x30]];
    let colour = rng.pick(&skin);
    let tone = plate.tone(near(rng, colour, 16.0));
    let radius = plate.px_per_mm * rng.uniform(7.0, 15.0);
    let tip = on(rng, plate, 0.9);
    let angle = rng.uniform(0.0, TAU);
    let (s, c) = angle.sin_cos();
    let length = plate.frame[0].max(plate.frame[1]) * 1.5;
    for index in 0..1 + rng.index(4) {
        let aside = index as f32 * radius * rng.uniform(1.95, 2.3);
        let short = rng.normal(0.8) * radius;
        let from = [tip[0] - s * aside + c * short, tip[1] + c * aside + s * short];
        let bend = rng.normal(0.06);
        let to = [from[0] + (angle + bend).cos() * length, from[1] + (angle + bend).sin() * length];
        let mut veil = plate.solid(Space::Frame, Shape::Line { points: vec![from, to], radius }, 0.6, tone);
        veil.slope = [-s * rng.normal(0.12) / radius, c * rng.normal(0.12) / radius];
        veil.shadow = shadow(rng, 0.5 * radius);
        veils.push(veil);
    }
}

/// A rope, chain or cable across, or a few turns of it.
fn rope(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let tone = plate.tone(any_colour(rng));
    let radius = plate.px_per_mm * rng.log_uniform(2.0, 14.0);
    for _ in 0..1 + rng.index(3) {
        let at = on(rng, plate, 1.0);
        let angle = if rng.chance(0.5) { rng.normal(0.3) } else { rng.uniform(0.0, TAU) };
        let (s, c) = angle.sin_cos();
        let length = plate.frame[0] * 1.2;
        let sag = rng.normal(0.25) * half_height(plate) / (length * length) * 20.0;
        let points = (-8..=8).map(|step| {
            let along = step as f32 / 8.0 * length;
            let across = sag * along * along;
            [at[0] + c * along - s * across, at[1] + s * along + c * across]
        });
        let mut veil = plate.solid(Space::Frame, Shape::Line { points: points.collect(), radius }, 0.6, tone);
        veil.shadow = shadow(rng, radius);
        veils.push(veil);
    }
}

/// A post, a pole or the bar of a gate.
fn post(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let at = on(rng, plate, 1.0);
    let half = plate.px_per_mm * rng.log_uniform(5.0, 70.0);
    let lean = rng.normal(0.06) + if rng.chance(0.15) { FRAC_PI_2 } else { 0.0 };
    let length = plate.frame[0].max(plate.frame[1]) * 2.0;
    let shape = Shape::Rectangle { centre: at, half: [half, length], corner: 0.0, turn: lean };
    let tone = plate.tone(any_colour(rng));
    let mut veil = plate.solid(Space::Frame, shape, 0.6, tone);
    veil.slope = [rng.normal(0.5) / half.max(4.0), 0.0];
    veil.shadow = shadow(rng, 0.3 * half);
    veils.push(veil);
}

/// The edge of another car, a wall or a door, from a side or from below.
fn another_car(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let at = on(rng, plate, 1.0);
    let angle = match rng.weighted(&[0.4, 0.4, 0.2]) {
        0 => 0.0,
        1 => std::f32::consts::PI,
        _ => -FRAC_PI_2,
    } + rng.normal(0.18);
    let normal = [angle.cos(), angle.sin()];
    let weights = PAINTS.map(|(_, share)| share);
    let (paint, _) = PAINTS[rng.weighted(&weights)];
    let paint = plate.tone(near(rng, paint, 18.0));
    let bend = rng.normal(0.5) / plate.frame[1];
    let shape = match Shape::straight(at, normal) {
        Shape::Beyond { at, normal, waves, .. } => Shape::Beyond { at, normal, bend, waves },
        other => other,
    };
    let mut veil = plate.solid(Space::Frame, shape, 0.6, paint);
    veil.slope = [rng.normal(0.6) / plate.frame[0], rng.normal(0.6) / plate.frame[1]];
    veil.grain = rng.chance(0.4).then(|| {
        let cell = [plate.frame[0] * rng.uniform(0.2, 0.8), plate.frame[1] * rng.uniform(0.08, 0.3)];
        (Noise::new(rng, plate.frame, cell), [0.0; 2], rng.uniform(0.2, 0.8))
    });
    veil.shadow = shadow(rng, 0.1 * half_height(plate));
    veils.push(veil);
}

/// Leaves and stalks from below or from a side.
fn plant(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let greens = [[0x4c, 0x70, 0x34], [0x38, 0x54, 0x2c], [0x80, 0x90, 0x50], [0x9c, 0x8c, 0x60], [0x28, 0x38, 0x20]];
    let at = on(rng, plate, 0.8);
    let size = half_height(plate);
    let long = size * rng.log_uniform(0.3, 1.6);
    let thin = rng.uniform(0.08, 0.45);
    let (lean, spread) = (rng.normal(0.5) - FRAC_PI_2, rng.uniform(0.3, 1.4));
    let colour = rng.pick(&greens);
    for _ in 0..2 {
        let tone = plate.tone(near(rng, colour, 26.0));
        let leaves = (0..3 + rng.index(9)).map(|_| {
            let away = [rng.normal(0.9) * size, rng.normal(0.6) * size + 0.3 * size];
            let scale = rng.uniform(0.6, 1.3);
            let turn = lean + rng.normal(spread);
            Shape::Ellipse {
                centre: [at[0] + away[0], at[1] + away[1]],
                radii: [long * scale, long * scale * thin],
                turn,
            }
        });
        let leaves: Vec<Shape> = leaves.collect();
        let mut veil = plate.solid(Space::Frame, Shape::Together(leaves), 0.6, tone);
        veil.slope = [rng.normal(0.3) / (4.0 * size), rng.normal(0.3) / (4.0 * size)];
        veils.push(veil);
    }
    if rng.chance(0.6) {
        let foot = [at[0] + rng.normal(0.5) * size, plate.frame[1] + size];
        let stalk = Shape::Line { points: vec![at, foot], radius: size * rng.uniform(0.03, 0.1) };
        let tone = plate.tone(near(rng, colour, 20.0));
        veils.push(plate.solid(Space::Frame, stalk, 0.6, tone));
    }
}
