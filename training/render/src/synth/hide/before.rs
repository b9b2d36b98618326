//! What stands between the plate and the camera.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::super::canvas::Noise;
use super::super::dice::Dice;
use super::super::raster::scaled;
use super::super::sensor::{Colour, near};
use super::super::surroundings::PAINTS;
use super::shape::Shape;
use super::veil::{Space, Veil};
use super::{Place, any_colour, middle};

/// Adds what was drawn to `veils`: one thing, or several of a sort.
pub(super) fn draw(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let begin = veils.len();
    match dice.weighted(&[0.3, 0.13, 0.17, 0.14, 0.14, 0.12]) {
        0 => ball(dice, place, veils),
        1 => fingers(dice, place, veils),
        2 => rope(dice, place, veils),
        3 => post(dice, place, veils),
        4 => another_car(dice, place, veils),
        _ => plant(dice, place, veils),
    }
    // Half of what is before the plate is out of focus.
    let soft = if dice.chance(0.5) { 0.6 } else { place.px_per_mm * dice.log_uniform(1.5, 14.0) };
    for veil in &mut veils[begin..] {
        veil.cover.soft = soft.max(0.6);
    }
}

/// A place on a character, or up to `away` of half its size beside it, pixels of the frame.
fn on(dice: &mut Dice, place: &Place, away: f32) -> [f32; 2] {
    let (centre, half) = middle(place.target(dice));
    let [dx, dy] = [dice.uniform(-away, away) * half[0], dice.uniform(-away, away) * half[1]];
    place.to_frame([centre[0] + dx, centre[1] + dy])
}

/// Half the height of characters, pixels of the frame.
fn half_height(place: &Place) -> f32 {
    let [.., last] = place.characters else { return place.px_per_mm * 40.0 };
    middle(*last).1[1] * place.px_per_mm
}

fn shadow(dice: &mut Dice, reach: f32) -> Option<([f32; 2], f32)> {
    dice.chance(0.35).then(|| ([dice.normal(reach), dice.uniform(0.0, 1.5) * reach], dice.uniform(0.1, 0.6)))
}

/// The ball of a tow bar, most with the bar below it.
fn ball(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let radius = half_height(place) * dice.log_uniform(0.35, 1.3);
    let at = on(dice, place, 0.5);
    let colour: Colour = match dice.weighted(&[0.55, 0.2, 0.25]) {
        0 => near(dice, [0x28, 0x28, 0x2a], 22.0),
        1 => near(dice, [0xa8, 0xaa, 0xac], 30.0),
        _ => any_colour(dice),
    };
    let tone = place.tone(colour);
    let flat = dice.log_uniform(0.75, 1.25);
    let round = Shape::Ellipse { centre: at, radii: [radius / flat, radius * flat], turn: 0.0 };
    let neck = dice.chance(0.6).then(|| {
        let lean = dice.normal(0.2);
        let foot = [at[0] + lean * place.frame[1], place.frame[1] + radius];
        Shape::Line { points: vec![at, foot], radius: radius * dice.uniform(0.3, 0.7) }
    });
    let cast = shadow(dice, 0.3 * radius);
    if let Some(neck) = neck {
        veils.push(place.solid(Space::Frame, neck, 0.6, scaled(tone, 0.8)));
    }
    let mut veil = place.solid(Space::Frame, round, 0.6, tone);
    veil.dome = Some((at, radius, dice.uniform(0.1, 0.9)));
    veil.shadow = cast;
    veils.push(veil);
}

/// One to four fingers from a side.
fn fingers(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let skin = [[0xe0, 0xb0, 0x94], [0xc8, 0x94, 0x74], [0x88, 0x5c, 0x44], [0x2c, 0x2c, 0x30]];
    let colour = dice.pick(&skin);
    let tone = place.tone(near(dice, colour, 16.0));
    let radius = place.px_per_mm * dice.uniform(7.0, 15.0);
    let tip = on(dice, place, 0.9);
    let angle = dice.uniform(0.0, TAU);
    let (s, c) = angle.sin_cos();
    let length = place.frame[0].max(place.frame[1]) * 1.5;
    for index in 0..1 + dice.index(4) {
        let aside = index as f32 * radius * dice.uniform(1.95, 2.3);
        let short = dice.normal(0.8) * radius;
        let from = [tip[0] - s * aside + c * short, tip[1] + c * aside + s * short];
        let bend = dice.normal(0.06);
        let to = [from[0] + (angle + bend).cos() * length, from[1] + (angle + bend).sin() * length];
        let mut veil = place.solid(Space::Frame, Shape::Line { points: vec![from, to], radius }, 0.6, tone);
        veil.slope = [-s * dice.normal(0.12) / radius, c * dice.normal(0.12) / radius];
        veil.shadow = shadow(dice, 0.5 * radius);
        veils.push(veil);
    }
}

/// A rope, chain or cable across, or a few turns of it.
fn rope(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let tone = place.tone(any_colour(dice));
    let radius = place.px_per_mm * dice.log_uniform(2.0, 14.0);
    for _ in 0..1 + dice.index(3) {
        let at = on(dice, place, 1.0);
        let angle = if dice.chance(0.5) { dice.normal(0.3) } else { dice.uniform(0.0, TAU) };
        let (s, c) = angle.sin_cos();
        let length = place.frame[0] * 1.2;
        let sag = dice.normal(0.25) * half_height(place) / (length * length) * 20.0;
        let points = (-8..=8).map(|step| {
            let along = step as f32 / 8.0 * length;
            let across = sag * along * along;
            [at[0] + c * along - s * across, at[1] + s * along + c * across]
        });
        let mut veil = place.solid(Space::Frame, Shape::Line { points: points.collect(), radius }, 0.6, tone);
        veil.shadow = shadow(dice, radius);
        veils.push(veil);
    }
}

/// A post, a pole or the bar of a gate.
fn post(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let at = on(dice, place, 1.0);
    let half = place.px_per_mm * dice.log_uniform(5.0, 70.0);
    let lean = dice.normal(0.06) + if dice.chance(0.15) { FRAC_PI_2 } else { 0.0 };
    let length = place.frame[0].max(place.frame[1]) * 2.0;
    let shape = Shape::Rectangle { centre: at, half: [half, length], corner: 0.0, turn: lean };
    let tone = place.tone(any_colour(dice));
    let mut veil = place.solid(Space::Frame, shape, 0.6, tone);
    veil.slope = [dice.normal(0.5) / half.max(4.0), 0.0];
    veil.shadow = shadow(dice, 0.3 * half);
    veils.push(veil);
}

/// The edge of another car, a wall or a door, from a side or from below.
fn another_car(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let at = on(dice, place, 1.0);
    let angle = match dice.weighted(&[0.4, 0.4, 0.2]) {
        0 => 0.0,
        1 => std::f32::consts::PI,
        _ => -FRAC_PI_2,
    } + dice.normal(0.18);
    let normal = [angle.cos(), angle.sin()];
    let weights = PAINTS.map(|(_, share)| share);
    let (paint, _) = PAINTS[dice.weighted(&weights)];
    let paint = place.tone(near(dice, paint, 18.0));
    let bend = dice.normal(0.5) / place.frame[1];
    let shape = match Shape::straight(at, normal) {
        Shape::Beyond { at, normal, waves, .. } => Shape::Beyond { at, normal, bend, waves },
        other => other,
    };
    let mut veil = place.solid(Space::Frame, shape, 0.6, paint);
    veil.slope = [dice.normal(0.6) / place.frame[0], dice.normal(0.6) / place.frame[1]];
    veil.grain = dice.chance(0.4).then(|| {
        let cell = [place.frame[0] * dice.uniform(0.2, 0.8), place.frame[1] * dice.uniform(0.08, 0.3)];
        (Noise::new(dice, place.frame, cell), [0.0; 2], dice.uniform(0.2, 0.8))
    });
    veil.shadow = shadow(dice, 0.1 * half_height(place));
    veils.push(veil);
}

/// Leaves and stalks from below or from a side.
fn plant(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let greens = [[0x4c, 0x70, 0x34], [0x38, 0x54, 0x2c], [0x80, 0x90, 0x50], [0x9c, 0x8c, 0x60], [0x28, 0x38, 0x20]];
    let at = on(dice, place, 0.8);
    let size = half_height(place);
    let long = size * dice.log_uniform(0.3, 1.6);
    let thin = dice.uniform(0.08, 0.45);
    let (lean, spread) = (dice.normal(0.5) - FRAC_PI_2, dice.uniform(0.3, 1.4));
    let colour = dice.pick(&greens);
    for _ in 0..2 {
        let tone = place.tone(near(dice, colour, 26.0));
        let leaves = (0..3 + dice.index(9)).map(|_| {
            let away = [dice.normal(0.9) * size, dice.normal(0.6) * size + 0.3 * size];
            let scale = dice.uniform(0.6, 1.3);
            let turn = lean + dice.normal(spread);
            Shape::Ellipse {
                centre: [at[0] + away[0], at[1] + away[1]],
                radii: [long * scale, long * scale * thin],
                turn,
            }
        });
        let leaves: Vec<Shape> = leaves.collect();
        let mut veil = place.solid(Space::Frame, Shape::Together(leaves), 0.6, tone);
        veil.slope = [dice.normal(0.3) / (4.0 * size), dice.normal(0.3) / (4.0 * size)];
        veils.push(veil);
    }
    if dice.chance(0.6) {
        let foot = [at[0] + dice.normal(0.5) * size, place.frame[1] + size];
        let stalk = Shape::Line { points: vec![at, foot], radius: size * dice.uniform(0.03, 0.1) };
        let tone = place.tone(near(dice, colour, 20.0));
        veils.push(place.solid(Space::Frame, stalk, 0.6, tone));
    }
}
