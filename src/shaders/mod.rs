//! The networks' shaders for GPUs, in WGSL: written for each network by its [`architecture`](crate::model::architecture), and run by
//! burn-wgpu.
//!
//! | file | what |
//! |---|---|
//! | `program` | what a network does to pictures, as dispatches of shaders |
//! | `stem` | luma to the first feature maps |
//! | `block` | a depthwise convolution and the pointwise one after it, fused |
//! | `rows` | everything after the last feature maps, fused into one shader |
//! | `gpu` | burn-wgpu's device, and programs on it |
//!
//! Feature maps are planes, `[n][channels][rows][columns]` of `f32`: neighbouring invocations have neighbouring cells, so that they read
//! neighbouring numbers and the same weights.

pub mod block;
pub mod gpu;
pub mod program;
pub mod rows;
pub mod stem;
