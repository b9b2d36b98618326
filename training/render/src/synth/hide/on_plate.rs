//! What lies on the plate and hides part of it.

use super::super::canvas::Noise;
use super::super::dice::Dice;
use super::super::fittings::latin_marks;
use super::super::raster::{Tone, scaled};
use super::super::sensor::near;
use super::shape::Shape;
use super::veil::{Cover, Sort, Space, Veil};
use super::{Place, any_colour, middle};

/// Adds what was drawn to `veils`: one thing, or several of a sort.
pub(super) fn draw(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    match dice.weighted(&[0.17, 0.25, 0.14, 0.2, 0.07, 0.08, 0.09]) {
        0 => bolts(dice, place, veils),
        1 => tape(dice, place, veils),
        2 => sticker(dice, place, veils),
        3 => mud(dice, place, veils),
        4 => snow(dice, place, veils),
        5 => lost_paint(dice, place, veils),
        _ => holder(dice, place, veils),
    }
}

/// A place on a character: its middle, or up to `away` of half its size beside it.
fn on(dice: &mut Dice, target: [f32; 4], away: f32) -> [f32; 2] {
    let (centre, half) = middle(target);
    [centre[0] + dice.uniform(-away, away) * half[0], centre[1] + dice.uniform(-away, away) * half[1]]
}

/// Unevenness of a surface: how large its spots are, mm, and how strong it is, each within what is given.
fn grain(dice: &mut Dice, bounds: [f32; 4], cells: [f32; 2], strengths: [f32; 2]) -> Option<(Noise, [f32; 2], f32)> {
    let (cell, strength) = (dice.log_uniform(cells[0], cells[1]), dice.uniform(strengths[0], strengths[1]));
    let extent = [(bounds[2] - bounds[0]).clamp(1.0, 700.0), (bounds[3] - bounds[1]).clamp(1.0, 400.0)];
    Some((Noise::new(dice, extent, [cell; 2]), [bounds[0].max(-50.0), bounds[1].max(-50.0)], strength))
}

/// Bolts and caps where a character is, which is where some drill their holes.
fn bolts(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let colours = [[0x28, 0x28, 0x2a], [0xa8, 0xa8, 0xa6], [0xe4, 0xe4, 0xe2], [0x14, 0x14, 0x16], [0x70, 0x60, 0x50]];
    let count = 1 + usize::from(dice.chance(0.3));
    for _ in 0..count {
        let target = place.target(dice);
        let at = on(dice, target, 0.8);
        let radius = dice.log_uniform(6.0, 34.0);
        let colour = dice.pick(&colours);
        let tone = if dice.chance(0.15) { place.scene.palette.sheet } else { place.tone(near(dice, colour, 20.0)) };
        let mut veil = place.solid(Space::Plate, Shape::disc(at, radius), place.sharp(), tone);
        veil.dome = Some((at, radius, dice.uniform(0.1, 0.9)));
        veil.shadow = Some(([dice.normal(1.5), dice.uniform(0.0, 3.0)], dice.uniform(0.1, 0.5)));
        veils.push(veil);
    }
}

/// Tape or paper over a character or a few, or along the line.
fn tape(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let target = place.target(dice);
    let (centre, half) = middle(target);
    let turn = if dice.chance(0.4) { 0.0 } else { dice.normal(0.1) };
    let (at, half) = match dice.weighted(&[0.6, 0.2, 0.2]) {
        // Over one character, or most of it.
        0 => (on(dice, target, 0.35), [half[0] * dice.uniform(0.45, 1.5), half[1] * dice.uniform(0.5, 1.4)]),
        // Over a few side by side.
        1 => (on(dice, target, 1.0), [half[0] * dice.uniform(1.2, 3.6), half[1] * dice.uniform(0.6, 1.4)]),
        // A narrow strip, up or along.
        _ if dice.chance(0.5) => ([on(dice, target, 1.0)[0], centre[1]], [dice.log_uniform(3.0, 20.0), half[1] * 1.6]),
        _ => ([centre[0], on(dice, target, 1.1)[1]], [half[0] * dice.uniform(1.0, 8.0), dice.log_uniform(4.0, 24.0)]),
    };
    let sheet = place.scene.palette.sheet;
    let tone = match dice.weighted(&[0.45, 0.2, 0.35]) {
        0 => scaled(sheet, 1.0 + dice.normal(0.03)),
        1 => scaled(sheet, dice.uniform(0.7, 1.15)),
        _ => place.tone(any_colour(dice)),
    };
    let corner = if dice.chance(0.7) { 0.5 } else { dice.uniform(0.0, 8.0) };
    let mut veil = place.solid(Space::Plate, Shape::Rectangle { centre: at, half, corner, turn }, place.sharp(), tone);
    veil.slope = [dice.normal(0.15) / 80.0, dice.normal(0.15) / 80.0];
    if dice.chance(0.5) {
        veil.shadow = Some(([dice.normal(0.8), dice.normal(0.8)], dice.uniform(0.05, 0.4)));
    }
    if dice.chance(0.3) {
        veil.grain = grain(dice, veil.cover.shape.bounds(), [3.0, 20.0], [0.05, 0.4]);
    }
    veils.push(veil);
}

/// A sticker: round or with corners, of any colour, with something printed on it.
fn sticker(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let target = place.target(dice);
    let at = on(dice, target, 0.6);
    let (_, half) = middle(target);
    let size = dice.uniform(0.35, 1.3);
    let (rx, ry) = (half[0].max(14.0) * size * dice.uniform(0.8, 1.8), half[1] * size * dice.uniform(0.5, 1.0));
    let turn = dice.normal(0.15);
    let shape = match dice.index(3) {
        0 => Shape::disc(at, (rx * ry).sqrt()),
        1 => Shape::Ellipse { centre: at, radii: [rx, ry], turn },
        _ => Shape::Rectangle { centre: at, half: [rx, ry], corner: dice.uniform(0.0, 6.0), turn },
    };
    let tone = place.tone(any_colour(dice));
    let mut veil = place.solid(Space::Plate, shape, place.sharp(), tone);
    veil.slope = [dice.normal(0.2) / 80.0, dice.normal(0.2) / 80.0];
    let light = place.scene.sensor.brightness(tone) > 0.45;
    veil.print =
        place.tone(if light { near(dice, [0x30, 0x30, 0x38], 24.0) } else { near(dice, [0xe0, 0xe0, 0xe0], 16.0) });
    if dice.chance(0.6) {
        let lines = 1 + dice.index(3);
        for line in 0..lines {
            let high = 1.1 * ry / lines as f32;
            let cell = high * dice.uniform(0.5, 0.9);
            let count = ((1.5 * rx / cell) as usize).clamp(1, 14);
            let y = at[1] - 0.6 * ry + line as f32 * high;
            veil.marks.extend(latin_marks(dice, [at[0] - 0.75 * rx, y], [cell, 0.7 * high], count));
        }
    }
    veils.push(veil);
}

/// Blots of mud, one of them on a character.
fn mud(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let colour =
        if dice.chance(0.8) { near(dice, [0x66, 0x58, 0x48], 30.0) } else { near(dice, [0x40, 0x3c, 0x38], 20.0) };
    let tone = place.tone(colour);
    splashes(dice, place, tone, 0.94, veils);
}

/// Snow: blots of it, or a drift along the lower or upper edge.
fn snow(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let tone = place.tone(near(dice, [0xee, 0xf0, 0xf4], 10.0));
    if dice.chance(0.5) {
        return splashes(dice, place, tone, 0.97, veils);
    }
    let target = place.target(dice);
    let share = dice.uniform(0.0, 0.9);
    let height = target[3] - target[1];
    let (y, normal) = if dice.chance(0.6) {
        (target[3] - share * height, [0.0, -1.0])
    } else {
        (target[1] + share * height, [0.0, 1.0])
    };
    let (wave, length) = (height * dice.uniform(0.05, 0.3), dice.log_uniform(60.0, 400.0));
    let shape = Shape::wavy(dice, [0.0, y], normal, wave, length);
    let mut veil = place.solid(Space::Plate, shape, dice.uniform(0.5, 6.0), tone);
    veil.grain = grain(dice, [0.0, 0.0, 520.0, 220.0], [4.0, 20.0], [0.05, 0.3]);
    veils.push(veil);
}

fn splashes(dice: &mut Dice, place: &Place, tone: Tone, opaque: f32, veils: &mut Vec<Veil>) {
    let [width, height] = place.scene.layout.size();
    let (_, half) = middle(place.characters[0]);
    let more = if dice.chance(0.5) { 0 } else { 1 + dice.index(6) };
    for index in 0..=more {
        let (at, size) = if index == 0 {
            let target = place.target(dice);
            (on(dice, target, 0.6), dice.uniform(0.4, 1.5))
        } else {
            ([dice.uniform(0.0, width), dice.uniform(0.0, height)], dice.log_uniform(0.1, 1.1))
        };
        let radii = [half[1] * 0.5 * size * dice.uniform(0.7, 1.6), half[1] * 0.7 * size * dice.uniform(0.7, 1.3)];
        let uneven = dice.uniform(0.08, 0.3);
        let shape = Shape::blot(dice, at, radii, uneven);
        let mut veil = place.solid(Space::Plate, shape, dice.log_uniform(0.5, 4.0), tone);
        veil.cover.sort = Sort::Solid(dice.uniform(opaque, 1.0));
        veil.grain = grain(dice, veil.cover.shape.bounds(), [2.0, 10.0], [0.05, 0.6]);
        veils.push(veil);
    }
}

/// Where the paint of the characters is gone and the sheet remains.
fn lost_paint(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let tone = scaled(place.scene.palette.sheet, dice.uniform(0.85, 1.1));
    let target = place.target(dice);
    let (_, half) = middle(target);
    let at = on(dice, target, 0.5);
    for _ in 0..2 + dice.index(6) {
        let near_by = [at[0] + dice.normal(0.5) * half[0], at[1] + dice.normal(0.5) * half[1]];
        let radii = [half[0] * dice.uniform(0.3, 1.0), half[1] * dice.uniform(0.3, 0.9)];
        let shape = Shape::blot(dice, near_by, radii, 0.35);
        let inkness = place.inkness(tone);
        let opaque = Sort::Solid(dice.uniform(0.85, 0.97));
        let cover = Cover { shape, space: Space::Plate, soft: dice.uniform(0.5, 3.0), sort: opaque, inkness };
        veils.push(Veil::flat(cover, tone));
    }
}

/// A frame or holder that reaches over the upper or lower edge of the characters.
fn holder(dice: &mut Dice, place: &Place, veils: &mut Vec<Veil>) {
    let [width, height] = place.scene.layout.size();
    // Its edge runs along a whole line of characters.
    let target = place.target(dice);
    let share = if dice.chance(0.5) { dice.uniform(0.0, 0.25) } else { dice.uniform(0.1, 0.75) };
    let reach = share * (target[3] - target[1]);
    let lower = dice.chance(0.6);
    let (y, normal) = if lower { (target[3] - reach, [0.0, -1.0]) } else { (target[1] + reach, [0.0, 1.0]) };
    let colours = [[0x18, 0x19, 0x1b], [0x18, 0x19, 0x1b], [0xb0, 0xb4, 0xb8], [0x70, 0x72, 0x78], [0xe0, 0xe0, 0xe2]];
    let colour = dice.pick(&colours);
    let tone = place.tone(near(dice, colour, 18.0));
    let mut veil = place.solid(Space::Plate, Shape::straight([0.0, y], normal), place.sharp(), tone);
    veil.slope = [0.0, dice.normal(0.4) / 60.0];
    veil.shadow = Some(([0.0, if lower { -1.0 } else { 3.0 }], dice.uniform(0.0, 0.4)));
    let deep = if lower { height - y } else { y };
    if deep > 12.0 && dice.chance(0.6) {
        let size = (deep * dice.uniform(0.3, 0.6)).min(22.0);
        let pitch = size * dice.uniform(0.7, 1.1);
        let count = 4 + dice.index(12);
        let top = if lower { y + deep * 0.3 } else { y - deep * 0.3 - size };
        let left = (width - pitch * count as f32) / 2.0 + dice.normal(20.0);
        let light = place.scene.sensor.brightness(tone) > 0.45;
        veil.print = place.tone(if light { [0x28, 0x28, 0x2c] } else { [0xd4, 0xd4, 0xd4] });
        veil.marks = latin_marks(dice, [left, top], [pitch, size], count);
    }
    veils.push(veil);
}
