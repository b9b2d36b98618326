//! Trains the networks of `kr-lpr` on rendered plates, evaluates and exports them.
//!
//! | module | what |
//! |---|---|
//! | `recipe` | a training run as a short file |
//! | `dataset`, `convert`, `check`, `stats` | pictures on disk: opened, made of what others labelled, checked, counted |
//! | `plates`, `scenes` | what each network learns from and what it is to say of it |
//! | `loader` | batches, rendered while the network trains |
//! | `losses`, `trainee`, `trained`, `task` | what is trained and minimised |
//! | `kernels`, `device` | what computes it |
//! | `optimizer`, `schedule`, `average` | how it is minimised |
//! | `train`, `start`, `migrate`, `checkpoint`, `progress`, `metrics` | the loop, what it begins with, and what it leaves |
//! | `evaluation` | how right the networks and the shipped pipeline are |
//! | `tracking` | how right the tracker is on rendered clips |
//! | `calibrate`, `export` | weights, card and ONNX file |
//! | `report` | a page on a run: curves, tables, calibration, robustness, mistakes |
//! | `ablation` | the same short run with one part of the training left out at a time |
//!
//! Plates, scenes and clips are drawn by the crate `kr-lpr-render`.
#![forbid(unsafe_code)]
// Whoever reads these pages has the source at hand, private parts and all.
#![allow(rustdoc::private_intra_doc_links)]

pub mod ablation;
pub mod average;
pub mod calibrate;
pub mod check;
pub mod checkpoint;
pub mod convert;
pub mod dataset;
pub mod device;
pub mod evaluation;
pub mod export;
pub mod kernels;
pub mod loader;
pub mod losses;
pub mod metrics;
pub mod migrate;
pub mod optimizer;
pub mod plates;
pub mod progress;
pub mod recipe;
pub mod report;
pub mod scenes;
pub mod schedule;
pub mod start;
pub mod stats;
pub mod task;
pub mod tracking;
pub mod train;
pub mod trained;
pub mod trainee;

// The derive of an optimizer's state names these at the root of the crate it is used in.
use burn::optim::{RecordState, StateSink, StateSource};
