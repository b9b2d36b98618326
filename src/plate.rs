//! What can be written on a plate: kinds, texts and the grammar that joins them.

mod grammar;
mod kind;
pub mod layout;
mod parse;
mod partial;

pub use grammar::GrammarState;
pub use kind::{Format, PlateKind};
pub use parse::{Expected, ParseError, Rule, is_separator};
pub use partial::PartialText;

use crate::labels::{Label, LabelClass};

/// A text that was issued on at least one [`PlateKind`]: a region on some kinds, a class code, a use letter and a
/// serial, as in `서울 12바 3456` or `123가 4567`.
///
/// Rare plates have the same parts in other sizes. Diplomatic and temporary ones have a word or `임` in the place of the
/// use letter and no class code (`외교 005-003`, `임 1234`), and motorcycles write the first of five serial digits beside
/// the letter (`1가2 3456`).
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PlateText {
    region: Option<Label>,
    class_code: u16,
    class_digits: u8,
    letter: Label,
    /// The digits, and 0 in the places that the serial does not have.
    serial: [u8; SERIAL_DIGITS],
    serial_digits: u8,
}

/// Most digits of a serial.
const SERIAL_DIGITS: usize = 6;

impl PlateText {
    /// The text made of these parts. `class_code` is written with `class_digits` digits, leading zeros included (0 with 0
    /// digits if there is none), and `serial` holds digit values, 0 to 9: four on all but rare plates.
    ///
    /// # Errors
    /// [`ParseError::NotIssued`] names the rule of the grammar that the parts break.
    ///
    /// # Panics
    /// If `region` is no region, `letter` no use letter or word in its place, a serial digit above 9 or their number
    /// above 6, or the class code does not fit its 0 to 3 digits: those are mistakes of the caller, not texts.
    pub fn new(
        region: Option<Label>,
        class_code: u16,
        class_digits: usize,
        letter: Label,
        serial: &[u8],
    ) -> Result<PlateText, ParseError> {
        assert!(region.is_none_or(|r| r.class() == LabelClass::Region), "{region:?} is not a region");
        assert!(class_digits <= 3, "a class code has at most 3 digits, not {class_digits}");
        assert!(class_code < 10_u16.pow(class_digits as u32), "{class_code} has more than {class_digits} digits");
        assert!(parse::is_use(letter), "{letter:?} is not a use letter");
        assert!(serial.iter().all(|&digit| digit <= 9), "a serial has decimal digits, not {serial:?}");
        assert!(serial.len() <= SERIAL_DIGITS, "a serial has at most {SERIAL_DIGITS} digits, not {serial:?}");

        let text = PlateText::unchecked(region, class_code, class_digits, letter, serial);
        if text.kinds().next().is_none() {
            return Err(ParseError::NotIssued { text: text.to_string(), rule: parse::broken_rule(&text) });
        }
        Ok(text)
    }

    /// The parts together, whether or not they were issued.
    fn unchecked(
        region: Option<Label>,
        class_code: u16,
        class_digits: usize,
        letter: Label,
        serial: &[u8],
    ) -> PlateText {
        let mut digits = [0; SERIAL_DIGITS];
        digits[..serial.len()].copy_from_slice(serial);
        let (class_digits, serial_digits) = (class_digits as u8, serial.len() as u8);
        PlateText { region, class_code, class_digits, letter, serial: digits, serial_digits }
    }

    /// Reads a text as people type it: full-width digits and decomposed Hangul are made ordinary (NFKC), and white space,
    /// dashes, dots, underscores and characters of no width are accepted anywhere.
    ///
    /// # Errors
    /// Says at which character the text leaves the shape of a plate's, or which rule it breaks if its shape is right.
    pub fn parse(text: &str) -> Result<PlateText, ParseError> {
        parse::parse(text)
    }

    /// The text that these labels spell, if a plate can carry it. A blank or an unknown character is in none.
    pub fn from_labels(labels: &[Label]) -> Option<PlateText> {
        let is_known = !labels.contains(&Label::UNKNOWN);
        if !(is_known && GrammarState::of(labels).is_some_and(GrammarState::is_complete)) {
            return None;
        }
        let letter = labels.iter().position(|label| parse::is_use(*label))?;
        let region = labels.first().copied().filter(|label| label.class() == LabelClass::Region);
        let digits = |labels: &[Label]| labels.iter().filter_map(|&label| digit_value(label)).collect::<Vec<u8>>();
        let (class, serial) = (digits(&labels[..letter]), digits(&labels[letter + 1..]));
        let code = class.iter().fold(0, |code, &digit| code * 10 + u16::from(digit));
        Some(PlateText::unchecked(region, code, class.len(), labels[letter], &serial))
    }

    /// The recognizer's classes for this text: a region or a word is one of them, every other character is one
    /// each. They are at most 8.
    pub fn labels(&self) -> Vec<Label> {
        let mut labels: Vec<Label> = self.region.into_iter().collect();
        labels.extend(self.class_code_digits().map(digit_label));
        labels.push(self.letter);
        labels.extend(self.serial().iter().copied().map(digit_label));
        labels
    }

    /// The region, on yellow and older green plates.
    pub fn region(&self) -> Option<Label> {
        self.region
    }

    /// Value of the class code, which tells cars, vans, trucks and special vehicles apart; 0 where there is none.
    pub fn class_code(&self) -> u16 {
        self.class_code
    }

    /// Number of digits the class code is written with, 0 to 3.
    pub fn class_digits(&self) -> usize {
        usize::from(self.class_digits)
    }

    /// The use letter (private, rental, commercial, military), or the word or `임` in its place.
    pub fn letter(&self) -> Label {
        self.letter
    }

    /// The serial's digit values, 0 to 9 each: four on all but rare plates, 3 to 6 on those.
    pub fn serial(&self) -> &[u8] {
        &self.serial[..usize::from(self.serial_digits)]
    }

    /// The kinds of plates this text was issued on, at least one.
    pub fn kinds(&self) -> impl Iterator<Item = PlateKind> + use<> {
        let text = *self;
        PlateKind::ALL.into_iter().filter(move |kind| kind.formats().iter().any(|format| text.fits(format)))
    }

    /// As people write it, with spaces after the region and the use letter: `서울 12바 3456`. The six digits of diplomats
    /// are written in threes (`외교 005-003`), the first of a motorcycle's five beside its letter (`1가2 3456`).
    pub fn spaced(&self) -> String {
        let labels = self.labels();
        spaced(&labels, self.region.is_some(), labels.len() - self.serial().len())
    }

    fn fits(&self, format: &Format) -> bool {
        format.admits_region(self.region)
            && format.admits_class(self.class_code, self.class_digits)
            && format.admits_letter(self.letter)
            && format.serial_digits() == self.serial().len()
            && format.admits_serial_digit(0, self.serial[0])
    }

    fn class_code_digits(&self) -> impl Iterator<Item = u8> + use<> {
        let (code, digits) = (self.class_code, u32::from(self.class_digits));
        (0..digits).rev().map(move |place| (code / 10_u16.pow(place) % 10) as u8)
    }
}

/// Labels as people write them, with a region in front or not; `serial` is the place of the first serial digit.
fn spaced(labels: &[Label], has_region: bool, serial: usize) -> String {
    let spell = |labels: &[Label]| labels.iter().map(|label| label.name()).collect::<String>();
    let (head, serial) = labels.split_at(serial);
    let (region, head) = head.split_at(usize::from(has_region));
    match serial.len() {
        6 if head.iter().all(|label| label.class() == LabelClass::Diplomatic) => {
            format!("{} {}-{}", spell(head), spell(&serial[..3]), spell(&serial[3..]))
        }
        5 => format!("{}{} {}", spell(head), spell(&serial[..1]), spell(&serial[1..])),
        _ if region.is_empty() => format!("{} {}", spell(head), spell(serial)),
        _ => format!("{} {} {}", spell(region), spell(head), spell(serial)),
    }
}

/// The label of a digit value.
fn digit_label(value: u8) -> Label {
    const DIGITS: [&str; 10] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    Label::from_name(DIGITS[usize::from(value)]).unwrap_or(Label::BLANK) // each of them is in the alphabet
}

/// The value of a digit's label, or `None` for other labels.
fn digit_value(label: Label) -> Option<u8> {
    match (label.class(), label.name().as_bytes()) {
        (LabelClass::Digit, [digit]) => Some(digit - b'0'),
        _ => None,
    }
}

/// Canonical: composed (NFC), without spaces.
impl std::fmt::Display for PlateText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let region = self.region.map_or("", Label::name);
        let width = usize::from(self.class_digits);
        f.write_str(region)?;
        if width > 0 {
            write!(f, "{:0width$}", self.class_code)?;
        }
        f.write_str(self.letter.name())?;
        self.serial().iter().try_for_each(|digit| write!(f, "{digit}"))
    }
}

impl std::fmt::Debug for PlateText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PlateText({self})")
    }
}

impl std::str::FromStr for PlateText {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<PlateText, ParseError> {
        PlateText::parse(text)
    }
}

#[cfg(test)]
mod tests;
