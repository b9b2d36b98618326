//! Renders Korean licence plates, streets with vehicles that carry them, and video clips: everything that the networks of
//! `kr-lpr` are trained on.
//!
//! | module | what |
//! |---|---|
//! | `seed` | a seed for each item of a stream; which seeds nothing is trained on |
//! | `glyph` | outlines of every character in millimetres |
//! | `synth` | plates composed from a plan and imaged as cameras do; scenes and clips of them |
//! | `picture`, `y4m` | pictures and video on disk |
//! | `contact_sheet` | many small pictures in one, to be looked at |
//! | `gallery`, `specimen` | pictures that are kept: of tests and demo page, of the typefaces |
//!
//! One seed and one set of settings give the same picture on every machine. No network is known here, so the crate
//! depends on the pure core of `kr-lpr` only.
#![forbid(unsafe_code)]
// Whoever reads these pages has the source at hand, private parts and all.
#![allow(rustdoc::private_intra_doc_links)]

pub mod contact_sheet;
pub mod gallery;
pub mod glyph;
pub mod picture;
pub mod seed;
pub mod specimen;
pub mod synth;
pub mod y4m;
