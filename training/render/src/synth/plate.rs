//! A plate from its plan to its canvas: photographs, scenes and clips have theirs composed here.

use kr_lpr::geometry::{Point, Quad, QuadError};
use kr_lpr::plate::{PlateKind, PlateText};

use super::canvas::Canvas;
use super::fittings::{self, Bracket};
use super::kinds::KindMix;
use super::layout::{Layout, Placement, Shape};
use super::paint::Painter;
use super::palette::{Palette, PlateSpec};
use super::rng::Rng;
use super::sensor::Sensor;
use super::{Severity, Synth, emblem, text};
use crate::glyph::InkBox;

/// What a plate will be, before it is known how large it becomes.
pub(super) struct PlatePlan {
    pub(super) kind: PlateKind,
    pub(super) text: PlateText,
    pub(super) layout: Layout,
}

impl PlatePlan {
    /// Any plate of `kinds`.
    pub(super) fn draw(rng: &mut Rng, kinds: &KindMix) -> PlatePlan {
        let (kind, text) = text::draw_of(rng, kinds);
        PlatePlan::of(rng, kind, text)
    }

    /// A plate that says `text`, in one of the layouts of its kind.
    pub(super) fn of(rng: &mut Rng, kind: PlateKind, text: PlateText) -> PlatePlan {
        PlatePlan { kind, text, layout: Layout::choose(kind, Shape::of(&text), rng) }
    }

    /// Width and height, mm.
    pub(super) fn size(&self) -> [f32; 2] {
        self.layout.size()
    }

    /// Whether vans, trucks and buses carry it rather than cars.
    pub(super) fn is_commercial(&self) -> bool {
        matches!(self.kind, PlateKind::CommercialDouble | PlateKind::CommercialLong)
    }
}

/// A plate on its canvas, with everything known about it.
pub(super) struct Plate {
    pub(super) plan: PlatePlan,
    pub(super) palette: Palette,
    pub(super) canvas: Canvas,
    placements: Vec<Placement>,
    /// Box of each glyph's ink, mm from the plate's top-left corner.
    ink: Vec<InkBox>,
    severity: Severity,
}

impl Plate {
    /// What whoever puts something on the plate later has to know.
    pub(super) fn spec<'a>(&'a self, sensor: &'a Sensor) -> PlateSpec<'a> {
        let Plate { plan, palette, placements, severity, .. } = self;
        PlateSpec { layout: &plan.layout, placements, palette, sensor, kind: plan.kind, severity: *severity }
    }

    /// Each glyph and where its ink is, mm.
    pub(super) fn glyphs(&self) -> Vec<(Placement, InkBox)> {
        self.placements.iter().copied().zip(self.ink.iter().copied()).collect()
    }

    /// Box of each character's ink, mm: the boxes of glyphs that are one character, joined. `x0, y0, x1, y1` each.
    pub(super) fn characters(&self) -> Vec<[f32; 4]> {
        let mut boxes: Vec<[f32; 4]> = Vec::with_capacity(8);
        for (placement, ink) in self.placements.iter().zip(&self.ink) {
            let [x0, y0, x1, y1] = [ink.x, ink.y, ink.x + ink.width, ink.y + ink.height];
            match boxes.get_mut(placement.character) {
                Some(joint) => *joint = [joint[0].min(x0), joint[1].min(y0), joint[2].max(x1), joint[3].max(y1)],
                None => boxes.push([x0, y0, x1, y1]),
            }
        }
        boxes
    }

    /// The outlines of the plate and of its characters, where `to_frame` takes millimetres from the plate's centre.
    ///
    /// # Errors
    /// When it makes no quadrilateral of one of them.
    pub(super) fn outlines(&self, to_frame: impl Fn(f32, f32) -> Point) -> Result<(Quad, Vec<Quad>), QuadError> {
        let [width, height] = self.plan.size();
        let outline = |[x0, y0, x1, y1]: [f32; 4]| {
            let at = |x: f32, y: f32| to_frame(x - width / 2.0, y - height / 2.0);
            Quad::new([at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1)])
        };
        let characters = self.characters().into_iter().map(outline).collect::<Result<_, _>>()?;
        Ok((outline([0.0, 0.0, width, height])?, characters))
    }
}

impl Synth {
    /// Composes a plate of which a millimetre is `scale` pixels: bracket, sheet, characters, wear and bolts, in that order.
    pub(super) fn compose(
        &self,
        rng: &mut Rng,
        plan: PlatePlan,
        palette: Palette,
        sensor: &Sensor,
        severity: Severity,
        scale: f32,
    ) -> Plate {
        let placements = plan.layout.placements(&plan.text);
        let bracket = Bracket::draw(rng, plan.kind, sensor, severity.difficulty);
        let margin = bracket.as_ref().map_or([3.0; 4], |bracket| bracket.reach.map(|reach| reach + 3.0));
        let mut canvas = Canvas::new(plan.size(), margin, scale, sensor.planes, palette.sheet);
        let spec = PlateSpec {
            layout: &plan.layout,
            placements: &placements,
            palette: &palette,
            sensor,
            kind: plan.kind,
            severity,
        };
        let angle = -std::f32::consts::FRAC_PI_2 + rng.normal(0.8);
        let light = [angle.cos(), angle.sin()];
        let painter = Painter { lettering: &self.lettering, spec: &spec, light };
        if let Some(bracket) = &bracket {
            bracket.lay_behind(rng, &mut canvas);
        }
        painter.sheet(rng, &mut canvas);
        emblem::print(rng, &mut canvas, &spec);
        let ink = painter.characters(rng, &mut canvas);
        painter.weather(rng, &mut canvas);
        fittings::bolts(rng, &mut canvas, &spec, light);
        if let Some(bracket) = &bracket {
            bracket.lay_over(rng, &mut canvas);
        }
        Plate { plan, palette, canvas, placements, ink, severity }
    }
}
