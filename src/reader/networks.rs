//! A reader's networks, on whichever backend.
//!
//! The CPU answers at once; a GPU is asked for each answer once, and waited for.

#[cfg(feature = "burn")]
use burn::tensor::{Device, Tensor};

use super::ReadError;
#[cfg(feature = "burn")]
use crate::labels::CLASS_COUNT;
#[cfg(feature = "cpu")]
use crate::model::cpu::{self, Cpu};
#[cfg(feature = "cpu")]
use crate::model::detector;
use crate::model::weights::{WeightsError, WeightsInfo};
#[cfg(feature = "burn")]
use crate::model::{self, STEPS, weights};
use crate::model::{aligner::CORNERS, input};
use crate::overview::Overview;
#[cfg(feature = "burn")]
use crate::plate::PlateKind;
use crate::rectify::PlateImage;

use crate::backend::Backend;

/// Those that read one plate.
pub(super) enum PlateNetworksOnBackend {
    #[cfg(feature = "cpu")]
    Cpu(Box<cpu::CpuPlateNetworks>, Cpu),
    #[cfg(feature = "burn")]
    Burn(Box<model::PlateNetworks>, Device),
}

/// The one that finds plates.
pub(super) enum DetectorOnBackend {
    #[cfg(feature = "cpu")]
    Cpu(Box<detector::Definition<Cpu>>, Cpu),
    #[cfg(feature = "burn")]
    Burn(Box<model::Detector>, Device),
}

impl PlateNetworksOnBackend {
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub(super) fn read(bytes: &[u8], backend: &Backend) -> Result<(PlateNetworksOnBackend, WeightsInfo), WeightsError> {
        match backend {
            #[cfg(feature = "cpu")]
            Backend::Cpu => {
                let (networks, info) = cpu::plate_networks(bytes)?;
                Ok((PlateNetworksOnBackend::Cpu(Box::new(networks), Cpu::default()), info))
            }
            #[cfg(feature = "burn")]
            Backend::Burn(device) => {
                let (networks, info) = weights::read(bytes, device)?;
                Ok((PlateNetworksOnBackend::Burn(Box::new(networks), device.clone()), info))
            }
        }
    }

    /// For each image the corners of its plate, x and y each, as [`outline`](crate::model::aligner::outline) takes them.
    pub(super) async fn corners(&self, images: &[PlateImage]) -> Result<Vec<[f32; 2 * CORNERS]>, ReadError> {
        let corners: Vec<f32> = match self {
            #[cfg(feature = "cpu")]
            PlateNetworksOnBackend::Cpu(networks, engine) => {
                let pictures = images.iter().map(input::picture).collect();
                let corners = networks.aligner.forward(engine, &pictures); // [n, CORNERS, 2]
                corners.iter().flat_map(|corners| corners.values()).copied().collect()
            }
            #[cfg(feature = "burn")]
            PlateNetworksOnBackend::Burn(networks, device) => {
                fetch(networks.aligner.forward(input::to_tensor(images, device))).await? // [n, CORNERS, 2]
            }
        };
        Ok(corners.as_chunks().0.to_vec())
    }

    /// For each image log-probabilities, kind logits and, where it is wanted, the logits of the attention in one:
    /// `[STEPS * CLASS_COUNT + kinds (+ STEPS * rows * columns)]`.
    pub(super) async fn answers(&self, images: &[PlateImage], attention: bool) -> Result<Vec<Vec<f32>>, ReadError> {
        match self {
            #[cfg(feature = "cpu")]
            PlateNetworksOnBackend::Cpu(networks, engine) => {
                let pictures = images.iter().map(input::picture).collect();
                let answer = networks.recognizer.forward(engine, &pictures);
                let of = |n: usize| {
                    let (log_probs, kinds) = (answer.log_probs[n].values(), answer.kind_logits[n].values());
                    let attention = if attention { answer.attention_logits[n].values() } else { &[] };
                    [log_probs, kinds, attention].concat()
                };
                Ok((0..images.len()).map(of).collect())
            }
            #[cfg(feature = "burn")]
            PlateNetworksOnBackend::Burn(networks, device) => {
                let n = images.len();
                let output = networks.recognizer.forward(input::to_tensor(images, device)); // [n, 1, 96, 192]
                let mut parts = vec![
                    output.log_probs.reshape([n, STEPS * CLASS_COUNT]),
                    output.kind_logits.reshape([n, PlateKind::ALL.len()]),
                ];
                if attention {
                    parts.push(output.attention_logits.reshape([n, super::Attention::LENGTH]));
                }
                let answers = fetch(Tensor::cat(parts, 1)).await?; // [n, scores]
                Ok(answers.chunks_exact(answers.len() / n.max(1)).map(<[f32]>::to_vec).collect())
            }
        }
    }
}

impl DetectorOnBackend {
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub(super) fn read(bytes: &[u8], backend: &Backend) -> Result<(DetectorOnBackend, WeightsInfo), WeightsError> {
        match backend {
            #[cfg(feature = "cpu")]
            Backend::Cpu => {
                let (detector, info) = cpu::detector(bytes)?;
                Ok((DetectorOnBackend::Cpu(Box::new(detector), Cpu::default()), info))
            }
            #[cfg(feature = "burn")]
            Backend::Burn(device) => {
                let (detector, info) = weights::read(bytes, device)?;
                Ok((DetectorOnBackend::Burn(Box::new(detector), device.clone()), info))
            }
        }
    }

    /// The numbers of [`Maps`](crate::detect::Maps).
    pub(super) async fn maps(&self, overview: &Overview) -> Result<Vec<f32>, ReadError> {
        match self {
            #[cfg(feature = "cpu")]
            DetectorOnBackend::Cpu(detector, engine) => {
                let maps = detector.forward(engine, &vec![input::overview_picture(overview)]); // [1, CHANNELS, cells]
                Ok(maps.into_iter().flat_map(|maps| maps.into_values()).collect())
            }
            #[cfg(feature = "burn")]
            DetectorOnBackend::Burn(detector, device) => {
                fetch(detector.forward(input::overview_tensor(overview, device))).await // [1, CHANNELS, rows, columns]
            }
        }
    }
}

/// Waits for the device to give up a tensor's values.
#[cfg(feature = "burn")]
async fn fetch<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>, ReadError> {
    let data = tensor.into_data_async().await.map_err(|error| ReadError::Device(error.to_string()))?;
    Ok(data.iter::<f32>().collect())
}

impl std::fmt::Debug for PlateNetworksOnBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlateNetworksOnBackend")
    }
}

impl std::fmt::Debug for DetectorOnBackend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DetectorOnBackend")
    }
}
