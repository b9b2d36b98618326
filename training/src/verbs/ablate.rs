//! `ablate`: what each part of the training is worth, as a Markdown table.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use kr_lpr::reader::{Mode, ReadOptions};
use kr_lpr_training::ablation::{Variant, train_variant};
use kr_lpr_training::dataset::Collection;
use kr_lpr_training::measure::{Measured, measure, open_reader};
use kr_lpr_training::metrics::Score;
use kr_lpr_training::recipe::Recipe;
use kr_lpr_training::train::checkpoint_path;

pub fn run(
    recipe: &Recipe,
    variants: &[Variant],
    runs: &Path,
    data: Option<&PathBuf>,
    device: &Device,
) -> anyhow::Result<()> {
    let mut rows = Vec::new();
    for variant in variants {
        let score = train_variant(recipe, *variant, runs, device)?;
        let pictures = data.map(|data| {
            let path = checkpoint_path(runs, &variant.of(recipe).name);
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
