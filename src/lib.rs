//! Reads South Korean licence plates: pixels in, plates out.
#![forbid(unsafe_code)]

pub mod ctc;
pub mod frame;
pub mod geometry;
pub mod labels;
pub mod plate;
pub mod rectify;

#[cfg(feature = "model")]
pub mod backend;
#[cfg(feature = "model")]
pub mod model;
