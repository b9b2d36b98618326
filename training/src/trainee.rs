//! The networks together with the heads that exist in training only, and its losses.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use kr_lpr::labels::Label;
use kr_lpr::model::{Kernels, PlateNetworks};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};

use crate::losses::alignment::alignment;
use crate::losses::center::Centers;
use crate::losses::corners::corners;
use crate::losses::ctc::{ctc, focal_ctc};
use crate::losses::kind::kind;
use crate::losses::mask::{MaskHead, mask};
use crate::plates::batch::BatchTensors;
use crate::plates::targets::MAX_CHARACTERS;
use crate::recipe::Losses;
use crate::schedule::ramp;

/// What the optimizer moves. Of this only the networks are exported.
#[derive(Module, Debug)]
pub struct Trainee {
    /// What ships.
    pub networks: PlateNetworks,
    /// Turns the recognizer's attention into masks.
    pub mask_head: MaskHead,
    /// Centres of the features that characters are read from.
    pub centers: Centers,
}

/// How much each loss counts at some step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossWeights {
    focal_alpha: f32,
    focal_gamma: f32,
    alignment: f32,
    mask: f32,
    /// Pull of the features; the centres themselves always follow.
    center: f32,
    kind: f32,
    corners: f32,
}

/// What the centres weigh. Any positive number does, since NAdam divides it out: they are moved by nothing else.
const CENTERS_WEIGHT: f32 = 0.01;

impl LossWeights {
    /// The weights of `step` at `progress` (0 to 1).
    pub fn at(losses: &Losses, step: u64, progress: f64) -> LossWeights {
        LossWeights {
            focal_alpha: losses.focal_alpha,
            focal_gamma: losses.focal_gamma,
            alignment: ramp(losses.first_alignment, losses.alignment, progress, losses.alignment_until),
            mask: losses.mask,
            center: if step >= losses.center_from_step { losses.center } else { 0.0 },
            kind: losses.kind,
            corners: losses.corners,
        }
    }
}

/// The losses of a batch on the device, each `[1]`.
pub struct LossTensors {
    /// The weighted sum, to be minimised.
    pub total: Tensor<1>,
    /// Mean plain CTC.
    pub ctc: Tensor<1>,
    /// Alignment.
    pub alignment: Tensor<1>,
    /// Masks.
    pub mask: Tensor<1>,
    /// Center.
    pub center: Tensor<1>,
    /// Plate kind.
    pub kind: Tensor<1>,
    /// Corners, percent of the plate's width.
    pub corners: Tensor<1>,
}

impl Trainee {
    /// Random weights on a device with gradients.
    pub fn new(device: &Device) -> Trainee {
        let networks = PlateNetworks::new(device);
        let blank = Tensor::zeros([1, 1, PLATE_HEIGHT, PLATE_WIDTH], &device.clone().without_autodiff());
        let [_, _, features] = networks.recognizer.valid().forward(blank).step_features.dims();
        Trainee { networks, mask_head: MaskHead::new(device), centers: Centers::new(features, device) }
    }

    /// Reads a batch and says how wrong the reading is.
    pub fn losses(&self, batch: BatchTensors, weights: LossWeights, kernels: &impl Kernels) -> LossTensors {
        let n = batch.lengths.dims()[0];
        let output = self.networks.recognizer.forward_with(batch.images, kernels);

        let ctc = ctc(output.log_probs.clone(), batch.targets.clone(), batch.lengths); // [n]
        let focal = focal_ctc(ctc.clone(), weights.focal_alpha, weights.focal_gamma);
        let alignment = alignment(output.log_probs, batch.aligned.clone());
        let mask = mask(self.mask_head.forward(output.attention_logits), batch.masks, batch.mask_weights);
        let kind = kind(output.kind_logits, batch.kinds, batch.kind_known);
        let found = self.networks.aligner.forward_with(batch.loose_images, kernels);
        let corners = corners(found, batch.corners, batch.corners_known);

        let [_, _, c] = output.step_features.dims();
        // Every other step is one that reads.
        let pairs = output.step_features.reshape([n, MAX_CHARACTERS, 2, c]);
        let features = pairs.slice([0..n, 0..MAX_CHARACTERS, 0..1]).reshape([n, MAX_CHARACTERS, c]);
        let pairs = batch.aligned.reshape([n, MAX_CHARACTERS, 2]);
        let labels = pairs.slice([0..n, 0..MAX_CHARACTERS, 0..1]).reshape([n, MAX_CHARACTERS]);
        // What hides a character has no look of its own, so nothing is pulled to the centre of `?`.
        let is = |label: Label| labels.clone().equal_elem(label.index() as i64).float();
        let present = -(is(Label::BLANK) + is(Label::UNKNOWN)) + 1.0;
        let center = self.centers.forward(features, labels, present);

        let mut total = focal
            + alignment.clone() * weights.alignment
            + mask.clone() * weights.mask
            + kind.clone() * weights.kind
            + corners.clone() * weights.corners
            + center.centers * CENTERS_WEIGHT;
        if weights.center > 0.0 {
            total = total + center.features.clone() * weights.center;
        }
        LossTensors { total, ctc: ctc.mean(), alignment, mask, center: center.features, kind, corners }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_follow_step_and_progress() {
        let losses = Losses {
            first_alignment: 1.0,
            alignment: 0.2,
            alignment_until: 0.5,
            center: 0.03,
            center_from_step: 100,
            ..Losses::default()
        };
        let at = |step, progress| {
            let weights = LossWeights::at(&losses, step, progress);
            (weights.alignment, weights.center)
        };
        assert_eq!(at(0, 0.0), (1.0, 0.0));
        assert_eq!(at(99, 0.25), (0.6, 0.0));
        assert_eq!(at(100, 0.5), (0.2, 0.03));
        assert_eq!(at(500, 1.0), (0.2, 0.03));
    }
}
