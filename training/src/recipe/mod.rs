//! A training run as a short file: what differs from the defaults, each line with its reason.
//!
//! | file | what |
//! |---|---|
//! | `training` | what is trained, and the settings that only that has |
//! | `renderer` | what is rendered |
//! | `optimizer` | how the weights are moved |
//! | `file` | recipes as they are written |

mod file;
mod optimizer;
mod renderer;
mod training;

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use kr_lpr_render::synth::{SceneSettings, SynthSettings};
use serde::{Deserialize, Serialize};

pub use file::from_checkpoint;
pub use optimizer::OptimizerSettings;
pub use renderer::Renderer;
pub use training::{Losses, Plates, Scenes, Training};

use file::RecipeFile;

/// Everything a run depends on besides this crate's code. The defaults are those of the first full training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RecipeFile", into = "RecipeFile")]
pub struct Recipe {
    /// Name of the run: it lives in `runs/NAME`.
    pub name: String,
    /// What is trained, and what only that is told.
    pub training: Training,
    /// Seed of the weights and of every rendered picture.
    pub seed: u64,
    /// Steps planned; `--minutes` may end the run before.
    pub steps: u64,
    /// Plates or views that a replica sees in a step.
    pub batch_size: usize,
    /// Batches a step, computed side by side: on a CPU one a core, on a GPU 1.
    pub replicas: u64,
    /// A checkpoint whose averaged weights to start from, or a weights file as it ships.
    pub init_from: Option<PathBuf>,
    /// The rendered plates and scenes.
    pub renderer: Renderer,
    /// How the weights are moved.
    pub optimizer: OptimizerSettings,
    /// When to look how far it has come.
    pub validation: Validation,
    /// Minutes between checkpoints.
    pub checkpoint_minutes: f64,
}

/// Validation on plates that are never trained on: rendered ones, and `val/` of `--data` where it has that half.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Validation {
    /// Plates of each sort at most, the same ones every time.
    pub plates: usize,
    /// Steps between validations.
    pub every: u64,
}

impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            name: "unnamed".to_owned(),
            training: Training::Recognizer(Plates::default()),
            seed: 1,
            steps: 60_000,
            batch_size: 64,
            replicas: 1,
            init_from: None,
            renderer: Renderer::default(),
            optimizer: OptimizerSettings::default(),
            validation: Validation::default(),
            checkpoint_minutes: 5.0,
        }
    }
}

impl Default for Validation {
    fn default() -> Self {
        Validation { plates: 512, every: 1_000 }
    }
}

impl Recipe {
    /// Reads a recipe.
    ///
    /// # Errors
    /// When the file cannot be read, has an unknown field, or a value makes no sense.
    pub fn load(path: &Path) -> anyhow::Result<Recipe> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read recipe {}", path.display()))?;
        Recipe::parse(&text).with_context(|| format!("in recipe {}", path.display()))
    }

    /// The same recipe with another seed, and the name of a run of its own.
    pub fn with_seed(&self, seed: u64) -> Recipe {
        Recipe { name: format!("{}-seed-{seed}", self.name), seed, ..self.clone() }
    }

    /// Reads a recipe from TOML.
    ///
    /// # Errors
    /// When it has an unknown field or a value makes no sense.
    pub fn parse(text: &str) -> anyhow::Result<Recipe> {
        let recipe: Recipe = toml::from_str(text)?;
        recipe.check()?;
        Ok(recipe)
    }

    /// The recipe as TOML, every field spelt out.
    ///
    /// # Errors
    /// Not for any recipe that was parsed.
    pub fn to_toml(&self) -> anyhow::Result<String> {
        Ok(toml::to_string(self)?)
    }

    fn check(&self) -> anyhow::Result<()> {
        ensure!(
            !self.name.is_empty() && !self.name.contains(['/', '\\']) && !self.name.starts_with('.'),
            "`name` becomes a folder of runs/, so it may not be {:?}",
            self.name
        );
        ensure!(self.steps > 0, "`steps` is 0");
        ensure!(self.batch_size > 1, "`batch_size` is {}; batch norm needs at least 2", self.batch_size);
        ensure!(self.replicas > 0, "`replicas` is 0, so nothing would be learned");
        ensure!(self.renderer.threads > 0, "`renderer.threads` is 0, so nothing would be rendered");
        ensure!(self.renderer.ahead > 0, "`renderer.ahead` is 0; a thread must hold at least one batch");
        ensure!(self.renderer.fixed_plates != Some(0), "`renderer.fixed_plates` is 0");
        for (field, value) in [
            ("renderer.first_difficulty", self.renderer.first_difficulty),
            ("renderer.difficulty", self.renderer.difficulty),
            ("renderer.negatives", self.renderer.negatives),
            ("renderer.hidden", self.renderer.hidden),
            ("renderer.turned", self.renderer.turned),
        ] {
            ensure!((0.0..=1.0).contains(&value), "`{field}` is {value}; it goes from 0 to 1");
        }
        self.training.check()?;
        self.optimizer.check()?;
        ensure!(self.validation.every > 0, "`validation.every` is 0");
        Ok(())
    }

    /// How aligner and recognizer are trained.
    ///
    /// # Errors
    /// When the recipe trains a detector.
    pub fn plates(&self) -> anyhow::Result<&Plates> {
        match &self.training {
            Training::Recognizer(plates) => Ok(plates),
            Training::Detector(_) => bail!("{} trains a detector, which learns from rendered scenes alone", self.name),
        }
    }

    /// How the detector is trained.
    ///
    /// # Errors
    /// When the recipe trains a recognizer.
    pub fn scenes(&self) -> anyhow::Result<&Scenes> {
        match &self.training {
            Training::Detector(scenes) => Ok(scenes),
            Training::Recognizer(_) => {
                bail!("{} trains a recognizer; a detector's recipe says `network = \"detector\"`", self.name)
            }
        }
    }

    /// The same recipe of a recognizer with other settings of its own.
    pub fn with_plates(self, plates: Plates) -> Recipe {
        Recipe { training: Training::Recognizer(plates), ..self }
    }

    /// What scenes are to be drawn, at the recipe's full difficulty.
    pub fn scene_settings(&self) -> SceneSettings {
        let Scenes { size, empty, .. } = self.scenes().cloned().unwrap_or_default();
        let Renderer { difficulty, kinds, .. } = self.renderer.clone();
        SceneSettings { difficulty, kinds, colour: false, size, empty }
    }

    /// What the renderer is to draw, at the recipe's full difficulty.
    pub fn synth_settings(&self) -> SynthSettings {
        let Renderer { difficulty, plain_lettering, clean_pictures, hidden, .. } = self.renderer;
        let kinds = self.renderer.kinds.clone();
        SynthSettings { difficulty, kinds, plain_lettering, clean_pictures, hidden, ..SynthSettings::default() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn defaults_fill_in_and_survive_the_way_to_disk() {
        let recipe = Recipe::parse("name = 'x'\n[losses]\nmask = 0.0").unwrap();
        assert_eq!(recipe.plates().unwrap().losses, Losses { mask: 0.0, ..Losses::default() });
        assert_eq!(Recipe::parse(&recipe.to_toml().unwrap()).unwrap(), recipe);
    }

    #[test]
    fn another_seed_is_another_run_of_the_same_recipe() {
        let recipe = Recipe::parse("name = 'x'\nseed = 1\nsteps = 10").unwrap();
        let other = recipe.with_seed(2);
        assert_eq!((other.name.as_str(), other.seed), ("x-seed-2", 2));
        assert_eq!(Recipe { name: recipe.name.clone(), seed: 1, ..other.clone() }, recipe);
        assert_eq!(Recipe::parse(&other.to_toml().unwrap()).unwrap(), other);
    }

    #[test]
    fn mistakes_are_named() {
        for (text, word) in [
            ("nmae = 'x'", "nmae"),
            ("name = 'a/b'", "name"),
            ("steps = 0", "steps"),
            ("batch_size = 1", "batch_size"),
            ("data_fraction = 1.5", "data_fraction"),
            ("[losses]\nfocal_gamma = 0.5", "focal_gamma"),
            ("[renderer]\nthreads = 0", "threads"),
            ("[renderer.kinds]\nlorry = 1.0", "lorry"),
            ("[renderer.kinds]\nev = 0.0", "no kind"),
        ] {
            let error = format!("{:#}", Recipe::parse(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
    }

    #[test]
    fn the_recipes_of_this_repository_are_valid() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes");
        let mut names = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let recipe = Recipe::load(&path).unwrap();
            assert_eq!(path.file_stem().unwrap().to_str(), Some(recipe.name.as_str()));
            names.push(recipe.name);
        }
        assert!(names.len() >= 2, "{names:?}");
    }
}
