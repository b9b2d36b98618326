//! Plates as aligner and recognizer learn from them.
//!
//! | file | what |
//! |---|---|
//! | `example` | a rendered plate, rectified as a reader would, and what is to be said of it |
//! | `targets` | which step says which character, and where it looks |
//! | `negatives` | signs, cards and parts of streets, to be read as nothing |
//! | `turned` | plates the wrong way up or round |
//! | `augment` | pictures of one's own, a little different each time |
//! | `batch` | examples as tensors |

pub mod augment;
pub mod batch;
pub mod example;
pub mod negatives;
pub mod targets;
pub mod turned;
