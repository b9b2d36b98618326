//! Aligner and recognizer, on plates.

use std::path::Path;
use std::sync::Arc;

use burn::tensor::{Device, Tensor};
use kr_lpr::model::PlateNetworks;

use super::{Moment, Task};
use crate::dataset::{Dataset, OwnPlates};
use crate::evaluation::validation::{Validated, Validation};
use crate::kernels::TrainingKernels;
use crate::loader::Loader;
use crate::metrics::Columns;
use crate::plates::batch::Batch;
use crate::recipe::{Plates, Recipe};
use crate::start;
use crate::trainee::{LossTensors, LossWeights, Trainee};

/// Trains the networks that read a plate.
pub struct PlateTask {
    recipe: Recipe,
    plates: Plates,
    data: Option<Arc<Dataset>>,
    validation: Validation,
}

impl Task for PlateTask {
    type Trainee = Trainee;
    type Networks = PlateNetworks;
    type Batch = Batch;
    type Score = Validated;

    fn new(recipe: &Recipe, data: Option<OwnPlates>) -> anyhow::Result<PlateTask> {
        let validation = Validation::new(recipe, data.as_ref())?;
        let plates = recipe.plates()?.clone();
        Ok(PlateTask { recipe: recipe.clone(), plates, data: data.map(|data| Arc::new(data.train)), validation })
    }

    fn trainee(&self, device: &Device) -> Trainee {
        Trainee::new(device)
    }

    fn networks<'a>(&self, trainee: &'a Trainee) -> &'a PlateNetworks {
        &trainee.networks
    }

    fn begin_with(&self, path: &Path, trainee: Trainee, device: &Device) -> anyhow::Result<Trainee> {
        let unfolded = |shipped: PlateNetworks, plain: &Device| {
            let (loose, straight) = start::plates(&self.recipe, self.data.clone(), plain)?;
            Ok(shipped.unfolded(loose, straight))
        };
        Ok(Trainee { networks: start::networks(path, device, unfolded)?, ..trainee })
    }

    fn loader(&self, recipe: &Recipe, first: u64) -> anyhow::Result<Loader<Batch>> {
        Loader::start(recipe, self.data.clone(), first)
    }

    fn images(&self, batch: &Batch) -> usize {
        batch.len()
    }

    fn losses(
        &self,
        trainee: &Trainee,
        batch: Batch,
        moment: Moment,
        kernels: TrainingKernels,
        device: &Device,
    ) -> Vec<Tensor<1>> {
        let weights = LossWeights::at(&self.plates.losses, moment.step, moment.progress);
        let LossTensors { total, ctc, alignment, mask, center, kind, corners } =
            trainee.losses(batch.into_tensors(device), weights, &kernels);
        vec![total, ctc, alignment, mask, center, kind, corners]
    }

    fn columns(&self) -> Columns {
        let losses = ["loss", "ctc", "alignment", "mask", "center", "kind", "corners"];
        Columns { losses: losses.map(str::to_owned).to_vec(), scores: Validated::columns() }
    }

    fn validate(&self, networks: &PlateNetworks, device: &Device) -> anyhow::Result<Validated> {
        self.validation.of(&networks.recognizer, device)
    }

    fn scores(&self, score: &Validated) -> Vec<Option<f64>> {
        score.scores()
    }

    fn line(&self, score: &Validated) -> String {
        score.line()
    }

    fn tables(&self, score: &Validated) -> String {
        score.tables()
    }

    fn multiply_adds(&self, networks: &PlateNetworks) -> usize {
        networks.multiply_adds()
    }
}
