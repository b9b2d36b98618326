//! Connectionist temporal classification (Graves et al., 2006), the reading side: from class scores per step to texts.
//!
//! The network says for each of its steps, left to right, how likely each class is. A text's labels are spread over
//! the steps in order, with blanks between or around them; neighbouring steps of one label merge, and a blank keeps
//! two equal labels apart. The probability of a text is the sum over all such alignments.

mod alignment;
mod beam;
mod doubt;

#[cfg(feature = "model")]
pub(crate) use beam::beam_search_for;
pub use beam::{BeamOptions, GrammarMode, SOFT_PENALTY, beam_search};
pub(crate) use doubt::share_doubt;

use crate::best_first::best_first;
use crate::labels::{CLASS_COUNT, Label};
use crate::plate::{PartialText, PlateText};

/// Most alternatives listed in a [`CharReading`].
const MAX_ALTERNATIVES: usize = 5;

/// Alternatives less probable than this are noise.
const MIN_ALTERNATIVE: f32 = 1e-3;

/// Just below its logarithm: what is compared before an exponential is computed.
const LOG_MIN_ALTERNATIVE: f32 = -6.91;

/// Log probabilities of the classes at each step: `[steps][CLASS_COUNT]`, each step's adding up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Logits {
    log_probs: Vec<f32>,
}

/// Why scores are not [`Logits`].
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum CtcError {
    /// Not a whole number of steps.
    #[error("{length} scores are not a whole number of steps of {CLASS_COUNT} classes")]
    WrongLength {
        /// Scores given.
        length: usize,
    },
    /// A score is NaN or positive infinity.
    #[error("the score of class {class} at step {step} is {score}; the weights or the input are broken")]
    NotAScore {
        /// Step from 0.
        step: usize,
        /// Class index.
        class: usize,
        /// The score.
        score: f32,
    },
    /// A step where no class is possible.
    #[error("every class has probability 0 at step {step}")]
    Impossible {
        /// Step from 0.
        step: usize,
    },
}

impl Logits {
    /// Takes `steps * CLASS_COUNT` scores, step by step: logits or log probabilities, which are normalised alike
    /// (log-softmax leaves log probabilities as they are). No scores at all are 0 steps.
    ///
    /// # Errors
    /// If the length is not a multiple of [`CLASS_COUNT`], a score is NaN or positive infinity, or a step has negative
    /// infinity throughout.
    pub fn new(scores: Vec<f32>) -> Result<Logits, CtcError> {
        let mut log_probs = scores;
        if !log_probs.len().is_multiple_of(CLASS_COUNT) {
            return Err(CtcError::WrongLength { length: log_probs.len() });
        }
        for (step, scores) in log_probs.chunks_exact_mut(CLASS_COUNT).enumerate() {
            if let Some(class) = scores.iter().position(|&score| score.is_nan() || score == f32::INFINITY) {
                return Err(CtcError::NotAScore { step, class, score: scores[class] });
            }
            if !log_softmax(scores) {
                return Err(CtcError::Impossible { step });
            }
        }
        Ok(Logits { log_probs })
    }

    /// Number of steps.
    pub fn steps(&self) -> usize {
        self.log_probs.len() / CLASS_COUNT
    }

    /// The log probabilities of one step, in class order.
    ///
    /// # Panics
    /// At or beyond [`Logits::steps`], like slice indexing.
    pub fn step(&self, step: usize) -> &[f32] {
        &self.log_probs[step * CLASS_COUNT..][..CLASS_COUNT]
    }

    /// Log probability of a sequence of labels, all alignments together; negative infinity if the steps cannot hold it.
    /// `labels` holds no blank.
    pub fn log_prob_of(&self, labels: &[Label]) -> f32 {
        alignment::log_prob(self, labels)
    }

    fn log_prob(&self, step: usize, label: Label) -> f32 {
        self.log_probs[step * CLASS_COUNT + label.index()]
    }
}

/// One reading of the logits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypothesis {
    /// The labels read, without blanks.
    pub labels: Vec<Label>,
    /// Natural logarithm of the probability of these labels, all alignments together. No grammar's penalty is in it.
    pub log_prob: f32,
    /// One entry for each label.
    pub chars: Vec<CharReading>,
}

impl Hypothesis {
    /// What was read, whether a plate can say it or not.
    pub fn text(&self) -> String {
        self.labels.iter().map(|label| label.name()).collect()
    }

    /// What was read, as a plate's text, if a plate can carry it; never with an unknown character in it.
    pub fn plate_text(&self) -> Option<PlateText> {
        PlateText::from_labels(&self.labels)
    }

    /// What was read, as a text of which characters may be unknown, if a plate can carry one like it.
    pub fn partial_text(&self) -> Option<PartialText> {
        PartialText::from_labels(&self.labels)
    }

    /// The hypothesis with these labels; its characters are placed by the most probable alignment.
    fn of(logits: &Logits, labels: Vec<Label>, log_prob: f32) -> Hypothesis {
        let spans = alignment::best(logits, &labels);
        let chars = labels.iter().zip(spans).map(|(&label, steps)| CharReading::of(logits, label, steps)).collect();
        Hypothesis { labels, log_prob, chars }
    }
}

/// One character of a [`Hypothesis`].
#[derive(Clone, Debug, PartialEq)]
pub struct CharReading {
    /// What was read.
    pub label: Label,
    /// The step at which the character is most probable, among those that the best alignment gives it.
    pub step: usize,
    /// Probability of [`CharReading::label`], 0 to 1: in a [`Hypothesis`] the network's at that step.
    pub confidence: f32,
    /// What else it could be at that step and how probable that is, best first, the blank left out. At most 5, and
    /// none to which the network gives less than 0.001.
    pub alternatives: Vec<(Label, f32)>,
}

impl CharReading {
    fn of(logits: &Logits, label: Label, steps: std::ops::Range<usize>) -> CharReading {
        let at = |step| logits.log_prob(step, label);
        let first = steps.start;
        let step = steps.fold(first, |best, step| if at(step) > at(best) { step } else { best });
        let mut alternatives: Vec<(Label, f32)> = Label::all()
            .filter(|&other| other != label && logits.log_prob(step, other) > LOG_MIN_ALTERNATIVE)
            .map(|other| (other, logits.log_prob(step, other).exp()))
            .filter(|&(_, probability)| probability >= MIN_ALTERNATIVE)
            .collect();
        best_first(&mut alternatives, |&(_, probability)| probability);
        alternatives.truncate(MAX_ALTERNATIVES);
        CharReading { label, step, confidence: at(step).exp(), alternatives }
    }
}

/// Reads the most probable class of each step. Quick, but neither the most probable text nor always a plate's.
///
/// No steps give no labels, with log probability 0.
pub fn greedy(logits: &Logits) -> Hypothesis {
    let mut labels = Vec::new();
    let mut previous = Label::BLANK;
    for step in 0..logits.steps() {
        let blank = (Label::BLANK, logits.log_prob(step, Label::BLANK));
        let (label, _) = Label::all().fold(blank, |best, label| {
            let log_prob = logits.log_prob(step, label);
            if log_prob > best.1 { (label, log_prob) } else { best }
        });
        if label != previous && label != Label::BLANK {
            labels.push(label);
        }
        previous = label;
    }
    let log_prob = logits.log_prob_of(&labels);
    Hypothesis::of(logits, labels, log_prob)
}

/// Makes scores logarithms of probabilities that add up to 1. Where all are negative infinity they stay so, and it is `false`.
pub(crate) fn log_softmax(scores: &mut [f32]) -> bool {
    let largest = scores.iter().fold(f32::NEG_INFINITY, |largest, &score| largest.max(score));
    if largest == f32::NEG_INFINITY {
        return false;
    }
    scores.iter_mut().for_each(|score| *score -= largest);
    let log_sum = scores.iter().map(|score| score.exp()).sum::<f32>().ln();
    scores.iter_mut().for_each(|score| *score -= log_sum);
    true
}

/// `ln(exp(a) + exp(b))`, for logarithms down to negative infinity.
pub(crate) fn log_add(a: f32, b: f32) -> f32 {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    // Below e^-17 of the larger the smaller is lost in rounding, so the two calls are spared; -inf - -inf is NaN, too.
    if small - large > -17.0 { large + (small - large).exp().ln_1p() } else { large }
}

#[cfg(test)]
mod tests;
