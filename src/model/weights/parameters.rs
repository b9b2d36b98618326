//! Networks from a weights file, on engines that take their parameters straight from it.

use super::{Contents, NamedTensor, WeightsError, WeightsInfo, unpack};
use crate::model::architecture::Architecture;
use crate::model::engine::Engine;
use crate::model::{aligner, detector, recognizer};

/// An engine that takes a network's parameters as a weights file has them.
pub trait FromWeights: Engine {
    /// Those of a network's stem and trunk.
    fn read_stack(parameters: &Parameters, architecture: &Architecture) -> Self::Stack;

    /// Those of a pointwise convolution.
    fn read_pointwise(parameters: &Parameters, name: &str, channels: [usize; 2]) -> Self::Pointwise;

    /// Those of a linear layer, `[inputs, outputs]`.
    fn read_linear(parameters: &Parameters, name: &str) -> Self::Linear;

    /// Those of a linear layer for each row, `[1, rows, inputs, outputs]` and `[1, rows, outputs]`.
    fn read_linears(parameters: &Parameters, weights: &str, bias: &str) -> Self::Linears;

    /// One prior for each cell, row by row.
    fn read_prior(values: Vec<f32>) -> Self::Prior;

    /// `[rows, columns]`
    fn read_offsets(values: &[f32]) -> Self::Offsets;
}

/// The networks that read one plate.
pub struct PlateDefinitions<E: Engine> {
    /// Finds the corners of the plate in a loose crop.
    pub aligner: aligner::Definition<E>,
    /// Reads the plate once it is straight.
    pub recognizer: recognizer::Definition<E>,
}

/// Reads the networks of a file that read a plate.
///
/// # Errors
/// Whatever about the file does not fit this build; see [`WeightsError`].
pub fn plate_networks<E: FromWeights>(bytes: &[u8]) -> Result<(PlateDefinitions<E>, WeightsInfo), WeightsError> {
    let (tensors, info) = unpack(bytes, Contents::of_plate_networks())?;
    let [of_aligner, of_recognizer] =
        ["aligner", "recognizer"].map(|network| Parameters { tensors: &tensors, network });
    let end = |parameters: &Parameters, architecture: &Architecture| {
        let (name, shape) = architecture.end;
        E::read_pointwise(parameters, name, shape.channels)
    };
    let aligner = aligner::Definition {
        stack: E::read_stack(&of_aligner, &aligner::ARCHITECTURE),
        attend: end(&of_aligner, &aligner::ARCHITECTURE),
        prior: E::read_prior(of_aligner.prior()),
        shift: E::read_linears(&of_aligner, "shift", "shift_bias"),
    };
    let recognizer = recognizer::Definition {
        stack: E::read_stack(&of_recognizer, &recognizer::ARCHITECTURE),
        attend: end(&of_recognizer, &recognizer::ARCHITECTURE),
        prior: E::read_prior(of_recognizer.prior()),
        step_prior: E::read_offsets(of_recognizer.values("step_prior")),
        hidden: E::read_linear(&of_recognizer, "hidden"),
        classes: E::read_linear(&of_recognizer, "classes"),
        kinds: E::read_linear(&of_recognizer, "kinds"),
    };
    Ok((PlateDefinitions { aligner, recognizer }, info))
}

/// Reads a detector.
///
/// # Errors
/// As [`plate_networks`].
pub fn detector<E: FromWeights>(bytes: &[u8]) -> Result<(detector::Definition<E>, WeightsInfo), WeightsError> {
    let (tensors, info) = unpack(bytes, Contents::of_detector())?;
    let parameters = Parameters { tensors: &tensors, network: "" };
    let (name, shape) = detector::ARCHITECTURE.end;
    let stack = E::read_stack(&parameters, &detector::ARCHITECTURE);
    Ok((detector::Definition { stack, head: E::read_pointwise(&parameters, name, shape.channels) }, info))
}

/// The parameters of one network.
pub struct Parameters<'a> {
    tensors: &'a [NamedTensor],
    /// First part of their names; empty where the file has only one.
    network: &'static str,
}

impl Parameters<'_> {
    /// One of them.
    pub(in crate::model) fn tensor(&self, name: &str) -> &NamedTensor {
        let is_it = |tensor: &&NamedTensor| match tensor.name.split_once('.') {
            Some((network, rest)) if network == self.network => rest == name,
            _ => self.network.is_empty() && tensor.name == name,
        };
        match self.tensors.iter().find(is_it) {
            Some(tensor) => tensor,
            None => unreachable!("{name} is not among the tensors, which are those that the file must hold"),
        }
    }

    /// Its values, row-major.
    pub(in crate::model) fn values(&self, name: &str) -> &[f32] {
        &self.tensor(name).values
    }

    /// The priors of a row and of a column of cells, `[1, n, rows, 1]` and `[1, n, 1, columns]`, as one for each cell.
    fn prior(&self) -> Vec<f32> {
        let (rows, columns) = (self.tensor("row_prior"), self.tensor("column_prior"));
        let both = rows.values.chunks_exact(rows.shape[2]).zip(columns.values.chunks_exact(columns.shape[3]));
        both.flat_map(|(rows, columns)| rows.iter().flat_map(|row| columns.iter().map(move |column| row + column)))
            .collect()
    }
}
