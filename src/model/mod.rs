//! The networks: each defined once, over an engine.
//!
//! | file | what |
//! |---|---|
//! | `input` | the one definition of how pictures of plates and frames become numbers |
//! | `architecture` | the networks' convolutions as data |
//! | `engine` | what the networks are written over |
//! | `experts` | kernels that a convolution has for some pictures more than for others |
//! | `detector` | frame seen small to where its plates are |
//! | `aligner` | loose plate image to the corners of the plate |
//! | `recognizer` | plate image to CTC log-probabilities and plate kind |
//! | `storage` | how one tensor is written in a weights file: half precision or bytes |
//! | `weights` | the file format the weights ship in |
//! | `cpu` | the networks on the library's own [`kernels`](crate::kernels) |
//! | `gpu` | the networks as `shaders` of our own, on burn-wgpu |
//! | `modules` | the networks on Burn's tensors, to be trained |

pub mod aligner;
pub mod architecture;
#[cfg(feature = "cpu")]
pub mod cpu;
pub mod detector;
pub mod engine;
pub mod experts;
#[cfg(feature = "webgpu")]
pub mod gpu;
pub mod input;
#[cfg(feature = "burn")]
mod modules;
pub mod recognizer;
mod storage;
pub mod weights;

pub use architecture::{ConvShape, Layer};
#[cfg(feature = "burn")]
pub use modules::{Aligner, BurnKernels, Detector, Kernels, PlateNetworks, Recognizer, RecognizerOutput};
pub use recognizer::{GRID, STEPS};
