//! From a string to a [`PlateText`], or to the reason why not.

use std::ops::RangeInclusive;

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
    /// The beginning of any text; of rare ones it is a word such as 외교 or 임.
    RegionOrClassDigit,
    /// After a region.
    ClassDigit,
    /// After the first and second class digit.
    ClassDigitOrUseLetter,
    /// After the third class digit.
    UseLetter,
    /// After the use letter: mostly one of four.
    SerialDigit,
    /// After the serial.
    End,
    /// In a text with unknown characters, whose parts may be several.
    Continuation,
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Expected::RegionOrClassDigit => "a region such as 서울 or the first digit of the class code",
            Expected::ClassDigit => "the first digit of the class code",
            Expected::ClassDigitOrUseLetter => "another digit of the class code or a use letter such as 가, 바 or 하",
            Expected::UseLetter => "a use letter such as 가, 바 or 하",
            Expected::SerialDigit => {
                "another digit of the serial: four after a use letter, other numbers on rare plates"
            }
            Expected::End => "nothing after the last serial digit",
            Expected::Continuation => "a character that the text of some plate goes on with",
        })
    }
}

/// A rule of the numbering that a text of the right shape can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// `00가1234`.
    NoClassZero,
    /// `028가1234`, `012바3456`.
    ThreeDigitsFrom100,
    /// `1가1234`.
    OneDigitNeedsRegion,
    /// `1가01234`, `0가12345`.
    MotorcycleFromOne,
    /// `서울12육3456`, `123육4567`.
    MilitaryHasTwoDigits,
    /// `12임3456`, `서울1임2345`, `서울00임1234`.
    TemporaryHasRegionAndTwoDigitsOrNeither,
    /// A word with a region or a class code, or no class code before a letter: [`PlateText::new`] alone can try.
    WordsStandAlone,
    /// A number of digits that goes with another sort of plate: [`PlateText::new`] alone can try.
    SerialLength,
    /// `서울123바4567`.
    RegionWithTwoDigitsAtMost,
    /// `12바3456`.
    CommercialNeedsRegion,
    /// `123바4567`.
    CommercialHasTwoDigits,
    /// `서울1바2345`.
    OneDigitIsBefore1996,
    /// `12차3456`, `서울12초3456`.
    LetterBefore1996,
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
            Rule::ThreeDigitsFrom100 => {
                "three-digit class codes begin at 100, or are 001 to 027 of construction machinery with the letter of a \
                 private or rental vehicle"
            }
            Rule::OneDigitNeedsRegion => {
                "a class code of one digit needs a region before it, or five digits after the letter"
            }
            Rule::MotorcycleFromOne => "on motorcycles neither the class digit nor the serial begins with 0",
            Rule::MilitaryHasTwoDigits => "국, 합, 육, 해 and 공 are military and have two class digits and no region",
            Rule::TemporaryHasRegionAndTwoDigitsOrNeither => {
                "임 has a region and two class digits from 01 in front, or nothing"
            }
            Rule::WordsStandAlone => "words such as 외교 stand alone before their digits, use letters never do",
            Rule::SerialLength => {
                "the serial has four digits, of motorcycles five, after 임 four or six, after 외빈 three, after other words \
                 six"
            }
            Rule::RegionWithTwoDigitsAtMost => {
                "after a region the class code has two digits, on plates before 1996 one"
            }
            Rule::CommercialNeedsRegion => {
                "바, 사, 아, 자 and 배 are commercial and need a region such as 서울 in front"
            }
            Rule::CommercialHasTwoDigits => {
                "바, 사, 아, 자 and 배 are commercial and need a region and two class digits"
            }
            Rule::OneDigitIsBefore1996 => {
                "after a region and a class code of one digit comes a letter of 1973 to 1995, which 바, 사, 아, 자, 배 and 허 \
                 are not"
            }
            Rule::LetterBefore1996 => {
                "letters such as 차, 초 and 그 are on plates before 1996 alone, after a region and a class code of one digit"
            }
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

/// Whether people put the character between the parts of a text, or software where nobody sees it: white space, dashes,
/// dots, the underscore, and characters of no width. Parsing leaves it out.
pub fn is_separator(c: char) -> bool {
    // Hyphens, dashes and the minus; the middle dot and those that look like it, of which NFKC makes ㆍ the vowel U+119E;
    // zero-width space, joiners and marks, word joiner, soft hyphen, byte-order mark.
    let is_dash = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let is_dot = matches!(c, '.' | '·' | '•' | '∙' | '⋅' | '・' | '\u{119e}' | '。');
    let is_unseen = matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{feff}');
    c.is_whitespace() || c == '_' || is_dash || is_dot || is_unseen
}

/// The characters of a text, separators left out, each with its position from 1. Full-width and half-width forms become
/// ordinary ones (NFKC).
pub(super) struct Characters {
    pub(super) rest: std::iter::Peekable<std::vec::IntoIter<(usize, char)>>,
    pub(super) length: usize,
}

impl Characters {
    pub(super) fn of(text: &str) -> Characters {
        let all: Vec<(usize, char)> = (1..).zip(text.nfkc()).collect();
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

    /// The region or the word at the front: a label of two characters.
    pub(super) fn take_pair(&mut self, class: LabelClass) -> Option<Label> {
        let name: String = self.rest.clone().take(2).map(|(_, c)| c).collect();
        let pair = Label::from_name(&name).filter(|label| label.class() == class)?;
        self.rest.nth(1);
        Some(pair)
    }

    /// What stands in the place of the use letter where no class code comes before it.
    fn take_word(&mut self) -> Option<Label> {
        self.take_pair(LabelClass::Diplomatic).or_else(|| self.take(&[LabelClass::Temporary]))
    }

    pub(super) fn error(&mut self, expected: Expected) -> ParseError {
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
    let region = characters.take_pair(LabelClass::Region);
    let word = if region.is_none() { characters.take_word() } else { None };

    let (mut class_code, mut class_digits) = (0, 0);
    while word.is_none() && class_digits < 3 {
        let Some(digit) = characters.take_digit() else { break };
        class_code = class_code * 10 + u16::from(digit);
        class_digits += 1;
    }
    if word.is_none() && class_digits == 0 {
        let expected = if region.is_some() { Expected::ClassDigit } else { Expected::RegionOrClassDigit };
        return Err(characters.error(expected));
    }
    let Some(letter) = word.or_else(|| characters.take(&USES)) else {
        let expected = if class_digits < 3 { Expected::ClassDigitOrUseLetter } else { Expected::UseLetter };
        return Err(characters.error(expected));
    };
    let lengths = serial_lengths(region, class_digits, letter);
    let mut serial = Vec::with_capacity(6);
    while lengths.end() > &serial.len() {
        let Some(digit) = characters.take_digit() else { break };
        serial.push(digit);
    }
    let is_whole = serial.len() == *lengths.start() || serial.len() == *lengths.end();
    match characters.rest.peek() {
        Some(_) if serial.len() == *lengths.end() => Err(characters.error(Expected::End)),
        None if is_whole => PlateText::new(region, class_code, class_digits, letter, &serial),
        _ => Err(characters.error(Expected::SerialDigit)),
    }
}

/// The sorts of use letters: what can follow a class code.
const USES: [LabelClass; 7] = [
    LabelClass::Private,
    LabelClass::Rental,
    LabelClass::Commercial,
    LabelClass::Military,
    LabelClass::Temporary,
    LabelClass::Motorcycle,
    LabelClass::Before1996,
];

/// Whether a label can stand in the place of the use letter.
pub(super) fn is_use(label: Label) -> bool {
    USES.contains(&label.class()) || label.class() == LabelClass::Diplomatic
}

/// The smaller and the larger number of serial digits that may follow.
fn serial_lengths(region: Option<Label>, class_digits: usize, letter: Label) -> RangeInclusive<usize> {
    match (letter.class(), class_digits, region) {
        (LabelClass::Diplomatic, _, _) if letter.name() == "외빈" => 3..=3,
        (LabelClass::Diplomatic, _, _) => 6..=6,
        (LabelClass::Temporary, 0, _) => 4..=6,
        // With four digits the text only lacks its region.
        (LabelClass::Private, 1, None) => 4..=5,
        _ => 4..=4,
    }
}

/// The rule that keeps a text from fitting any format, the most telling one first.
pub(super) fn broken_rule(text: &PlateText) -> Rule {
    let class = text.letter.class();
    let alone = text.region.is_none() && text.class_digits == 0;
    let lengths = serial_lengths(text.region, text.class_digits(), text.letter);
    match (text.region, text.class_digits) {
        _ if (class == LabelClass::Diplomatic) != alone && class != LabelClass::Temporary => Rule::WordsStandAlone,
        (Some(_), 0) if class != LabelClass::Temporary => Rule::WordsStandAlone,
        _ if ![*lengths.start(), *lengths.end()].contains(&text.serial().len()) => Rule::SerialLength,
        _ if class == LabelClass::Temporary => Rule::TemporaryHasRegionAndTwoDigitsOrNeither,
        _ if class == LabelClass::Military => Rule::MilitaryHasTwoDigits,
        (Some(_), 1) if !fits_other_region(text) => Rule::OneDigitIsBefore1996,
        (Some(_), 1) => Rule::RegionTooYoung,
        _ if matches!(class, LabelClass::Motorcycle | LabelClass::Before1996) => Rule::LetterBefore1996,
        (None, 1) if text.serial().len() == 5 => Rule::MotorcycleFromOne,
        (Some(_), 3) => Rule::RegionWithTwoDigitsAtMost,
        (None, 1) => Rule::OneDigitNeedsRegion,
        (_, 2) if text.class_code == 0 => Rule::NoClassZero,
        (_, 3) if text.class_code < 100 => Rule::ThreeDigitsFrom100,
        (None, 3) if class == LabelClass::Commercial => Rule::CommercialHasTwoDigits,
        (None, _) if class == LabelClass::Commercial => Rule::CommercialNeedsRegion,
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
