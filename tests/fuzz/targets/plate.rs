//! Any text and any labels: refused with a reason, or a plate's text that survives every way of writing it.
#![no_main]

use kr_lpr::labels::{CLASS_COUNT, Label};
use kr_lpr::plate::{GrammarState, PartialText, PlateText};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&[u8], &str)| {
    let (labels, text) = input;
    match PlateText::parse(text) {
        Ok(plate) => check(plate),
        Err(reason) => assert!(!reason.to_string().is_empty()),
    }
    let _ = PartialText::parse(text).map(|partial| assert_eq!(PartialText::parse(&partial.to_string()), Ok(partial)));
    let labels: Vec<Label> =
        labels.iter().filter_map(|&byte| Label::from_index(usize::from(byte) % CLASS_COUNT)).collect();
    let spelt: String = labels.iter().map(|label| label.name()).collect();
    let _ = PlateText::parse(&spelt).map(check);
    let grammar = GrammarState::of(&labels);
    let complete = grammar.filter(|state| state.is_complete());
    let read = PartialText::from_labels(&labels);
    // What the decoder believes is what the parser believes.
    assert_eq!(complete.is_some(), read.is_some(), "{spelt}");
    if let (Some(state), Some(partial)) = (complete, read) {
        assert_eq!(partial.labels(), labels);
        assert!(state.complete_kinds().eq(partial.kinds()), "{spelt}");
        assert_eq!(PartialText::parse(&partial.spaced()), Ok(partial));
        let known = !labels.contains(&Label::UNKNOWN);
        assert_eq!(partial.complete().is_some(), known, "{spelt}");
        assert!(partial.complete().is_none_or(|plate| partial.matches(&plate) && partial.kinds().eq(plate.kinds())));
    }
    if let Some(state) = grammar.filter(|state| !state.is_complete()) {
        assert!(state.labels_to_complete() > 0, "{spelt}");
    }
});

fn check(plate: PlateText) {
    assert!(plate.kinds().next().is_some(), "{plate}");
    assert_eq!(PlateText::parse(&plate.to_string()), Ok(plate));
    assert_eq!(PlateText::parse(&plate.spaced()), Ok(plate));
    assert_eq!(PlateText::from_labels(&plate.labels()), Some(plate));
    let again =
        PlateText::new(plate.region(), plate.class_code(), plate.class_digits(), plate.letter(), plate.serial());
    assert_eq!(again, Ok(plate));
}
