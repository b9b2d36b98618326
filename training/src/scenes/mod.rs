//! Rendered scenes as the detector sees them.
//!
//! | file | what |
//! |---|---|
//! | `view` | the part of a scene that is looked at |
//! | `targets` | what the detector is to say of it |
//! | `batch` | examples as tensors |
//! | `stock` | scenes rendered once and seen in several views |
//! | `sheet` | overviews for people to look at |

pub mod batch;
pub mod sheet;
pub mod stock;
pub mod targets;
pub mod view;
