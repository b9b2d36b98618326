//! Chooses what the networks run on. Nothing else in the library opens devices.
//!
//! A build has the CPU, WebGPU or both, by cargo feature; in the browser the two are two wasm files.

#[cfg(feature = "webgpu")]
use crate::shaders::gpu::Gpu;

/// What networks run on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Backend {
    /// The library's own kernels, on the caller's thread.
    #[cfg(feature = "cpu")]
    Cpu,
    /// The library's own shaders.
    #[cfg(feature = "webgpu")]
    Gpu(Gpu),
}

/// Why there is no device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// WebGPU could not be opened.
    #[error("WebGPU is not available: {0}")]
    WebGpu(String),
}

/// The CPU: SIMD, on the thread that reads.
#[cfg(feature = "cpu")]
pub fn cpu() -> Backend {
    Backend::Cpu
}

/// WebGPU, or natively whatever wgpu finds.
///
/// The runtime can be opened once: keep the backend and clone it.
///
/// # Errors
/// When there is no adapter, or the runtime was opened before.
#[cfg(feature = "webgpu")]
pub async fn webgpu() -> Result<Backend, BackendError> {
    Gpu::open().await.map(Backend::Gpu).map_err(|error| BackendError::WebGpu(error.to_string()))
}
