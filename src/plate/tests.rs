#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;
use crate::labels::CLASS_COUNT;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn kinds_of(text: &str) -> Vec<&'static str> {
    PlateText::parse(text).unwrap().kinds().map(PlateKind::name).collect()
}

fn walk(labels: &[Label]) -> Option<GrammarState> {
    labels.iter().try_fold(GrammarState::start(), |state, &label| state.next(label))
}

/// Texts drawn as the renderer draws them: a kind, one of its formats, and any choice of that format.
fn texts() -> impl Strategy<Value = (PlateKind, PlateText)> {
    (0..PlateKind::ALL.len(), any::<[u16; 4]>(), any::<u32>()).prop_map(|(kind, draw, serial)| {
        let kind = PlateKind::ALL[kind];
        let pick = |draw: u16, from: Vec<Label>| (!from.is_empty()).then(|| from[usize::from(draw) % from.len()]);
        let format = kind.formats()[usize::from(draw[0]) % kind.formats().len()];
        let codes = format.class_codes();
        let code = codes.start() + draw[1] % (codes.end() - codes.start() + 1);
        let (region, letter) = (pick(draw[2], format.regions().collect()), pick(draw[3], format.letters().collect()));
        let serials = format.serials();
        let serial = serials.start() + serial % (serials.end() - serials.start() + 1);
        let digits: Vec<u8> =
            format!("{serial:0width$}", width = format.serial_digits()).bytes().map(|c| c - b'0').collect();
        (kind, PlateText::new(region, code, format.class_digits(), letter.unwrap(), &digits).unwrap())
    })
}

#[test]
fn kinds_have_names_sizes_and_a_fixed_order() {
    let names = "private-long private-8 private-film private-short private-large ev corporate commercial-long \
                 commercial-double green-national green-region military diplomatic temporary construction \
                 construction-old motorcycle";
    assert_eq!(PlateKind::ALL.map(PlateKind::name).join(" "), names);
    for (index, kind) in PlateKind::ALL.into_iter().enumerate() {
        assert_eq!((kind.index(), PlateKind::from_name(kind.name())), (index, Some(kind)));
        assert!(kind.size_mm().0 > kind.size_mm().1);
        assert!((1..=4).contains(&kind.formats().len()), "the automaton has room for four formats a kind");
    }
    assert_eq!(PlateKind::from_name("Private-Long"), None);
}

#[test]
fn kinds_carry_the_letters_of_their_time() {
    let letters = |kind: PlateKind| kind.letters().map(Label::name).collect::<String>();
    assert_eq!(letters(PlateKind::CommercialLong), "바사아자배");
    assert_eq!(letters(PlateKind::PrivateLong).chars().count(), 35);
    assert_eq!(letters(PlateKind::GreenNational).chars().count(), 33);
    let green = PlateKind::GreenRegion.formats();
    assert_eq!(green[0].letters().map(Label::name).collect::<String>(), "가나다라마거너더러머고노도로모구누두루무");
    assert_eq!(green[2].letters().count(), 32 + 8 + 23 + 2);
    assert_eq!(green.iter().map(|format| format.regions().count()).collect::<Vec<_>>(), [16, 16, 15]);
    let with_region: Vec<_> =
        PlateKind::ALL.into_iter().filter(|kind| kind.has_region()).map(PlateKind::name).collect();
    assert_eq!(with_region, ["commercial-long", "commercial-double", "green-region", "construction-old"]);
    assert_eq!(letters(PlateKind::Diplomatic), "외교영사준외준영국기협정대표외빈");
    assert_eq!(letters(PlateKind::Construction).chars().count(), 35);
    let machinery = PlateKind::ConstructionOld.formats();
    assert_eq!(machinery[1].letters().map(Label::name).collect::<String>(), "바사아자");
    assert_eq!(PlateKind::Motorcycle.formats()[0].serials(), 10_000..=99_999);
    assert_eq!(PlateKind::Diplomatic.formats()[1].serials(), 0..=999);
}

#[test]
fn texts_know_the_kinds_that_carry_them() {
    let two = ["private-long", "private-short"];
    for (text, kinds) in [
        ("12가3456", &[&two[..], &["ev", "green-national"]].concat()),
        ("70무0000", &[&two[..], &["private-large", "ev", "green-national"]].concat()),
        ("12하3456", &[&two[..], &["ev"]].concat()),
        ("79허3456", &[&two[..], &["private-large", "ev", "green-national"]].concat()),
        ("100가0001", &vec!["private-8", "private-film", "ev", "corporate"]),
        ("699호0001", &vec!["private-8", "private-film", "ev", "corporate"]),
        ("799하0001", &vec!["private-8", "private-film", "ev"]),
        ("997주9999", &vec!["private-8", "private-film", "ev"]),
        ("998가1234", &vec!["private-8", "private-film"]),
        ("서울12바3456", &vec!["commercial-long", "commercial-double", "construction-old"]),
        ("서울12배3456", &vec!["commercial-long", "commercial-double"]),
        ("서울28바3456", &vec!["commercial-long", "commercial-double"]),
        ("세종99배0001", &vec!["commercial-long", "commercial-double"]),
        ("서울39허2764", &vec!["green-region"]),
        ("제주01가1234", &vec!["green-region", "construction-old"]),
        ("제주28가1234", &vec!["green-region"]),
        ("세종27라0001", &vec!["construction-old"]),
        ("001가0001", &vec!["construction"]),
        ("027호6000", &vec!["construction"]),
        ("16육2331", &vec!["military"]),
        ("00국0000", &vec!["military"]),
        ("외교005003", &vec!["diplomatic"]),
        ("외빈123", &vec!["diplomatic"]),
        ("임1234", &vec!["temporary"]),
        ("임123456", &vec!["temporary"]),
        ("세종06임1234", &vec!["temporary"]),
        ("1가23456", &vec!["motorcycle"]),
        ("서울1주1234", &vec!["green-region"]),
        ("서울4초3703", &vec!["green-region"]),
        ("제주9퍼0001", &vec!["green-region"]),
        ("경기2호1234", &vec!["green-region"]),
        ("경기0가1234", &vec!["green-region"]),
    ] {
        assert_eq!(kinds_of(text), *kinds, "{text}");
    }
}

#[test]
fn separators_and_decomposed_hangul_are_accepted() {
    let expected = PlateText::parse("서울12바3456").unwrap();
    let decomposed: String = "서울 12바 3456".nfd().collect();
    for text in [
        "서울 12바 3456",
        " 서 울\t12-바·3456 ",
        "서울12\u{a0}바\n3456",
        &decomposed,
        "서울１２바３４５６",
        "\u{feff}서울12바3456",
        "서울12\u{200b}바\u{200d}34\u{2060}56",
        "서울_12–바.3456",
        "서울—12‑바−3456",
        "서울ㆍ12•바・3456",
        "서울－１２．바＿3456",
    ] {
        assert_eq!(text.parse(), Ok(expected), "{text:?}");
        assert_eq!(text.parse(), Ok(PartialText::from(expected)), "{text:?}");
    }
}

#[test]
fn texts_are_written_and_taken_apart() {
    for (given, spaced, labels) in [
        ("12가3456", "12가 3456", 7),
        ("01가0000", "01가 0000", 7),
        ("123하4567", "123하 4567", 8),
        ("서울02바3456", "서울 02바 3456", 8),
        ("전남0고1234", "전남 0고 1234", 7),
        ("외교005003", "외교 005-003", 7),
        ("외빈123", "외빈 123", 4),
        ("임1234", "임 1234", 5),
        ("임123456", "임 123456", 7),
        ("서울06임1234", "서울 06임 1234", 8),
        ("012가4568", "012가 4568", 8),
        ("1가23456", "1가2 3456", 7),
    ] {
        let text = PlateText::parse(given).unwrap();
        assert_eq!((text.to_string(), text.spaced()), (given.to_owned(), spaced.to_owned()));
        assert_eq!(text.labels().len(), labels);
    }
    let text = PlateText::parse("서울02바3456").unwrap();
    assert_eq!((text.region().map(Label::name), text.letter().name()), (Some("서울"), "바"));
    assert_eq!((text.class_code(), text.class_digits(), text.serial()), (2, 2, &[3, 4, 5, 6][..]));
    assert_eq!(
        text.labels().iter().map(|label| label.name()).collect::<Vec<_>>(),
        ["서울", "0", "2", "바", "3", "4", "5", "6"]
    );
}

#[test]
fn errors_say_where_the_shape_is_left() {
    use Expected::*;
    let unexpected = |position, found, expected| ParseError::Unexpected { position, found, expected };
    let ended = |length, expected| ParseError::Ended { length, expected };
    for (text, error) in [
        ("", ParseError::Empty),
        (" - ", ParseError::Empty),
        ("가1234", unexpected(1, '가', RegionOrClassDigit)),
        ("강릉12바3456", unexpected(1, '강', RegionOrClassDigit)),
        ("서울시12바3456", unexpected(3, '시', ClassDigit)),
        ("서울", ended(2, ClassDigit)),
        ("12A3456", unexpected(3, 'A', ClassDigitOrUseLetter)),
        ("12 영 3456", unexpected(4, '영', ClassDigitOrUseLetter)),
        ("외12", unexpected(1, '외', RegionOrClassDigit)),
        ("외교", ended(2, SerialDigit)),
        ("외교 123", ended(6, SerialDigit)),
        ("외빈1234", unexpected(6, '4', End)),
        ("서울외교123456", unexpected(3, '외', ClassDigit)),
        ("임12345", ended(6, SerialDigit)),
        ("임1234567", unexpected(8, '7', End)),
        ("1가234567", unexpected(8, '7', End)),
        ("12서울3456", unexpected(4, '울', SerialDigit)),
        ("1", ended(1, ClassDigitOrUseLetter)),
        ("1234가5678", unexpected(4, '4', UseLetter)),
        ("123", ended(3, UseLetter)),
        ("12가345", ended(6, SerialDigit)),
        ("12가 34가6", unexpected(7, '가', SerialDigit)),
        ("12가34567", unexpected(8, '7', End)),
        ("12가①", ended(4, SerialDigit)),
        ("12가?456", unexpected(4, '?', SerialDigit)),
    ] {
        assert_eq!(PlateText::parse(text), Err(error), "{text}");
    }
    let message = PlateText::parse("12 영 3456").unwrap_err().to_string();
    assert_eq!(
        message,
        "character 4 is '영', expected another digit of the class code or a use letter such as 가, 바 or 하"
    );
}

#[test]
fn errors_name_the_rule_that_is_broken() {
    for (text, rule) in [
        ("00가1234", Rule::NoClassZero),
        ("서울00바1234", Rule::NoClassZero),
        ("028가4568", Rule::ThreeDigitsFrom100),
        ("000가4568", Rule::ThreeDigitsFrom100),
        ("012바4568", Rule::ThreeDigitsFrom100),
        ("1가1234", Rule::OneDigitNeedsRegion),
        ("서울123바4567", Rule::RegionWithTwoDigitsAtMost),
        ("12바3456", Rule::CommercialNeedsRegion),
        ("107바7009", Rule::CommercialHasTwoDigits),
        ("서울1바2345", Rule::OneDigitIsBefore1996),
        ("서울1허2345", Rule::OneDigitIsBefore1996),
        ("12차3456", Rule::LetterBefore1996),
        ("서울12초3456", Rule::LetterBefore1996),
        ("1그2345", Rule::LetterBefore1996),
        ("울산4초3703", Rule::RegionTooYoung),
        ("85하1234", Rule::RentalIsCarOrVan),
        ("800하1234", Rule::RentalIsCarOrVan),
        ("998호1234", Rule::RentalIsCarOrVan),
        ("서울80허1234", Rule::RentalIsCarOrVan),
        ("서울12하3456", Rule::RentalWithRegionIsHeo),
        ("서울12버3456", Rule::LetterNotWithRegion),
        ("세종12버3456", Rule::LetterNotWithRegion),
        ("세종32가3456", Rule::RegionTooYoung),
        ("0가12345", Rule::MotorcycleFromOne),
        ("1가01234", Rule::MotorcycleFromOne),
        ("서울12육3456", Rule::MilitaryHasTwoDigits),
        ("123해4567", Rule::MilitaryHasTwoDigits),
        ("1공4567", Rule::MilitaryHasTwoDigits),
        ("12임3456", Rule::TemporaryHasRegionAndTwoDigitsOrNeither),
        ("서울1임3456", Rule::TemporaryHasRegionAndTwoDigitsOrNeither),
        ("서울00임3456", Rule::TemporaryHasRegionAndTwoDigitsOrNeither),
        ("세종12허3456", Rule::RegionTooYoung),
        ("울산1가2345", Rule::RegionTooYoung),
    ] {
        assert_eq!(PlateText::parse(text), Err(ParseError::NotIssued { text: text.to_owned(), rule }), "{text}");
    }
    let message = PlateText::parse("12바 3456").unwrap_err().to_string();
    assert!(message.starts_with("12바3456 was never issued: 바, 사, 아, 자 and 배 are commercial"), "{message}");
}

#[test]
fn parts_that_no_string_has_break_a_rule_too() {
    let label = |name: &str| Label::from_name(name).unwrap();
    let seoul = Some(label("서울"));
    for (region, code, digits, letter, serial, rule) in [
        (None, 0, 0, "가", &[1, 2, 3, 4][..], Rule::WordsStandAlone),
        (seoul, 0, 0, "바", &[1, 2, 3, 4], Rule::WordsStandAlone),
        (None, 12, 2, "외교", &[1, 2, 3, 4, 5, 6], Rule::WordsStandAlone),
        (seoul, 0, 0, "외교", &[1, 2, 3, 4, 5, 6], Rule::WordsStandAlone),
        (None, 12, 2, "가", &[1, 2, 3], Rule::SerialLength),
        (None, 0, 0, "외교", &[1, 2, 3, 4], Rule::SerialLength),
        (None, 0, 0, "임", &[1, 2, 3], Rule::SerialLength),
        (None, 0, 0, "임", &[], Rule::SerialLength),
    ] {
        let error = PlateText::new(region, code, digits, label(letter), serial).unwrap_err();
        assert!(matches!(error, ParseError::NotIssued { rule: r, .. } if r == rule), "{error}");
    }
}

#[test]
fn partial_texts_by_hand() {
    for (given, spaced, count, kinds) in [
        ("1?가3456", "1?가 3456", 7, "private-long private-short ev green-national"),
        ("1?가34567", "1?가3 4567", 8, ""),
        ("?가23456", "?가2 3456", 7, "motorcycle"),
        ("?????", "? ????", 5, "temporary"),
        ("1？가３４５？", "1?가 345?", 7, "private-long private-short ev green-national"),
        // The first may be a region.
        ("??가3456", "??가 3456", 7, "private-long private-short private-large ev green-national green-region"),
        ("12?3456", "12? 3456", 7, "private-long private-short ev green-national military"),
        ("?12바3456", "? 12바 3456", 8, "commercial-long commercial-double construction-old"),
        ("서울?2바3456", "서울 ?2바 3456", 8, "commercial-long commercial-double construction-old"),
        ("서울?8바3456", "서울 ?8바 3456", 8, "commercial-long commercial-double construction-old"),
        ("서울3?바3456", "서울 3?바 3456", 8, "commercial-long commercial-double"),
        ("?8?가1234", "?8?가 1234", 8, "private-8 private-film ev corporate green-region"),
        ("8?가1?34", "8?가 1?34", 7, "private-long private-short private-large ev green-national"),
        ("?005003", "? 005003", 7, "diplomatic temporary"),
        ("외교00?003", "외교 00?-003", 7, "diplomatic"),
        ("임?23?", "임 ?23?", 5, "temporary"),
    ] {
        if kinds.is_empty() {
            assert!(PartialText::parse(given).is_err(), "{given}");
            continue;
        }
        let text = PartialText::parse(given).unwrap();
        assert_eq!((text.spaced().as_str(), text.labels().len()), (spaced, count), "{given}");
        assert_eq!(text.kinds().map(PlateKind::name).collect::<Vec<_>>().join(" "), kinds, "{given}");
        assert_eq!(text.unknown(), text.to_string().matches('?').count());
    }
}

#[test]
fn a_search_for_a_partial_text_finds_what_it_may_be() {
    for (partial, text, found) in [
        ("1?가3456", "12가3456", true),
        ("1?가3456", "22가3456", false),
        ("12?3456", "12육3456", true),
        ("?2가3456", "123가3456", false),
        ("?12바3456", "서울12바3456", true),
        ("?12바3456", "부산12바3457", false),
        ("12가3456", "12가3456", true),
        ("???????", "12가3456", true),
        ("???????", "서울1가2345", true),
        ("???????", "123가3456", false),
    ] {
        let matches = PartialText::parse(partial).unwrap().matches(&PlateText::parse(text).unwrap());
        assert_eq!(matches, found, "{partial} and {text}");
    }
}

#[test]
fn what_no_text_is_like_says_where_it_goes_wrong() {
    let at = |text: &str| PartialText::parse(text).unwrap_err();
    let unexpected = |position, found| ParseError::Unexpected { position, found, expected: Expected::Continuation };
    assert_eq!(at("1?가34?67"), unexpected(8, '7'));
    assert_eq!(at("?가바3456"), unexpected(3, '바'));
    // No class code begins with 09 and has a third digit, and no plate has a letter twice.
    assert_eq!(at("09?가3456"), unexpected(4, '가'));
    assert_eq!(at("1?가345"), ParseError::Ended { length: 6, expected: Expected::Continuation });
    assert_eq!(at("12가3?"), ParseError::Ended { length: 5, expected: Expected::Continuation });
    // A text without unknown characters has the errors of one.
    assert_eq!(at("12바3456"), PlateText::parse("12바3456").unwrap_err());
    assert_eq!(at(""), ParseError::Empty);
}

#[test]
fn a_word_spelled_by_other_classes_is_no_text() {
    let labels = |names: &[&str]| names.iter().map(|name| Label::from_name(name).unwrap()).collect::<Vec<_>>();
    assert!(PlateText::from_labels(&labels(&["영사", "0", "0", "1", "0", "0", "2"])).is_some());
    let apart = labels(&["영", "사", "0", "0", "1", "0", "0", "2"]);
    assert_eq!(PlateText::from_labels(&apart), None);
    assert_eq!(walk(&apart), None);
}

/// Every head of a text, 17 regions or none times 1111 class codes times 85 letters, against the automaton, and of some
/// the serials of other lengths.
#[test]
fn grammar_and_texts_agree_on_every_region_class_and_letter() {
    let regions = Label::all().filter(|label| label.class() == LabelClass::Region).map(Some).chain([None]);
    let letters: Vec<Label> = Label::all().filter(|&label| parse::is_use(label)).collect();
    assert_eq!(letters.len(), 40 + 5 + 8 + 1 + 8 + 23);
    for region in regions {
        for (digits, code) in (0..=3).flat_map(|digits| (0..10_u16.pow(digits)).map(move |code| (digits, code))) {
            for &letter in &letters {
                let few = code % 97 == 5 || digits < 2;
                for length in if few { 3..=6 } else { 4..=4 } {
                    for first in if few { 0..=1 } else { 1..=1 } {
                        let serial = &[first, 2, 3, 4, 5, 6][..length];
                        let parts = PlateText::unchecked(region, code, digits as usize, letter, serial);
                        let state = walk(&parts.labels()).filter(|state| state.is_complete());
                        let issued = PlateText::new(region, code, digits as usize, letter, serial).is_ok();
                        assert_eq!(state.is_some(), issued, "{parts}");
                        if let Some(state) = state {
                            assert!(state.kinds().eq(parts.kinds()), "{parts}");
                        }
                    }
                }
            }
        }
    }
}

/// From every state there is a way on or a whole text, and the shortest is as long as the state says.
#[test]
fn grammar_has_no_dead_ends() {
    let mut layer = std::collections::HashSet::from([GrammarState::start()]);
    assert_eq!(GrammarState::start().labels_to_complete(), 4); // 외빈 and three digits
    let (mut complete, mut longest) = (0, 0);
    while !layer.is_empty() {
        let mut next_layer = std::collections::HashSet::new();
        for state in layer {
            assert_eq!(state.next(Label::BLANK), None);
            let next: Vec<_> = Label::all().filter_map(|label| state.next(label)).collect();
            assert_eq!(state.next(Label::UNKNOWN).is_some(), !next.is_empty());
            let shortest = next.iter().map(|state| state.labels_to_complete() + 1).min();
            assert_eq!(state.is_complete(), state.labels_to_complete() == 0);
            assert!(state.is_complete() || shortest == Some(state.labels_to_complete()), "{state:?}");
            complete += usize::from(state.is_complete());
            next_layer.extend(next);
        }
        layer = next_layer;
        longest += usize::from(!layer.is_empty());
    }
    assert!(complete > 0);
    assert_eq!(longest, 8, "the network has room for eight characters");
}

#[test]
fn grammar_stops_where_a_text_would_break_a_rule() {
    let next = |text: &str| {
        let labels: Vec<Label> = text.chars().filter_map(|c| Label::from_name(&c.to_string())).collect();
        let state = walk(&labels).unwrap();
        Label::all().filter(|&label| state.next(label).is_some()).map(Label::name).collect::<BTreeSet<_>>()
    };
    // 00 begins the codes of construction machinery and those of the forces.
    assert!(next("0").contains("0") && !next("0").contains("가"));
    assert_eq!(next("02").intersection(&next("09")).count(), 32 + 3 + 5 + 1, "with the unknown letter");
    assert_eq!(next("027"), next("001"));
    let leads_nowhere =
        |text: &str| walk(&text.chars().filter_map(|c| Label::from_name(&c.to_string())).collect::<Vec<_>>()).is_none();
    assert!(leads_nowhere("028") && leads_nowhere("000") && leads_nowhere("00가") && leads_nowhere("1가0"));
    assert!(!next("12").contains("바") && next("12").contains("가") && next("12").contains("하"));
    assert!(!next("85").contains("하") && next("85").contains("0"));
    assert!(next("12가123").contains("0") && next("12가1234").is_empty());
    assert!(next("1가12345").is_empty() && next("1가1234").contains("0"));
    assert!(next("임1234").contains("5") && next("임123456").is_empty());
}

proptest! {
    #[test]
    fn what_a_kind_can_carry_survives_writing_and_reading((kind, text) in texts()) {
        prop_assert!(text.kinds().any(|k| k == kind));
        for written in [text.to_string(), text.spaced(), text.spaced().nfd().collect()] {
            prop_assert_eq!(PlateText::parse(&written), Ok(text));
        }
        prop_assert_eq!(PlateText::from_labels(&text.labels()), Some(text));
        prop_assert!(walk(&text.labels()).is_some_and(GrammarState::is_complete));
        let spelled: String = text.labels().iter().map(|label| label.name()).collect();
        prop_assert_eq!(spelled, text.to_string());
        prop_assert!(text.region().is_some() || !kind.has_region());
    }

    #[test]
    fn any_labels_are_read_or_refused_as_the_grammar_says(indices in prop::collection::vec(1..CLASS_COUNT, 0..10)) {
        let labels: Vec<Label> = indices.into_iter().filter_map(Label::from_index).collect();
        let complete = walk(&labels).is_some_and(GrammarState::is_complete);
        prop_assert_eq!(PartialText::from_labels(&labels).is_some(), complete);
        let known = !labels.contains(&Label::UNKNOWN);
        prop_assert_eq!(PlateText::from_labels(&labels).is_some(), complete && known);
    }

    #[test]
    fn a_text_with_characters_hidden_is_like_the_whole_one((kind, text) in texts(), hidden in any::<u8>()) {
        let labels: Vec<Label> = text.labels();
        let hide = |(place, label): (usize, &Label)| if hidden >> place & 1 == 1 { Label::UNKNOWN } else { *label };
        let seen: Vec<Label> = labels.iter().enumerate().map(hide).collect();
        let partial = PartialText::from_labels(&seen).unwrap();
        prop_assert!(partial.matches(&text) && partial.kinds().any(|k| k == kind), "{partial}");
        prop_assert_eq!(partial.complete(), (partial.unknown() == 0).then_some(text));
        for written in [partial.to_string(), partial.spaced(), partial.spaced().nfd().collect()] {
            prop_assert_eq!(PartialText::parse(&written), Ok(partial), "{}", written);
        }
        // Every kind that it may be on has a text like it: that of another kind with the same characters hidden.
        prop_assert!(partial.kinds().count() >= text.kinds().count());
    }

    #[test]
    fn no_string_makes_the_parser_panic(text in "[0-9?가나바하서울세종외교빈임육 ·a-c]{0,12}|.{0,12}") {
        if let Ok(parsed) = PartialText::parse(&text) {
            prop_assert_eq!(PartialText::parse(&parsed.to_string()), Ok(parsed));
            prop_assert_eq!(PlateText::parse(&text).ok(), parsed.complete());
        }
        if let Ok(parsed) = PlateText::parse(&text) {
            prop_assert_eq!(PlateText::parse(&parsed.to_string()), Ok(parsed));
        }
    }
}
