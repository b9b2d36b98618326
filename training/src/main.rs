//! Command line of the training crate.
fn main() {}
