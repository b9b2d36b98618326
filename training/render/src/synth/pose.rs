//! Where the plate stands before the camera: the plane-to-frame projection of a plate that may be slightly bent.

use kr_lpr::geometry::Point;

use super::Severity;
use super::conditions::Conditions;
use super::rng::Rng;

/// Maps millimetres on the plate, from its centre, to frame pixels and back.
#[derive(Clone, Debug)]
pub(crate) struct Pose {
    /// Row-major plane-to-frame matrix.
    forward: [f32; 9],
    backward: [f32; 9],
    /// The plate sags by `bow * x * x` millimetres: it follows the bumper.
    bow: f32,
    lens: Option<Lens>,
}

/// A lens that bends straight lines: what it shows at a distance of `r` from its axis stands at `r * (1 + bend * r * r)`.
#[derive(Clone, Copy, Debug)]
struct Lens {
    /// Where its axis meets the frame, pixels.
    axis: [f32; 2],
    /// Below 0 the picture bulges, as of a fish-eye; per square pixel.
    bend: f32,
}

impl Lens {
    fn apply(self, x: f32, y: f32) -> [f32; 2] {
        let (dx, dy) = (x - self.axis[0], y - self.axis[1]);
        let factor = 1.0 + self.bend * (dx * dx + dy * dy);
        [self.axis[0] + dx * factor, self.axis[1] + dy * factor]
    }

    /// Where `apply` comes from, by Newton's method; a picture ends where the lens shows nothing farther out.
    fn undo(self, x: f32, y: f32) -> [f32; 2] {
        let (dx, dy) = (x - self.axis[0], y - self.axis[1]);
        let distance = dx.hypot(dy);
        let widest = 0.98 / (3.0 * self.bend.abs()).sqrt();
        let seen = distance.min(widest * (1.0 + self.bend * widest * widest));
        let mut r = seen;
        for _ in 0..5 {
            r -= (r + self.bend * r.powi(3) - seen) / (1.0 + 3.0 * self.bend * r * r);
        }
        let factor = if distance > 1e-3 { r / distance } else { 1.0 };
        [self.axis[0] + dx * factor, self.axis[1] + dy * factor]
    }
}

impl Pose {
    /// A camera near the axis of the plate at difficulty 0, anywhere beside a road at 1. The mean of the upper and the
    /// lower side becomes `plate_px` pixels long; the plate's centre is put at the frame's origin.
    pub(crate) fn draw(
        rng: &mut Rng,
        size: [f32; 2],
        plate_px: f32,
        severity: Severity,
        conditions: &Conditions,
    ) -> Pose {
        let Severity { difficulty, flaws, .. } = severity;
        // Priors: spec section 1, fixings (<= 5 degrees of mounting), and roadside cameras up to 45 degrees aside.
        let wild = rng.chance(0.25);
        let (yaw, pitch, roll) = if wild {
            (rng.uniform(-52.0, 52.0), rng.uniform(-20.0, 30.0), rng.normal(7.0))
        } else {
            (rng.normal(13.0), 4.0 + rng.normal(8.0), rng.normal(3.0))
        };
        // A turned head: parked cars are also photographed with a tilted phone.
        let roll = if rng.chance(0.22) { rng.uniform(-24.0, 24.0) } else { roll };
        let distance = size[0] * rng.log_uniform(2.6, 16.0);
        // Front plates follow the bumper by several per cent of their height.
        let bow = if rng.chance(0.4) { rng.normal(0.04) * size[1] } else { 0.0 };
        let bow = bow * difficulty / (size[0] / 2.0).powi(2);
        let degrees = [
            conditions.yaw.unwrap_or(yaw * difficulty),
            conditions.pitch.unwrap_or(pitch * difficulty),
            conditions.roll.unwrap_or(roll * difficulty),
        ];
        let pose = Pose::new(degrees, distance, bow, size, plate_px);
        // Pictures on their way through other people's programs lose their proportions.
        let stretch = if rng.chance(0.3) { rng.log_uniform(0.55, 1.7).powf(difficulty) } else { 1.0 };
        let pose = pose.stretched(conditions.stretch.unwrap_or(stretch));
        // A plate away from the middle of a wide-angle or fish-eye picture.
        let lens = rng.chance(0.06 * flaws).then(|| {
            let axis = [rng.normal(0.35) * plate_px, rng.normal(0.3) * plate_px];
            // The end of a plate that is centred a width from the axis moves in by at most a sixth of its distance.
            Lens { axis, bend: -rng.uniform(0.02, 0.07) / (plate_px * plate_px) }
        });
        Pose { lens, ..pose }
    }

    /// The pose of a row-major plane-to-frame matrix, of a plate that sags by `bow * x * x` millimetres.
    pub(crate) fn of(forward: [f32; 9], bow: f32) -> Pose {
        Pose { forward, backward: inverse(forward), bow, lens: None }
    }

    /// The pose after the frame has been made `factor` times as tall.
    fn stretched(&self, factor: f32) -> Pose {
        let mut forward = self.forward;
        for entry in &mut forward[3..6] {
            *entry *= factor;
        }
        Pose { forward, backward: inverse(forward), ..*self }
    }

    fn new(degrees: [f32; 3], distance: f32, bow: f32, size: [f32; 2], plate_px: f32) -> Pose {
        let [(sy, cy), (sp, cp), (sr, cr)] = degrees.map(|d| d.to_radians().sin_cos());
        // Columns of Rz(roll) * Ry(yaw) * Rx(pitch) for the plane's x and y.
        let x_axis = [cr * cy, sr * cy, -sy];
        let y_axis = [cr * sy * sp - sr * cp, sr * sy * sp + cr * cp, cy * sp];
        let matrix = [x_axis[0], y_axis[0], 0.0, x_axis[1], y_axis[1], 0.0, x_axis[2], y_axis[2], distance];
        let mut pose = Pose { forward: matrix, backward: inverse(matrix), bow, lens: None };
        let corner = |x: f32, y: f32| pose.to_frame(size[0] / 2.0 * x, size[1] / 2.0 * y);
        let side = |a: Point, b: Point| (a.x - b.x).hypot(a.y - b.y);
        let width = (side(corner(-1.0, -1.0), corner(1.0, -1.0)) + side(corner(-1.0, 1.0), corner(1.0, 1.0))) / 2.0;
        for row in 0..6 {
            pose.forward[row] *= plate_px / width;
        }
        pose.backward = inverse(pose.forward);
        pose
    }

    /// The pose after the frame's content has been moved by whole or part pixels.
    pub(crate) fn shifted(&self, dx: f32, dy: f32) -> Pose {
        let mut forward = self.forward;
        for column in 0..3 {
            forward[column] += dx * forward[6 + column];
            forward[3 + column] += dy * forward[6 + column];
        }
        let lens = self.lens.map(|lens| Lens { axis: [lens.axis[0] + dx, lens.axis[1] + dy], ..lens });
        Pose { forward, backward: inverse(forward), bow: self.bow, lens }
    }

    /// The pose after the frame has been scaled by `factor`.
    pub(crate) fn magnified(&self, factor: f32) -> Pose {
        let mut forward = self.forward;
        for entry in &mut forward[..6] {
            *entry *= factor;
        }
        let scaled = |lens: Lens| Lens { axis: lens.axis.map(|v| v * factor), bend: lens.bend / (factor * factor) };
        Pose { forward, backward: inverse(forward), bow: self.bow, lens: self.lens.map(scaled) }
    }

    /// From millimetres to pixels.
    pub(crate) fn to_frame(&self, x: f32, y: f32) -> Point {
        let m = &self.forward;
        let y = y + self.bow * x * x;
        let w = m[6] * x + m[7] * y + m[8];
        let (x, y) = ((m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w);
        let [x, y] = self.lens.map_or([x, y], |lens| lens.apply(x, y));
        Point::new(x, y)
    }

    /// From pixels to millimetres.
    #[inline]
    pub(crate) fn to_plate(&self, x: f32, y: f32) -> [f32; 2] {
        let [x, y] = self.lens.map_or([x, y], |lens| lens.undo(x, y));
        let m = &self.backward;
        let w = 1.0 / (m[6] * x + m[7] * y + m[8]);
        let u = (m[0] * x + m[1] * y + m[2]) * w;
        let v = (m[3] * x + m[4] * y + m[5]) * w;
        [u, v - self.bow * u * u]
    }
}

/// The inverse of a 3x3 matrix, up to a factor that projection ignores; computed in double precision.
fn inverse(m: [f32; 9]) -> [f32; 9] {
    let m = m.map(f64::from);
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let adjugate = [
        minor(4, 5, 7, 8),
        -minor(1, 2, 7, 8),
        minor(1, 2, 4, 5),
        -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8),
        -minor(0, 2, 3, 5),
        minor(3, 4, 6, 7),
        -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
    ];
    let determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6];
    adjugate.map(|v| (v / determinant) as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let mut rng = Rng::new(1);
        let severity = Severity { difficulty: 1.0, flaws: 1.0, variety: 1.0 };
        for _ in 0..200 {
            let pose = Pose::draw(&mut rng, [520.0, 110.0], 200.0, severity, &Conditions::default())
                .shifted(120.0, 60.0)
                .magnified(1.5);
            for (x, y) in [(0.0, 0.0), (-260.0, -55.0), (250.0, 40.0)] {
                let p = pose.to_frame(x, y);
                let [u, v] = pose.to_plate(p.x, p.y);
                assert!((u - x).abs() < 0.05 && (v - y).abs() < 0.05, "{x} {y} came back as {u} {v}");
            }
        }
    }
}
