//! `synth`: rendered plates as a dataset on disk.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Context;
use clap::Args;
use kr_lpr::frame::Frame;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr_render::picture::write_png;
use kr_lpr_render::seed::mix;
use kr_lpr_render::synth::{ClipKind, ClipSettings, Sample, Synth, SynthSettings, view};
use kr_lpr_training::dataset::{Split, names_file};
use kr_lpr_training::plates::example::view_rng;
use kr_lpr_training::progress::Progress;
use kr_lpr_training::recipe::Recipe;
use rayon::prelude::*;

use super::video::clip;
use super::{scenes, video};

/// Render plates into a dataset: labels.names, train/ and val/ with character boxes.
#[derive(Args)]
pub struct Arguments {
    /// Folder to make.
    #[arg(long)]
    out: PathBuf,
    /// Pictures, one in ten of them for validation; of a video the frames, 36 if left out.
    #[arg(long, required_unless_present = "video")]
    count: Option<u64>,
    /// Seed of the pictures.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Recipe whose kinds and difficulty to render; else the defaults.
    #[arg(long)]
    recipe: Option<PathBuf>,
    /// Whole scenes with their plates' corners in manifest.json instead.
    #[arg(long)]
    scenes: bool,
    /// Largest width and height of scenes, pixels.
    #[arg(long, value_parser = size, default_value = "1280x720")]
    size: [u32; 2],
    /// A clip of the kind instead, as pictures, clip.json and clip.y4m: approach, pass-by, handheld, occluded, night or
    /// crossing.
    #[arg(long, value_parser = clip, value_name = "KIND", conflicts_with = "scenes")]
    video: Option<ClipKind>,
}

/// Every tenth picture is for validation.
const VALIDATION_EVERY: u64 = 10;

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { out, count, seed, recipe, scenes: of_scenes, size, video: kind } = arguments;
    let recipe = recipe.as_deref().map(Recipe::load).transpose()?;
    // The command line asks for a count wherever there is no video.
    let pictures = count.unwrap_or_default();
    match kind {
        Some(kind) => {
            let frames = count.map_or(Ok(ClipSettings::default().frames), u32::try_from)?;
            video::run(&out, kind, frames, seed, recipe.as_ref())
        }
        None if of_scenes => scenes::run(&out, pictures, seed, recipe.as_ref(), size),
        None => plates(&out, pictures, seed, recipe.as_ref()),
    }
}

/// Writes `labels.names`, `train/` and `val/`.
fn plates(out: &Path, count: u64, seed: u64, recipe: Option<&Recipe>) -> anyhow::Result<()> {
    let settings = recipe.map_or_else(SynthSettings::default, Recipe::synth_settings);
    // Pictures for people and other programs have colours, whatever the network trains on.
    let synth = Synth::new(SynthSettings { colour: true, ..settings })?;
    for split in [Split::Train, Split::Val] {
        let folder = out.join(split.name());
        std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    }
    std::fs::write(out.join("labels.names"), names_file()).context("cannot write labels.names")?;

    let done = AtomicU64::new(0);
    let progress = std::sync::Mutex::new(Progress::new());
    (0..count).into_par_iter().try_for_each(|index| -> anyhow::Result<()> {
        let split = if index % VALIDATION_EVERY == VALIDATION_EVERY - 1 { Split::Val } else { Split::Train };
        write(&synth, mix(seed, index), index, &out.join(split.name()))?;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        if let Ok(mut progress) = progress.try_lock() {
            progress.update(done as f64 / count as f64, || format!("{done} of {count} pictures"));
        }
        Ok(())
    })?;
    eprintln!("{count} pictures in {}", out.display());
    Ok(())
}

/// Writes the picture `{plate}_{index}.png` and its boxes: the part of the frame that a crop would show.
fn write(synth: &Synth, seed: u64, index: u64, folder: &Path) -> anyhow::Result<()> {
    let sample = synth.sample(seed);
    let quad = view(&sample, &mut view_rng(seed), synth.settings().difficulty);
    let crop = Crop::around(&sample, &quad);
    let pixels = crop.pixels(&sample);
    let path = folder.join(format!("{}_{index}.png", sample.text));
    write_png(&path, &Frame::new(&pixels, crop.width, crop.height, sample.format)?)?;
    let boxes: String = sample.boxes.iter().map(|quad| crop.line(quad)).collect();
    std::fs::write(path.with_extension("txt"), boxes)
        .with_context(|| format!("cannot write boxes of {}", path.display()))
}

/// A whole-pixel rectangle of a frame.
struct Crop {
    x: u32,
    y: u32,
    width: u32,
    height: u32,
}

impl Crop {
    fn around(sample: &Sample, quad: &Quad) -> Crop {
        let (x0, y0, x1, y1) = quad.bounding_box();
        let x = (x0.floor().max(0.0) as u32).min(sample.width - 1);
        let y = (y0.floor().max(0.0) as u32).min(sample.height - 1);
        let right = (x1.ceil() as u32).clamp(x + 1, sample.width);
        let bottom = (y1.ceil() as u32).clamp(y + 1, sample.height);
        Crop { x, y, width: right - x, height: bottom - y }
    }

    fn pixels(&self, sample: &Sample) -> Vec<u8> {
        let channels = sample.format.channels();
        let rows = sample.pixels.chunks_exact(sample.width as usize * channels);
        let columns = self.x as usize * channels..(self.x + self.width) as usize * channels;
        rows.skip(self.y as usize)
            .take(self.height as usize)
            .flat_map(|row| row[columns.clone()].iter().copied())
            .collect()
    }

    /// The upright box around `quad` in pixels of the crop, as a line of a box file.
    fn line(&self, quad: &Quad) -> String {
        let (x0, y0, x1, y1) = quad.bounding_box();
        let inside = |point: Point| {
            let x = (point.x - self.x as f32).clamp(0.0, self.width as f32);
            let y = (point.y - self.y as f32).clamp(0.0, self.height as f32);
            (x, y)
        };
        let ((x0, y0), (x1, y1)) = (inside(Point::new(x0, y0)), inside(Point::new(x1, y1)));
        format!("{x0:.1} {y0:.1} {x1:.1} {y1:.1}\n")
    }
}

/// Two numbers such as 1280x720.
fn size(text: &str) -> Result<[u32; 2], String> {
    let numbers = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    numbers.filter(|size| size.iter().all(|&side| side > 0)).ok_or_else(|| "a size is two numbers: 1280x720".to_owned())
}
