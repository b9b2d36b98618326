//! The front of a vehicle: bonnet, bumper, grille, lamps, intake and emblem.

use super::super::raster::{Tone, mix, scaled};
use super::brush::Fill;
use super::car::{Build, Car, mirrored};
use super::composition::Composition;
use super::pinhole::Stand;

pub(super) fn paint(scene: &mut Composition, stand: &Stand, car: &Car) {
    if car.build != Build::Flat {
        bonnet(scene, stand, car);
    }
    shell(scene, stand, car);
    intake(scene, stand, car);
    grille(scene, stand, car);
    lamps(scene, stand, car);
    emblem(scene, stand, car);
}

fn bonnet(scene: &mut Composition, stand: &Stand, car: &Car) {
    let h = car.half;
    let edge = |x: f32| stand.see(car.face(x, car.belt));
    let back = |x: f32| stand.see([x, -car.foot, car.foot_back]);
    let lid = [
        edge(-h * 0.93),
        back(-h * 0.92),
        back(0.0),
        back(h * 0.92),
        edge(h * 0.93),
        edge(h * 0.5),
        edge(0.0),
        edge(-h * 0.5),
    ];
    let gloss = scene.rng.uniform(0.05, 0.5);
    let (far, near) = (mix(car.paint, car.sky, gloss), mix(scaled(car.paint, 0.95), car.sky, gloss * 0.5));
    scene.shape(&lid, 0.12, Fill::graded(far, near));
    mirrored(scene, [scaled(car.paint, 0.4), mix(car.paint, car.sky, 0.8)], |u, t| {
        let ([ax, ay], [bx, by]) = (edge(u * h * 0.9), back(u * h * 0.9));
        [ax + (bx - ax) * t, ay + (by - ay) * t]
    });
    let crease = scene.rng.uniform(0.3, 0.75) * h;
    for side in [-1.0, 1.0] {
        let line = [edge(side * crease * 0.85), back(side * crease)];
        scene.line(&line, 1.2, mix(car.paint, car.sky, 0.6), 0.5);
        let seam = [edge(side * h * 0.82), back(side * h * 0.86)];
        scene.line(&seam, 1.0, scaled(car.paint, 0.3), 0.6);
    }
}

/// The bumper and what is above it, up to the bonnet or the windscreen.
pub(super) fn shell(scene: &mut Composition, stand: &Stand, car: &Car) {
    let (h, low) = (car.half, car.clearance);
    let top = if car.build == Build::Flat { car.foot + 40.0 } else { car.belt };
    let points = car.on_face(
        stand,
        [
            [-h * 0.86, low],
            [-h, low + 130.0],
            [-h, top - 120.0],
            [-h * 0.9, top - 20.0],
            [-h * 0.5, top + 15.0],
            [0.0, top + 25.0],
            [h * 0.5, top + 15.0],
            [h * 0.9, top - 20.0],
            [h, top - 120.0],
            [h, low + 130.0],
            [h * 0.86, low],
            [0.0, low - 15.0],
        ],
    );
    let gloss = scene.rng.uniform(0.0, 0.3);
    let (bright, dim) = (scene.rng.uniform(0.9, 1.15), scene.rng.uniform(0.4, 0.85));
    scene.shape(&points, 0.25, Fill::graded(mix(scaled(car.paint, bright), car.sky, gloss), scaled(car.paint, dim)));
    // The bumper's upper edge catches the light; below it the road is mirrored.
    let ridge = scene.rng.uniform(car.clearance + 250.0, top - 60.0);
    let band = car.on_face(
        stand,
        [
            [-h * 0.97, ridge],
            [0.0, ridge + 15.0],
            [h * 0.97, ridge],
            [h * 0.97, ridge - 70.0],
            [0.0, ridge - 60.0],
            [-h * 0.97, ridge - 70.0],
        ],
    );
    let cover = scene.rng.uniform(0.1, 0.6);
    scene.shape(&band, 0.2, Fill::graded(mix(car.paint, car.sky, 0.6), car.paint).cover(cover));
    mirrored(scene, [scaled(car.paint, 0.5), mix(car.paint, car.sky, 0.6)], |u, t| {
        stand.see(car.face(u * h * 0.9, low + 150.0 + (top - low - 180.0) * t))
    });
    // The dark valance.
    if scene.rng.chance(0.7) {
        let y = low + scene.rng.uniform(40.0, 160.0);
        let points = car.on_face(
            stand,
            [
                [-h * 0.88, low - 5.0],
                [-h * 0.95, y],
                [0.0, y + scene.rng.uniform(-20.0, 50.0)],
                [h * 0.95, y],
                [h * 0.88, low - 5.0],
            ],
        );
        scene.shape(&points, 0.15, Fill::flat(car.plastic));
    }
}

/// The opening in the bumper, at or below the plate.
fn intake(scene: &mut Composition, stand: &Stand, car: &Car) {
    if !scene.rng.chance(0.85) {
        return;
    }
    let (wide, slope) = (car.half * scene.rng.uniform(0.35, 0.72), scene.rng.uniform(0.75, 1.15));
    let high = (car.plate + scene.rng.uniform(-60.0, 110.0)).min(car.belt - 60.0);
    let low = (car.clearance + scene.rng.uniform(30.0, 120.0)).min(high - 40.0);
    let points = [[-wide, high], [wide, high], [wide * slope, low], [-wide * slope, low]];
    let dark = scaled(car.plastic, 0.5);
    scene.shape(&car.on_face(stand, points), 0.15, Fill::graded(scaled(dark, 0.5), dark));
    bars(scene, stand, car, [wide.min(wide * slope) * 0.96, low, high], car.plastic);
    // Fog lamps in pockets.
    if scene.rng.chance(0.75) && car.build != Build::Flat {
        let (x, y) = (car.half * scene.rng.uniform(0.7, 0.8), car.clearance + scene.rng.uniform(120.0, 240.0));
        let (rx, ry) = (car.half * scene.rng.uniform(0.07, 0.16), scene.rng.uniform(35.0, 90.0));
        let lens = scene.tone([0xc8, 0xcc, 0xd0], 30.0);
        let round = scene.rng.chance(0.6);
        for side in [-1.0, 1.0] {
            let pocket = [
                [side * (x - rx), y - ry],
                [side * (x - rx), y + ry * 0.6],
                [side * (x + rx), y + ry],
                [side * (x + rx), y - ry],
            ];
            scene.shape(&car.on_face(stand, pocket), 0.25, Fill::flat(scaled(car.plastic, 0.6)));
            if round {
                scene.shape(&car.oval(stand, [side * x, y], [45.0, 45.0]), 0.5, Fill::graded(lens, scaled(lens, 0.3)));
            }
        }
    }
}

/// Bars or a mesh across an opening `[half width, low, high]`.
pub(super) fn bars(scene: &mut Composition, stand: &Stand, car: &Car, [wide, low, high]: [f32; 3], tone: Tone) {
    let pixel = (stand.see(car.face(0.0, low))[1] - stand.see(car.face(0.0, high))[1]).abs() / (high - low).max(1.0);
    let bright = if scene.rng.chance(0.4) {
        [scene.rng.uniform(0.35, 0.9); 3]
    } else {
        scaled(tone, scene.rng.uniform(1.0, 2.5))
    };
    let style = scene.rng.index(4);
    let thick = scene.rng.uniform(8.0, 22.0);
    if style != 1 {
        let count = 1 + scene.rng.index(((high - low) / 45.0).clamp(1.0, 8.0) as usize);
        for i in 0..count {
            let y = low + (high - low) * (i as f32 + 0.5) / count as f32;
            scene.line(&car.on_face(stand, [[-wide, y], [0.0, y], [wide, y]]), thick * pixel, bright, 0.9);
        }
    }
    if style == 1 || style == 2 {
        let count = 5 + scene.rng.index(22);
        for i in 0..count {
            let x = wide * ((i as f32 + 0.5) / count as f32 * 2.0 - 1.0);
            scene.line(&car.on_face(stand, [[x, low + 6.0], [x, high - 6.0]]), thick * 0.7 * pixel, bright, 0.9);
        }
    }
}

fn grille(scene: &mut Composition, stand: &Stand, car: &Car) {
    let top = car.belt - scene.rng.uniform(20.0, 90.0);
    let above = car.plate + scene.rng.uniform(80.0, 150.0);
    let mut low = above + (top - above) * scene.rng.uniform(0.0, 0.5);
    // Some makers' grilles reach down behind the plate.
    if scene.rng.chance(0.25) {
        low = car.plate - scene.rng.uniform(60.0, 160.0);
    }
    if top - low < 40.0 || scene.rng.chance(0.08) {
        return;
    }
    let wide = car.half * scene.rng.uniform(0.3, 0.62);
    let (a, b) = (scene.rng.uniform(0.8, 1.15), scene.rng.uniform(0.65, 1.0));
    let middle = low + (top - low) * scene.rng.uniform(0.4, 0.8);
    let shape = |grow: f32| {
        [
            [-(wide * a + grow), top + grow],
            [wide * a + grow, top + grow],
            [wide + grow, middle],
            [wide * b + grow, low - grow],
            [-(wide * b + grow), low - grow],
            [-(wide + grow), middle],
        ]
    };
    let round = scene.rng.uniform(0.05, 0.4);
    let chrome = scene.rng.uniform(0.5, 1.0);
    if scene.rng.chance(0.65) {
        let rim = scene.rng.uniform(8.0, 35.0);
        scene.shape(&car.on_face(stand, shape(rim)), round, Fill::graded([chrome; 3], [0.25 * chrome; 3]));
    }
    scene.shape(
        &car.on_face(stand, shape(0.0)),
        round,
        Fill::graded(scaled(car.plastic, 0.3), scaled(car.plastic, 0.8)),
    );
    // The same opening in the colour of the car, as electric cars have it.
    if scene.rng.chance(0.1) {
        scene.shape(&car.on_face(stand, shape(-12.0)), round, Fill::graded(car.paint, scaled(car.paint, 0.7)));
    } else {
        bars(scene, stand, car, [wide * a.min(b) * 0.95, low, top], scaled(car.plastic, 1.6));
    }
    if scene.rng.chance(0.3) {
        let y = top - (top - low) * scene.rng.uniform(0.1, 0.6);
        scene.line(&car.on_face(stand, [[-wide, y], [0.0, y], [wide, y]]), 2.0, [chrome; 3], 0.9);
    }
}

fn lamps(scene: &mut Composition, stand: &Stand, car: &Car) {
    let h = car.half;
    let top = car.belt - scene.rng.uniform(20.0, 110.0);
    let tall = scene.rng.uniform(70.0, 200.0);
    let (inner, outer) = (scene.rng.uniform(0.5, 0.68), scene.rng.uniform(0.93, 1.0));
    let (dip, slant) = (scene.rng.uniform(0.0, 0.5) * tall, scene.rng.uniform(-0.2, 0.5) * tall);
    let round = scene.rng.uniform(0.05, 0.5);
    let lens = mix(scene.tone([0x50, 0x54, 0x5a], 40.0), car.sky, 0.15);
    let reflector = scene.tone([0xd8, 0xdc, 0xe0], 25.0);
    let (count, line) = (1 + scene.rng.index(3), scene.rng.chance(0.4));
    let amber = scene.tone([0xd8, 0x80, 0x20], 25.0);
    for side in [-1.0, 1.0] {
        let at = |x: f32, y: f32| [side * h * x, y];
        let shape = [
            at(inner, top - slant),
            at(inner + 0.02, top - tall + dip),
            at(outer - 0.1, top - tall),
            at(outer, top - tall * 0.3),
            at(outer - 0.04, top + 0.2 * slant),
        ];
        scene.shape(&car.on_face(stand, shape), round, Fill::graded(mix(lens, car.sky, 0.3), lens));
        for i in 0..count {
            let x = inner + (outer - inner) * (0.3 + 0.5 * i as f32 / count as f32);
            let r = tall * 0.32;
            let spot = car.oval(stand, at(x, top - tall * 0.5), [r, r]);
            scene.shape(&spot, 0.5, Fill::graded(reflector, scaled(reflector, 0.25)));
            scene.shape(
                &car.oval(stand, at(x, top - tall * 0.5), [r * 0.5, r * 0.5]),
                0.5,
                Fill::flat(scaled(lens, 0.6)),
            );
        }
        if line {
            let points =
                [at(inner, top - tall + dip), at(outer - 0.1, top - tall + 8.0), at(outer - 0.01, top - tall * 0.3)];
            scene.line(&car.on_face(stand, points), 1.6, [1.1; 3], 0.9);
        }
        if scene.rng.chance(0.3) {
            scene.shape(
                &car.oval(stand, at(outer - 0.07, top - tall * 0.55), [tall * 0.25; 2]),
                0.5,
                Fill::flat(amber).cover(0.8),
            );
        }
        if car.lit {
            let [x, y] = stand.see(car.face(side * h * (inner + 0.1), top - tall * 0.5));
            let reach = (stand.see(car.face(h, top))[0] - stand.see(car.face(0.0, top))[0]).abs().max(4.0);
            let far = scene.rng.log_uniform(0.12, 0.7);
            scene.glow([x, y], [reach * far, reach * far], [1.9, 1.85, 1.7], 0.9);
            scene.glow([x, y], [reach * 0.16, reach * 0.16], [2.0; 3], 1.0);
        }
    }
}

/// The maker's mark: an oval, a ring, a bar or letters.
pub(super) fn emblem(scene: &mut Composition, stand: &Stand, car: &Car) {
    let y = if car.is_rear {
        (car.plate + scene.rng.uniform(140.0, 220.0)).min(car.belt + 20.0)
    } else {
        car.belt - scene.rng.uniform(10.0, 120.0)
    };
    let (rx, ry) = (scene.rng.uniform(40.0, 95.0), scene.rng.uniform(25.0, 55.0));
    let bright = scene.rng.uniform(0.6, 1.1);
    let shine = Fill::graded([bright; 3], [bright * 0.4; 3]);
    match scene.rng.index(4) {
        0 => {}
        1 => {
            scene.shape(&car.oval(stand, [0.0, y], [rx, ry]), 0.5, shine);
            scene.shape(&car.oval(stand, [0.0, y], [rx * 0.78, ry * 0.7]), 0.5, Fill::flat(scaled(car.plastic, 0.8)));
            let slant = [[-rx * 0.35, y - ry * 0.5], [-rx * 0.1, y], [rx * 0.1, y], [rx * 0.35, y + ry * 0.5]];
            scene.line(&car.on_face(stand, slant), 1.5, [bright; 3], 0.9);
        }
        2 => {
            scene.shape(&car.oval(stand, [0.0, y], [ry, ry]), 0.5, shine);
            scene.shape(&car.oval(stand, [0.0, y], [ry * 0.7, ry * 0.7]), 0.5, Fill::flat(car.glass));
        }
        _ => {
            let wings = [
                [-rx, y],
                [-rx * 0.2, y + ry * 0.5],
                [rx * 0.2, y + ry * 0.5],
                [rx, y],
                [rx * 0.2, y - ry * 0.5],
                [-rx * 0.2, y - ry * 0.5],
            ];
            scene.shape(&car.on_face(stand, wings), 0.2, shine);
        }
    }
}
