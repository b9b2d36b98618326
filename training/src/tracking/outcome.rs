//! What became of the plates of one clip, and what was claimed of them.

use kr_lpr::plate::PlateText;
use kr_lpr::track::{Track, Tracks};

use super::{Recorded, centre};
use kr_lpr_render::synth::ClipPlate;

/// What became of one plate.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What it says.
    pub text: PlateText,
    /// Outlines of it that were read, and those of them read right.
    pub outlines: usize,
    /// See [`Outcome::outlines`].
    pub right: usize,
    /// Index and ms of the first frame in which it was outlined.
    pub first: Option<(usize, f64)>,
    /// Outlines and ms it took from there until its text was confirmed.
    pub confirmed: Option<(usize, f64)>,
}

impl Outcome {
    pub(super) fn new(text: PlateText) -> Outcome {
        Outcome { text, outlines: 0, right: 0, first: None, confirmed: None }
    }

    pub(super) fn outlined(&mut self, read: &str, index: usize, timestamp: f64) {
        self.outlines += 1;
        self.right += usize::from(read == self.text.to_string());
        self.first.get_or_insert((index, timestamp));
    }
}

/// A text that was confirmed and that the plate there does not say.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The track's id.
    pub track: u64,
    /// What it says.
    pub text: String,
    /// What the plate says; `None` where there is no plate.
    pub truth: Option<String>,
    /// Index of the frame in which it was first claimed.
    pub frame: usize,
    /// How sure the tracker was.
    pub confidence: f32,
}

/// Compares what is confirmed after a frame with the plates in it. A track that was not seen in the frame claims nothing.
pub(super) fn judge(outcomes: &mut [Outcome], wrong: &mut Vec<Claim>, tracks: &Tracks, frame: &Recorded, index: usize) {
    for track in tracks.confirmed().filter(|track| track.last_seen == frame.timestamp) {
        let plate = plate_of(track, frame);
        let truth = plate.map(|plate| plate.text.to_string());
        match plate {
            Some(plate) if truth.as_ref() == Some(&track.text) => {
                let outcome = &mut outcomes[plate.vehicle];
                if let (None, Some((_, since))) = (outcome.confirmed, outcome.first) {
                    outcome.confirmed = Some((outcome.outlines, frame.timestamp - since));
                }
            }
            _ if wrong.iter().any(|claim| claim.track == track.id && claim.text == track.text) => {}
            _ => wrong.push(Claim {
                track: track.id,
                text: track.text.clone(),
                truth,
                frame: index,
                confidence: track.confidence,
            }),
        }
    }
}

/// The plate that a track is of: the one whose middle is nearest, within half the plate's width.
fn plate_of<'a>(track: &Track, frame: &'a Recorded) -> Option<&'a ClipPlate> {
    let off = |plate: &ClipPlate| centre(&plate.quad).distance(centre(&track.quad)) / f64::from(plate.quad.width());
    let nearest = frame.plates.iter().min_by(|a, b| off(a).total_cmp(&off(b)))?;
    (off(nearest) < 0.5).then_some(nearest)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::geometry::Quad;
    use kr_lpr::plate::PlateKind;
    use kr_lpr::track::TrackState;

    fn track(id: u64, text: &str, x: f32, last_seen: f64) -> Track {
        let quad = Quad::rect(x, 100.0, 100.0, 25.0).unwrap();
        Track {
            id,
            observation: None,
            state: TrackState::Confirmed,
            text: text.to_owned(),
            confidence: 0.99,
            valid: true,
            chars: vec![],
            kind: None,
            quad,
            smoothed: quad,
            votes: 3.0,
            agreeing: 3.0,
            hidden: 0.0,
            sightings: 3,
            first_seen: 0.0,
            last_seen,
            confirmed_at: Some(last_seen),
        }
    }

    #[test]
    fn claims_are_judged_by_the_plate_that_is_there() {
        let text = PlateText::parse("12가3456").unwrap();
        let quad = Quad::rect(100.0, 100.0, 100.0, 25.0).unwrap();
        let plate = ClipPlate { vehicle: 0, quad, hidden: 0.0, kind: PlateKind::PrivateShort, text };
        let frame =
            Recorded { timestamp: 200.0, plates: vec![plate], read: vec![], false_outlines: 0, observations: vec![] };
        let (mut outcomes, mut wrong) = (vec![Outcome::new(text)], Vec::new());
        outcomes[0].outlined("12가3466", 1, 80.0);
        outcomes[0].outlined("12가3456", 3, 200.0);
        let mut judge = |tracks: Vec<Track>| {
            judge(&mut outcomes, &mut wrong, &Tracks { tracks, ..Tracks::default() }, &frame, 3);
            (outcomes[0].confirmed, wrong.iter().map(|claim| (claim.track, claim.truth.is_some())).collect::<Vec<_>>())
        };
        // Not in this frame, and not certain.
        let tentative = Track { state: TrackState::Tentative, ..track(2, "12가3456", 100.0, 200.0) };
        assert_eq!(judge(vec![track(1, "12나3456", 100.0, 120.0), tentative]), (None, vec![]));
        // Wrong text, and right text where nothing is; each is counted once.
        let both = [track(3, "12나3456", 110.0, 200.0), track(4, "12가3456", 300.0, 200.0)];
        for _ in 0..2 {
            assert_eq!(judge(both.to_vec()), (None, vec![(3, true), (4, false)]));
        }
        let right = judge(vec![track(5, "12가3456", 110.0, 200.0)]);
        assert_eq!(right, (Some((2, 120.0)), vec![(3, true), (4, false)]));
    }
}
