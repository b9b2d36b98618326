//! A depthwise convolution and the pointwise one after it, fused row by row.

use wide::f32x4;

use super::depthwise::{Depthwise, TILE};
use super::lanes::{Eight, Lanes};
use super::maps::{Maps, MapsShape, Margin};
use super::pointwise::Row;
use super::product::Weights;
use super::stem::StemRows;

/// A depthwise convolution, a pointwise one, each with ReLU; then, where it is residual, its input added.
#[derive(Debug)]
pub struct Block {
    /// What mixes space.
    pub depthwise: Depthwise,
    /// What mixes channels.
    pub pointwise: Weights,
    /// What is added to the pointwise weights for each picture.
    pub experts: Option<Experts>,
    /// Whether the input is added.
    pub residual: bool,
}

/// Further pointwise weights, of which each picture gets a share: see [`experts`](crate::model::experts).
#[derive(Debug)]
pub struct Experts {
    /// Each packed like the pointwise weights.
    pub kernels: Vec<Vec<Eight>>,
    /// From the mean of what the pointwise convolution sees to each kernel's gate, before the logistic function.
    pub gates: Gates,
}

/// Weights of the gates.
#[derive(Debug)]
pub struct Gates {
    /// `[kernel][input]`
    pub weights: Vec<Vec<f32>>,
    /// `[kernel]`
    pub bias: Vec<f32>,
}

/// Room for what a block works on.
#[derive(Debug, Default)]
pub struct Scratch {
    taps: Vec<usize>,
    panels: Vec<[f32; TILE]>,
    values: Vec<Eight>,
}

/// What a block reads: maps that are there, or a stem's, made row by row as they are wanted.
pub enum Source<'a> {
    /// Maps of the block before.
    Maps(&'a Maps),
    /// Maps of the stem.
    Stem(StemRows<'a>),
}

impl Source<'_> {
    /// The maps, of which the rows up to `last` are wanted.
    #[inline(always)]
    fn up_to<L: Lanes>(&mut self, lanes: L, last: usize) -> &Maps {
        match self {
            Source::Maps(maps) => maps,
            Source::Stem(rows) => rows.up_to(lanes, last),
        }
    }
}

impl Block {
    /// Rows and columns of the output for those of the input.
    pub fn output(&self, size: [usize; 2]) -> [usize; 2] {
        size.map(|cells| self.depthwise.output(cells))
    }

    /// How many rows of an input of `rows` it looks at together.
    pub fn kept_rows(&self, rows: usize) -> usize {
        if self.experts.is_some() && self.residual { rows } else { self.depthwise.reach().min(rows) }
    }

    /// Writes to `output`, whose reader wants `margin`, what it makes of `input`, which has `size` rows and columns.
    ///
    /// Row by row, unless it has experts: their weights depend on the mean of the whole depthwise output.
    #[inline(always)]
    pub fn forward<L: Lanes>(
        &self,
        lanes: L,
        mut input: Source,
        size: [usize; 2],
        output: &mut Maps,
        margin: Margin,
        scratch: &mut Scratch,
    ) {
        let Block { depthwise, pointwise, experts, residual } = self;
        let [rows, columns] = self.output(size);
        output.reshape(MapsShape { channels: pointwise.outputs(), rows, columns, kept: rows }, margin);
        let length = depthwise.panel_length(size[1]);
        let Scratch { taps, panels, values } = scratch;
        panels.resize(if experts.is_some() { rows * length } else { length }, [0.0; TILE]);
        // The rows that the pointwise convolution has not seen yet, and their panels.
        let mut waiting = 0..0;
        for y in 0..rows {
            let maps = input.up_to(lanes, depthwise.last_row(y, size[0]));
            let panel = &mut panels[waiting.len() * length..][..length];
            depthwise.row(lanes, maps, y, taps, panel);
            waiting.end = y + 1;
            let values: &[Eight] = match experts {
                None => pointwise.values(),
                Some(_) if waiting.end < rows => continue,
                Some(experts) => {
                    let mean = mean(panels, length, columns, depthwise.panel_channels());
                    experts.blend(lanes, &mean, pointwise.values(), &mut *values);
                    values
                }
            };
            for (panel, y) in panels.chunks_exact(length).zip(waiting.clone()) {
                let residual = residual.then_some(maps);
                Row { weights: pointwise, values, panel, y, residual }.write(lanes, output);
            }
            waiting.start = waiting.end;
        }
    }
}

/// The mean of each channel over the panels of all rows, each `length` long.
#[inline(always)]
fn mean(panels: &[[f32; TILE]], length: usize, columns: usize, channels: usize) -> Vec<f32> {
    let mut sums = vec![f32x4::ZERO; channels];
    let (whole, rest) = (columns / TILE, columns % TILE);
    for panel in panels.chunks_exact(length) {
        for pixels in panel.chunks_exact(channels).take(whole) {
            sums.iter_mut().zip(pixels).for_each(|(sum, &pixels)| *sum += f32x4::new(pixels));
        }
        let last = &panel[whole * channels..];
        for pixel in 0..rest {
            let one = |pixels: &[f32; TILE]| f32x4::new([pixels[pixel], 0.0, 0.0, 0.0]);
            sums.iter_mut().zip(last).for_each(|(sum, pixels)| *sum += one(pixels));
        }
    }
    let count = (panels.len() / length * columns) as f32;
    sums.into_iter().map(|sum| sum.reduce_add() / count).collect()
}

impl Experts {
    /// Writes to `blended` the weights `own` and the share of each kernel that a picture with this `mean` gets.
    #[inline(always)]
    fn blend<L: Lanes>(&self, lanes: L, mean: &[f32], own: &[Eight], blended: &mut Vec<Eight>) {
        blended.clear();
        blended.extend_from_slice(own);
        for (kernel, (weights, bias)) in self.kernels.iter().zip(self.gates.weights.iter().zip(&self.gates.bias)) {
            let logit = weights.iter().zip(mean).fold(*bias, |sum, (weight, mean)| sum + weight * mean);
            let gate = lanes.splat(1.0 / (1.0 + (-logit).exp()));
            for (value, kernel) in blended.iter_mut().zip(kernel) {
                *value = lanes.store(lanes.mul_add(lanes.load(kernel), gate, lanes.load(value)));
            }
        }
    }
}
