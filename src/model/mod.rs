//! The networks, on Burn.
//!
//! | file | what |
//! |---|---|
//! | `input` | the one definition of how a [`PlateImage`](crate::rectify::PlateImage) becomes numbers |
//! | `blocks` | convolution with its norm and activation, and the residual block |
//! | `aligner` | loose plate image to the corners of the plate |
//! | `recognizer` | plate image to CTC log-probabilities and plate kind |
//! | `networks` | both, as they are trained and shipped |
//! | `weights` | the file format the weights ship in |

pub mod aligner;
pub mod blocks;
pub mod input;
pub mod networks;
pub mod recognizer;
pub mod weights;

pub use aligner::Aligner;
pub use blocks::{BurnKernels, ConvShape, Kernels};
pub use networks::Networks;
pub use recognizer::{GRID, Layer, Recognizer, RecognizerOutput, STEPS};
