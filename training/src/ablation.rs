//! What each part of the training is worth: the same short run with one part left out at a time.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use burn::tensor::Device;

use crate::evaluation::score::Score;
use crate::evaluation::validation::Validation;
use crate::recipe::{Losses, Plates, Recipe};
use crate::task::PlateTask;
use crate::train::{Outcome, RunOptions, checkpoint_path, train};

/// A run with something left out.
#[derive(Clone, Copy)]
pub struct Variant {
    /// What is left out; also the name of its run.
    pub name: &'static str,
    leave_out: fn(&mut Recipe, &mut Losses),
}

impl Variant {
    /// All there are, the first with nothing left out.
    pub const ALL: [Variant; 9] = [
        Variant { name: "nothing", leave_out: |_, _| {} },
        // Plain CTC, of the weight that a focal one has on a plate it gives even odds.
        Variant {
            name: "focal",
            leave_out: |_, losses| {
                losses.focal_alpha *= 0.5_f32.powf(losses.focal_gamma);
                losses.focal_gamma = 0.0;
            },
        },
        Variant { name: "alignment", leave_out: |_, losses| (losses.first_alignment, losses.alignment) = (0.0, 0.0) },
        Variant { name: "mask", leave_out: |_, losses| losses.mask = 0.0 },
        Variant { name: "center", leave_out: |_, losses| losses.center = 0.0 },
        Variant { name: "kind", leave_out: |_, losses| losses.kind = 0.0 },
        Variant { name: "typefaces", leave_out: |recipe, _| recipe.renderer.plain_lettering = true },
        Variant { name: "degradations", leave_out: |recipe, _| recipe.renderer.clean_pictures = true },
        Variant { name: "average", leave_out: |recipe, _| recipe.optimizer.average_decay = 0.0 },
    ];

    /// The variant called `name`.
    pub fn from_name(name: &str) -> Option<Variant> {
        Variant::ALL.into_iter().find(|variant| variant.name == name)
    }

    /// `recipe` without it.
    ///
    /// # Errors
    /// When the recipe trains a detector, which has none of these parts.
    pub fn of(&self, recipe: &Recipe) -> anyhow::Result<Recipe> {
        let mut plates: Plates = recipe.plates()?.clone();
        let mut recipe = Recipe { name: format!("{}-without-{}", recipe.name, self.name), ..recipe.clone() };
        (self.leave_out)(&mut recipe, &mut plates.losses);
        Ok(recipe.with_plates(plates))
    }
}

/// Trains `variant` of `recipe` in `runs`, and reads with it the plates that `recipe` itself is validated on. A run that is
/// there already goes on, or is only read with when it has come to its end.
///
/// # Errors
/// As [`train`], and when the recipe's renderer has something left out already.
pub fn train_variant(recipe: &Recipe, variant: Variant, runs: &Path, device: &Device) -> anyhow::Result<Score> {
    ensure!(!recipe.renderer.plain_lettering && !recipe.renderer.clean_pictures, "{} is no whole recipe", recipe.name);
    let validation = Validation::new(recipe, None)?;
    let shortened = variant.of(recipe)?;
    let resume = checkpoint_path(runs, &shortened.name).exists();
    let options =
        RunOptions { runs: runs.to_owned(), device: device.clone(), data: None, resume, budget: None::<Duration> };
    let Outcome { networks, .. } = train::<PlateTask>(&shortened, options)?;
    validation.of(&networks.recognizer, device)?.rendered.context("rendered plates are always validated on")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn each_leaves_one_thing_out() {
        let whole = Recipe { name: "whole".to_owned(), ..Recipe::default() };
        let mut recipes: Vec<String> = Vec::new();
        for variant in Variant::ALL {
            let recipe = variant.of(&whole).unwrap();
            assert_eq!(recipe.name, format!("whole-without-{}", variant.name));
            let renamed = Recipe { name: whole.name.clone(), ..recipe };
            assert_eq!(renamed == whole, variant.name == "nothing", "{}", variant.name);
            Recipe::parse(&renamed.to_toml().unwrap()).unwrap();
            recipes.push(renamed.to_toml().unwrap());
            assert_eq!(Variant::from_name(variant.name).map(|found| found.name), Some(variant.name));
        }
        recipes.sort();
        recipes.dedup();
        assert_eq!(recipes.len(), Variant::ALL.len());
        assert!(Variant::from_name("everything").is_none());
    }
}
