//! The detector, on scenes.

use std::path::Path;
use std::sync::Arc;

use anyhow::ensure;
use burn::tensor::{Device, Tensor, s};
use kr_lpr::detect::{CHANNELS, Maps, candidates};
use kr_lpr::geometry::Quad;
use kr_lpr::model::Detector;
use kr_lpr::model::detector::grid;
use kr_lpr::model::input::overview_tensor;
use kr_lpr::overview::{FIRST_LOOK, Overview};

use super::{Moment, Task};
use crate::dataset::OwnPlates;
use crate::evaluation::scenes::{SAME_OUTLINE, corner_error};
use crate::kernels::TrainingKernels;
use crate::loader::Loader;
use crate::losses::detector::{centres, outlines};
use crate::metrics::Columns;
use crate::recipe::{Recipe, Scenes};
use crate::scenes::batch::SceneBatch;
use crate::scenes::stock::Stock;
use crate::scenes::{targets, view};
use crate::start;
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::rng::Rng;
use kr_lpr_render::synth::{Synth, SynthSettings};

/// Score from which on a candidate counts as found while training.
const COUNTS: f32 = 0.4;

/// Trains the detector.
pub struct SceneTask {
    recipe: Recipe,
    scenes: Scenes,
    synth: Arc<Synth>,
    /// Views of scenes that are never trained on, and the plates that are to be found in them.
    validation: Vec<(Overview, Vec<Quad>)>,
}

/// What the first look finds in the validation scenes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Plates whole in view and large enough for the first look.
    pub plates: usize,
    /// Of these, the ones found: with an overlap of a half.
    pub found: usize,
    /// Candidates that are no such plate, those at plates that need not be found left out.
    pub wrong: usize,
    /// Mean distance of corners from where they are, in widths of the plate, of every plate found; ascending.
    pub corner_errors: Vec<f64>,
}

impl Found {
    /// Share of the plates that is found.
    pub fn recall(&self) -> Option<f64> {
        (self.plates > 0).then(|| self.found as f64 / self.plates as f64)
    }

    /// Share of what is found that is a plate.
    pub fn precision(&self) -> Option<f64> {
        let all = self.found + self.wrong;
        (all > 0).then(|| self.found as f64 / all as f64)
    }

    /// The corner error of half of the plates.
    pub fn median_corner_error(&self) -> Option<f64> {
        self.corner_errors.get(self.corner_errors.len() / 2).copied()
    }
}

impl Task for SceneTask {
    type Trainee = Detector;
    type Networks = Detector;
    type Batch = SceneBatch;
    type Score = Found;

    fn new(recipe: &Recipe, data: Option<OwnPlates>) -> anyhow::Result<SceneTask> {
        let scenes = recipe.scenes()?.clone();
        ensure!(data.is_none(), "{} trains a detector, which learns from rendered scenes alone", recipe.name);
        let synth = Arc::new(Synth::new(SynthSettings::default())?);
        let settings = recipe.scene_settings();
        let count = recipe.validation.plates as u64;
        let look = |number: u64| {
            let seed = match recipe.renderer.fixed_plates {
                Some(fixed) => kr_lpr_render::seed::mix(recipe.seed, number % fixed),
                None => held_out(recipe.seed, number),
            };
            let scene = synth.scene(seed, &settings);
            view::look(&scene, view::draw(&scene, &mut Rng::new(held_out(1, number))))
        };
        let validation = (0..count).map(look).collect();
        Ok(SceneTask { recipe: recipe.clone(), scenes, synth, validation })
    }

    fn trainee(&self, device: &Device) -> Detector {
        Detector::new(device)
    }

    fn networks<'a>(&self, trainee: &'a Detector) -> &'a Detector {
        trainee
    }

    fn begin_with(&self, path: &Path, _: Detector, device: &Device) -> anyhow::Result<Detector> {
        let unfolded = |shipped: Detector, plain: &Device| {
            Ok(shipped.unfolded(start::views(&self.recipe, Arc::clone(&self.synth), plain)?))
        };
        start::networks(path, device, unfolded)
    }

    fn loader(&self, recipe: &Recipe, first: u64) -> anyhow::Result<Loader<SceneBatch>> {
        let mut stock = Stock::new(recipe, Arc::clone(&self.synth))?;
        Loader::of(recipe, first, move |number| Ok(stock.batch(number)))
    }

    fn images(&self, batch: &SceneBatch) -> usize {
        batch.len()
    }

    fn losses(
        &self,
        trainee: &Detector,
        batch: SceneBatch,
        _: Moment,
        kernels: TrainingKernels,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        let batch = batch.into_tensors(device);
        let maps = trainee.forward_with(batch.images, &kernels); // [n, CHANNELS, rows, columns]
        let heat = maps.clone().slice(s![.., 0..1, .., ..]); // [n, 1, rows, columns]
        let sizes = maps.clone().slice(s![.., 1..2, .., ..]); // [n, 1, rows, columns]
        let offsets = maps.slice(s![.., 2..CHANNELS as i32, .., ..]); // [n, 8, rows, columns]
        let centres = centres(heat, batch.centres, batch.centre_weights);
        let outlines = outlines(sizes, offsets, batch.corners, batch.widths, batch.corner_weights);
        vec![centres.clone() + outlines.clone() * self.scenes.outlines, centres, outlines]
    }

    fn columns(&self) -> Columns {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        Columns {
            losses: names(&["loss", "centres", "outlines"]),
            scores: names(&["val_recall", "val_precision", "val_corner_error"]),
        }
    }

    fn validate(&self, networks: &Detector, device: &Device) -> anyhow::Result<Found> {
        let [rows, columns] = grid(FIRST_LOOK);
        let mut score = Found::default();
        for (overview, plates) in &self.validation {
            let answer = networks.forward(overview_tensor(overview, device)); // [1, CHANNELS, rows, columns]
            let maps = Maps::new(answer.try_into_vec_as::<f32>()?, rows, columns)?;
            count(&mut score, overview, plates, &maps);
        }
        score.corner_errors.sort_by(f64::total_cmp);
        Ok(score)
    }

    fn scores(&self, score: &Found) -> Vec<Option<f64>> {
        vec![score.recall(), score.precision(), score.median_corner_error()]
    }

    fn line(&self, score: &Found) -> String {
        let percent = |share: Option<f64>| 100.0 * share.unwrap_or(f64::NAN);
        format!(
            "{:.1} % of {} plates found, {:.1} % of what is found is one, corners off by {:.1} % of the width",
            percent(score.recall()),
            score.plates,
            percent(score.precision()),
            percent(score.median_corner_error())
        )
    }

    fn tables(&self, score: &Found) -> String {
        self.line(score) + "\n"
    }

    fn multiply_adds(&self, networks: &Detector) -> usize {
        networks.multiply_adds(FIRST_LOOK)
    }
}

/// Compares what the maps say with the plates there are.
fn count(score: &mut Found, overview: &Overview, plates: &[Quad], maps: &Maps) {
    let mut found = candidates(maps, overview, COUNTS);
    for plate in plates {
        let best = (0..found.len()).max_by(|&a, &b| found[a].quad.iou(plate).total_cmp(&found[b].quad.iou(plate)));
        let best = best.filter(|&index| found[index].quad.iou(plate) >= SAME_OUTLINE);
        let wanted = targets::is_wanted(overview, plate);
        score.plates += usize::from(wanted);
        if let Some(index) = best {
            let candidate = found.swap_remove(index);
            if wanted {
                score.found += 1;
                score.corner_errors.push(corner_error(&candidate.quad, plate));
            }
        }
        if !wanted {
            // Who sees a part of a plate is not wrong.
            found.retain(|candidate| candidate.quad.overlap(plate) < 0.1 * candidate.quad.area());
        }
    }
    score.wrong += found.len();
}
