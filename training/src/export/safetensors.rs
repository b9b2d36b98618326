//! Aligner and recognizer as a safetensors file, for whoever rebuilds the networks elsewhere.
//!
//! Every parameter by its path in the modules of `kr_lpr::model`, batch norms folded, as 32-bit floats. The metadata says
//! what a consumer cannot know: the classes and kinds in the order of the outputs, and how a picture becomes an input.

use std::collections::HashMap;

use kr_lpr::model::PlateNetworks;
use kr_lpr::model::weights::{NamedTensor, WeightsInfo, named_tensors};
use safetensors::tensor::{Dtype, TensorView, serialize};

use super::plates::description;

/// Writes folded networks; `info` goes into the metadata.
///
/// # Errors
/// Never for the networks of this build: when a parameter has not the number of values that its shape has.
pub fn to_safetensors(networks: &PlateNetworks, info: &WeightsInfo) -> anyhow::Result<Vec<u8>> {
    let tensors = named_tensors(networks);
    let bytes: Vec<Vec<u8>> = tensors.iter().map(|tensor| little_endian(&tensor.values)).collect();
    let mut views = Vec::with_capacity(tensors.len());
    for (NamedTensor { name, shape, .. }, bytes) in tensors.iter().zip(&bytes) {
        views.push((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?));
    }
    let metadata: HashMap<String, String> =
        description(info).into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Ok(serialize(views, Some(metadata))?)
}

fn little_endian(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}
