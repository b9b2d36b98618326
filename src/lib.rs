//! Reads South Korean licence plates: pixels in, plates out.
//!
//! ```
//! # #[cfg(all(feature = "cpu", feature = "image"))] {
//! use kr_lpr::{Frame, PlateReader, ReadOptions, backend};
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let (recognizer, detector) = (std::fs::read("recognizer.bin")?, std::fs::read("detector.bin")?);
//! let reader = PlateReader::from_weights(&recognizer, &backend::cpu())?.with_detector(&detector)?;
//!
//! let picture = image::open("street.jpg")?;
//! let found = reader.read_blocking(&Frame::try_from(&picture)?, &ReadOptions::default())?;
//! for plate in found.plates {
//!     println!("{} ({:.0} %)", plate.reading.text, 100.0 * plate.reading.confidence);
//! }
//! # Ok(()) }
//! # }
//! ```
//!
//! The weights are files of the repository, in `pkg/weights`. Pixels that are in memory already are a frame as they are:
//! [`Frame::new`]. In a video [`track`] makes sure of plates over time. With the feature `image` pictures of the crate
//! `image` are frames; it is off by default, as is `webgpu`. With `default-features = false` only the pure core is built: no
//! network, and no dependency that is not needed to cut plates out of pictures and to make sense of texts.
//!
//! The file list is the pipeline. Each stage takes the type before it and gives the one after:
//!
//! | stage | file | from | to |
//! |---|---|---|---|
//! | borrow the pixels | [`frame`] | bytes | [`Frame`] |
//! | see it small | [`overview`] | frame, [`region`] | [`Overview`](overview::Overview), three sizes of luma |
//! | find the plates | [`model::detector`] | overview | maps of centres, sizes and corners |
//! | outline them | [`detect`] | maps | [`Candidate`](detect::Candidate): [`Quad`] and score |
//! | straighten it | [`rectify`] | frame, quad | [`PlateImage`](rectify::PlateImage), 96x192 luma |
//! | find its corners, then straighten again | [`model::aligner`] | plate image | [`Quad`] |
//! | look at its colour | [`sheet`] | frame, quad | [`SheetColour`](sheet::SheetColour) |
//! | run the network | [`model::recognizer`] | plate image | log-probabilities of 16 steps x 115 classes, kinds |
//! | decode | [`ctc`] | log-probabilities | [`Hypothesis`](ctc::Hypothesis): text, probability, characters |
//! | say how sure that is | [`calibration`] | log-probability | confidence |
//! | all of it | [`reader`] | frame | [`Plates`]: outlines and [`Reading`]s |
//! | be sure over time | [`track`] | readings of each frame | [`Tracks`](track::Tracks) |
//!
//! [`labels`] is the alphabet and [`plate`] the kinds and grammar of plates; renderer, decoder and network share them.
//! [`defaults`] has the default and the range of every option.
//!
//! Texts alone need no network:
//!
//! ```
//! use kr_lpr::PlateText;
//!
//! let text = PlateText::parse("서울 12바 3456")?;
//! assert_eq!(text.to_string(), "서울12바3456");
//! assert_eq!(text.class_code(), 12);
//! assert!(PlateText::parse("00가1234").is_err());
//! # Ok::<(), kr_lpr::plate::ParseError>(())
//! ```
#![forbid(unsafe_code)]

mod best_first;
pub mod ctc;
pub mod defaults;
pub mod detect;
pub mod edits;
mod fingerprint;
pub mod frame;
pub mod geometry;
#[cfg(feature = "cpu")]
pub mod kernels;
pub mod labels;
pub mod overview;
pub mod plate;
pub mod rectify;
pub mod region;
#[cfg(feature = "webgpu")]
pub mod shaders;
pub mod sheet;
pub mod track;

pub use frame::{Frame, FrameError, PixelFormat};
pub use geometry::{Point, Quad};
pub use plate::{PlateKind, PlateText};
pub use track::{Track, TrackOptions, Tracker};

#[cfg(any(feature = "cpu", feature = "webgpu"))]
pub mod backend;
#[cfg(feature = "model")]
pub mod calibration;
#[cfg(feature = "model")]
pub mod model;
#[cfg(any(feature = "cpu", feature = "webgpu"))]
pub mod reader;

#[cfg(any(feature = "cpu", feature = "webgpu"))]
pub use reader::{Mode, Plate, PlateReader, Plates, ReadError, ReadOptions, Reading, Search};
