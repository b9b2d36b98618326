//! Where cars stand: sky, buildings, greenery, walls, pillars, the ground and the lines painted on it.

use super::super::canvas::Noise;
use super::super::raster::{Tone, mix, scaled};
use super::brush::Fill;
use super::composition::Composition;
use super::negative::{self, Negative};
use super::pinhole::{PinholeCamera, Stand};

/// The light of a setting.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Hour {
    Day,
    Garage,
    Night,
}

/// What a setting tells the cars in it.
pub(super) struct Setting {
    pub(super) hour: Hour,
    /// What glass and paint mirror.
    pub(super) sky: Tone,
}

/// Draws the setting over the whole picture. `ground` is how far below the origin the ground is, mm.
pub(super) fn paint(scene: &mut Composition, camera: &PinholeCamera, ground: f32) -> Setting {
    let d = scene.difficulty;
    let hour = match scene.rng.weighted(&[0.68, 0.2, 0.12 * d]) {
        0 => Hour::Day,
        1 => Hour::Garage,
        _ => Hour::Night,
    };
    let sky = match hour {
        Hour::Day => {
            let colour =
                scene.rng.pick(&[[0xd8, 0xe0, 0xe8], [0x90, 0xb4, 0xe0], [0xe8, 0xe8, 0xe8], [0xb0, 0xb8, 0xc0]]);
            scene.tone(colour, 20.0)
        }
        Hour::Garage => scene.tone([0x90, 0x92, 0x94], 40.0),
        Hour::Night => scene.tone([0x20, 0x22, 0x2c], 18.0),
    };
    let [w, h] = scene.size();
    let high = mix(sky, scene.sensor.tone([0x60, 0x90, 0xd0]), if hour == Hour::Day { 0.3 } else { 0.0 });
    scene.rectangle([0.0, 0.0, w, h], Fill::graded(high, sky));
    let walled = hour == Hour::Garage || scene.rng.chance(0.25);
    let wall = scene.rng.uniform(2500.0, 12000.0);
    if !walled {
        skyline(scene, camera, ground);
    }
    floor(scene, camera, ground, if walled { wall } else { 70000.0 });
    if walled {
        enclosure(scene, camera, ground, wall, hour);
    }
    lines(scene, camera, ground);
    signs(scene, camera, ground, if walled { wall } else { 9000.0 });
    Setting { hour, sky }
}

/// Buildings and trees beyond the ground.
fn skyline(scene: &mut Composition, camera: &PinholeCamera, ground: f32) {
    for _ in 0..scene.rng.index(6) {
        let depth = scene.rng.uniform(12000.0, 45000.0);
        let (x, wide) = (scene.rng.normal(0.5) * depth, scene.rng.uniform(4000.0, 22000.0));
        let tall = scene.rng.uniform(3500.0, 25000.0);
        let colour = scene.rng.pick(&[[0xb8, 0xb0, 0xa8], [0xc8, 0xc4, 0xc0], [0x90, 0x70, 0x60], [0x70, 0x74, 0x7c]]);
        let wall = scene.tone(colour, 30.0);
        let see = |u: f32, v: f32| camera.see([x + wide * u, ground - tall * v, depth]);
        scene.shape(&[see(0.0, 0.0), see(0.0, 1.0), see(1.0, 1.0), see(1.0, 0.0)], 0.0, Fill::flat(wall));
        let (columns, rows) = (2 + scene.rng.index(7), 1 + scene.rng.index(8));
        let pane = scene.tone([0x38, 0x44, 0x50], 40.0);
        for row in 0..rows {
            let v = (row as f32 + 0.3) / rows as f32;
            let ribbon = scene.rng.chance(0.25);
            let count = if ribbon { 1 } else { columns };
            for column in 0..count {
                let (u, du) = ((column as f32 + 0.2) / count as f32, 0.6 / count as f32);
                let dv = 0.45 / rows as f32;
                let window = [see(u, v), see(u, v + dv), see(u + du, v + dv), see(u + du, v)];
                scene.shape(&window, 0.0, Fill::flat(pane));
            }
        }
    }
    for _ in 0..scene.rng.index(7) {
        let depth = scene.rng.uniform(8000.0, 40000.0);
        let (x, r) = (scene.rng.normal(0.5) * depth, scene.rng.uniform(800.0, 4000.0));
        let leaf = scene.tone([0x3c, 0x54, 0x2c], 30.0);
        let trunk = scene.tone([0x40, 0x34, 0x2c], 20.0);
        let foot = scene.rng.uniform(0.0, 2500.0);
        if foot > 400.0 {
            let thick = (camera.see([x + 150.0, ground, depth])[0] - camera.see([x - 150.0, ground, depth])[0]).abs();
            scene.line(&[camera.see([x, ground, depth]), camera.see([x, ground - foot - r, depth])], thick, trunk, 1.0);
        }
        for tone in [scaled(leaf, 0.7), leaf] {
            let (ox, oy) = (scene.rng.normal(0.25) * r, scene.rng.normal(0.25) * r);
            let crown: Vec<[f32; 2]> = (0..9)
                .map(|i| {
                    let (s, c) = (i as f32 * 0.698).sin_cos();
                    let reach = r * scene.rng.uniform(0.6, 1.3);
                    camera.see([x + ox + reach * c, ground - foot - r + oy - reach * s, depth])
                })
                .collect();
            scene.shape(&crown, 0.4, Fill::graded(tone, scaled(tone, 0.5)));
        }
    }
}

/// A quadrilateral of the ground, mm: as much of it as lies before the camera.
fn patch(camera: &PinholeCamera, ground: f32, [x0, z0, x1, z1]: [f32; 4]) -> [[f32; 2]; 4] {
    let nearest = camera.nearest(ground);
    [[x0, z1], [x1, z1], [x1, z0], [x0, z0]].map(|[x, z]| camera.see([x, ground, z.max(nearest)]))
}

/// All of the picture below the line in which the ground ends, `far` mm away.
fn below(camera: &PinholeCamera, ground: f32, far: f32) -> [[f32; 2]; 4] {
    const BEYOND: f32 = 4000.0;
    let [left, right] = [-0.3, 0.3].map(|share| camera.see([share * far, ground, far]));
    let (dx, dy) = (right[0] - left[0], right[1] - left[1]);
    let length = dx.hypot(dy).max(1e-3);
    let (along, down) = ([dx / length * BEYOND, dy / length * BEYOND], [-dy / length * BEYOND, dx / length * BEYOND]);
    let corner = |from: [f32; 2], along_by: f32, down_by: f32| {
        [0, 1].map(|axis| from[axis] + along_by * along[axis] + down_by * down[axis])
    };
    [corner(left, -1.0, 0.0), corner(right, 1.0, 0.0), corner(right, 1.0, 1.0), corner(left, -1.0, 1.0)]
}

fn floor(scene: &mut Composition, camera: &PinholeCamera, ground: f32, far: f32) {
    let colour = scene.rng.pick(&[
        [0x70, 0x70, 0x70],
        [0x58, 0x58, 0x5a],
        [0x98, 0x96, 0x90],
        [0x84, 0x80, 0x78],
        [0x40, 0x80, 0x60],
        [0x90, 0x48, 0x40],
    ]);
    let tone = scene.tone(colour, 18.0);
    let points = below(camera, ground, far);
    scene.shape(&points, 0.0, Fill::flat(tone));
    // A painted bay.
    if scene.rng.chance(0.3) {
        let colour = scene.rng.pick(&[[0x30, 0x88, 0xc8], [0x30, 0x90, 0x60], [0xb0, 0x40, 0x50], [0x30, 0x30, 0x34]]);
        let bay = scene.tone(colour, 20.0);
        let (x, half) = (scene.rng.normal(900.0), scene.rng.uniform(1100.0, 1800.0));
        let z = scene.rng.uniform(-4000.0, 500.0);
        scene.shape(&patch(camera, ground, [x - half, z, x + half, z + 5500.0]), 0.0, Fill::flat(bay));
    }
    // Stains and patches.
    for _ in 0..scene.rng.index(5) {
        let (x, z) = (scene.rng.normal(2500.0), scene.rng.uniform(-3000.0, 6000.0));
        let (rx, rz) = (scene.rng.uniform(200.0, 2500.0), scene.rng.uniform(200.0, 2500.0));
        let darker = scaled(tone, scene.rng.uniform(0.6, 1.25));
        let cover = scene.rng.uniform(0.2, 0.7);
        scene.shape(&patch(camera, ground, [x - rx, z - rz, x + rx, z + rz]), 0.4, Fill::flat(darker).cover(cover));
    }
    if scene.rng.chance(0.5) {
        let [w, h] = scene.size();
        let cell = h * scene.rng.log_uniform(0.01, 0.06);
        let noise = Noise::new(&mut scene.rng, [w, h], [cell * 2.0, cell]);
        let depth = scene.rng.uniform(0.1, 0.5);
        let top = points[0][1].min(points[1][1]).clamp(0.0, h);
        let region = scene.raster.region(0.0, top, w, h);
        scene.raster.shade(region, |x, y| 1.0 + depth * (noise.at(x, y) - 0.5));
    }
}

/// A wall behind, pillars, and in a garage the ceiling with its lamps.
fn enclosure(scene: &mut Composition, camera: &PinholeCamera, ground: f32, depth: f32, hour: Hour) {
    let tall = if hour == Hour::Garage { scene.rng.uniform(2300.0, 3400.0) } else { scene.rng.uniform(1200.0, 8000.0) };
    let colour = scene.rng.pick(&[
        [0xb8, 0xb8, 0xb4],
        [0xd8, 0xd6, 0xd0],
        [0x80, 0x80, 0x80],
        [0xa0, 0x70, 0x58],
        [0x60, 0x64, 0x68],
    ]);
    let wall = scene.tone(colour, 24.0);
    let band = |from: f32, to: f32| {
        [[-60000.0, to], [60000.0, to], [60000.0, from], [-60000.0, from]]
            .map(|[x, y]: [f32; 2]| camera.see([x, ground - y, depth]))
    };
    if hour == Hour::Garage {
        let [w, h] = scene.size();
        let ceiling = scene.tone([0x70, 0x70, 0x70], 30.0);
        scene.rectangle(
            [0.0, 0.0, w, h.min(band(0.0, tall)[0][1].max(0.0))],
            Fill::graded(ceiling, scaled(ceiling, 0.6)),
        );
        let lamp = scene.sensor.tone([0xff, 0xff, 0xf8]).map(|v| v * 1.4);
        for _ in 0..scene.rng.index(6) {
            let (x, z) = (scene.rng.normal(4000.0), scene.rng.uniform(-500.0, depth));
            let along = scene.rng.chance(0.5);
            let (dx, dz) = if along { (60.0, 700.0) } else { (700.0, 60.0) };
            let points = [[x - dx, z + dz], [x + dx, z + dz], [x + dx, z - dz], [x - dx, z - dz]]
                .map(|[x, z]| camera.see([x, ground - tall, z]));
            scene.shape(&points, 0.0, Fill::flat(lamp));
        }
    }
    scene.shape(&band(0.0, tall), 0.0, Fill::graded(wall, scaled(wall, 0.75)));
    match scene.rng.index(4) {
        // A painted dado or stripes.
        0 | 1 => {
            for _ in 0..1 + scene.rng.index(2) {
                let (y, high) = (scene.rng.uniform(100.0, 1300.0), scene.rng.uniform(80.0, 900.0));
                let stripe = scene.any_tone();
                scene.shape(&band(y, y + high), 0.0, Fill::flat(stripe));
            }
        }
        // Bricks, blocks, boards or a fence.
        2 => {
            let joint = scaled(wall, scene.rng.uniform(0.5, 0.85));
            let pitch = scene.rng.log_uniform(150.0, 900.0);
            for i in 0..((tall / pitch) as usize).min(14) {
                let y = ground - pitch * i as f32;
                scene.line(&[camera.see([-20000.0, y, depth]), camera.see([20000.0, y, depth])], 1.0, joint, 0.7);
            }
            for i in -8..=8 {
                let x = i as f32 * pitch * 2.0;
                scene.line(&[camera.see([x, ground, depth]), camera.see([x, ground - tall, depth])], 1.0, joint, 0.7);
            }
        }
        _ => {}
    }
    for _ in 0..scene.rng.index(4) {
        let (x, z) = (scene.rng.normal(4500.0), depth * scene.rng.uniform(0.4, 1.0));
        let half = scene.rng.uniform(200.0, 450.0);
        let pillar = scene.tone([0xc4, 0xc4, 0xc0], 30.0);
        let box_of = |from: f32, to: f32| {
            [[-half, to], [half, to], [half, from], [-half, from]].map(|[u, y]| camera.see([x + u, ground - y, z]))
        };
        scene.shape(&box_of(0.0, tall), 0.0, Fill::graded(pillar, scaled(pillar, 0.7)));
        let stripe = scene.any_tone();
        let high = scene.rng.uniform(500.0, 1400.0);
        scene.shape(&box_of(200.0, high), 0.0, Fill::flat(stripe));
        if scene.rng.chance(0.5) {
            let pose =
                Stand { camera: *camera, at: [x, ground, z - 10.0], yaw: 0.0 }.pose([0.0, -1700.0, 0.0], 0.0, 0.0, 0.0);
            negative::draw(scene, Negative::Bare, [half * 1.6, half], &pose);
        }
    }
}

/// Lines of parking bays and lanes.
fn lines(scene: &mut Composition, camera: &PinholeCamera, ground: f32) {
    if scene.rng.chance(0.4) {
        return;
    }
    let colour = scene.rng.pick(&[[0xe8, 0xe8, 0xe4], [0xe8, 0xe8, 0xe4], [0xe0, 0xb0, 0x30]]);
    let paint = scene.tone(colour, 20.0);
    let (pitch, offset) = (scene.rng.uniform(2300.0, 3200.0), scene.rng.normal(500.0));
    let (near, far) = (scene.rng.uniform(-4500.0, 0.0), scene.rng.uniform(2500.0, 9000.0));
    let cover = scene.rng.uniform(0.5, 1.0);
    let half = scene.rng.uniform(40.0, 90.0);
    for i in -2..=1 {
        let x = offset + (i as f32 + 0.5) * pitch;
        scene.shape(&patch(camera, ground, [x - half, near, x + half, far]), 0.0, Fill::flat(paint).cover(cover));
    }
    if scene.rng.chance(0.6) {
        let z = if scene.rng.chance(0.5) { near } else { far };
        scene.shape(
            &patch(camera, ground, [-15000.0, z - half, 15000.0, z + half]),
            0.0,
            Fill::flat(paint).cover(cover),
        );
    }
}

/// Signs, banners and posters, people and cones behind the cars.
fn signs(scene: &mut Composition, camera: &PinholeCamera, ground: f32, depth: f32) {
    for _ in 0..scene.rng.weighted(&[0.45, 0.3, 0.15, 0.1]) {
        let z = depth * scene.rng.uniform(0.5, 0.98);
        let negative = scene.rng.pick(&[
            Negative::Sign,
            Negative::Sign,
            Negative::Road,
            Negative::Poster,
            Negative::Blank,
            Negative::Bare,
            Negative::Foreign,
        ]);
        let wide = scene.rng.log_uniform(300.0, 4500.0);
        let tall = match negative {
            Negative::Poster => wide * scene.rng.uniform(0.7, 1.5),
            Negative::Blank | Negative::Foreign => wide * scene.rng.uniform(0.2, 0.5),
            _ => wide * scene.rng.uniform(0.15, 0.5),
        };
        let at = [scene.rng.normal(0.35) * (depth + 4000.0), ground - scene.rng.uniform(400.0, 3800.0), z];
        let pose =
            Stand { camera: *camera, at, yaw: scene.rng.normal(0.25) }.pose([0.0; 3], 0.0, scene.rng.normal(0.02), 0.0);
        negative::draw(scene, negative, [wide, tall], &pose);
    }
    for _ in 0..scene.rng.weighted(&[0.8, 0.12, 0.08]) {
        let (x, z) = (scene.rng.normal(0.35) * (depth + 4000.0), depth * scene.rng.uniform(0.4, 0.95));
        let (coat, legs, skin) = (scene.any_tone(), scene.any_tone(), scene.tone([0xc0, 0x98, 0x80], 30.0));
        let see = |u: f32, v: f32| camera.see([x + u, ground - v, z]);
        scene.shape(&[see(-190.0, 0.0), see(-170.0, 900.0), see(170.0, 900.0), see(190.0, 0.0)], 0.1, Fill::flat(legs));
        scene.shape(
            &[see(-240.0, 750.0), see(-230.0, 1450.0), see(230.0, 1450.0), see(240.0, 750.0)],
            0.3,
            Fill::flat(coat),
        );
        scene.shape(
            &[see(-110.0, 1440.0), see(-110.0, 1720.0), see(110.0, 1720.0), see(110.0, 1440.0)],
            0.5,
            Fill::flat(skin),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ground_ends_at_its_far_line_and_leaves_the_sky() {
        for (pitch, roll) in [(0.0, 0.0), (0.02, 0.3), (0.3, -0.3), (0.6, 0.1)] {
            let (camera, ground, far) = (PinholeCamera::new(1500.0, pitch, roll, 1.0, [320.0, 240.0]), 500.0, 70_000.0);
            let [a, b] = [-0.3, 0.3].map(|share| camera.see([share * far, ground, far]));
            let length = (b[0] - a[0]).hypot(b[1] - a[1]);
            // Pixels below the line through both.
            let depth = |p: [f32; 2]| ((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])) / length;
            let corners = below(&camera, ground, far);
            assert!(corners.iter().all(|&corner| depth(corner) > -1.0), "{pitch} {roll}: {corners:?}");
            assert!(depth(corners[2]) > 1000.0 && depth(corners[3]) > 1000.0, "{pitch} {roll}: {corners:?}");
            // What lies behind the camera is cut off before it is projected.
            let strip = patch(&camera, ground, [-100.0, -20_000.0, 100.0, 3000.0]);
            assert!(strip.iter().all(|&corner| depth(corner) > -1.0), "{pitch} {roll}: {strip:?}");
        }
    }
}
