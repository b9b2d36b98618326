//! Counts over many clips.

use super::Followed;

/// What is counted over clips.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Plates that were outlined at least once.
    pub plates: usize,
    /// Outlines of plates, each a frame read alone.
    pub outlines: usize,
    /// Those whose whole text was read right.
    pub outlines_right: usize,
    /// Plates whose text was confirmed.
    pub confirmed: usize,
    /// Texts confirmed that the plate there does not say.
    pub wrong: usize,
    /// Texts confirmed where no plate is.
    pub nowhere: usize,
    /// Outlines of what is no plate.
    pub false_outlines: usize,
    /// Outlines that it took to confirm, a plate each.
    pub outlines_to_confirm: Vec<f64>,
    /// The same in ms.
    pub ms_to_confirm: Vec<f64>,
    /// Microseconds of the tracker, a frame each.
    pub micros: Vec<f64>,
}

impl Tally {
    /// Counts a clip.
    pub fn add(&mut self, followed: &Followed) {
        for outcome in followed.outcomes.iter().filter(|outcome| outcome.first.is_some()) {
            self.plates += 1;
            self.outlines += outcome.outlines;
            self.outlines_right += outcome.right;
            if let Some((outlines, ms)) = outcome.confirmed {
                self.confirmed += 1;
                self.outlines_to_confirm.push(outlines as f64);
                self.ms_to_confirm.push(ms);
            }
        }
        let nowhere = followed.wrong.iter().filter(|claim| claim.truth.is_none()).count();
        self.nowhere += nowhere;
        self.wrong += followed.wrong.len() - nowhere;
        self.false_outlines += followed.false_outlines;
        self.micros.extend(&followed.micros);
    }

    /// Plates whose text was never confirmed.
    pub fn never(&self) -> usize {
        self.plates - self.confirmed
    }

    /// Share of the confirmed texts that are right, `None` where there are none.
    pub fn precision(&self) -> Option<f64> {
        let all = self.confirmed + self.wrong + self.nowhere;
        (all > 0).then(|| self.confirmed as f64 / all as f64)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::{Claim, Outcome};
    use super::*;
    use kr_lpr::plate::PlateText;

    #[test]
    fn by_hand() {
        let mut outcomes = vec![Outcome::new(PlateText::parse("12가3456").unwrap()); 3];
        outcomes[0].outlined("12가3456", 2, 100.0);
        outcomes[0].outlined("12가3466", 3, 140.0);
        outcomes[0].confirmed = Some((2, 40.0));
        outcomes[1].outlined("", 0, 0.0); // never read; the third is never seen
        let claim = |truth: Option<&str>| Claim {
            track: 1,
            text: "98허7777".into(),
            truth: truth.map(str::to_owned),
            frame: 4,
            confidence: 0.99,
        };
        let wrong = vec![claim(None), claim(Some("12가3456"))];
        let mut tally = Tally::default();
        tally.add(&Followed { outcomes, wrong, false_outlines: 5, micros: vec![3.0, 1.0] });
        assert_eq!((tally.plates, tally.outlines, tally.outlines_right, tally.false_outlines), (2, 3, 1, 5));
        assert_eq!((tally.confirmed, tally.never(), tally.wrong, tally.nowhere), (1, 1, 1, 1));
        assert_eq!(
            (tally.outlines_to_confirm[0], tally.ms_to_confirm[0], &*tally.micros),
            (2.0, 40.0, &[3.0, 1.0][..])
        );
        assert_eq!(tally.precision(), Some(1.0 / 3.0));
        assert_eq!(Tally::default().precision(), None);
    }
}
