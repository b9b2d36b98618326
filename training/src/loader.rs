//! Batches, made on threads of their own while the network trains.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, bail, ensure};
use kr_lpr_render::seed::{held_out, mix, unit};

use crate::dataset::Dataset;
use crate::plates::batch::Batch;
use crate::plates::example::{Example, rendered};
use crate::plates::negatives::negative;
use crate::plates::turned::turned;
use crate::recipe::{Plates, Recipe};
use kr_lpr_render::synth::{Synth, SynthSettings};

/// An endless stream of training batches.
///
/// Batch `i` depends on the recipe and on `i` alone, whatever the number of threads: thread `k` of `t` makes the
/// batches `k`, `k + t`, `k + 2t`, ..., and they are handed out in turn. A resumed run starts at the batch it would have
/// got next.
pub struct Loader<B = Batch> {
    channels: Vec<Receiver<anyhow::Result<B>>>,
    threads: Vec<JoinHandle<()>>,
    stop: Arc<AtomicBool>,
    next: u64,
}

/// What the threads need to make batches.
#[derive(Clone)]
struct Source {
    recipe: Arc<Recipe>,
    plates: Plates,
    /// Left out where nothing is rendered.
    synth: Option<Arc<Synth>>,
    data: Option<Arc<Dataset>>,
}

impl Loader {
    /// Starts the threads of `recipe`; the first batch handed out is number `first`.
    ///
    /// # Errors
    /// When the recipe wants nothing but pictures and there are none, or has no use for those there are; when the
    /// renderer has no glyph for some plate, or a thread cannot be started.
    pub fn start(recipe: &Recipe, data: Option<Arc<Dataset>>, first: u64) -> anyhow::Result<Loader> {
        let plates = recipe.plates()?.clone();
        let fraction = plates.data_fraction;
        ensure!(
            data.is_some() || fraction < 1.0,
            "`data_fraction` is 1, so nothing is rendered: name a dataset with --data, or lower it"
        );
        ensure!(
            data.is_none() || fraction > 0.0,
            "`data_fraction` is 0, so no picture of --data would be used: raise it, up to 1 for nothing else"
        );
        let renders = data.is_none() || fraction < 1.0;
        let synth = renders.then(|| Synth::new(recipe.synth_settings())).transpose()?.map(Arc::new);
        let source = Source { recipe: Arc::new(recipe.clone()), plates, synth, data };
        Loader::of(recipe, first, move |number| source.batch(number))
    }
}

impl<B: Send + 'static> Loader<B> {
    /// Starts the threads of `recipe`, each with a `make` of its own that gives the batch of a number; the first batch
    /// handed out is the first of step `first`.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn of(
        recipe: &Recipe,
        first: u64,
        make: impl FnMut(u64) -> anyhow::Result<B> + Clone + Send + 'static,
    ) -> anyhow::Result<Loader<B>> {
        let stop = Arc::new(AtomicBool::new(false));
        let count = recipe.renderer.threads as u64;
        let (mut channels, mut threads) = (Vec::new(), Vec::new());
        for thread in 0..count {
            let (sender, receiver) = sync_channel(recipe.renderer.ahead);
            let (make, stop) = (make.clone(), Arc::clone(&stop));
            let numbers = (first * recipe.replicas + thread..).step_by(count as usize);
            let run = move || supply(numbers, make, &sender, &stop);
            threads.push(std::thread::Builder::new().name(format!("render {thread}")).spawn(run)?);
            channels.push(receiver);
        }
        Ok(Loader { channels, threads, stop, next: 0 })
    }

    /// The next batch; waits for it if the renderer is behind.
    ///
    /// # Errors
    /// When a picture of the dataset cannot be read.
    pub fn next_batch(&mut self) -> anyhow::Result<B> {
        let channel = &self.channels[(self.next % self.channels.len() as u64) as usize];
        self.next += 1;
        channel.recv().context("a rendering thread died")?
    }
}

impl<B> Drop for Loader<B> {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        self.channels.clear(); // Wakes every thread that waits to send.
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Makes batches until nobody wants them.
fn supply<B>(
    numbers: impl Iterator<Item = u64>,
    mut make: impl FnMut(u64) -> anyhow::Result<B>,
    sender: &SyncSender<anyhow::Result<B>>,
    stop: &AtomicBool,
) {
    for number in numbers {
        if stop.load(Ordering::Relaxed) || sender.send(make(number)).is_err() {
            return;
        }
    }
}

impl Source {
    fn batch(&self, number: u64) -> anyhow::Result<Batch> {
        let size = self.recipe.batch_size as u64;
        let examples: Vec<Example> = (0..size)
            .map(|index| self.example(number / self.recipe.replicas, number * size + index))
            .collect::<anyhow::Result<_>>()?;
        Ok(Batch::new(&examples, self.plates.losses.empty_mask))
    }

    fn example(&self, step: u64, number: u64) -> anyhow::Result<Example> {
        let renderer = &self.recipe.renderer;
        let number = renderer.fixed_plates.map_or(number, |count| number % count);
        let seed = mix(self.recipe.seed, number);
        let is_own = unit(mix(seed, 1)) < self.plates.data_fraction;
        match (&self.data, &self.synth) {
            (Some(data), _) if is_own => data.example(mix(seed, 2)),
            (_, Some(synth)) if unit(mix(seed, 3)) < renderer.negatives => {
                negative(synth, mix(seed, 4), renderer.difficulty_of(step))
            }
            (_, Some(synth)) if unit(mix(seed, 5)) < renderer.turned => {
                turned(synth, mix(seed, 6), renderer.difficulty_of(step))
            }
            (_, Some(synth)) => rendered(synth, seed, renderer.difficulty_of(step)),
            _ => bail!("there is neither a picture nor a renderer"), // `start` made sure of one
        }
    }
}

/// The plates a run is validated on, all of them whole: never trained on, unless the recipe trains on fixed plates, which are
/// then these.
///
/// # Errors
/// When the recipe cannot be rendered.
pub fn validation_examples(recipe: &Recipe) -> anyhow::Result<Vec<Example>> {
    let seeds: Vec<u64> = match recipe.renderer.fixed_plates {
        Some(count) => (0..count).map(|number| mix(recipe.seed, number)).collect(),
        None => (0..recipe.validation.plates as u64).map(|number| held_out(0, number)).collect(),
    };
    examples(recipe, 0.0, &seeds)
}

/// Plates of which something may hide a part, half as many as whole ones, to see what is claimed of them; none where the recipe
/// hides nothing.
///
/// # Errors
/// When the recipe cannot be rendered.
pub fn hidden_examples(recipe: &Recipe) -> anyhow::Result<Vec<Example>> {
    if recipe.renderer.hidden == 0.0 {
        return Ok(Vec::new());
    }
    let seeds: Vec<u64> = (0..recipe.validation.plates as u64 / 2).map(|number| held_out(1, number)).collect();
    examples(recipe, 1.0, &seeds)
}

fn examples(recipe: &Recipe, hidden: f32, seeds: &[u64]) -> anyhow::Result<Vec<Example>> {
    let synth = Synth::new(SynthSettings { hidden, ..recipe.synth_settings() })?;
    seeds.iter().map(|&seed| rendered(&synth, seed, recipe.renderer.difficulty)).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::losses::testing::values;
    use burn::tensor::Device;

    fn recipe(threads: usize) -> Recipe {
        let mut recipe = Recipe { batch_size: 2, ..Recipe::default() };
        recipe.renderer.threads = threads;
        recipe.renderer.ahead = 1;
        recipe
    }

    fn images(loader: &mut Loader, count: usize) -> Vec<Vec<f32>> {
        (0..count).map(|_| values(loader.next_batch().unwrap().into_tensors(&Device::flex()).images)).collect()
    }

    #[test]
    fn batches_do_not_depend_on_threads_or_on_where_a_run_was_resumed() {
        let alone = images(&mut Loader::start(&recipe(1), None, 0).unwrap(), 4);
        let three = images(&mut Loader::start(&recipe(3), None, 0).unwrap(), 4);
        let resumed = images(&mut Loader::start(&recipe(2), None, 2).unwrap(), 2);
        assert_eq!(alone, three);
        assert_eq!(alone[2..], resumed);
        assert_ne!(alone[0], alone[1]);
    }

    #[test]
    fn what_a_recipe_cannot_use_is_refused() {
        let data = || Some(Arc::new(Dataset { entries: Vec::new() }));
        for (fraction, data, word) in [(1.0, None, "--data"), (0.0, data(), "no picture")] {
            let recipe = recipe(1).with_plates(Plates { data_fraction: fraction, ..Plates::default() });
            let error = Loader::start(&recipe, data, 0).err().unwrap().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn fixed_plates_repeat_and_are_the_validation_plates() {
        let mut recipe = recipe(1);
        recipe.renderer.fixed_plates = Some(2);
        recipe.renderer.first_difficulty = recipe.renderer.difficulty;
        let batches = images(&mut Loader::start(&recipe, None, 0).unwrap(), 2);
        assert_eq!(batches[0], batches[1]);
        let validation = validation_examples(&recipe).unwrap();
        let pixels: Vec<f32> = validation.into_iter().flat_map(|example| example.pixels).collect();
        assert_eq!(pixels, batches[0]);
    }

    #[test]
    fn the_share_asked_for_is_no_plate() {
        let texts = |share: f32| {
            let mut recipe = recipe(1);
            recipe.batch_size = 12;
            recipe.renderer.negatives = share;
            let batch = Loader::start(&recipe, None, 0).unwrap().next_batch().unwrap().into_tensors(&Device::flex());
            values(batch.lengths.float()).into_iter().filter(|&length| length > 0.0).count()
        };
        assert_eq!((texts(0.0), texts(1.0)), (12, 0));
        assert!((1..12).contains(&texts(0.5)));
    }
}
