//! Renders clips: the seconds in which a plate, or two, is before a camera.
//!
//! The vehicles are painted once and move through the street of [`scene`](super::scene) on straight [`path`]s before a
//! pinhole camera that is held by a hand or a pole; each frame has its own motion blur, focus, exposure and noise. A frame
//! is a pure function of the clip's seed and its index.

mod path;
mod render;
#[cfg(test)]
mod tests;
mod vehicle;

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::plate::{PlateKind, PlateText};

use super::imaging::{Curve, Imaging, Subject};
use super::raster::Raster;
use super::rng::Rng;
use super::scene::backdrop;
use super::scene::pinhole::PinholeCamera;
use super::sensor::Sensor;
use super::{KindMix, Synth};
use crate::seed::mix;
use path::{CameraShake, Passer, Path};
use vehicle::Vehicle;

/// What happens in a clip.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClipKind {
    /// A vehicle comes nearer or, one in four, drives off.
    Approach,
    /// A vehicle drives through the picture from one side to the other.
    PassBy,
    /// A parked vehicle before a camera that is held in a hand.
    Handheld,
    /// A pole or somebody on foot comes between.
    Occluded,
    /// As [`ClipKind::Approach`] at night, with the lamps on.
    Night,
    /// Two vehicles pass each other, and the nearer one hides the other.
    Crossing,
}

impl ClipKind {
    /// Every kind.
    pub const ALL: [ClipKind; 6] = [
        ClipKind::Approach,
        ClipKind::PassBy,
        ClipKind::Handheld,
        ClipKind::Occluded,
        ClipKind::Night,
        ClipKind::Crossing,
    ];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ClipKind::Approach => "approach",
            ClipKind::PassBy => "pass-by",
            ClipKind::Handheld => "handheld",
            ClipKind::Occluded => "occluded",
            ClipKind::Night => "night",
            ClipKind::Crossing => "crossing",
        }
    }

    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<ClipKind> {
        ClipKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What clips to render.
#[derive(Clone, Debug)]
pub struct ClipSettings {
    /// 0: sharp and well lit; 1: all that cameras and roads do. 0 to 1; by default such that four of five frames are read
    /// right alone.
    pub difficulty: f32,
    /// How often each kind of plate occurs.
    pub kinds: KindMix,
    /// RGB frames instead of grey ones.
    pub colour: bool,
    /// Width and height of frames, pixels; even, at least 64 each.
    pub size: [u32; 2],
    /// Frames a second, above 0.
    pub fps: u32,
    /// Frames, at least 1.
    pub frames: u32,
}

impl Default for ClipSettings {
    fn default() -> ClipSettings {
        let (kinds, size) = (KindMix::default(), [640, 480]);
        ClipSettings { difficulty: 0.65, kinds, colour: false, size, fps: 15, frames: 36 }
    }
}

/// A plate in a frame of a clip.
#[derive(Clone, Debug)]
pub struct ClipPlate {
    /// Which of the clip's vehicles carries it: 0 or 1.
    pub vehicle: usize,
    /// Outline of the plate, pixels; parts of it may be outside the frame.
    pub quad: Quad,
    /// Share of it that is hidden or outside the frame, 0 to below 1.
    pub hidden: f32,
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub text: PlateText,
}

/// A rendered frame with everything known about it.
#[derive(Clone, Debug)]
pub struct ClipFrame {
    /// Rows top to bottom, interleaved.
    pub pixels: Vec<u8>,
    /// Width of the frame, pixels.
    pub width: u32,
    /// Height of the frame, pixels.
    pub height: u32,
    /// Grey or RGB.
    pub format: PixelFormat,
    /// When it was taken, ms after the first.
    pub timestamp: f64,
    /// The plates that are to be seen, if only in part.
    pub plates: Vec<ClipPlate>,
}

impl ClipFrame {
    /// The picture.
    pub fn frame(&self) -> Frame<'_> {
        Frame::new(&self.pixels, self.width, self.height, self.format).expect("the renderer fills the frames it makes")
    }
}

/// What a clip will show, drawn before anything is painted.
struct ClipPlan {
    difficulty: f32,
    night: bool,
    /// The camera's focal length, pixels, and how far it looks down, radians.
    focal: f32,
    pitch: f32,
    /// The farthest vehicle's first.
    paths: Vec<Path>,
}

impl ClipPlan {
    fn draw(rng: &mut Rng, kind: ClipKind, settings: &ClipSettings) -> ClipPlan {
        let difficulty = settings.difficulty.clamp(0.0, 1.0) * rng.uniform(0.5, 1.0);
        let width = settings.size[0] as f32;
        // A phone or a webcam: 50 to 65 degrees wide.
        let focal = width * rng.uniform(0.8, 1.1);
        let pitch = rng.uniform(0.0, 0.12);
        let paths = path::paths(rng, kind, width, focal);
        ClipPlan { difficulty, night: kind == ClipKind::Night, focal, pitch, paths }
    }
}

/// A clip whose vehicles are painted and whose frames are not yet.
pub struct Clip {
    seed: u64,
    settings: ClipSettings,
    planes: usize,
    /// The street, larger than the frame by [`Clip::AIR`] on each side.
    street: Raster,
    /// The farthest first.
    vehicles: Vec<(Vehicle, Path)>,
    focal: f32,
    pitch: f32,
    shake: CameraShake,
    passers: Vec<Passer>,
    imaging: Imaging,
    /// Seconds that the shutter is open.
    exposure: f32,
}

impl Synth {
    /// Makes the clip of `seed`: a pure function of the seed, the kind and `settings`. The renderer's own settings have no
    /// say.
    pub fn clip(&self, seed: u64, kind: ClipKind, settings: &ClipSettings) -> Clip {
        let mut rng = Rng::new(seed);
        let ClipPlan { difficulty, night, focal, pitch, paths } = ClipPlan::draw(&mut rng, kind, settings);
        let width = settings.size[0] as f32;
        let sensor = Sensor::draw(&mut rng, settings.colour, difficulty);

        let air = 2 * Clip::AIR;
        let around = [settings.size[0] as usize + air, settings.size[1] as usize + air];
        let middle = around.map(|side| side as f32 / 2.0);
        // Aimed far away, since ground that is behind the camera cannot be drawn: it reaches 20 m towards the camera.
        let aim = 21_000.0;
        let camera = PinholeCamera::new(aim, pitch, 0.0, focal / aim, middle);
        let ground = rng.uniform(500.0, 1200.0);
        let (street, sensor) = backdrop(self, Rng::new(mix(seed, 1)), sensor, around, &camera, ground);

        let draw = |path: Path| {
            let nearest = focal / path.nearest();
            let vehicle = Vehicle::draw(self, &mut rng, &settings.kinds, &sensor, difficulty, nearest, night);
            (vehicle, path)
        };
        let vehicles: Vec<(Vehicle, Path)> = paths.into_iter().map(draw).collect();
        let main = &vehicles[vehicles.len() - 1];
        let [sheet, ink] = main.0.tones;
        let plate = focal * main.0.size[0] / main.1.at(0.5).at[2];
        let (stroke, shines) = (9.0 * plate / main.0.size[0], main.0.shines);
        let subject = Subject { stroke, width: plate, sheet, ink, shines };
        let imaging = imaging(&mut rng, &subject, difficulty, night);
        let reach = if kind == ClipKind::Handheld { rng.uniform(5.0, 16.0) } else { rng.uniform(0.0, 1.5) };
        let shake = CameraShake::draw(&mut rng, reach);
        let passers = (0..if kind == ClipKind::Occluded { 1 + rng.index(2) } else { 0 })
            .map(|_| {
                let tone = sensor.tone([0; 3].map(|_: u8| rng.uniform(20.0, 200.0) as u8));
                let position = main.1.at(rng.uniform(0.35, 0.65));
                Passer::draw(&mut rng, tone, width / 2.0 + focal * position.at[0] / position.at[2], plate)
            })
            .collect();
        let exposure = if night { rng.log_uniform(0.004, 0.02) } else { rng.log_uniform(0.001, 0.008) };
        Clip {
            seed,
            settings: settings.clone(),
            planes: sensor.planes,
            street,
            vehicles,
            focal,
            pitch,
            shake,
            passers,
            imaging,
            exposure,
        }
    }
}

/// The imaging of a whole clip. It does not scale pictures up, which would change their size.
fn imaging(rng: &mut Rng, subject: &Subject, difficulty: f32, night: bool) -> Imaging {
    let drawn = Imaging::draw(rng, subject, difficulty);
    let imaging = Imaging { enlarge: 1.0, resharpen: None, motion: None, rain: None, screen: None, ..drawn };
    let (stops, noise) = (rng.uniform(-2.8, -1.0), rng.uniform(0.004, 0.016) * (0.4 + difficulty));
    if !night {
        return imaging;
    }
    let bright = subject.sheet.max(subject.ink).max(0.05);
    let gain = 0.8_f32.powf(1.0 / imaging.curve.gamma) / bright * stops.exp2();
    let curve = Curve { gain, lift: imaging.curve.lift.min(0.05), ..imaging.curve };
    Imaging { curve, noise: [noise * 0.6, noise * 0.4], ..imaging }
}

impl Clip {
    /// Pixels of street around the frame, for the camera to shake in.
    const AIR: usize = 40;

    /// How many frames there are.
    pub fn len(&self) -> u32 {
        self.settings.frames
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it was made by.
    pub fn settings(&self) -> &ClipSettings {
        &self.settings
    }

    /// Every frame, in order.
    pub fn frames(&self) -> impl Iterator<Item = ClipFrame> {
        (0..self.len()).map(|index| self.frame(index))
    }

    /// What the plates say, in the order of [`ClipPlate::vehicle`].
    pub fn texts(&self) -> Vec<PlateText> {
        self.vehicles.iter().map(|(vehicle, _)| vehicle.text).collect()
    }
}
