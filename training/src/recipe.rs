//! A training run as a short file: what differs from the defaults, each line with its reason.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::schedule::ramp;

use kr_lpr_render::synth::{KindMix, SceneSettings, SynthSettings};

/// Everything a run depends on besides this crate's code. The defaults are those of the first full training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Name of the run: it lives in `runs/NAME`.
    pub name: String,
    /// What is trained.
    pub network: Network,
    /// Seed of the weights and of every rendered plate.
    pub seed: u64,
    /// Steps planned; `--minutes` may end the run before.
    pub steps: u64,
    /// Plates a replica sees in a step.
    pub batch_size: usize,
    /// Batches a step, computed side by side: on a CPU one a core, on a GPU 1.
    pub replicas: u64,
    /// A checkpoint whose averaged weights to start from, or a weights file as it ships.
    pub init_from: Option<PathBuf>,
    /// The rendered plates.
    pub renderer: Renderer,
    /// The rendered scenes, for a detector.
    pub scenes: Scenes,
    /// Share of plates drawn from the folder given by `--data`, 0 to 1; at 1 nothing is rendered.
    pub data_fraction: f32,
    /// What is minimised.
    pub losses: Losses,
    /// How.
    pub optimizer: OptimizerSettings,
    /// When to look how far it has come.
    pub validation: Validation,
    /// Minutes between checkpoints.
    pub checkpoint_minutes: f64,
}

/// What a recipe trains.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Network {
    /// Aligner and recognizer, on plates.
    #[default]
    Recognizer,
    /// The detector, on scenes.
    Detector,
}

/// How training scenes are rendered; kinds, threads and difficulty are those of the [`Renderer`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scenes {
    /// Largest width and height of a scene, pixels.
    pub size: [u32; 2],
    /// Share of scenes without a plate.
    pub empty: f32,
    /// Views of each scene; a view shows all of it or a part.
    pub views: u64,
    /// Batches in a row that share a stock of scenes, so that the views of one are not all in one batch.
    pub block: u64,
    /// Weight of the detector's corners and sizes; its map of centres has 1.
    pub outlines: f32,
}

/// How training plates are rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Renderer {
    /// Threads that render while the network trains. On two cores one is enough to keep the network fed.
    pub threads: usize,
    /// Batches a thread renders ahead.
    pub ahead: usize,
    /// Difficulty of the first step, 0 (clean, frontal, sharp) to 1 (everything at once).
    pub first_difficulty: f32,
    /// Difficulty from step `ramp_steps` on, and of the validation plates.
    pub difficulty: f32,
    /// Steps over which the difficulty rises. Shapes are learned faster from plates that show them.
    pub ramp_steps: u64,
    /// Relative frequency of the plate kinds by name.
    pub kinds: KindMix,
    /// Characters as the drawings have them, on every plate the same.
    pub plain_lettering: bool,
    /// Pictures without wear, dirt, shadows and what cameras do to them.
    pub clean_pictures: bool,
    /// Share of examples that are no plate and are to be read as nothing, 0 to 1.
    pub distractors: f32,
    /// Share of plates of which something may hide a part, 0 to 1: on them, before them, light, or the picture's edge.
    pub hidden: f32,
    /// Share of examples that are plates turned, mirrored or flipped and are to be read as nothing, 0 to 1.
    pub turned: f32,
    /// Render only this many plates, over and over: a network that cannot learn those has a bug.
    pub fixed_plates: Option<u64>,
}

/// Weight of each loss; see `losses` for what they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Losses {
    /// Weight of the focal CTC loss: its alpha.
    pub focal_alpha: f32,
    /// Gamma of the focal CTC loss, 0 or at least 1.
    pub focal_gamma: f32,
    /// Weight of the alignment loss at the start.
    pub first_alignment: f32,
    /// Weight of the alignment loss from `alignment_until` on.
    pub alignment: f32,
    /// Progress (0 to 1) at which the alignment loss has come down to its last weight.
    pub alignment_until: f64,
    /// Weight of the mask loss.
    pub mask: f32,
    /// Weight of an empty mask, where a whole one has 1.
    pub empty_mask: f32,
    /// Weight of the pull of features towards their centres.
    pub center: f32,
    /// Step from which on features are pulled.
    pub center_from_step: u64,
    /// Weight of the plate-kind loss.
    pub kind: f32,
    /// Weight of the aligner's loss, which shares no parameter with the others.
    pub corners: f32,
}

/// NAdam, its learning rate and the average of the weights.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OptimizerSettings {
    /// Learning rate after the warm-up.
    pub learning_rate: f64,
    /// Learning rate at the end.
    pub last_learning_rate: f64,
    /// Steps over which the learning rate rises from 0.
    pub warmup_steps: u64,
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Added to the root of the mean squared gradient.
    pub epsilon: f64,
    /// Largest norm of the whole gradient.
    pub max_gradient_norm: f32,
    /// Decay of the average of the weights.
    pub average_decay: f64,
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
            network: Network::default(),
            seed: 1,
            steps: 60_000,
            batch_size: 64,
            replicas: 1,
            init_from: None,
            renderer: Renderer::default(),
            scenes: Scenes::default(),
            data_fraction: 0.5,
            losses: Losses::default(),
            optimizer: OptimizerSettings::default(),
            validation: Validation::default(),
            checkpoint_minutes: 5.0,
        }
    }
}

impl Default for Scenes {
    fn default() -> Self {
        Scenes { size: [640, 480], empty: 0.12, views: 4, block: 8, outlines: 0.1 }
    }
}

impl Default for Renderer {
    fn default() -> Self {
        Renderer {
            threads: 1,
            ahead: 4,
            first_difficulty: 0.2,
            difficulty: 1.0,
            ramp_steps: 4_000,
            kinds: KindMix::default(),
            plain_lettering: false,
            clean_pictures: false,
            distractors: 0.0,
            hidden: 0.0,
            turned: 0.0,
            fixed_plates: None,
        }
    }
}

impl Renderer {
    /// Difficulty of the plates of `step`, counted from 0.
    pub fn difficulty_of(&self, step: u64) -> f32 {
        ramp(self.first_difficulty, self.difficulty, step as f64, self.ramp_steps as f64)
    }
}

impl Default for Losses {
    fn default() -> Self {
        Losses {
            focal_alpha: 0.25,
            focal_gamma: 1.0,
            first_alignment: 1.0,
            alignment: 0.25,
            alignment_until: 0.5,
            mask: 0.5,
            empty_mask: 0.1,
            center: 0.01,
            center_from_step: 20_000,
            kind: 0.2,
            corners: 0.2,
        }
    }
}

impl Default for OptimizerSettings {
    fn default() -> Self {
        OptimizerSettings {
            learning_rate: 2e-3,
            last_learning_rate: 2e-5,
            warmup_steps: 500,
            beta_1: 0.9,
            beta_2: 0.999,
            epsilon: 1e-8,
            max_gradient_norm: 5.0,
            average_decay: 0.999,
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
        ensure!(self.scenes.size.iter().all(|&side| side > 0), "`scenes.size` has a side of 0");
        ensure!(self.scenes.views > 0 && self.scenes.block > 0, "`scenes.views` and `scenes.block` are at least 1");
        for (field, value) in [
            ("scenes.empty", self.scenes.empty),
            ("renderer.first_difficulty", self.renderer.first_difficulty),
            ("renderer.difficulty", self.renderer.difficulty),
            ("renderer.distractors", self.renderer.distractors),
            ("renderer.hidden", self.renderer.hidden),
            ("renderer.turned", self.renderer.turned),
            ("data_fraction", self.data_fraction),
        ] {
            ensure!((0.0..=1.0).contains(&value), "`{field}` is {value}; it goes from 0 to 1");
        }
        let gamma = self.losses.focal_gamma;
        ensure!(gamma == 0.0 || gamma >= 1.0, "`losses.focal_gamma` is {gamma}; it is 0 or at least 1");
        ensure!(self.optimizer.max_gradient_norm > 0.0, "`optimizer.max_gradient_norm` must be above 0");
        ensure!(
            (0.0..1.0).contains(&self.optimizer.average_decay),
            "`optimizer.average_decay` is {}; it goes from 0 to below 1",
            self.optimizer.average_decay
        );
        ensure!(self.validation.every > 0, "`validation.every` is 0");
        Ok(())
    }

    /// What scenes are to be drawn, at the recipe's full difficulty.
    pub fn scene_settings(&self) -> SceneSettings {
        SceneSettings {
            difficulty: self.renderer.difficulty,
            kinds: self.renderer.kinds.clone(),
            colour: false,
            size: self.scenes.size,
            empty: self.scenes.empty,
        }
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
        assert_eq!(recipe.losses, Losses { mask: 0.0, ..Losses::default() });
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
