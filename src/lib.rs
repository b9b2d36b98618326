//! Reads South Korean licence plates: pixels in, plates out.
//!
//! The file list is the pipeline. Each stage takes the type before it and gives the one after:
//!
//! | stage | file | from | to |
//! |---|---|---|---|
//! | borrow the pixels | [`frame`] | bytes | [`Frame`](frame::Frame) |
//! | see it small | [`overview`] | frame, region | [`Overview`](overview::Overview), three sizes of luma |
//! | find the plates | [`model::detector`] | overview | maps of centres, sizes and corners |
//! | outline them | [`detect`] | maps | [`Candidate`](detect::Candidate): [`Quad`](geometry::Quad) and score |
//! | straighten it | [`rectify`] | frame, quad | [`PlateImage`](rectify::PlateImage), 96x192 luma |
//! | find its corners, then straighten again | [`model::aligner`] | plate image | [`Quad`](geometry::Quad) |
//! | look at its colour | [`sheet`] | frame, quad | [`SheetColour`](sheet::SheetColour) |
//! | run the network | [`model::recognizer`] | plate image | log-probabilities of 16 steps x 115 classes, kinds |
//! | decode | [`ctc`] | log-probabilities | [`Hypothesis`](ctc::Hypothesis): text, probability, characters |
//! | say how sure that is | [`calibration`] | log-probability | confidence |
//! | all of it | [`reader`] | frame | [`Plates`](reader::Plates): outlines and [`Reading`](reader::Reading)s |
//! | be sure over time | [`track`] | readings of each frame | [`Tracks`](track::Tracks) |
//!
//! [`labels`] is the alphabet and [`plate`] the kinds and grammar of plates; renderer, decoder and network share them.
//! [`defaults`] has the default and the range of every option.
//!
//! Without features only the pure core is built: no Burn, no network. `cpu` adds the network on burn-flex, `webgpu` on
//! burn-wgpu. The npm package `kr-lpr` is this library behind `pkg/wasm-crate`.
//!
//! ```
//! use kr_lpr::plate::PlateText;
//!
//! let text = PlateText::parse("서울 12바 3456")?;
//! assert_eq!(text.to_string(), "서울12바3456");
//! assert_eq!(text.class_code(), 12);
//! assert!(PlateText::parse("00가1234").is_err());
//! # Ok::<(), kr_lpr::plate::ParseError>(())
//! ```
//!
//! Reading a crop takes weights, a device and pixels:
//!
//! ```
//! # #[cfg(feature = "cpu")] {
//! use kr_lpr::frame::{Frame, PixelFormat};
//! use kr_lpr::reader::{PlateReader, ReadOptions};
//!
//! # fn run(weights: &[u8], pixels: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
//! let reader = PlateReader::from_weights(weights, &kr_lpr::backend::cpu())?;
//! let frame = Frame::new(pixels, 520, 110, PixelFormat::Rgb)?;
//! let reading = reader.read_crop_blocking(&frame, &ReadOptions::default())?;
//! println!("{} ({:.0} %)", reading.text, 100.0 * reading.confidence);
//! # Ok(()) }
//! # }
//! ```
#![forbid(unsafe_code)]

pub mod ctc;
pub mod defaults;
pub mod detect;
pub mod frame;
pub mod geometry;
pub mod labels;
pub mod overview;
pub mod plate;
pub mod rectify;
pub mod sheet;
pub mod track;

#[cfg(feature = "model")]
pub mod backend;
#[cfg(feature = "model")]
pub mod calibration;
#[cfg(feature = "model")]
pub mod model;
#[cfg(feature = "model")]
pub mod reader;
