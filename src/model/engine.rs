//! What the networks are written over: Burn's tensors, the library's own kernels, or its shaders.

/// What computes a network. The networks are defined once, as functions of an engine: see [`recognizer`](super::recognizer),
/// [`aligner`](super::aligner) and [`detector`](super::detector).
///
/// `n` is the number of pictures.
pub trait Engine {
    /// Normalised pictures of one channel, `[n, rows, columns]`.
    type Pictures;
    /// Feature maps, `[n, channels, rows, columns]`.
    type Maps;
    /// A matrix for each picture, `[n, rows, columns]`.
    type Rows: Clone;

    /// Parameters of a stem and the blocks after it.
    type Stack;
    /// Parameters of a pointwise convolution.
    type Pointwise;
    /// Parameters of a linear layer.
    type Linear;
    /// Parameters of a linear layer for each row.
    type Linears;
    /// Where each row of an attention tends to look: one number for a row of cells and one for a column.
    type Prior;
    /// Numbers for all pictures alike, `[rows, columns]`.
    type Offsets;

    /// The pictures at half their size, each pixel the mean of four.
    fn halved(&self, pictures: &Self::Pictures) -> Self::Pictures;

    /// What stem and blocks make of the pictures.
    fn features(&self, stack: &Self::Stack, pictures: &Self::Pictures) -> Self::Maps;

    /// The convolution at every cell: `[n, outputs, cells]`.
    fn convolved(&self, convolution: &Self::Pointwise, maps: &Self::Maps) -> Self::Rows;

    /// Numbers for every cell, `[n, rows, cells]`, and the prior of their row.
    fn with_prior(&self, rows: Self::Rows, prior: &Self::Prior) -> Self::Rows;

    /// The softmax of every row.
    fn softmax(&self, rows: Self::Rows) -> Self::Rows;

    /// The natural logarithm of the softmax of every row.
    fn log_softmax(&self, rows: Self::Rows) -> Self::Rows;

    /// For weights of every cell, `[n, rows, cells]`, the weighted sums of the features: `[n, rows, channels]`.
    fn weighted(&self, weights: &Self::Rows, maps: &Self::Maps) -> Self::Rows;

    /// For weights of every cell, `[n, rows, cells]`, the weighted sums of the cells' positions: `[n, rows, 2]`.
    fn positions(&self, weights: &Self::Rows, cells: &[[f32; 2]]) -> Self::Rows;

    /// The mean of the features over all cells: `[n, 1, channels]`.
    fn mean(&self, maps: &Self::Maps) -> Self::Rows;

    /// The layer of every row: `[n, rows, outputs]`.
    fn linear(&self, layer: &Self::Linear, rows: Self::Rows) -> Self::Rows;

    /// Of every row its own layer: `[n, rows, outputs]`.
    fn linears(&self, layers: &Self::Linears, rows: Self::Rows) -> Self::Rows;

    /// Each number that is not negative, else 0.
    fn relu(&self, rows: Self::Rows) -> Self::Rows;

    /// The rows and the offsets of each.
    fn plus(&self, rows: Self::Rows, offsets: &Self::Offsets) -> Self::Rows;

    /// The sum of two.
    fn sum(&self, a: Self::Rows, b: Self::Rows) -> Self::Rows;

    /// Every number times `factor`.
    fn scaled(&self, rows: Self::Rows, factor: f32) -> Self::Rows;
}
