//! The networks as Burn's modules: what is trained.
//!
//! Each holds its parameters by name and computes its definition, `recognizer`, `aligner` or `detector` one folder up.

mod aligner;
mod backbone;
mod blocks;
mod detector;
mod engine;
mod experts;
mod networks;
mod recognizer;

pub use aligner::Aligner;
pub use blocks::{BurnKernels, Kernels};
pub use detector::Detector;
pub use networks::PlateNetworks;
pub use recognizer::{Recognizer, RecognizerOutput};
