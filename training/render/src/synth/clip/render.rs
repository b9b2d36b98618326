//! One frame of a clip: where everything is at its time, what the camera makes of it, and what is known of its plates.

use kr_lpr::frame::PixelFormat;

use super::super::imaging::{Curve, Imaging};
use super::super::light;
use super::super::pose::Pose;
use super::super::raster::{Raster, edge};
use super::super::rng::Rng;
use super::super::scene::pinhole::{PinholeCamera, Stand};
use super::path::Path;
use super::{Clip, ClipFrame, ClipPlate};
use crate::seed::mix;

impl Clip {
    /// Renders a frame.
    pub fn frame(&self, index: u32) -> ClipFrame {
        let mut rng = Rng::new(mix(self.seed, 1000 + u64::from(index)));
        let [width, height] = self.settings.size.map(|side| side as usize);
        let seconds = index as f32 / self.settings.fps as f32;
        let mut frame = self.seen_street(seconds);
        let poses: Vec<Pose> = self.vehicles.iter().map(|(_, path)| self.pose(path, seconds)).collect();
        for ((vehicle, _), pose) in self.vehicles.iter().zip(&poses) {
            vehicle.project(pose, &mut frame);
        }
        let share = self.share(seconds);
        let whole = frame.whole();
        for passer in &self.passers {
            let x0 = passer.at(share);
            frame.lay(whole, passer.tone, |x, _| edge((x - x0).abs() - passer.half, 1.5));
        }
        // The light is the street's: vehicles drive through it.
        let middle = [width as f32 / 2.0, height as f32 / 2.0];
        let lit = [width as f32 * 0.3, height as f32 * 0.2];
        light::illuminate(&mut Rng::new(mix(self.seed, 2)), &mut frame, middle, lit, 0.7 * self.settings.difficulty);

        let imaging = self.adjusted(&mut rng, seconds);
        let (pixels, width, height) =
            imaging.record(&mut rng, &mut frame).expect("a picture in memory is compressed and decompressed");
        let format = if self.planes == 3 { PixelFormat::Rgb } else { PixelFormat::Grey };
        let plates = (0..poses.len()).filter_map(|vehicle| self.plate(vehicle, &poses, share)).collect();
        let timestamp = 1000.0 * f64::from(index) / f64::from(self.settings.fps);
        ClipFrame { pixels, width: width as u32, height: height as u32, format, timestamp, plates }
    }

    /// How much of the clip is over after `seconds`, 0 to 1 and beyond.
    fn share(&self, seconds: f32) -> f32 {
        seconds * self.settings.fps as f32 / (self.settings.frames.max(2) - 1) as f32
    }

    /// The camera after `seconds`, aimed along its axis.
    fn pose(&self, path: &Path, seconds: f32) -> Pose {
        let [dx, dy, roll] = self.shake.at(seconds);
        let [width, height] = self.settings.size.map(|side| side as f32);
        let position = path.at(self.share(seconds));
        // Positions are along the camera's axis; what it looks down by is how the plate leans.
        let depth = position.at[2];
        let camera =
            PinholeCamera::new(depth, 0.0, roll, self.focal / depth, [width / 2.0, height / 2.0]).moved(dx, dy);
        let stand = Stand { camera, at: [position.at[0], position.at[1], 0.0], yaw: position.yaw };
        stand.pose([0.0; 3], self.pitch, 0.0, 0.0)
    }

    /// The street as far as the frame shows it, moved and turned by the camera's shake.
    fn seen_street(&self, seconds: f32) -> Raster {
        let [dx, dy, roll] = self.shake.at(seconds);
        let [width, height] = self.settings.size.map(|side| side as usize);
        let (s, c) = roll.sin_cos();
        let (mx, my) = (width as f32 / 2.0, height as f32 / 2.0);
        let (columns, rows) = (self.street.width, self.street.height);
        let mut frame = Raster::new(width, height, self.street.planes.len());
        for y in 0..height {
            for x in 0..width {
                // Back from the frame to the street.
                let (u, v) = (x as f32 + 0.5 - mx - dx, y as f32 + 0.5 - my - dy);
                let (u, v) = (c * u + s * v + columns as f32 / 2.0 - 0.5, c * v - s * u + rows as f32 / 2.0 - 0.5);
                let (u, v) = (u.clamp(0.0, columns as f32 - 1.01), v.clamp(0.0, rows as f32 - 1.01));
                let (ix, iy) = (u as usize, v as usize);
                let (fx, fy) = (u - ix as f32, v - iy as f32);
                let at = iy * columns + ix;
                for (out, from) in frame.planes.iter_mut().zip(&self.street.planes) {
                    let upper = from[at] + (from[at + 1] - from[at]) * fx;
                    let lower = from[at + columns] + (from[at + columns + 1] - from[at + columns]) * fx;
                    out[y * width + x] = upper + (lower - upper) * fy;
                }
            }
        }
        frame
    }

    /// The clip's imaging in one frame: what moves is smeared, focus and exposure wander.
    fn adjusted(&self, rng: &mut Rng, seconds: f32) -> Imaging {
        /// Longest smear, pixels: a shutter that smears more is not used for plates.
        const LONGEST: f32 = 5.0;
        let d = self.settings.difficulty;
        let focus = 1.0 + d * rng.unit().powi(3);
        // The nearest vehicle's own motion while the shutter is open; one that comes the other way is smeared alike.
        let motion = self.vehicles.last().and_then(|(_, path)| {
            let [from, to] = [seconds, seconds + self.exposure].map(|at| self.pose(path, at).to_frame(0.0, 0.0));
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let length = dx.hypot(dy);
            (length > 0.3).then(|| [dx, dy].map(|v| v * (LONGEST / length).min(1.0)))
        });
        Imaging {
            blur: self.imaging.blur.map(|blur| blur * focus),
            curve: Curve { gain: self.imaging.curve.gain * (rng.normal(0.08) * d).exp(), ..self.imaging.curve },
            motion,
            ..self.imaging.clone()
        }
    }

    /// What is known of a vehicle's plate, or `None` where nothing of it is to be seen.
    fn plate(&self, vehicle: usize, poses: &[Pose], share: f32) -> Option<ClipPlate> {
        let (own, pose) = (&self.vehicles[vehicle].0, &poses[vehicle]);
        let quad = own.quad(pose)?;
        let [width, height] = self.settings.size.map(|side| side as f32);
        let nearer = || self.vehicles.iter().zip(poses).skip(vehicle + 1);
        let is_hidden = |x: f32, y: f32| {
            !((0.0..width).contains(&x) && (0.0..height).contains(&y))
                || nearer().any(|((other, _), pose)| other.covers(pose, x, y))
                || self.passers.iter().any(|passer| (x - passer.at(share)).abs() < passer.half)
        };
        const COLUMNS: usize = 26;
        const ROWS: usize = 6;
        let mut hidden = 0;
        for i in 0..COLUMNS * ROWS {
            let (u, v) = ((i % COLUMNS) as f32 + 0.5, (i / COLUMNS) as f32 + 0.5);
            let at = pose.to_frame((u / COLUMNS as f32 - 0.5) * own.size[0], (v / ROWS as f32 - 0.5) * own.size[1]);
            hidden += usize::from(is_hidden(at.x, at.y));
        }
        let hidden = hidden as f32 / (COLUMNS * ROWS) as f32;
        let (kind, text) = (own.kind, own.text);
        (hidden < 1.0).then_some(ClipPlate { vehicle, quad, hidden, kind, text })
    }
}
