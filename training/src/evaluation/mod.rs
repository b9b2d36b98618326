//! How right the networks and the shipped pipeline are.
//!
//! | file | what |
//! |---|---|
//! | `score` | counts of what was read right |
//! | `greedy` | examples read by the bare network, while it trains |
//! | `validation` | how far a run has come |
//! | `rendered` | rendered plates, read by the shipped pipeline |
//! | `mix` | whole, hidden and turned plates and what is none, to calibrate by |
//! | `pictures` | pictures on disk, read by the shipped pipeline |
//! | `scenes` | what was found in a scene and what is there |

pub mod greedy;
pub mod mix;
pub mod pictures;
pub mod rendered;
pub mod scenes;
pub mod score;
pub mod validation;
