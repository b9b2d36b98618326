//! A plate on its way into a scene: composed, hidden in part, and later where its outline and characters fell.

use super::super::palette::Palette;
use super::super::plate::{Plate, PlatePlan};
use super::super::pose::Pose;
use super::super::raster::edge;
use super::super::warp;
use super::ScenePlate;
use super::composition::Composition;

/// A plate that is composed for a scene.
pub(super) struct Mounted(Plate);

impl Mounted {
    /// Composes the plate for a picture in which a mm is `scale` pixels.
    pub(super) fn compose(scene: &mut Composition, plan: PlatePlan, scale: f32) -> Mounted {
        let Composition { synth, rng, sensor, difficulty, .. } = scene;
        let palette = Palette::draw(rng, plan.kind, sensor, *difficulty);
        let severity = synth.severity(*difficulty);
        Mounted(synth.compose(rng, plan, palette, sensor, severity, (1.2 * scale).clamp(0.1, 1.8)))
    }

    /// Things in front of the plate: a tow hitch, a leaf, a cap, tape. They hide no more than a tenth of it.
    pub(super) fn occlude(&mut self, scene: &mut Composition) {
        let [width, height] = self.0.plan.size();
        let rng = &mut scene.rng;
        let pixel = self.0.canvas.pixel();
        let area = [-3.0, -3.0, width + 3.0, height + 3.0];
        match rng.index(3) {
            // A bar or a ball before it, from above or below.
            0 => {
                let (x, half) = (rng.uniform(0.1, 0.9) * width, rng.uniform(0.01, 0.035) * width);
                let (from, up) = (height * rng.uniform(0.3, 0.9), rng.chance(0.3));
                let grey = (rng.uniform(20.0, 140.0)) as u8;
                let tone = scene.sensor.tone([grey; 3]);
                let cover = |px: f32, py: f32| {
                    let y = if up { height - py } else { py };
                    edge((px - x).abs() - half, pixel) * edge(from - y, pixel)
                };
                self.0.canvas.lay(area, tone, cover);
            }
            // A leaf.
            1 => {
                let (x, y) = (rng.uniform(0.0, width), rng.uniform(0.0, height));
                let (long, wide) = (rng.uniform(12.0, 45.0), rng.uniform(5.0, 16.0));
                let (s, c) = rng.uniform(0.0, 3.1).sin_cos();
                let tone = scene.tone([0x80, 0x60, 0x28], 40.0);
                self.0.canvas.lay(area, tone, |px, py| {
                    let (u, v) = ((px - x) * c + (py - y) * s, (py - y) * c - (px - x) * s);
                    edge(((u / long).powi(2) + (v / wide).powi(2)).sqrt() * wide - wide, pixel)
                });
            }
            // The lip of a boot or the edge of a bumper.
            _ => {
                let deep = height * rng.uniform(0.02, 0.09);
                let (slope, below) = (rng.normal(0.02), rng.chance(0.4));
                let tone = scene.tone([0x30, 0x31, 0x34], 40.0);
                self.0.canvas.lay(area, tone, |px, py| {
                    let y = if below { height - py } else { py };
                    edge(y - deep - slope * (px - width / 2.0), pixel)
                });
            }
        }
    }

    /// Darkens the plate as what overhangs it does.
    pub(super) fn shade(&mut self, factor: f32, depth: f32) {
        let [width, height] = self.0.plan.size();
        self.0.canvas.shade([-40.0, -40.0, width + 40.0, height + 40.0], |_, y| {
            1.0 - factor * (1.0 - y / (depth * height)).clamp(0.0, 1.0)
        });
    }

    /// Puts the plate into the picture.
    pub(super) fn project(&self, scene: &mut Composition, pose: &Pose) {
        warp::project(&self.0.canvas, pose, &mut scene.raster);
    }

    /// What is known of the plate, or `None` where the pose makes no quadrilateral of it.
    pub(super) fn label(self, pose: &Pose) -> Option<ScenePlate> {
        let (quad, boxes) = self.0.outlines(|x, y| pose.to_frame(x, y)).ok()?;
        let PlatePlan { kind, text, .. } = self.0.plan;
        Some(ScenePlate { quad, kind, text, boxes })
    }
}
