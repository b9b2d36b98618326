//! What a recipe trains: each network with the settings that it alone has.

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// What a recipe trains, and what only that is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Training {
    /// Aligner and recognizer, on plates.
    Recognizer(Plates),
    /// The detector, on scenes.
    Detector(Scenes),
}

/// How aligner and recognizer are trained.
#[derive(Clone, Debug, PartialEq)]
pub struct Plates {
    /// Share of plates drawn from the folder given by `--data`, 0 to 1; at 1 nothing is rendered.
    pub data_fraction: f32,
    /// What is minimised.
    pub losses: Losses,
}

/// How training scenes are rendered; kinds, threads and difficulty are those of the [`Renderer`](super::Renderer).
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

impl Training {
    /// Says which value makes no sense.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        match self {
            Training::Recognizer(Plates { data_fraction, losses }) => {
                ensure!((0.0..=1.0).contains(data_fraction), "`data_fraction` is {data_fraction}; it goes from 0 to 1");
                let gamma = losses.focal_gamma;
                ensure!(gamma == 0.0 || gamma >= 1.0, "`losses.focal_gamma` is {gamma}; it is 0 or at least 1");
            }
            Training::Detector(Scenes { size, empty, views, block, .. }) => {
                ensure!(size.iter().all(|&side| side > 0), "`scenes.size` has a side of 0");
                ensure!(*views > 0 && *block > 0, "`scenes.views` and `scenes.block` are at least 1");
                ensure!((0.0..=1.0).contains(empty), "`scenes.empty` is {empty}; it goes from 0 to 1");
            }
        }
        Ok(())
    }
}

impl Default for Plates {
    fn default() -> Self {
        Plates { data_fraction: 0.5, losses: Losses::default() }
    }
}

impl Default for Scenes {
    fn default() -> Self {
        Scenes { size: [640, 480], empty: 0.12, views: 4, block: 8, outlines: 0.1 }
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
