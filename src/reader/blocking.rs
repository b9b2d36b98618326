//! Readings for callers without an executor.

use std::pin::pin;

use super::{PlateReader, Plates, ReadError, ReadOptions, Reading};
use crate::detect::Candidate;
use crate::frame::Frame;

/// The CPU answers on the caller's thread, wherever it is. A GPU must be waited for, which a thread in a browser cannot: there
/// these functions fail with [`ReadError::Device`] where the backend is WebGPU.
impl PlateReader {
    /// [`read`](Self::read) for callers without an executor.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_blocking(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Plates, ReadError> {
        wait(self.read(frame, options))
    }

    /// [`read_crop`](Self::read_crop) for callers without an executor.
    ///
    /// # Errors
    /// As [`read_crop`](Self::read_crop).
    pub fn read_crop_blocking(&self, frame: &Frame<'_>, options: &ReadOptions) -> Result<Reading, ReadError> {
        wait(self.read_crop(frame, options))
    }

    /// [`detect`](Self::detect) for callers without an executor.
    ///
    /// # Errors
    /// As [`detect`](Self::detect).
    pub fn detect_blocking(
        &self,
        frame: &Frame<'_>,
        options: &ReadOptions,
        least: f32,
    ) -> Result<Vec<Candidate>, ReadError> {
        wait(self.detect(frame, options, least))
    }
}

#[cfg(all(feature = "webgpu", not(target_arch = "wasm32")))]
pub(super) fn wait<T>(reading: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
    pollster::block_on(pin!(reading))
}

#[cfg(not(all(feature = "webgpu", not(target_arch = "wasm32"))))]
pub(super) fn wait<T>(reading: impl Future<Output = Result<T, ReadError>>) -> Result<T, ReadError> {
    use std::task::{Context, Poll, Waker};

    match pin!(reading).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => Err(ReadError::Device("it answers later than a thread can wait for here".to_owned())),
    }
}
