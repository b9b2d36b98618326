//! What the program does; each command has its arguments.

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
pub mod sheet;
pub mod stats;
pub mod synth;
pub mod track;
pub mod train;
pub mod video;
pub mod weights;
