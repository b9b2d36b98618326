//! One vehicle of a clip: painted once, so that its plate keeps its dirt and its text, and seen from many places.

use kr_lpr::geometry::Quad;
use kr_lpr::plate::{PlateKind, PlateText};

use super::super::canvas::Canvas;
use super::super::palette::Palette;
use super::super::plate::PlatePlan;
use super::super::pose::Pose;
use super::super::raster::{Raster, edge, rounded_box};
use super::super::rng::Rng;
use super::super::sensor::Sensor;
use super::super::{KindMix, Synth, surroundings, warp};

/// How far the bodywork reaches beyond the plate, mm: left, top, right, bottom.
const BODY: [f32; 4] = [560.0, 520.0, 560.0, 260.0];

/// Pixels a millimetre of the bodywork, which has no fine detail.
const BODY_SCALE: f32 = 0.3;

pub(super) struct Vehicle {
    pub(super) kind: PlateKind,
    pub(super) text: PlateText,
    /// Width and height of the plate, mm.
    pub(super) size: [f32; 2],
    /// What sheet and ink record in full light.
    pub(super) tones: [f32; 2],
    /// Whether a lamp beside the camera makes the sheet shine.
    pub(super) shines: bool,
    body: Layers,
    plate: Layers,
}

/// A canvas and what it looks like from farther and farther away: each has half the pixels of the one before.
struct Layers(Vec<Canvas>);

impl Layers {
    fn new(canvas: Canvas) -> Layers {
        let mut layers = vec![canvas];
        while let Some(last) = layers.last()
            && last.raster.width.min(last.raster.height) >= 16
            && layers.len() < 5
        {
            layers.push(last.halved());
        }
        Layers(layers)
    }

    /// Puts it into the picture, where a mm is `scale` pixels: with the fewest pixels that are enough.
    fn project(&self, pose: &Pose, scale: f32, frame: &mut Raster) {
        let enough = self.0.iter().rev().find(|canvas| canvas.scale >= scale);
        if let Some(canvas) = enough.or(self.0.first()) {
            warp::project(canvas, pose, frame);
        }
    }
}

impl Vehicle {
    /// Any vehicle; `nearest` is the most pixels that a mm of its plate will ever be, `lamps` whether its lamps are on.
    pub(super) fn draw(
        synth: &Synth,
        rng: &mut Rng,
        kinds: &KindMix,
        sensor: &Sensor,
        difficulty: f32,
        nearest: f32,
        lamps: bool,
    ) -> Vehicle {
        let plan = PlatePlan::draw(rng, kinds);
        let palette = Palette::draw(rng, plan.kind, sensor, difficulty);
        let tones = [palette.sheet, palette.ink].map(|tone| sensor.brightness(tone));
        let (kind, text, size, shines) = (plan.kind, plan.text, plan.size(), palette.shines);
        let scale = (1.2 * nearest).clamp(0.12, 1.8);
        let plate = synth.compose(rng, plan, palette, sensor, synth.severity(difficulty), scale);
        let body = body(rng, size, sensor, difficulty, lamps);
        Vehicle { kind, text, size, tones, shines, body: Layers::new(body), plate: Layers::new(plate.canvas) }
    }

    /// Puts the vehicle into the picture.
    pub(super) fn project(&self, pose: &Pose, frame: &mut Raster) {
        let Some(quad) = self.quad(pose) else { return };
        let scale = (quad.width() / self.size[0]).max(quad.height() / self.size[1]);
        self.body.project(pose, scale, frame);
        self.plate.project(pose, scale, frame);
    }

    /// Outline of the plate, or `None` where the pose makes none of it.
    pub(super) fn quad(&self, pose: &Pose) -> Option<Quad> {
        let [x, y] = self.size.map(|mm| mm / 2.0);
        Quad::new([(-x, -y), (x, -y), (x, y), (-x, y)].map(|(x, y)| pose.to_frame(x, y))).ok()
    }

    /// Whether the vehicle is in the way of what is behind the pixel.
    pub(super) fn covers(&self, pose: &Pose, x: f32, y: f32) -> bool {
        let [u, v] = pose.to_plate(x, y);
        let [left, top, right, bottom] = BODY;
        let [w, h] = self.size.map(|mm| mm / 2.0);
        (-w - left..w + right).contains(&u) && (-h - top..h + bottom).contains(&v)
    }
}

/// Boot lid, bumper and what else there is around the plate.
fn body(rng: &mut Rng, size: [f32; 2], sensor: &Sensor, difficulty: f32, lamps: bool) -> Canvas {
    let mut canvas = Canvas::new(size, BODY, BODY_SCALE, sensor.planes, [0.0; 3]);
    let [cx, cy] = canvas.to_pixels(size[0] / 2.0, size[1] / 2.0);
    let pose = Pose::of([BODY_SCALE, 0.0, cx, 0.0, BODY_SCALE, cy, 0.0, 0.0, 1.0], 0.0);
    surroundings::paint(rng, &mut canvas.raster, &pose, size, sensor, 0.15 + 0.6 * difficulty);
    let [left, top, right, bottom] = BODY;
    let half = [(size[0] + left + right) / 2.0, (size[1] + top + bottom) / 2.0];
    let (x, y) = (half[0] - left, half[1] - top);
    let (radius, pixel) = (rng.uniform(60.0, 160.0), canvas.pixel());
    let area = [-left, -top, size[0] + right, size[1] + bottom];
    canvas.solidify(area, |px, py| edge(rounded_box(px - x, py - y, half, radius), 1.5 * pixel));
    if lamps {
        let (height, reach) = (-rng.uniform(40.0, 260.0), rng.uniform(60.0, 160.0));
        let tone = sensor.tone([0xff, 0xf0, 0xd8]).map(|v| v * rng.uniform(1.5, 4.0));
        for side in [-430.0, size[0] + 430.0] {
            canvas.lay(area, tone, |px, py| {
                let r2 = ((px - side) / reach).powi(2) + ((py - height) / reach).powi(2);
                (1.0 - r2).max(0.0).powi(2)
            });
        }
    }
    canvas
}
