//! A recipe as it is written: TOML, or the JSON of a checkpoint.

use std::path::PathBuf;

use anyhow::ensure;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::optimizer::OptimizerSettings;
use super::renderer::Renderer;
use super::training::{Losses, Plates, Scenes, Training};
use super::{Recipe, Validation};

/// Every field that a recipe may have; those of the other network are left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct RecipeFile {
    name: String,
    network: Network,
    seed: u64,
    steps: u64,
    batch_size: usize,
    replicas: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    init_from: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    data_fraction: Option<f32>,
    checkpoint_minutes: f64,
    renderer: Renderer,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenes: Option<Scenes>,
    #[serde(skip_serializing_if = "Option::is_none")]
    losses: Option<Losses>,
    optimizer: OptimizerSettings,
    validation: Validation,
}

/// What `network` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Network {
    #[default]
    Recognizer,
    Detector,
}

impl Default for RecipeFile {
    fn default() -> Self {
        let of_plates = RecipeFile::from(Recipe::default());
        RecipeFile { data_fraction: None, losses: None, scenes: None, ..of_plates }
    }
}

impl TryFrom<RecipeFile> for Recipe {
    type Error = anyhow::Error;

    fn try_from(file: RecipeFile) -> anyhow::Result<Recipe> {
        let RecipeFile { name, network, seed, steps, batch_size, replicas, init_from, checkpoint_minutes, .. } = file;
        let training = match network {
            Network::Recognizer => {
                ensure!(
                    file.scenes.is_none(),
                    "`scenes` are for a detector: say `network = \"detector\"`, or leave them out"
                );
                Training::Recognizer(Plates {
                    data_fraction: file.data_fraction.unwrap_or(Plates::default().data_fraction),
                    losses: file.losses.unwrap_or_default(),
                })
            }
            Network::Detector => {
                ensure!(file.losses.is_none(), "`losses` are for a recognizer; a detector has `scenes.outlines` alone");
                ensure!(
                    file.data_fraction.is_none(),
                    "`data_fraction` is for a recognizer; a detector learns from scenes"
                );
                Training::Detector(file.scenes.unwrap_or_default())
            }
        };
        let RecipeFile { renderer, optimizer, validation, .. } = file;
        Ok(Recipe {
            name,
            training,
            seed,
            steps,
            batch_size,
            replicas,
            init_from,
            renderer,
            optimizer,
            validation,
            checkpoint_minutes,
        })
    }
}

impl From<Recipe> for RecipeFile {
    fn from(recipe: Recipe) -> RecipeFile {
        let Recipe { name, training, seed, steps, batch_size, replicas, init_from, .. } = recipe;
        let (network, data_fraction, losses, scenes) = match training {
            Training::Recognizer(Plates { data_fraction, losses }) => {
                (Network::Recognizer, Some(data_fraction), Some(losses), None)
            }
            Training::Detector(scenes) => (Network::Detector, None, None, Some(scenes)),
        };
        let Recipe { renderer, optimizer, validation, checkpoint_minutes, .. } = recipe;
        RecipeFile {
            name,
            network,
            seed,
            steps,
            batch_size,
            replicas,
            init_from,
            data_fraction,
            checkpoint_minutes,
            renderer,
            scenes,
            losses,
            optimizer,
            validation,
        }
    }
}

/// Reads the recipe of a checkpoint. Those of before recipes were of one network have the settings of both.
pub fn from_checkpoint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Recipe, D::Error> {
    let mut fields = Value::deserialize(deserializer)?;
    if let Value::Object(fields) = &mut fields {
        let others: &[&str] = match fields.get("network") {
            Some(network) if network == "detector" => &["losses", "data_fraction"],
            _ => &["scenes"],
        };
        others.iter().for_each(|&field| drop(fields.remove(field)));
    }
    Recipe::deserialize(fields).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use serde_json::json;

    #[test]
    fn the_settings_of_the_other_network_are_refused() {
        for (text, word) in [
            ("[scenes]\nempty = 0.5", "detector"),
            ("network = 'detector'\n[losses]\nmask = 0.0", "losses"),
            ("network = 'detector'\ndata_fraction = 0.5", "data_fraction"),
        ] {
            let error = format!("{:#}", Recipe::parse(text).unwrap_err());
            assert!(error.contains(word), "{text}: {error}");
        }
        let detector = Recipe::parse("network = 'detector'\n[scenes]\nempty = 0.5").unwrap();
        assert_eq!(detector.scenes().unwrap().empty, 0.5);
        let text = detector.to_toml().unwrap();
        assert!(!text.contains("losses") && !text.contains("data_fraction"), "{text}");
        assert_eq!(Recipe::parse(&text).unwrap(), detector);
    }

    #[test]
    fn a_checkpoint_of_before_has_the_settings_of_both() {
        #[derive(Deserialize)]
        struct State {
            #[serde(deserialize_with = "from_checkpoint")]
            recipe: Recipe,
        }
        let of = |network: &str| {
            let recipe = json!({ "name": "old", "network": network, "data_fraction": 0.5, "renderer": { "distractors": 0.25 },
                "scenes": { "empty": 0.25 }, "losses": { "mask": 0.25 } });
            serde_json::from_value::<State>(json!({ "recipe": recipe })).unwrap().recipe
        };
        assert_eq!(of("detector").scenes().unwrap().empty, 0.25);
        assert_eq!(of("recognizer").plates().unwrap().losses.mask, 0.25);
        assert_eq!(of("recognizer").renderer.negatives, 0.25);
        let now = serde_json::to_value(of("recognizer")).unwrap();
        assert_eq!(serde_json::from_value::<State>(json!({ "recipe": now })).unwrap().recipe, of("recognizer"));
    }
}
