//! How much of a sight is news: two frames that show the same picture are one piece of evidence, not two.

use crate::geometry::Quad;
use crate::labels::Label;

use super::motion::size;

/// A corner moved by this share of the plate's size (about two pixels of a plate 120 wide) has put every stroke on other
/// pixels, so that what is read there is read anew.
pub(super) const MOVED: f32 = 0.04;

/// A sharpness changed by this share shows the plate through another blur, light or exposure.
const CHANGED: f32 = 0.12;

/// Below this novelty nothing has changed but rounding: the picture is frozen.
const FROZEN: f32 = 2e-3;

/// Sights that are remembered: a hand shakes about one place, and a looping clip comes back.
const MEMORY: usize = 12;

/// Frozen frames in a row after which the picture is said not to change.
const UNCHANGED: u32 = 3;

/// The sights that counted.
#[derive(Clone, Debug, Default)]
pub(super) struct Novelty {
    /// The oldest first, at most [`MEMORY`].
    sights: Vec<Sight>,
    /// Since when, in ms, every frame was frozen, and how many.
    frozen: Option<(f64, u32)>,
}

#[derive(Clone, Debug)]
struct Sight {
    quad: Quad,
    sharpness: f32,
    labels: Vec<Label>,
    at: f64,
    /// What has been given to sights like this one, 0 to 1.
    given: f32,
    /// Frames that showed it.
    frames: u32,
}

impl Novelty {
    /// How much a sight counts as evidence of its own, 0 to 1.
    ///
    /// The first of its text counts as 1. After that it is the difference from the most similar sight remembered with that
    /// text, less what was given for that difference before: a slow drift adds up to 1 for every [`MOVED`] of it, however
    /// many frames it takes. A picture that stands still but is not frozen (a camera's noise changes it) gains 1 every
    /// `still_ms`, which texts that come in turn share.
    pub(super) fn take(&mut self, quad: &Quad, sharpness: f32, labels: &[Label], now: f64, still_ms: f64) -> f32 {
        let share = self.share(labels);
        let nearest = (self.sights.iter_mut().filter(|sight| sight.labels == labels))
            .map(|sight| (sight.difference(quad, sharpness), sight))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let frozen = nearest.as_ref().is_some_and(|&(difference, _)| difference < FROZEN);
        let (since, frames) = self.frozen.unwrap_or((now, 0));
        self.frozen = frozen.then_some((since, frames.saturating_add(1)));
        let (news, fresh) = match nearest {
            None => (1.0, true),
            Some((_, sight)) if frozen => {
                sight.frames = sight.frames.saturating_add(1);
                (0.0, false)
            }
            Some((difference, sight)) => {
                sight.frames = sight.frames.saturating_add(1);
                let waited = share * ((now - sight.at).max(0.0) / still_ms) as f32;
                let difference = (difference + waited).min(1.0);
                let news = (difference - sight.given).max(0.0);
                sight.given += news;
                (news, difference >= 1.0)
            }
        };
        if fresh {
            if self.sights.len() == MEMORY {
                self.sights.remove(0);
            }
            self.sights.push(Sight { quad: *quad, sharpness, labels: labels.to_vec(), at: now, given: 0.0, frames: 1 });
        }
        news
    }

    /// Whether nothing has changed for `still_ms`, whichever frames came.
    pub(super) fn is_unchanged(&self, now: f64, still_ms: f64) -> bool {
        self.frozen.is_some_and(|(since, frames)| frames >= UNCHANGED && now - since >= still_ms)
    }

    /// Share of the frames, this one included, that read this text.
    fn share(&self, labels: &[Label]) -> f32 {
        let frames = |sights: &mut dyn Iterator<Item = &Sight>| 1 + sights.map(|sight| sight.frames).sum::<u32>();
        let same = frames(&mut self.sights.iter().filter(|sight| sight.labels == labels));
        same as f32 / frames(&mut self.sights.iter()) as f32
    }
}

impl Sight {
    /// 0 for the same picture, 1 and more for another one.
    fn difference(&self, quad: &Quad, sharpness: f32) -> f32 {
        let sharper = self.sharpness.max(sharpness);
        let changed = if sharper > 0.0 { (self.sharpness - sharpness).abs() / sharper } else { 0.0 };
        (shift(&self.quad, quad) / MOVED).max(changed / CHANGED)
    }
}

/// How far a corner has moved at most, in sizes of the larger plate.
pub(super) fn shift(from: &Quad, to: &Quad) -> f32 {
    let corners = from.corners().into_iter().zip(to.corners());
    let moved = corners.map(|(a, b)| a.distance(b) as f32).fold(0.0, f32::max);
    moved / size(from).max(size(to))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn labels(text: &str) -> Vec<Label> {
        text.chars().filter_map(|c| Label::from_name(&c.to_string())).collect()
    }

    /// What sights at these places, 33 ms apart, count together.
    fn total(places: impl IntoIterator<Item = f32>) -> f32 {
        let mut novelty = Novelty::default();
        let text = labels("12가3456");
        let sight = |(frame, x): (usize, f32)| {
            let quad = Quad::rect(x, 10.0, 200.0, 50.0).unwrap(); // of size 100
            novelty.take(&quad, 5.0, &text, 33.0 * frame as f64, 1000.0)
        };
        places.into_iter().enumerate().map(sight).sum()
    }

    #[test]
    fn a_frozen_picture_counts_once() {
        assert_eq!(total([0.0; 500]), 1.0);
        // A clip of five frames in a loop counts five times, no more.
        assert_eq!(total((0..500).map(|i| (i % 5) as f32 * 10.0)), 5.0);
    }

    #[test]
    fn a_still_picture_counts_by_time() {
        // 100 frames are 3.3 seconds; the corners tremble by a tenth of a pixel.
        let counted = total((0..100).map(|i| 0.1 * ((i * 7) % 5) as f32));
        assert!((1.5..4.6).contains(&counted), "{counted}");
    }

    #[test]
    fn texts_that_come_in_turn_share_the_time() {
        // Of 100 frames of 3.3 seconds one in ten reads another text.
        let mut novelty = Novelty::default();
        let mut counted = [0.0; 2];
        for frame in 0..100_usize {
            let quad = Quad::rect(0.1 * ((frame * 7) % 5) as f32, 10.0, 200.0, 50.0).unwrap();
            let other = frame % 10 == 0;
            let text = labels(if other { "12나3456" } else { "12가3456" });
            counted[usize::from(other)] += novelty.take(&quad, 5.0, &text, 33.0 * frame as f64, 1000.0);
        }
        assert!(counted[0] > 2.0 * counted[1] && (1.0..1.8).contains(&counted[1]), "{counted:?}");
    }

    #[test]
    fn a_picture_that_does_not_change_is_known_as_such() {
        let text = labels("12가3456");
        // What moves, by how much a frame, and how far frames are apart.
        for (step, gap, frames, expected) in [
            (0.0, 33.0, 40, true),
            (0.0, 33.0, 20, false),
            (0.0, 1000.0, 3, false),
            (0.0, 1000.0, 4, true),
            (0.5, 33.0, 40, false),
        ] {
            let mut novelty = Novelty::default();
            for frame in 0..frames {
                let quad = Quad::rect(step * (frame % 2) as f32, 10.0, 200.0, 50.0).unwrap();
                novelty.take(&quad, 5.0, &text, gap * f64::from(frame), 700.0);
            }
            assert_eq!(novelty.is_unchanged(gap * f64::from(frames - 1), 700.0), expected, "{step}, {gap}, {frames}");
            novelty.take(&Quad::rect(3.0, 10.0, 200.0, 50.0).unwrap(), 5.0, &text, 1e4, 700.0);
            assert!(!novelty.is_unchanged(1e4, 700.0));
        }
    }

    #[test]
    fn movement_counts_by_its_length_not_by_frames() {
        // Forty pixels are ten times 4 % of the size, in 10 steps, in 40 or in 400.
        for steps in [10, 40, 400] {
            let counted = total((0..=steps).map(|i| 40.0 * i as f32 / steps as f32));
            let by_time = steps as f32 * 0.033;
            assert!((10.0..=11.5 + by_time).contains(&counted), "{steps} steps count {counted}");
        }
    }

    #[test]
    fn other_texts_are_news_once() {
        let mut novelty = Novelty::default();
        let quad = Quad::rect(0.0, 10.0, 200.0, 50.0).unwrap();
        let mut take = |text: &str| novelty.take(&quad, 5.0, &labels(text), 0.0, 1000.0);
        assert_eq!(["12가3456", "12나3456", "12가3456", "12나3456"].map(&mut take), [1.0, 1.0, 0.0, 0.0]);
    }
}
