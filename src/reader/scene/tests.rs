#![allow(clippy::unwrap_used)]

use std::cell::{Cell, RefCell};

use super::*;
use crate::calibration::Calibration;
use crate::frame::PixelFormat;
use crate::geometry::{Point, Turn};
use crate::labels::CLASS_COUNT;
use crate::model::STEPS;
use crate::plate::PlateKind;
use crate::reader::Search;
use crate::reader::blocking::wait;
use crate::reader::reading::testing::answer;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};

/// Networks that know what is in the picture, and see a plate only the right way up.
struct Known {
    plates: Vec<(Quad, Vec<f32>)>,
    detector: bool,
    /// What every candidate is scored.
    score: f32,
    /// Outlines in which corners were looked for.
    asked: RefCell<Vec<Quad>>,
    /// Sizes of the overviews that were searched.
    searched: RefCell<Vec<[usize; 2]>>,
    /// How many outlines, and how many plates, were asked about at a time.
    batches: RefCell<[Vec<usize>; 2]>,
}

impl Known {
    fn new(plates: &[(Quad, &str)]) -> Known {
        let kind =
            |text: &str| if text.starts_with("서울") { PlateKind::CommercialLong } else { PlateKind::PrivateLong };
        Known {
            plates: plates.iter().map(|&(quad, text)| (quad, answer(text, kind(text)))).collect(),
            detector: true,
            score: 0.9,
            asked: RefCell::default(),
            searched: RefCell::default(),
            batches: RefCell::default(),
        }
    }

    /// The plate in the middle of which `point` lies, if it is seen the right way up.
    fn seen(&self, quad: &Quad) -> Option<&(Quad, Vec<f32>)> {
        let along = |quad: &Quad| {
            let [a, b, ..] = quad.corners();
            let length = a.distance(b) as f32;
            [(b.x - a.x) / length, (b.y - a.y) / length]
        };
        self.plates.iter().find(|(plate, _)| {
            let ([ax, ay], [bx, by]) = (along(plate), along(quad));
            plate.overlap(quad) > 0.5 * plate.area() && ax * bx + ay * by > 0.9
        })
    }
}

impl Inference for Known {
    fn calibration(&self) -> Calibration {
        Calibration::default()
    }

    fn has_detector(&self) -> bool {
        self.detector
    }

    async fn candidates(&self, overview: &Overview) -> Result<Vec<Candidate>, ReadError> {
        self.searched.borrow_mut().push(overview.layout().size());
        let upright = |quad: &Quad| {
            let [a, b, ..] = quad.corners().map(|corner| overview.from_frame(corner));
            b.x - a.x > (b.y - a.y).abs()
        };
        let plates = self.plates.iter().filter(|(quad, _)| upright(quad));
        Ok(plates.map(|&(quad, _)| Candidate { quad, score: self.score }).collect())
    }

    async fn corners(&self, _: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError> {
        self.asked.borrow_mut().push(*outline);
        Ok(self.seen(outline).map(|&(quad, _)| quad))
    }

    async fn answer(&self, plate: &PlateImage, _: bool) -> Result<Vec<f32>, ReadError> {
        let (right, bottom) = (PLATE_WIDTH as f32, PLATE_HEIGHT as f32);
        let corners = [(0.0, 0.0), (right, 0.0), (right, bottom), (0.0, bottom)];
        let outline = Quad::new(corners.map(|(x, y)| plate.to_frame(Point::new(x, y)))).unwrap();
        let nothing = || {
            let mut scores = vec![-20.0; STEPS * CLASS_COUNT + PlateKind::ALL.len()];
            scores.iter_mut().step_by(CLASS_COUNT).take(STEPS).for_each(|blank| *blank = 0.0);
            scores
        };
        Ok(self.seen(&outline).map_or_else(nothing, |(_, answer)| answer.clone()))
    }

    async fn all_corners(&self, frame: &Frame<'_>, outlines: &[Quad]) -> Result<Vec<Option<Quad>>, ReadError> {
        self.batches.borrow_mut()[0].push(outlines.len());
        Ok(outlines.iter().map(|outline| wait(self.corners(frame, outline)).unwrap()).collect())
    }

    async fn answers(&self, plates: &[PlateImage], attention: bool) -> Result<Vec<Vec<f32>>, ReadError> {
        self.batches.borrow_mut()[1].push(plates.len());
        Ok(plates.iter().map(|plate| wait(self.answer(plate, attention)).unwrap()).collect())
    }
}

fn quad(x: f32, y: f32) -> Quad {
    Quad::rect(x, y, 104.0, 22.0).unwrap()
}

/// What is read in a grey picture of that size.
fn read_in([width, height]: [u32; 2], networks: &Known, options: &ReadOptions) -> Plates {
    let pixels = vec![128; (width * height) as usize];
    let frame = Frame::new(&pixels, width, height, PixelFormat::Grey).unwrap();
    wait(read(networks, &frame, options, || 0.0)).unwrap()
}

fn texts(plates: &[Plate]) -> Vec<&str> {
    let mut texts: Vec<&str> = plates.iter().map(|plate| plate.reading.text.as_str()).collect();
    texts.sort_unstable();
    texts
}

const VGA: [u32; 2] = [640, 480];

#[test]
fn networks_are_asked_about_all_plates_together() {
    let texts_of = ["12가3456", "34나7890", "서울12바3456"];
    let plates: Vec<(Quad, &str)> =
        texts_of.iter().enumerate().map(|(i, text)| (quad(50.0, 60.0 + 120.0 * i as f32), *text)).collect();
    let networks = Known::new(&plates);
    let found = read_in(VGA, &networks, &ReadOptions::default());
    assert_eq!(texts(&found.plates), texts_of);
    // Once around where the detector saw them, and once around the corners of that.
    assert_eq!(*networks.batches.borrow(), [vec![3, 3], vec![3]]);
    // One that leaves doubt is asked about again alone.
    let mut networks = Known::new(&plates);
    let letter = 4 * CLASS_COUNT;
    let [sure, other] = ["나", "다"].map(|name| letter + crate::labels::Label::from_name(name).unwrap().index());
    networks.plates[1].1[sure] = 0.5_f32.ln();
    networks.plates[1].1[other] = 0.45_f32.ln();
    read_in(VGA, &networks, &ReadOptions::default());
    let [corners, answers] = networks.batches.take();
    assert_eq!((&corners[..2], &answers[..2]), (&[3, 3][..], &[3, 1][..]));
    assert!(corners[2..].iter().chain(&answers[2..]).all(|&count| count == 1), "{corners:?} {answers:?}");
}

#[test]
fn a_network_that_fails_ends_the_reading_of_all() {
    struct Broken(Known);
    impl Inference for Broken {
        fn calibration(&self) -> Calibration {
            self.0.calibration()
        }
        fn has_detector(&self) -> bool {
            true
        }
        async fn candidates(&self, overview: &Overview) -> Result<Vec<Candidate>, ReadError> {
            self.0.candidates(overview).await
        }
        async fn corners(&self, frame: &Frame<'_>, outline: &Quad) -> Result<Option<Quad>, ReadError> {
            self.0.corners(frame, outline).await
        }
        async fn answer(&self, _: &PlateImage, _: bool) -> Result<Vec<f32>, ReadError> {
            Err(ReadError::Device("it is gone".to_owned()))
        }
    }
    let networks = Broken(Known::new(&[(quad(50.0, 100.0), "12가3456"), (quad(300.0, 300.0), "34나7890")]));
    let pixels = vec![128; 640 * 480];
    let frame = Frame::new(&pixels, 640, 480, PixelFormat::Grey).unwrap();
    let failed = wait(read(&networks, &frame, &ReadOptions::default(), || 0.0));
    assert!(matches!(failed, Err(ReadError::Device(_))), "{failed:?}");
}

#[test]
fn plates_of_a_scene_are_read_and_a_filled_picture_is_a_crop() {
    let both = Known::new(&[(quad(50.0, 100.0), "12가3456"), (quad(300.0, 300.0), "서울12바3456")]);
    let found = read_in(VGA, &both, &ReadOptions::default());
    assert_eq!((found.mode, texts(&found.plates)), (Mode::Scene, vec!["12가3456", "서울12바3456"]));
    assert!(found.rejected.is_empty() && found.plates.iter().all(|plate| plate.reason.is_none()));

    let filled = Known::new(&[(quad(3.0, 3.0), "12가3456")]);
    let found = read_in([110, 28], &filled, &ReadOptions::default());
    assert_eq!((found.mode, texts(&found.plates)), (Mode::Crop, vec!["12가3456"]));
    assert_eq!(found.plates[0].detection, Some(0.9));
    // Whoever has no detector, or asks for no search, gets no score.
    for (detector, mode) in [(false, Mode::Auto), (true, Mode::Crop)] {
        let networks = Known { detector, ..Known::new(&[(quad(3.0, 3.0), "12가3456")]) };
        let found = read_in([110, 28], &networks, &ReadOptions { mode, ..ReadOptions::default() });
        assert_eq!((found.plates[0].detection, found.mode), (None, Mode::Crop));
    }
}

#[test]
fn a_picture_is_searched_up_to_its_own_size_and_a_frame_of_a_video_until_it_is_clear() {
    for (size, search, score, expected) in [
        ([300, 200], Search::Thorough, 0.9, &[[320, 360]][..]),
        ([640, 480], Search::Thorough, 0.9, &[[320, 360], [640, 480]]),
        ([1280, 720], Search::Thorough, 0.9, &[[320, 360], [640, 384], [1280, 736]]),
        ([3024, 4032], Search::Thorough, 0.9, &[[320, 360], [480, 640], [960, 1280]]),
        ([1280, 720], Search::Quick, 0.9, &[[320, 360]]),
        ([1280, 720], Search::Quick, 0.5, &[[320, 360], [640, 384]]),
    ] {
        let networks = Known { score, ..Known::new(&[(quad(50.0, 100.0), "12가3456")]) };
        let found = read_in(size, &networks, &ReadOptions { search, ..ReadOptions::default() });
        assert_eq!(networks.searched.take(), expected, "{size:?} {search:?}");
        // Seen three times, it is one plate.
        assert_eq!(texts(&found.plates), ["12가3456"], "{size:?} {search:?}");
    }
}

#[test]
fn every_rejected_plate_has_a_reason() {
    let four = [
        (quad(50.0, 50.0), "12가3456"),
        (quad(200.0, 50.0), "34나5678"),
        (quad(50.0, 200.0), "1?가3456"),
        (quad(200.0, 200.0), "56다7890"),
    ];
    let found = read_in(VGA, &Known::new(&four), &ReadOptions { max_plates: 3, ..ReadOptions::default() });
    assert_eq!(texts(&found.plates), ["12가3456", "34나5678"]);
    let reasons: Vec<_> = found.rejected.iter().map(|plate| (plate.reading.text.as_str(), plate.reason)).collect();
    assert_eq!(reasons, [("1?가3456", Some(Rejection::Incomplete)), ("", Some(Rejection::TooMany))]);
    assert_eq!((found.rejected[1].reading.quad, found.rejected[1].reading.passes), (four[3].0, 0));

    let partial = ReadOptions { partial: true, ..ReadOptions::default() };
    let found = read_in(VGA, &Known::new(&four), &partial);
    assert_eq!(texts(&found.plates), ["12가3456", "1?가3456", "34나5678", "56다7890"]);
    assert!(found.rejected.is_empty());

    let nothing = Known { plates: vec![(four[0].0, answer("12가3456", PlateKind::Ev))], ..Known::new(&[]) };
    let found = read_in(VGA, &nothing, &ReadOptions { min_confidence: 1.0, ..ReadOptions::default() });
    assert_eq!(found.rejected[0].reason, Some(Rejection::Illegible));
}

#[test]
fn a_plate_at_the_edge_says_so_and_no_pass_reads_what_is_not_there() {
    // The network reads 34나5678 whole, of which a fifth lies to the left of the picture.
    let cut = Known::new(&[(quad(-22.0, 100.0), "34나5678"), (quad(200.0, 100.0), "12가3456")]);
    let found = read_in(VGA, &cut, &ReadOptions::default());
    assert_eq!((texts(&found.plates), texts(&found.rejected)), (vec!["12가3456"], vec!["?4나5678"]));
    let plate = &found.rejected[0];
    assert!(plate.reading.cut.left && !plate.reading.cut.right && !plate.reading.complete && !plate.reading.valid);
    assert_eq!(plate.reason, Some(Rejection::Incomplete));
    // Both margins were tried, and every pass that an unknown character deserves.
    assert!(plate.reading.passes > 1, "{}", plate.reading.passes);
    let margins: Vec<f32> = cut.asked.borrow().iter().map(|outline| outline.width() / 104.0).collect();
    assert!(margins.iter().any(|&margin| margin > 1.3), "{margins:?}");
}

#[test]
fn a_picture_is_read_whichever_way_up_and_corners_stay_in_it() {
    let upright = quad(60.0, 100.0);
    for (turn, orientation) in [
        (Turn::None, Orientation::Deg0),
        (Turn::Quarter, Orientation::Deg90),
        (Turn::Half, Orientation::Deg180),
        (Turn::ThreeQuarters, Orientation::Deg270),
    ] {
        // As the camera saw it: turned by `turn` the plate is upright.
        let [width, height] = turn.upright([640, 480]);
        let as_seen = |corner: Point| {
            let [u, v] = turn.place([f64::from(corner.x) / 640.0, f64::from(corner.y) / 480.0]);
            Point::new(u as f32 * width as f32, v as f32 * height as f32)
        };
        let seen = Quad::new(upright.corners().map(as_seen)).unwrap();
        let networks = Known::new(&[(seen, "12가3456")]);
        for asked in [orientation, Orientation::Auto] {
            let options = ReadOptions { orientation: asked, ..ReadOptions::default() };
            let found = read_in([width, height], &networks, &options);
            assert_eq!((texts(&found.plates), found.orientation), (vec!["12가3456"], orientation), "{asked:?}");
            assert_eq!(found.plates[0].reading.quad, seen, "{asked:?}");
            assert!(!found.plates[0].reading.cut.any());
        }
        for wrong in [Orientation::Deg0, Orientation::Deg90, Orientation::Deg180, Orientation::Deg270] {
            let options = ReadOptions { orientation: wrong, ..ReadOptions::default() };
            let found = read_in([width, height], &networks, &options);
            assert_eq!(found.plates.len(), usize::from(wrong == orientation), "{wrong:?} of {orientation:?}");
        }
        // The same of a crop, which a plate fills.
        let [width, height] = turn.upright([104, 22]);
        let crop = Quad::rect(0.0, 0.0, width as f32, height as f32).unwrap().turned(turn);
        let options = ReadOptions { mode: Mode::Crop, orientation: Orientation::Auto, ..ReadOptions::default() };
        let found = read_in([width, height], &Known::new(&[(crop, "12가3456")]), &options);
        assert_eq!((texts(&found.plates), found.orientation), (vec!["12가3456"], orientation));
    }
}

#[test]
fn nothing_found_is_as_the_picture_was_given() {
    let options = ReadOptions { orientation: Orientation::Auto, ..ReadOptions::default() };
    let found = read_in(VGA, &Known::new(&[]), &options);
    assert!(found.plates.is_empty() && found.rejected.is_empty());
    assert_eq!((found.mode, found.orientation), (Mode::Scene, Orientation::Deg0));
}

#[test]
fn a_given_outline_is_read_and_nothing_searched() {
    let networks = Known { detector: false, ..Known::new(&[(quad(50.0, 50.0), "12가3456")]) };
    let options =
        ReadOptions { quad: Some(quad(54.0, 48.0)), orientation: Orientation::Auto, ..ReadOptions::default() };
    let found = read_in(VGA, &networks, &options);
    assert_eq!((texts(&found.plates), found.mode), (vec!["12가3456"], Mode::Crop));
    let scene = ReadOptions { mode: Mode::Scene, ..ReadOptions::default() };
    let pixels = [0; 64 * 48];
    let frame = Frame::new(&pixels, 64, 48, PixelFormat::Grey).unwrap();
    let error = wait(read(&networks, &frame, &scene, || 0.0)).unwrap_err();
    assert_eq!(error, ReadError::NoDetector);
}

thread_local! {
    static TICKS: Cell<f64> = const { Cell::new(0.0) };
}

/// A clock that goes on by a millisecond whenever it is looked at.
fn ticking() -> f64 {
    TICKS.set(TICKS.get() + 1.0);
    TICKS.get()
}

#[test]
fn the_result_tells_how_long_each_stage_took() {
    let pixels = vec![128; 640 * 480];
    let frame = Frame::new(&pixels, 640, 480, PixelFormat::Grey).unwrap();
    let networks = Known::new(&[(quad(50.0, 50.0), "12가3456"), (quad(200.0, 50.0), "34나5678")]);
    let found = wait(read(&networks, &frame, &ReadOptions::default(), ticking)).unwrap();
    assert_eq!(found.timings, Timings { detect: 1.0, align: 2.0, recognize: 2.0, decode: 2.0 });
    assert_eq!(found.timings.total(), 7.0);
}

#[test]
fn what_was_illegible_is_not_read_again_unless_it_is_surely_a_plate() {
    let plates = [(quad(50.0, 100.0), "12가3456"), (quad(300.0, 300.0), "34나5678")];
    let options = ReadOptions { illegible: vec![quad(54.0, 102.0)], ..ReadOptions::default() };
    for (score, read, rejected) in [(0.5, vec!["34나5678"], vec![""]), (0.9, vec!["12가3456", "34나5678"], vec![])] {
        let networks = Known { score, ..Known::new(&plates) };
        let found = read_in(VGA, &networks, &options);
        assert_eq!((texts(&found.plates), texts(&found.rejected)), (read, rejected), "{score}");
        assert!(found.rejected.iter().all(|plate| plate.reason == Some(Rejection::Illegible)));
        let asked = networks.asked.borrow().iter().filter(|outline| is_same_plate(outline, &plates[0].0)).count();
        assert_eq!(asked > 0, score > 0.5);
    }
}
