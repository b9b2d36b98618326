//! The rear of a vehicle: boot lid or tailgate, lamps, bumper, lettering and exhausts; and the body of a lorry.

use super::super::raster::{mix, scaled};
use super::board::{self, Board};
use super::brush::Fill;
use super::car::{Build, Car};
use super::eye::Stand;
use super::front;
use super::stage::Stage;

pub(super) fn paint(stage: &mut Stage, stand: &Stand, car: &Car) {
    if car.build == Build::Saloon {
        deck(stage, stand, car);
    }
    if car.build == Build::Flat && stage.dice.chance(0.5) {
        load(stage, stand, car);
    }
    front::shell(stage, stand, car);
    seams(stage, stand, car);
    lamps(stage, stand, car);
    recess(stage, stand, car);
    front::emblem(stage, stand, car);
    lettering(stage, stand, car);
}

/// The boot lid behind its edge.
fn deck(stage: &mut Stage, stand: &Stand, car: &Car) {
    let h = car.half;
    let edge = |x: f32| stand.see(car.face(x, car.belt));
    let back = |x: f32| stand.see([x, -car.foot, car.foot_back]);
    let lid = [edge(-h * 0.93), back(-h * 0.92), back(h * 0.92), edge(h * 0.93), edge(0.0)];
    let gloss = stage.dice.uniform(0.1, 0.5);
    stage.shape(&lid, 0.12, Fill::graded(mix(car.paint, car.sky, gloss), car.paint));
}

/// The box or the boards of a lorry.
fn load(stage: &mut Stage, stand: &Stand, car: &Car) {
    let (h, low) = (car.half * 1.05, car.belt - 100.0);
    let see = |x: f32, y: f32| stand.see([x, -y, -20.0]);
    let wall = stage.any_tone();
    let points = [see(-h, low), see(-h, car.roof + 200.0), see(h, car.roof + 200.0), see(h, low)];
    stage.shape(&points, 0.0, Fill::graded(wall, scaled(wall, 0.8)));
    let slats = stage.dice.index(7);
    for i in 0..slats {
        let y = low + (car.roof + 200.0 - low) * (i as f32 + 0.5) / slats as f32;
        stage.line(&[see(-h, y), see(h, y)], 1.2, scaled(wall, 0.4), 0.7);
    }
    stage.line(&[see(0.0, low), see(0.0, car.roof + 200.0)], 1.5, scaled(wall, 0.3), 0.8);
    if stage.dice.chance(0.5) {
        let at = [h * stage.dice.uniform(-0.3, 0.3), -(car.belt + stage.dice.uniform(200.0, 600.0)), -22.0];
        let size = [h * stage.dice.uniform(0.5, 1.4), stage.dice.uniform(120.0, 400.0)];
        let board = if stage.dice.chance(0.5) { Board::Bare } else { Board::Sign };
        board::draw(stage, board, size, &stand.pose(at, 0.0, 0.0, 0.0));
    }
}

fn seams(stage: &mut Stage, stand: &Stand, car: &Car) {
    let h = car.half;
    let y = stage.dice.uniform(560.0, 680.0);
    let wide = stage.dice.uniform(0.6, 0.85) * h;
    let dark = scaled(car.paint, 0.25);
    let lid = [[-wide, car.belt], [-wide * 0.95, y], [wide * 0.95, y], [wide, car.belt]];
    stage.line(&car.on_face(stand, lid), 1.2, dark, 0.8);
    let gleam = mix(car.paint, car.sky, 0.5);
    let crease = stage.dice.uniform(y, car.belt - 20.0);
    stage.line(&car.on_face(stand, [[-h * 0.9, crease], [0.0, crease + 8.0], [h * 0.9, crease]]), 1.6, gleam, 0.5);
    // A bar of chrome over the plate.
    if stage.dice.chance(0.4) {
        let (y, wide) = (car.plate + stage.dice.uniform(85.0, 140.0), stage.dice.uniform(280.0, 560.0));
        let bar = [[-wide, y + 16.0], [wide, y + 16.0], [wide * 0.97, y - 16.0], [-wide * 0.97, y - 16.0]];
        let bright = stage.dice.uniform(0.4, 1.1);
        stage.shape(&car.on_face(stand, bar), 0.1, Fill::graded([bright; 3], [bright * 0.3; 3]));
    }
    // The bumper's dark insert with reflectors and exhausts.
    if stage.dice.chance(0.6) {
        let low = car.clearance;
        let high = low + stage.dice.uniform(80.0, 220.0);
        let points = [[-h * 0.8, low], [-h * 0.75, high], [h * 0.75, high], [h * 0.8, low]];
        stage.shape(&car.on_face(stand, points), 0.12, Fill::flat(car.plastic));
        if stage.dice.chance(0.5) {
            let red = stage.tone([0xa8, 0x18, 0x20], 20.0);
            let pipe = stage.tone([0xa0, 0xa0, 0xa4], 30.0);
            let exhaust = stage.dice.chance(0.5);
            for side in [-1.0, 1.0] {
                let y = high + 30.0;
                let reflector =
                    [[0.66, y], [0.66, y + 35.0], [0.88, y + 35.0], [0.88, y]].map(|[x, y]| [side * h * x, y]);
                stage.shape(&car.on_face(stand, reflector), 0.1, Fill::flat(red));
                if exhaust {
                    let at = [side * h * 0.6, low + 45.0];
                    stage.shape(&car.oval(stand, at, [60.0, 34.0]), 0.5, Fill::graded(pipe, scaled(pipe, 0.4)));
                    stage.shape(&car.oval(stand, at, [46.0, 24.0]), 0.5, Fill::flat([0.02; 3]));
                }
            }
        }
    }
}

fn lamps(stage: &mut Stage, stand: &Stand, car: &Car) {
    let h = car.half;
    let upright = car.build != Build::Saloon && stage.dice.chance(0.55);
    let top = car.belt + if upright { stage.dice.uniform(0.0, 350.0) } else { stage.dice.uniform(-70.0, -10.0) };
    let tall = if upright { stage.dice.uniform(250.0, 500.0) } else { stage.dice.uniform(80.0, 220.0) };
    let inner = if upright { stage.dice.uniform(0.78, 0.88) } else { stage.dice.uniform(0.4, 0.72) };
    let (round, slant) = (stage.dice.uniform(0.05, 0.4), stage.dice.uniform(-0.2, 0.5) * tall);
    let red = stage.tone([0xb0, 0x14, 0x1c], 28.0);
    let clear = stage.tone([0xe0, 0xd0, 0xd0], 25.0);
    let split = stage.dice.uniform(0.25, 0.75);
    let bridge = stage.dice.chance(0.12);
    for side in [-1.0, 1.0] {
        let at = |x: f32, y: f32| [side * h * x, y];
        let shape = [at(inner, top - slant), at(inner + 0.02, top - tall), at(0.96, top - tall * 0.9), at(0.98, top)];
        stage.shape(&car.on_face(stand, shape), round, Fill::graded(scaled(red, 1.25), scaled(red, 0.7)));
        let y = top - tall * split;
        let window = [at(inner + 0.03, y), at(inner + 0.03, y - tall * 0.2), at(0.94, y - tall * 0.2), at(0.94, y)];
        stage.shape(&car.on_face(stand, window), 0.2, Fill::flat(clear).cover(0.8));
        if car.lit {
            let [x, y] = stand.see(car.face(side * h * 0.85, top - tall * 0.5));
            let reach = (stand.see(car.face(h, top))[0] - stand.see(car.face(0.0, top))[0]).abs().max(4.0) * 0.45;
            let glow = stage.sensor.tone([0xff, 0x30, 0x30]).map(|v| v * 1.6);
            stage.glow([x, y], [reach, reach], glow, 0.85);
        }
    }
    if bridge {
        let y = top - tall * 0.5;
        let bar = [[-h * inner, y + 22.0], [h * inner, y + 22.0], [h * inner, y - 22.0], [-h * inner, y - 22.0]];
        stage.shape(&car.on_face(stand, bar), 0.0, Fill::flat(red));
    }
}

/// The hollow that the plate stands in.
fn recess(stage: &mut Stage, stand: &Stand, car: &Car) {
    if !stage.dice.chance(0.7) {
        return;
    }
    let (wide, tall) = (stage.dice.uniform(290.0, 420.0), stage.dice.uniform(80.0, 140.0));
    let slope = stage.dice.uniform(0.8, 1.1);
    let (low, high) = (car.plate - tall, car.plate + tall);
    let points = [[-wide, high], [wide, high], [wide * slope, low], [-wide * slope, low]];
    let floor = if stage.dice.chance(0.4) { car.plastic } else { scaled(car.paint, stage.dice.uniform(0.5, 0.95)) };
    stage.shape(&car.on_face(stand, points), 0.15, Fill::graded(scaled(floor, 0.3), floor));
}

/// Names of maker and model left and right.
fn lettering(stage: &mut Stage, stand: &Stand, car: &Car) {
    for side in [-1.0, 1.0] {
        if stage.dice.chance(0.5) {
            let y = car.belt - stage.dice.uniform(30.0, 250.0);
            let [x, y, z] = car.face(side * car.half * stage.dice.uniform(0.35, 0.6), y.max(car.clearance + 250.0));
            let size = [stage.dice.uniform(120.0, 330.0), stage.dice.uniform(28.0, 60.0)];
            board::draw(stage, Board::Bare, size, &stand.pose([x, y, z - 4.0], 0.1, 0.0, 0.0));
        }
    }
    // A sticker.
    if stage.dice.chance(0.15) {
        let [x, y, z] = car.face(car.half * stage.dice.uniform(-0.7, 0.7), car.belt - stage.dice.uniform(0.0, 400.0));
        let size = [stage.dice.uniform(80.0, 260.0), stage.dice.uniform(50.0, 130.0)];
        let pose = stand.pose([x, y, z - 4.0], 0.1, stage.dice.normal(0.05), 0.0);
        board::draw(stage, Board::Sign, size, &pose);
    }
}
