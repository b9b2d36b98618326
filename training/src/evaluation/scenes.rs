//! How right the shipped pipeline is on scenes.

use kr_lpr::geometry::Quad;
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::{Plate, Plates};

use crate::dataset::Truth;

/// Intersection over union from which on an outline is that of a plate.
pub const SAME_OUTLINE: f64 = 0.5;

/// The same for an outline that is ignored: those are drawn roughly, of plates that are small or cut off.
const NEAR_IGNORED: f64 = 0.2;

/// Widths, in pixels of the picture, between which plates are counted apart.
const WIDTHS: &[f32] = &[40.0, 60.0, 120.0, 240.0];

/// Degrees that plates are rolled by, either way, between which they are counted apart.
const ROLLS: &[f32] = &[5.0, 12.0];

/// What became of one plate that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The plate.
    pub truth: Truth,
    /// What was read, where it was found.
    pub read: Option<Read>,
    /// Whether it was only among the rejected.
    pub rejected: bool,
}

/// A plate that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Read {
    /// What it was read as.
    pub text: String,
    /// How sure the reading is.
    pub confidence: f32,
    /// Mean distance of the corners from where they are, in widths of the plate.
    pub corner_error: f64,
}

impl Outcome {
    /// Found and not rejected.
    pub fn is_found(&self) -> bool {
        self.read.is_some() && !self.rejected
    }

    /// Found, not rejected, and every character right.
    pub fn is_right(&self) -> bool {
        self.is_found() && self.read.as_ref().is_some_and(|read| read.text == self.truth.text.to_string())
    }
}

/// What was made of one picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Verdict {
    /// Every plate that is there.
    pub outcomes: Vec<Outcome>,
    /// What was read where there is no plate, with its outline.
    pub wrong: Vec<(String, Quad)>,
    /// Outlines of plates that are there and count neither way.
    pub ignored: usize,
}

impl Verdict {
    /// Compares what was found with what is there: the pairs with the largest overlap first, every plate and every outline
    /// once. What lies on an outline of `ignored` and on no plate of `truths` is not held against the reader.
    pub fn new(truths: &[Truth], ignored: &[Quad], found: &Plates) -> Verdict {
        let accepted = matched(truths, &found.plates);
        let rejected = matched(truths, &found.rejected);
        let outcomes = truths.iter().enumerate().map(|(index, truth)| {
            let of = |pairs: &[Option<usize>], plates: &[Plate]| {
                let position = pairs.iter().position(|&pair| pair == Some(index))?;
                let reading = &plates[position].reading;
                let corner_error = corner_error(&reading.quad, &truth.quad);
                Some(Read { text: reading.text.clone(), confidence: reading.confidence, corner_error })
            };
            let read = of(&accepted, &found.plates);
            let spurned = || of(&rejected, &found.rejected);
            Outcome { truth: truth.clone(), rejected: read.is_none(), read: read.or_else(spurned) }
        });
        let is_ignored = |quad: &Quad| ignored.iter().any(|plate| plate.iou(quad) >= NEAR_IGNORED);
        let unmatched = found.plates.iter().zip(&accepted).filter(|(_, pair)| pair.is_none());
        let wrong = unmatched.map(|(plate, _)| &plate.reading).filter(|reading| !is_ignored(&reading.quad));
        Verdict {
            outcomes: outcomes.collect(),
            wrong: wrong.map(|reading| (reading.text.clone(), reading.quad)).collect(),
            ignored: ignored.len(),
        }
    }
}

/// For every outline the plate that it is of.
fn matched(truths: &[Truth], found: &[Plate]) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (of_found, plate) in found.iter().enumerate() {
        for (of_truth, truth) in truths.iter().enumerate() {
            let iou = plate.reading.quad.iou(&truth.quad);
            if iou >= SAME_OUTLINE {
                pairs.push((iou, of_found, of_truth));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut result = vec![None; found.len()];
    for (_, of_found, of_truth) in pairs {
        if result[of_found].is_none() && !result.contains(&Some(of_truth)) {
            result[of_found] = Some(of_truth);
        }
    }
    result
}

/// Mean distance of the corners, in widths of the plate.
pub fn corner_error(found: &Quad, plate: &Quad) -> f64 {
    let distances = found.corners().into_iter().zip(plate.corners()).map(|(a, b)| a.distance(b));
    distances.sum::<f64>() / 4.0 / f64::from(plate.width())
}

/// Counts over many pictures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SceneScore {
    /// Pictures.
    pub pictures: usize,
    /// Pictures without a plate.
    pub empty: usize,
    /// Every plate that is there.
    pub outcomes: Vec<Outcome>,
    /// What was found where there is no plate.
    pub wrong: usize,
    /// Those of them in pictures without a plate.
    pub wrong_in_empty: usize,
}

impl SceneScore {
    /// Counts one picture.
    pub fn add(&mut self, verdict: Verdict) {
        self.pictures += 1;
        self.wrong += verdict.wrong.len();
        if verdict.outcomes.is_empty() && verdict.ignored == 0 {
            self.empty += 1;
            self.wrong_in_empty += verdict.wrong.len();
        }
        self.outcomes.extend(verdict.outcomes);
    }

    fn found(&self) -> usize {
        self.outcomes.iter().filter(|outcome| outcome.is_found()).count()
    }

    /// Share of the plates that is found; `None` if there are none.
    pub fn recall(&self) -> Option<f64> {
        share(self.found(), self.outcomes.len())
    }

    /// Share of what is found that is a plate.
    pub fn precision(&self) -> Option<f64> {
        share(self.found(), self.found() + self.wrong)
    }

    /// Share of the plates that is found and read right.
    pub fn end_to_end(&self) -> Option<f64> {
        share(self.outcomes.iter().filter(|outcome| outcome.is_right()).count(), self.outcomes.len())
    }

    /// The corner error below which that share (0 to 1) of the plates found has it.
    pub fn corner_error(&self, of: f64) -> Option<f64> {
        let mut errors: Vec<f64> = self
            .outcomes
            .iter()
            .filter(|outcome| outcome.is_found())
            .filter_map(|outcome| Some(outcome.read.as_ref()?.corner_error))
            .collect();
        errors.sort_by(f64::total_cmp);
        errors.get(((of * errors.len() as f64) as usize).min(errors.len().saturating_sub(1))).copied()
    }

    /// One line a kind, a range of widths and one of rolls, then all of them: plates, found, found and right; and what else there is
    /// to say.
    pub fn table(&self) -> String {
        let line = |name: &str, outcomes: &[&Outcome]| {
            let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
            format!(
                "{name:<18} {:>5} plates, {:>5} found, {:>5} right\n",
                outcomes.len(),
                count(Outcome::is_found),
                count(Outcome::is_right)
            )
        };
        let mut table = String::new();
        for kind in PlateKind::ALL.into_iter().map(Some).chain([None]) {
            let outcomes: Vec<&Outcome> = self.outcomes.iter().filter(|outcome| outcome.truth.kind == kind).collect();
            if !outcomes.is_empty() {
                table += &line(kind.map_or("other", PlateKind::name), &outcomes);
            }
        }
        let measures: [Measure; 2] = [("px", WIDTHS, Quad::width), ("degrees", ROLLS, roll)];
        for (unit, limits, measure) in measures {
            let edges = || [0.0].iter().chain(limits).copied();
            for (from, to) in edges().zip(edges().skip(1).chain([f32::INFINITY])) {
                let is_in = |outcome: &&Outcome| (from..to).contains(&measure(&outcome.truth.quad));
                let outcomes: Vec<&Outcome> = self.outcomes.iter().filter(is_in).collect();
                let upper = if to.is_finite() { format!("to {to}") } else { "or more".to_owned() };
                if !outcomes.is_empty() {
                    table += &line(&format!("{from} {upper} {unit}"), &outcomes);
                }
            }
        }
        table += &line("all plates", &self.outcomes.iter().collect::<Vec<_>>());
        let percent = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.1}", 100.0 * share));
        let exact = |share: Option<f64>| share.map_or("-".to_owned(), |share| format!("{:.2}", 100.0 * share));
        table
            + &format!(
                "{} pictures: recall {} %, precision {} %, end to end {} %; corners off by {} % of the width on \
                 half of the plates, {} % or less on nine in ten; {} wrong, {} of them in {} pictures without a plate\n",
                self.pictures,
                percent(self.recall()),
                percent(self.precision()),
                percent(self.end_to_end()),
                exact(self.corner_error(0.5)),
                exact(self.corner_error(0.9)),
                self.wrong,
                self.wrong_in_empty,
                self.empty
            )
    }
}

/// What plates are counted apart by: its unit, its limits and the plate's value.
type Measure = (&'static str, &'static [f32], fn(&Quad) -> f32);

/// Degrees by which a plate is rolled, either way: those of the line between the middles of its left and right sides.
pub fn roll(quad: &Quad) -> f32 {
    let [a, b, c, d] = quad.corners();
    (b.y + c.y - a.y - d.y).atan2(b.x + c.x - a.x - d.x).to_degrees().abs()
}

fn share(part: usize, all: usize) -> Option<f64> {
    (all > 0).then(|| part as f64 / all as f64)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr::geometry::Point;
    use kr_lpr::plate::PlateText;
    use kr_lpr::reader::{Mode, Reading};
    use kr_lpr::rectify::rectify;

    fn quad(x: f32) -> Quad {
        Quad::rect(x, 10.0, 100.0, 25.0).unwrap()
    }

    fn plate(text: &str, x: f32) -> Plate {
        let pixels = [0; 4];
        let frame = Frame::new(&pixels, 2, 2, PixelFormat::Grey).unwrap();
        let reading = Reading {
            text: text.to_owned(),
            confidence: 0.9,
            log_prob: -0.1,
            valid: true,
            complete: true,
            cut: Default::default(),
            edge: Default::default(),
            kind: PlateKind::PrivateLong,
            kind_confidence: 1.0,
            chars: Vec::new(),
            candidates: Vec::new(),
            quad: quad(x),
            plate: rectify(&frame, &Quad::of_frame(&frame)),
            attention: None,
            passes: 1,
        };
        Plate { reading, detection: Some(0.9), reason: None }
    }

    fn truth(text: &str, x: f32) -> Truth {
        Truth { quad: quad(x), text: PlateText::parse(text).unwrap(), kind: Some(PlateKind::PrivateLong) }
    }

    fn verdict(truths: &[Truth], plates: Vec<Plate>, rejected: Vec<Plate>) -> Verdict {
        ignoring(&[], truths, plates, rejected)
    }

    fn ignoring(ignored: &[Quad], truths: &[Truth], plates: Vec<Plate>, rejected: Vec<Plate>) -> Verdict {
        Verdict::new(truths, ignored, &Plates { mode: Mode::Scene, plates, rejected, ..Plates::default() })
    }

    #[test]
    fn counts_by_hand() {
        let truths =
            [truth("12가3456", 0.0), truth("34나5678", 300.0), truth("56다7890", 600.0), truth("78라1234", 900.0)];
        // One right and 10 % off, one wrong, one rejected, one missed; one where there is nothing, and one a second time.
        let plates =
            vec![plate("12가3456", 10.0), plate("34나5679", 300.0), plate("11마1111", 2000.0), plate("12가3456", 20.0)];
        let verdict = verdict(&truths, plates, vec![plate("56다7890", 600.0)]);
        assert_eq!(verdict.outcomes.iter().map(Outcome::is_found).collect::<Vec<_>>(), [true, true, false, false]);
        assert_eq!(verdict.outcomes.iter().map(Outcome::is_right).collect::<Vec<_>>(), [true, false, false, false]);
        assert!(
            verdict.outcomes[2].rejected && verdict.outcomes[2].read.is_some() && verdict.outcomes[3].read.is_none()
        );
        assert_eq!(verdict.wrong.len(), 2);
        assert!((verdict.outcomes[0].read.as_ref().unwrap().corner_error - 0.1).abs() < 1e-6);

        let mut score = SceneScore::default();
        score.add(verdict);
        assert_eq!((score.recall(), score.precision(), score.end_to_end()), (Some(0.5), Some(0.5), Some(0.25)));
        let table = score.table();
        for line in
            ["private-long           4 plates", "60 to 120 px           4 plates", "0 to 5 degrees         4 plates"]
        {
            assert!(table.contains(line), "{line} is not in\n{table}");
        }
    }

    #[test]
    fn a_plate_is_rolled_either_way() {
        let level = quad(0.0);
        for degrees in [-20.0_f32, 0.0, 7.0] {
            let (sin, cos) = degrees.to_radians().sin_cos();
            let turned =
                level.corners().map(|p| Point::new(200.0 + p.x * cos - p.y * sin, 200.0 + p.x * sin + p.y * cos));
            let rolled = roll(&Quad::new(turned).unwrap());
            assert!((rolled - degrees.abs()).abs() < 1e-3, "{degrees}: {rolled}");
        }
    }

    #[test]
    fn outlines_that_are_ignored_count_neither_way() {
        // Beside each other are a plate, an ignored one whose outline is a fifth of the reading's off, and nothing.
        let ignored = [Quad::rect(320.0, 10.0, 100.0, 25.0).unwrap()];
        let truths = [truth("12가3456", 0.0)];
        let plates = || vec![plate("12가3456", 0.0), plate("34나5678", 300.0), plate("56다7890", 600.0)];
        let verdict = ignoring(&ignored, &truths, plates(), vec![]);
        assert_eq!(verdict.wrong.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>(), ["56다7890"]);
        // A plate that is asked for is found though an ignored one lies over it.
        let verdict = ignoring(&[quad(0.0)], &truths, plates(), vec![]);
        assert_eq!((verdict.outcomes[0].is_right(), verdict.wrong.len()), (true, 2));
        // A picture of nothing but ignored plates is none without a plate.
        let mut score = SceneScore::default();
        score.add(ignoring(&ignored, &[], vec![plate("56다7890", 600.0)], vec![]));
        assert_eq!((score.pictures, score.empty, score.wrong, score.wrong_in_empty), (1, 0, 1, 0));
    }

    #[test]
    fn pictures_without_a_plate_are_counted_apart() {
        let mut score = SceneScore::default();
        score.add(verdict(&[], vec![], vec![plate("12가3456", 0.0)]));
        score.add(verdict(&[], vec![plate("12가3456", 0.0)], vec![]));
        assert_eq!((score.pictures, score.empty, score.wrong, score.wrong_in_empty), (2, 2, 1, 1));
        assert_eq!((score.recall(), score.precision(), score.corner_error(0.5)), (None, Some(0.0), None));
    }
}
