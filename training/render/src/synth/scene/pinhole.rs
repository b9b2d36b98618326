//! The pinhole camera of a scene: where things of the street, in millimetres, fall in the picture.

use super::super::pose::Pose;

/// A point in the street, mm: to the right, down, away from the camera; the origin is what the camera is aimed at.
pub(in crate::synth) type Point3 = [f32; 3];

/// Nearest depth that is projected, mm: what lies behind the camera is drawn at its feet.
const NEAR: f32 = 150.0;

/// Largest coordinate of a projected point, pixels: beyond the reach of any frame, within that of the rasteriser.
const FAR: f32 = 6000.0;

/// A pinhole camera that looks at the origin of the street.
#[derive(Clone, Copy)]
pub(in crate::synth) struct PinholeCamera {
    /// Row-major 3x4 projection matrix.
    matrix: [[f32; 4]; 3],
}

impl PinholeCamera {
    /// A camera `distance` mm from the origin, looking down by `pitch` and turned by `roll` (radians); a mm at the origin
    /// is `scale` pixels, and the origin falls on `centre`.
    pub(in crate::synth) fn new(distance: f32, pitch: f32, roll: f32, scale: f32, centre: [f32; 2]) -> PinholeCamera {
        let ((sp, cp), (sr, cr)) = (pitch.sin_cos(), roll.sin_cos());
        let focal = scale * distance;
        let depth = [0.0, sp, cp, distance];
        let (right, down) = ([1.0, 0.0, 0.0, 0.0], [0.0, cp, -sp, 0.0]);
        let row = |a: f32, b: f32, centre: f32| {
            std::array::from_fn(|i| focal * (a * right[i] + b * down[i]) + centre * depth[i])
        };
        PinholeCamera { matrix: [row(cr, -sr, centre[0]), row(sr, cr, centre[1]), depth] }
    }

    fn row(&self, index: usize, [x, y, z]: Point3, w: f32) -> f32 {
        let row = &self.matrix[index];
        row[0] * x + row[1] * y + row[2] * z + row[3] * w
    }

    /// Where a place falls, pixels.
    pub(super) fn see(&self, place: Point3) -> [f32; 2] {
        let depth = self.row(2, place, 1.0).max(NEAR);
        [0, 1].map(|i| (self.row(i, place, 1.0) / depth).clamp(-FAR, FAR))
    }

    /// How near the ground, `down` mm below the origin, is seen: the least `z`, mm.
    pub(super) fn nearest(&self, down: f32) -> f32 {
        let [_, by_down, by_away, distance] = self.matrix[2];
        (2.0 * NEAR - distance - by_down * down) / by_away
    }

    /// Whether a place is before the camera.
    pub(super) fn faces(&self, place: Point3) -> bool {
        self.row(2, place, 1.0) > 2.0 * NEAR
    }

    /// The pose of a plane with its origin at `at` and its unit axes `x` and `y` in the street; it sags by `bow`.
    pub(super) fn pose(&self, at: Point3, x: Point3, y: Point3, bow: f32) -> Pose {
        let mut forward = [0.0; 9];
        for i in 0..3 {
            forward[3 * i] = self.row(i, x, 0.0);
            forward[3 * i + 1] = self.row(i, y, 0.0);
            forward[3 * i + 2] = self.row(i, at, 1.0);
        }
        Pose::of(forward, bow)
    }

    /// The camera of the same street whose picture is moved.
    pub(in crate::synth) fn moved(&self, dx: f32, dy: f32) -> PinholeCamera {
        let [x, y, depth] = self.matrix;
        let moved = |row: [f32; 4], by: f32| std::array::from_fn(|i| row[i] + by * depth[i]);
        PinholeCamera { matrix: [moved(x, dx), moved(y, dy), depth] }
    }

    /// The camera of the same street whose picture is scaled about its top-left corner.
    pub(super) fn magnified(&self, factor: f32) -> PinholeCamera {
        let [x, y, depth] = self.matrix;
        PinholeCamera { matrix: [x.map(|v| v * factor), y.map(|v| v * factor), depth] }
    }
}

/// Something upright on the street with coordinates of its own: turned about the vertical, and put somewhere.
#[derive(Clone, Copy)]
pub(in crate::synth) struct Stand {
    pub(in crate::synth) camera: PinholeCamera,
    pub(in crate::synth) at: Point3,
    /// Radians; positive turns the right side away from the camera.
    pub(in crate::synth) yaw: f32,
}

impl Stand {
    pub(super) fn place(&self, [x, y, z]: Point3) -> Point3 {
        let (s, c) = self.yaw.sin_cos();
        [self.at[0] + x * c - z * s, self.at[1] + y, self.at[2] + x * s + z * c]
    }

    /// Where a place of the thing falls, pixels.
    pub(super) fn see(&self, place: Point3) -> [f32; 2] {
        self.camera.see(self.place(place))
    }

    /// The pose of an upright plane that leans back by `lean` radians and is turned in its plane by `turn`.
    pub(in crate::synth) fn pose(&self, at: Point3, lean: f32, turn: f32, bow: f32) -> Pose {
        let (sy, cy) = self.yaw.sin_cos();
        let ((sl, cl), (st, ct)) = (lean.sin_cos(), turn.sin_cos());
        // The plane's axes before it is turned: to the right, and down towards the viewer.
        let (x, y) = ([cy, 0.0, sy], [sl * sy, cl, -sl * cy]);
        let turned = |a: f32, b: f32| std::array::from_fn(|i| a * x[i] + b * y[i]);
        self.camera.pose(self.place(at), turned(ct, st), turned(-st, ct), bow)
    }
}
