//! The training loop.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Device, Tensor};
use kr_lpr::labels;
use kr_lpr::model::Networks;
use rayon::prelude::*;

use crate::average::Average;
use crate::batch::Batch;
use crate::checkpoint::{Checkpoint, RunState};
use crate::dataset::OwnPlates;
use crate::feed::Feed;
use crate::kernels::TrainingKernels;
use crate::metrics::{MetricsFile, Row, StepLosses};
use crate::optimizer::{NAdam, clip_by_global_norm, squared_norm};
use crate::progress::{Progress, human};
use crate::recipe::Recipe;
use crate::schedule::{LearningRateSchedule, Plan};
use crate::start;
use crate::trainee::{LossTensors, LossWeights, Trainee};
use crate::validation::{Validated, Validation};

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
#[derive(Debug)]
pub struct Outcome {
    /// Steps done.
    pub step: u64,
    /// The last validation, of the averaged weights.
    pub score: Validated,
    /// The averaged weights.
    pub networks: Networks,
}

/// File of the checkpoint in the folder of a run.
pub fn checkpoint_path(runs: &Path, name: &str) -> PathBuf {
    runs.join(name).join("checkpoint")
}

/// Trains by `recipe` until its steps or the time are used up.
///
/// # Errors
/// When files cannot be read or written, or the training diverges.
pub fn train(recipe: &Recipe, options: RunOptions) -> anyhow::Result<Outcome> {
    let RunOptions { runs, device, data, resume, budget } = options;
    let folder = runs.join(&recipe.name);
    let checkpoint_path = checkpoint_path(&runs, &recipe.name);
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    ensure!(
        resume || !checkpoint_path.exists(),
        "{} holds a run; go on with --resume, or rename the folder or the recipe",
        folder.display()
    );
    std::fs::write(folder.join("recipe.toml"), recipe.to_toml()?).context("cannot write recipe.toml")?;

    let validation = Validation::new(recipe, data.as_ref())?;
    let train_data = data.map(|data| Arc::new(data.train));

    // Network, optimizer, average: from the run's checkpoint, from other weights, or new.
    let training_device = device.clone().autodiff();
    device.seed(recipe.seed);
    let settings = &recipe.optimizer;
    let nadam = NAdam { beta_1: settings.beta_1, beta_2: settings.beta_2, epsilon: settings.epsilon };
    let mut trainee = Trainee::new(&training_device);
    let mut optimizer = nadam.init();
    let mut state =
        RunState { step: 0, seconds: 0.0, progress: 0.0, alphabet: labels::fingerprint(), recipe: recipe.clone() };
    let mut average = Average::new(trainee.networks.valid(), settings.average_decay, 0);
    if resume {
        let checkpoint = Checkpoint::load(&checkpoint_path)?;
        trainee = checkpoint.trainee(&training_device)?;
        optimizer = checkpoint.optimizer(optimizer)?;
        state = RunState { recipe: recipe.clone(), ..checkpoint.state.clone() };
        average = Average::new(checkpoint.average(&device)?, settings.average_decay, state.step);
    } else if let Some(path) = &recipe.init_from {
        trainee.networks = start::networks(path, recipe, train_data.clone(), &training_device)?;
        average = Average::new(trainee.networks.valid(), settings.average_decay, 0);
    }

    let kernels = TrainingKernels::for_device(&device);
    let plan = Plan::going_on(recipe.steps, state.step, state.progress, budget);
    let rate = LearningRateSchedule {
        peak: settings.learning_rate,
        last: settings.last_learning_rate,
        warmup_steps: settings.warmup_steps,
    };
    let mut metrics = MetricsFile::open(&folder.join("metrics.csv"), state.step)?;
    let mut progress = Progress::new();
    progress.say(&format!(
        "{}: {} parameters, {:.2} M multiply-adds a plate, {} x {} images a step, {} steps planned{}, on {device:?} with {kernels:?} kernels",
        recipe.name,
        trainee.networks.num_params(),
        trainee.networks.multiply_adds() as f64 / 1e6,
        recipe.replicas,
        recipe.batch_size,
        recipe.steps,
        budget.map_or(String::new(), |budget| format!(" within {}", human(budget.as_secs_f64()))),
    ));
    if state.step == 0 && recipe.init_from.is_some() {
        progress.say(&format!("begins with {}", validation.of(&average.module().recognizer, &device)?.line()));
    }
    if state.step > 0 {
        progress.say(&format!("going on from step {} after {}", state.step, human(state.seconds)));
    }

    let mut feed = Feed::start(recipe, train_data, state.step)?;
    let (began, seconds_before) = (Instant::now(), state.seconds);
    let mut last_checkpoint = Instant::now();
    let mut recent = Recent::new();
    let mut last_score = None;
    let mut broken = 0;
    let mut done = plan.progress(state.step, Duration::ZERO);
    while done < 1.0 {
        // 1. A batch for every replica; the renderer's threads made them while the last step was computed.
        let batches = (0..recipe.replicas).map(|_| feed.next_batch()).collect::<anyhow::Result<Vec<_>>>()?;
        let images = batches.iter().map(Batch::len).sum();

        // 2. Forward and backward.
        let weights = LossWeights::at(&recipe.losses, state.step, done);
        let (mut gradients, losses) = gradients_of(&trainee, batches, weights, kernels, &training_device)?;
        let losses = read_losses(losses, squared_norm(&trainee, &gradients).context("no parameter has a gradient")?)?;

        // 3. The optimizer; a step that is not finite would poison the weights and what is remembered of them.
        let learning_rate = rate.at(state.step, done);
        if losses.total.is_finite() && losses.gradient_norm.is_finite() {
            broken = 0;
            clip_by_global_norm(&trainee, &mut gradients, losses.gradient_norm, settings.max_gradient_norm);
            trainee = optimizer.step(learning_rate, trainee, gradients);
            average.update(&trainee.networks);
            recent.add(&losses, images);
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
            let score = validation.of(&average.module().recognizer, &device)?;
            progress.say(&format!("step {}: {}", state.step, score.line()));
            Some(&*last_score.insert(score))
        } else {
            None
        };
        let difficulty = recipe.renderer.difficulty_of(state.step - 1);
        progress.update(done, || recent.describe(state.step, learning_rate, done, plan.began_at, began.elapsed()));
        if validated.is_some() || state.step.is_multiple_of(METRICS_EVERY) {
            let (losses, images_per_second) = recent.take();
            let (step, seconds) = (state.step, state.seconds);
            let row =
                Row { step, seconds, learning_rate, difficulty, images_per_second, losses, validation: validated };
            metrics.write(&row)?;
        }

        // 5. Something to come back to.
        if finished || last_checkpoint.elapsed().as_secs_f64() >= 60.0 * recipe.checkpoint_minutes {
            Checkpoint::take(state.clone(), &trainee, average.module(), &optimizer)?.save(&checkpoint_path)?;
            last_checkpoint = Instant::now();
        }
    }

    let score = match last_score {
        Some(score) => score,
        None => validation.of(&average.module().recognizer, &device)?, // resumed at its end
    };
    progress.say(&format!("{}: {} steps in {}\n{}", recipe.name, state.step, human(state.seconds), score.tables()));
    Ok(Outcome { step: state.step, score, networks: average.module().clone() })
}

/// Gradients and losses of a step, the mean over its batches.
///
/// Every batch is computed by a replica of the network on a thread of its own, with statistics of its own in batch
/// norm. On a CPU that keeps all cores busy through what Burn computes on one; the running statistics are the mean of
/// the replicas'.
fn gradients_of(
    trainee: &Trainee,
    batches: Vec<Batch>,
    weights: LossWeights,
    kernels: TrainingKernels,
    device: &Device,
) -> anyhow::Result<(GradientsParams, LossTensors)> {
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
            let losses = replica.losses(batch.into_tensors(device), weights, &kernels);
            let gradients = (losses.total.clone() * share).backward();
            (GradientsParams::from_grads(gradients, &replica), losses.scaled(share))
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
        losses.plus(part)
    });
    Ok((sum.grads(), losses))
}

/// Reads everything from the device at once: on a GPU every reading waits for all work before it.
fn read_losses(losses: LossTensors, squared_norm: Tensor<1>) -> anyhow::Result<StepLosses> {
    let LossTensors { total, ctc, alignment, mask, center, kind, corners } = losses;
    let losses = [total, ctc, alignment, mask, center, kind, corners];
    let all = Tensor::cat([&losses[..], &[squared_norm.without_autodiff()]].concat(), 0);
    let all = all.try_into_vec_as::<f32>().context("the losses cannot be read")?;
    let [total, ctc, alignment, mask, center, kind, corners, squared_norm] = all[..] else {
        bail!("{} losses instead of 8", all.len());
    };
    Ok(StepLosses { total, ctc, alignment, mask, center, kind, corners, gradient_norm: squared_norm.sqrt() })
}

/// Sums since the last line of metrics.
struct Recent {
    sum: StepLosses,
    steps: u32,
    images: usize,
    since: Instant,
    /// The last line's speed, shown until there is a new one.
    speed: f64,
}

impl Recent {
    fn new() -> Recent {
        Recent { sum: StepLosses::default(), steps: 0, images: 0, since: Instant::now(), speed: 0.0 }
    }

    fn add(&mut self, losses: &StepLosses, images: usize) {
        let sum = &mut self.sum;
        sum.total += losses.total;
        sum.ctc += losses.ctc;
        sum.alignment += losses.alignment;
        sum.mask += losses.mask;
        sum.center += losses.center;
        sum.kind += losses.kind;
        sum.corners += losses.corners;
        sum.gradient_norm += losses.gradient_norm;
        self.steps += 1;
        self.images += images;
    }

    fn mean(&self) -> StepLosses {
        let n = self.steps.max(1) as f32;
        let StepLosses { total, ctc, alignment, mask, center, kind, corners, gradient_norm } = self.sum;
        StepLosses {
            total: total / n,
            ctc: ctc / n,
            alignment: alignment / n,
            mask: mask / n,
            center: center / n,
            kind: kind / n,
            corners: corners / n,
            gradient_norm: gradient_norm / n,
        }
    }

    fn images_per_second(&self) -> f64 {
        self.images as f64 / self.since.elapsed().as_secs_f64().max(1e-6)
    }

    fn take(&mut self) -> (StepLosses, f64) {
        let taken = (self.mean(), self.images_per_second());
        *self = Recent { speed: taken.1, ..Recent::new() };
        taken
    }

    fn describe(&self, step: u64, learning_rate: f64, done: f64, began_at: f64, elapsed: Duration) -> String {
        let mean = self.mean();
        let left = elapsed.as_secs_f64() * (1.0 - done) / (done - began_at).max(1e-9);
        let speed = if self.speed > 0.0 { self.speed } else { self.images_per_second() };
        format!(
            "step {step}: loss {:.3} (ctc {:.3}, alignment {:.3}, mask {:.3}, kind {:.3}, corners {:.2} %), rate {learning_rate:.1e}, \
             {speed:.0} images/s, {} left",
            mean.total,
            mean.ctc,
            mean.alignment,
            mean.mask,
            mean.kind,
            mean.corners,
            human(left)
        )
    }
}
