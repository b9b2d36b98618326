//! What lies on the plate and hides part of it.

use super::super::canvas::Noise;
use super::super::fittings::latin_marks;
use super::super::raster::{Tone, scaled};
use super::super::rng::Rng;
use super::super::sensor::near;
use super::shape::Shape;
use super::veil::{Cover, Sort, Space, Veil};
use super::{BarePlate, any_colour, middle};

/// Adds what was drawn to `veils`: one thing, or several of a sort.
pub(super) fn draw(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    match rng.weighted(&[0.17, 0.25, 0.14, 0.2, 0.07, 0.08, 0.09]) {
        0 => bolts(rng, plate, veils),
        1 => tape(rng, plate, veils),
        2 => sticker(rng, plate, veils),
        3 => mud(rng, plate, veils),
        4 => snow(rng, plate, veils),
        5 => lost_paint(rng, plate, veils),
        _ => holder(rng, plate, veils),
    }
}

/// A place on a character: its middle, or up to `away` of half its size beside it.
fn on(rng: &mut Rng, target: [f32; 4], away: f32) -> [f32; 2] {
    let (centre, half) = middle(target);
    [centre[0] + rng.uniform(-away, away) * half[0], centre[1] + rng.uniform(-away, away) * half[1]]
}

/// Unevenness of a surface: how large its spots are, mm, and how strong it is, each within what is given.
fn grain(rng: &mut Rng, bounds: [f32; 4], cells: [f32; 2], strengths: [f32; 2]) -> Option<(Noise, [f32; 2], f32)> {
    let (cell, strength) = (rng.log_uniform(cells[0], cells[1]), rng.uniform(strengths[0], strengths[1]));
    let extent = [(bounds[2] - bounds[0]).clamp(1.0, 700.0), (bounds[3] - bounds[1]).clamp(1.0, 400.0)];
    Some((Noise::new(rng, extent, [cell; 2]), [bounds[0].max(-50.0), bounds[1].max(-50.0)], strength))
}

/// Bolts and caps where a character is, which is where some drill their holes.
fn bolts(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let colours = [[0x28, 0x28, 0x2a], [0xa8, 0xa8, 0xa6], [0xe4, 0xe4, 0xe2], [0x14, 0x14, 0x16], [0x70, 0x60, 0x50]];
    let count = 1 + usize::from(rng.chance(0.3));
    for _ in 0..count {
        let target = plate.target(rng);
        let at = on(rng, target, 0.8);
        let radius = rng.log_uniform(6.0, 34.0);
        let colour = rng.pick(&colours);
        let tone = if rng.chance(0.15) { plate.spec.palette.sheet } else { plate.tone(near(rng, colour, 20.0)) };
        let mut veil = plate.solid(Space::Plate, Shape::disc(at, radius), plate.sharp(), tone);
        veil.dome = Some((at, radius, rng.uniform(0.1, 0.9)));
        veil.shadow = Some(([rng.normal(1.5), rng.uniform(0.0, 3.0)], rng.uniform(0.1, 0.5)));
        veils.push(veil);
    }
}

/// Tape or paper over a character or a few, or along the line.
fn tape(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let target = plate.target(rng);
    let (centre, half) = middle(target);
    let turn = if rng.chance(0.4) { 0.0 } else { rng.normal(0.1) };
    let (at, half) = match rng.weighted(&[0.6, 0.2, 0.2]) {
        // Over one character, or most of it.
        0 => (on(rng, target, 0.35), [half[0] * rng.uniform(0.45, 1.5), half[1] * rng.uniform(0.5, 1.4)]),
        // Over a few side by side.
        1 => (on(rng, target, 1.0), [half[0] * rng.uniform(1.2, 3.6), half[1] * rng.uniform(0.6, 1.4)]),
        // A narrow strip, up or along.
        _ if rng.chance(0.5) => ([on(rng, target, 1.0)[0], centre[1]], [rng.log_uniform(3.0, 20.0), half[1] * 1.6]),
        _ => ([centre[0], on(rng, target, 1.1)[1]], [half[0] * rng.uniform(1.0, 8.0), rng.log_uniform(4.0, 24.0)]),
    };
    let sheet = plate.spec.palette.sheet;
    let tone = match rng.weighted(&[0.45, 0.2, 0.35]) {
        0 => scaled(sheet, 1.0 + rng.normal(0.03)),
        1 => scaled(sheet, rng.uniform(0.7, 1.15)),
        _ => plate.tone(any_colour(rng)),
    };
    let corner = if rng.chance(0.7) { 0.5 } else { rng.uniform(0.0, 8.0) };
    let mut veil = plate.solid(Space::Plate, Shape::Rectangle { centre: at, half, corner, turn }, plate.sharp(), tone);
    veil.slope = [rng.normal(0.15) / 80.0, rng.normal(0.15) / 80.0];
    if rng.chance(0.5) {
        veil.shadow = Some(([rng.normal(0.8), rng.normal(0.8)], rng.uniform(0.05, 0.4)));
    }
    if rng.chance(0.3) {
        veil.grain = grain(rng, veil.cover.shape.bounds(), [3.0, 20.0], [0.05, 0.4]);
    }
    veils.push(veil);
}

/// A sticker: round or with corners, of any colour, with something printed on it.
fn sticker(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let target = plate.target(rng);
    let at = on(rng, target, 0.6);
    let (_, half) = middle(target);
    let size = rng.uniform(0.35, 1.3);
    let (rx, ry) = (half[0].max(14.0) * size * rng.uniform(0.8, 1.8), half[1] * size * rng.uniform(0.5, 1.0));
    let turn = rng.normal(0.15);
    let shape = match rng.index(3) {
        0 => Shape::disc(at, (rx * ry).sqrt()),
        1 => Shape::Ellipse { centre: at, radii: [rx, ry], turn },
        _ => Shape::Rectangle { centre: at, half: [rx, ry], corner: rng.uniform(0.0, 6.0), turn },
    };
    let tone = plate.tone(any_colour(rng));
    let mut veil = plate.solid(Space::Plate, shape, plate.sharp(), tone);
    veil.slope = [rng.normal(0.2) / 80.0, rng.normal(0.2) / 80.0];
    let light = plate.spec.sensor.brightness(tone) > 0.45;
    veil.print =
        plate.tone(if light { near(rng, [0x30, 0x30, 0x38], 24.0) } else { near(rng, [0xe0, 0xe0, 0xe0], 16.0) });
    if rng.chance(0.6) {
        let lines = 1 + rng.index(3);
        for line in 0..lines {
            let high = 1.1 * ry / lines as f32;
            let cell = high * rng.uniform(0.5, 0.9);
            let count = ((1.5 * rx / cell) as usize).clamp(1, 14);
            let y = at[1] - 0.6 * ry + line as f32 * high;
            veil.marks.extend(latin_marks(rng, [at[0] - 0.75 * rx, y], [cell, 0.7 * high], count));
        }
    }
    veils.push(veil);
}

/// Blots of mud, one of them on a character.
fn mud(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let colour =
        if rng.chance(0.8) { near(rng, [0x66, 0x58, 0x48], 30.0) } else { near(rng, [0x40, 0x3c, 0x38], 20.0) };
    let tone = plate.tone(colour);
    splashes(rng, plate, tone, 0.94, veils);
}

/// Snow: blots of it, or a drift along the lower or upper edge.
fn snow(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let tone = plate.tone(near(rng, [0xee, 0xf0, 0xf4], 10.0));
    if rng.chance(0.5) {
        return splashes(rng, plate, tone, 0.97, veils);
    }
    let target = plate.target(rng);
    let share = rng.uniform(0.0, 0.9);
    let height = target[3] - target[1];
    let (y, normal) = if rng.chance(0.6) {
        (target[3] - share * height, [0.0, -1.0])
    } else {
        (target[1] + share * height, [0.0, 1.0])
    };
    let (wave, length) = (height * rng.uniform(0.05, 0.3), rng.log_uniform(60.0, 400.0));
    let shape = Shape::wavy(rng, [0.0, y], normal, wave, length);
    let mut veil = plate.solid(Space::Plate, shape, rng.uniform(0.5, 6.0), tone);
    veil.grain = grain(rng, [0.0, 0.0, 520.0, 220.0], [4.0, 20.0], [0.05, 0.3]);
    veils.push(veil);
}

fn splashes(rng: &mut Rng, plate: &BarePlate, tone: Tone, opaque: f32, veils: &mut Vec<Veil>) {
    let [width, height] = plate.spec.layout.size();
    let (_, half) = middle(plate.characters[0]);
    let more = if rng.chance(0.5) { 0 } else { 1 + rng.index(6) };
    for index in 0..=more {
        let (at, size) = if index == 0 {
            let target = plate.target(rng);
            (on(rng, target, 0.6), rng.uniform(0.4, 1.5))
        } else {
            ([rng.uniform(0.0, width), rng.uniform(0.0, height)], rng.log_uniform(0.1, 1.1))
        };
        let radii = [half[1] * 0.5 * size * rng.uniform(0.7, 1.6), half[1] * 0.7 * size * rng.uniform(0.7, 1.3)];
        let uneven = rng.uniform(0.08, 0.3);
        let shape = Shape::blot(rng, at, radii, uneven);
        let mut veil = plate.solid(Space::Plate, shape, rng.log_uniform(0.5, 4.0), tone);
        veil.cover.sort = Sort::Solid(rng.uniform(opaque, 1.0));
        veil.grain = grain(rng, veil.cover.shape.bounds(), [2.0, 10.0], [0.05, 0.6]);
        veils.push(veil);
    }
}

/// Where the paint of the characters is gone and the sheet remains.
fn lost_paint(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let tone = scaled(plate.spec.palette.sheet, rng.uniform(0.85, 1.1));
    let target = plate.target(rng);
    let (_, half) = middle(target);
    let at = on(rng, target, 0.5);
    for _ in 0..2 + rng.index(6) {
        let near_by = [at[0] + rng.normal(0.5) * half[0], at[1] + rng.normal(0.5) * half[1]];
        let radii = [half[0] * rng.uniform(0.3, 1.0), half[1] * rng.uniform(0.3, 0.9)];
        let shape = Shape::blot(rng, near_by, radii, 0.35);
        let inkness = plate.inkness(tone);
        let opaque = Sort::Solid(rng.uniform(0.85, 0.97));
        let cover = Cover { shape, space: Space::Plate, soft: rng.uniform(0.5, 3.0), sort: opaque, inkness };
        veils.push(Veil::flat(cover, tone));
    }
}

/// A frame or holder that reaches over the upper or lower edge of the characters.
fn holder(rng: &mut Rng, plate: &BarePlate, veils: &mut Vec<Veil>) {
    let [width, height] = plate.spec.layout.size();
    // Its edge runs along a whole line of characters.
    let target = plate.target(rng);
    let share = if rng.chance(0.5) { rng.uniform(0.0, 0.25) } else { rng.uniform(0.1, 0.75) };
    let reach = share * (target[3] - target[1]);
    let lower = rng.chance(0.6);
    let (y, normal) = if lower { (target[3] - reach, [0.0, -1.0]) } else { (target[1] + reach, [0.0, 1.0]) };
    let colours = [[0x18, 0x19, 0x1b], [0x18, 0x19, 0x1b], [0xb0, 0xb4, 0xb8], [0x70, 0x72, 0x78], [0xe0, 0xe0, 0xe2]];
    let colour = rng.pick(&colours);
    let tone = plate.tone(near(rng, colour, 18.0));
    let mut veil = plate.solid(Space::Plate, Shape::straight([0.0, y], normal), plate.sharp(), tone);
    veil.slope = [0.0, rng.normal(0.4) / 60.0];
    veil.shadow = Some(([0.0, if lower { -1.0 } else { 3.0 }], rng.uniform(0.0, 0.4)));
    let deep = if lower { height - y } else { y };
    if deep > 12.0 && rng.chance(0.6) {
        let size = (deep * rng.uniform(0.3, 0.6)).min(22.0);
        let pitch = size * rng.uniform(0.7, 1.1);
        let count = 4 + rng.index(12);
        let top = if lower { y + deep * 0.3 } else { y - deep * 0.3 - size };
        let left = (width - pitch * count as f32) / 2.0 + rng.normal(20.0);
        let light = plate.spec.sensor.brightness(tone) > 0.45;
        veil.print = plate.tone(if light { [0x28, 0x28, 0x2c] } else { [0xd4, 0xd4, 0xd4] });
        veil.marks = latin_marks(rng, [left, top], [pitch, size], count);
    }
    veils.push(veil);
}
