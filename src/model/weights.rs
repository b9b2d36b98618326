//! The file the networks' weights ship in.
//!
//! ```text
//! "KRLPRWTS"  8 bytes
//! length      u32, little endian: bytes of the header
//! header      JSON: what this is, and every tensor's name, shape and storage in the order of the values
//! values      tensor by tensor: "f16" is IEEE half precision; "i8" is a half-precision scale for each output channel,
//!             then a signed byte for each value; all little endian
//! ```
//!
//! The header names the alphabet and the architecture by fingerprint and the values by checksum, so that a file that
//! does not fit this build, or was damaged on its way, is refused with both sides named. The networks that read a plate are
//! one file; the detector, which knows no alphabet, is another of the same form.

#[cfg(feature = "burn")]
mod modules;
mod parameters;

use serde::{Deserialize, Serialize};

#[cfg(feature = "burn")]
pub use modules::{Shipped, named_tensors, read, read_of, write};

pub use parameters::{FromWeights, Parameters, PlateDefinitions, detector, plate_networks};

use super::storage::Storage;
use super::{aligner, recognizer};
use crate::calibration::Calibration;
use crate::fingerprint::fnv1a;
use crate::labels;

const MAGIC: &[u8; 8] = b"KRLPRWTS";

/// Version of the file format this build reads and writes.
pub const FORMAT_VERSION: u32 = 2;

/// Where weights come from: enough to make them again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    /// Name of the weights, such as `recognizer-1`.
    pub model: String,
    /// Recipe they were trained by.
    pub recipe: String,
    /// Seed of the training run.
    pub seed: u64,
    /// Commit of this repository that exported them, with `-dirty` where files differed from it.
    pub commit: String,
    /// Training steps.
    pub steps: u64,
}

/// What a weights file says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightsInfo {
    /// [`FORMAT_VERSION`] of the file.
    pub format_version: u32,
    /// [`labels::fingerprint`] of the alphabet trained for, in hexadecimal; `none` for a detector.
    pub alphabet: String,
    /// Fingerprint of the tensors' names and shapes, in hexadecimal.
    pub architecture: String,
    /// FNV-1a of the values, in hexadecimal.
    pub checksum: String,
    /// How often such confidences are right.
    #[serde(default)]
    pub calibration: Calibration,
    /// Where the weights come from.
    #[serde(flatten)]
    pub provenance: Provenance,
}

#[derive(Serialize, Deserialize)]
struct Header {
    #[serde(flatten)]
    info: WeightsInfo,
    tensors: Vec<(String, Vec<usize>, Storage)>,
}

/// Why bytes are not weights of this build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// The first bytes are not those of a weights file.
    #[error("not a kr-lpr weights file: it does not start with KRLPRWTS")]
    NotWeights,
    /// The file ends early.
    #[error("the weights file is truncated: {expected} bytes expected, {actual} found")]
    Truncated {
        /// Bytes the header asks for.
        expected: usize,
        /// Bytes there are.
        actual: usize,
    },
    /// The header is not what this format writes.
    #[error("the header of the weights file is damaged: {0}")]
    Header(String),
    /// The file is of another format version.
    #[error("the weights file has format version {found}; this build reads {FORMAT_VERSION}")]
    Version {
        /// Version of the file.
        found: u32,
    },
    /// The weights were trained for other classes.
    #[error("the weights are for alphabet {found}; this build has alphabet {expected}")]
    Alphabet {
        /// Fingerprint of this build.
        expected: String,
        /// Fingerprint of the file.
        found: String,
    },
    /// The weights are of another network.
    #[error("the weights are for architecture {found}; this build has architecture {expected}")]
    Architecture {
        /// Fingerprint of this build.
        expected: String,
        /// Fingerprint of the file.
        found: String,
    },
    /// The values are not those that were written.
    #[error("the weights are damaged: checksum {found}, the header says {expected}")]
    Checksum {
        /// Checksum in the header.
        expected: String,
        /// Checksum of the values.
        found: String,
    },
    /// A value is NaN or infinite.
    #[error("the weights hold a value that is not finite in {tensor}")]
    NotFinite {
        /// Name of the tensor.
        tensor: String,
    },
}

/// Parameters by name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// Path of the parameter, such as `recognizer.trunk.0.depthwise.weight`.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its values, row-major.
    pub values: Vec<f32>,
}

/// What a weights file must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// [`WeightsInfo::alphabet`] of it.
    pub alphabet: String,
    /// Names and shapes of all parameters, batch norms folded, in their order.
    pub tensors: Vec<(String, Vec<usize>)>,
}

impl Contents {
    /// Of the networks that read a plate: the aligner's and the recognizer's parameters.
    pub fn of_plate_networks() -> Contents {
        let of = |network: &'static str, tensors: Vec<(String, Vec<usize>)>| {
            tensors.into_iter().map(move |(name, shape)| (format!("{network}.{name}"), shape))
        };
        let tensors = of("aligner", aligner::tensors()).chain(of("recognizer", recognizer::tensors())).collect();
        Contents { alphabet: hexadecimal(labels::fingerprint()), tensors }
    }

    /// Of the detector.
    pub fn of_detector() -> Contents {
        Contents { alphabet: "none".to_owned(), tensors: super::detector::tensors() }
    }
}

/// Writes parameters as a file; `calibration` is that of the networks' texts, or of a detector's scores.
///
/// # Errors
/// [`WeightsError::NotFinite`] where a value is not representable.
pub fn pack(
    tensors: Vec<NamedTensor>,
    alphabet: String,
    calibration: Calibration,
    provenance: &Provenance,
) -> Result<Vec<u8>, WeightsError> {
    let mut values = Vec::new();
    for NamedTensor { name, shape, values: of_tensor } in &tensors {
        let written = Storage::of(shape).write(of_tensor, shape, &mut values);
        written.ok_or_else(|| WeightsError::NotFinite { tensor: name.clone() })?;
    }
    let shapes: Vec<_> = tensors.into_iter().map(|tensor| (tensor.name, tensor.shape)).collect();
    let info = WeightsInfo {
        format_version: FORMAT_VERSION,
        alphabet,
        architecture: architecture_fingerprint(&shapes),
        checksum: hexadecimal(fnv1a(&values)),
        calibration,
        provenance: provenance.clone(),
    };
    let tensors = shapes.into_iter().map(|(name, shape)| (name, Storage::of(&shape), shape));
    let tensors = tensors.map(|(name, storage, shape)| (name, shape, storage)).collect();
    let header =
        serde_json::to_vec(&Header { info, tensors }).map_err(|error| WeightsError::Header(error.to_string()))?;
    let length = u32::try_from(header.len()).map_err(|error| WeightsError::Header(error.to_string()))?;
    Ok([&MAGIC[..], &length.to_le_bytes(), &header, &values].concat())
}

/// Reads the parameters of a file, in the order of `contents`.
///
/// # Errors
/// Whatever about the file does not fit; see [`WeightsError`].
pub fn unpack(bytes: &[u8], contents: Contents) -> Result<(Vec<NamedTensor>, WeightsInfo), WeightsError> {
    let (Header { info, tensors }, values) = header(bytes)?;
    let Contents { alphabet: expected, tensors: shapes } = contents;
    if info.alphabet != expected {
        return Err(WeightsError::Alphabet { expected, found: info.alphabet });
    }
    let expected = architecture_fingerprint(&shapes);
    if info.architecture != expected {
        return Err(WeightsError::Architecture { expected, found: info.architecture });
    }
    let storages: Vec<Storage> = tensors.iter().map(|&(_, _, storage)| storage).collect();
    let listed: Vec<(String, Vec<usize>)> = tensors.into_iter().map(|(name, shape, _)| (name, shape)).collect();
    if listed != shapes {
        return Err(WeightsError::Header("it lists other tensors than its architecture has".to_owned()));
    }
    let length: usize = shapes.iter().zip(&storages).map(|((_, shape), storage)| storage.length(shape)).sum();
    if values.len() != length {
        let expected = bytes.len() - values.len() + length;
        return Err(WeightsError::Truncated { expected, actual: bytes.len() });
    }
    let found = hexadecimal(fnv1a(values));
    if info.checksum != found {
        return Err(WeightsError::Checksum { expected: info.checksum, found });
    }
    let mut rest = values;
    let mut read = Vec::with_capacity(shapes.len());
    for ((name, shape), storage) in shapes.into_iter().zip(storages) {
        let (of_tensor, after) = rest.split_at(storage.length(&shape));
        rest = after;
        match storage.read(of_tensor, &shape) {
            Some(values) => read.push(NamedTensor { name, shape, values }),
            None => return Err(WeightsError::NotFinite { tensor: name }),
        }
    }
    Ok((read, info))
}

/// What a weights file says of itself, whatever alphabet and architecture it is for. Its values are not looked at.
///
/// # Errors
/// Where there is no header of this format.
pub fn info(bytes: &[u8]) -> Result<WeightsInfo, WeightsError> {
    header(bytes).map(|(header, _)| header.info)
}

/// The header and the bytes after it.
fn header(bytes: &[u8]) -> Result<(Header, &[u8]), WeightsError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(WeightsError::NotWeights)?;
    let truncated = |expected| WeightsError::Truncated { expected, actual: bytes.len() };
    let (length, rest) = rest.split_first_chunk::<4>().ok_or(truncated(MAGIC.len() + 4))?;
    let length = u32::from_le_bytes(*length) as usize;
    let header_end = (MAGIC.len() + 4).saturating_add(length);
    let (header, values) = rest.split_at_checked(length).ok_or(truncated(header_end))?;
    let header = String::from_utf8_lossy(header);

    // The version first: the header of another version may have other fields.
    #[derive(Deserialize)]
    struct Version {
        format_version: u32,
    }
    let damaged = |error: serde_json::Error| WeightsError::Header(error.to_string());
    let Version { format_version: found } = serde_json::from_str(&header).map_err(damaged)?;
    if found != FORMAT_VERSION {
        return Err(WeightsError::Version { found });
    }
    Ok((serde_json::from_str(&header).map_err(damaged)?, values))
}

fn architecture_fingerprint(tensors: &[(String, Vec<usize>)]) -> String {
    let text: Vec<String> = tensors.iter().map(|(name, shape)| format!("{name} {shape:?}")).collect();
    hexadecimal(fnv1a(text.join("\n").as_bytes()))
}

fn hexadecimal(fingerprint: u64) -> String {
    format!("{fingerprint:016x}")
}

#[cfg(all(test, feature = "burn"))]
mod tests;
