//! The camera aimed at a plate, and the boxes that things take up in the picture.

use kr_lpr::geometry::Point;

use super::super::pose::Pose;
use super::super::rng::Rng;
use super::composition::Composition;
use super::pinhole::{PinholeCamera, Stand};

/// A box around something in the picture: x0, y0, x1, y1 in pixels.
pub(super) type Bounds = [f32; 4];

/// A camera aimed at a plate, with the plate's stand and pose.
pub(super) struct Aim {
    pub(super) stand: Stand,
    pub(super) pose: Pose,
    /// Pixels a mm at the plate.
    pub(super) scale: f32,
}

/// How high the plate is above the ground, how far it leans and is turned in its plane, how much it sags.
pub(super) struct Hang {
    height: f32,
    lean: f32,
    turn: f32,
    bow: f32,
}

/// Aims a camera at a plate of `size` mm: the plate is whole within the picture and as near as can be to `share` of its width.
pub(super) fn aim(scene: &mut Composition, size: [f32; 2], share: f32, hang: &Hang) -> Aim {
    let [w, h] = scene.size();
    let d = scene.difficulty;
    let rng = &mut scene.rng;
    let yaw = match rng.weighted(&[0.58, 0.3, 0.12]) {
        0 => rng.normal(12.0),
        1 => rng.uniform(-42.0, 42.0),
        _ => rng.uniform(-62.0, 62.0),
    };
    let roll = if rng.chance(0.15) { rng.uniform(-25.0, 25.0) } else { rng.normal(2.5) };
    let distance = if share < 0.1 { rng.log_uniform(3000.0, 16000.0) } else { rng.log_uniform(1300.0, 8000.0) };
    let camera_height = match rng.weighted(&[0.8, 0.12, 0.08]) {
        0 => rng.uniform(900.0, 1750.0),
        1 => rng.uniform(2200.0, 6000.0),
        _ => rng.uniform(300.0, 800.0),
    };
    let pitch = ((camera_height - hang.height) / distance).clamp(-0.3, 0.62).asin() * d;
    let [yaw, roll] = [yaw, roll].map(|degrees| degrees.to_radians() * d);
    let mut scale = share * w / size[0] / yaw.cos().max(0.6);
    let stand = |camera: PinholeCamera| Stand { camera, at: [0.0, hang.height, 0.0], yaw };
    let pose_of = |camera: PinholeCamera| {
        stand(camera).pose([0.0, -hang.height, 0.0], hang.lean * d, hang.turn * d, hang.bow * d)
    };
    let mut camera = PinholeCamera::new(distance, pitch, roll, scale, [0.0; 2]);
    let mut around = bounds(&pose_of(camera), size);
    let room = [w - 2.0, h - 2.0];
    let fit = (room[0] / (around[2] - around[0])).min(room[1] / (around[3] - around[1])) * 0.99;
    if fit < 1.0 {
        scale *= fit;
        camera = camera.magnified(fit);
        around = around.map(|v| v * fit);
    }
    let far = (around[2] - around[0]) / w < 0.12;
    let at = if far || rng.chance(0.12) {
        [rng.unit() * w, rng.unit() * h]
    } else {
        [w * (0.5 + rng.normal(0.12)), h * (0.63 + rng.normal(0.14))]
    };
    let put = |at: f32, low: f32, high: f32, side: f32| at.clamp(1.0 - low, (side - 1.0 - high).max(1.0 - low));
    let camera = camera.moved(put(at[0], around[0], around[2], w), put(at[1], around[1], around[3], h));
    Aim { stand: stand(camera), pose: pose_of(camera), scale }
}

/// The box around a plate of that size, mm.
pub(super) fn bounds(pose: &Pose, [width, height]: [f32; 2]) -> Bounds {
    let [x, y] = [width / 2.0, height / 2.0];
    let corners: [Point; 4] = [(-x, -y), (x, -y), (x, y), (-x, y)].map(|(x, y)| pose.to_frame(x, y));
    corners.iter().fold([f32::MAX, f32::MAX, f32::MIN, f32::MIN], |b, p| {
        [b[0].min(p.x), b[1].min(p.y), b[2].max(p.x), b[3].max(p.y)]
    })
}

pub(super) fn overlap(a: Bounds, b: Bounds) -> bool {
    a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/// A plate hung as people do, `height` mm above the ground.
pub(super) fn hang(rng: &mut Rng, height: f32, lean: f32) -> Hang {
    let bow = if rng.chance(0.25) { rng.normal(0.02) * 110.0 / (260.0 * 260.0) } else { 0.0 };
    Hang { height, lean, turn: rng.normal(0.018), bow }
}
