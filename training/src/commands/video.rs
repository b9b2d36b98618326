//! `synth --video`: a rendered clip as pictures, as a list of where its plates are, and as a video.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, ensure};
use kr_lpr_render::picture::write_png;
use kr_lpr_render::synth::{ClipFrame, ClipKind, ClipPlate, ClipSettings, Synth, SynthSettings};
use kr_lpr_render::y4m::Y4m;
use kr_lpr_training::recipe::Recipe;
use serde::Serialize;

/// `clip.json`.
#[derive(Serialize)]
struct Listing {
    clip: &'static str,
    seed: u64,
    fps: u32,
    width: u32,
    height: u32,
    frames: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    file: String,
    /// ms after the first frame.
    timestamp: f64,
    plates: Vec<Plate>,
}

#[derive(Serialize)]
struct Plate {
    /// Which vehicle of the clip carries it.
    vehicle: usize,
    text: String,
    kind: &'static str,
    /// Clockwise from the plate's top-left corner, pixels; some may be outside the frame.
    corners: [[f32; 2]; 4],
    /// Share of the plate that is hidden or outside the frame.
    hidden: f32,
}

/// Writes the clip of `seed` to `out`: `frame_0000.png` and so on, `clip.json` and `clip.y4m`.
pub fn run(out: &Path, kind: ClipKind, frames: u32, seed: u64, recipe: Option<&Recipe>) -> anyhow::Result<()> {
    ensure!(frames > 0, "a clip of no frames has nothing to show");
    let synth = Synth::new(recipe.map_or_else(SynthSettings::default, Recipe::synth_settings))?;
    let mut settings = ClipSettings { colour: true, frames, ..ClipSettings::default() };
    if recipe.is_some() {
        let SynthSettings { difficulty, kinds, .. } = synth.settings().clone();
        settings = ClipSettings { difficulty, kinds, ..settings };
    }
    let clip = synth.clip(seed, kind, &settings);
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let path = out.join("clip.y4m");
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let mut file = BufWriter::new(file);
    let mut video = Y4m::new(&mut file, settings.size, settings.fps)?;
    let mut listing = Vec::new();
    for (index, frame) in clip.frames().enumerate() {
        let name = format!("frame_{index:04}.png");
        write_png(&out.join(&name), &frame.frame())?;
        video.push(&frame.frame())?;
        listing.push(listed(name, &frame));
    }
    file.flush().with_context(|| format!("cannot write {}", path.display()))?;
    let [width, height] = settings.size;
    let listing = Listing { clip: kind.name(), seed, fps: settings.fps, width, height, frames: listing };
    let text = serde_json::to_string_pretty(&listing)?;
    std::fs::write(out.join("clip.json"), text + "\n").context("cannot write clip.json")?;
    eprintln!("{frames} frames in {}", out.display());
    Ok(())
}

fn listed(file: String, frame: &ClipFrame) -> Listed {
    let plate = |plate: &ClipPlate| Plate {
        vehicle: plate.vehicle,
        text: plate.text.to_string(),
        kind: plate.kind.name(),
        corners: plate.quad.corners().map(|point| [point.x, point.y]),
        hidden: plate.hidden,
    };
    Listed { file, timestamp: frame.timestamp, plates: frame.plates.iter().map(plate).collect() }
}

/// A clip by its name.
pub fn clip(name: &str) -> Result<ClipKind, String> {
    ClipKind::from_name(name).ok_or_else(|| format!("the clips are {}", ClipKind::ALL.map(ClipKind::name).join(", ")))
}
