//! The rear of a vehicle: boot lid or tailgate, lamps, bumper, lettering and exhausts; and the body of a lorry.

use super::super::raster::{mix, scaled};
use super::brush::Fill;
use super::car::{Build, Car};
use super::composition::Composition;
use super::front;
use super::negative::{self, Negative};
use super::pinhole::Stand;

pub(super) fn paint(scene: &mut Composition, stand: &Stand, car: &Car) {
    if car.build == Build::Saloon {
        deck(scene, stand, car);
    }
    if car.build == Build::Flat && scene.rng.chance(0.5) {
        load(scene, stand, car);
    }
    front::shell(scene, stand, car);
    seams(scene, stand, car);
    lamps(scene, stand, car);
    recess(scene, stand, car);
    front::emblem(scene, stand, car);
    lettering(scene, stand, car);
}

/// The boot lid behind its edge.
fn deck(scene: &mut Composition, stand: &Stand, car: &Car) {
    let h = car.half;
    let edge = |x: f32| stand.see(car.face(x, car.belt));
    let back = |x: f32| stand.see([x, -car.foot, car.foot_back]);
    let lid = [edge(-h * 0.93), back(-h * 0.92), back(h * 0.92), edge(h * 0.93), edge(0.0)];
    let gloss = scene.rng.uniform(0.1, 0.5);
    scene.shape(&lid, 0.12, Fill::graded(mix(car.paint, car.sky, gloss), car.paint));
}

/// The box or the boards of a lorry.
fn load(scene: &mut Composition, stand: &Stand, car: &Car) {
    let (h, low) = (car.half * 1.05, car.belt - 100.0);
    let see = |x: f32, y: f32| stand.see([x, -y, -20.0]);
    let wall = scene.any_tone();
    let points = [see(-h, low), see(-h, car.roof + 200.0), see(h, car.roof + 200.0), see(h, low)];
    scene.shape(&points, 0.0, Fill::graded(wall, scaled(wall, 0.8)));
    let slats = scene.rng.index(7);
    for i in 0..slats {
        let y = low + (car.roof + 200.0 - low) * (i as f32 + 0.5) / slats as f32;
        scene.line(&[see(-h, y), see(h, y)], 1.2, scaled(wall, 0.4), 0.7);
    }
    scene.line(&[see(0.0, low), see(0.0, car.roof + 200.0)], 1.5, scaled(wall, 0.3), 0.8);
    if scene.rng.chance(0.5) {
        let at = [h * scene.rng.uniform(-0.3, 0.3), -(car.belt + scene.rng.uniform(200.0, 600.0)), -22.0];
        let size = [h * scene.rng.uniform(0.5, 1.4), scene.rng.uniform(120.0, 400.0)];
        let negative = if scene.rng.chance(0.5) { Negative::Bare } else { Negative::Sign };
        negative::draw(scene, negative, size, &stand.pose(at, 0.0, 0.0, 0.0));
    }
}

fn seams(scene: &mut Composition, stand: &Stand, car: &Car) {
    let h = car.half;
    let y = scene.rng.uniform(560.0, 680.0);
    let wide = scene.rng.uniform(0.6, 0.85) * h;
    let dark = scaled(car.paint, 0.25);
    let lid = [[-wide, car.belt], [-wide * 0.95, y], [wide * 0.95, y], [wide, car.belt]];
    scene.line(&car.on_face(stand, lid), 1.2, dark, 0.8);
    let gleam = mix(car.paint, car.sky, 0.5);
    let crease = scene.rng.uniform(y, car.belt - 20.0);
    scene.line(&car.on_face(stand, [[-h * 0.9, crease], [0.0, crease + 8.0], [h * 0.9, crease]]), 1.6, gleam, 0.5);
    // A bar of chrome over the plate.
    if scene.rng.chance(0.4) {
        let (y, wide) = (car.plate + scene.rng.uniform(85.0, 140.0), scene.rng.uniform(280.0, 560.0));
        let bar = [[-wide, y + 16.0], [wide, y + 16.0], [wide * 0.97, y - 16.0], [-wide * 0.97, y - 16.0]];
        let bright = scene.rng.uniform(0.4, 1.1);
        scene.shape(&car.on_face(stand, bar), 0.1, Fill::graded([bright; 3], [bright * 0.3; 3]));
    }
    // The bumper's dark insert with reflectors and exhausts.
    if scene.rng.chance(0.6) {
        let low = car.clearance;
        let high = low + scene.rng.uniform(80.0, 220.0);
        let points = [[-h * 0.8, low], [-h * 0.75, high], [h * 0.75, high], [h * 0.8, low]];
        scene.shape(&car.on_face(stand, points), 0.12, Fill::flat(car.plastic));
        if scene.rng.chance(0.5) {
            let red = scene.tone([0xa8, 0x18, 0x20], 20.0);
            let pipe = scene.tone([0xa0, 0xa0, 0xa4], 30.0);
            let exhaust = scene.rng.chance(0.5);
            for side in [-1.0, 1.0] {
                let y = high + 30.0;
                let reflector =
                    [[0.66, y], [0.66, y + 35.0], [0.88, y + 35.0], [0.88, y]].map(|[x, y]| [side * h * x, y]);
                scene.shape(&car.on_face(stand, reflector), 0.1, Fill::flat(red));
                if exhaust {
                    let at = [side * h * 0.6, low + 45.0];
                    scene.shape(&car.oval(stand, at, [60.0, 34.0]), 0.5, Fill::graded(pipe, scaled(pipe, 0.4)));
                    scene.shape(&car.oval(stand, at, [46.0, 24.0]), 0.5, Fill::flat([0.02; 3]));
                }
            }
        }
    }
}

fn lamps(scene: &mut Composition, stand: &Stand, car: &Car) {
    let h = car.half;
    let upright = car.build != Build::Saloon && scene.rng.chance(0.55);
    let top = car.belt + if upright { scene.rng.uniform(0.0, 350.0) } else { scene.rng.uniform(-70.0, -10.0) };
    let tall = if upright { scene.rng.uniform(250.0, 500.0) } else { scene.rng.uniform(80.0, 220.0) };
    let inner = if upright { scene.rng.uniform(0.78, 0.88) } else { scene.rng.uniform(0.4, 0.72) };
    let (round, slant) = (scene.rng.uniform(0.05, 0.4), scene.rng.uniform(-0.2, 0.5) * tall);
    let red = scene.tone([0xb0, 0x14, 0x1c], 28.0);
    let clear = scene.tone([0xe0, 0xd0, 0xd0], 25.0);
    let split = scene.rng.uniform(0.25, 0.75);
    let bridge = scene.rng.chance(0.12);
    for side in [-1.0, 1.0] {
        let at = |x: f32, y: f32| [side * h * x, y];
        let shape = [at(inner, top - slant), at(inner + 0.02, top - tall), at(0.96, top - tall * 0.9), at(0.98, top)];
        scene.shape(&car.on_face(stand, shape), round, Fill::graded(scaled(red, 1.25), scaled(red, 0.7)));
        let y = top - tall * split;
        let window = [at(inner + 0.03, y), at(inner + 0.03, y - tall * 0.2), at(0.94, y - tall * 0.2), at(0.94, y)];
        scene.shape(&car.on_face(stand, window), 0.2, Fill::flat(clear).cover(0.8));
        if car.lit {
            let [x, y] = stand.see(car.face(side * h * 0.85, top - tall * 0.5));
            let reach = (stand.see(car.face(h, top))[0] - stand.see(car.face(0.0, top))[0]).abs().max(4.0) * 0.45;
            let glow = scene.sensor.tone([0xff, 0x30, 0x30]).map(|v| v * 1.6);
            scene.glow([x, y], [reach, reach], glow, 0.85);
        }
    }
    if bridge {
        let y = top - tall * 0.5;
        let bar = [[-h * inner, y + 22.0], [h * inner, y + 22.0], [h * inner, y - 22.0], [-h * inner, y - 22.0]];
        scene.shape(&car.on_face(stand, bar), 0.0, Fill::flat(red));
    }
}

/// The hollow that the plate stands in.
fn recess(scene: &mut Composition, stand: &Stand, car: &Car) {
    if !scene.rng.chance(0.7) {
        return;
    }
    let (wide, tall) = (scene.rng.uniform(290.0, 420.0), scene.rng.uniform(80.0, 140.0));
    let slope = scene.rng.uniform(0.8, 1.1);
    let (low, high) = (car.plate - tall, car.plate + tall);
    let points = [[-wide, high], [wide, high], [wide * slope, low], [-wide * slope, low]];
    let floor = if scene.rng.chance(0.4) { car.plastic } else { scaled(car.paint, scene.rng.uniform(0.5, 0.95)) };
    scene.shape(&car.on_face(stand, points), 0.15, Fill::graded(scaled(floor, 0.3), floor));
}

/// Names of maker and model left and right.
fn lettering(scene: &mut Composition, stand: &Stand, car: &Car) {
    for side in [-1.0, 1.0] {
        if scene.rng.chance(0.5) {
            let y = car.belt - scene.rng.uniform(30.0, 250.0);
            let [x, y, z] = car.face(side * car.half * scene.rng.uniform(0.35, 0.6), y.max(car.clearance + 250.0));
            let size = [scene.rng.uniform(120.0, 330.0), scene.rng.uniform(28.0, 60.0)];
            negative::draw(scene, Negative::Bare, size, &stand.pose([x, y, z - 4.0], 0.1, 0.0, 0.0));
        }
    }
    // A sticker.
    if scene.rng.chance(0.15) {
        let [x, y, z] = car.face(car.half * scene.rng.uniform(-0.7, 0.7), car.belt - scene.rng.uniform(0.0, 400.0));
        let size = [scene.rng.uniform(80.0, 260.0), scene.rng.uniform(50.0, 130.0)];
        let pose = stand.pose([x, y, z - 4.0], 0.1, scene.rng.normal(0.05), 0.0);
        negative::draw(scene, Negative::Sign, size, &pose);
    }
}
