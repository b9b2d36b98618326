//! Whole frames: where the plates are, and what each of them says.

use super::{Mode, PlateReader, ReadError, ReadOptions, Reading, Stage};
use crate::detect::{Candidate, Maps, candidates, distinct, is_same_plate};
use crate::frame::Frame;
use crate::geometry::Quad;
use crate::model::detector::grid;
use crate::overview::{FIRST_LOOK, Layout, Overview, Region};

/// Score from which on a candidate is worth reading. Scores are calibrated: of such candidates one in seven is a plate.
const WEAK: f32 = 0.15;

/// Score from which on a candidate is a plate if it is legible; below it a plate must be able to carry the text as well.
/// What is legible is up to [`ReadOptions::min_confidence`]: with 0.3 instead of 0.5 two more of 684 plates in 600 rendered
/// scenes are read right, but eight are misread and two found where there is none, and one in 400 scenes without a plate.
const SURE: f32 = 0.7;

/// How much more than what the detector outlines is handed to the aligner, and then, of what it finds, to the aligner again.
/// On rendered scenes the detector's corners are off by 5.1 % of the width (10.6 % on one plate in ten), the aligner's by
/// 2.5 % (7.0 %) from outlines with this much air, and by 2.3 % (4.1 %) when it looks twice; a third time mends nothing.
const AIR: f32 = 1.15;
const SECOND_AIR: f32 = 1.1;

/// Score from which on a candidate that cannot be read is probably a plate with a bad outline, and with how much air it is
/// looked for once more. Of 684 plates in 600 hard rendered scenes this finds four more and reads two more of them.
const PROBABLE: f32 = 0.5;
const MORE_AIR: f32 = 1.4;

/// Share of the picture's width or height from which on a plate is looked for with [`MORE_AIR`] first. The detector cuts such
/// plates at times, and what is left of 389러5263 or 광주16거8280 would be read as another plate, with confidence. Of 2400
/// rendered crops that are not told to be crops this reads eight more, and 27 rather than 33 are read wrong with a confidence
/// above 0.9; of 1486 plates in 1200 scenes it reads as many.
const CLOSE: f32 = 0.4;

/// The network's probability from which on nothing else is tried: another outline, or taking a scene for a crop.
const CLEAR: f32 = 0.6;

/// Share of the picture's width or height that a plate has in a crop, at least.
const FILLS: f32 = 0.8;

/// Width over height of a picture that may be a crop although the detector is not sure of a plate, and its largest width;
/// pictures wider than those of cameras may be of any size.
const CROP_ASPECT: std::ops::RangeInclusive<f32> = 1.2..=8.0;
const CROP_WIDTH: u32 = 400;
const WIDER_THAN_CAMERAS: f32 = 2.4;

/// A plate that was found and read.
#[derive(Clone, Debug)]
pub struct Plate {
    /// What it says, and its outline.
    pub reading: Reading,
    /// How sure the detector is that there is a plate, 0 to 1; `None` where nobody asked it: in crops and given outlines.
    pub detection: Option<f32>,
}

/// What was found in a picture.
#[derive(Clone, Debug)]
pub struct Plates {
    /// What the picture was taken for: [`Mode::Crop`] or [`Mode::Scene`].
    pub mode: Mode,
    /// The plates, the most confidently read first.
    pub plates: Vec<Plate>,
    /// What looks like a plate, but not enough or not legibly enough.
    pub rejected: Vec<Plate>,
}

impl PlateReader {
    /// Reads the plates of `frame`: finds them unless it is a crop or [`ReadOptions::quad`] outlines the one to read.
    ///
    /// # Errors
    /// When the region is not one of the frame, a scene is asked for without a detector, the device fails or weights are
    /// broken. A frame without plates is no error.
    pub async fn read(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Plates, ReadError> {
        self.read_in_stages(frame, options, |_| ()).await
    }

    /// [`read`](Self::read) for those who watch the time: `done` is called at the end of every stage.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn read_in_stages(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        mut done: impl FnMut(Stage),
    ) -> Result<Plates, ReadError> {
        if options.quad.is_some() {
            let reading = self.read_crop_in_stages(frame, options, &mut done).await?;
            return Ok(sorted(Mode::Crop, vec![Plate { reading, detection: None }], options));
        }
        let region = region_of(frame, options)?;
        let mode = if self.detector.is_none() && options.mode == Mode::Auto { Mode::Crop } else { options.mode };
        if mode == Mode::Crop {
            let reading = self.read_region(frame, &region, options, &mut done).await?;
            return Ok(sorted(Mode::Crop, vec![Plate { reading, detection: None }], options));
        }

        let found = self.look(frame, &region).await?;
        done(Stage::Detected);
        let likely: Vec<Candidate> = found.into_iter().take(options.max_plates).collect();
        let score = likely.first().map_or(0.0, |candidate| candidate.score);
        let may_be_crop = mode == Mode::Auto && (is_filled(&region, &likely) || is_shaped_like_a_crop(&region));

        // A picture that a plate fills is read as such at once; a small one in which nothing is found or legible, too.
        let mut whole = None;
        if may_be_crop && (is_filled(&region, &likely) || likely.is_empty()) {
            let reading = self.read_region(frame, &region, options, &mut done).await?;
            let plate = Plate { reading, detection: Some(score) };
            if is_clear(&plate.reading) {
                return Ok(sorted(Mode::Crop, vec![plate], options));
            }
            whole = Some(plate);
        }
        let plates = self.read_candidates(frame, &region, likely, options, &mut done).await?;
        if may_be_crop && !plates.iter().any(|plate| is_clear(&plate.reading)) {
            let whole = match whole {
                Some(plate) => plate,
                None => {
                    let reading = self.read_region(frame, &region, options, &mut done).await?;
                    Plate { reading, detection: Some(score) }
                }
            };
            if plates.iter().all(|plate| plate.reading.rank(options.grammar) <= whole.reading.rank(options.grammar)) {
                return Ok(sorted(Mode::Crop, vec![whole], options));
            }
        }
        Ok(sorted(Mode::Scene, plates, options))
    }

    /// Reads what the detector found. Two candidates whose corners turn out to be those of one plate are one: the more
    /// legible one counts.
    async fn read_candidates(
        &self,
        frame: &Frame<'_>,
        region: &Region,
        likely: Vec<Candidate>,
        options: &ReadOptions,
        mut done: impl FnMut(Stage),
    ) -> Result<Vec<Plate>, ReadError> {
        let mut plates: Vec<Plate> = Vec::new();
        for Candidate { quad, score } in likely {
            let mut best: Option<Reading> = None;
            for air in airs(region, &quad) {
                let reading = self.read_around(frame, &quad, air, options, &mut done).await?;
                let better = reading.unless_worse_than(best.take(), options.grammar);
                let done_with = is_clear(&better) || score < PROBABLE || !options.align;
                best = Some(better);
                if done_with {
                    break;
                }
            }
            let Some(reading) = best else { continue };
            let twin = plates.iter_mut().find(|other| is_same_plate(&other.reading.quad, &reading.quad));
            match twin {
                Some(twin) if reading.rank(options.grammar) > twin.reading.rank(options.grammar) => {
                    *twin = Plate { reading, detection: Some(score.max(twin.detection.unwrap_or(score))) };
                }
                Some(_) => (),
                None => plates.push(Plate { reading, detection: Some(score) }),
            }
        }
        Ok(plates)
    }

    /// Reads the plate that `quad` roughly outlines, looking for its corners in `air` times as much.
    async fn read_around(
        &self,
        frame: &Frame<'_>,
        quad: &Quad,
        air: f32,
        options: &ReadOptions,
        done: impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        let mut outline = quad.scaled(air).unwrap_or(*quad);
        if options.align {
            let aligned = self.corners(frame, &outline).await?;
            outline = aligned.and_then(|quad| quad.scaled(SECOND_AIR).ok()).unwrap_or(outline);
        }
        let options = ReadOptions { quad: Some(outline), ..options.clone() };
        self.look_until_sure(frame, &options, done).await
    }

    /// Finds the plates of a frame without reading them, best first: those with a score of at least `least`, roughly outlined.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub async fn detect(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        least: f32,
    ) -> Result<Vec<Candidate>, ReadError> {
        let found = self.look(frame, &region_of(frame, options)?).await?;
        Ok(found.into_iter().filter(|candidate| candidate.score >= least).take(options.max_plates).collect())
    }

    /// Everything that may be a plate in `region`, best first. Where the first look leaves doubt, a second one sees twice as
    /// much.
    async fn look(&self, frame: &Frame<'_>, region: &Region) -> Result<Vec<Candidate>, ReadError> {
        let first = self.look_at(frame, region, FIRST_LOOK).await?;
        let is_all = region.width as usize <= FIRST_LOOK.width && region.height as usize <= FIRST_LOOK.height;
        let is_clear = !first.is_empty() && first.iter().all(|candidate| candidate.score >= SURE);
        if is_all || is_clear {
            return Ok(first);
        }
        let second = self.look_at(frame, region, Layout::second_look(region)).await?;
        Ok(distinct([first, second].concat()))
    }

    async fn look_at(&self, frame: &Frame<'_>, region: &Region, layout: Layout) -> Result<Vec<Candidate>, ReadError> {
        let (detector, info) = self.detector.as_ref().ok_or(ReadError::NoDetector)?;
        let overview = Overview::new(frame, *region, layout);
        let [rows, columns] = grid(layout);
        let maps = Maps::new(detector.maps(&overview).await?, rows, columns)?;
        let believed = candidates(&maps, &overview, WEAK / 4.0).into_iter();
        let calibrated = believed
            .map(|candidate| Candidate { score: info.calibration.confidence(candidate.score.ln()), ..candidate });
        Ok(calibrated.filter(|candidate| candidate.score >= WEAK).collect())
    }

    /// Reads `region` as a crop of a plate.
    async fn read_region(
        &self,
        frame: &Frame<'_>,
        region: &Region,
        options: &ReadOptions,
        done: impl FnMut(Stage),
    ) -> Result<Reading, ReadError> {
        let options = ReadOptions { quad: Some(region_outline(region)), ..options.clone() };
        self.read_crop_in_stages(frame, &options, done).await
    }
}

/// The part of the frame to look at.
fn region_of(frame: &Frame, options: &ReadOptions) -> Result<Region, ReadError> {
    let region = options.region.unwrap_or_else(|| Region::of_frame(frame));
    let (width, height) = (frame.width(), frame.height());
    let fits = |start: u32, length: u32, size: u32| length > 0 && start < size && length <= size - start;
    if fits(region.x, region.width, width) && fits(region.y, region.height, height) {
        Ok(region)
    } else {
        Err(ReadError::Region { region, width, height })
    }
}

fn region_outline(region: &Region) -> Quad {
    match region.outline() {
        Ok(quad) => quad,
        Err(_) => unreachable!("a region has at least one pixel"),
    }
}

/// With how much air a candidate is looked for, in this order until it is legible.
fn airs(region: &Region, outline: &Quad) -> [f32; 2] {
    if share_of(region, outline) >= CLOSE { [MORE_AIR, AIR] } else { [AIR, MORE_AIR] }
}

/// Whether a plate fills the picture.
fn is_filled(region: &Region, found: &[Candidate]) -> bool {
    found.iter().any(|candidate| share_of(region, &candidate.quad) >= FILLS)
}

/// Share of the region's width or height that the outline has, whichever is more.
fn share_of(region: &Region, quad: &Quad) -> f32 {
    let (left, top, right, bottom) = quad.bounding_box();
    ((right - left) / region.width as f32).max((bottom - top) / region.height as f32)
}

/// Whether a picture is as small and as wide as crops are, or so wide that it is no photograph of a scene.
fn is_shaped_like_a_crop(region: &Region) -> bool {
    let aspect = region.width as f32 / region.height as f32;
    CROP_ASPECT.contains(&aspect) && (region.width <= CROP_WIDTH || aspect >= WIDER_THAN_CAMERAS)
}

/// Whether there is no doubt about what a plate says, or about which of its characters cannot be seen.
fn is_clear(reading: &Reading) -> bool {
    reading.is_possible() && reading.log_prob >= CLEAR.ln()
}

/// Sorts plates into those that count and those that do not.
fn sorted(mode: Mode, mut found: Vec<Plate>, options: &ReadOptions) -> Plates {
    found.sort_by(|a, b| b.reading.confidence.total_cmp(&a.reading.confidence));
    let (plates, rejected) = found.into_iter().partition(|plate| counts(plate, options));
    Plates { mode, plates, rejected }
}

fn counts(plate: &Plate, options: &ReadOptions) -> bool {
    let Plate { reading, detection } = plate;
    let is_plate = match detection {
        None => true,
        Some(score) => reading.valid || *score >= SURE,
    };
    is_plate && !reading.text.is_empty() && reading.is_complete() && reading.confidence >= options.min_confidence
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::calibration::Calibration;
    use crate::frame::PixelFormat;
    use crate::labels::{CLASS_COUNT, Label};
    use crate::plate::PlateKind;
    use crate::reader::reading::decode;
    use crate::rectify::rectify;
    use crate::track::Observation;

    #[test]
    fn crops_are_small_and_wide_or_wider_than_cameras_see() {
        for (width, height, is_crop) in [
            (200, 60, true),
            (400, 300, true),
            (400, 380, false),
            (640, 480, false),
            (1920, 1080, false),
            (910, 182, true),
            (2000, 200, false),
        ] {
            let region = Region { x: 0, y: 0, width, height };
            assert_eq!(is_shaped_like_a_crop(&region), is_crop, "{width}x{height}");
        }
    }

    #[test]
    fn what_takes_much_of_the_width_or_the_height_is_looked_for_with_more_air_first() {
        let region = Region { x: 100, y: 50, width: 600, height: 300 };
        for (width, height, is_close) in [
            (120.0, 30.0, false),
            (230.0, 60.0, false),
            (250.0, 60.0, true),
            (200.0, 130.0, true),
            (560.0, 260.0, true),
        ] {
            let outline = Quad::rect(110.0, 60.0, width, height).unwrap();
            let [first, second] = airs(&region, &outline);
            assert_eq!(first > second, is_close, "{width}x{height}: {first}, then {second}");
        }
    }

    #[test]
    fn a_plate_must_be_legible_and_possible_where_the_detector_is_unsure() {
        let pixels = [128; 40 * 10];
        let frame = Frame::new(&pixels, 40, 10, PixelFormat::Grey).unwrap();
        let quad = Quad::of_frame(&frame);
        let plate = |detection, confidence, valid| Plate {
            reading: Reading {
                text: "12가3456".to_owned(),
                confidence,
                log_prob: f32::ln(confidence),
                valid,
                kind: PlateKind::PrivateLong,
                kind_confidence: 1.0,
                chars: Vec::new(),
                candidates: Vec::new(),
                quad,
                plate: rectify(&frame, &quad),
                attention: None,
                looks: 1,
            },
            detection,
        };
        for (detection, confidence, valid, expected) in [
            (None, 0.55, false, true),
            (None, 0.45, true, false),
            (Some(0.9), 0.45, true, false),
            (Some(0.9), 0.55, false, true),
            (Some(0.5), 0.45, true, false),
            (Some(0.5), 0.55, false, false),
            (Some(0.5), 0.55, true, true),
        ] {
            let counted = counts(&plate(detection, confidence, valid), &ReadOptions::default());
            assert_eq!(counted, expected, "{detection:?}, {confidence}, {valid}");
        }
    }

    #[test]
    fn a_plate_of_which_a_character_is_hidden_is_rejected_and_has_no_vote() {
        let reading = |text: &str| {
            let mut scores = super::super::reading::testing::answer("12가3456", PlateKind::PrivateLong);
            for (step, name) in text.chars().enumerate().map(|(index, name)| (2 * index, name.to_string())) {
                let scores = &mut scores[step * CLASS_COUNT..][..CLASS_COUNT];
                scores.fill(-20.0);
                scores[Label::from_name(&name).unwrap().index()] = 0.0;
            }
            let plate = super::super::reading::testing::plate();
            decode(scores, plate, Calibration::default(), &ReadOptions::default()).unwrap()
        };
        for (text, complete) in [("12가3456", true), ("12가34?6", false), ("?2가3456", false)] {
            let reading = reading(text);
            assert_eq!((reading.text.as_str(), reading.is_complete()), (text, complete));
            assert!(reading.valid == complete && reading.confidence > 0.9, "{reading:?}");
            assert_eq!(Observation::from(&reading).chars().is_empty(), !complete);
            for detection in [None, Some(0.99)] {
                let plate = Plate { reading: reading.clone(), detection };
                let found = sorted(Mode::Scene, vec![plate], &ReadOptions::default());
                assert_eq!((found.plates.len(), found.rejected.len()), if complete { (1, 0) } else { (0, 1) });
            }
        }
    }
}
