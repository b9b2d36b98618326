//! Errors as they cross the boundary: `{code, message}`.

use std::fmt::Display;

use kr_lpr::reader::ReadError;
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::to_js;

/// What went wrong, as `KrLprErrorCode` in `pkg/src/errors.ts`.
#[derive(Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Code {
    // The build for CPUs always has its device.
    #[cfg(feature = "webgpu")]
    Unsupported,
    Integrity,
    BackendLost,
    BadInput,
}

impl From<&ReadError> for Code {
    fn from(error: &ReadError) -> Code {
        match error {
            ReadError::Network(_) | ReadError::Detector(_) => Code::Integrity,
            ReadError::NoDetector | ReadError::Region { .. } => Code::BadInput,
            ReadError::Device(_) => Code::BackendLost,
        }
    }
}

#[derive(Serialize)]
struct Failure {
    code: Code,
    message: String,
}

/// The error that JavaScript is to catch.
pub(crate) fn failure(code: Code, message: impl Display) -> JsValue {
    to_js(&Failure { code, message: message.to_string() }).unwrap_or_else(|error| error)
}

/// What a reader failed with.
pub(crate) fn failed(error: ReadError) -> JsValue {
    failure((&error).into(), error)
}

/// What the caller gave and cannot be used.
pub(crate) fn bad_input(error: impl Display) -> JsValue {
    failure(Code::BadInput, error)
}
