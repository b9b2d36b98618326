//! What several looks at one plate say together.

use super::reading::decode;
use super::{ReadError, ReadOptions, Reading, Straightened};
use crate::calibration::Calibration;
use crate::geometry::Quad;
use crate::labels::CLASS_COUNT;
use crate::model::STEPS;
use crate::plate::PlateKind;

/// Scores of an answer that are about the plate; what follows, its attention, is about one picture of it.
const ABOUT_THE_PLATE: usize = STEPS * CLASS_COUNT + PlateKind::ALL.len();

/// Weight of a look that gives its text no probability to speak of: not nothing, so that there is always a mean.
const LEAST_WEIGHT: f32 = 1e-6;

/// The looks at one plate so far.
pub(super) struct Looks<'a> {
    calibration: Calibration,
    options: &'a ReadOptions,
    /// What the network said at each look, and its weight.
    answers: Vec<(Vec<f32>, f32)>,
    best: Option<Best>,
}

/// The look that reads best.
struct Best {
    /// Which of the looks it is.
    index: usize,
    plate: Straightened,
    reading: Reading,
}

impl<'a> Looks<'a> {
    /// No look yet.
    pub(super) fn new(calibration: Calibration, options: &'a ReadOptions) -> Looks<'a> {
        Looks { calibration, options, answers: Vec::new(), best: None }
    }

    /// How many there are, and the plate's outline as the best of them has it; `None` before the first.
    pub(super) fn so_far(&self) -> Option<(usize, Quad)> {
        self.best.as_ref().map(|best| (self.answers.len(), best.plate.quad))
    }

    /// Adds the look at `plate`, at which the network said `answer`, and tells what all looks say together. Picture and
    /// outline of that [`Reading`] are those of the best look.
    ///
    /// The log-probabilities of every step are averaged, a logarithmic opinion pool (Genest and Zidek 1986) in which a look
    /// weighs as much as the square root of the probability that it gives its text. It can be done since the network was
    /// trained to read the same character of every picture of a plate at the same step.
    ///
    /// # Errors
    /// When the answer is not probabilities.
    pub(super) fn add(&mut self, plate: Straightened, answer: Vec<f32>) -> Result<Reading, ReadError> {
        let reading = decode(answer.clone(), plate.clone(), self.calibration, self.options)?;
        let index = self.answers.len();
        self.answers.push((answer, (0.5 * reading.log_prob).exp().max(LEAST_WEIGHT)));
        let grammar = self.options.grammar;
        let best = match self.best.take() {
            Some(best) if best.reading.rank(grammar) >= reading.rank(grammar) => best,
            _ => Best { index, plate, reading },
        };
        let best = self.best.insert(best);
        if index == 0 {
            return Ok(best.reading.clone());
        }
        let total: f32 = self.answers.iter().map(|(_, weight)| weight).sum();
        let mut pooled = self.answers[best.index].0.clone();
        for (index, score) in pooled.iter_mut().enumerate().take(ABOUT_THE_PLATE) {
            *score = self.answers.iter().map(|(answer, weight)| weight * answer[index]).sum::<f32>() / total;
        }
        let reading = decode(pooled, best.plate.clone(), self.calibration, self.options)?;
        Ok(Reading { looks: self.answers.len() as u32, ..reading })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::reading::testing::{answer, plate};
    use super::*;
    use crate::labels::Label;
    use crate::reader::Attention;

    /// The answer of a look that takes the letter of 12가3456 for 가, 나 and 다 with these probabilities.
    fn letter(probabilities: [f32; 3]) -> Vec<f32> {
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (name, p) in ["가", "나", "다"].into_iter().zip(probabilities) {
            scores[4 * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        scores
    }

    #[test]
    fn what_looks_agree_on_counts_for_more_than_what_one_is_a_little_surer_of() {
        let options = ReadOptions::default();
        let mut looks = Looks::new(Calibration::default(), &options);
        assert!(looks.so_far().is_none());
        let mut add = |probabilities| looks.add(plate(), letter(probabilities)).unwrap();
        let first = add([0.5, 0.49, 0.01]);
        assert_eq!((first.text.as_str(), first.looks), ("12가3456", 1));
        let second = add([0.01, 0.45, 0.54]);
        assert_eq!((second.text.as_str(), second.looks), ("12나3456", 2));
        assert_eq!(looks.so_far().unwrap().0, 2);
    }

    #[test]
    fn a_look_that_sees_nothing_changes_little() {
        let options = ReadOptions::default();
        let mut looks = Looks::new(Calibration::default(), &options);
        let nothing = vec![0.0; ABOUT_THE_PLATE];
        let sure = looks.add(plate(), letter([0.9, 0.05, 0.05])).unwrap();
        let unchanged = looks.add(plate(), nothing.clone()).unwrap();
        assert_eq!(unchanged.text, sure.text);
        assert!((unchanged.log_prob - sure.log_prob).abs() < 0.01, "{} {}", unchanged.log_prob, sure.log_prob);
        // Neither does it where it is the first.
        let mut looks = Looks::new(Calibration::default(), &options);
        looks.add(plate(), nothing).unwrap();
        assert_eq!(looks.add(plate(), letter([0.9, 0.05, 0.05])).unwrap().text, sure.text);
    }

    #[test]
    fn attention_is_that_of_the_best_look() {
        let options = ReadOptions { attention: true, ..ReadOptions::default() };
        let mut looks = Looks::new(Calibration::default(), &options);
        let look = |sure: f32, cell: usize| {
            let mut attention = vec![0.0; Attention::LENGTH];
            attention[cell] = 50.0;
            [letter([sure, 1.0 - sure, 1e-6]), attention].concat()
        };
        looks.add(plate(), look(0.7, 3)).unwrap();
        let pooled = looks.add(plate(), look(0.6, 5)).unwrap();
        let map = pooled.attention.unwrap().of_step(0).unwrap().to_vec();
        assert!(map[3] > 0.99 && map[5] < 0.01, "{map:?}");
    }

    #[test]
    fn nan_is_an_error_at_any_look() {
        let options = ReadOptions::default();
        let mut looks = Looks::new(Calibration::default(), &options);
        looks.add(plate(), letter([0.9, 0.05, 0.05])).unwrap();
        assert!(looks.add(plate(), vec![f32::NAN; ABOUT_THE_PLATE]).is_err());
    }
}
