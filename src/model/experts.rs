//! Kernels that a pointwise convolution has for some pictures more than for others.
//!
//! The convolution's kernel for a picture is its own and the sum of its experts, each times a gate between 0 and 1, a logistic
//! function of the mean of what the convolution sees.
//!
//! These are the conditionally parameterised convolutions of Yang et al. 2019 ("CondConv"): a network that reads white
//! plates and green ones, one line and two, gets kernels for each, and a reading still computes one convolution.

/// Experts of a convolution that has any.
pub const COUNT: usize = 2;
