//! `synth --scenes`: rendered scenes on disk, listed in a manifest as collections of photographs are.

use std::path::Path;

use anyhow::{Context, ensure};
use kr_lpr_render::picture::write_png;
use kr_lpr_render::seed::mix;
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth, SynthSettings};
use kr_lpr_training::recipe::Recipe;
use rayon::prelude::*;
use serde::Serialize;

/// `manifest.json`, without crops.
#[derive(Serialize)]
struct Manifest {
    crops: [(); 0],
    scenes: Vec<Scene>,
}

#[derive(Serialize)]
struct Scene {
    file: String,
    width: u32,
    height: u32,
    plates: Vec<Plate>,
}

#[derive(Serialize)]
struct Plate {
    label: String,
    kind: &'static str,
    /// Clockwise from the plate's top-left corner, pixels.
    corners: [[f32; 2]; 4],
}

/// Settings of scenes by a recipe, or the defaults; in colour, for the eye.
pub fn settings(recipe: Option<&Recipe>, size: [u32; 2]) -> (SynthSettings, SceneSettings) {
    let synth = recipe.map_or_else(SynthSettings::default, Recipe::synth_settings);
    let scenes = recipe.map_or_else(SceneSettings::default, Recipe::scene_settings);
    (synth, SceneSettings { colour: true, size, ..scenes })
}

/// Writes `count` scenes to `out/scenes` and lists them in `out/manifest.json`.
pub fn run(out: &Path, count: u64, seed: u64, recipe: Option<&Recipe>, size: [u32; 2]) -> anyhow::Result<()> {
    ensure!(size.iter().all(|&side| side > 0), "frames of {}x{} pixels have none", size[0], size[1]);
    let (synth, settings) = settings(recipe, size);
    let synth = Synth::new(synth)?;
    let folder = out.join("scenes");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let scenes = (0..count).into_par_iter().map(|index| {
        let scene = synth.scene(mix(seed, index), &settings);
        let file = format!("scenes/scene_{index:05}.png");
        write_png(&out.join(&file), &scene.frame())?;
        Ok(listed(file, &scene))
    });
    let manifest = Manifest { crops: [], scenes: scenes.collect::<anyhow::Result<_>>()? };
    let text = serde_json::to_string_pretty(&manifest)?;
    std::fs::write(out.join("manifest.json"), text + "\n").context("cannot write manifest.json")?;
    eprintln!("{count} scenes in {}", out.display());
    Ok(())
}

fn listed(file: String, scene: &SceneSample) -> Scene {
    let plates = scene.plates.iter().map(|plate| Plate {
        label: plate.text.to_string(),
        kind: plate.kind.name(),
        corners: plate.quad.corners().map(|point| [point.x, point.y]),
    });
    Scene { file, width: scene.width, height: scene.height, plates: plates.collect() }
}
