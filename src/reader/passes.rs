//! Reading one plate, in several passes where there is doubt, and what they say together.

use super::inference::Inference;
use super::policy::{self, Effort, RETRIES, Retry};
use super::reading::decode;
use super::timings::{Stage, Stopwatch};
use super::{AlignedPlate, ReadError, ReadOptions, Reading};
use crate::calibration::Calibration;
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::labels::CLASS_COUNT;
use crate::model::STEPS;
use crate::plate::PlateKind;

/// Scores of an answer that are about the plate; what follows, its attention, is about one picture of it.
const ABOUT_THE_PLATE: usize = STEPS * CLASS_COUNT + PlateKind::ALL.len();

/// Weight of a pass that gives its text no probability to speak of: not nothing, so that there is always a mean.
const LEAST_WEIGHT: f32 = 1e-6;

/// Reads the plate within `outline`, pass after pass until there is no doubt that another one may settle.
///
/// # Errors
/// When the device fails or the weights are broken.
pub(super) async fn read_plate(
    networks: &impl Inference,
    frame: &Frame<'_>,
    outline: &Quad,
    effort: Effort,
    options: &ReadOptions,
    watch: &Stopwatch,
) -> Result<Reading, ReadError> {
    let mut passes = Passes::new(networks.calibration(), options);
    let plate = align(networks, frame, outline, options).await?;
    let mut reading = passes.read(networks, plate, watch).await?;
    for retry in RETRIES {
        if !(options.align && policy::is_doubtful(&reading, passes.answers.len(), effort)) {
            break;
        }
        let plate = again(networks, frame, passes.best().unwrap_or(*outline), retry).await?;
        reading = passes.read(networks, plate, watch).await?;
    }
    Ok(reading)
}

/// The plate of the first pass: its corners as they are found in `outline`, and what they outline with a margin.
///
/// # Errors
/// When the device fails.
pub(super) async fn align(
    networks: &impl Inference,
    frame: &Frame<'_>,
    outline: &Quad,
    options: &ReadOptions,
) -> Result<AlignedPlate, ReadError> {
    let found = if options.align { networks.corners(frame, outline).await? } else { None };
    Ok(match found {
        Some(quad) => AlignedPlate::new(frame, quad, policy::READ_MARGIN),
        // Where no plate is found, what was given is as good as anything.
        None => AlignedPlate::exactly(frame, *outline),
    })
}

/// The plate of a later pass, which was found at `quad` before.
async fn again(
    networks: &impl Inference,
    frame: &Frame<'_>,
    quad: Quad,
    retry: Retry,
) -> Result<AlignedPlate, ReadError> {
    let found = match retry.realign.and_then(|margin| quad.scaled(margin).ok()) {
        Some(around) => networks.corners(frame, &around).await?,
        None => None,
    };
    Ok(AlignedPlate::new(frame, found.unwrap_or(quad), retry.margin))
}

/// The passes over one plate so far.
struct Passes<'a> {
    calibration: Calibration,
    options: &'a ReadOptions,
    /// What the network said at each pass, and its weight.
    answers: Vec<(Vec<f32>, f32)>,
    best: Option<Best>,
}

/// The pass that reads best.
struct Best {
    /// Which of the passes it is.
    index: usize,
    plate: AlignedPlate,
    reading: Reading,
}

impl<'a> Passes<'a> {
    /// No pass yet.
    fn new(calibration: Calibration, options: &'a ReadOptions) -> Passes<'a> {
        Passes { calibration, options, answers: Vec::new(), best: None }
    }

    /// Makes another pass over `plate`.
    async fn read(
        &mut self,
        networks: &impl Inference,
        plate: AlignedPlate,
        watch: &Stopwatch,
    ) -> Result<Reading, ReadError> {
        watch.ended(Stage::Align);
        let answer = networks.answer(&plate.image, self.options.attention).await?;
        watch.ended(Stage::Recognize);
        let reading = self.add(plate, answer);
        watch.ended(Stage::Decode);
        reading
    }

    /// The plate's outline as the best of them has it; `None` before the first.
    fn best(&self) -> Option<Quad> {
        self.best.as_ref().map(|best| best.plate.quad)
    }

    /// Adds the pass over `plate`, at which the network said `answer`, and tells what all say together. Picture and outline of
    /// that [`Reading`] are those of the best pass.
    ///
    /// The log-probabilities of every step are averaged, a logarithmic opinion pool (Genest and Zidek 1986) in which a pass
    /// weighs as much as the square root of the probability that it gives its text. It can be done since the network was
    /// trained to read the same character of every picture of a plate at the same step. A character that one pass reads and
    /// another finds unknown is a matter of doubt then, and what lies outside the picture is unknown whatever a pass says.
    ///
    /// # Errors
    /// When the answer is not probabilities.
    fn add(&mut self, plate: AlignedPlate, answer: Vec<f32>) -> Result<Reading, ReadError> {
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
        Ok(Reading { passes: self.answers.len() as u32, ..reading })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::reading::testing::{answer, plate};
    use super::*;
    use crate::labels::Label;
    use crate::reader::Attention;

    /// The answer of a pass that takes the letter of 12가3456 for 가, 나 and 다 with these probabilities.
    fn letter(probabilities: [f32; 3]) -> Vec<f32> {
        letters(&["가", "나", "다"], probabilities)
    }

    fn letters(names: &[&str; 3], probabilities: [f32; 3]) -> Vec<f32> {
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (name, p) in names.iter().zip(probabilities) {
            scores[4 * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        scores
    }

    #[test]
    fn what_passes_agree_on_counts_for_more_than_what_one_is_a_little_surer_of() {
        let options = ReadOptions::default();
        let mut passes = Passes::new(Calibration::default(), &options);
        assert!(passes.best().is_none());
        let mut add = |probabilities| passes.add(plate(), letter(probabilities)).unwrap();
        let first = add([0.5, 0.49, 0.01]);
        assert_eq!((first.text.as_str(), first.passes), ("12가3456", 1));
        let second = add([0.01, 0.45, 0.54]);
        assert_eq!((second.text.as_str(), second.passes), ("12나3456", 2));
    }

    #[test]
    fn a_pass_that_sees_nothing_changes_little() {
        let options = ReadOptions::default();
        let mut passes = Passes::new(Calibration::default(), &options);
        let nothing = vec![0.0; ABOUT_THE_PLATE];
        let sure = passes.add(plate(), letter([0.9, 0.05, 0.05])).unwrap();
        let unchanged = passes.add(plate(), nothing.clone()).unwrap();
        assert_eq!(unchanged.text, sure.text);
        assert!((unchanged.log_prob - sure.log_prob).abs() < 0.01, "{} {}", unchanged.log_prob, sure.log_prob);
        // Neither does it where it is the first.
        let mut passes = Passes::new(Calibration::default(), &options);
        passes.add(plate(), nothing).unwrap();
        assert_eq!(passes.add(plate(), letter([0.9, 0.05, 0.05])).unwrap().text, sure.text);
    }

    #[test]
    fn a_character_that_one_pass_finds_unknown_is_not_sure_because_another_reads_it() {
        let options = ReadOptions::default();
        let mut passes = Passes::new(Calibration::default(), &options);
        passes.add(plate(), letters(&["?", "가", "나"], [0.9, 0.05, 0.05])).unwrap();
        let both = passes.add(plate(), letters(&["가", "?", "나"], [0.9, 0.05, 0.05])).unwrap();
        assert!(both.confidence < 0.6, "{both:?}");
        let texts: Vec<&str> = both.candidates.iter().take(2).map(|candidate| candidate.text.as_str()).collect();
        assert!(texts.contains(&"12?3456") && texts.contains(&"12가3456"), "{texts:?}");
    }

    #[test]
    fn attention_is_that_of_the_best_pass() {
        let options = ReadOptions { attention: true, ..ReadOptions::default() };
        let mut passes = Passes::new(Calibration::default(), &options);
        let pass = |sure: f32, cell: usize| {
            let mut attention = vec![0.0; Attention::LENGTH];
            attention[cell] = 50.0;
            [letter([sure, 1.0 - sure, 1e-6]), attention].concat()
        };
        passes.add(plate(), pass(0.7, 3)).unwrap();
        let pooled = passes.add(plate(), pass(0.6, 5)).unwrap();
        let map = pooled.attention.unwrap().of_step(0).unwrap().to_vec();
        assert!(map[3] > 0.99 && map[5] < 0.01, "{map:?}");
    }

    #[test]
    fn nan_is_an_error_at_any_pass() {
        let options = ReadOptions::default();
        let mut passes = Passes::new(Calibration::default(), &options);
        passes.add(plate(), letter([0.9, 0.05, 0.05])).unwrap();
        assert!(passes.add(plate(), vec![f32::NAN; ABOUT_THE_PLATE]).is_err());
    }
}
