//! Trains the networks of `kr-lpr` on rendered plates, evaluates and exports them.
//!
//! | module | what |
//! |---|---|
//! | `dataset` | a folder of labelled pictures |
//! | `check`, `stats` | what is wrong with a dataset, and what it is made of |
//! | `augment` | one's own pictures, a little different each time |
//! | `recipe` | a training run as a short file |
//! | `batch`, `distractor`, `turned`, `feed` | plates, and what is none, as tensors, rendered while the network trains |
//! | `scenes` | rendered scenes as the detector sees them |
//! | `losses`, `trainee`, `task` | what is trained and minimised |
//! | `kernels`, `device` | what computes it |
//! | `optimizer`, `schedule`, `average` | how it is minimised |
//! | `train`, `start`, `grow`, `checkpoint`, `progress` | the loop, and what it begins with |
//! | `validation`, `evaluate`, `metrics` | how right the network is while it trains |
//! | `measure` | how right the shipped pipeline is on pictures |
//! | `tracking` | how right the shipped pipeline and its tracker are on rendered clips |
//! | `export` | weights, card and ONNX file |
//! | `report` | a page on a run: curves, tables, calibration, robustness, mistakes |
//!
//! What it trains on is drawn by [`kr_lpr_render`].
#![forbid(unsafe_code)]
// Whoever reads these pages has the source at hand, private parts and all.
#![allow(rustdoc::private_intra_doc_links)]

pub mod ablation;
pub mod augment;
pub mod average;
pub mod batch;
pub mod calibrate;
pub mod check;
pub mod checkpoint;
pub mod convert;
pub mod dataset;
pub mod device;
pub mod distractor;
pub mod evaluate;
pub mod export;
pub mod feed;
pub mod grow;
pub mod kernels;
pub mod losses;
pub mod measure;
pub mod metrics;
pub mod optimizer;
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
pub mod trainee;
pub mod turned;
pub mod validation;

// The derive of an optimizer's state names these at the root of the crate it is used in.
use burn::optim::{RecordState, StateSink, StateSource};
