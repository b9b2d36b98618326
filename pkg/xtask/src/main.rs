//! Builds, tests, serves and measures kr-lpr.
fn main() {}
