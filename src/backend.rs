//! Opens the device a network runs on. Nothing else in the library makes devices.
//!
//! A build has the CPU, WebGPU or both, by cargo feature; in the browser the two are two wasm files.

/// What a network runs on; clones are the same device.
pub use burn::tensor::Device;

/// Why there is no device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BackendError {
    /// WebGPU could not be opened.
    #[error("WebGPU is not available: {0}")]
    WebGpu(String),
}

/// The CPU through burn-flex: SIMD, single-threaded in the browser.
#[cfg(feature = "cpu")]
pub fn cpu() -> Device {
    Device::flex()
}

/// WebGPU, or natively whatever wgpu finds.
///
/// The runtime can be opened once: keep the device and clone it.
///
/// # Errors
/// When there is no adapter, or the runtime was opened before.
#[cfg(feature = "webgpu")]
pub async fn webgpu() -> Result<Device, BackendError> {
    Device::wgpu_options().init_async().await.map_err(|error| BackendError::WebGpu(error.to_string()))
}
