//! One plate as the networks see it, and what they are to say of it.

use anyhow::{Context, ensure};
use kr_lpr::frame::Frame;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::labels::Label;
use kr_lpr::model::input::{PIXELS, normalise};
use kr_lpr::plate::PlateKind;
use kr_lpr::rectify::rectify;
use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{Synth, aligned_view, part_view, view};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::targets::{CELLS, MAX_CHARACTERS, coverage, mapped};

/// One plate as the network sees it, or what only looks like one, and what it should say.
#[derive(Clone, Debug)]
pub struct Example {
    /// Normalised plate image, row-major 96x192.
    pub pixels: Vec<f32>,
    /// What is to be read, at most [`MAX_CHARACTERS`] characters: the text, with [`Label::UNKNOWN`] for what cannot be told of
    /// it; none where there is no plate.
    pub labels: Vec<Label>,
    /// The kind, where it is known.
    pub kind: Option<PlateKind>,
    /// One mask of [`CELLS`] a character, empty for one that is not in the picture; none where the boxes are not known.
    pub masks: Option<Vec<f32>>,
    /// The plate before it was straightened, where its corners are known.
    pub loose: Option<LoosePlate>,
}

/// A roughly outlined plate as the aligner sees it, and where its corners are.
#[derive(Clone, Debug)]
pub struct LoosePlate {
    /// Normalised plate image, row-major 96x192.
    pub pixels: Vec<f32>,
    /// In pixels of the plate image, in the order of [`Quad::corners`].
    pub corners: [Point; 4],
}

impl LoosePlate {
    /// Rectifies what `outline` shows of `frame`, where the plate's true outline is `quad`.
    pub fn new(frame: &Frame, outline: &Quad, quad: &Quad) -> LoosePlate {
        let plate = rectify(frame, outline);
        let mut pixels = vec![0.0; PIXELS];
        normalise(&plate, &mut pixels);
        LoosePlate { pixels, corners: quad.corners().map(|corner| plate.to_plate(corner)) }
    }
}

impl Example {
    /// Rectifies the plate outlined by `quad` in `frame`, as a reader would.
    ///
    /// `boxes` are the outlines of its characters in frame pixels, in the order of `labels`.
    ///
    /// # Errors
    /// When the text is too long for the network, or boxes and characters differ in number.
    pub fn new(
        frame: &Frame,
        quad: &Quad,
        labels: Vec<Label>,
        kind: Option<PlateKind>,
        boxes: Option<&[Quad]>,
    ) -> anyhow::Result<Example> {
        ensure!(
            labels.len() <= MAX_CHARACTERS,
            "the text has {} characters; the network reads at most {MAX_CHARACTERS}",
            labels.len()
        );
        let plate = rectify(frame, quad);
        let mut pixels = vec![0.0; PIXELS];
        normalise(&plate, &mut pixels);
        let masks = match boxes {
            Some(boxes) => {
                ensure!(
                    boxes.len() == labels.len(),
                    "there are {} character boxes for {} characters",
                    boxes.len(),
                    labels.len()
                );
                let mut masks = vec![0.0; boxes.len() * CELLS];
                for (quad, mask) in boxes.iter().zip(masks.chunks_exact_mut(CELLS)) {
                    coverage(&mapped(quad, [frame.width(), frame.height()], |point| plate.to_plate(point)), mask);
                }
                Some(masks)
            }
            None => None,
        };
        Ok(Example { pixels, labels, kind, masks, loose: None })
    }

    /// The text.
    pub fn text(&self) -> String {
        self.labels.iter().map(|label| label.name()).collect()
    }
}

/// Share of the views of hidden plates that leave out a part of the plate.
const PART_VIEWS: f32 = 0.2;

/// How many views are drawn at most of a plate until no character is half in one.
const VIEWS: usize = 8;

/// A rendered plate as the aligner hands it over, and before that.
///
/// Where the renderer hides parts of plates, some outlines leave out a part as well, and what they leave out is not to be
/// read. Where it does not, every character is in the outline.
///
/// # Errors
/// Never for a sample of the renderer, whose texts fit the network.
pub fn rendered(synth: &Synth, seed: u64, difficulty: f32) -> anyhow::Result<Example> {
    let sample = synth.sample_at(seed, difficulty);
    let frame = sample.frame();
    let mut rng = view_rng(seed);
    let hidden = synth.settings().hidden;
    let mut chance = Rng::new(seed ^ PARTS);
    let mut part = || hidden > 0.0 && chance.chance(PART_VIEWS * hidden);
    let outline = if part() { part_view(&sample, &mut rng) } else { view(&sample, &mut rng, difficulty) };
    let in_part = part();
    let views = (0..VIEWS).find_map(|_| {
        let quad = if in_part { part_view(&sample, &mut rng) } else { aligned_view(&sample, &mut rng, difficulty) };
        let seen = synth.seen(&sample, &quad)?;
        (hidden > 0.0 || !seen.contains(&Label::UNKNOWN)).then_some((quad, seen))
    });
    let (quad, seen) = views.unwrap_or_else(|| (sample.quad, sample.seen.clone()));
    let example = Example::new(&frame, &quad, seen, Some(sample.kind), Some(&sample.boxes))
        .with_context(|| format!("rendered plate of seed {seed}"))?;
    Ok(Example { loose: Some(LoosePlate::new(&frame, &outline, &sample.quad)), ..example })
}

/// Distinguishes the stream of chance that leaves out parts of plates.
const PARTS: u64 = 0x7061_7274;

/// The chance that decides how a plate is cropped; a stream apart from the one that draws it.
pub fn view_rng(seed: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(1);
    rng
}
