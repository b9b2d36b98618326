//! The composition of a scene: the plates, what carries them and what is around them, by motif.

use super::super::plate::PlatePlan;
use super::super::pose::Pose;
use super::super::raster::Tone;
use super::super::surroundings;
use super::aim::{Aim, Bounds, aim, bounds, hang, overlap};
use super::car::Car;
use super::composition::Composition;
use super::finish::{finish, grain, illuminate};
use super::mounted::Mounted;
use super::negative::{self, Negative};
use super::pinhole::Stand;
use super::plan::{Motif, ScenePlan};
use super::setting::{self, Hour};
use super::{ScenePlate, clutter, vehicle};

/// Plates narrower than this share of the frame are left out.
const NARROWEST: f32 = 0.025;

/// Draws the picture and says which plates are in it.
pub(super) fn compose(plan: &ScenePlan, scene: &mut Composition) -> Vec<ScenePlate> {
    let plates = match plan.motif {
        Motif::Street => street(plan, scene),
        Motif::Close => close(plan, scene),
        Motif::Clutter => on_clutter(plan, scene),
        Motif::Rack => rack(plan, scene),
    };
    finish(scene, &plates);
    plates
}

fn street(plan: &ScenePlan, scene: &mut Composition) -> Vec<ScenePlate> {
    let plate = PlatePlan::draw(&mut scene.rng, plan.kinds);
    // Its colours follow when the setting is known.
    let mut car = Car::draw(scene, plate.is_commercial(), [0.8; 3]);
    let lean = car.lean(&mut scene.rng);
    let hang = hang(&mut scene.rng, car.plate, lean);
    let aim = aim(scene, plate.size(), plan.share, &hang);
    let setting = setting::paint(scene, &aim.stand.camera, car.plate);
    car.sky = setting.sky;
    car.lit = scene.rng.chance(scene.difficulty * if setting.hour == Hour::Night { 0.6 } else { 0.12 });
    // Now and then nobody is there.
    let deserted = plan.empty && scene.rng.chance(0.3);
    let nearest = (!deserted).then(|| car.bounds(&aim.stand));
    let mut plates = neighbours(plan, scene, &aim, car.sky, nearest);
    if deserted {
        return plates;
    }
    vehicle::paint(scene, &aim.stand, &car);
    if scene.rng.chance(0.4 * scene.difficulty) {
        grain(scene);
    }
    if plan.empty {
        instead(scene, &aim.pose, plate.size());
    } else {
        let mut mounted = Mounted::compose(scene, plate, aim.scale);
        if scene.rng.chance(0.35 * scene.difficulty) {
            let (factor, depth) = (scene.rng.uniform(0.2, 0.8), scene.rng.uniform(0.2, 1.3));
            mounted.shade(factor, depth);
        }
        if scene.rng.chance(0.07 * scene.difficulty) {
            mounted.occlude(scene);
        }
        mounted.project(scene, &aim.pose);
        plates.splice(0..0, mounted.label(&aim.pose));
    }
    illuminate(scene, &aim.pose, setting.hour);
    plates
}

/// Cars beside and behind the main one, the farthest first.
/// `nearest` is the box of the main one, if it is there.
fn neighbours(
    plan: &ScenePlan,
    scene: &mut Composition,
    aim: &Aim,
    sky: Tone,
    nearest: Option<Bounds>,
) -> Vec<ScenePlate> {
    let mut plates = Vec::new();
    let [w, h] = scene.size();
    let count = scene.rng.weighted(&[0.22, 0.2, 0.24, 0.18, 0.16]);
    let row = scene.rng.chance(0.6);
    let mut cars: Vec<(Car, Stand, PlatePlan)> = (0..count)
        .map(|i| {
            let plate = PlatePlan::draw(&mut scene.rng, plan.kinds);
            let car = Car::draw(scene, plate.is_commercial(), sky);
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            let rng = &mut scene.rng;
            let (x, z, yaw) = if row {
                (side * rng.uniform(2350.0, 3100.0) * (1 + i / 2) as f32, rng.normal(500.0), rng.normal(0.06))
            } else {
                (rng.normal(5000.0), rng.uniform(5500.0, 22000.0), rng.uniform(-1.2, 1.2))
            };
            // Beside the car, along its own axes.
            let (s, c) = aim.stand.yaw.sin_cos();
            let at = [x * c - z * s, aim.stand.at[1], x * s + z * c];
            (car, Stand { camera: aim.stand.camera, at, yaw: aim.stand.yaw + yaw }, plate)
        })
        .filter(|(car, stand, _)| stand.camera.faces(stand.place([0.0, -car.belt, 0.0])))
        .collect();
    cars.sort_by(|a, b| b.1.at[2].total_cmp(&a.1.at[2]));
    let shapes: Vec<Bounds> = cars.iter().map(|(car, stand, _)| car.bounds(stand)).collect();
    for (index, (car, stand, plate)) in cars.into_iter().enumerate() {
        vehicle::paint(scene, &stand, &car);
        let size = plate.size();
        let lean = car.lean(&mut scene.rng) * scene.difficulty;
        let pose = stand.pose([0.0, -car.plate, -15.0], lean, 0.0, 0.0);
        let around = bounds(&pose, size);
        let whole = around[0] >= 1.0 && around[1] >= 1.0 && around[2] <= w - 1.0 && around[3] <= h - 1.0;
        let hidden = shapes[index + 1..].iter().chain(&nearest).any(|&shape| overlap(shape, around));
        let seen = around[2] - around[0] >= NARROWEST * w && stand.yaw.abs() < 1.15;
        if plan.empty || !whole || hidden || !seen {
            continue;
        }
        let mounted = Mounted::compose(scene, plate, (around[2] - around[0]) / size[0]);
        mounted.project(scene, &pose);
        plates.extend(mounted.label(&pose));
    }
    plates
}

/// What hangs where a plate would.
fn instead(scene: &mut Composition, pose: &Pose, size: [f32; 2]) {
    match scene.rng.index(4) {
        0 => negative::draw(scene, Negative::Blank, size, pose),
        1 => negative::draw(scene, Negative::Foreign, size, pose),
        _ => {}
    }
}

fn close(plan: &ScenePlan, scene: &mut Composition) -> Vec<ScenePlate> {
    let plate = PlatePlan::draw(&mut scene.rng, plan.kinds);
    let size = plate.size();
    let height = scene.rng.uniform(400.0, 900.0);
    let lean = scene.rng.normal(0.08);
    let hang = hang(&mut scene.rng, height, lean);
    let aim = aim(scene, size, plan.share, &hang);
    let busy = 0.15 + 0.85 * scene.difficulty;
    surroundings::paint(&mut scene.rng, &mut scene.raster, &aim.pose, size, &scene.sensor, busy);
    if scene.rng.chance(0.5) {
        let mut car = Car::draw(scene, plate.is_commercial(), [0.75; 3]);
        car.plate = height;
        let mut mark = |negative: Negative, size: [f32; 2]| {
            let at = [scene.rng.normal(350.0), -height - scene.rng.uniform(90.0, 280.0), 0.0];
            let pose = aim.stand.pose(at, 0.05, 0.0, 0.0);
            negative::draw(scene, negative, size, &pose);
        };
        mark(Negative::Bare, [260.0, 45.0]);
        super::front::emblem(scene, &aim.stand, &car);
    }
    let mut plates = Vec::new();
    if plan.empty {
        instead(scene, &aim.pose, size);
    } else {
        let mut mounted = Mounted::compose(scene, plate, aim.scale);
        if scene.rng.chance(0.1 * scene.difficulty) {
            mounted.occlude(scene);
        }
        mounted.project(scene, &aim.pose);
        plates.extend(mounted.label(&aim.pose));
    }
    let night = scene.rng.chance(0.1 * scene.difficulty);
    illuminate(scene, &aim.pose, if night { Hour::Night } else { Hour::Day });
    plates
}

fn on_clutter(plan: &ScenePlan, scene: &mut Composition) -> Vec<ScenePlate> {
    clutter::paint(scene);
    let [w, h] = scene.size();
    let mut plates: Vec<ScenePlate> = Vec::new();
    let mut taken: Vec<Bounds> = Vec::new();
    let count = if plan.empty { 0 } else { 1 + scene.rng.weighted(&[0.7, 0.2, 0.1]) };
    let mut light = None;
    for index in 0..count {
        let plate = PlatePlan::draw(&mut scene.rng, plan.kinds);
        let lean = scene.rng.normal(0.25);
        let hang = hang(&mut scene.rng, 800.0, lean);
        let share = if index == 0 { plan.share } else { scene.rng.log_uniform(0.05, 0.3) };
        let mut aim = aim(scene, plate.size(), share, &hang);
        // Anywhere, not where plates of cars are.
        let around = bounds(&aim.pose, plate.size());
        let dx = scene.rng.uniform(0.0, (w - 2.0 - (around[2] - around[0])).max(0.0)) + 1.0 - around[0];
        let dy = scene.rng.uniform(0.0, (h - 2.0 - (around[3] - around[1])).max(0.0)) + 1.0 - around[1];
        aim.pose = aim.pose.shifted(dx, dy);
        let around = bounds(&aim.pose, plate.size());
        if taken.iter().any(|&other| overlap(other, around)) {
            continue;
        }
        let mut mounted = Mounted::compose(scene, plate, aim.scale);
        if scene.rng.chance(0.1 * scene.difficulty) {
            mounted.occlude(scene);
        }
        mounted.project(scene, &aim.pose);
        plates.extend(mounted.label(&aim.pose));
        taken.push(around);
        light = light.or(Some(aim.pose));
    }
    if let Some(pose) = light {
        let night = scene.rng.chance(0.12 * scene.difficulty);
        illuminate(scene, &pose, if night { Hour::Night } else { Hour::Day });
    }
    plates
}

/// Plates in rows and columns, those that are whole within the picture.
fn rack(plan: &ScenePlan, scene: &mut Composition) -> Vec<ScenePlate> {
    /// Enough to learn that plates have neighbours on all sides; each takes its time to be drawn.
    const MOST: usize = 24;
    clutter::paint(scene);
    if plan.empty {
        return Vec::new();
    }
    let [w, h] = scene.size();
    let first = PlatePlan::draw(&mut scene.rng, plan.kinds);
    let size = first.size();
    let hang = hang(&mut scene.rng, 800.0, 0.0);
    let aim = aim(scene, size, plan.share, &hang);
    let around = bounds(&aim.pose, size);
    let gap = [scene.rng.uniform(1.03, 1.5), scene.rng.uniform(1.08, 2.2)];
    let pitch = [(around[2] - around[0]) * gap[0], (around[3] - around[1]) * gap[1]];
    // As far to the left and up as a plate is whole in the picture.
    let start = [0, 1].map(|axis| around[axis] - ((around[axis] - 1.0) / pitch[axis]).floor() * pitch[axis]);
    let mut places = Vec::new();
    let mut y = start[1];
    while y + around[3] - around[1] <= h - 0.5 {
        let mut x = start[0];
        while x + around[2] - around[0] <= w - 0.5 {
            places.push([x - around[0], y - around[1]]);
            x += pitch[0];
        }
        y += pitch[1];
    }
    let mut plates = Vec::new();
    let thinned = scene.rng.uniform(0.6, 1.0).min(MOST as f32 / places.len().max(1) as f32);
    let mut plate = Some(first);
    for [dx, dy] in places {
        let next = plate.take().unwrap_or_else(|| PlatePlan::draw(&mut scene.rng, plan.kinds));
        // Of another shape it might lie over its neighbour.
        if next.size() != size || !(plates.is_empty() || scene.rng.chance(thinned)) {
            continue;
        }
        let pose = aim.pose.shifted(dx, dy);
        let mounted = Mounted::compose(scene, next, aim.scale);
        mounted.project(scene, &pose);
        plates.extend(mounted.label(&pose));
    }
    illuminate(scene, &aim.pose, Hour::Day);
    plates
}
