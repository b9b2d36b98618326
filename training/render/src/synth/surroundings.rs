//! The vehicle around the plate: paintwork, bumper, grille, recess and what else lies near.
//!
//! A vehicle front or rear is mostly horizontal: two profiles of bands, one for the part around the plate and one for
//! the body, are bent and laid along the plate's axes, which costs a table look-up a pixel.

use kr_lpr::geometry::Point;

use super::fittings::latin_marks;
use super::pose::Pose;
use super::raster::{Raster, Tone, edge, mix, rounded_box, scaled, smooth};
use super::rng::Rng;
use super::sensor::{Colour, Sensor, near};

/// Entries of a profile.
const PROFILE: usize = 512;

/// Car paints by how common they are in Korea: white, grey, black, silver, then colours.
pub(super) const PAINTS: [(Colour, f32); 9] = [
    ([0xe2, 0xe4, 0xe6], 30.0),
    ([0x58, 0x5b, 0x60], 18.0),
    ([0x18, 0x19, 0x1c], 22.0),
    ([0xa8, 0xac, 0xb0], 14.0),
    ([0x24, 0x38, 0x70], 6.0),
    ([0x8a, 0x1c, 0x20], 4.0),
    ([0xb8, 0xa8, 0x90], 3.0),
    ([0x2c, 0x4a, 0x3c], 2.0),
    ([0xd8, 0xa0, 0x30], 1.5),
];

/// Tones by height, in mm below the plate's centre.
struct Profile {
    top: f32,
    step: f32,
    tones: Vec<Tone>,
}

impl Profile {
    fn plain(tone: Tone, top: f32, bottom: f32, gradient: f32) -> Profile {
        let step = (bottom - top) / PROFILE as f32;
        let shaded = |i: usize| scaled(tone, 1.0 + gradient * (0.5 - i as f32 / PROFILE as f32));
        Profile { top, step, tones: (0..PROFILE).map(shaded).collect() }
    }

    /// Lays a band from `from` to `to` mm with edges of `soft` mm.
    fn band(&mut self, from: f32, to: f32, soft: f32, tone: impl Fn(f32) -> Tone) {
        for (i, entry) in self.tones.iter_mut().enumerate() {
            let v = self.top + (i as f32 + 0.5) * self.step;
            let cover = smooth(from - soft, from + soft, v) * (1.0 - smooth(to - soft, to + soft, v));
            if cover > 0.0 {
                *entry = mix(*entry, tone(v), cover);
            }
        }
    }

    #[inline]
    fn at(&self, v: f32) -> Tone {
        let place = ((v - self.top) / self.step - 0.5).clamp(0.0, (PROFILE - 2) as f32 + 0.99);
        let whole = place as usize;
        mix(self.tones[whole], self.tones[whole + 1], place - whole as f32)
    }
}

/// What a vehicle's lower front or rear looks like in one place.
fn profile(rng: &mut Rng, base: Tone, top: f32, bottom: f32, busy: f32) -> Profile {
    let mut profile = Profile::plain(base, top, bottom, rng.normal(0.35));
    let span = bottom - top;
    let bands = (rng.uniform(0.0, 6.0) * busy) as usize;
    for _ in 0..bands {
        let from = rng.uniform(top, bottom);
        match rng.weighted(&[0.3, 0.2, 0.25, 0.25]) {
            // A seam, a crease or an opening: dark.
            0 => {
                let tone = scaled(base, rng.uniform(0.05, 0.6));
                let to = from + rng.log_uniform(3.0, 0.6 * span);
                profile.band(from, to, rng.log_uniform(0.5, 12.0), |_| tone);
            }
            // A chrome strip: bright with a dark horizon.
            1 => {
                let wide = rng.log_uniform(5.0, 30.0);
                let (bright, dark) = (rng.uniform(0.6, 1.1), rng.uniform(0.1, 0.5));
                let horizon = rng.uniform(0.3, 0.8);
                profile.band(from, from + wide, 0.8, |v| {
                    [bright + (dark - bright) * smooth(horizon - 0.15, horizon + 0.15, (v - from) / wide); 3]
                });
            }
            // A reflection in the paint.
            2 => {
                let gain = rng.uniform(1.1, 2.2);
                let tone = scaled(base, gain).map(|t| (t + 0.06).min(1.1));
                profile.band(from, from + rng.log_uniform(5.0, 60.0), rng.log_uniform(2.0, 25.0), |_| tone);
            }
            // A grille of bars.
            _ => {
                let to = from + rng.uniform(0.2, 0.8) * span;
                let pitch = rng.log_uniform(7.0, 32.0);
                let share = rng.uniform(0.25, 0.6);
                let bar = if rng.chance(0.3) { rng.uniform(0.4, 0.9) } else { rng.uniform(0.06, 0.3) };
                let gap = rng.uniform(0.0, 0.08);
                profile.band(from, to, 1.5, |v| {
                    let phase = (v / pitch).rem_euclid(1.0);
                    [gap + (bar - gap) * smooth(0.0, 0.12, phase) * (1.0 - smooth(share, share + 0.12, phase)); 3]
                });
            }
        }
    }
    profile
}

/// Paints the vehicle over the whole of `frame`. `size` is the plate's, mm.
pub(crate) fn paint(rng: &mut Rng, frame: &mut Raster, pose: &Pose, size: [f32; 2], sensor: &Sensor, busy: f32) {
    let weights = PAINTS.map(|(_, share)| share);
    let (paint, _) = PAINTS[rng.weighted(&weights)];
    let paint = sensor.tone(near(rng, paint, 18.0));
    let plastic = sensor.tone(near(rng, [0x20, 0x21, 0x23], 16.0));
    let (w, h) = (frame.width as f32, frame.height as f32);
    let corners = [pose.to_plate(0.0, 0.0), pose.to_plate(w, 0.0), pose.to_plate(0.0, h), pose.to_plate(w, h)];
    // Far corners of a steep view run off to the horizon.
    let limit = 8.0 * size[1];
    let top = corners.iter().map(|c| c[1]).fold(f32::MAX, f32::min).max(-limit) - 5.0;
    let bottom = corners.iter().map(|c| c[1]).fold(f32::MIN, f32::max).min(limit) + 5.0;

    let outer = profile(rng, paint, top, bottom, busy);
    let (inner_base, inner_busy) = match rng.index(3) {
        0 => (plastic, busy * 0.6),
        1 => (scaled(paint, rng.uniform(0.5, 0.95)), busy * 0.3),
        _ => (mix(paint, plastic, rng.unit()), busy),
    };
    let inner = profile(rng, inner_base, top, bottom, inner_busy);
    // The recess around the plate; very large ones make the whole picture.
    let recess = [size[0] / 2.0 + rng.log_uniform(6.0, 400.0), size[1] / 2.0 + rng.log_uniform(6.0, 160.0)];
    let offset = [rng.normal(20.0), rng.normal(15.0)];
    let (radius, soft) = (rng.uniform(2.0, 40.0), rng.log_uniform(1.0, 12.0));
    let bend = rng.normal(30.0) / (260.0 * 260.0);
    let side = rng.normal(0.25) / 260.0;

    // The profiles are laid along the plate's axes without perspective: an affine map from pixels to mm.
    let centre = pose.to_frame(0.0, 0.0);
    let origin = pose.to_plate(centre.x, centre.y);
    let (right, down) = (pose.to_plate(centre.x + 1.0, centre.y), pose.to_plate(centre.x, centre.y + 1.0));
    let dx = [right[0] - origin[0], right[1] - origin[1]];
    let dy = [down[0] - origin[0], down[1] - origin[1]];
    let width = frame.width;
    for y in 0..frame.height {
        let (fx, fy) = (0.5 - centre.x, y as f32 + 0.5 - centre.y);
        let (mut u, mut v) = (fx * dx[0] + fy * dy[0], fx * dx[1] + fy * dy[1]);
        for x in 0..width {
            let bent = v + bend * u * u;
            let share = edge(rounded_box(u - offset[0], v - offset[1], recess, radius), soft);
            let tone = if share >= 1.0 {
                inner.at(bent)
            } else if share <= 0.0 {
                outer.at(bent)
            } else {
                mix(outer.at(bent), inner.at(bent), share)
            };
            let lit = (1.0 + side * u).max(0.1);
            for (plane, value) in frame.planes.iter_mut().zip(tone) {
                plane[y * width + x] = value * lit;
            }
            u += dx[0];
            v += dx[1];
        }
    }
    lamps(rng, frame, busy);
    if rng.chance(0.15 * busy) {
        name(rng, frame, pose, size);
    }
}

/// The name of the model, in letters on the body above or below the plate.
fn name(rng: &mut Rng, frame: &mut Raster, pose: &Pose, size: [f32; 2]) {
    let height = rng.uniform(10.0, 34.0);
    let pitch = height * rng.uniform(0.8, 1.8);
    let away = size[1] / 2.0 + rng.uniform(12.0, 70.0);
    let y = if rng.chance(0.7) { -away - height } else { away };
    let letters = 3 + rng.index(8);
    let at = [rng.normal(120.0) - pitch * letters as f32 / 2.0, y];
    let tone = [rng.uniform(0.05, 1.1); 3];
    for [x, y, w, h] in latin_marks(rng, at, [pitch, height], letters) {
        let corners = [(x, y), (x + w, y), (x + w, y + h), (x, y + h)].map(|(x, y)| pose.to_frame(x, y));
        let low = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::MAX, f32::min);
        let high = |of: fn(&Point) -> f32| corners.iter().map(of).fold(f32::MIN, f32::max);
        let [a, _, c, _] = corners;
        let pixel = w.hypot(h) / (c.x - a.x).hypot(c.y - a.y).max(0.5);
        let region = frame.region(low(|p| p.x) - 1.0, low(|p| p.y) - 1.0, high(|p| p.x) + 1.0, high(|p| p.y) + 1.0);
        frame.lay(region, tone, |px, py| {
            let [u, v] = pose.to_plate(px, py);
            edge((u - x - w / 2.0).abs() - w / 2.0, pixel) * edge((v - y - h / 2.0).abs() - h / 2.0, pixel)
        });
    }
}

/// Bright spots and dark blobs here and there: lamps, emblems, parking sensors, stickers.
fn lamps(rng: &mut Rng, frame: &mut Raster, busy: f32) {
    let (w, h) = (frame.width as f32, frame.height as f32);
    for _ in 0..(rng.uniform(0.0, 4.0) * busy) as usize {
        let half = [h * rng.log_uniform(0.02, 0.2), h * rng.log_uniform(0.02, 0.12)];
        let (x, y) = (rng.uniform(0.0, w), rng.uniform(0.0, h));
        let tone = [rng.uniform(0.0, 0.95); 3];
        let soft = rng.log_uniform(0.8, 6.0);
        let round = half[0].min(half[1]) * rng.unit();
        let region = frame.region(x - half[0] - soft, y - half[1] - soft, x + half[0] + soft, y + half[1] + soft);
        frame.lay(region, tone, |px, py| edge(rounded_box(px - x, py - y, half, round), soft));
    }
}
