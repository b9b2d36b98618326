//! Renders Korean licence plates, trains the recognizer of `kr-lpr` on them, evaluates and exports it.
//!
//! | module | what |
//! |---|---|
//! | `glyph`, `synth` | plates drawn from their specification and photographed by a simulated camera |
//! | `picture`, `dataset` | pictures on disk |
//! | `recipe` | a training run as a short file |
//! | `batch`, `feed` | plates as tensors, rendered while the network trains |
//! | `losses`, `trainee` | what is minimised |
//! | `kernels`, `device` | what computes it |
//! | `optimizer`, `schedule`, `average` | how it is minimised |
//! | `train`, `checkpoint`, `progress` | the loop |
//! | `evaluate`, `metrics` | how right it is |
#![forbid(unsafe_code)]

pub mod average;
pub mod batch;
pub mod checkpoint;
pub mod dataset;
pub mod device;
pub mod evaluate;
pub mod feed;
pub mod glyph;
pub mod kernels;
pub mod losses;
pub mod metrics;
pub mod optimizer;
pub mod picture;
pub mod progress;
pub mod recipe;
pub mod schedule;
pub mod synth;
pub mod train;
pub mod trainee;

// The derive of an optimizer's state names these at the root of the crate it is used in.
use burn::optim::{RecordState, StateSink, StateSource};
