//! What became of the plates of one clip, and what was claimed of them.

use kr_lpr::plate::PlateText;
use kr_lpr::track::{Track, Tracks};

use super::{Recorded, centre};
use crate::synth::ClipPlate;

/// What became of one plate.
#[derive(Clone, Debug)]
pub struct Fate {
    /// What it says.
    pub text: PlateText,
    /// Outlines of it that were read, and those of them read right.
    pub outlines: usize,
    /// See [`Fate::outlines`].
    pub right: usize,
    /// Index and ms of the first frame in which it was outlined.
    pub first: Option<(usize, f64)>,
    /// Outlines and ms it took from there until its text was confirmed.
    pub confirmed: Option<(usize, f64)>,
}

impl Fate {
    pub(super) fn new(text: PlateText) -> Fate {
        Fate { text, outlines: 0, right: 0, first: None, confirmed: None }
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
pub(super) fn judge(fates: &mut [Fate], wrong: &mut Vec<Claim>, tracks: &Tracks, frame: &Recorded, index: usize) {
    for track in tracks.confirmed().filter(|track| track.last_seen == frame.timestamp) {
        let plate = plate_of(track, frame);
        let truth = plate.map(|plate| plate.text.to_string());
        match plate {
            Some(plate) if truth.as_ref() == Some(&track.text) => {
                let fate = &mut fates[plate.vehicle];
                if let (None, Some((_, since))) = (fate.confirmed, fate.first) {
                    fate.confirmed = Some((fate.outlines, frame.timestamp - since));
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
