//! Whole photographs with none, one or several plates, for whoever looks for plates.
//!
//! The steps, each a file: the [`plan`] says what is to be seen and the frame's [`size`] how large it is. The [`pinhole`]
//! camera is [`aim`]ed at the main plate, and [`motifs`] composes the [`setting`] it looks at, the [`car`]s in it ([`front`] and
//! [`rear`]) and the plates [`mounted`] on them. [`finish`] lights all of it, and [`imaging`] photographs it. One picture in
//! six has no car: its plates lie on [`clutter`]. [`negative`] draws what is no plate. All of them draw on a [`composition`]
//! with a [`brush`].
//!
//! Every plate that is drawn is whole within the frame and is labelled; a plate that the frame's border or a nearer car
//! would cut is not drawn, its car goes without. Neither are plates narrower than 2.5 % of the frame.

mod aim;
mod brush;
mod car;
mod clutter;
mod composition;
mod finish;
mod front;
mod imaging;
mod motifs;
mod mounted;
mod negative;
pub(super) mod pinhole;
mod plan;
mod rear;
mod setting;
mod size;
mod vehicle;

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::plate::{PlateKind, PlateText};

use super::imaging::Imaging;
use super::raster::Raster;
use super::rng::Rng;
use super::sensor::Sensor;
use super::{KindMix, Synth};
use brush::Brush;
use composition::Composition;
use plan::ScenePlan;

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
    /// Outlines of negatives: what has letters or the shape of a plate and is none, hidden or cut off as it may be.
    pub negatives: Vec<Quad>,
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

    /// Those of the [`negatives`](Self::negatives) whose middle is in the picture.
    pub fn negatives_in_view(&self) -> impl Iterator<Item = &Quad> {
        let (width, height) = (self.width as f32, self.height as f32);
        self.negatives.iter().filter(move |quad| {
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
        let mut rng = Rng::new(seed);
        let most = settings.difficulty.clamp(0.0, 1.0);
        let difficulty = most * if rng.chance(0.3) { rng.uniform(0.2, 0.8) } else { 1.0 };
        let size = size::draw(&mut rng, settings.size);
        let sensor = Sensor::draw(&mut rng, settings.colour, difficulty);
        let plan = ScenePlan::draw(&mut rng, &settings.kinds, settings.empty, size);
        let imaging = Imaging::of_scene(&mut rng, size[0] as f32, plan.share * size[0] as f32, difficulty);
        let [width, height] = size.map(|side| ((side as f32 / imaging.enlarge) as usize).max(1));
        let raster = Raster::new(width, height, sensor.planes);
        let brush = Brush::new(width, height).expect("frames have at least one pixel");
        let mut scene = Composition { synth: self, rng, raster, brush, sensor, difficulty, negatives: Vec::new() };
        let plates = motifs::compose(&plan, &mut scene);
        let Composition { mut rng, mut raster, sensor, negatives, .. } = scene;
        let imaging = imaging.metered(&mut rng, &raster, plates.first().map(|plate| &plate.quad), difficulty);
        let (pixels, width, height) = imaging
            .record(&mut rng, &mut raster)
            .expect("a picture in memory is compressed and decompressed without error");
        let plates = plates.into_iter().filter_map(|plate| plate.magnified(imaging.enlarge)).collect();
        let negatives = negatives.iter().filter_map(|quad| magnified(quad, imaging.enlarge)).collect();
        let format = if sensor.planes == 3 { PixelFormat::Rgb } else { PixelFormat::Grey };
        SceneSample { pixels, width: width as u32, height: height as u32, format, plates, negatives }
    }
}

/// A street, car park or garage with no car in it, seen by `camera`, whose ground is `ground` mm below what it is aimed at.
pub(super) fn backdrop(
    synth: &Synth,
    rng: Rng,
    sensor: Sensor,
    [width, height]: [usize; 2],
    camera: &pinhole::PinholeCamera,
    ground: f32,
) -> (Raster, Sensor) {
    let raster = Raster::new(width, height, sensor.planes);
    let brush = Brush::new(width, height).expect("frames have at least one pixel");
    // Without difficulty it is never night: how dark it is is for imaging to say.
    let mut scene = Composition { synth, rng, raster, brush, sensor, difficulty: 0.0, negatives: Vec::new() };
    setting::paint(&mut scene, camera, ground);
    (scene.raster, scene.sensor)
}

#[cfg(test)]
mod tests;
