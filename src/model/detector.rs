//! A frame seen small to where its plates are.

use super::architecture::{Architecture, ConvShape, Layer, SeparableShape, pointwise};
use super::engine::Engine;
use crate::detect::{CELL, CHANNELS};
use crate::overview::Layout;

/// Channels of the feature map.
const FEATURES: usize = 40;

/// Its convolutions.
pub const ARCHITECTURE: Architecture = Architecture {
    stem: ConvShape { channels: [1, 8], kernel: 3, stride: 2, dilation: 1, groups: 1, relu: true },
    trunk: &[
        SeparableShape::new([8, 24], 3, 2, 1),
        SeparableShape::new([24, 24], 3, 1, 1),
        SeparableShape::new([24, FEATURES], 3, 2, 1),
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 1),
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 2),
        SeparableShape::new([FEATURES, FEATURES], 5, 1, 2),
    ],
    end: ("head", pointwise([FEATURES, CHANNELS])),
};

/// Names and shapes of its parameters, batch norms folded, in the order of a weights file.
pub fn tensors() -> Vec<(String, Vec<usize>)> {
    ARCHITECTURE.tensors()
}

/// Finds plates in an [`Overview`](crate::overview::Overview).
///
/// A separable-convolution backbone makes one map of features, a cell for 8x8 pixels, on which a 1x1 convolution says of
/// every cell whether a plate's centre lies in it, how large that plate is and where its corners are (CenterNet, Zhou et al.
/// 2019, "Objects as points", with corners for a box). A plate is found in the octave where it is 20 to 90 pixels wide, so
/// that one view of 200 pixels has room for a plate of any size and what is around it.
///
/// These are its parameters on an engine, and [`forward`](Self::forward) is what they are for.
pub struct Definition<E: Engine> {
    /// Stem and trunk of [`ARCHITECTURE`].
    pub stack: E::Stack,
    /// Its end.
    pub head: E::Pointwise,
}

impl<E: Engine> Definition<E> {
    /// Maps of pictures of `h` by `w` pixels, as [`input`](super::input) makes them: `[n, CHANNELS, h / 8 * w / 8]`, which
    /// [`Maps`](crate::detect::Maps) describes.
    pub fn forward(&self, engine: &E, pictures: &E::Pictures) -> E::Rows {
        let features = engine.features(&self.stack, pictures); // [n, FEATURES, h / 8, w / 8]
        engine.convolved(&self.head, &features) // [n, CHANNELS, h / 8 * w / 8]
    }
}

/// The convolutions in the order they run, with the sizes they have in overviews of `layout`; the last one is `head`.
pub fn layers(layout: Layout) -> Vec<Layer> {
    let [width, height] = layout.size();
    ARCHITECTURE.layers([height, width])
}

/// Multiply-adds of one overview, batch norm folded.
pub fn multiply_adds(layout: Layout) -> usize {
    layers(layout).iter().map(Layer::multiply_adds).sum()
}

/// Rows and columns of the maps of an overview.
pub fn grid(layout: Layout) -> [usize; 2] {
    let [width, height] = layout.size();
    [height / CELL, width / CELL]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overview::{FIRST_LOOK, SECOND_LOOK};

    #[test]
    fn stays_within_thirty_million_multiply_adds() {
        let first = multiply_adds(FIRST_LOOK);
        assert!(first < 30_000_000, "{first}");
        // The second look at a frame of 1280x720 costs twice as much.
        assert!(multiply_adds(Layout::at_one_size([1280, 720], SECOND_LOOK)) < 2 * first + first / 4);
        assert_eq!(grid(FIRST_LOOK), [45, 40]);
    }
}
