//! Whether the confidence of a reading is how often such readings are right.

use serde::Serialize;

use super::edits::label_edits;
use super::interval::Share;
use crate::evaluation::rendered::PlateRead;

/// Bins of equal width from 0 to 1.
const BINS: usize = 10;

/// Above this a reading is as good as certain, and a wrong one does harm.
const SURE: f32 = 0.9;

/// Confidence against truth.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reliability {
    /// The bins of the confidence, from 0 up.
    pub bins: Vec<Bin>,
    /// Mean distance of accuracy and mean confidence of the bins, weighted by their readings (Naeini et al. 2015);
    /// `None` without readings.
    pub expected_calibration_error: Option<f64>,
    /// Confidence above which a reading counts as sure.
    pub sure_above: f32,
    /// Sure readings that are right.
    pub sure: Share,
}

/// Readings whose confidence lies in one bin.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// Least confidence.
    pub from: f64,
    /// Confidence of the next bin; the last bin has the confidence 1 as well.
    pub to: f64,
    /// Readings that are right.
    pub share: Share,
    /// Mean confidence; `None` without readings.
    pub mean_confidence: Option<f64>,
}

impl Reliability {
    /// Of `readings`, by the confidence of the whole text.
    pub fn of(readings: &[PlateRead]) -> Reliability {
        Reliability::among(&readings.iter().map(|one| (one.confidence, one.is_right())).collect::<Vec<_>>())
    }

    /// Of the characters that were read, each by its own confidence. One is right where the cheapest way from what the plate
    /// says to what was read keeps it.
    pub fn of_characters(readings: &[PlateRead]) -> Reliability {
        let of = |one: &PlateRead| {
            let edits = label_edits(&one.truth, &one.read).into_iter();
            let right = edits.filter(|(_, read)| read.is_some()).map(|(truth, read)| truth == read);
            one.char_confidences.iter().copied().zip(right).collect::<Vec<_>>()
        };
        Reliability::among(&readings.iter().flat_map(of).collect::<Vec<_>>())
    }

    /// Of confidences and whether what was read with them is right.
    pub fn among(readings: &[(f32, bool)]) -> Reliability {
        let bins: Vec<Bin> = (0..BINS).map(|index| bin(index, readings)).collect();
        let distance = |bin: &Bin| {
            let (share, confidence) = (bin.share.share?, bin.mean_confidence?);
            Some((share - confidence).abs() * bin.share.seen as f64)
        };
        let sum: f64 = bins.iter().filter_map(distance).sum();
        let sure = readings.iter().filter(|(confidence, _)| *confidence > SURE);
        Reliability {
            bins,
            expected_calibration_error: (!readings.is_empty()).then(|| sum / readings.len() as f64),
            sure_above: SURE,
            sure: Share::among(sure.map(|&(_, right)| right)),
        }
    }

    /// Sure readings that are wrong.
    pub fn wrong_though_sure(&self) -> u64 {
        self.sure.seen - self.sure.right
    }
}

fn bin(index: usize, readings: &[(f32, bool)]) -> Bin {
    let place = |confidence: f32| ((confidence * BINS as f32) as usize).min(BINS - 1);
    let inside: Vec<_> = readings.iter().filter(|(confidence, _)| place(*confidence) == index).collect();
    let sum: f64 = inside.iter().map(|(confidence, _)| f64::from(*confidence)).sum();
    Bin {
        from: index as f64 / BINS as f64,
        to: (index + 1) as f64 / BINS as f64,
        share: Share::among(inside.iter().map(|(_, right)| *right)),
        mean_confidence: (!inside.is_empty()).then(|| sum / inside.len() as f64),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use kr_lpr::plate::PlateKind;

    use super::super::tables::testing::reading;
    use super::*;

    fn readings(of: &[(f32, bool)]) -> Vec<PlateRead> {
        let read = |right| if right { "1 2" } else { "1 3" };
        of.iter().map(|&(confidence, right)| reading(PlateKind::Ev, "1 2", read(right), confidence)).collect()
    }

    #[test]
    fn calibration_error_by_hand() {
        for (of, expected) in [
            // Certain and right; certain and wrong; half right at one half.
            (&[(1.0, true), (1.0, true)][..], 0.0),
            (&[(1.0, false)], 1.0),
            (&[(0.5, true), (0.5, false)], 0.0),
            (&[(0.0, true)], 1.0),
            // One bin: mean confidence 0.75, all right.
            (&[(0.72, true), (0.78, true)], 0.25),
            // Bins of 3 and 1: |1/3 - 0.95| * 3/4 + |1 - 0.15| * 1/4.
            (&[(0.95, true), (0.95, false), (0.95, false), (0.15, true)], (0.95 - 1.0 / 3.0) * 0.75 + 0.85 * 0.25),
        ] {
            let error = Reliability::of(&readings(of)).expected_calibration_error.unwrap();
            assert!((error - expected).abs() < 1e-6, "{of:?}: {error}, not {expected}");
        }
    }

    #[test]
    fn characters_are_judged_one_by_one() {
        let read = |truth: &str, read: &str, confidences: &[f32]| PlateRead {
            char_confidences: confidences.to_vec(),
            ..reading(PlateKind::Ev, truth, read, 0.5)
        };
        let readings = [
            read("1 2 가", "1 3 가", &[0.95, 0.55, 0.85]),
            // One is left out, one is none of the plate's.
            read("1 2 가", "1 가", &[0.75, 0.65]),
            read("1 2", "1 2 3", &[0.95, 0.95, 0.15]),
            read("1 2", "", &[]),
        ];
        let found: Vec<_> = Reliability::of_characters(&readings).bins.iter().map(|bin| bin.share).collect();
        let found: Vec<_> = found.iter().map(|share| (share.right, share.seen)).collect();
        let expected = [(0, 0), (0, 1), (0, 0), (0, 0), (0, 0), (0, 1), (1, 1), (1, 1), (1, 1), (3, 3)];
        assert_eq!(found, expected);
    }

    #[test]
    fn bins_hold_every_reading_once() {
        let of = [(0.0, false), (0.1, true), (0.099, true), (0.9, true), (0.91, false), (1.0, true), (0.95, true)];
        let reliability = Reliability::of(&readings(&of));
        assert_eq!(
            reliability.bins.iter().map(|bin| bin.share.seen).collect::<Vec<_>>(),
            [2, 1, 0, 0, 0, 0, 0, 0, 0, 4]
        );
        assert_eq!((reliability.sure.seen, reliability.wrong_though_sure()), (3, 1), "0.9 itself is not above 0.9");
        assert_eq!(reliability.bins[4].mean_confidence, None);
        assert_eq!(Reliability::of(&[]).expected_calibration_error, None);
    }
}
