//! `ablate`: what each part of the training is worth, as a Markdown table.

use std::path::PathBuf;

use clap::Args;
use kr_lpr::reader::{Mode, ReadOptions};
use kr_lpr_training::ablation::{Variant, train_variant};
use kr_lpr_training::dataset::Collection;
use kr_lpr_training::device::DeviceChoice;
use kr_lpr_training::evaluation::pictures::{Measured, measure, open_reader};
use kr_lpr_training::evaluation::score::Score;
use kr_lpr_training::recipe::Recipe;
use kr_lpr_training::train::checkpoint_path;

/// Train a short recipe again and again, each time without one part, and say what that costs.
#[derive(Args)]
pub struct Arguments {
    /// Recipe to leave parts out of.
    #[arg(long, default_value = "training/recipes/ablation.toml")]
    recipe: PathBuf,
    /// What to leave out, once for each; every part, and nothing, if not given.
    #[arg(long, value_parser = variant)]
    without: Vec<Variant>,
    /// Collection to read as well, as `eval` takes it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// What computes.
    #[arg(long, value_enum, default_value = "flex")]
    device: DeviceChoice,
    /// Folder of runs; those that are there go on, or are read with if they have ended.
    #[arg(long, default_value = "runs/ablation")]
    runs: PathBuf,
}

pub fn run(Arguments { recipe, without, data, device, runs }: Arguments) -> anyhow::Result<()> {
    let variants = if without.is_empty() { Variant::ALL.to_vec() } else { without };
    let (recipe, device) = (Recipe::load(&recipe)?, device.open()?);
    let mut rows = Vec::new();
    for variant in &variants {
        let score = train_variant(&recipe, *variant, &runs, &device)?;
        let pictures = data.as_ref().map(|data| {
            let path = checkpoint_path(&runs, &variant.of(&recipe)?.name);
            let options = ReadOptions { mode: Mode::Crop, ..ReadOptions::default() };
            anyhow::Ok(measure(&open_reader(&path)?, Collection::open(data)?.crops, &options))
        });
        rows.push(row(variant, &score, pictures.transpose()?.as_deref()));
    }
    println!("| left out | {} rendered plates right | characters wrong | pictures right |", recipe.validation.plates);
    println!("|---|---|---|---|");
    rows.iter().for_each(|row| println!("{row}"));
    Ok(())
}

fn row(variant: &Variant, score: &Score, pictures: Option<&[Measured]>) -> String {
    let accuracy = 100.0 * score.total().accuracy().unwrap_or(0.0);
    let pictures = pictures.map_or(String::new(), |pictures| {
        format!("{} of {}", pictures.iter().filter(|picture| picture.is_right()).count(), pictures.len())
    });
    format!("| {} | {accuracy:.1} % | {:.2} % | {pictures} |", variant.name, 100.0 * score.character_error_rate())
}

fn variant(name: &str) -> Result<Variant, String> {
    Variant::from_name(name)
        .ok_or_else(|| format!("what can be left out is {}", Variant::ALL.map(|variant| variant.name).join(", ")))
}
