//! `preview`: look at what is rendered before training on it.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use image::RgbImage;
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage, rectify};
use kr_lpr_render::contact_sheet::ContactSheet;
use kr_lpr_render::picture::Picture;
use kr_lpr_render::seed::mix;
use kr_lpr_render::synth::{self, Captions, Sample, SceneSettings, Synth, SynthSettings};
use kr_lpr_training::dataset::{Dataset, Split};
use kr_lpr_training::plates::augment::augmented;
use kr_lpr_training::plates::example::{Example, rendered};
use kr_lpr_training::recipe::{Recipe, Training};
use kr_lpr_training::scenes::sheet::sheet as overview_sheet;
use kr_lpr_training::scenes::view::seen;

/// Draw one sheet of a recipe's plates as PNG.
#[derive(Args)]
pub struct Arguments {
    /// Recipe to preview.
    #[arg(long)]
    recipe: PathBuf,
    /// Dataset whose pictures to show instead, as training sees them.
    #[arg(long, conflicts_with_all = ["step", "outlines"])]
    data: Option<PathBuf>,
    /// PNG file to write.
    #[arg(long)]
    out: PathBuf,
    /// Plates on the sheet.
    #[arg(long, default_value_t = 40)]
    count: u64,
    /// Step whose difficulty to show; the full difficulty if left out.
    #[arg(long)]
    step: Option<u64>,
    /// Draw the outlines of plates and characters.
    #[arg(long)]
    outlines: bool,
    /// Show the rectified plates, as the network sees them.
    #[arg(long)]
    rectified: bool,
    /// Show whole scenes; with `outlines`, the plates in them.
    #[arg(long, conflicts_with_all = ["data", "rectified"])]
    scenes: bool,
}

/// Plates a row on a sheet of rectified plates.
const COLUMNS: u32 = 8;

/// Width and height of a rectified plate.
const PLATE: [u32; 2] = [PLATE_WIDTH as u32, PLATE_HEIGHT as u32];

/// What to show of rendered pictures.
struct View {
    count: u64,
    step: Option<u64>,
    outlines: bool,
    rectified: bool,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { recipe, data, out, count, step, outlines, rectified, scenes: of_scenes } = arguments;
    let (recipe, view) = (Recipe::load(&recipe)?, View { count, step, outlines, rectified });
    match data {
        Some(data) => own(&recipe, &data, &out, count),
        None if of_scenes => scenes(&recipe, &out, &view),
        None => match recipe.training {
            Training::Recognizer(_) => plates(&recipe, &out, &view),
            Training::Detector(_) => overviews(&recipe, &out, &view),
        },
    }
}

/// Plates as the renderer draws them, or as the network sees them.
fn plates(recipe: &Recipe, out: &Path, show: &View) -> anyhow::Result<()> {
    let difficulty = show.step.map_or(recipe.renderer.difficulty, |step| recipe.renderer.difficulty_of(step));
    // Colour is for the eye; the luma the network gets is that of the grey rendering.
    let colour = !show.rectified;
    let synth = Synth::new(SynthSettings { difficulty, colour, ..recipe.synth_settings() })?;
    let seeds: Vec<u64> = (0..show.count).map(|number| mix(recipe.seed, number)).collect();
    let save = |result: image::ImageResult<()>| result.with_context(|| format!("cannot write {}", out.display()));
    let captions = Captions::new()?;
    if show.rectified {
        let plates =
            seeds.iter().map(|&seed| rendered(&synth, seed, difficulty)).collect::<anyhow::Result<Vec<_>>>()?;
        save(captioned(&plates, &captions).save(out))
    } else {
        let samples: Vec<Sample> = seeds.iter().map(|&seed| synth.sample_at(seed, difficulty)).collect();
        save(synth::sheet(&samples, show.outlines, &captions).save(out))
    }
}

/// What the recognizer is given, and beneath it what it is to say.
fn captioned(plates: &[Example], captions: &Captions) -> RgbImage {
    let [width, height] = PLATE;
    let mut sheet = ContactSheet::new(plates.len(), [width + 4, height + 26], COLUMNS, [0; 3]);
    for (index, plate) in plates.iter().enumerate() {
        let cell = sheet.put(index, PLATE, |x, y| {
            // Normalised to mean 0 and deviation 1: most lies within two and a half of them.
            let grey = plate.pixels[(y * width + x) as usize] * 50.0 + 128.0;
            [grey.clamp(0.0, 255.0) as u8; 3]
        });
        let [x, y] = cell.origin;
        captions.draw(sheet.image_mut(), [x, y + height + 3], 18, &plate.labels);
    }
    sheet.into_image()
}

/// Whole scenes of the recipe's kinds, as large as training has them.
fn scenes(recipe: &Recipe, out: &Path, show: &View) -> anyhow::Result<()> {
    let size = SceneSettings::default().size;
    let (settings, scenes) = super::scenes::settings(Some(recipe), size);
    let difficulty = show.step.map_or(recipe.renderer.difficulty, |step| recipe.renderer.difficulty_of(step));
    let (synth, scenes) = (Synth::new(settings)?, SceneSettings { difficulty, ..scenes });
    let scenes: Vec<_> = (0..show.count).map(|number| synth.scene(mix(recipe.seed, number), &scenes)).collect();
    let saved = synth::scene_sheet(&scenes, show.outlines).save(out);
    saved.with_context(|| format!("cannot write {}", out.display()))
}

/// Views of scenes as the detector sees them, with what it is to say.
fn overviews(recipe: &Recipe, out: &Path, show: &View) -> anyhow::Result<()> {
    let difficulty = show.step.map_or(recipe.renderer.difficulty, |step| recipe.renderer.difficulty_of(step));
    let settings = SceneSettings { difficulty, ..recipe.scene_settings() };
    let synth = Synth::new(recipe.synth_settings())?;
    let views: Vec<_> = (0..show.count)
        .map(|number| {
            let (overview, plates) = seen(&synth, mix(recipe.seed, number), &settings);
            (overview, plates, Vec::new())
        })
        .collect();
    overview_sheet(&views).save(out).with_context(|| format!("cannot write {}", out.display()))
}

/// Pictures of `data/train` as training sees them: augmented and rectified.
fn own(recipe: &Recipe, data: &Path, out: &Path, count: u64) -> anyhow::Result<()> {
    let dataset = Dataset::open(data, Split::Train)?;
    let plates = (0..count).map(|number| {
        let (entry, seed) = dataset.chosen(mix(recipe.seed, number));
        let picture = augmented(&Picture::open(&entry.path)?.frame(), seed);
        Ok(rectify(&picture.frame(), &picture.quad))
    });
    let sheet = side_by_side(&plates.collect::<anyhow::Result<Vec<_>>>()?);
    sheet.save(out).with_context(|| format!("cannot write {}", out.display()))
}

/// The plate images themselves.
fn side_by_side(plates: &[PlateImage]) -> RgbImage {
    let [width, height] = PLATE;
    let mut sheet = ContactSheet::new(plates.len(), [width + 4, height + 4], COLUMNS, [0; 3]);
    for (index, plate) in plates.iter().enumerate() {
        sheet.put(index, PLATE, |x, y| [plate.pixels()[(y * width + x) as usize]; 3]);
    }
    sheet.into_image()
}
