//! A convolution with the batch norm and ReLU behind it, as one operation on plain slices, image by image.
//!
//! A batch norm needs the statistics of the whole batch, so that much is fixed: one pass over the batch for the
//! convolution and one for the norm, and two on the way back. Everything else happens within a pass, while an image is
//! in the cache, and only the input and the convolution's output are kept for the way back.
//!
//! All of it runs on the calling thread: the trainer has a replica for every core.

pub mod backward;
pub mod forward;

use super::planes::Shape;

/// Which of the two convolutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conv {
    /// Every output channel reads one input channel.
    Channelwise(Shape),
    /// Every output pixel reads the pixel below it in every channel: a matrix product.
    Pointwise {
        /// Channels in and out.
        channels: [usize; 2],
        /// Pixels of a plane.
        plane: usize,
    },
}

impl Conv {
    fn in_channels(&self) -> usize {
        match self {
            Conv::Channelwise(shape) => shape.in_channels,
            Conv::Pointwise { channels, .. } => channels[0],
        }
    }

    fn out_channels(&self) -> usize {
        match self {
            Conv::Channelwise(shape) => shape.out_channels,
            Conv::Pointwise { channels, .. } => channels[1],
        }
    }

    fn in_plane(&self) -> usize {
        match self {
            Conv::Channelwise(shape) => shape.height * shape.width,
            Conv::Pointwise { plane, .. } => *plane,
        }
    }

    fn out_plane(&self) -> usize {
        match self {
            Conv::Channelwise(shape) => shape.out_height() * shape.out_width(),
            Conv::Pointwise { plane, .. } => *plane,
        }
    }
}

/// A batch norm in training.
#[derive(Clone, Copy, Debug)]
pub struct Norm<'a> {
    /// `[out]`
    pub gamma: &'a [f32],
    /// `[out]`
    pub beta: &'a [f32],
    /// Added to the variance.
    pub epsilon: f32,
    /// Whether ReLU follows.
    pub relu: bool,
}

/// The norm of one channel: `x * scale + shift`.
#[derive(Clone, Copy)]
struct Affine {
    mean: f32,
    inverse: f32,
    scale: f32,
    shift: f32,
}

impl Affine {
    fn of(channel: usize, statistics: &[f32], norm: &Norm) -> Affine {
        let mean = statistics[channel];
        let inverse = 1.0 / (statistics[norm.gamma.len() + channel] + norm.epsilon).sqrt();
        let scale = norm.gamma[channel] * inverse;
        Affine { mean, inverse, scale, shift: norm.beta[channel] - mean * scale }
    }
}

/// Adds a part of two sums.
fn add(total: &mut [f64; 2], part: [f64; 2]) {
    *total = [total[0] + part[0], total[1] + part[1]];
}

/// Makes room for `count` more floats and gives them.
fn grow(values: &mut Vec<f32>, count: usize) -> &mut [f32] {
    let from = values.len();
    values.resize(from + count, 0.0);
    &mut values[from..]
}
