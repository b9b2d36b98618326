//! How vehicles, the camera and what passes between them move.

use std::f32::consts::TAU;

use super::super::rng::Rng;
use super::ClipKind;

/// Where a vehicle's plate is, mm: to the right of the camera's axis, below it, and away from the camera; and how it is
/// turned, radians.
#[derive(Clone, Copy, Debug)]
pub(super) struct Position {
    pub(super) at: [f32; 3],
    pub(super) yaw: f32,
}

/// The way of one vehicle, straight and steady from the first frame to the last, as they are for the seconds of a clip.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    from: Position,
    to: Position,
}

impl Path {
    /// Where it is when `share` (0 to 1) of the clip is over.
    pub(super) fn at(&self, share: f32) -> Position {
        let between = |a: f32, b: f32| a + (b - a) * share;
        let at = std::array::from_fn(|i| between(self.from.at[i], self.to.at[i]));
        Position { at, yaw: between(self.from.yaw, self.to.yaw) }
    }

    /// How near it comes, mm.
    pub(super) fn nearest(&self) -> f32 {
        self.from.at[2].min(self.to.at[2])
    }
}

/// The ways of the vehicles of a clip, the farthest vehicle first. `width` is the frame's in pixels and `focal` the
/// camera's focal length, likewise; plates begin or stay at 36 to 125 pixels, which is what makes them hard to read.
pub(super) fn paths(rng: &mut Rng, kind: ClipKind, width: f32, focal: f32) -> Vec<Path> {
    /// Width of most plates, mm.
    const PLATE: f32 = 520.0;
    let depth = |pixels: f32| focal * PLATE / pixels;
    // The place that is seen `share` of half the frame's width to the right of the middle, at a depth.
    let across = |share: f32, z: f32| share * width / 2.0 * z / focal;
    let place = |share: f32, y: f32, z: f32, yaw: f32| Position { at: [across(share, z), y, z], yaw };
    let height = rng.normal(0.05) * width / focal;
    let below = |z: f32| height * z;
    let flip = if rng.chance(0.5) { -1.0 } else { 1.0 };
    match kind {
        ClipKind::Approach | ClipKind::Night => {
            let near = rng.log_uniform(90.0, 170.0);
            let (far, near) = (depth(rng.log_uniform(36.0, 65.0)), depth(near));
            let (a, b) = (rng.uniform(-0.25, 0.25), rng.uniform(-0.45, 0.45));
            let yaw = rng.normal(0.22);
            let (from, to) = (place(a, below(far), far, yaw), place(b, below(near), near, yaw + rng.normal(0.08)));
            vec![if rng.chance(0.75) { Path { from, to } } else { Path { from: to, to: from } }]
        }
        ClipKind::PassBy => {
            let z = depth(rng.log_uniform(62.0, 125.0));
            let farther = z * rng.uniform(1.0, 1.4);
            let yaw = -flip * rng.uniform(0.15, 0.75);
            let (from, to) = (place(-1.2 * flip, below(z), z, yaw), place(1.2 * flip, below(farther), farther, yaw));
            vec![Path { from, to }]
        }
        ClipKind::Handheld | ClipKind::Occluded => {
            let z = depth(rng.log_uniform(56.0, 110.0));
            let moved = z * rng.uniform(0.85, 1.15);
            let (a, yaw) = (rng.uniform(-0.35, 0.35), rng.normal(0.35));
            let b = a + rng.normal(if kind == ClipKind::Occluded { 0.2 } else { 0.05 });
            vec![Path { from: place(a, below(z), z, yaw), to: place(b, below(moved), moved, yaw) }]
        }
        ClipKind::Crossing => {
            let z = depth(rng.log_uniform(75.0, 125.0));
            let behind = z * rng.uniform(1.15, 1.5);
            let lift = rng.normal(0.03) * width / focal;
            let way = |z: f32, side: f32, lift: f32, yaw: f32| Path {
                from: place(-0.9 * side, below(z) + lift * z, z, yaw),
                to: place(0.9 * side, below(z) + lift * z, z, yaw),
            };
            let (a, b) = (rng.uniform(0.05, 0.4), rng.uniform(0.05, 0.4));
            vec![way(behind, -flip, lift, flip * a), way(z, flip, 0.0, -flip * b)]
        }
    }
}

/// How the hand or the pole that holds the camera shakes: a sum of three swings for each of right, down and turned.
#[derive(Clone, Debug)]
pub(super) struct CameraShake {
    /// Reach, hertz and phase of each swing.
    swings: [[[f32; 3]; 3]; 3],
}

impl CameraShake {
    /// `reach` is about how far the picture is moved, pixels.
    pub(super) fn draw(rng: &mut Rng, reach: f32) -> CameraShake {
        let mut axis = |reach: f32| {
            // Slow sway, the pulse, and tremor (Stiles 1976: 8 to 12 Hz), each a third of the one before.
            [(1.0, 0.3, 0.9), (0.33, 1.0, 3.0), (0.11, 8.0, 12.0)]
                .map(|(share, slow, fast)| [reach * share, rng.uniform(slow, fast), rng.uniform(0.0, TAU)])
        };
        CameraShake { swings: [axis(reach), axis(reach), axis(reach * 0.002)] }
    }

    /// Pixels to the right and down, and radians clockwise, that the picture is moved by after `seconds`.
    pub(super) fn at(&self, seconds: f32) -> [f32; 3] {
        let swing = |[reach, hertz, phase]: [f32; 3]| reach * (TAU * hertz * seconds + phase).sin();
        self.swings.map(|axis| axis.into_iter().map(swing).sum())
    }
}

/// A pole or somebody on foot between camera and vehicle: as high as the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Passer {
    pub(super) tone: [f32; 3],
    /// Half its width, pixels.
    pub(super) half: f32,
    /// Where its middle is in the first frame and in the last, pixels.
    from: f32,
    to: f32,
}

impl Passer {
    /// Passes over `middle` (pixels), where the plate of `plate` pixels is.
    pub(super) fn draw(rng: &mut Rng, tone: [f32; 3], middle: f32, plate: f32) -> Passer {
        let half = plate * rng.uniform(0.06, 0.45);
        let side = if rng.chance(0.5) { -1.0 } else { 1.0 };
        let (before, after) = (rng.uniform(1.0, 3.0) * plate, rng.uniform(1.0, 3.0) * plate);
        Passer { tone, half, from: middle - side * before, to: middle + side * after }
    }

    /// Where its middle is when `share` of the clip is over, pixels.
    pub(super) fn at(&self, share: f32) -> f32 {
        self.from + (self.to - self.from) * share
    }
}
