//! What is in a picture and where: the plates and what carries them, their light, and what is laid over all.

use kr_lpr::geometry::Point;

use super::super::canvas::Noise;
use super::super::dice::Dice;
use super::super::pose::Pose;
use super::super::raster::Tone;
use super::super::{KindMix, Synth, light, surroundings};
use super::board::{self, Board};
use super::car::Car;
use super::eye::{Eye, Stand};
use super::mount::Issue;
use super::place::{self, Hour};
use super::stage::Stage;
use super::{ScenePlate, clutter, vehicle};

/// Plates narrower than this share of the frame are left out.
const NARROWEST: f32 = 0.025;

/// A box around something in the picture: x0, y0, x1, y1 in pixels.
type Bounds = [f32; 4];

/// What the picture is of.
#[derive(Clone, Copy, PartialEq)]
enum Motif {
    /// Cars in a place.
    Street,
    /// The bodywork around a plate.
    Close,
    /// No car, no place.
    Clutter,
    /// As many plates as fit, beside and below each other.
    Rack,
}

/// What is decided before anything is drawn.
pub(super) struct Script {
    motif: Motif,
    empty: bool,
    /// Width of the main plate as a share of the frame's.
    pub(super) share: f32,
}

impl Script {
    pub(super) fn draw(dice: &mut Dice, empty: f32, [width, height]: [usize; 2]) -> Script {
        let motif = match dice.weighted(&[0.66, 0.14, 0.16, 0.04]) {
            0 => Motif::Street,
            1 => Motif::Close,
            2 => Motif::Clutter,
            _ => Motif::Rack,
        };
        let share = match dice.weighted(&[0.34, 0.38, 0.16, 0.12]) {
            // A car that fills the picture, and any other.
            0 => dice.log_uniform(0.17, 0.36),
            1 => dice.log_uniform(0.1, 0.4),
            2 => dice.log_uniform(0.03, 0.1),
            _ => dice.log_uniform(0.4, 1.0),
        };
        let close = dice.log_uniform(0.3, 1.0);
        // Wide crops are crops around a plate.
        let wide = width as f32 / height as f32 > 1.9;
        let share = match motif {
            Motif::Close => close,
            Motif::Rack => dice.log_uniform(0.06, 0.22),
            _ if wide => share.max(0.12),
            _ => share,
        };
        Script { motif, empty: dice.chance(empty), share }
    }
}

/// Who makes the plates, of which kinds, and for what picture.
pub(super) struct Order<'a> {
    pub(super) synth: &'a Synth,
    pub(super) kinds: &'a KindMix,
    pub(super) script: &'a Script,
}

/// Draws the picture and says which plates are in it.
pub(super) fn perform(order: &Order, stage: &mut Stage) -> Vec<ScenePlate> {
    let plates = match order.script.motif {
        Motif::Street => street(order, stage),
        Motif::Close => close(order, stage),
        Motif::Clutter => on_clutter(order, stage),
        Motif::Rack => rack(order, stage),
    };
    finish(stage, &plates);
    plates
}

/// A camera aimed at a plate of `size` mm, with the plate's stand and pose: the plate is whole within the picture and
/// as near as can be to `share` of its width.
struct Aim {
    stand: Stand,
    pose: Pose,
    /// Pixels a mm at the plate.
    scale: f32,
}

/// How high the plate is above the ground, how far it leans and is turned in its plane, how much it sags.
struct Hang {
    height: f32,
    lean: f32,
    turn: f32,
    bow: f32,
}

fn aim(stage: &mut Stage, size: [f32; 2], share: f32, hang: &Hang) -> Aim {
    let [w, h] = stage.size();
    let d = stage.difficulty;
    let dice = &mut stage.dice;
    let yaw = match dice.weighted(&[0.58, 0.3, 0.12]) {
        0 => dice.normal(12.0),
        1 => dice.uniform(-42.0, 42.0),
        _ => dice.uniform(-62.0, 62.0),
    };
    let roll = if dice.chance(0.15) { dice.uniform(-25.0, 25.0) } else { dice.normal(2.5) };
    let distance = if share < 0.1 { dice.log_uniform(3000.0, 16000.0) } else { dice.log_uniform(1300.0, 8000.0) };
    let eyes = match dice.weighted(&[0.8, 0.12, 0.08]) {
        0 => dice.uniform(900.0, 1750.0),
        1 => dice.uniform(2200.0, 6000.0),
        _ => dice.uniform(300.0, 800.0),
    };
    let pitch = ((eyes - hang.height) / distance).clamp(-0.3, 0.62).asin() * d;
    let [yaw, roll] = [yaw, roll].map(|degrees| degrees.to_radians() * d);
    let mut scale = share * w / size[0] / yaw.cos().max(0.6);
    let stand = |eye: Eye| Stand { eye, at: [0.0, hang.height, 0.0], yaw };
    let pose_of = |eye: Eye| stand(eye).pose([0.0, -hang.height, 0.0], hang.lean * d, hang.turn * d, hang.bow * d);
    let mut eye = Eye::new(distance, pitch, roll, scale, [0.0; 2]);
    let mut around = bounds(&pose_of(eye), size);
    let room = [w - 2.0, h - 2.0];
    let fit = (room[0] / (around[2] - around[0])).min(room[1] / (around[3] - around[1])) * 0.99;
    if fit < 1.0 {
        scale *= fit;
        eye = eye.magnified(fit);
        around = around.map(|v| v * fit);
    }
    let far = (around[2] - around[0]) / w < 0.12;
    let at = if far || dice.chance(0.12) {
        [dice.unit() * w, dice.unit() * h]
    } else {
        [w * (0.5 + dice.normal(0.12)), h * (0.63 + dice.normal(0.14))]
    };
    let put = |at: f32, low: f32, high: f32, side: f32| at.clamp(1.0 - low, (side - 1.0 - high).max(1.0 - low));
    let eye = eye.moved(put(at[0], around[0], around[2], w), put(at[1], around[1], around[3], h));
    Aim { stand: stand(eye), pose: pose_of(eye), scale }
}

fn bounds(pose: &Pose, [width, height]: [f32; 2]) -> Bounds {
    let [x, y] = [width / 2.0, height / 2.0];
    let corners: [Point; 4] = [(-x, -y), (x, -y), (x, y), (-x, y)].map(|(x, y)| pose.to_frame(x, y));
    corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |b, p| {
        [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)]
    })
}

fn overlap(a: Bounds, b: Bounds) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

fn hang(dice: &mut Dice, height: f32, lean: f32) -> Hang {
    let bow = if dice.chance(0.25) { dice.normal(0.02) * 110.0 / (260.0 * 260.0) } else { 0.0 };
    Hang { height, lean, turn: dice.normal(0.018), bow }
}

fn street(order: &Order, stage: &mut Stage) -> Vec<ScenePlate> {
    let Order { synth, kinds, script } = *order;
    let issue = Issue::draw(stage, kinds);
    // Its colours follow when the place is known.
    let mut car = Car::draw(stage, issue.is_commercial(), [0.8; 3]);
    let lean = car.lean(&mut stage.dice);
    let hang = hang(&mut stage.dice, car.plate, lean);
    let aim = aim(stage, issue.size(), script.share, &hang);
    let place = place::paint(stage, &aim.stand.eye, car.plate);
    car.sky = place.sky;
    car.lit = stage.dice.chance(stage.difficulty * if place.hour == Hour::Night { 0.6 } else { 0.12 });
    // Now and then nobody is there.
    let deserted = script.empty && stage.dice.chance(0.3);
    let nearest = (!deserted).then(|| car.bounds(&aim.stand));
    let mut plates = neighbours(order, stage, &aim, car.sky, nearest);
    if deserted {
        return plates;
    }
    vehicle::paint(stage, &aim.stand, &car);
    if stage.dice.chance(0.4 * stage.difficulty) {
        grain(stage);
    }
    if script.empty {
        instead(stage, &aim.pose, issue.size());
    } else {
        let mut mount = issue.mount(synth, stage, aim.scale);
        if stage.dice.chance(0.35 * stage.difficulty) {
            let (factor, depth) = (stage.dice.uniform(0.2, 0.8), stage.dice.uniform(0.2, 1.3));
            mount.shade(factor, depth);
        }
        if stage.dice.chance(0.07 * stage.difficulty) {
            mount.occlude(stage);
        }
        mount.project(stage, &aim.pose);
        plates.splice(0..0, mount.label(&aim.pose));
    }
    illuminate(stage, &aim.pose, place.hour);
    plates
}

/// Cars beside and behind the main one, the farthest first.
/// `nearest` is the box of the main one, if it is there.
fn neighbours(order: &Order, stage: &mut Stage, aim: &Aim, sky: Tone, nearest: Option<Bounds>) -> Vec<ScenePlate> {
    let Order { synth, kinds, script } = *order;
    let mut plates = Vec::new();
    let [w, h] = stage.size();
    let count = stage.dice.weighted(&[0.22, 0.2, 0.24, 0.18, 0.16]);
    let row = stage.dice.chance(0.6);
    let mut cars: Vec<(Car, Stand, Issue)> = (0..count)
        .map(|i| {
            let issue = Issue::draw(stage, kinds);
            let car = Car::draw(stage, issue.is_commercial(), sky);
            let side = if i % 2 == 0 { 1.0 } else { -1.0 };
            let dice = &mut stage.dice;
            let (x, z, yaw) = if row {
                (side * dice.uniform(2350.0, 3100.0) * (1 + i / 2) as f32, dice.normal(500.0), dice.normal(0.06))
            } else {
                (dice.normal(5000.0), dice.uniform(5500.0, 22000.0), dice.uniform(-1.2, 1.2))
            };
            // Beside the car, along its own axes.
            let (s, c) = aim.stand.yaw.sin_cos();
            let at = [x * c - z * s, aim.stand.at[1], x * s + z * c];
            (car, Stand { eye: aim.stand.eye, at, yaw: aim.stand.yaw + yaw }, issue)
        })
        .filter(|(car, stand, _)| stand.eye.faces(stand.place([0.0, -car.belt, 0.0])))
        .collect();
    cars.sort_by(|a, b| b.1.at[2].total_cmp(&a.1.at[2]));
    let shapes: Vec<Bounds> = cars.iter().map(|(car, stand, _)| car.bounds(stand)).collect();
    for (index, (car, stand, issue)) in cars.into_iter().enumerate() {
        vehicle::paint(stage, &stand, &car);
        let size = issue.size();
        let lean = car.lean(&mut stage.dice) * stage.difficulty;
        let pose = stand.pose([0.0, -car.plate, -15.0], lean, 0.0, 0.0);
        let around = bounds(&pose, size);
        let whole = around[0] >= 1.0 && around[1] >= 1.0 && around[2] <= w - 1.0 && around[3] <= h - 1.0;
        let hidden = shapes[index + 1..].iter().chain(&nearest).any(|&shape| overlap(shape, around));
        let seen = around[2] - around[0] >= NARROWEST * w && stand.yaw.abs() < 1.15;
        if script.empty || !whole || hidden || !seen {
            continue;
        }
        let mount = issue.mount(synth, stage, (around[2] - around[0]) / size[0]);
        mount.project(stage, &pose);
        plates.extend(mount.label(&pose));
    }
    plates
}

/// What hangs where a plate would.
fn instead(stage: &mut Stage, pose: &Pose, size: [f32; 2]) {
    match stage.dice.index(4) {
        0 => board::draw(stage, Board::Blank, size, pose),
        1 => board::draw(stage, Board::Foreign, size, pose),
        _ => {}
    }
}

fn close(order: &Order, stage: &mut Stage) -> Vec<ScenePlate> {
    let Order { synth, kinds, script } = *order;
    let issue = Issue::draw(stage, kinds);
    let size = issue.size();
    let height = stage.dice.uniform(400.0, 900.0);
    let lean = stage.dice.normal(0.08);
    let hang = hang(&mut stage.dice, height, lean);
    let aim = aim(stage, size, script.share, &hang);
    let busy = 0.15 + 0.85 * stage.difficulty;
    surroundings::paint(&mut stage.dice, &mut stage.raster, &aim.pose, size, &stage.sensor, busy);
    if stage.dice.chance(0.5) {
        let mut car = Car::draw(stage, issue.is_commercial(), [0.75; 3]);
        car.plate = height;
        let mut mark = |board: Board, size: [f32; 2]| {
            let at = [stage.dice.normal(350.0), -height - stage.dice.uniform(90.0, 280.0), 0.0];
            let pose = aim.stand.pose(at, 0.05, 0.0, 0.0);
            board::draw(stage, board, size, &pose);
        };
        mark(Board::Bare, [260.0, 45.0]);
        super::front::emblem(stage, &aim.stand, &car);
    }
    let mut plates = Vec::new();
    if script.empty {
        instead(stage, &aim.pose, size);
    } else {
        let mut mount = issue.mount(synth, stage, aim.scale);
        if stage.dice.chance(0.1 * stage.difficulty) {
            mount.occlude(stage);
        }
        mount.project(stage, &aim.pose);
        plates.extend(mount.label(&aim.pose));
    }
    let night = stage.dice.chance(0.1 * stage.difficulty);
    illuminate(stage, &aim.pose, if night { Hour::Night } else { Hour::Day });
    plates
}

fn on_clutter(order: &Order, stage: &mut Stage) -> Vec<ScenePlate> {
    let Order { synth, kinds, script } = *order;
    clutter::paint(stage);
    let [w, h] = stage.size();
    let mut plates: Vec<ScenePlate> = Vec::new();
    let mut taken: Vec<Bounds> = Vec::new();
    let count = if script.empty { 0 } else { 1 + stage.dice.weighted(&[0.7, 0.2, 0.1]) };
    let mut light = None;
    for index in 0..count {
        let issue = Issue::draw(stage, kinds);
        let lean = stage.dice.normal(0.25);
        let hang = hang(&mut stage.dice, 800.0, lean);
        let share = if index == 0 { script.share } else { stage.dice.log_uniform(0.05, 0.3) };
        let mut aim = aim(stage, issue.size(), share, &hang);
        // Anywhere, not where plates of cars are.
        let around = bounds(&aim.pose, issue.size());
        let dx = stage.dice.uniform(0.0, (w - 2.0 - (around[2] - around[0])).max(0.0)) + 1.0 - around[0];
        let dy = stage.dice.uniform(0.0, (h - 2.0 - (around[3] - around[1])).max(0.0)) + 1.0 - around[1];
        aim.pose = aim.pose.shifted(dx, dy);
        let around = bounds(&aim.pose, issue.size());
        if taken.iter().any(|&other| overlap(other, around)) {
            continue;
        }
        let mut mount = issue.mount(synth, stage, aim.scale);
        if stage.dice.chance(0.1 * stage.difficulty) {
            mount.occlude(stage);
        }
        mount.project(stage, &aim.pose);
        plates.extend(mount.label(&aim.pose));
        taken.push(around);
        light = light.or(Some(aim.pose));
    }
    if let Some(pose) = light {
        let night = stage.dice.chance(0.12 * stage.difficulty);
        illuminate(stage, &pose, if night { Hour::Night } else { Hour::Day });
    }
    plates
}

/// Plates in rows and columns, those that are whole within the picture.
fn rack(order: &Order, stage: &mut Stage) -> Vec<ScenePlate> {
    /// Enough to learn that plates have neighbours on all sides; each takes its time to be drawn.
    const MOST: usize = 24;
    let Order { synth, kinds, script } = *order;
    clutter::paint(stage);
    if script.empty {
        return Vec::new();
    }
    let [w, h] = stage.size();
    let first = Issue::draw(stage, kinds);
    let size = first.size();
    let hang = hang(&mut stage.dice, 800.0, 0.0);
    let aim = aim(stage, size, script.share, &hang);
    let around = bounds(&aim.pose, size);
    let gap = [stage.dice.uniform(1.03, 1.5), stage.dice.uniform(1.08, 2.2)];
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
    let thinned = stage.dice.uniform(0.6, 1.0).min(MOST as f32 / places.len().max(1) as f32);
    let mut issue = Some(first);
    for [dx, dy] in places {
        let next = issue.take().unwrap_or_else(|| Issue::draw(stage, kinds));
        // Of another shape it might lie over its neighbour.
        if next.size() != size || !(plates.is_empty() || stage.dice.chance(thinned)) {
            continue;
        }
        let pose = aim.pose.shifted(dx, dy);
        let mount = next.mount(synth, stage, aim.scale);
        mount.project(stage, &pose);
        plates.extend(mount.label(&pose));
    }
    illuminate(stage, &aim.pose, Hour::Day);
    plates
}

/// Light on all of it: shadows and highlights, the dark of the night and the lamp that shines on the plate.
fn illuminate(stage: &mut Stage, pose: &Pose, hour: Hour) {
    let [w, h] = stage.size();
    let at = pose.to_frame(0.0, 0.0);
    let d = stage.difficulty;
    let side = pose.to_frame(260.0, 0.0);
    let plate = 2.0 * (side.x - at.x).hypot(side.y - at.y);
    // Shadows of the size of the picture, at times of that of the plate.
    let [pw, ph] =
        if stage.dice.chance(0.7) { [0.8 * w, 0.7 * h] } else { [plate.max(0.4 * w), (0.4 * plate).max(0.25 * h)] };
    light::illuminate(&mut stage.dice, &mut stage.raster, [at.x, at.y], [pw, ph], d);
    let whole = stage.raster.whole();
    if hour == Hour::Night {
        let ambient = stage.dice.log_uniform(0.08, 0.5);
        let lamp = if stage.dice.chance(0.6) { stage.dice.uniform(0.5, 1.8) } else { 0.0 };
        let reach = 1.0 / (plate * stage.dice.log_uniform(0.7, 3.0)).max(8.0);
        stage.raster.shade(whole, |x, y| {
            let r2 = ((x - at.x).powi(2) + 2.0 * (y - at.y).powi(2)) * reach * reach;
            ambient + lamp / (1.0 + r2 * r2)
        });
        for _ in 0..stage.dice.index(4) {
            let lamp = [stage.dice.unit() * w, stage.dice.unit() * h * 0.6];
            let r = w * stage.dice.log_uniform(0.01, 0.12);
            let tone: Tone = stage.sensor.tone([0xff, 0xf0, 0xd0]).map(|v| v * 1.5);
            let strength = stage.dice.uniform(0.3, 0.9);
            stage.glow(lamp, [r, r], tone, strength);
        }
    }
    if stage.dice.chance(0.15 * d) {
        let depth = stage.dice.uniform(0.2, 0.7);
        let (ix, iy) = (2.0 / w, 2.0 / h);
        stage.raster.shade(whole, |x, y| {
            let r2 = ((x * ix - 1.0).powi(2) + (y * iy - 1.0).powi(2)) * 0.5;
            1.0 - depth * r2
        });
    }
}

/// The grain of surfaces: nothing in a photograph is as smooth as what is drawn.
fn grain(stage: &mut Stage) {
    let size = stage.size();
    let cell = size[0] * stage.dice.log_uniform(0.004, 0.03);
    let wide = cell * stage.dice.log_uniform(0.6, 2.5);
    let noise = Noise::new(&mut stage.dice, size, [wide, cell]);
    let depth = stage.dice.log_uniform(0.04, 0.35);
    let whole = stage.raster.whole();
    stage.raster.shade(whole, |x, y| 1.0 + depth * (noise.at(x, y) - 0.5));
}

/// What is laid over a finished photograph: a colourless sensor, watermarks and captions.
fn finish(stage: &mut Stage, plates: &[ScenePlate]) {
    let [w, h] = stage.size();
    if stage.dice.chance(0.08 * stage.difficulty)
        && let [red, green, blue] = &mut stage.raster.planes[..]
    {
        for ((r, g), b) in red.iter_mut().zip(green).zip(blue) {
            let grey = 0.3 * *r + 0.59 * *g + 0.11 * *b;
            (*r, *g, *b) = (grey, grey, grey);
        }
    }
    for _ in 0..stage.dice.weighted(&[0.7, 0.24, 0.06]) {
        let wide = w * stage.dice.log_uniform(0.1, 0.6);
        let tall = (wide * stage.dice.uniform(0.08, 0.3)).min(0.2 * h);
        let edge = |dice: &mut Dice, side: f32, length: f32| {
            let inset = length / 2.0 + side * dice.uniform(0.005, 0.05);
            if dice.chance(0.4) { inset } else { side - inset }
        };
        let at = [edge(&mut stage.dice, w, wide), edge(&mut stage.dice, h, tall)];
        let reach = [at[0] - wide / 2.0, at[1] - tall / 2.0, at[0] + wide / 2.0, at[1] + tall / 2.0];
        let hits = plates.iter().any(|plate| {
            let (x0, y0, x1, y1) = plate.quad.bounding_box();
            overlap(reach, [x0, y0, x1, y1])
        });
        if !hits {
            let board = stage.dice.pick(&[Board::Bare, Board::Bare, Board::Bare, Board::Sign]);
            board::draw(stage, board, [wide, tall], &board::flat(at, 1.0, 0.0));
        }
    }
}
