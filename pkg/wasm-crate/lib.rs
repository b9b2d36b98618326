//! The browser build of `kr-lpr`: links the library, whose module `wasm` has every export.
#![cfg(target_arch = "wasm32")]

extern crate kr_lpr as _;
