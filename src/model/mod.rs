//! The networks, on Burn.
//!
//! | file | what |
//! |---|---|
//! | `input` | the one definition of how pictures of plates and frames become numbers |
//! | `backbone` | what the networks have in common |
//! | `blocks` | convolution with its norm and activation, and the residual block |
//! | `experts` | kernels that a convolution has for some pictures more than for others |
//! | `detector` | frame seen small to where its plates are |
//! | `aligner` | loose plate image to the corners of the plate |
//! | `recognizer` | plate image to CTC log-probabilities and plate kind |
//! | `networks` | the two that read a plate, as they are trained and shipped |
//! | `storage` | how one tensor is written in a weights file: half precision or bytes |
//! | `weights` | the file format the weights ship in |

pub mod aligner;
mod backbone;
pub mod blocks;
pub mod detector;
pub mod experts;
pub mod input;
pub mod networks;
pub mod recognizer;
mod storage;
pub mod weights;

pub use aligner::Aligner;
pub use backbone::Layer;
pub use blocks::{BurnKernels, ConvShape, Kernels};
pub use detector::Detector;
pub use networks::Networks;
pub use recognizer::{GRID, Recognizer, RecognizerOutput, STEPS};
