//! Where a plate is, how it moves, and where it will be.

use crate::geometry::{Point, Quad};

/// Share of the difference between prediction and sight that the place takes over, and that the speed does: an alpha-beta
/// filter (Kalata 1984). The corners found are right to a few percent of the plate, so they count for more than the
/// prediction.
const ALPHA: f32 = 0.7;
const BETA: f32 = 0.35;

/// Milliseconds for which a motion is taken to go on; what has not been seen for longer may be anywhere near there.
const HORIZON: f32 = 400.0;

/// A plate's place, speed and growth.
#[derive(Clone, Debug)]
pub(super) struct Motion {
    /// The corners as last seen.
    last: Quad,
    /// The corners, errors of single frames evened out.
    smoothed: Quad,
    /// Centre of the plate, pixels.
    centre: [f32; 2],
    /// Natural logarithm of the plate's size, see [`size`].
    log_size: f32,
    /// Pixels a millisecond, to the right and down.
    speed: [f32; 2],
    /// Growth of `log_size` a millisecond.
    growth: f32,
    /// Milliseconds.
    seen: f64,
    sightings: u32,
}

/// Where a plate is expected to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) centre: [f32; 2],
    pub(super) log_size: f32,
}

impl Motion {
    pub(super) fn new(quad: Quad, now: f64) -> Motion {
        let place = Place::of(&quad);
        Motion {
            last: quad,
            smoothed: quad,
            centre: place.centre,
            log_size: place.log_size,
            speed: [0.0; 2],
            growth: 0.0,
            seen: now,
            sightings: 1,
        }
    }

    /// When the plate was last seen, milliseconds.
    pub(super) fn seen(&self) -> f64 {
        self.seen
    }

    pub(super) fn last(&self) -> &Quad {
        &self.last
    }

    pub(super) fn smoothed(&self) -> &Quad {
        &self.smoothed
    }

    /// Where the plate should be at `now`.
    pub(super) fn predict(&self, now: f64) -> Place {
        let ahead = ((now - self.seen) as f32).clamp(0.0, HORIZON);
        Place {
            centre: [0, 1].map(|axis| self.centre[axis] + self.speed[axis] * ahead),
            log_size: self.log_size + (self.growth * ahead).clamp(-0.7, 0.7),
        }
    }

    /// Takes in that the plate is at `quad` now.
    pub(super) fn see(&mut self, quad: Quad, now: f64) {
        let expected = self.predict(now);
        let sight = Place::of(&quad);
        let passed = (now - self.seen) as f32;
        self.smoothed = self.smooth(&quad, &expected);
        let off = [0, 1].map(|axis| sight.centre[axis] - expected.centre[axis]);
        let grown = sight.log_size - expected.log_size;
        if self.sightings > 1 && passed > 2.0 * HORIZON {
            // Away for so long that the difference says nothing about the speed.
            (self.centre, self.log_size, self.speed, self.growth) = (sight.centre, sight.log_size, [0.0; 2], 0.0);
        } else {
            // The first step is all that is known of the speed.
            let beta = if self.sightings == 1 { 1.0 } else { BETA };
            self.centre = [0, 1].map(|axis| expected.centre[axis] + ALPHA * off[axis]);
            self.log_size = expected.log_size + ALPHA * grown;
            if passed >= 1.0 {
                self.speed = [0, 1].map(|axis| self.speed[axis] + beta * off[axis] / passed);
                self.growth = (self.growth + BETA * grown / passed).clamp(-0.005, 0.005);
            }
        }
        (self.last, self.seen) = (quad, self.seen.max(now));
        self.sightings = self.sightings.saturating_add(1);
    }

    /// The smoothed corners, moved to where the plate is expected, halfway to those seen.
    fn smooth(&self, quad: &Quad, expected: &Place) -> Quad {
        let from = Place::of(&self.smoothed);
        let scale = (expected.log_size - from.log_size).exp();
        let moved = |p: Point| {
            [p.x, p.y]
                .into_iter()
                .zip(from.centre)
                .zip(expected.centre)
                .map(move |((v, from), to)| to + (v - from) * scale)
        };
        let mut corners = quad.corners();
        for (corner, old) in corners.iter_mut().zip(self.smoothed.corners()) {
            let old: Vec<f32> = moved(old).collect();
            let mix = |new: f32, old: f32| old + ALPHA * (new - old);
            *corner = Point::new(mix(corner.x, old[0]), mix(corner.y, old[1]));
        }
        Quad::new(corners).unwrap_or(*quad)
    }
}

impl Place {
    pub(super) fn of(quad: &Quad) -> Place {
        let corners = quad.corners();
        let mean = |of: fn(&Point) -> f32| corners.iter().map(of).sum::<f32>() / 4.0;
        Place { centre: [mean(|p| p.x), mean(|p| p.y)], log_size: size(quad).ln() }
    }

    /// Distance of the centres in sizes of the larger plate.
    pub(super) fn distance(&self, other: &Place) -> f32 {
        let [dx, dy] = [0, 1].map(|axis| self.centre[axis] - other.centre[axis]);
        (dx * dx + dy * dy).sqrt() / self.log_size.max(other.log_size).exp()
    }

    /// How many times as large one is as the other, as a natural logarithm, 0 or more.
    pub(super) fn scale(&self, other: &Place) -> f32 {
        (self.log_size - other.log_size).abs()
    }
}

/// The size of a plate in pixels: root of width times height, about half the width of a long plate.
pub(super) fn size(quad: &Quad) -> f32 {
    (quad.width() * quad.height()).sqrt()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn quad(x: f32, y: f32, width: f32) -> Quad {
        Quad::rect(x, y, width, width / 4.0).unwrap()
    }

    #[test]
    fn steady_motion_is_foreseen() {
        let mut motion = Motion::new(quad(0.0, 0.0, 100.0), 0.0);
        for step in 1..10 {
            motion.see(quad(8.0 * step as f32, -3.0 * step as f32, 100.0), 40.0 * f64::from(step));
        }
        let expected = motion.predict(400.0);
        let there = Place::of(&quad(80.0, -30.0, 100.0));
        assert!(expected.distance(&there) < 0.01 && expected.scale(&there) < 0.01, "{expected:?} {there:?}");
        // A frame dropped makes no difference.
        let later = Place::of(&quad(88.0, -33.0, 100.0));
        assert!(motion.predict(440.0).distance(&later) < 0.01);
    }

    #[test]
    fn errors_of_single_frames_are_evened_out() {
        let mut motion = Motion::new(quad(0.0, 0.0, 100.0), 0.0);
        for step in 1..20 {
            let error = if step % 2 == 0 { 2.0 } else { -2.0 };
            motion.see(quad(error, 0.0, 100.0), 40.0 * f64::from(step));
        }
        let off = motion.smoothed().corners()[0].x.abs();
        assert!(off < 1.6, "{off}");
        assert_eq!(motion.last(), &quad(-2.0, 0.0, 100.0));
    }

    #[test]
    fn nothing_makes_it_lose_its_head() {
        let mut motion = Motion::new(quad(0.0, 0.0, 100.0), 0.0);
        for (x, width, now) in [(5.0, 100.0, 0.0), (9e5, 0.1, 0.0), (-9e5, 9e4, 1e-9), (0.0, 1.0, 1e15)] {
            motion.see(quad(x, 0.0, width), now);
            let place = motion.predict(now + 100.0);
            assert!(place.centre.iter().all(|v| v.is_finite()) && place.log_size.is_finite(), "{place:?}");
        }
        assert_eq!(motion.seen(), 1e15);
    }
}
