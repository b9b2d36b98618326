//! What cannot be read since it lies outside the picture, whatever the network takes it for.

use super::{AlignedPlate, policy};
use crate::best_first::best_first;
use crate::ctc::{GrammarMode, Hypothesis, log_add};
use crate::geometry::{Homography, Quad};
use crate::labels::Label;
use crate::plate::layout::{char_outlines, equal_parts};
use crate::plate::{PartialText, PlateKind};

/// The hypotheses with [`Label::UNKNOWN`] for what cannot be read, in their new order. Those that say the same then are one, with the
/// probability of all.
///
/// Unknown is a character of which too much lies outside the picture. So is the first one of a line where the left side lies
/// outside: what is seen of it may be a part, and there may be another before it. The last character is unknown where the right side
/// lies outside and more digits may follow, which few texts allow. Characters stand where a plate of `kind` has them, or side by side
/// where that is not known.
pub(super) fn hide_outside(
    hypotheses: Vec<Hypothesis>,
    kind: PlateKind,
    plate: &AlignedPlate,
    grammar: GrammarMode,
) -> Vec<Hypothesis> {
    if plate.is_whole() {
        return hypotheses;
    }
    let mut distinct: Vec<Hypothesis> = Vec::with_capacity(hypotheses.len());
    for mut hypothesis in hypotheses {
        let hidden = outside(kind, &hypothesis.labels, plate);
        for (index, _) in hidden.iter().enumerate().filter(|(_, is_hidden)| **is_hidden) {
            hypothesis.labels[index] = Label::UNKNOWN;
            let read = &mut hypothesis.chars[index];
            (read.label, read.confidence) = (Label::UNKNOWN, 1.0);
            read.alternatives.clear();
        }
        match distinct.iter_mut().find(|known| known.labels == hypothesis.labels) {
            Some(known) => known.log_prob = log_add(known.log_prob, hypothesis.log_prob).min(0.0),
            None => distinct.push(hypothesis),
        }
    }
    let rank = |hypothesis: &Hypothesis| grammar.rank(hypothesis.log_prob, hypothesis.partial_text().is_some());
    best_first(&mut distinct, rank);
    distinct
}

/// Which of the characters lie outside the picture, or stand where others may do so.
fn outside(kind: PlateKind, labels: &[Label], plate: &AlignedPlate) -> Vec<bool> {
    let (quad, count) = (&plate.quad, labels.len());
    let outlines = char_outlines(kind, count, quad).unwrap_or_else(|| equal_parts(count, quad));
    let mut hidden: Vec<bool> = outlines.iter().map(|outline| policy::is_outside(outline, plate.picture)).collect();
    let cut = policy::cut(plate.outside);
    if cut.left {
        line_starts(&outlines, quad).for_each(|place| hidden[place] = true);
    }
    if cut.right && may_go_on(labels) {
        hidden.last_mut().into_iter().for_each(|last| *last = true);
    }
    hidden
}

/// Whether a plate can carry the text with one or two characters more.
fn may_go_on(labels: &[Label]) -> bool {
    let with = |more: usize| [labels, &[Label::UNKNOWN; 2][..more]].concat();
    (1..=2).any(|more| PartialText::from_labels(&with(more)).is_some())
}

/// The first character of each line, from the upper one on: a line begins where a character stands left of the one before.
fn line_starts(outlines: &[Quad], plate: &Quad) -> impl Iterator<Item = usize> {
    let Ok(unit) = Quad::rect(0.0, 0.0, 1.0, 1.0) else { unreachable!("a square of size 1") };
    let to_unit = Homography::between(plate, &unit);
    let left: Vec<f32> = outlines.iter().map(|outline| to_unit.map(outline.corners()[0]).x).collect();
    (0..left.len()).filter(move |&place| place == 0 || left[place] < left[place - 1])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::calibration::Calibration;
    use crate::labels::CLASS_COUNT;
    use crate::reader::reading::decode;
    use crate::reader::reading::testing::{answer, plate_at};
    use crate::reader::{ReadOptions, Reading};

    /// A plate 100 pixels wide whose upper left corner is at `x`, `y` of a picture of 120x40.
    fn read_at(text: &str, kind: PlateKind, [x, y, width, height]: [f32; 4]) -> Reading {
        let plate = plate_at(Quad::rect(x, y, width, height).unwrap());
        decode(answer(text, kind), plate, Calibration::default(), &ReadOptions::default()).unwrap()
    }

    #[test]
    fn characters_beyond_the_edge_are_unknown_whatever_the_network_says() {
        let long = PlateKind::PrivateLong;
        for (place, text, cut) in [
            ([10.0, 5.0, 100.0, 22.0], "12가3456", [false; 4]),
            // The border alone is outside: by little, by as much as where a character is missing, and at both sides.
            ([-1.5, 5.0, 100.0, 22.0], "12가3456", [false; 4]),
            ([-3.0, 5.0, 100.0, 22.0], "?2가3456", [true, false, false, false]),
            ([-5.0, 5.0, 130.0, 28.0], "12가3456", [false; 4]),
            // At both, and by much more at one.
            ([-5.0, 5.0, 127.0, 28.0], "12가3456", [false; 4]),
            ([-12.0, 5.0, 135.0, 28.0], "?2가3456", [true, false, false, false]),
            // And the other one is not surely seen, or is.
            ([-2.7, 5.0, 121.0, 27.0], "12가3456", [false; 4]),
            ([-2.7, 5.0, 118.0, 27.0], "?2가3456", [true, false, false, false]),
            ([-16.0, 5.0, 100.0, 22.0], "?2가3456", [true, false, false, false]),
            ([-25.0, 5.0, 100.0, 22.0], "??가3456", [true, false, false, false]),
            // At the right no other character can follow.
            ([25.0, 5.0, 100.0, 22.0], "12가3456", [false, true, false, false]),
            ([40.0, 5.0, 100.0, 22.0], "12가345?", [false, true, false, false]),
            ([10.0, 20.0, 100.0, 22.0], "12가3456", [false; 4]),
            // Half of every character.
            ([10.0, 29.0, 100.0, 22.0], "???????", [false, false, false, true]),
            ([10.0, -12.0, 100.0, 22.0], "???????", [false, false, true, false]),
            // All of it.
            ([200.0, 5.0, 100.0, 22.0], "???????", [true; 4]),
        ] {
            let reading = read_at("12가3456", long, place);
            let found = [reading.cut.left, reading.cut.right, reading.cut.top, reading.cut.bottom];
            assert_eq!((reading.text.as_str(), found), (text, cut), "{place:?}");
            assert_eq!(reading.complete, !text.contains('?'), "{place:?}");
            assert_eq!(reading.valid, reading.complete, "{place:?}");
            let spelled: String = reading.chars.iter().map(|read| read.label.name()).collect();
            assert_eq!((spelled.as_str(), reading.candidates[0].text.as_str()), (text, text));
            assert!(reading.candidates.iter().all(|one| one.complete != one.text.contains('?')));
        }
    }

    #[test]
    fn lines_are_cut_by_themselves() {
        // 서울 12 over 바 3456: half of the plate is above the picture.
        let reading = read_at("서울12바3456", PlateKind::CommercialDouble, [20.0, -18.0, 75.0, 38.0]);
        assert_eq!((reading.text.as_str(), reading.kind), ("???바3456", PlateKind::CommercialDouble));
        assert!(reading.cut.top && !reading.cut.bottom);
        // At the left the picture ends in the border, before both lines.
        let reading = read_at("서울12바3456", PlateKind::CommercialDouble, [-4.0, 1.0, 75.0, 38.0]);
        assert_eq!((reading.text.as_str(), reading.cut.left, reading.cut.right), ("?12?3456", true, false));
    }

    #[test]
    fn characters_of_plates_of_unknown_arrangement_stand_side_by_side() {
        let reading = read_at("외교005003", PlateKind::Diplomatic, [-16.0, 5.0, 100.0, 22.0]);
        assert_eq!((reading.text.as_str(), reading.valid), ("?005003", false));
        // 임1234 may have been 임123456.
        for (whole, kind, x, text) in [
            ("임1234", PlateKind::Temporary, 10.0, "임1234"),
            ("임1234", PlateKind::Temporary, 23.0, "임123?"),
            ("임123456", PlateKind::Temporary, 23.0, "임123456"),
            ("외교005003", PlateKind::Diplomatic, 23.0, "외교005003"),
        ] {
            assert_eq!(read_at(whole, kind, [x, 5.0, 100.0, 22.0]).text, text, "{whole} at {x}");
        }
    }

    #[test]
    fn texts_that_differ_in_what_cannot_be_seen_are_one() {
        // The first digit is 1 or 7, the last 6 or 8.
        let mut scores = answer("12가3456", PlateKind::PrivateLong);
        for (step, name, p) in [(0, "1", 0.5_f32), (0, "7", 0.5), (12, "6", 0.7), (12, "8", 0.3)] {
            scores[step * CLASS_COUNT + Label::from_name(name).unwrap().index()] = p.ln();
        }
        let options = ReadOptions { n_best: 8, ..ReadOptions::default() };
        let read = |x: f32| {
            let plate = plate_at(Quad::rect(x, 5.0, 100.0, 22.0).unwrap());
            decode(scores.clone(), plate, Calibration::default(), &options).unwrap()
        };
        let whole = read(10.0);
        assert!((whole.confidence - 0.35).abs() < 0.01, "{whole:?}");
        let cut = read(-16.0);
        assert_eq!((cut.text.as_str(), cut.candidates[1].text.as_str()), ("?2가3456", "?2가3458"));
        assert!((cut.confidence - 0.7).abs() < 0.01 && (cut.candidates[1].confidence - 0.3).abs() < 0.01, "{cut:?}");
        assert!(cut.chars[0].confidence > 0.99 && cut.chars[0].alternatives.is_empty());
    }
}
