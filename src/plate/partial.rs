//! Texts of which some characters are not known.

use super::kind::Slot;
use super::parse::{Characters, Expected, ParseError};
use super::{GrammarState, PlateKind, PlateText, spaced};
use crate::labels::{Label, LabelClass};

/// Most characters of a text, a region or a word being one.
const LONGEST: usize = 8;

/// A text with `?` for each character that is there and cannot be read: `1?가3456`, `??바3456`. At least one whole text is
/// like it. A region or a word is one character, and so is the `?` in its place.
///
/// ```
/// use kr_lpr::plate::{PartialText, PlateText};
///
/// let seen: PartialText = "1?가 345?".parse()?;
/// assert!(seen.matches(&PlateText::parse("12가3456")?));
/// assert!(!seen.matches(&PlateText::parse("12나3456")?));
/// # Ok::<(), kr_lpr::plate::ParseError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PartialText {
    /// The labels, and blanks after the last.
    labels: [Label; LONGEST],
    count: u8,
}

impl PartialText {
    /// Reads a text, with `?` for each character that is not known. What [`PlateText::parse`] accepts is accepted here.
    ///
    /// # Errors
    /// Says at which character no plate's text goes on, or which rule is broken where every character is known.
    pub fn parse(text: &str) -> Result<PartialText, ParseError> {
        let mut characters = Characters::of(text);
        if !characters.rest.clone().any(|(_, character)| character == '?') {
            return PlateText::parse(text).map(PartialText::from);
        }
        let mut labels = Vec::with_capacity(LONGEST);
        let mut state = GrammarState::start();
        while let Some(&(_, character)) = characters.rest.peek() {
            let before = characters.rest.clone();
            let pairs = [LabelClass::Region, LabelClass::Diplomatic];
            let pair = pairs.into_iter().find_map(|class| characters.take_pair(class));
            let label = pair.or_else(|| {
                characters.rest.next();
                Label::from_name(character.encode_utf8(&mut [0; 4]))
            });
            let Some((label, next)) = label.and_then(|label| Some((label, state.next(label)?))) else {
                characters.rest = before;
                return Err(characters.error(Expected::Continuation));
            };
            labels.push(label);
            state = next;
        }
        PartialText::from_labels(&labels).ok_or_else(|| characters.error(Expected::Continuation))
    }

    /// The text that these labels spell, [`Label::UNKNOWN`] standing for any, if some whole text is like it.
    pub fn from_labels(labels: &[Label]) -> Option<PartialText> {
        let is_whole = GrammarState::of(labels).is_some_and(GrammarState::is_complete);
        let mut all = [Label::BLANK; LONGEST];
        all.get_mut(..labels.len()).filter(|_| is_whole)?.copy_from_slice(labels);
        Some(PartialText { labels: all, count: labels.len() as u8 })
    }

    /// The characters, [`Label::UNKNOWN`] among them. They are at most 8.
    pub fn labels(&self) -> &[Label] {
        &self.labels[..usize::from(self.count)]
    }

    /// How many characters are not known.
    pub fn unknown(&self) -> usize {
        self.labels().iter().filter(|&&label| label == Label::UNKNOWN).count()
    }

    /// The whole text, where every character is known.
    pub fn complete(&self) -> Option<PlateText> {
        PlateText::from_labels(self.labels())
    }

    /// Whether `text` is like this one: of the same number of characters, and the same in each that is known.
    pub fn matches(&self, text: &PlateText) -> bool {
        let alike = |(seen, label): (&Label, Label)| *seen == Label::UNKNOWN || *seen == label;
        let labels = text.labels();
        labels.len() == self.labels().len() && self.labels().iter().zip(labels).all(alike)
    }

    /// The kinds of plates that some text like this one was issued on, at least one.
    pub fn kinds(&self) -> impl Iterator<Item = PlateKind> + use<> {
        GrammarState::of(self.labels()).into_iter().flat_map(GrammarState::complete_kinds)
    }

    /// As people write it, like [`PlateText::spaced`]; without spaces where the unknown characters leave open which one is
    /// the use letter.
    pub fn spaced(&self) -> String {
        let state = GrammarState::of(self.labels());
        let slot = |place: usize| state.and_then(|state| state.slot(place));
        match (0..self.labels().len()).find(|&place| slot(place) == Some(Slot::Letter)) {
            Some(letter) => spaced(self.labels(), slot(0) == Some(Slot::Region), letter + 1),
            None => self.to_string(),
        }
    }
}

impl From<PlateText> for PartialText {
    fn from(text: PlateText) -> PartialText {
        let labels = text.labels();
        let mut all = [Label::BLANK; LONGEST];
        all[..labels.len()].copy_from_slice(&labels);
        PartialText { labels: all, count: labels.len() as u8 }
    }
}

/// Canonical: composed (NFC), without spaces.
impl std::fmt::Display for PartialText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.labels().iter().try_for_each(|label| f.write_str(label.name()))
    }
}

impl std::fmt::Debug for PartialText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PartialText({self})")
    }
}

impl std::str::FromStr for PartialText {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<PartialText, ParseError> {
        PartialText::parse(text)
    }
}
