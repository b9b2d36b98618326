//! The device to train on.

use burn::tensor::Device;
use clap::ValueEnum;

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DeviceChoice {
    /// The CPU, through burn-flex.
    Flex,
    /// A GPU, through Vulkan; needs a build with `--features vulkan`.
    Vulkan,
    /// A GPU or else the CPU, through libtorch; needs a build with `--features tch`.
    Tch,
}

impl DeviceChoice {
    /// Opens the device, without gradients.
    ///
    /// # Errors
    /// When this build has no support for it; says how to get one that has.
    pub fn open(self) -> anyhow::Result<Device> {
        match self {
            DeviceChoice::Flex => Ok(Device::flex()),
            DeviceChoice::Vulkan => vulkan(),
            DeviceChoice::Tch => tch(),
        }
    }
}

#[cfg(feature = "vulkan")]
fn vulkan() -> anyhow::Result<Device> {
    Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice))
}

#[cfg(not(feature = "vulkan"))]
fn vulkan() -> anyhow::Result<Device> {
    anyhow::bail!("this build has no Vulkan; build it with `--features vulkan`")
}

/// Burn deprecates its libtorch backend in favour of its own; where only a PyTorch with CUDA is installed, it is what
/// reaches the GPU.
#[cfg(feature = "tch")]
#[allow(deprecated)]
fn tch() -> anyhow::Result<Device> {
    if std::env::var_os("CUDA_VISIBLE_DEVICES").is_some_and(|devices| devices.is_empty()) {
        return Ok(Device::libtorch());
    }
    Ok(Device::libtorch_cuda(0))
}

#[cfg(not(feature = "tch"))]
fn tch() -> anyhow::Result<Device> {
    anyhow::bail!("this build has no libtorch; build it with `--features tch`")
}
