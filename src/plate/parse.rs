//! From a string to a [`PlateText`], or to the reason why not.

use unicode_normalization::UnicodeNormalization;

use super::{PlateText, digit_value};
use crate::labels::{Label, LabelClass};

/// Why a string is not a [`PlateText`]. Positions count characters (composed, separators included) from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// Nothing but separators.
    #[error("the text is empty; a plate reads like 12가3456, 123가4567 or 서울12바3456")]
    Empty,
    /// A character that cannot stand where it stands.
    #[error("character {position} is {found:?}, expected {expected}")]
    Unexpected {
        /// Where, from 1.
        position: usize,
        /// What stands there.
        found: char,
        /// What could.
        expected: Expected,
    },
    /// The text stops too early.
    #[error("the text ends after {length} characters, expected {expected}")]
    Ended {
        /// Characters there are.
        length: usize,
        /// What should follow.
        expected: Expected,
    },
    /// The shape is right, but no plate was issued with such a text.
    #[error("{text} was never issued: {rule}")]
    NotIssued {
        /// The text, canonical.
        text: String,
        /// The rule it breaks.
        rule: Rule,
    },
}

/// What a text could have gone on with, see [`ParseError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// The beginning of any text.
    RegionOrClassDigit,
    /// After a region.
    ClassDigit,
    /// After the first and second class digit.
    ClassDigitOrUseLetter,
    /// After the third class digit.
    UseLetter,
    /// After the use letter: one of four.
    SerialDigit,
    /// After the serial.
    End,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Expected::RegionOrClassDigit => "a region such as 서울 or the first digit of the class code",
            Expected::ClassDigit => "the first digit of the class code",
            Expected::ClassDigitOrUseLetter => "another digit of the class code or a use letter such as 가, 바 or 하",
            Expected::UseLetter => "a use letter such as 가, 바 or 하",
            Expected::SerialDigit => "four serial digits after the use letter",
            Expected::End => "nothing after the fourth serial digit",
        })
    }
}

/// A rule of the numbering that a text of the right shape can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `00가1234`.
    NoClassZero,
    /// `012가4568`: construction machinery, which is not read.
    ThreeDigitsFrom100,
    /// `1가1234`.
    OneDigitNeedsRegion,
    /// `서울123바4567`.
    RegionWithTwoDigitsAtMost,
    /// `12바3456`.
    CommercialNeedsRegion,
    /// `123바4567`.
    CommercialHasTwoDigits,
    /// `서울1바2345`.
    OneDigitIsPrivate,
    /// `85하1234`, `800하1234`.
    RentalIsCarOrVan,
    /// `서울12하3456`: with a region, 허 alone.
    RentalWithRegionIsHeo,
    /// `서울12버3456`.
    LetterNotWithRegion,
    /// `세종12가3456`, `울산1가2345`.
    RegionTooYoung,
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Rule::NoClassZero => "two-digit class codes begin at 01",
            Rule::ThreeDigitsFrom100 => "three-digit class codes begin at 100",
            Rule::OneDigitNeedsRegion => "a class code of one digit needs a region before it",
            Rule::RegionWithTwoDigitsAtMost => {
                "after a region the class code has two digits, on plates before 1996 one"
            }
            Rule::CommercialNeedsRegion => {
                "바, 사, 아, 자 and 배 are commercial and need a region such as 서울 in front"
            }
            Rule::CommercialHasTwoDigits => {
                "바, 사, 아, 자 and 배 are commercial and need a region and two class digits"
            }
            Rule::OneDigitIsPrivate => "after a class code of one digit comes one of the 32 private use letters",
            Rule::RentalIsCarOrVan => "하, 허 and 호 are rental cars and vans, with class codes to 79 or 100 to 799",
            Rule::RentalWithRegionIsHeo => "with a region the only rental letter is 허",
            Rule::LetterNotWithRegion => {
                "private plates with a region and two class digits have one of 가-마, 거-머, 고-모, 구-무"
            }
            Rule::RegionTooYoung => {
                "private plates with a region ended before this region began (울산 1997, 세종 2012)"
            }
        })
    }
}

/// Characters people put between the parts.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '·')
}

/// The characters of a text, separators left out, each with its position from 1.
struct Characters {
    rest: std::iter::Peekable<std::vec::IntoIter<(usize, char)>>,
    length: usize,
}

impl Characters {
    fn of(text: &str) -> Characters {
        let all: Vec<(usize, char)> = (1..).zip(text.nfc()).collect();
        let length = all.len();
        let kept: Vec<_> = all.into_iter().filter(|&(_, c)| !is_separator(c)).collect();
        Characters { rest: kept.into_iter().peekable(), length }
    }

    /// The label at the front if it is of one of these classes; then it is taken.
    fn take(&mut self, classes: &[LabelClass]) -> Option<Label> {
        let &(_, character) = self.rest.peek()?;
        let label = Label::from_name(character.encode_utf8(&mut [0; 4]))?;
        classes.contains(&label.class()).then(|| {
            self.rest.next();
            label
        })
    }

    fn take_digit(&mut self) -> Option<u8> {
        self.take(&[LabelClass::Digit]).and_then(digit_value)
    }

    /// A region is the one label of two characters.
    fn take_region(&mut self) -> Option<Label> {
        let name: String = self.rest.clone().take(2).map(|(_, c)| c).collect();
        let region = Label::from_name(&name).filter(|label| label.class() == LabelClass::Region)?;
        self.rest.nth(1);
        Some(region)
    }

    fn error(&mut self, expected: Expected) -> ParseError {
        match self.rest.peek() {
            Some(&(position, found)) => ParseError::Unexpected { position, found, expected },
            None => ParseError::Ended { length: self.length, expected },
        }
    }
}

pub(super) fn parse(text: &str) -> Result<PlateText, ParseError> {
    let mut characters = Characters::of(text);
    if characters.rest.peek().is_none() {
        return Err(ParseError::Empty);
    }
    let region = characters.take_region();

    let (mut class_code, mut class_digits) = (0, 0);
    while class_digits < 3 {
        let Some(digit) = characters.take_digit() else { break };
        class_code = class_code * 10 + u16::from(digit);
        class_digits += 1;
    }
    if class_digits == 0 {
        let expected = if region.is_some() { Expected::ClassDigit } else { Expected::RegionOrClassDigit };
        return Err(characters.error(expected));
    }
    let Some(letter) = characters.take(&[LabelClass::Private, LabelClass::Rental, LabelClass::Commercial]) else {
        let expected = if class_digits < 3 { Expected::ClassDigitOrUseLetter } else { Expected::UseLetter };
        return Err(characters.error(expected));
    };
    let mut serial = [0; 4];
    for digit in &mut serial {
        *digit = characters.take_digit().ok_or_else(|| characters.error(Expected::SerialDigit))?;
    }
    if characters.rest.peek().is_some() {
        return Err(characters.error(Expected::End));
    }
    PlateText::new(region, class_code, class_digits, letter, serial)
}

/// The rule that keeps a text from fitting any format, the most telling one first.
pub(super) fn broken_rule(text: &PlateText) -> Rule {
    let class = text.letter.class();
    match (text.region, text.class_digits) {
        (Some(_), 3) => Rule::RegionWithTwoDigitsAtMost,
        (None, 1) => Rule::OneDigitNeedsRegion,
        (_, 2) if text.class_code == 0 => Rule::NoClassZero,
        (_, 3) if text.class_code < 100 => Rule::ThreeDigitsFrom100,
        (None, 3) if class == LabelClass::Commercial => Rule::CommercialHasTwoDigits,
        (None, _) if class == LabelClass::Commercial => Rule::CommercialNeedsRegion,
        (Some(_), 1) if class != LabelClass::Private => Rule::OneDigitIsPrivate,
        (Some(_), _) if class == LabelClass::Rental && text.letter.name() != "허" => Rule::RentalWithRegionIsHeo,
        (Some(_), 2) if text.class_code > 79 && class == LabelClass::Rental => Rule::RentalIsCarOrVan,
        (Some(_), 2) if class == LabelClass::Private && !fits_other_region(text) => Rule::LetterNotWithRegion,
        (Some(_), _) => Rule::RegionTooYoung,
        (None, _) => Rule::RentalIsCarOrVan,
    }
}

/// Whether the text would exist with the oldest region in place of its own.
fn fits_other_region(text: &PlateText) -> bool {
    PlateText { region: Label::from_name("서울"), ..*text }.kinds().next().is_some()
}
