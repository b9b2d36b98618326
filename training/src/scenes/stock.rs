//! Scenes rendered once and seen in several views: rendering one takes longer than looking at it ten times.

use std::collections::HashMap;
use std::sync::Arc;

use crate::recipe::{Recipe, Scenes};
use crate::scenes::batch::SceneBatch;
use crate::scenes::view;
use kr_lpr_render::seed::mix;
use kr_lpr_render::synth::Synth;
use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{SceneSample, SceneSettings};

/// Makes the batches of a run. A batch depends on the recipe and its number alone.
///
/// Batches are dealt out to as many streams as the run has replicas, and each stream takes `block` batches in a row out of
/// one stock of scenes, so that the views of a scene are spread over them. A thread keeps the stock of each stream it
/// works on.
#[derive(Clone)]
pub struct Stock {
    recipe: Arc<Recipe>,
    settings: Scenes,
    synth: Arc<Synth>,
    /// By stream: the number of the block and its scenes.
    stocks: HashMap<u64, (u64, Arc<Vec<SceneSample>>)>,
}

impl Stock {
    /// Scenes by `recipe`.
    ///
    /// # Errors
    /// When the recipe is not of a detector.
    pub fn new(recipe: &Recipe, synth: Arc<Synth>) -> anyhow::Result<Stock> {
        let settings = recipe.scenes()?.clone();
        Ok(Stock { recipe: Arc::new(recipe.clone()), settings, synth, stocks: HashMap::new() })
    }

    /// Batch `number`.
    pub fn batch(&mut self, number: u64) -> SceneBatch {
        let (streams, block) = (self.recipe.replicas, self.settings.block);
        let (stream, place) = (number % streams, number / streams);
        let block_number = place / block * streams + stream;
        let scenes = match self.stocks.get(&stream) {
            Some((stocked, scenes)) if *stocked == block_number => Arc::clone(scenes),
            _ => {
                let scenes = Arc::new(self.render(block_number, place / block * block));
                self.stocks.insert(stream, (block_number, Arc::clone(&scenes)));
                scenes
            }
        };
        let size = self.recipe.batch_size as u64;
        let mut batch = SceneBatch::default();
        for index in 0..size {
            // Neighbours in the stock are neighbours in a batch; the views of one scene lie a stock apart.
            let of_block = place % block * size + index;
            let scene = &scenes[(of_block % scenes.len() as u64) as usize];
            let mut rng = Rng::new(mix(self.recipe.seed ^ VIEWS, number * size + index));
            let (overview, plates) = view::look(scene, view::draw(scene, &mut rng));
            batch.push(&overview, &plates);
        }
        batch
    }

    /// The scenes of a block whose first batch is one of `step`.
    fn render(&self, block: u64, step: u64) -> Vec<SceneSample> {
        let (Recipe { batch_size, renderer, seed, .. }, Scenes { block: length, views, .. }) =
            (&*self.recipe, &self.settings);
        let count = (length * *batch_size as u64).div_ceil(*views);
        let settings = SceneSettings { difficulty: renderer.difficulty_of(step), ..self.recipe.scene_settings() };
        let fixed = |number: u64| renderer.fixed_plates.map_or(number, |fixed| number % fixed);
        (0..count).map(|index| self.synth.scene(mix(*seed, fixed(block * count + index)), &settings)).collect()
    }
}

/// Sets the seeds of views apart from those of scenes.
const VIEWS: u64 = 0x7669_6577;
