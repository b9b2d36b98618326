//! What was read on one plate, from the network's answer.

use super::{Attention, ReadError, ReadOptions, Straightened};
use crate::calibration::Calibration;
use crate::ctc::{BeamOptions, CharReading, GrammarMode, Hypothesis, Logits, beam_search_for, share_doubt};
use crate::geometry::Quad;
use crate::labels::{CLASS_COUNT, Label};
use crate::model::STEPS;
use crate::plate::layout::Layout;
use crate::plate::{PlateKind, PlateText};
use crate::rectify::PlateImage;

/// Prefixes the beam search keeps. On rendered plates a wider beam finds nothing more.
const BEAM_WIDTH: usize = 8;

/// A text of fewer characters that no plate carries is none: all but a few rare plates have at least six, most seven or eight.
const FRAGMENT: usize = 6;

/// What was read on one plate.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most probable text, NFC, without spaces: `12가3456`. Empty where nothing could be read.
    pub text: String,
    /// How probable it is that [`Reading::text`] is right, 0 to 1: calibrated on rendered plates.
    pub confidence: f32,
    /// Natural logarithm of the probability the network gives to [`Reading::text`]; `-inf` where it is empty.
    pub log_prob: f32,
    /// Whether a plate can carry the text.
    pub valid: bool,
    /// The most probable kind by shape, layout and, where the frame has colours, that of the sheet; among those that may
    /// carry the text where it is valid.
    pub kind: PlateKind,
    /// Probability of [`Reading::kind`] among the kinds considered, 0 to 1.
    pub kind_confidence: f32,
    /// One entry a character of [`Reading::text`]; a region is one character. The product of their confidences is
    /// [`Reading::confidence`], so that none is less sure than the text.
    pub chars: Vec<CharReading>,
    /// The most probable texts, best first; the first is [`Reading::text`].
    pub candidates: Vec<Candidate>,
    /// The outline that was read, in pixels of the frame: the plate's corners where they were looked for.
    pub quad: Quad,
    /// What the network saw.
    pub plate: PlateImage,
    /// Where on [`Reading::plate`] the network looked; only where [`ReadOptions::attention`] asks for it. A character's map is
    /// that of its [`CharReading::step`].
    pub attention: Option<Attention>,
    /// How often the plate was looked at: once, and up to four times where the network was not sure.
    pub looks: u32,
}

impl Reading {
    /// How well it reads, to be compared with others: a text that no plate carries is worse than any other, unless the grammar
    /// is not to be asked.
    pub(super) fn rank(&self, grammar: GrammarMode) -> (bool, f32) {
        (self.valid || grammar == GrammarMode::Off, self.log_prob)
    }

    /// This reading or `other`, whichever reads better; `other` where they are alike.
    pub(super) fn unless_worse_than(self, other: Option<Reading>, grammar: GrammarMode) -> Reading {
        other.filter(|other| other.rank(grammar) >= self.rank(grammar)).unwrap_or(self)
    }

    /// Outlines in the frame of the characters read, in their order: where they stand on a plate of [`Reading::kind`] that
    /// lies in [`Reading::quad`]. `None` where the text is not one of a plate, or the kind's arrangement is not known
    /// ([`Layout::of`]).
    pub fn char_outlines(&self) -> Option<Vec<Quad>> {
        let text = PlateText::parse(&self.text).ok()?;
        let layout = Layout::of(self.kind, &text)?;
        Some(layout.outlines(&text, &self.quad)).filter(|outlines| outlines.len() == self.chars.len())
    }

    /// The characters read, in order.
    pub fn labels(&self) -> impl Iterator<Item = Label> {
        self.chars.iter().map(|read| read.label)
    }
}

/// One of the texts a plate may say.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The text, as in [`Reading::text`].
    pub text: String,
    /// How probable it is that it is right, 0 to 1.
    pub confidence: f32,
    /// Whether a plate can carry it.
    pub valid: bool,
}

/// The hypotheses with calibrated confidences: the best one's is [`Calibration::confidence`], and the others share what is
/// left as the network would have it, so that together they are never above 1.
fn calibrated(hypotheses: &[Hypothesis], calibration: Calibration) -> Vec<Candidate> {
    let Some(best) = hypotheses.first() else { return Vec::new() };
    let sure = calibration.confidence(best.log_prob);
    let scale = (1.0 - sure) / (1.0 - best.log_prob.exp()).max(f32::MIN_POSITIVE);
    let others = hypotheses[1..].iter().map(|other| (scale * other.log_prob.exp()).min(sure));
    let confidences = std::iter::once(sure).chain(others);
    let candidate = |(hypothesis, confidence): (&Hypothesis, f32)| Candidate {
        text: hypothesis.text(),
        confidence,
        valid: hypothesis.plate_text().is_some(),
    };
    hypotheses.iter().zip(confidences).map(candidate).collect()
}

/// The characters on the scale of `confidence`, that of their text. What each lacks to 1 is shared among all others as the
/// network would have it.
fn calibrated_chars(mut chars: Vec<CharReading>, confidence: f32) -> Vec<CharReading> {
    let shared = share_doubt(chars.iter().map(|read| read.confidence), confidence.max(f32::MIN_POSITIVE));
    for (read, p) in chars.iter_mut().zip(shared) {
        let scale = (1.0 - p) / (1.0 - read.confidence).max(f32::MIN_POSITIVE);
        read.alternatives.iter_mut().for_each(|(_, other)| *other = (*other * scale).min(1.0 - p));
        read.confidence = p;
    }
    chars
}

/// Whether it is more than what the network reads where there is no plate: nothing, of which it is sure, or a letter or two
/// of something else. These are no texts to be sure of, and leave little to those that are.
fn is_text(labels: &[Label], grammar: GrammarMode) -> bool {
    match labels.len() {
        0 => false,
        count => count >= FRAGMENT || grammar == GrammarMode::Off || PlateText::from_labels(labels).is_some(),
    }
}

/// `answer` is what the recognizer says, `[STEPS * CLASS_COUNT + kinds]` and, if there is more, the logits of its attention.
pub(super) fn decode(
    answer: Vec<f32>,
    plate: Straightened,
    calibration: Calibration,
    options: &ReadOptions,
) -> Result<Reading, ReadError> {
    let Straightened { image: plate, quad, sheet } = plate;
    let mut log_probs = answer;
    let mut kind_logits = log_probs.split_off(STEPS * CLASS_COUNT);
    let attention = kind_logits.split_off(PlateKind::ALL.len().min(kind_logits.len()));
    let attention = Some(attention).filter(|logits| logits.len() == Attention::LENGTH).map(Attention::from_logits);
    let logits = Logits::new(log_probs)?;
    let n_best = options.n_best.max(1);
    let beam = BeamOptions { width: BEAM_WIDTH, n_best, grammar: options.grammar };
    let hypotheses = beam_search_for(&logits, &beam, |labels| is_text(labels, options.grammar));
    let candidates = calibrated(&hypotheses, calibration);
    let best = hypotheses.into_iter().next();
    let kinds: Vec<PlateKind> = match best.as_ref().map(Hypothesis::plate_text) {
        Some(Some(text)) => text.kinds().collect(),
        _ => PlateKind::ALL.to_vec(),
    };
    let score = |kind: PlateKind| {
        let logit = kind_logits.get(kind.index()).copied().unwrap_or(f32::NEG_INFINITY);
        logit + sheet.map_or(0.0, |colour| colour.log_likelihood(kind))
    };
    let (kind, kind_confidence) = most_probable(&kinds, score);
    let (text, confidence, valid) = match candidates.first() {
        Some(best) => (best.text.clone(), best.confidence, best.valid),
        None => (String::new(), 0.0, false),
    };
    let log_prob = best.as_ref().map_or(f32::NEG_INFINITY, |best| best.log_prob);
    let chars = calibrated_chars(best.map(|best| best.chars).unwrap_or_default(), confidence);
    Ok(Reading {
        text,
        confidence,
        log_prob,
        valid,
        kind,
        kind_confidence,
        chars,
        candidates,
        quad,
        plate,
        attention,
        looks: 1,
    })
}

/// The kind with the largest score, a log-probability up to a constant, and its probability among `kinds`.
fn most_probable(kinds: &[PlateKind], score: impl Fn(PlateKind) -> f32) -> (PlateKind, f32) {
    let best = kinds.iter().copied().max_by(|&a, &b| score(a).total_cmp(&score(b))).unwrap_or(PlateKind::PrivateLong);
    let total: f32 = kinds.iter().map(|&kind| (score(kind) - score(best)).exp()).sum();
    (best, if total > 0.0 { 1.0 / total } else { 0.0 })
}

#[cfg(test)]
pub(super) mod testing {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::frame::{Frame, PixelFormat};
    use crate::rectify::rectify;

    /// A network's answer that says `text` with certainty on every second step, and prefers `kind`.
    pub fn answer(text: &str, kind: PlateKind) -> Vec<f32> {
        let mut scores = vec![-20.0; STEPS * CLASS_COUNT + PlateKind::ALL.len()];
        let labels = PlateText::parse(text).unwrap().labels();
        for step in 0..STEPS {
            let label = if step % 2 == 0 { labels.get(step / 2).copied() } else { None };
            scores[step * CLASS_COUNT + label.unwrap_or(Label::BLANK).index()] = 0.0;
        }
        scores[STEPS * CLASS_COUNT + kind.index()] = 0.0;
        scores
    }

    pub fn plate() -> Straightened {
        let pixels = [128; 12 * 4];
        let frame = Frame::new(&pixels, 12, 4, PixelFormat::Grey).unwrap();
        let quad = Quad::of_frame(&frame);
        Straightened { image: rectify(&frame, &quad), quad, sheet: None }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::testing::{answer, plate};
    use super::*;
    use crate::labels::Label;
    use crate::sheet::SheetColour;

    #[test]
    fn says_what_the_network_says() {
        let reading = decode(
            answer("서울12바3456", PlateKind::CommercialDouble),
            plate(),
            Calibration::default(),
            &ReadOptions::default(),
        );
        let reading = reading.unwrap();
        assert_eq!((reading.text.as_str(), reading.valid), ("서울12바3456", true));
        assert_eq!(reading.chars.len(), 8);
        assert_eq!(reading.kind, PlateKind::CommercialDouble);
        assert!(reading.confidence > 0.99 && reading.kind_confidence > 0.99);
    }

    #[test]
    fn what_is_no_plate_is_read_with_next_to_no_confidence() {
        // The blank at every step, but for a thousandth.
        let mut nothing = vec![(1e-3 / (CLASS_COUNT - 1) as f32).ln(); STEPS * CLASS_COUNT];
        (0..STEPS).for_each(|step| nothing[step * CLASS_COUNT] = 0.999_f32.ln());
        nothing.extend([0.0; PlateKind::ALL.len()]);
        for grammar in [GrammarMode::Soft, GrammarMode::Off, GrammarMode::Strict] {
            for n_best in [1, 5] {
                let options = ReadOptions { grammar, n_best, ..ReadOptions::default() };
                let reading = decode(nothing.clone(), plate(), Calibration::default(), &options).unwrap();
                assert!(reading.confidence < 0.01 && reading.log_prob < -4.0, "{grammar:?}: {reading:?}");
                assert!(reading.candidates.iter().all(|candidate| !candidate.text.is_empty()), "{grammar:?}");
                assert!(reading.candidates.len() <= n_best);
            }
        }
    }

    #[test]
    fn a_letter_of_something_else_is_no_text() {
        let digits = |text: &str| {
            let mut scores = vec![-12.0; STEPS * CLASS_COUNT];
            for step in 0..STEPS {
                let name = text.get(step / 2..step / 2 + 1).filter(|_| step % 2 == 0);
                let label = name.and_then(Label::from_name).unwrap_or(Label::BLANK);
                scores[step * CLASS_COUNT + label.index()] = 0.0;
            }
            scores.extend([0.0; PlateKind::ALL.len()]);
            move |grammar| {
                let options = ReadOptions { grammar, ..ReadOptions::default() };
                decode(scores.clone(), plate(), Calibration::default(), &options).unwrap()
            }
        };
        for text in ["8", "90210"] {
            assert!(digits(text)(GrammarMode::Soft).confidence < 0.01, "{text}");
            assert_eq!(digits(text)(GrammarMode::Off).text, text, "who wants no grammar gets what there is");
        }
        // As long as a plate's, it may be one that the grammar does not know.
        assert_eq!(digits("902101")(GrammarMode::Soft).text, "902101");
    }

    #[test]
    fn characters_are_on_the_scale_of_their_text() {
        // The third character is 가 with 0.6, 나 with 0.3, 다 with 0.1; the last one 6 with 0.9 and 5 with 0.1.
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (step, name, p) in [(4, "가", 0.6_f32), (4, "나", 0.3), (4, "다", 0.1), (12, "6", 0.9), (12, "5", 0.1)] {
            scores[step * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        for (slope, intercept) in [(1.0, 0.0), (1.2, 1.0), (0.5, -2.0), (1.0, -200.0), (1.0, 200.0)] {
            let calibration = Calibration { slope, intercept };
            let Reading { chars, confidence, .. } =
                decode(scores.clone(), plate(), calibration, &ReadOptions::default()).unwrap();
            let product: f32 = chars.iter().map(|read| read.confidence).product();
            assert!((product - confidence).abs() < 1e-4, "{product} is not {confidence}");
            let least = |read: &CharReading| read.confidence >= confidence * 0.999 && read.confidence <= 1.0;
            assert!(chars.iter().all(least), "{chars:?}, text {confidence}");
            let doubtful = &chars[2];
            assert!(chars.iter().all(|read| read.confidence >= doubtful.confidence), "{chars:?}");
            let [second, third] = [doubtful.alternatives[0].1, doubtful.alternatives[1].1];
            assert!((doubtful.confidence + second + third - 1.0).abs() < 1e-4, "{doubtful:?}");
            assert!((second - 3.0 * third).abs() < 1e-4, "{doubtful:?}");
        }
    }

    #[test]
    fn kind_is_one_that_may_carry_the_text() {
        // Two digits before the letter never stand on a corporate plate.
        let reading =
            decode(answer("12가3456", PlateKind::Corporate), plate(), Calibration::default(), &ReadOptions::default())
                .unwrap();
        assert!(PlateText::parse("12가3456").unwrap().kinds().any(|kind| kind == reading.kind), "{:?}", reading.kind);
    }

    #[test]
    fn what_says_the_same_is_told_apart_by_colour() {
        let read = |sheet: Option<SheetColour>| {
            let mut answer = answer("123가4567", PlateKind::PrivateFilm);
            // The network sees no more than that it is either.
            answer[STEPS * CLASS_COUNT + PlateKind::Corporate.index()] = -0.5;
            let plate = Straightened { sheet, ..plate() };
            decode(answer, plate, Calibration::default(), &ReadOptions::default()).unwrap()
        };
        assert_eq!(read(None).kind, PlateKind::PrivateFilm);
        let reading = read(Some(SheetColour { red: 0.385, green: 0.42 }));
        assert_eq!(reading.kind, PlateKind::Corporate);
        assert!(reading.kind_confidence > 0.9, "{}", reading.kind_confidence);
        assert_eq!(read(Some(SheetColour { red: 0.34, green: 0.33 })).kind, PlateKind::PrivateFilm);
    }

    #[test]
    fn a_text_that_no_plate_carries_is_the_worse_one_unless_grammar_is_off() {
        let read = |text: &str, valid: bool, log_prob: f32| Reading {
            text: text.to_owned(),
            valid,
            log_prob,
            ..decode(
                answer("12가3456", PlateKind::PrivateLong),
                plate(),
                Calibration::default(),
                &ReadOptions::default(),
            )
            .unwrap()
        };
        let better = |grammar| {
            let impossible = read("impossible", false, -0.1);
            read("possible", true, -0.5).unless_worse_than(Some(impossible), grammar).text
        };
        assert_eq!(better(GrammarMode::Soft), "possible");
        assert_eq!(better(GrammarMode::Off), "impossible");
        let first = Some(read("first", true, -0.5));
        assert_eq!(read("second", true, -0.5).unless_worse_than(first, GrammarMode::Soft).text, "first");
    }

    #[test]
    fn candidates_share_what_the_best_one_leaves() {
        // The third character is 가 with 0.6, 나 with 0.3, 다 with 0.1.
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (name, p) in [("가", 0.6_f32), ("나", 0.3), ("다", 0.1)] {
            scores[4 * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        for (slope, intercept) in [(1.0, 0.0), (1.0, 3.0), (1.0, -3.0)] {
            let calibration = Calibration { slope, intercept };
            let reading = decode(scores.clone(), plate(), calibration, &ReadOptions::default()).unwrap();
            let confidences: Vec<f32> = reading.candidates.iter().map(|candidate| candidate.confidence).collect();
            assert!((confidences[0] - calibration.confidence(0.6_f32.ln())).abs() < 1e-3, "{confidences:?}");
            assert!(confidences.iter().sum::<f32>() <= 1.0 + 1e-5, "{confidences:?}");
            assert!(confidences.is_sorted_by(|a, b| a >= b), "{confidences:?}");
        }
    }

    #[test]
    fn nan_is_an_error() {
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        scores[7] = f32::NAN;
        assert!(matches!(
            decode(scores, plate(), Calibration::default(), &ReadOptions::default()),
            Err(ReadError::Network(_))
        ));
    }
}
