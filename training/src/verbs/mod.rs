//! One file a verb, or a few verbs that are nearly one.

pub mod ablate;
pub mod bench;
pub mod check;
pub mod convert;
pub mod eval;
pub mod export;
pub mod gallery;
pub mod predict;
pub mod preview;
pub mod read;
pub mod report;
pub mod scenes;
pub mod stats;
pub mod synth;
pub mod track;
pub mod video;
