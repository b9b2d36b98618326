//! A plate ready to be put into a scene: composed on its canvas, and later where its outline and characters fell.

use kr_lpr::geometry::Quad;
use kr_lpr::plate::{PlateKind, PlateText};

use super::super::canvas::Canvas;
use super::super::fittings::Bracket;
use super::super::layout::{Layout, Shape};
use super::super::paint::Palette;
use super::super::pose::Pose;
use super::super::raster::edge;
use super::super::{KindMix, Scene, Synth, characters, text, warp};
use super::ScenePlate;
use super::stage::Stage;

/// A composed plate.
pub(super) struct Mount {
    kind: PlateKind,
    text: PlateText,
    canvas: Canvas,
    /// Character boxes, mm from the plate's top-left corner.
    boxes: Vec<[f32; 4]>,
    /// Width and height, mm.
    size: [f32; 2],
}

/// What a plate will be, before it is known how large it becomes.
pub(super) struct Issue {
    kind: PlateKind,
    text: PlateText,
    layout: Layout,
}

impl Issue {
    pub(super) fn draw(stage: &mut Stage, kinds: &KindMix) -> Issue {
        let kind = PlateKind::ALL[stage.dice.weighted(kinds.weights())];
        let text = text::draw(&mut stage.dice, kind);
        let layout = Layout::choose(kind, Shape::of(&text), &mut stage.dice);
        Issue { kind, text, layout }
    }

    /// Width and height, mm.
    pub(super) fn size(&self) -> [f32; 2] {
        self.layout.size()
    }

    /// Whether vans, trucks and buses carry it rather than cars.
    pub(super) fn is_commercial(&self) -> bool {
        matches!(self.kind, PlateKind::CommercialDouble | PlateKind::CommercialLong)
    }

    /// Composes the plate for a picture in which a mm is `scale` pixels.
    pub(super) fn mount(self, synth: &Synth, stage: &mut Stage, scale: f32) -> Mount {
        let Issue { kind, text, layout } = self;
        let (dice, sensor, difficulty) = (&mut stage.dice, &stage.sensor, stage.difficulty);
        let palette = Palette::draw(dice, kind, sensor, difficulty);
        let placements = layout.placements(&text);
        let bracket = Bracket::draw(dice, kind, sensor, difficulty);
        let margin = bracket.as_ref().map_or([3.0; 4], |b| b.reach.map(|reach| reach + 3.0));
        let mut canvas =
            Canvas::new(layout.size(), margin, (1.2 * scale).clamp(0.1, 1.8), sensor.planes, palette.sheet);
        let severity = synth.severity(difficulty);
        let scene = Scene { layout: &layout, placements: &placements, palette: &palette, sensor, kind, severity };
        let ink = synth.compose(dice, &mut canvas, &scene, bracket.as_ref());
        Mount { kind, text, boxes: characters(&placements, &ink), size: layout.size(), canvas }
    }
}

impl Mount {
    /// Things in front of the plate: a tow hitch, a leaf, a cap, tape. They hide no more than a tenth of it.
    pub(super) fn occlude(&mut self, stage: &mut Stage) {
        let [width, height] = self.size;
        let dice = &mut stage.dice;
        let pixel = self.canvas.pixel();
        let area = [-3.0, -3.0, width + 3.0, height + 3.0];
        match dice.index(3) {
            // A bar or a ball before it, from above or below.
            0 => {
                let (x, half) = (dice.uniform(0.1, 0.9) * width, dice.uniform(0.01, 0.035) * width);
                let (from, up) = (height * dice.uniform(0.3, 0.9), dice.chance(0.3));
                let grey = (dice.uniform(20.0, 140.0)) as u8;
                let tone = stage.sensor.tone([grey; 3]);
                let cover = |px: f32, py: f32| {
                    let y = if up { height - py } else { py };
                    edge((px - x).abs() - half, pixel) * edge(from - y, pixel)
                };
                self.canvas.lay(area, tone, cover);
            }
            // A leaf.
            1 => {
                let (x, y) = (dice.uniform(0.0, width), dice.uniform(0.0, height));
                let (long, wide) = (dice.uniform(12.0, 45.0), dice.uniform(5.0, 16.0));
                let (s, c) = dice.uniform(0.0, 3.1).sin_cos();
                let tone = stage.tone([0x80, 0x60, 0x28], 40.0);
                self.canvas.lay(area, tone, |px, py| {
                    let (u, v) = ((px - x) * c + (py - y) * s, (py - y) * c - (px - x) * s);
                    edge(((u / long).powi(2) + (v / wide).powi(2)).sqrt() * wide - wide, pixel)
                });
            }
            // The lip of a boot or the edge of a bumper.
            _ => {
                let deep = height * dice.uniform(0.02, 0.09);
                let (slope, below) = (dice.normal(0.02), dice.chance(0.4));
                let tone = stage.tone([0x30, 0x31, 0x34], 40.0);
                self.canvas.lay(area, tone, |px, py| {
                    let y = if below { height - py } else { py };
                    edge(y - deep - slope * (px - width / 2.0), pixel)
                });
            }
        }
    }

    /// Darkens the plate as what overhangs it does.
    pub(super) fn shade(&mut self, factor: f32, depth: f32) {
        let [width, height] = self.size;
        self.canvas.shade([-40.0, -40.0, width + 40.0, height + 40.0], |_, y| {
            1.0 - factor * (1.0 - y / (depth * height)).clamp(0.0, 1.0)
        });
    }

    /// Puts the plate into the picture.
    pub(super) fn project(&self, stage: &mut Stage, pose: &Pose) {
        warp::project(&self.canvas, pose, &mut stage.raster);
    }

    /// What is known of the plate, or `None` where the pose makes no quadrilateral of it.
    pub(super) fn label(self, pose: &Pose) -> Option<ScenePlate> {
        let [width, height] = self.size;
        let outline = |[x0, y0, x1, y1]: [f32; 4]| {
            let at = |x: f32, y: f32| pose.to_frame(x - width / 2.0, y - height / 2.0);
            Quad::new([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)]).ok()
        };
        let quad = outline([0.0, 0.0, width, height])?;
        let boxes = self.boxes.into_iter().map(outline).collect::<Option<Vec<_>>>()?;
        Some(ScenePlate { quad, kind: self.kind, text: self.text, boxes })
    }
}
