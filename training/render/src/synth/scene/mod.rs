//! Whole photographs with none, one or several plates, for whoever looks for plates.
//!
//! The stages, each a file: a frame's [`size`], the [`eye`] that is aimed at the main plate, the [`place`] it looks at,
//! the [`car`]s in it ([`front`] and [`rear`]), the plates composed as ever and [`mount`]ed on them, and the camera
//! ([`shutter`]). One picture in six has no car: its plates lie on [`clutter`]. [`board`] draws what has letters and is
//! no plate, [`stage`] and [`brush`] are what all of them draw with; [`cast`] decides what is in a picture.
//!
//! Every plate that is drawn is whole within the frame and is labelled; a plate that the frame's border or a nearer car
//! would cut is not drawn, its car goes without. Neither are plates narrower than 2.5 % of the frame.

mod board;
mod brush;
mod car;
mod cast;
mod clutter;
pub(super) mod eye;
mod front;
mod mount;
mod place;
mod rear;
mod shutter;
mod size;
mod stage;
mod vehicle;

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::plate::{PlateKind, PlateText};

use super::dice::Dice;
use super::imaging::Camera;
use super::raster::Raster;
use super::sensor::Sensor;
use super::{KindMix, Synth};
use brush::Brush;
use stage::Stage;

/// What scenes to render.
#[derive(Clone, Debug)]
pub struct SceneSettings {
    /// 0: upright, sharp and well lit; 1: all that cameras and roads do. 0 to 1.
    pub difficulty: f32,
    /// How often each kind occurs.
    pub kinds: KindMix,
    /// RGB frames instead of grey ones.
    pub colour: bool,
    /// Largest width and height of frames, pixels; frames of many proportions are fitted into it. At least 1 each.
    pub size: [u32; 2],
    /// Share of the frames that have no plate, 0 to 1.
    pub empty: f32,
}

impl Default for SceneSettings {
    fn default() -> SceneSettings {
        SceneSettings { difficulty: 1.0, kinds: KindMix::default(), colour: true, size: [480, 360], empty: 0.15 }
    }
}

/// A rendered scene with everything known about it.
#[derive(Clone, Debug)]
pub struct SceneSample {
    /// Rows top to bottom, interleaved.
    pub pixels: Vec<u8>,
    /// Width of the frame, pixels.
    pub width: u32,
    /// Height of the frame, pixels.
    pub height: u32,
    /// Grey or RGB.
    pub format: PixelFormat,
    /// The plates, the one the picture was taken of first.
    pub plates: Vec<ScenePlate>,
    /// Outlines of what has letters or the shape of a plate and is none, hidden or cut off as it may be.
    pub boards: Vec<Quad>,
}

/// A plate of a scene.
#[derive(Clone, Debug)]
pub struct ScenePlate {
    /// Outline of the plate in the frame.
    pub quad: Quad,
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub text: PlateText,
    /// Outline of each character's ink in the frame, in `PlateText::labels` order; a region is one character.
    pub boxes: Vec<Quad>,
}

impl SceneSample {
    /// The picture.
    pub fn frame(&self) -> Frame<'_> {
        Frame::new(&self.pixels, self.width, self.height, self.format).expect("the renderer fills the frames it makes")
    }

    /// Those of the [`boards`](Self::boards) whose middle is in the picture.
    pub fn boards_in_view(&self) -> impl Iterator<Item = &Quad> {
        let (width, height) = (self.width as f32, self.height as f32);
        self.boards.iter().filter(move |quad| {
            let (left, top, right, bottom) = quad.bounding_box();
            (0.0..width).contains(&((left + right) / 2.0)) && (0.0..height).contains(&((top + bottom) / 2.0))
        })
    }
}

impl ScenePlate {
    /// The plate in a frame `factor` times as large.
    fn magnified(self, factor: f32) -> Option<ScenePlate> {
        let boxes = self.boxes.iter().map(|quad| magnified(quad, factor)).collect::<Option<Vec<_>>>()?;
        Some(ScenePlate { quad: magnified(&self.quad, factor)?, boxes, ..self })
    }
}

/// The outline in a frame `factor` times as large.
fn magnified(quad: &Quad, factor: f32) -> Option<Quad> {
    Quad::new(quad.corners().map(|p| Point::new(p.x * factor, p.y * factor))).ok()
}

impl Synth {
    /// Renders the scene of `seed`: a pure function of the seed and `settings`. The renderer's own settings have no say.
    pub fn scene(&self, seed: u64, settings: &SceneSettings) -> SceneSample {
        let mut dice = Dice::new(seed);
        let most = settings.difficulty.clamp(0.0, 1.0);
        let difficulty = most * if dice.chance(0.3) { dice.uniform(0.2, 0.8) } else { 1.0 };
        let size = size::draw(&mut dice, settings.size);
        let sensor = Sensor::draw(&mut dice, settings.colour, difficulty);
        let script = cast::Script::draw(&mut dice, settings.empty, size);
        let camera = Camera::of_scene(&mut dice, size[0] as f32, script.share * size[0] as f32, difficulty);
        let [width, height] = size.map(|side| ((side as f32 / camera.enlarge) as usize).max(1));
        let raster = Raster::new(width, height, sensor.planes);
        let brush = Brush::new(width, height).expect("frames have at least one pixel");
        let mut stage =
            Stage { dice, lettering: &self.lettering, raster, brush, sensor, difficulty, boards: Vec::new() };
        let order = cast::Order { synth: self, kinds: &settings.kinds, script: &script };
        let plates = cast::perform(&order, &mut stage);
        let Stage { mut dice, mut raster, sensor, boards, .. } = stage;
        let camera = camera.metered(&mut dice, &raster, plates.first().map(|plate| &plate.quad), difficulty);
        let (pixels, width, height) = camera
            .shoot(&mut dice, &mut raster)
            .expect("a picture in memory is compressed and decompressed without error");
        let plates = plates.into_iter().filter_map(|plate| plate.magnified(camera.enlarge)).collect();
        let boards = boards.iter().filter_map(|quad| magnified(quad, camera.enlarge)).collect();
        let format = if sensor.planes == 3 { PixelFormat::Rgb } else { PixelFormat::Grey };
        SceneSample { pixels, width: width as u32, height: height as u32, format, plates, boards }
    }
}

/// A street, car park or garage with no car in it, seen by `eye`, whose ground is `ground` mm below what it is aimed at.
pub(super) fn backdrop(
    synth: &Synth,
    dice: Dice,
    sensor: Sensor,
    [width, height]: [usize; 2],
    eye: &eye::Eye,
    ground: f32,
) -> (Raster, Sensor) {
    let raster = Raster::new(width, height, sensor.planes);
    let brush = Brush::new(width, height).expect("frames have at least one pixel");
    // Without difficulty it is never night: how dark it is is the camera's to say.
    let lettering = &synth.lettering;
    let mut stage = Stage { dice, lettering, raster, brush, sensor, difficulty: 0.0, boards: Vec::new() };
    place::paint(&mut stage, eye, ground);
    (stage.raster, stage.sensor)
}

#[cfg(test)]
mod tests;
