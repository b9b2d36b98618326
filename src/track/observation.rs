//! What one frame says about one plate: the tracker's input.

use crate::ctc::CharReading;
use crate::geometry::Quad;
use crate::labels::Label;
use crate::plate::PlateKind;

/// Most characters of an [`Observation`]: the recognizer has 16 steps, and no plate has more than eight characters.
pub const MAX_CHARS: usize = 16;

/// What one character is taken for.
#[derive(Clone, Debug, PartialEq)]
pub struct CharGuess {
    /// The most probable label.
    pub label: Label,
    /// Its probability, 0 to 1.
    pub confidence: f32,
    /// What else it could be and how probable that is, 0 to 1 each, best first.
    pub alternatives: Vec<(Label, f32)>,
}

impl From<&CharReading> for CharGuess {
    fn from(reading: &CharReading) -> CharGuess {
        let CharReading { label, confidence, alternatives, .. } = reading;
        CharGuess { label: *label, confidence: *confidence, alternatives: alternatives.clone() }
    }
}

/// One plate as it was read in one frame. Its numbers are always in range.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    quad: Quad,
    confidence: f32,
    chars: Vec<CharGuess>,
    kind: Option<(PlateKind, f32)>,
    sharpness: f32,
    at_edge: bool,
    is_read: bool,
}

/// Why numbers are not an [`Observation`].
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ObservationError {
    /// A probability is not a number or not within 0 to 1.
    #[error("a confidence is {0}; it must be within 0 and 1")]
    NotAProbability(f32),
    /// The sharpness is not a number, negative or infinite.
    #[error("the sharpness is {0}; it must be finite and not negative")]
    NotASharpness(f32),
    /// More characters than [`MAX_CHARS`].
    #[error("{0} characters are no plate's; at most {MAX_CHARS} are taken")]
    TooLong(usize),
    /// A character is the blank, which spells nothing.
    #[error("character {0} is the blank, which no plate shows")]
    Blank(usize),
}

impl Observation {
    /// A plate read at `quad`, in pixels of the frame. `confidence` (0 to 1, calibrated) is that the whole text is right;
    /// no characters stand for a plate that was seen and not read, [`Label::UNKNOWN`] for a character that is there and cannot
    /// be read. It has no vote on that character, and among the alternatives of another one it says that it may be hidden.
    ///
    /// # Errors
    /// When a probability is out of range, a character is the blank, or there are too many characters.
    pub fn new(quad: Quad, confidence: f32, chars: Vec<CharGuess>) -> Result<Observation, ObservationError> {
        if chars.len() > MAX_CHARS {
            return Err(ObservationError::TooLong(chars.len()));
        }
        probability(confidence)?;
        for (index, guess) in chars.iter().enumerate() {
            let alternatives = guess.alternatives.iter().copied();
            for (label, p) in std::iter::once((guess.label, guess.confidence)).chain(alternatives) {
                probability(p)?;
                if label == Label::BLANK {
                    return Err(ObservationError::Blank(index));
                }
            }
        }
        let is_read = !chars.is_empty();
        Ok(Observation { quad, confidence, chars, kind: None, sharpness: 1.0, at_edge: false, is_read })
    }

    /// The observation of a plate of `kind`, with the probability (0 to 1) of that.
    ///
    /// # Errors
    /// When the probability is out of range.
    pub fn with_kind(self, kind: PlateKind, confidence: f32) -> Result<Observation, ObservationError> {
        Ok(Observation { kind: Some((kind, probability(confidence)?)), ..self })
    }

    /// The observation with the sharpness of the plate's picture, on any scale from 0 up that is the same for all frames:
    /// [`PlateImage::sharpness`](crate::rectify::PlateImage::sharpness), 1 if it is never given.
    ///
    /// # Errors
    /// When it is not a number, negative or infinite.
    pub fn with_sharpness(self, sharpness: f32) -> Result<Observation, ObservationError> {
        if !(sharpness.is_finite() && sharpness >= 0.0) {
            return Err(ObservationError::NotASharpness(sharpness));
        }
        Ok(Observation { sharpness, ..self })
    }

    /// The observation of a plate that ends where the picture does, or not: the text may go on beyond the edge, and is not taken
    /// for whole. Not so if it is never said.
    pub fn with_edge(self, at_edge: bool) -> Observation {
        Observation { at_edge, ..self }
    }

    /// Where the plate is, in pixels of the frame.
    pub fn quad(&self) -> &Quad {
        &self.quad
    }

    /// Calibrated probability that the whole text is right, 0 to 1.
    pub fn confidence(&self) -> f32 {
        self.confidence
    }

    /// The characters read, in order.
    pub fn chars(&self) -> &[CharGuess] {
        &self.chars
    }

    /// The labels read, in order.
    pub fn labels(&self) -> impl ExactSizeIterator<Item = Label> {
        self.chars.iter().map(|guess| guess.label)
    }

    /// The kind of plate and the probability of that, where known.
    pub fn kind(&self) -> Option<(PlateKind, f32)> {
        self.kind
    }

    /// How sharp the plate's picture is; see [`Observation::with_sharpness`].
    pub fn sharpness(&self) -> f32 {
        self.sharpness
    }

    /// Whether somebody tried to read it.
    pub(super) fn is_read(&self) -> bool {
        self.is_read
    }

    /// Whether there may be more beyond the picture's edge; see [`Observation::with_edge`].
    pub fn at_edge(&self) -> bool {
        self.at_edge
    }
}

#[cfg(feature = "model")]
impl From<&crate::reader::Reading> for Observation {
    fn from(reading: &crate::reader::Reading) -> Observation {
        let share = |p: f32| if p.is_nan() { 0.0 } else { p.clamp(0.0, 1.0) };
        let mut chars: Vec<CharGuess> = reading.chars.iter().map(CharGuess::from).collect();
        chars.truncate(MAX_CHARS); // the decoder has no more steps than that
        Observation {
            quad: reading.quad,
            confidence: share(reading.confidence),
            chars,
            kind: Some((reading.kind, share(reading.kind_confidence))),
            sharpness: reading.plate.sharpness(),
            at_edge: reading.edge.any(),
            is_read: reading.passes > 0,
        }
    }
}

fn probability(p: f32) -> Result<f32, ObservationError> {
    if (0.0..=1.0).contains(&p) { Ok(p) } else { Err(ObservationError::NotAProbability(p)) }
}
