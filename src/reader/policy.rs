//! Every decision of the reader, and every number that it decides by.

use super::{Mode, Plate, ReadOptions, Reading, Search};
use crate::ctc::GrammarMode;
use crate::detect::Candidate;
use crate::geometry::{Cut, Outside, Quad};
use crate::labels::Label;
use crate::overview::{SECOND_LOOK, THIRD_LOOK};

// --- What a picture is taken for ---

/// Share of the picture's width or height that a plate has in a crop, at least.
const FILLS: f32 = 0.8;

/// Width over height of a picture that may be a crop although the detector is not sure of a plate, and its largest width;
/// pictures wider than those of cameras may be of any size.
const CROP_ASPECT: std::ops::RangeInclusive<f32> = 1.2..=8.0;
const CROP_WIDTH: f32 = 400.0;
const WIDER_THAN_CAMERAS: f32 = 2.4;

/// One way of reading a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attempt {
    /// All of it as a crop of one plate.
    Crop,
    /// What the detector found in it.
    Scene,
}

/// How a picture of `size`, in which `found` was detected, is read, one way after the other until something is clear. A picture
/// that a plate fills is a crop at once, and a small one in which nothing is found, too; a small one in which something is
/// found may still be a crop.
pub(super) fn attempts(mode: Mode, size: [f32; 2], found: &[Candidate]) -> &'static [Attempt] {
    let is_filled = found.iter().any(|candidate| share_of(size, &candidate.quad) >= FILLS);
    match mode {
        Mode::Crop => &[Attempt::Crop],
        Mode::Auto if is_filled => &[Attempt::Crop, Attempt::Scene],
        Mode::Auto if is_shaped_like_a_crop(size) && found.is_empty() => &[Attempt::Crop],
        Mode::Auto if is_shaped_like_a_crop(size) => &[Attempt::Scene, Attempt::Crop],
        Mode::Auto | Mode::Scene => &[Attempt::Scene],
    }
}

/// Share of the picture's width or height that the outline has, whichever is more.
fn share_of([width, height]: [f32; 2], quad: &Quad) -> f32 {
    let (left, top, right, bottom) = quad.bounding_box();
    ((right - left) / width).max((bottom - top) / height)
}

/// Whether a picture is as small and as wide as crops are, or so wide that it is no photograph of a scene.
fn is_shaped_like_a_crop([width, height]: [f32; 2]) -> bool {
    let aspect = width / height;
    CROP_ASPECT.contains(&aspect) && (width <= CROP_WIDTH || aspect >= WIDER_THAN_CAMERAS)
}

// --- What the detector found ---

/// Score from which on a candidate is worth reading. Scores are calibrated: of such candidates one in seven is a plate.
pub(super) const LEAST_SCORE: f32 = 0.15;

/// Score from which on a candidate is a plate if it is legible; below it a plate must be able to carry the text as well.
pub(super) const SURE_SCORE: f32 = 0.7;

/// Longer and shorter side of the overviews that are searched after the first one, which shows `found`.
pub(super) fn further_looks(search: Search, found: &[Candidate]) -> &'static [[usize; 2]] {
    let is_clear = !found.is_empty() && found.iter().all(|candidate| candidate.score >= SURE_SCORE);
    match search {
        Search::Thorough => &[SECOND_LOOK, THIRD_LOOK],
        Search::Quick if is_clear => &[],
        Search::Quick => &[SECOND_LOOK],
    }
}

/// Score from which on a candidate that cannot be read is probably a plate with a bad outline, and is read with another margin.
/// Of 684 plates in 600 hard rendered scenes this finds four more and reads two more of them.
const PROBABLE_SCORE: f32 = 0.5;

// --- Margins: how many times as large as the plate an outline is ---

/// What the recognizer sees: a little around the plate does no harm, but a character cut off cannot be read.
pub(super) const READ_MARGIN: f32 = 1.05;

/// In what the detector outlines corners are looked for twice: with this margin, and with [`REALIGN_MARGIN`] around those found.
/// On rendered scenes the detector's corners are off by 5.1 % of the width (10.6 % on one plate in ten), the aligner's by
/// 2.5 % (7.0 %) from outlines with this margin, and by 2.3 % (4.1 %) when it looks twice; a third time mends nothing.
const DETECTION_MARGIN: f32 = 1.15;

/// The other margin around what the detector outlines, where the first one leaves the plate illegible.
const WIDE_DETECTION_MARGIN: f32 = 1.4;

/// About the margin with which corners are found best.
pub(super) const REALIGN_MARGIN: f32 = 1.1;

/// The recognizer's margin in the last pass. Of 2200 rendered plates that are fine but for too little or too much light, this
/// reads 24 more, of 1760 noisy ones 11.
const LAST_READ_MARGIN: f32 = 1.15;

/// Share of the picture's width or height from which on a plate is looked for with the wide margin first. The detector cuts
/// such plates at times. Of 2400 rendered crops that are not told to be crops this reads eight more, and 27 rather than 33 are
/// read wrong with a confidence above 0.9; of 1486 plates in 1200 scenes it reads as many.
const CLOSE: f32 = 0.4;

/// The margins with which a candidate's corners are looked for, in this order until it is legible.
pub(super) fn detection_margins(size: [f32; 2], outline: &Quad) -> [f32; 2] {
    let margins = [DETECTION_MARGIN, WIDE_DETECTION_MARGIN];
    if share_of(size, outline) >= CLOSE { [margins[1], margins[0]] } else { margins }
}

// --- Passes ---

/// One more pass over a plate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Retry {
    /// The margin around where the plate was found in which its corners are looked for again; `None` to take them as they are.
    pub(super) realign: Option<f32>,
    /// The margin around its corners that is read.
    pub(super) margin: f32,
}

/// What the first pass leaves doubtful is read again from where it was found, since corners are found best with an even margin,
/// and then with a wider margin, since a character may be cut off.
pub(super) const RETRIES: [Retry; 2] =
    [Retry { realign: Some(REALIGN_MARGIN), margin: READ_MARGIN }, Retry { realign: None, margin: LAST_READ_MARGIN }];

/// The network's probability below which a plate gets another pass. Of 5100 hard rendered plates 0.6 reads 4778, 0.8 reads 4793
/// and 0.9 reads 4797; of 300 in the mix of training 21, 31 and 48 get another one.
const DOUBTFUL: f32 = 0.8;

/// The network's probability from which on nothing else is tried: another outline, or another way of reading the picture.
const CLEAR: f32 = 0.6;

/// The network's probability after the first pass below which a candidate of a scene gets no other. Of 537 right readings in
/// photographs, 386 of which had been made worse, one had less at first; of 876 other candidates nine in ten had.
const HOPELESS: f32 = 0.03;

/// How much a plate is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// Every pass: it is what the picture was taken of.
    Crop,
    /// Every pass, unless the first one is hopeless: most candidates of a scene are no plates, and would take most of the time.
    Scene,
    /// One pass: frames before could not read it.
    Glance,
}

/// Whether what `passes` passes over a plate say together leaves doubt that another one may settle. One pass does not suffice for an
/// unknown character, which may be one that the outline cut off.
pub(super) fn is_doubtful(reading: &Reading, passes: usize, effort: Effort) -> bool {
    let is_hopeless = effort == Effort::Scene && reading.log_prob < HOPELESS.ln();
    !is_hopeless
        && effort != Effort::Glance
        && (reading.log_prob < DOUBTFUL.ln() || (passes < 2 && has_unknown(reading)))
}

/// Whether there is no doubt about what a plate says.
pub(super) fn is_clear(reading: &Reading) -> bool {
    reading.partial_text().is_some() && reading.log_prob >= CLEAR.ln()
}

/// Whether a candidate needs no other margin.
pub(super) fn is_settled(reading: &Reading, score: f32, effort: Effort) -> bool {
    score < PROBABLE_SCORE || effort == Effort::Glance || (is_clear(reading) && !has_unknown(reading))
}

fn has_unknown(reading: &Reading) -> bool {
    reading.labels().any(|label| label == Label::UNKNOWN)
}

// --- The picture's edge ---

/// Share of a character's box beyond the picture from which on it is unknown.
const CHARACTER_OUTSIDE: f32 = 0.35;

/// Share of a plate's width beyond the picture from which on its left or right side is cut, if the picture goes on by
/// [`SIDE_ROOM`] at the opposite one. A plate that loses a character at the picture's edge looks like a whole one with one character
/// less, whose border alone is outside. Whole plates that fill the picture have both borders outside, or none.
const SIDE_OUTSIDE: f32 = 0.02;
const SIDE_ROOM: f32 = 0.022;

/// How much more of a plate's width lies beyond one side than beyond the opposite one for it to be cut where the picture goes on at
/// neither.
const SIDE_FURTHER: f32 = 0.03;

/// Share of a plate's height beyond the picture from which on its upper or lower side is cut. Corners of whole plates that fill the
/// picture are found up to so far outside.
const EDGE_OUTSIDE: f32 = 0.1;

/// Whether so much of a character lies outside the picture of that size that it cannot be read.
pub(super) fn is_outside(character: &Quad, [width, height]: [u32; 2]) -> bool {
    character.share_outside(width, height) > CHARACTER_OUTSIDE
}

/// The sides of a plate that lie outside the picture.
pub(super) fn cut(outside: Outside) -> Cut {
    let side = |here: f32, opposite: f32| {
        let ends_in_border = here > SIDE_OUTSIDE && opposite < -SIDE_ROOM;
        ends_in_border || here - opposite.max(0.0) > SIDE_FURTHER || here >= 1.0
    };
    Cut {
        left: side(outside.left, outside.right),
        right: side(outside.right, outside.left),
        top: outside.top > EDGE_OUTSIDE,
        bottom: outside.bottom > EDGE_OUTSIDE,
    }
}

// --- What counts ---

/// Known characters from which on a text that is not complete says something.
const LEAST_KNOWN: usize = 2;

/// A text of fewer characters that no plate carries is none: all but a few rare plates have at least six, most seven or eight.
const LEAST_CHARACTERS: usize = 6;

/// Whether labels are more than what the network reads where there is no plate: nothing, of which it is sure, or a letter or two
/// of something else. These are no texts to be sure of, and leave little to those that are.
pub(super) fn is_text(labels: &[Label], is_grammatical: bool, grammar: GrammarMode) -> bool {
    match labels.len() {
        0 => false,
        count => count >= LEAST_CHARACTERS || grammar == GrammarMode::Off || is_grammatical,
    }
}

/// Why a plate that was read does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rejection {
    /// Some of its characters cannot be read.
    Incomplete,
    /// Nothing, or next to nothing, can be read, or not surely enough; or frames before were so, and it was not read
    /// ([`ReadOptions::illegible`]).
    Illegible,
    /// No plate carries such a text, and the detector is not sure that there is one.
    Improbable,
    /// There are more plates than [`ReadOptions::max_plates`]; it was not read.
    TooMany,
}

/// Why a plate that was read does not count; `None` where it does.
pub(super) fn rejection(plate: &Plate, options: &ReadOptions) -> Option<Rejection> {
    let Plate { reading, detection, .. } = plate;
    let known = reading.labels().filter(|&label| label != Label::UNKNOWN).count();
    let is_sure = detection.is_none_or(|score| score >= SURE_SCORE);
    if known < LEAST_KNOWN.min(reading.chars.len().max(1)) || reading.confidence < options.min_confidence {
        Some(Rejection::Illegible)
    } else if !reading.complete && !options.partial {
        Some(Rejection::Incomplete)
    } else if reading.partial_text().is_none() && !is_sure {
        Some(Rejection::Improbable)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::reader::reading::testing::reading;

    #[test]
    fn crops_are_small_and_wide_or_wider_than_cameras_see() {
        for (size, is_crop) in [
            ([200.0, 60.0], true),
            ([400.0, 300.0], true),
            ([400.0, 380.0], false),
            ([640.0, 480.0], false),
            ([1920.0, 1080.0], false),
            ([910.0, 182.0], true),
            ([2000.0, 200.0], false),
        ] {
            assert_eq!(is_shaped_like_a_crop(size), is_crop, "{size:?}");
        }
    }

    #[test]
    fn a_picture_is_taken_for_what_it_looks_like() {
        let found = |width: f32| vec![Candidate { quad: Quad::rect(5.0, 5.0, width, 20.0).unwrap(), score: 0.9 }];
        let (small, large) = ([200.0, 60.0], [1280.0, 720.0]);
        for (mode, size, found, expected) in [
            (Mode::Crop, large, vec![], &[Attempt::Crop][..]),
            (Mode::Scene, small, found(190.0), &[Attempt::Scene]),
            (Mode::Auto, small, found(190.0), &[Attempt::Crop, Attempt::Scene]),
            (Mode::Auto, large, found(1100.0), &[Attempt::Crop, Attempt::Scene]),
            (Mode::Auto, small, found(60.0), &[Attempt::Scene, Attempt::Crop]),
            (Mode::Auto, small, vec![], &[Attempt::Crop]),
            (Mode::Auto, large, found(60.0), &[Attempt::Scene]),
            (Mode::Auto, large, vec![], &[Attempt::Scene]),
        ] {
            assert_eq!(attempts(mode, size, &found), expected, "{mode:?} {size:?} {found:?}");
        }
    }

    #[test]
    fn a_frame_of_a_video_is_searched_as_far_as_it_leaves_doubt_and_a_picture_wholly() {
        let found = |scores: &[f32]| -> Vec<Candidate> {
            let quad = Quad::rect(5.0, 5.0, 60.0, 20.0).unwrap();
            scores.iter().map(|&score| Candidate { quad, score }).collect()
        };
        for (search, scores, expected) in [
            (Search::Quick, &[][..], 1),
            (Search::Quick, &[0.9, 0.8], 0),
            (Search::Quick, &[0.9, 0.3], 1),
            (Search::Thorough, &[], 2),
            (Search::Thorough, &[0.9, 0.8], 2),
        ] {
            assert_eq!(further_looks(search, &found(scores)).len(), expected, "{search:?} {scores:?}");
        }
    }

    #[test]
    fn what_takes_much_of_the_width_or_the_height_is_looked_for_with_a_wide_margin_first() {
        for (width, height, is_close) in [
            (120.0, 30.0, false),
            (230.0, 60.0, false),
            (250.0, 60.0, true),
            (200.0, 130.0, true),
            (560.0, 260.0, true),
        ] {
            let outline = Quad::rect(110.0, 60.0, width, height).unwrap();
            let [first, second] = detection_margins([600.0, 300.0], &outline);
            assert_eq!(first > second, is_close, "{width}x{height}: {first}, then {second}");
        }
    }

    #[test]
    fn a_plate_counts_or_there_is_a_reason() {
        let (illegible, incomplete) = (Some(Rejection::Illegible), Some(Rejection::Incomplete));
        for (detection, confidence, text, partial, expected) in [
            (None, 0.55, "129가345", false, None),
            (None, 0.45, "12가3456", false, illegible),
            (Some(0.9), 0.45, "12가3456", false, illegible),
            (Some(0.9), 0.55, "129가345", false, None),
            (Some(0.5), 0.45, "12가3456", false, illegible),
            (Some(0.5), 0.55, "129가345", false, Some(Rejection::Improbable)),
            (Some(0.5), 0.55, "12가3456", false, None),
            (Some(0.5), 0.55, "1?가3456", false, incomplete),
            (Some(0.5), 0.55, "1?가3456", true, None),
            (Some(0.5), 0.45, "1?가3456", true, illegible),
            (Some(0.5), 0.55, "1?9가345", true, Some(Rejection::Improbable)),
            // So little is known that it is next to nothing.
            (Some(0.9), 0.95, "?????5?", true, illegible),
            (Some(0.9), 0.95, "???????", true, illegible),
            (Some(0.9), 0.95, "", true, illegible),
        ] {
            let plate = Plate { reading: reading(text, confidence), detection, reason: None };
            let options = ReadOptions { partial, ..ReadOptions::default() };
            assert_eq!(rejection(&plate, &options), expected, "{detection:?}, {confidence}, {text}");
        }
    }

    #[test]
    fn doubt_and_unknown_characters_deserve_another_pass() {
        for (text, probability, passes, in_crop, in_scene) in [
            ("12가3456", 0.9, 1, false, false),
            ("12가3456", 0.7, 1, true, true),
            ("12가3456", 0.7, 2, true, true),
            ("12가3456", 0.04, 1, true, true),
            ("12가3456", 0.02, 1, true, false),
            ("1?가3456", 0.9, 1, true, true),
            ("1?가3456", 0.9, 2, false, false),
            ("?????", 0.02, 1, true, false),
        ] {
            let is_doubtful = |effort| is_doubtful(&reading(text, probability), passes, effort);
            assert_eq!(
                [Effort::Crop, Effort::Scene, Effort::Glance].map(is_doubtful),
                [in_crop, in_scene, false],
                "{text} {probability}"
            );
        }
        assert!(is_clear(&reading("1?가3456", 0.9)) && !is_clear(&reading("129가345", 0.9)));
        for (text, score, effort, expected) in [
            ("12가3456", 0.9, Effort::Scene, true),
            ("1?가3456", 0.9, Effort::Scene, false),
            ("1?가3456", 0.9, Effort::Glance, true),
            ("1?가3456", 0.3, Effort::Scene, true),
        ] {
            assert_eq!(is_settled(&reading(text, 0.9), score, effort), expected, "{text} {score} {effort:?}");
        }
    }
}
