//! Renders photographs of plates: the notice's dimensions in, labelled frames out.
//!
//! The steps, each a file: a [`text`] that was issued on the kind, its characters placed by the [`layout`] and drawn by
//! the [`lettering`] onto a [`canvas`], [`paint`]ed and worn, held by [`fittings`]: [`plate`] composes all of it, for scenes and
//! clips as well. Then the [`pose`] before the camera and the [`framing`], the [`surroundings`], the canvas [`warp`]ed over
//! them, [`light`], and [`imaging`]. Of a share of plates
//! [`hide`] puts something on or before a part, and says which characters cannot be told any more. [`view`] then draws what
//! outline a reader is handed, and [`sheet`] shows samples to people.

mod canvas;
mod caption;
mod clip;
mod conditions;
mod emblem;
mod fittings;
mod framing;
mod hide;
mod imaging;
mod kinds;
mod layout;
mod lettering;
mod light;
mod paint;
mod palette;
mod plate;
mod pose;
pub mod raster;
mod required;
pub mod rng;
mod scene;
mod sensor;
mod sheet;
mod surroundings;
mod text;
mod turn;
mod view;
mod warp;

use anyhow::{Result, ensure};
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::{PlateKind, PlateText};

pub use caption::Captions;
pub use clip::{Clip, ClipFrame, ClipKind, ClipPlate, ClipSettings};
pub use conditions::Conditions;
pub use hide::legible::{Sight, Verdict};
pub use kinds::KindMix;
pub use scene::{ScenePlate, SceneSample, SceneSettings};
pub use sheet::{scene_sheet, sheet};
pub use turn::Turn;
pub use view::{aligned_view, detected, part_view, view};

use hide::legible::Comparison;
use hide::view::View;
use hide::{BarePlate, Hiding};
use imaging::{Imaging, Subject};
use lettering::Lettering;
use palette::Palette;
use plate::PlatePlan;
use pose::Pose;
use rng::Rng;
use sensor::Sensor;

/// A rendered photograph with everything known about it.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Rows top to bottom, interleaved.
    pub pixels: Vec<u8>,
    /// Width of the frame, pixels.
    pub width: u32,
    /// Height of the frame, pixels.
    pub height: u32,
    /// Grey or RGB.
    pub format: PixelFormat,
    /// Outline of the plate; of one that is cut off, parts of it lie outside of the frame.
    pub quad: Quad,
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub text: PlateText,
    /// What can be read of it: `text.labels()` with [`Label::UNKNOWN`] in the place of each character that cannot be told.
    pub seen: Vec<Label>,
    /// Outline of each character's ink, hidden or not, in `PlateText::labels` order; a region is one character.
    pub boxes: Vec<Quad>,
    /// What [`Synth::seen`] needs to know.
    view: View,
}

impl Sample {
    /// The picture.
    pub fn frame(&self) -> Frame<'_> {
        Frame::new(&self.pixels, self.width, self.height, self.format).expect("the renderer fills the frames it makes")
    }

    /// Whether the frame's edge cuts the plate off.
    pub fn is_cut(&self) -> bool {
        self.view.is_cut()
    }

    /// Whether something hides characters, or might have.
    pub fn is_hidden(&self) -> bool {
        self.view.is_obstructed()
    }
}

/// What to render.
#[derive(Clone, Debug)]
pub struct SynthSettings {
    /// 0: clean, sharp and straight on; 1: all that roads do to plates.
    pub difficulty: f32,
    /// How often each kind occurs.
    pub kinds: KindMix,
    /// RGB frames instead of grey ones.
    pub colour: bool,
    /// Characters as the drawings have them, each in its place: one stroke weight, one radius of corners.
    pub plain_lettering: bool,
    /// New plates in even light of faultless imaging: no wear, dirt, shadow, blur, noise or compression.
    pub clean_pictures: bool,
    /// Share of plates, 0 to 1, of which something may hide a part. Only [`Synth::sample`] and [`Synth::sample_at`] know it.
    /// What is not hidden looks the same whatever the share is.
    pub hidden: f32,
    /// Keeps plates with a character that people would not agree on, which training never sees, and calls all of them `?`: to
    /// look at where the line is.
    pub doubtful: bool,
}

impl Default for SynthSettings {
    fn default() -> SynthSettings {
        SynthSettings {
            difficulty: 1.0,
            kinds: KindMix::default(),
            colour: false,
            plain_lettering: false,
            clean_pictures: false,
            hidden: 0.0,
            doubtful: false,
        }
    }
}

/// A picture to take on purpose, for [`Synth::shoot`].
#[derive(Clone, Debug)]
pub struct Shot {
    /// Decides everything the other fields do not.
    pub seed: u64,
    /// Kind of the plate.
    pub kind: PlateKind,
    /// What it says.
    pub text: PlateText,
    /// 0 to 1, as [`SynthSettings::difficulty`].
    pub difficulty: f32,
    /// Mean length of the plate's upper and lower side, pixels.
    pub plate_px: f32,
}

/// The renderer. Threads share one by reference: a sample depends on its seed and the settings alone.
pub struct Synth {
    settings: SynthSettings,
    lettering: Lettering,
    comparison: Comparison,
}

/// Distinguishes the stream of chance that hides from the one that draws the plate.
const HIDING: u64 = 0x6869_6465;

/// How often something else is put before a plate of which a character is neither clearly told nor clearly not.
const TRIES: usize = 8;

impl Synth {
    /// Loads the glyphs.
    ///
    /// # Errors
    /// When the settings are out of range, or a glyph that some plate needs is missing.
    pub fn new(settings: SynthSettings) -> Result<Synth> {
        ensure!((0.0..=1.0).contains(&settings.difficulty), "difficulty {} is not within 0..=1", settings.difficulty);
        ensure!(
            (0.0..=1.0).contains(&settings.hidden),
            "the share of hidden plates {} is not within 0..=1",
            settings.hidden
        );
        let lettering = Lettering::load()?;
        required::require_glyphs(&lettering, &settings.kinds)?;
        Ok(Synth { settings, lettering, comparison: Comparison::default() })
    }

    /// The settings.
    pub fn settings(&self) -> &SynthSettings {
        &self.settings
    }

    /// Renders the sample of `seed`.
    pub fn sample(&self, seed: u64) -> Sample {
        self.sample_at(seed, self.settings.difficulty)
    }

    /// Renders the sample of `seed` at another difficulty (0 to 1) than the settings', as a curriculum does.
    pub fn sample_at(&self, seed: u64, difficulty: f32) -> Sample {
        let mut rng = Rng::new(seed);
        let (kind, text) = text::draw_of(&mut rng, &self.settings.kinds);
        let mut hiding = Rng::new(seed ^ HIDING);
        let hides = self.settings.hidden > 0.0 && hiding.chance(self.settings.hidden);
        self.render(&mut rng, kind, text, difficulty, &Conditions::default(), hides.then_some(hiding))
    }

    /// What can be read of `sample` within `outline`, in pixels of its frame: as [`Sample::seen`]. `None` where the outline leaves
    /// so much of a character that people would not agree whether it can be told.
    pub fn seen(&self, sample: &Sample, outline: &Quad) -> Option<Vec<Label>> {
        self.told(&sample.text, &sample.view, Some(outline))
    }

    /// How much of each character of `sample` can be told; see [`Sight`].
    pub fn sights(&self, sample: &Sample) -> Vec<Sight> {
        self.comparison.sights(&self.lettering, &sample.text, &sample.view, None)
    }

    fn told(&self, text: &PlateText, view: &View, outline: Option<&Quad>) -> Option<Vec<Label>> {
        let sights = self.comparison.sights(&self.lettering, text, view, outline);
        let told = |(label, verdict)| match verdict {
            Verdict::Known => Some(label),
            Verdict::Unknown => Some(Label::UNKNOWN),
            Verdict::Doubtful => None,
        };
        text.labels().into_iter().zip(sights.into_iter().map(|sight| sight.verdict())).map(told).collect()
    }

    /// Renders a plate of `kind` under `conditions`: with nothing set, what [`sample_at`](Self::sample_at) gives of a
    /// renderer of that kind alone.
    pub fn sample_under(&self, seed: u64, kind: PlateKind, difficulty: f32, conditions: &Conditions) -> Sample {
        let mut rng = Rng::new(seed);
        let (kind, text) = text::draw_of(&mut rng, &KindMix::only(kind));
        self.render(&mut rng, kind, text, difficulty, conditions, None)
    }

    /// Renders a plate of `kind` that says `text`.
    pub fn sample_of(&self, seed: u64, kind: PlateKind, text: PlateText) -> Sample {
        self.render(&mut Rng::new(seed), kind, text, self.settings.difficulty, &Conditions::default(), None)
    }

    /// Renders a plate on purpose: only what `shot` leaves open is left to chance.
    pub fn shoot(&self, shot: &Shot) -> Sample {
        let Shot { seed, kind, text, difficulty, plate_px } = *shot;
        self.render(&mut Rng::new(seed), kind, text, difficulty, &Conditions::of_width(plate_px), None)
    }

    fn render(
        &self,
        rng: &mut Rng,
        kind: PlateKind,
        text: PlateText,
        difficulty: f32,
        conditions: &Conditions,
        hiding: Option<Rng>,
    ) -> Sample {
        // The difficulty is the worst that may happen; a good third of the pictures of any road are better than that.
        let difficulty = difficulty.clamp(0.0, 1.0) * if rng.chance(0.35) { rng.uniform(0.2, 0.8) } else { 1.0 };
        let severity = self.severity(difficulty);
        let Severity { flaws, .. } = severity;
        let sensor = Sensor::draw(rng, self.settings.colour, difficulty);
        let palette = Palette::draw(rng, kind, &sensor, flaws);
        let plan = PlatePlan::of(rng, kind, text);
        let size = plan.size();

        let by_chance = framing::plate_width(rng, size);
        let plate_px = conditions.plate_px.unwrap_or(by_chance);
        let [sheet, ink] = [palette.sheet, palette.ink].map(|tone| sensor.brightness(tone));
        let subject = Subject { stroke: 9.0 * plate_px / size[0], width: plate_px, sheet, ink, shines: palette.shines };
        let imaging = Imaging::draw(rng, &subject, flaws).under(conditions, sheet.max(ink));
        let pose = Pose::draw(rng, size, plate_px / imaging.enlarge, severity, conditions);
        let px_per_mm = plate_px / imaging.enlarge / size[0];
        let scale = (1.3 * plate_px / imaging.enlarge / size[0]).clamp(0.12, 1.8);
        let mut plate = self.compose(rng, plan, palette, &sensor, severity, scale);

        let (mut frame, pose) =
            framing::room(rng, &plate.canvas, &pose, sensor.planes, difficulty, conditions.surroundings);
        let mut view = View::whole(&pose, size, plate.glyphs(), px_per_mm, &imaging, [frame.width, frame.height]);
        let (hiding, seen) = match hiding {
            Some(mut rng) => {
                let frame = [frame.width as f32, frame.height as f32];
                let (spec, characters) = (plate.spec(&sensor), plate.characters());
                let bare = BarePlate {
                    spec: &spec,
                    pose: &pose,
                    imaging: &imaging,
                    characters: &characters,
                    frame,
                    px_per_mm,
                };
                self.hide(&mut rng, &bare, &text, &mut view)
            }
            None => (Hiding::default(), text.labels()),
        };
        hiding.lay_on(&mut plate.canvas);

        let busy = 0.15 + 0.85 * difficulty;
        surroundings::paint(rng, &mut frame, &pose, size, &sensor, busy);
        warp::project(&plate.canvas, &pose, &mut frame);
        hiding.lay_before(&mut frame);
        let centre = pose.to_frame(0.0, 0.0);
        light::illuminate(rng, &mut frame, [centre.x, centre.y], size.map(|mm| mm * px_per_mm), flaws);
        hiding.lay_light(&mut frame);
        let (pixels, width, height) =
            imaging.record(rng, &mut frame).expect("a picture in memory is compressed and decompressed without error");

        let pose = pose.magnified(imaging.enlarge);
        let (quad, boxes) =
            plate.outlines(|x, y| view.moved(pose.to_frame(x, y))).expect("poses keep rectangles convex");
        let format = if sensor.planes == 3 { PixelFormat::Rgb } else { PixelFormat::Grey };
        let (pixels, [width, height]) = match hiding.picture {
            Some(part) => hide::cut_out(&pixels, width, sensor.planes, part),
            None => (pixels, [width, height]),
        };
        Sample { pixels, width: width as u32, height: height as u32, format, quad, kind, text, seen, boxes, view }
    }

    /// Draws what hides a part of the plate until every character is clearly told or clearly not, and puts it into `view`; with what
    /// can be read then.
    fn hide(&self, rng: &mut Rng, plate: &BarePlate, text: &PlateText, view: &mut View) -> (Hiding, Vec<Label>) {
        let whole = view.clone();
        for _ in 0..TRIES {
            let hiding = Hiding::draw(rng, plate);
            *view = whole.behind(&hiding);
            if let Some(seen) = self.told(text, view, None) {
                return (hiding, seen);
            }
            if self.settings.doubtful {
                return (hiding, vec![Label::UNKNOWN; text.labels().len()]);
            }
        }
        *view = whole;
        (Hiding::default(), text.labels())
    }

    /// The parts of `difficulty` that the settings leave.
    pub(crate) fn severity(&self, difficulty: f32) -> Severity {
        Severity {
            difficulty,
            flaws: if self.settings.clean_pictures { 0.0 } else { difficulty },
            variety: if self.settings.plain_lettering { 0.0 } else { difficulty },
        }
    }
}

/// The difficulty of one plate in its parts, 0 to 1 each: [`SynthSettings`] may leave some out.
#[derive(Clone, Copy)]
pub(crate) struct Severity {
    difficulty: f32,
    /// Wear, dirt and what light and imaging do.
    flaws: f32,
    /// How differently characters are drawn, and where they stand.
    variety: f32,
}

#[cfg(test)]
mod tests;
