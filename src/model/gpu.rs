//! The networks on a GPU: their definitions are recorded once, as shaders.

use std::cell::RefCell;

use super::architecture::{Architecture, ConvShape, SeparableShape};
use super::engine::Engine;
use super::recognizer;
use super::weights::{FromWeights, Parameters, WeightsError, WeightsInfo, detector, plate_networks};
use crate::overview::FIRST_LOOK;
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use crate::shaders::block::{self, Experts};
use crate::shaders::gpu::{Gpu, Network};
use crate::shaders::program::{Maps, Program};
use crate::shaders::rows::{Rows, answers};
use crate::shaders::stem::{PictureShape, stem};

/// The engine: it computes nothing, and records what is to be computed.
struct Recorder(RefCell<Recorded>);

struct Recorded {
    program: Program,
    /// The last feature maps.
    maps: Option<Maps>,
}

/// Stem and trunk.
struct Stack {
    stem: (ConvShape, Convolution),
    trunk: Vec<(SeparableShape, block::Parameters)>,
}

/// Parameters of a convolution or of a linear layer, as a weights file has them.
struct Convolution {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

impl Engine for Recorder {
    type Pictures = PictureShape;
    type Maps = Maps;
    type Rows = Rows;
    type Stack = Stack;
    type Pointwise = Convolution;
    type Linear = Convolution;
    type Linears = Convolution;
    type Prior = Vec<f32>;
    type Offsets = Vec<f32>;

    fn halved(&self, pictures: &PictureShape) -> PictureShape {
        PictureShape { halved: true, ..*pictures }
    }

    fn features(&self, stack: &Stack, pictures: &PictureShape) -> Maps {
        let Recorded { program, maps: last } = &mut *self.0.borrow_mut();
        let (shape, Convolution { weight, bias }) = &stack.stem;
        let first = stem(program, shape, weight, bias, *pictures);
        let maps = (stack.trunk.iter())
            .fold(first, |maps, (shape, parameters)| block::block(program, shape, parameters, maps));
        *last = Some(maps);
        maps
    }

    fn convolved(&self, Convolution { weight, bias }: &Convolution, maps: &Maps) -> Rows {
        Rows::convolved(*maps, weight, bias)
    }

    fn with_prior(&self, rows: Rows, prior: &Vec<f32>) -> Rows {
        rows.plus(prior)
    }

    fn softmax(&self, rows: Rows) -> Rows {
        rows.softmax()
    }

    fn log_softmax(&self, rows: Rows) -> Rows {
        rows.log_softmax()
    }

    fn weighted(&self, weights: &Rows, maps: &Maps) -> Rows {
        weights.weighted(*maps)
    }

    fn positions(&self, weights: &Rows, cells: &[[f32; 2]]) -> Rows {
        weights.clone().linear(cells.as_flattened(), &[0.0; 2], false)
    }

    fn mean(&self, maps: &Maps) -> Rows {
        Rows::mean(*maps)
    }

    fn linear(&self, Convolution { weight, bias }: &Convolution, rows: Rows) -> Rows {
        rows.linear(weight, bias, false)
    }

    fn linears(&self, Convolution { weight, bias }: &Convolution, rows: Rows) -> Rows {
        rows.linear(weight, bias, true)
    }

    fn relu(&self, rows: Rows) -> Rows {
        rows.relu()
    }

    fn plus(&self, rows: Rows, offsets: &Vec<f32>) -> Rows {
        rows.plus(offsets)
    }

    fn sum(&self, a: Rows, b: Rows) -> Rows {
        a.sum(b)
    }

    fn scaled(&self, rows: Rows, factor: f32) -> Rows {
        rows.scaled(factor)
    }
}

impl FromWeights for Recorder {
    fn read_stack(parameters: &Parameters, architecture: &Architecture) -> Stack {
        let of = |name: &str| convolution(parameters, name);
        let trunk = architecture.trunk.iter().enumerate().map(|(index, shape)| {
            let [depthwise, pointwise] = ["depthwise", "pointwise"].map(|part| of(&format!("trunk.{index}.{part}")));
            let values = |name: &str| parameters.values(&format!("trunk.{index}.pointwise.experts.{name}")).to_vec();
            let experts = shape.experts.then(|| Experts {
                kernels: values("kernels"),
                gates: values("gates.weight"),
                gates_bias: values("gates.bias"),
            });
            let parameters = block::Parameters {
                depthwise: depthwise.weight,
                depthwise_bias: depthwise.bias,
                pointwise: pointwise.weight,
                pointwise_bias: pointwise.bias,
                experts,
            };
            (*shape, parameters)
        });
        Stack { stem: (architecture.stem, of("stem")), trunk: trunk.collect() }
    }

    fn read_pointwise(parameters: &Parameters, name: &str, _: [usize; 2]) -> Convolution {
        convolution(parameters, name)
    }

    fn read_linear(parameters: &Parameters, name: &str) -> Convolution {
        convolution(parameters, name)
    }

    fn read_linears(parameters: &Parameters, weights: &str, bias: &str) -> Convolution {
        Convolution { weight: parameters.values(weights).to_vec(), bias: parameters.values(bias).to_vec() }
    }

    fn read_prior(values: Vec<f32>) -> Vec<f32> {
        values
    }

    fn read_offsets(values: &[f32]) -> Vec<f32> {
        values.to_vec()
    }
}

fn convolution(parameters: &Parameters, name: &str) -> Convolution {
    let [weight, bias] = ["weight", "bias"].map(|part| parameters.values(&format!("{name}.{part}")).to_vec());
    Convolution { weight, bias }
}

/// What a network does to pictures of `size` rows and columns.
fn recorded(size: [usize; 2], network: impl Fn(&Recorder, &PictureShape) -> Vec<Rows>) -> Program {
    let recorder = Recorder(RefCell::new(Recorded { program: Program::new(size[0] * size[1]), maps: None }));
    let rows = network(&recorder, &PictureShape { size, halved: false });
    let Recorded { mut program, maps } = recorder.0.into_inner();
    let Some(maps) = maps else { unreachable!("a network has features") };
    answers(&mut program, maps, &rows);
    program
}

/// The networks that read one plate.
#[derive(Debug)]
pub struct GpuPlateNetworks {
    /// Answers with the corners, `[CORNERS, 2]`.
    pub aligner: Network,
    /// Answers with log-probabilities, kind logits and attention logits, one after another.
    pub recognizer: Network,
}

/// Rows and columns of a plate image.
pub const PLATE: [usize; 2] = [PLATE_HEIGHT, PLATE_WIDTH];

/// Reads the networks of a file that read a plate.
///
/// # Errors
/// Whatever about the file does not fit this build; see [`WeightsError`].
pub fn plate_networks_on(gpu: &Gpu, bytes: &[u8]) -> Result<(GpuPlateNetworks, WeightsInfo), WeightsError> {
    let (networks, info) = plate_networks::<Recorder>(bytes)?;
    let aligner = recorded(PLATE, |recorder, pictures| vec![networks.aligner.forward(recorder, pictures)]);
    let recognizer = recorded(PLATE, |recorder, pictures| {
        let recognizer::Answer { log_probs, kind_logits, attention_logits, .. } =
            networks.recognizer.forward(recorder, pictures);
        vec![log_probs, kind_logits, attention_logits]
    });
    let network = |program: Program| Network::new(gpu, PLATE, move |_| program.clone());
    Ok((GpuPlateNetworks { aligner: network(aligner), recognizer: network(recognizer) }, info))
}

/// Reads a detector. It answers with the numbers of [`Maps`](crate::detect::Maps).
///
/// # Errors
/// As [`plate_networks_on`].
pub fn detector_on(gpu: &Gpu, bytes: &[u8]) -> Result<(Network, WeightsInfo), WeightsError> {
    let (network, info) = detector::<Recorder>(bytes)?;
    let [columns, rows] = FIRST_LOOK.size();
    let program = move |size| recorded(size, |recorder, pictures| vec![network.forward(recorder, pictures)]);
    Ok((Network::new(gpu, [rows, columns], program), info))
}
