//! What the name of a picture says: `{plate}_{index}`.

use kr_lpr::labels::Label;
use kr_lpr::plate::{ParseError, PlateKind, PlateText, is_separator};

/// Why the name of a picture does not say what stands on its plate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NameFault {
    /// There is no `_`, or nothing after it.
    NoIndex,
    /// A character that no class of the network stands for.
    UnknownCharacter(char),
    /// No plate says this.
    NoPlate(ParseError),
}

impl std::fmt::Display for NameFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            NameFault::NoIndex => f.write_str("the name is not {plate}_{index}, such as 12가3456_0"),
            NameFault::UnknownCharacter(found) => write!(f, "{found:?} in the name is not a character of the alphabet"),
            NameFault::NoPlate(error) => write!(f, "the name says no plate: {error}"),
        }
    }
}

impl std::error::Error for NameFault {}

/// The text in the name of a picture without its extension, composed (NFC).
///
/// # Errors
/// When it is not `{plate}_{index}`, or its text is none of a plate.
pub fn text_of(stem: &str) -> Result<PlateText, NameFault> {
    let plate = match stem.rsplit_once('_') {
        Some((plate, index)) if !index.is_empty() => plate,
        _ => return Err(NameFault::NoIndex),
    };
    PlateText::parse(plate).map_err(|error| match unknown_character(plate) {
        Some(character) => NameFault::UnknownCharacter(character),
        None => NameFault::NoPlate(error),
    })
}

/// The kind of plate that says `text`, where there is only one.
pub fn kind_of(text: &PlateText) -> Option<PlateKind> {
    let mut kinds = text.kinds();
    match (kinds.next(), kinds.next()) {
        (Some(kind), None) => Some(kind),
        _ => None,
    }
}

/// The first character of no label. A syllable of a region counts as known wherever it stands.
fn unknown_character(plate: &str) -> Option<char> {
    plate.chars().find(|&c| !is_separator(c) && !Label::all().any(|label| label.name().contains(c)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn names_by_hand() {
        for (stem, expected) in [
            ("12가3456_0", Ok("12가3456")),
            ("서울 12바 3456_a7", Ok("서울12바3456")),
            ("12가3456", Err("{plate}_{index}")),
            ("12가3456_", Err("{plate}_{index}")),
            ("16육2331_0", Ok("16육2331")),
            ("16쿼2331_0", Err("'쿼'")),
            ("12가34x6_0", Err("'x'")),
            ("12가345_0", Err("no plate")),
            ("00가1234_0", Err("never issued")),
            ("_0", Err("empty")),
        ] {
            match (text_of(stem), expected) {
                (Ok(text), Ok(expected)) => assert_eq!(text.to_string(), expected),
                (Err(fault), Err(word)) => assert!(fault.to_string().contains(word), "{stem}: {fault}"),
                (found, _) => panic!("{stem}: {found:?}"),
            }
        }
    }

    #[test]
    fn a_kind_is_known_where_the_text_decides() {
        let kind = |text: &str| kind_of(&PlateText::parse(text).unwrap());
        assert_eq!(kind("서울1가2345"), Some(PlateKind::GreenRegion));
        assert_eq!(kind("12가3456"), None);
    }
}
