//! Whole pictures: where the plates are, and what each of them says.

use super::gather::{Gathered, read_crop};
use super::inference::Inference;
use super::passes::read_plate;
use super::policy::{self, Attempt, Effort};
use super::timings::{Clock, Stage, Stopwatch, Timings};
use super::{AlignedPlate, Mode, Orientation, ReadError, ReadOptions, Reading, Rejection};
use crate::best_first::best_first;
use crate::detect::{Candidate, distinct, is_same_plate};
use crate::frame::Frame;
use crate::geometry::{Quad, Turn};
use crate::overview::{FIRST_LOOK, Layout, Overview};
use crate::region::Region;

/// A plate that was found and, but for those of which there are too many, read.
#[derive(Clone, Debug)]
pub struct Plate {
    /// What it says, and its outline.
    pub reading: Reading,
    /// How sure the detector is that there is a plate, 0 to 1; `None` where nobody asked it: in crops and given outlines.
    pub detection: Option<f32>,
    /// Why it does not count; `None` where it does.
    pub reason: Option<Rejection>,
}

/// What was found in a picture; nothing by default.
#[derive(Clone, Debug, Default)]
pub struct Plates {
    /// What the picture was taken for: [`Mode::Crop`] or [`Mode::Scene`].
    pub mode: Mode,
    /// Which way up the picture was read: of [`Orientation::Auto`] the one in which a plate was found.
    pub orientation: Orientation,
    /// The plates, the most confidently read first.
    pub plates: Vec<Plate>,
    /// What looks like a plate and does not count, each with the reason.
    pub rejected: Vec<Plate>,
    /// How long it took.
    pub timings: Timings,
}

/// Reads the plates of `frame`, in the first orientation in which there are any.
///
/// # Errors
/// As [`PlateReader::read`](super::PlateReader::read).
pub(super) async fn read(
    networks: &impl Inference,
    frame: &Frame<'_>,
    options: &ReadOptions,
    clock: Clock,
) -> Result<Plates, ReadError> {
    let watch = Stopwatch::start(clock);
    if let Some(quad) = options.quad {
        let reading = read_crop(networks, frame, &quad, options, &watch).await?;
        let plate = Plate { reading, detection: None, reason: None };
        return Ok(sorted((Mode::Crop, vec![plate]), Turn::None, options, watch.timings()));
    }
    let region = region_of(frame, options)?;
    let (first, others) = options.orientation.turns();
    let found = View { networks, frame, region, turn: first, options }.read(&watch).await?;
    let as_given = sorted(found, first, options, watch.timings());
    if !as_given.plates.is_empty() {
        return Ok(as_given);
    }
    for &turn in others {
        let found = View { networks, frame, region, turn, options }.read(&watch).await?;
        let plates = sorted(found, turn, options, watch.timings());
        if !plates.plates.is_empty() {
            return Ok(plates);
        }
    }
    Ok(Plates { timings: watch.timings(), ..as_given })
}

/// Finds the plates of a frame without reading them, best first: those with a score of at least `least`, roughly outlined, in the
/// first orientation in which there are any.
///
/// # Errors
/// As [`PlateReader::read`](super::PlateReader::read).
pub(super) async fn detect(
    networks: &impl Inference,
    frame: &Frame<'_>,
    options: &ReadOptions,
    least: f32,
) -> Result<Vec<Candidate>, ReadError> {
    let region = region_of(frame, options)?;
    let (first, others) = options.orientation.turns();
    for &turn in std::iter::once(&first).chain(others) {
        let mut found = View { networks, frame, region, turn, options }.detect().await?;
        found.retain(|candidate| candidate.score >= least);
        if !found.is_empty() {
            found.truncate(options.max_plates);
            return Ok(found);
        }
    }
    Ok(Vec::new())
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

/// A part of a frame, seen upright.
struct View<'a, N> {
    networks: &'a N,
    frame: &'a Frame<'a>,
    region: Region,
    turn: Turn,
    options: &'a ReadOptions,
}

impl<N: Inference> View<'_, N> {
    /// Width and height in pixels.
    fn size(&self) -> [f32; 2] {
        self.turn.upright([self.region.width as f32, self.region.height as f32])
    }

    /// What the picture is taken for, and its plates.
    async fn read(&self, watch: &Stopwatch) -> Result<(Mode, Vec<Plate>), ReadError> {
        let without_detector = self.options.mode == Mode::Auto && !self.networks.has_detector();
        let mode = if without_detector { Mode::Crop } else { self.options.mode };
        let found = if mode == Mode::Crop { Vec::new() } else { self.detect().await? };
        watch.ended(Stage::Detect);
        let score = (mode != Mode::Crop).then(|| found.first().map_or(0.0, |candidate| candidate.score));
        let (mut crop, mut scene) = (None, None);
        for attempt in policy::attempts(mode, self.size(), &found) {
            let plates = match attempt {
                Attempt::Crop => &crop.insert(vec![self.read_crop(score, watch).await?])[..],
                Attempt::Scene => &scene.insert(self.read_candidates(&found, watch).await?)[..],
            };
            if plates.iter().any(|plate| policy::is_clear(&plate.reading)) {
                break;
            }
        }
        Ok(self.better(crop, scene))
    }

    /// The way of reading the picture that reads better: what was tried last is clear, or nothing is and the crop must read as
    /// well as every plate of the scene.
    fn better(&self, crop: Option<Vec<Plate>>, scene: Option<Vec<Plate>>) -> (Mode, Vec<Plate>) {
        let rank = |plate: &Plate| plate.reading.rank(self.options.grammar);
        match (crop, scene) {
            (Some(crop), Some(scene)) => {
                let as_well = |crop: &Plate| scene.iter().all(|plate| rank(plate) <= rank(crop));
                let scene_is_clear = scene.iter().any(|plate| policy::is_clear(&plate.reading));
                if !scene_is_clear && crop.iter().all(as_well) { (Mode::Crop, crop) } else { (Mode::Scene, scene) }
            }
            (Some(crop), None) => (Mode::Crop, crop),
            (None, scene) => (Mode::Scene, scene.unwrap_or_default()),
        }
    }

    /// Reads all of it as a crop of a plate.
    async fn read_crop(&self, detection: Option<f32>, watch: &Stopwatch) -> Result<Plate, ReadError> {
        let Ok(outline) = self.region.outline() else { unreachable!("a region has at least one pixel") };
        let outline = outline.turned(self.turn);
        let reading = read_crop(self.networks, self.frame, &outline, self.options, watch).await?;
        Ok(Plate { reading, detection, reason: None })
    }

    /// Reads what the detector found, as many as are wanted. Two candidates whose corners turn out to be those of one plate are
    /// one: the more legible one counts.
    async fn read_candidates(&self, found: &[Candidate], watch: &Stopwatch) -> Result<Vec<Plate>, ReadError> {
        let (wanted, others) = found.split_at(found.len().min(self.options.max_plates));
        let networks = Gathered::new(self.networks, self.frame, self.options.attention);
        let View { frame, region, turn, options, .. } = *self;
        let view = View { networks: &networks, frame, region, turn, options };
        let read = networks.finish(wanted.iter().map(|candidate| view.read_candidate(candidate, watch))).await?;

        let mut plates: Vec<Plate> = Vec::new();
        for plate in read {
            let rank = |plate: &Plate| plate.reading.rank(options.grammar);
            let is_twin = |other: &&mut Plate| is_same_plate(&other.reading.quad, &plate.reading.quad);
            match plates.iter_mut().filter(|_| plate.reason.is_none()).find(is_twin) {
                Some(twin) if rank(&plate) > rank(twin) => {
                    let detection = [plate.detection, twin.detection].into_iter().flatten().reduce(f32::max);
                    *twin = Plate { detection, ..plate };
                }
                Some(_) => (),
                None => plates.push(plate),
            }
        }
        plates.extend(others.iter().map(|&candidate| self.unread(candidate, Rejection::TooMany)));
        Ok(plates)
    }

    /// Reads a candidate, with one margin after the other until it is legible.
    async fn read_candidate(&self, candidate: &Candidate, watch: &Stopwatch) -> Result<Plate, ReadError> {
        let Candidate { quad, score } = *candidate;
        let was_illegible = self.options.illegible.iter().any(|known| is_same_plate(known, &quad));
        if was_illegible && score < policy::SURE_SCORE {
            return Ok(self.unread(*candidate, Rejection::Illegible));
        }
        let effort = if was_illegible { Effort::Glance } else { Effort::Scene };
        let [first, second] = policy::detection_margins(self.size(), &quad);
        let mut reading = self.read_around(&quad, first, effort, watch).await?;
        if self.options.align && !policy::is_settled(&reading, score, effort) {
            let again = self.read_around(&quad, second, effort, watch).await?;
            reading = again.unless_worse_than(Some(reading), self.options.grammar);
        }
        Ok(Plate { reading, detection: Some(score), reason: None })
    }

    /// What was found and is not read, for that reason.
    fn unread(&self, Candidate { quad, score }: Candidate, reason: Rejection) -> Plate {
        let reading = Reading::unread(AlignedPlate::exactly(self.frame, quad));
        Plate { reading, detection: Some(score), reason: Some(reason) }
    }

    /// Reads the plate that `quad` roughly outlines, looking for its corners with that margin.
    async fn read_around(
        &self,
        quad: &Quad,
        margin: f32,
        effort: Effort,
        watch: &Stopwatch,
    ) -> Result<Reading, ReadError> {
        let mut outline = quad.scaled(margin).unwrap_or(*quad);
        if self.options.align {
            let aligned = self.networks.corners(self.frame, &outline).await?;
            outline = aligned.and_then(|quad| quad.scaled(policy::REALIGN_MARGIN).ok()).unwrap_or(outline);
        }
        read_plate(self.networks, self.frame, &outline, effort, self.options, watch).await
    }

    /// Everything that may be a plate, best first. Every further look sees twice as much as the one before.
    async fn detect(&self) -> Result<Vec<Candidate>, ReadError> {
        if !self.networks.has_detector() {
            return Err(ReadError::NoDetector);
        }
        let size = self.turn.upright([self.region.width, self.region.height]);
        let mut found = self.look(FIRST_LOOK).await?;
        let mut seen = FIRST_LOOK;
        for &sides in policy::further_looks(self.options.search, &found) {
            if size[0] as usize <= seen.width && size[1] as usize <= seen.height {
                break;
            }
            seen = Layout::at_one_size(size, sides);
            found = distinct([found, self.look(seen).await?].concat());
        }
        Ok(found)
    }

    async fn look(&self, layout: Layout) -> Result<Vec<Candidate>, ReadError> {
        let mut found = self.networks.candidates(&Overview::turned(self.frame, self.region, self.turn, layout)).await?;
        found.retain(|candidate| candidate.score >= policy::LEAST_SCORE);
        Ok(found)
    }
}

/// Sorts plates into those that count and those that do not.
fn sorted((mode, found): (Mode, Vec<Plate>), turn: Turn, options: &ReadOptions, timings: Timings) -> Plates {
    let judged = found.into_iter().map(|plate| {
        let reason = plate.reason.or_else(|| policy::rejection(&plate, options));
        Plate { reason, ..plate }
    });
    let (mut plates, mut rejected): (Vec<Plate>, Vec<Plate>) = judged.partition(|plate| plate.reason.is_none());
    best_first(&mut plates, |plate| plate.reading.confidence);
    best_first(&mut rejected, |plate| plate.reading.confidence);
    Plates { mode, orientation: turn.into(), plates, rejected, timings }
}

#[cfg(test)]
mod tests;
