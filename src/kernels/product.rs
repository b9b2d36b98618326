//! Matrix products: what pointwise convolutions, linear layers and attention come down to.
//!
//! One loop does them all: four pixels by eight outputs, one input an iteration. It is not unrolled further, since V8 has
//! sixteen registers for the eight sums and what is multiplied, and spills what more it is given.

use super::depthwise::TILE;
use super::lanes::{Eight, Lanes};

/// Outputs of a group.
pub const GROUP: usize = 8;

/// A weight matrix packed for [`sums`], with a bias.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    inputs: usize,
    outputs: usize,
    /// `[group of 8 outputs][input]`
    values: Vec<Eight>,
    /// `[group of 8 outputs]`
    bias: Vec<Eight>,
}

impl Weights {
    /// The matrix with `weight(output, input)`; inputs are filled up with zeros to `inputs`, outputs to whole groups.
    pub fn new(
        [inputs, outputs]: [usize; 2],
        weight: impl Fn(usize, usize) -> f32,
        bias: impl Fn(usize) -> f32,
    ) -> Weights {
        let group = |group: usize, value: &dyn Fn(usize) -> f32| {
            let lane = |lane| Some(GROUP * group + lane).filter(|&output| output < outputs).map_or(0.0, value);
            Eight(std::array::from_fn(lane))
        };
        let groups = 0..outputs.div_ceil(GROUP);
        let values = groups
            .clone()
            .flat_map(|of| (0..inputs).map(move |input| (of, input)))
            .map(|(of, input)| group(of, &|output| weight(output, input)))
            .collect();
        let bias = groups.map(|of| group(of, &|output| bias(output))).collect();
        Weights { inputs, outputs, values, bias }
    }

    /// Zeros without a bias, for `[inputs, outputs]`.
    pub fn zeros([inputs, outputs]: [usize; 2]) -> Weights {
        let groups = outputs.div_ceil(GROUP);
        Weights {
            inputs,
            outputs,
            values: vec![Eight::default(); groups * inputs],
            bias: vec![Eight::default(); groups],
        }
    }

    /// Inputs, those that were filled up as well.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Outputs.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// All weights, packed.
    pub fn values(&self) -> &[Eight] {
        &self.values
    }

    /// See [`values`](Self::values).
    pub fn values_mut(&mut self) -> &mut [Eight] {
        &mut self.values
    }

    /// The bias of each group.
    pub fn bias(&self) -> &[Eight] {
        &self.bias
    }
}

/// For each pixel of the tiles the eight sums of `panel * weights`, beginning at `bias`; a panel is `[input][4 pixels]`.
#[inline(always)]
pub fn sums<L: Lanes, const TILES: usize>(
    lanes: L,
    panels: [&[[f32; TILE]]; TILES],
    weights: &[Eight],
    bias: &Eight,
) -> [[L::Vector; TILE]; TILES] {
    let mut sums = [[lanes.load(bias); TILE]; TILES];
    // One panel is walked together with the weights, so that no index is compared with a length. More panels would each take a
    // register for it.
    if TILES == 1 {
        for (weights, pixels) in weights.iter().zip(panels[0]) {
            add(lanes, &mut sums[0], pixels, lanes.load(weights));
        }
        return sums;
    }
    let panels = panels.map(|panel| &panel[..weights.len()]);
    for (input, weights) in weights.iter().enumerate() {
        let weights = lanes.load(weights);
        for (sums, panel) in sums.iter_mut().zip(panels) {
            add(lanes, sums, &panel[input], weights);
        }
    }
    sums
}

/// Adds to each pixel's sums what one input gives.
#[inline(always)]
fn add<L: Lanes>(lanes: L, sums: &mut [L::Vector; TILE], pixels: &[f32; TILE], weights: L::Vector) {
    for (sum, &pixel) in sums.iter_mut().zip(pixels) {
        *sum = lanes.mul_add(lanes.splat(pixel), weights, *sum);
    }
}
