//! The CPU's engine: convolutions as this library's networks have them, on SIMD, without a dependency on Burn.

pub mod block;
pub mod depthwise;
pub mod lanes;
pub mod maps;
pub mod matrix;
pub mod planes;
pub mod pointwise;
pub mod product;
pub mod stack;
pub mod stem;

#[cfg(test)]
mod tests;
