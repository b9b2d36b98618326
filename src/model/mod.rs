//! The networks, on Burn.
//!
//! | file | what |
//! |---|---|
//! | `input` | the one definition of how a [`PlateImage`](crate::rectify::PlateImage) becomes numbers |
//! | `blocks` | convolution with its norm and activation, and the residual block |
//! | `recognizer` | plate image to CTC log-probabilities and plate kind |
//! | `weights` | the file format the weights ship in |

pub mod blocks;
pub mod input;
pub mod recognizer;
pub mod weights;

pub use blocks::{BurnKernels, ConvShape, Kernels};
pub use recognizer::{GRID, Layer, Recognizer, RecognizerOutput, STEPS};
