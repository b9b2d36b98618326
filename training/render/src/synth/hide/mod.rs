//! What hides characters of a plate, and which of them cannot be told any more.
//!
//! | file | what |
//! |---|---|
//! | `shape` | outlines |
//! | `veil` | one thing that hides: where, what it looks like, how much of what is behind it is seen |
//! | `on_plate` | bolts, tape, stickers, mud, snow, lost paint, frames |
//! | `before` | tow balls, hands, ropes, posts, other cars, plants |
//! | `light` | glare and hard shadow |
//! | `edge` | the edge of the picture |
//! | `view`, `grid` | what of each character is seen |
//! | `legible` | which characters can be told from what is left of them |
//!
//! A picture whose characters are neither clearly told nor clearly not is not used: it is drawn anew, with something else before
//! the plate. `training/docs/unknown.md` says where the lines are and why.

mod before;
mod edge;
mod grid;
pub(crate) mod legible;
mod light;
mod on_plate;
mod shape;
mod veil;
pub(crate) mod view;

use super::canvas::Canvas;
use super::imaging::Imaging;
use super::palette::PlateSpec;
use super::pose::Pose;
use super::raster::{Raster, Tone};
use super::rng::Rng;
use super::sensor::{Colour, near};
pub(crate) use edge::cut_out;
use shape::Shape;
use veil::{Cover, Curve, Sort, Space, Veil};

/// What is known of a plate before anything is put on or before it.
pub(crate) struct BarePlate<'a> {
    pub(crate) spec: &'a PlateSpec<'a>,
    /// Into the frame before it is enlarged.
    pub(crate) pose: &'a Pose,
    pub(crate) imaging: &'a Imaging,
    /// Box of each character's ink, mm: `x0, y0, x1, y1`.
    pub(crate) characters: &'a [[f32; 4]],
    /// Width and height of the frame.
    pub(crate) frame: [f32; 2],
    /// Pixels of the frame a millimetre of the plate.
    pub(crate) px_per_mm: f32,
}

/// What hides, and what of the frame is in the picture.
#[derive(Default)]
pub(crate) struct Hiding {
    veils: Vec<Veil>,
    /// Left, top, right and bottom in pixels of the enlarged frame, where the picture shows a part of it alone.
    pub(crate) picture: Option<[usize; 4]>,
}

impl Hiding {
    /// Something that hides, most often one.
    pub(crate) fn draw(rng: &mut Rng, plate: &BarePlate) -> Hiding {
        let mut hiding = Hiding::default();
        let things = if rng.chance(0.12) { 2 } else { 1 };
        for _ in 0..things {
            match rng.weighted(&[0.36, 0.22, 0.08, 0.34]) {
                0 => on_plate::draw(rng, plate, &mut hiding.veils),
                1 => before::draw(rng, plate, &mut hiding.veils),
                2 => light::draw(rng, plate, &mut hiding.veils),
                _ => hiding.picture = edge::draw(rng, plate),
            }
        }
        hiding
    }

    fn covers(&self) -> Vec<Cover> {
        self.veils.iter().map(|veil| veil.cover.clone()).collect()
    }

    /// Paints what is on the plate.
    pub(crate) fn lay_on(&self, canvas: &mut Canvas) {
        self.in_space(Space::Plate).for_each(|veil| veil.lay_on(canvas));
    }

    /// Paints what is before the plate.
    pub(crate) fn lay_before(&self, frame: &mut Raster) {
        self.in_space(Space::Frame).filter(|veil| !veil.is_light()).for_each(|veil| veil.lay_before(frame));
    }

    /// Lights the frame.
    pub(crate) fn lay_light(&self, frame: &mut Raster) {
        self.in_space(Space::Frame).filter(|veil| veil.is_light()).for_each(|veil| veil.lay_before(frame));
    }

    fn in_space(&self, space: Space) -> impl Iterator<Item = &Veil> {
        self.veils.iter().filter(move |veil| veil.cover.space == space)
    }
}

impl BarePlate<'_> {
    /// A character to hide. The last ones and the letter are what most texts differ by, and all are as likely.
    fn target(&self, rng: &mut Rng) -> [f32; 4] {
        self.characters[rng.index(self.characters.len())]
    }

    /// From millimetres from the plate's top-left corner to pixels of the frame.
    fn to_frame(&self, [x, y]: [f32; 2]) -> [f32; 2] {
        let [width, height] = self.spec.layout.size();
        let point = self.pose.to_frame(x - width / 2.0, y - height / 2.0);
        [point.x, point.y]
    }

    fn tone(&self, colour: Colour) -> Tone {
        self.spec.sensor.tone(colour)
    }

    /// How much a tone is taken for ink (1) or sheet (0).
    fn inkness(&self, tone: Tone) -> f32 {
        let [tone, sheet, ink] =
            [tone, self.spec.palette.sheet, self.spec.palette.ink].map(|tone| self.spec.sensor.brightness(tone));
        let contrast = ink - sheet;
        if contrast.abs() < 0.05 { 0.5 } else { ((tone - sheet) / contrast).clamp(0.0, 1.0) }
    }

    /// A veil of an even tone; `soft` is half the width of its edge.
    fn solid(&self, space: Space, shape: Shape, soft: f32, tone: Tone) -> Veil {
        let inkness = self.inkness(tone);
        Veil::flat(Cover { shape, space, soft, sort: Sort::Solid(1.0), inkness }, tone)
    }

    /// Half the width of an edge on the plate that is as sharp as can be, mm.
    fn sharp(&self) -> f32 {
        0.5 / self.px_per_mm
    }

    fn curve(&self) -> Curve {
        Curve::of(self.imaging)
    }
}

/// Middle and half the size of a box.
fn middle([x0, y0, x1, y1]: [f32; 4]) -> ([f32; 2], [f32; 2]) {
    ([(x0 + x1) / 2.0, (y0 + y1) / 2.0], [(x1 - x0) / 2.0, (y1 - y0) / 2.0])
}

/// A colour of a thing that may have any: white, black, grey, brown, or something bright.
fn any_colour(rng: &mut Rng) -> Colour {
    const COLOURS: [Colour; 9] = [
        [0xe8, 0xe8, 0xe6],
        [0x18, 0x18, 0x1a],
        [0x80, 0x82, 0x84],
        [0xb4, 0xb6, 0xb8],
        [0x8a, 0x6c, 0x48],
        [0xc8, 0x2c, 0x28],
        [0x24, 0x50, 0xb0],
        [0xe8, 0xc0, 0x20],
        [0x30, 0x88, 0x48],
    ];
    let colour = rng.pick(&COLOURS);
    near(rng, colour, 24.0)
}

#[cfg(test)]
mod tests;
