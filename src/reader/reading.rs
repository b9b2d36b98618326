//! What was read on one plate, from the network's answer.

use super::hidden::hide_outside;
use super::{AlignedPlate, Attention, ReadError, ReadOptions, policy};
use crate::calibration::Calibration;
use crate::ctc::{BeamOptions, CharReading, GrammarMode, Hypothesis, Logits, beam_search_for, share_doubt};
use crate::geometry::{Cut, Quad};
use crate::labels::{CLASS_COUNT, Label};
use crate::model::STEPS;
use crate::plate::layout;
use crate::plate::{PartialText, PlateKind, PlateText};
use crate::rectify::PlateImage;

/// Prefixes the beam search keeps. On rendered plates a wider beam finds nothing more.
const BEAM_WIDTH: usize = 8;

/// What was read on one plate.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The most probable text, NFC, without spaces: `12가3456`. A character that is there and cannot be read is `?`:
    /// `1?가3456`. Empty where nothing could be read.
    pub text: String,
    /// How probable it is that [`Reading::text`] is right, `?` where nothing can be seen included, 0 to 1: calibrated on rendered
    /// plates, whole, partly hidden and destroyed ones.
    pub confidence: f32,
    /// Natural logarithm of the probability the network gives to [`Reading::text`]; `-inf` where it is empty.
    pub log_prob: f32,
    /// Whether a plate can carry the text; not where a character is unknown.
    pub valid: bool,
    /// Whether there is a text without an unknown character in it.
    pub complete: bool,
    /// The sides of the plate that lie outside the picture.
    pub cut: Cut,
    /// The sides at which the plate ends where the picture does ([`Quad::edge`]): it may go on, and have more characters.
    pub edge: Cut,
    /// The most probable kind by shape, layout and, where the frame has colours, that of the sheet; among those that may
    /// carry the text, or one like it, where there are any.
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
    /// How many passes were made over the plate: one, and up to three where there was doubt; 0 where it was not read.
    pub passes: u32,
}

impl Reading {
    /// How well it reads, to be compared with others: a text that no plate carries is worse than any other, unless the grammar
    /// is not to be asked. A `?` makes a text no worse: where one pass sees that something is hidden, another must be surer to
    /// claim a character there.
    pub(super) fn rank(&self, grammar: GrammarMode) -> (bool, f32) {
        (grammar == GrammarMode::Off || self.partial_text().is_some(), self.log_prob)
    }

    /// The reading of a plate that was not read.
    pub(super) fn unread(plate: AlignedPlate) -> Reading {
        let AlignedPlate { image, quad, outside, picture: [width, height], .. } = plate;
        Reading {
            text: String::new(),
            confidence: 0.0,
            log_prob: f32::NEG_INFINITY,
            valid: false,
            complete: false,
            cut: policy::cut(outside),
            edge: quad.edge(width, height),
            kind: PlateKind::PrivateLong,
            kind_confidence: 0.0,
            chars: Vec::new(),
            candidates: Vec::new(),
            quad,
            plate: image,
            attention: None,
            passes: 0,
        }
    }

    /// This reading or `other`, whichever reads better; `other` where they are alike.
    pub(super) fn unless_worse_than(self, other: Option<Reading>, grammar: GrammarMode) -> Reading {
        other.filter(|other| other.rank(grammar) >= self.rank(grammar)).unwrap_or(self)
    }

    /// The text as a plate can carry it; `None` where none can, or it is not complete.
    pub fn plate_text(&self) -> Option<PlateText> {
        PlateText::from_labels(&self.labels().collect::<Vec<Label>>())
    }

    /// The text with what is unknown of it; `None` where no plate can carry one like it.
    pub fn partial_text(&self) -> Option<PartialText> {
        PartialText::from_labels(&self.labels().collect::<Vec<Label>>())
    }

    /// Outlines in the frame of the characters read, in their order: where they stand on a plate of [`Reading::kind`] that
    /// lies in [`Reading::quad`]. `None` where no plate can carry a text like it, or the kind's arrangement is not known
    /// ([`layout::Layout::of`]).
    pub fn char_outlines(&self) -> Option<Vec<Quad>> {
        self.partial_text()?;
        layout::char_outlines(self.kind, self.chars.len(), &self.quad)
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
    /// Whether a plate can carry it; not where a character is unknown.
    pub valid: bool,
    /// Whether no character of it is unknown.
    pub complete: bool,
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
        complete: !hypothesis.labels.contains(&Label::UNKNOWN),
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

/// `answer` is what the recognizer says, `[STEPS * CLASS_COUNT + kinds]` and, if there is more, the logits of its attention.
pub(super) fn decode(
    answer: Vec<f32>,
    plate: AlignedPlate,
    calibration: Calibration,
    options: &ReadOptions,
) -> Result<Reading, ReadError> {
    let mut log_probs = answer;
    let mut kind_logits = log_probs.split_off(STEPS * CLASS_COUNT);
    let attention = kind_logits.split_off(PlateKind::ALL.len().min(kind_logits.len()));
    let attention = Some(attention).filter(|logits| logits.len() == Attention::LENGTH).map(Attention::from_logits);
    let logits = Logits::new(log_probs)?;
    let n_best = options.n_best.max(1);
    // Texts that differ in what lies outside the picture become one.
    let sought = if plate.is_whole() { n_best } else { BEAM_WIDTH };
    let beam = BeamOptions { width: BEAM_WIDTH, n_best: sought, grammar: options.grammar };
    let hypotheses = beam_search_for(&logits, &beam, |labels| {
        policy::is_text(labels, PartialText::from_labels(labels).is_some(), options.grammar)
    });

    let kind_score = |kind: PlateKind| {
        let logit = kind_logits.get(kind.index()).copied().unwrap_or(f32::NEG_INFINITY);
        logit + plate.sheet.map_or(0.0, |colour| colour.log_likelihood(kind))
    };
    let kind_of = |best: Option<&Hypothesis>| {
        let kinds: Vec<PlateKind> = match best.and_then(Hypothesis::partial_text) {
            Some(text) => text.kinds().collect(),
            None => PlateKind::ALL.to_vec(),
        };
        most_probable(&kinds, kind_score)
    };
    // Where the characters stand depends on the kind, and what is known of the text on where they stand.
    let (kind, _) = kind_of(hypotheses.first());
    let mut hypotheses = hide_outside(hypotheses, kind, &plate, options.grammar);
    let (kind, kind_confidence) = kind_of(hypotheses.first());

    hypotheses.truncate(n_best);
    let candidates = calibrated(&hypotheses, calibration);
    let best = hypotheses.into_iter().next();
    let (text, confidence, valid, complete) = match candidates.first() {
        Some(best) => (best.text.clone(), best.confidence, best.valid, best.complete),
        None => (String::new(), 0.0, false, false),
    };
    let log_prob = best.as_ref().map_or(f32::NEG_INFINITY, |best| best.log_prob);
    let chars = calibrated_chars(best.map(|best| best.chars).unwrap_or_default(), confidence);
    let AlignedPlate { image, quad, outside, picture: [width, height], .. } = plate;
    Ok(Reading {
        text,
        confidence,
        log_prob,
        valid,
        complete,
        cut: policy::cut(outside),
        edge: quad.edge(width, height),
        kind,
        kind_confidence,
        chars,
        candidates,
        quad,
        plate: image,
        attention,
        passes: 1,
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

    /// A network's answer that says `text` with certainty on every second step, and prefers `kind`.
    pub fn answer(text: &str, kind: PlateKind) -> Vec<f32> {
        let mut scores = vec![-20.0; STEPS * CLASS_COUNT + PlateKind::ALL.len()];
        let labels = PartialText::parse(text).unwrap().labels().to_vec();
        for step in 0..STEPS {
            let label = if step % 2 == 0 { labels.get(step / 2).copied() } else { None };
            scores[step * CLASS_COUNT + label.unwrap_or(Label::BLANK).index()] = 0.0;
        }
        scores[STEPS * CLASS_COUNT + kind.index()] = 0.0;
        scores
    }

    /// A reading of these characters, whatever a plate can carry.
    pub fn reading(text: &str, confidence: f32) -> Reading {
        let read = |c: char| CharReading {
            label: Label::from_name(&c.to_string()).unwrap(),
            step: 0,
            confidence,
            alternatives: Vec::new(),
        };
        let complete = !text.is_empty() && !text.contains('?');
        Reading {
            text: text.to_owned(),
            confidence,
            log_prob: confidence.ln(),
            valid: PlateText::parse(text).is_ok(),
            complete,
            chars: text.chars().map(read).collect(),
            ..Reading::unread(plate())
        }
    }

    /// A plate that fills a grey picture of 120x40 pixels.
    pub fn plate() -> AlignedPlate {
        plate_at(Quad::rect(0.0, 0.0, 120.0, 40.0).unwrap())
    }

    /// A plate at `quad` in a grey picture of 120x40 pixels.
    pub fn plate_at(quad: Quad) -> AlignedPlate {
        let pixels = [128; 120 * 40];
        AlignedPlate::exactly(&Frame::new(&pixels, 120, 40, PixelFormat::Grey).unwrap(), quad)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::testing::{answer, plate, reading};
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
    fn an_unknown_character_is_one_text_among_others() {
        // The second character is ? with 0.7, 2 with 0.2 and 7 with 0.1.
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (name, p) in [("?", 0.7_f32), ("2", 0.2), ("7", 0.1)] {
            scores[2 * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        for grammar in [GrammarMode::Soft, GrammarMode::Off, GrammarMode::Strict] {
            let options = ReadOptions { grammar, ..ReadOptions::default() };
            let reading = decode(scores.clone(), plate(), Calibration::default(), &options).unwrap();
            assert_eq!((reading.text.as_str(), reading.complete, reading.valid), ("1?가3456", false, false));
            assert!((reading.confidence - 0.7).abs() < 0.01, "{}", reading.confidence);
            let found: Vec<_> = reading.candidates.iter().map(|one| (&*one.text, one.complete, one.valid)).collect();
            assert_eq!(found, [("1?가3456", false, false), ("12가3456", true, true), ("17가3456", true, true)]);
            let rivals: Vec<&str> = reading.chars[1].alternatives.iter().map(|&(label, _)| label.name()).collect();
            assert_eq!(rivals, ["2", "7"]);
            assert_eq!(reading.partial_text().unwrap().to_string(), "1?가3456");
            assert_eq!((reading.plate_text(), reading.char_outlines().map(|all| all.len())), (None, Some(7)));
        }
        // Where the network is in doubt, no whole text is sure.
        for (name, p) in [("?", 0.45_f32), ("2", 0.55)] {
            scores[2 * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        let reading = decode(scores, plate(), Calibration::default(), &ReadOptions::default()).unwrap();
        assert_eq!((reading.text.as_str(), reading.chars[1].alternatives[0].0), ("12가3456", Label::UNKNOWN));
        assert!(reading.confidence < 0.6, "{}", reading.confidence);
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
            let plate = AlignedPlate { sheet, ..plate() };
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
        let better = |grammar| {
            let impossible = reading("129가345", 0.9);
            reading("12가3456", 0.6).unless_worse_than(Some(impossible), grammar).text
        };
        assert_eq!(better(GrammarMode::Soft), "12가3456");
        assert_eq!(better(GrammarMode::Off), "129가345");
        let first = Some(reading("1?가3456", 0.6));
        assert_eq!(reading("12가3456", 0.6).unless_worse_than(first, GrammarMode::Soft).text, "1?가3456");
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
