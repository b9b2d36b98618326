//! The training loop.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};
use kr_lpr::labels;
use rayon::prelude::*;

use crate::average::Average;
use crate::checkpoint::{Checkpoint, RunState};
use crate::dataset::OwnPlates;
use crate::kernels::TrainingKernels;
use crate::metrics::{Columns, MetricsFile, Row};
use crate::optimizer::{NAdam, clip_by_global_norm, squared_norm};
use crate::progress::{Progress, human};
use crate::recipe::Recipe;
use crate::schedule::{LearningRateSchedule, Plan};
use crate::task::{Moment, Task};

/// Steps between two lines of `metrics.csv`.
const METRICS_EVERY: u64 = 50;

/// Steps in a row whose loss or gradient may be infinite or not a number; each is skipped.
const MAX_BROKEN_STEPS: u32 = 20;

/// What a run is told besides its recipe.
pub struct RunOptions {
    /// Folder of runs; this one lives in `runs/NAME`.
    pub runs: PathBuf,
    /// Device to train on, without gradients.
    pub device: Device,
    /// Pictures to train on, alone or mixed with rendered plates as the recipe says.
    pub data: Option<OwnPlates>,
    /// Go on from the run's checkpoint.
    pub resume: bool,
    /// Wall-clock budget of this process.
    pub budget: Option<Duration>,
}

/// How a run ended.
pub struct Outcome<T: Task> {
    /// Steps done.
    pub step: u64,
    /// The last validation, of the averaged weights.
    pub score: T::Score,
    /// The averaged weights.
    pub networks: T::Networks,
}

/// File of the checkpoint in the folder of a run.
pub fn checkpoint_path(runs: &Path, name: &str) -> PathBuf {
    runs.join(name).join("checkpoint")
}

/// Trains the networks of a task by `recipe` until its steps or the time are used up.
///
/// # Errors
/// When the recipe is of another task, files cannot be read or written, or the training diverges.
pub fn train<T: Task>(recipe: &Recipe, options: RunOptions) -> anyhow::Result<Outcome<T>> {
    prepare(recipe, &options)?;
    let task = T::new(recipe, options.data.clone())?;
    run(&task, recipe, options)
}

/// Makes the folder of the run, which must be new unless the run goes on.
fn prepare(recipe: &Recipe, options: &RunOptions) -> anyhow::Result<()> {
    let RunOptions { runs, resume, .. } = options;
    let folder = runs.join(&recipe.name);
    let checkpoint_path = checkpoint_path(runs, &recipe.name);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    ensure!(
        *resume || !checkpoint_path.exists(),
        "{} holds a run; go on with --resume, or rename the folder or the recipe",
        folder.display()
    );
    std::fs::write(folder.join("recipe.toml"), recipe.to_toml()?).context("cannot write recipe.toml")
}

fn run<T: Task>(task: &T, recipe: &Recipe, options: RunOptions) -> anyhow::Result<Outcome<T>> {
    let RunOptions { runs, device, resume, budget, .. } = options;
    let (folder, checkpoint_path) = (runs.join(&recipe.name), checkpoint_path(&runs, &recipe.name));

    // Network, optimizer, average: from the run's checkpoint, from other weights, or new.
    let training_device = device.clone().autodiff();
    device.seed(recipe.seed);
    let settings = &recipe.optimizer;
    let nadam = NAdam { beta_1: settings.beta_1, beta_2: settings.beta_2, epsilon: settings.epsilon };
    let mut trainee = task.trainee(&training_device);
    let mut optimizer = nadam.init();
    let mut state =
        RunState { step: 0, seconds: 0.0, progress: 0.0, alphabet: labels::fingerprint(), recipe: recipe.clone() };
    let mut average = Average::new(task.networks(&trainee).valid(), settings.average_decay, 0);
    if resume {
        let checkpoint = Checkpoint::load(&checkpoint_path)?;
        trainee = checkpoint.trainee(trainee)?;
        optimizer = checkpoint.optimizer::<T::Networks>(optimizer)?;
        // What was restored has grown to today's alphabet, and so will what is saved have.
        state = RunState { recipe: recipe.clone(), alphabet: labels::fingerprint(), ..checkpoint.state.clone() };
        average = Average::new(checkpoint.average(&device)?, settings.average_decay, state.step);
    } else if let Some(path) = &recipe.init_from {
        trainee = task.begin_with(path, trainee, &training_device)?;
        average = Average::new(task.networks(&trainee).valid(), settings.average_decay, 0);
    }

    let kernels = TrainingKernels::for_device(&device);
    let plan = Plan::going_on(recipe.steps, state.step, state.progress, budget);
    let rate = LearningRateSchedule {
        peak: settings.learning_rate,
        last: settings.last_learning_rate,
        warmup_steps: settings.warmup_steps,
    };
    let mut metrics = MetricsFile::open(&folder.join("metrics.csv"), state.step, &metrics_columns(task))?;
    let mut progress = Progress::new();
    progress.say(&format!(
        "{}: {} parameters, {:.2} M multiply-adds an image, {} x {} images a step, {} steps planned{}, on {device:?} with {kernels:?} kernels",
        recipe.name,
        task.networks(&trainee).num_params(),
        task.multiply_adds(task.networks(&trainee)) as f64 / 1e6,
        recipe.replicas,
        recipe.batch_size,
        recipe.steps,
        budget.map_or(String::new(), |budget| format!(" within {}", human(budget.as_secs_f64()))),
    ));
    if state.step == 0 && recipe.init_from.is_some() {
        progress.say(&format!("begins with {}", task.line(&task.validate(average.module(), &device)?)));
    }
    if state.step > 0 {
        progress.say(&format!("going on from step {} after {}", state.step, human(state.seconds)));
    }

    let mut loader = task.loader(recipe, state.step)?;
    let (began, seconds_before) = (Instant::now(), state.seconds);
    let mut last_checkpoint = Instant::now();
    let mut recent = Recent::new(task.columns().losses);
    let mut last_score = None;
    let mut broken = 0;
    let mut done = plan.progress(state.step, Duration::ZERO);
    while done < 1.0 {
        // 1. A batch for every replica; the renderer's threads made them while the last step was computed.
        let batches = (0..recipe.replicas).map(|_| loader.next_batch()).collect::<anyhow::Result<Vec<_>>>()?;
        let images = batches.iter().map(|batch| task.images(batch)).sum();

        // 2. Forward and backward.
        let moment = Moment { step: state.step, progress: done };
        let (mut gradients, losses) = gradients_of(task, &trainee, batches, moment, kernels, &training_device)?;
        let (losses, gradient_norm) =
            read_losses(losses, squared_norm(&trainee, &gradients).context("no parameter has a gradient")?)?;

        // 3. The optimizer; a step that is not finite would poison the weights and what is remembered of them.
        let learning_rate = rate.at(state.step, done);
        if losses[0].is_finite() && gradient_norm.is_finite() {
            broken = 0;
            clip_by_global_norm(&trainee, &mut gradients, gradient_norm, settings.max_gradient_norm);
            trainee = optimizer.step(learning_rate, trainee, gradients);
            average.update(task.networks(&trainee));
            recent.add(&losses, gradient_norm, images);
        } else {
            broken += 1;
            progress.say(&format!("step {}: skipped, the loss is not finite: {losses:?}", state.step));
            if broken > MAX_BROKEN_STEPS {
                bail!(
                    "{broken} steps in a row were not finite; lower the learning rate and resume from the checkpoint"
                );
            }
        }
        state.step += 1;
        done = plan.progress(state.step, began.elapsed());
        state.progress = done;
        state.seconds = seconds_before + began.elapsed().as_secs_f64();
        let finished = done >= 1.0;

        // 4. How far it has come.
        let validated = if finished || state.step.is_multiple_of(recipe.validation.every) {
            let score = task.validate(average.module(), &device)?;
            progress.say(&format!("step {}: {}", state.step, task.line(&score)));
            Some(&*last_score.insert(score))
        } else {
            None
        };
        let difficulty = recipe.renderer.difficulty_of(state.step - 1);
        progress.update(done, || recent.describe(state.step, learning_rate, done, plan.began_at, began.elapsed()));
        if validated.is_some() || state.step.is_multiple_of(METRICS_EVERY) {
            let (losses, images_per_second) = recent.take();
            let (step, seconds) = (state.step, state.seconds);
            let scores = validated.map(|score| task.scores(score));
            let (losses, validation) = (&losses[..], scores.as_deref());
            metrics.write(&Row { step, seconds, learning_rate, difficulty, images_per_second, losses, validation })?;
        }

        // 5. Something to come back to.
        if finished || last_checkpoint.elapsed().as_secs_f64() >= 60.0 * recipe.checkpoint_minutes {
            let optimizer = (!finished).then_some(&optimizer);
            Checkpoint::take(state.clone(), &trainee, average.module(), optimizer)?.save(&checkpoint_path)?;
            last_checkpoint = Instant::now();
        }
    }

    let score = match last_score {
        Some(score) => score,
        None => task.validate(average.module(), &device)?, // resumed at its end
    };
    progress.say(&format!(
        "{}: {} steps in {}\n{}",
        recipe.name,
        state.step,
        human(state.seconds),
        task.tables(&score)
    ));
    Ok(Outcome { step: state.step, score, networks: average.module().clone() })
}

/// The columns of the task, and the norm of the whole gradient before clipping.
fn metrics_columns<T: Task>(task: &T) -> Columns {
    let mut columns = task.columns();
    columns.losses.push("gradient_norm".to_owned());
    columns
}

/// Gradients and losses of a step, the mean over its batches.
///
/// Every batch is computed by a replica of the network on a thread of its own, with statistics of its own in batch
/// norm. On a CPU that keeps all cores busy through what Burn computes on one; the running statistics are the mean of
/// the replicas'.
fn gradients_of<T: Task>(
    task: &T,
    trainee: &T::Trainee,
    batches: Vec<T::Batch>,
    moment: Moment,
    kernels: TrainingKernels,
    device: &Device,
) -> anyhow::Result<(GradientsParams, Vec<Tensor<1>>)> {
    let share = 1.0 / batches.len() as f64;
    let replicas = batches.into_iter().enumerate().map(|(i, batch)| {
        // A fork has an autodiff graph of its own: replicas of one graph would wait for each other.
        let replica = if i == 0 { trainee.clone() } else { trainee.clone().fork(device) };
        (replica, batch)
    });
    let mut parts = replicas
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|(replica, batch)| {
            let losses = task.losses(&replica, batch, moment, kernels, device);
            let gradients = (losses[0].clone() * share).backward();
            // Without their graph.
            let scaled = losses.into_iter().map(|loss| loss.without_autodiff() * share).collect::<Vec<_>>();
            (GradientsParams::from_grads(gradients, &replica), scaled)
        })
        .collect::<Vec<_>>();
    let (gradients, losses) = parts.pop().context("a step has no batch")?;
    if parts.is_empty() {
        return Ok((gradients, losses));
    }
    let mut sum = GradientsAccumulator::new();
    sum.accumulate(trainee, gradients);
    let losses = parts.into_iter().fold(losses, |losses, (gradients, part)| {
        sum.accumulate(trainee, gradients);
        losses.into_iter().zip(part).map(|(loss, other)| loss + other).collect()
    });
    Ok((sum.grads(), losses))
}

/// Reads the losses and the gradient's norm from the device at once: on a GPU every reading waits for all work before it.
fn read_losses(mut losses: Vec<Tensor<1>>, squared_norm: Tensor<1>) -> anyhow::Result<(Vec<f32>, f32)> {
    losses.push(squared_norm.without_autodiff());
    let mut values = Tensor::cat(losses, 0).try_into_vec_as::<f32>().context("the losses cannot be read")?;
    let squared_norm = values.pop().context("there are no losses")?;
    Ok((values, squared_norm.sqrt()))
}

/// Sums since the last line of metrics.
struct Recent {
    names: Vec<String>,
    /// Of each loss, and of the gradient's norm.
    sums: Vec<f32>,
    steps: u32,
    images: usize,
    since: Instant,
    /// The last line's speed, shown until there is a new one.
    speed: f64,
}

impl Recent {
    fn new(names: Vec<String>) -> Recent {
        Recent { sums: vec![0.0; names.len() + 1], names, steps: 0, images: 0, since: Instant::now(), speed: 0.0 }
    }

    fn add(&mut self, losses: &[f32], gradient_norm: f32, images: usize) {
        for (sum, value) in self.sums.iter_mut().zip(losses.iter().chain([&gradient_norm])) {
            *sum += value;
        }
        self.steps += 1;
        self.images += images;
    }

    fn mean(&self) -> Vec<f32> {
        self.sums.iter().map(|sum| sum / self.steps.max(1) as f32).collect()
    }

    fn images_per_second(&self) -> f64 {
        self.images as f64 / self.since.elapsed().as_secs_f64().max(1e-6)
    }

    fn take(&mut self) -> (Vec<f32>, f64) {
        let taken = (self.mean(), self.images_per_second());
        *self = Recent { speed: taken.1, ..Recent::new(std::mem::take(&mut self.names)) };
        taken
    }

    fn describe(&self, step: u64, learning_rate: f64, done: f64, began_at: f64, elapsed: Duration) -> String {
        let left = elapsed.as_secs_f64() * (1.0 - done) / (done - began_at).max(1e-9);
        let speed = if self.speed > 0.0 { self.speed } else { self.images_per_second() };
        let named = self.names.iter().zip(self.mean());
        let losses: Vec<String> = named.map(|(name, mean)| format!("{name} {mean:.3}")).collect();
        format!(
            "step {step}: {}, rate {learning_rate:.1e}, {speed:.0} images/s, {} left",
            losses.join(", "),
            human(left)
        )
    }
}
