//! A reader's networks, on whichever backend.
//!
//! The CPU answers at once; a GPU is asked for each answer once, and waited for.

use super::ReadError;
use crate::backend::Backend;
use crate::model::aligner::CORNERS;
#[cfg(feature = "cpu")]
use crate::model::cpu::Cpu;
#[cfg(feature = "webgpu")]
use crate::model::gpu::{self, GpuPlateNetworks};
use crate::model::input;
#[cfg(feature = "cpu")]
use crate::model::weights::{self, PlateDefinitions};
use crate::model::weights::{WeightsError, WeightsInfo};
use crate::overview::Overview;
use crate::rectify::PlateImage;
#[cfg(feature = "webgpu")]
use crate::shaders::gpu::Network;

/// Those that read one plate.
pub(super) enum PlateNetworksOnBackend {
    #[cfg(feature = "cpu")]
    Cpu(Box<PlateDefinitions<Cpu>>, Cpu),
    #[cfg(feature = "webgpu")]
    Gpu(Box<GpuPlateNetworks>),
}

/// The one that finds plates.
pub(super) enum DetectorOnBackend {
    #[cfg(feature = "cpu")]
    Cpu(Box<crate::model::detector::Definition<Cpu>>, Cpu),
    #[cfg(feature = "webgpu")]
    Gpu(Box<Network>),
}

impl PlateNetworksOnBackend {
    /// # Errors
    /// Whatever about the file does not fit this build.
    pub(super) fn read(bytes: &[u8], backend: &Backend) -> Result<(PlateNetworksOnBackend, WeightsInfo), WeightsError> {
        match backend {
            #[cfg(feature = "cpu")]
            Backend::Cpu => {
                let (networks, info) = weights::plate_networks(bytes)?;
                Ok((PlateNetworksOnBackend::Cpu(Box::new(networks), Cpu::default()), info))
            }
            #[cfg(feature = "webgpu")]
            Backend::Gpu(device) => {
                let (networks, info) = gpu::plate_networks_on(device, bytes)?;
                Ok((PlateNetworksOnBackend::Gpu(Box::new(networks)), info))
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
            #[cfg(feature = "webgpu")]
            PlateNetworksOnBackend::Gpu(networks) => {
                let pictures: Vec<_> = images.iter().map(input::gpu_picture).collect();
                networks.aligner.answers(gpu::PLATE, &pictures).await? // [n, CORNERS, 2]
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
            #[cfg(feature = "webgpu")]
            PlateNetworksOnBackend::Gpu(networks) => {
                let pictures: Vec<_> = images.iter().map(input::gpu_picture).collect();
                let answers = networks.recognizer.answers(gpu::PLATE, &pictures).await?;
                let length = answers.len() / images.len().max(1);
                let wanted = if attention { length } else { length - super::Attention::LENGTH };
                Ok(answers.chunks_exact(length).map(|answer| answer[..wanted].to_vec()).collect())
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
                let (detector, info) = weights::detector(bytes)?;
                Ok((DetectorOnBackend::Cpu(Box::new(detector), Cpu::default()), info))
            }
            #[cfg(feature = "webgpu")]
            Backend::Gpu(device) => {
                let (detector, info) = gpu::detector_on(device, bytes)?;
                Ok((DetectorOnBackend::Gpu(Box::new(detector)), info))
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
            #[cfg(feature = "webgpu")]
            DetectorOnBackend::Gpu(detector) => {
                let [columns, rows] = overview.layout().size();
                Ok(detector.answers([rows, columns], &[input::gpu_overview(overview)]).await?) // [1, CHANNELS, cells]
            }
        }
    }
}

#[cfg(feature = "webgpu")]
impl From<crate::shaders::gpu::GpuError> for ReadError {
    fn from(error: crate::shaders::gpu::GpuError) -> ReadError {
        ReadError::Device(error.to_string())
    }
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
