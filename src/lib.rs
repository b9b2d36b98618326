//! Reads South Korean licence plates: pixels in, plates out.
#![forbid(unsafe_code)]

pub mod frame;
pub mod labels;
