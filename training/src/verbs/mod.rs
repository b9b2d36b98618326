//! One file a verb, or a few verbs that are nearly one.

pub mod preview;
pub mod synth;
