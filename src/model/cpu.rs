//! The networks on the library's own kernels: what reads on a CPU.

use std::sync::{Mutex, PoisonError};

use super::architecture::Architecture;
use super::engine::Engine;
use super::experts;
use super::weights::{FromWeights, Parameters};
use crate::kernels::block::{Block, Experts, Gates};
use crate::kernels::depthwise::{Depthwise, DepthwiseShape};
use crate::kernels::maps::{BLOCK, Maps};
use crate::kernels::matrix::{self, Matrix};
use crate::kernels::planes::planes;
use crate::kernels::product::Weights;
use crate::kernels::stack::{Room, Stack};
use crate::kernels::stem::{Picture, Stem};

/// The engine: what it computes with is kept for the next time.
#[derive(Debug, Default)]
pub struct Cpu {
    rooms: Mutex<Vec<Room>>,
}

impl Engine for Cpu {
    type Pictures = Vec<Picture>;
    type Maps = Vec<Maps>;
    type Rows = Vec<Matrix>;
    type Stack = Stack;
    type Pointwise = Weights;
    type Linear = Weights;
    type Linears = Vec<Weights>;
    type Prior = Vec<f32>;
    type Offsets = Vec<f32>;

    fn halved(&self, pictures: &Vec<Picture>) -> Vec<Picture> {
        pictures.iter().map(Picture::halved).collect()
    }

    fn features(&self, stack: &Stack, pictures: &Vec<Picture>) -> Vec<Maps> {
        // A panic elsewhere leaves a room as it was, and whoever has one writes it anew.
        let mut room = self.rooms.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        let features = pictures.iter().map(|picture| stack.features(picture, &mut room).clone()).collect();
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner).push(room);
        features
    }

    fn convolved(&self, convolution: &Weights, maps: &Vec<Maps>) -> Vec<Matrix> {
        let of = |maps: &Maps| Matrix::new(maps.cells_count(), planes(maps, convolution));
        maps.iter().map(of).collect()
    }

    fn with_prior(&self, rows: Vec<Matrix>, prior: &Vec<f32>) -> Vec<Matrix> {
        each(rows, |rows| rows.plus(prior))
    }

    fn softmax(&self, rows: Vec<Matrix>) -> Vec<Matrix> {
        each(rows, Matrix::softmax)
    }

    fn log_softmax(&self, rows: Vec<Matrix>) -> Vec<Matrix> {
        each(rows, Matrix::log_softmax)
    }

    fn weighted(&self, weights: &Vec<Matrix>, maps: &Vec<Maps>) -> Vec<Matrix> {
        weights.iter().zip(maps).map(|(weights, maps)| weights.weigh(maps)).collect()
    }

    fn positions(&self, weights: &Vec<Matrix>, cells: &[[f32; 2]]) -> Vec<Matrix> {
        let cells = Weights::new([cells.len(), 2], |axis, cell| cells[cell][axis], |_| 0.0);
        weights.iter().map(|weights| weights.times(&cells)).collect()
    }

    fn mean(&self, maps: &Vec<Maps>) -> Vec<Matrix> {
        maps.iter().map(matrix::mean).collect()
    }

    fn linear(&self, layer: &Weights, rows: Vec<Matrix>) -> Vec<Matrix> {
        each(rows, |rows| rows.times(layer))
    }

    fn linears(&self, layers: &Vec<Weights>, rows: Vec<Matrix>) -> Vec<Matrix> {
        each(rows, |rows| rows.times_each(layers))
    }

    fn relu(&self, rows: Vec<Matrix>) -> Vec<Matrix> {
        each(rows, Matrix::relu)
    }

    fn plus(&self, rows: Vec<Matrix>, offsets: &Vec<f32>) -> Vec<Matrix> {
        each(rows, |rows| rows.plus(offsets))
    }

    fn sum(&self, a: Vec<Matrix>, b: Vec<Matrix>) -> Vec<Matrix> {
        a.into_iter().zip(b).map(|(a, b)| a.plus(b.values())).collect()
    }

    fn scaled(&self, rows: Vec<Matrix>, factor: f32) -> Vec<Matrix> {
        each(rows, |rows| rows.scaled(factor))
    }
}

fn each(rows: Vec<Matrix>, of: impl Fn(Matrix) -> Matrix) -> Vec<Matrix> {
    rows.into_iter().map(of).collect()
}

impl FromWeights for Cpu {
    fn read_stack(parameters: &Parameters, architecture: &Architecture) -> Stack {
        let [_, channels] = architecture.stem.channels;
        let stem = Stem::new(
            channels,
            architecture.stem.kernel,
            parameters.values("stem.weight"),
            parameters.values("stem.bias"),
        );
        let blocks = architecture.trunk.iter().enumerate().map(|(index, shape)| {
            let name = |part: &str| format!("trunk.{index}.{part}");
            let [channels, outputs] = shape.channels;
            let spatial =
                DepthwiseShape { channels, kernel: shape.kernel, stride: shape.stride, dilation: shape.dilation };
            let depthwise = Depthwise::new(
                spatial,
                parameters.values(&name("depthwise.weight")),
                parameters.values(&name("depthwise.bias")),
            );
            let pointwise = packed(
                parameters.values(&name("pointwise.weight")),
                [channels, 0, channels],
                parameters.values(&name("pointwise.bias")),
            );
            let experts = shape.experts.then(|| {
                // [out, COUNT * in]
                let kernels = parameters.values(&name("pointwise.experts.kernels"));
                let none = vec![0.0; outputs];
                let kernel = |of: usize| packed(kernels, [channels, of * channels, experts::COUNT * channels], &none);
                // [in, COUNT]
                let gates = parameters.values(&name("pointwise.experts.gates.weight"));
                let gate = |of: usize| gates.iter().skip(of).step_by(experts::COUNT).copied().collect();
                Experts {
                    kernels: (0..experts::COUNT).map(|of| kernel(of).values().to_vec()).collect(),
                    gates: Gates {
                        weights: (0..experts::COUNT).map(gate).collect(),
                        bias: parameters.values(&name("pointwise.experts.gates.bias")).to_vec(),
                    },
                }
            });
            Block { depthwise, pointwise, experts, residual: shape.residual() }
        });
        Stack { stem, blocks: blocks.collect() }
    }

    fn read_pointwise(parameters: &Parameters, name: &str, [channels, _]: [usize; 2]) -> Weights {
        let (weight, bias) = (parameters.values(&format!("{name}.weight")), parameters.values(&format!("{name}.bias")));
        packed(weight, [channels, 0, channels], bias)
    }

    fn read_linear(parameters: &Parameters, name: &str) -> Weights {
        let (weight, bias) = (parameters.values(&format!("{name}.weight")), parameters.values(&format!("{name}.bias")));
        let outputs = bias.len();
        Weights::new(
            [weight.len() / outputs, outputs],
            |output, input| weight[input * outputs + output],
            |output| bias[output],
        )
    }

    fn read_linears(parameters: &Parameters, weights: &str, bias: &str) -> Vec<Weights> {
        let weights = parameters.tensor(weights);
        let (inputs, outputs) = (weights.shape[2], weights.shape[3]);
        let rows = weights.values.chunks_exact(inputs * outputs).zip(parameters.values(bias).chunks_exact(outputs));
        let layer = |(weights, bias): (&[f32], &[f32])| {
            Weights::new([inputs, outputs], |output, input| weights[input * outputs + output], |output| bias[output])
        };
        rows.map(layer).collect()
    }

    fn read_prior(values: Vec<f32>) -> Vec<f32> {
        values
    }

    fn read_offsets(values: &[f32]) -> Vec<f32> {
        values.to_vec()
    }
}

/// The weights of a pointwise convolution for panels, whose channels fill blocks. A row of `weight` is `pitch` long, and its
/// `channels` begin at `first`.
fn packed(weight: &[f32], [channels, first, pitch]: [usize; 3], bias: &[f32]) -> Weights {
    let value = |output: usize, input: usize| {
        if input < channels { weight[output * pitch + first + input] } else { 0.0 }
    };
    Weights::new([channels.next_multiple_of(BLOCK), bias.len()], value, |output| bias[output])
}
