//! Small dense matrices: what the networks do after their convolutions.

use wide::f32x4;

use super::depthwise::TILE;
use super::lanes::{Lanes, Work, dispatch};
use super::maps::{BLOCK, Maps};
use super::product::{GROUP, Weights, sums};

/// A matrix, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    columns: usize,
    values: Vec<f32>,
}

impl Matrix {
    /// Takes rows of `columns` values.
    ///
    /// # Panics
    /// Where they are not whole rows.
    pub fn new(columns: usize, values: Vec<f32>) -> Matrix {
        assert!(columns > 0 && values.len().is_multiple_of(columns), "{} values in rows of {columns}", values.len());
        Matrix { columns, values }
    }

    /// Rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns.max(1)
    }

    /// Columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// All values, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// See [`values`](Self::values).
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }

    /// Each value and the one at the same place of `other`, which may be fewer rows: they are repeated.
    pub fn plus(mut self, other: &[f32]) -> Matrix {
        for rows in self.values.chunks_mut(other.len().max(1)) {
            rows.iter_mut().zip(other).for_each(|(value, &other)| *value += other);
        }
        self
    }

    /// Values below 0 become 0; what is not a number stays.
    pub fn relu(mut self) -> Matrix {
        self.values.iter_mut().filter(|value| **value < 0.0).for_each(|value| *value = 0.0);
        self
    }

    /// The softmax of every row.
    pub fn softmax(mut self) -> Matrix {
        for row in self.values.chunks_exact_mut(self.columns.max(1)) {
            let sum = exponentials(row);
            row.iter_mut().for_each(|value| *value /= sum);
        }
        self
    }

    /// The logarithm of the softmax of every row.
    pub fn log_softmax(mut self) -> Matrix {
        let mut exponential = Vec::with_capacity(self.columns);
        for row in self.values.chunks_exact_mut(self.columns.max(1)) {
            exponential.clear();
            exponential.extend_from_slice(row);
            let shift = largest(row) + exponentials(&mut exponential).ln();
            row.iter_mut().for_each(|value| *value -= shift);
        }
        self
    }

    /// `self` times the transpose of `weights`, plus its bias.
    pub fn times(&self, weights: &Weights) -> Matrix {
        let mut values = vec![0.0; self.rows() * weights.outputs()];
        dispatch(Times { matrix: self, weights, values: &mut values });
        Matrix { columns: weights.outputs(), values }
    }

    /// Of every row the product with its own weights, as [`times`](Self::times).
    ///
    /// # Panics
    /// Unless there are as many weights as rows, all of one shape.
    pub fn times_each(&self, weights: &[Weights]) -> Matrix {
        assert_eq!(weights.len(), self.rows(), "weights for every row");
        let row = |(row, weights): (&[f32], &Weights)| Matrix::new(self.columns, row.to_vec()).times(weights).values;
        let values: Vec<f32> = self.values.chunks_exact(self.columns).zip(weights).flat_map(row).collect();
        Matrix::new(values.len() / self.rows(), values)
    }

    /// Every value times `factor`.
    pub fn scaled(mut self, factor: f32) -> Matrix {
        self.values.iter_mut().for_each(|value| *value *= factor);
        self
    }

    /// `self`, a weight for each cell of `maps` in every row, times the cells: the weighted sums of their channels.
    pub fn weigh(&self, maps: &Maps) -> Matrix {
        self.times(&cells_of(maps))
    }
}

/// The mean of each channel of maps, as one row.
pub fn mean(maps: &Maps) -> Matrix {
    let shape = maps.shape();
    let count = (shape.rows * shape.columns) as f32;
    let mean_of = |block: usize| {
        let rows = (0..shape.rows).map(|row| maps.row(block, row).iter().fold(f32x4::ZERO, |sum, &cell| sum + cell));
        (rows.fold(f32x4::ZERO, |sum, row| sum + row) / f32x4::splat(count)).to_array()
    };
    let mut values: Vec<f32> = (0..maps.blocks()).flat_map(mean_of).collect();
    values.truncate(shape.channels);
    Matrix { columns: shape.channels, values }
}

/// Maps as weights from cells to channels.
fn cells_of(maps: &Maps) -> Weights {
    let shape = maps.shape();
    let cells = shape.rows * shape.columns;
    let mut weights = Weights::zeros([cells, shape.channels]);
    for block in 0..maps.blocks() {
        let (group, first) = (block * BLOCK / GROUP, block * BLOCK % GROUP);
        let group = &mut weights.values_mut()[group * cells..][..cells];
        let of_block = (0..shape.rows).flat_map(|row| maps.row(block, row));
        for (to, cell) in group.iter_mut().zip(of_block) {
            to.0[first..first + BLOCK].copy_from_slice(&cell.to_array());
        }
    }
    weights
}

fn largest(row: &[f32]) -> f32 {
    row.iter().fold(f32::NEG_INFINITY, |largest, &value| if value > largest { value } else { largest })
}

/// Replaces each value by its exponential, over that of the largest; their sum.
fn exponentials(row: &mut [f32]) -> f32 {
    let shift = f32x4::splat(largest(row));
    let mut sum = f32x4::ZERO;
    let (fours, rest) = row.as_chunks_mut::<4>();
    for four in fours {
        let exponential = (f32x4::new(*four) - shift).exp();
        sum += exponential;
        *four = exponential.to_array();
    }
    let mut sum = sum.reduce_add();
    for value in rest {
        // The same function as above, so that where a value stands does not matter.
        *value = (f32x4::splat(*value) - shift).exp().to_array()[0];
        sum += *value;
    }
    sum
}

struct Times<'a> {
    matrix: &'a Matrix,
    weights: &'a Weights,
    values: &'a mut [f32],
}

impl Work for Times<'_> {
    type Output = ();

    #[inline(always)]
    fn work<L: Lanes>(self, lanes: L) {
        let Times { matrix, weights, values } = self;
        let (inputs, outputs) = (weights.inputs(), weights.outputs());
        assert_eq!(matrix.columns, inputs, "columns of the matrix and inputs of the weights");
        let mut panel = vec![[0.0; TILE]; inputs];
        let rows = matrix.values.chunks(TILE * inputs).zip(values.chunks_mut(TILE * outputs));
        for (rows, values) in rows {
            for (pixel, row) in rows.chunks_exact(inputs).enumerate() {
                panel.iter_mut().zip(row).for_each(|(to, &value)| to[pixel] = value);
            }
            for (group, (weights, bias)) in weights.values().chunks_exact(inputs).zip(weights.bias()).enumerate() {
                let [pixels] = sums::<L, 1>(lanes, [&panel], weights, bias);
                for (row, sums) in values.chunks_exact_mut(outputs).zip(pixels) {
                    let of_group = row[GROUP * group..].iter_mut();
                    of_group.zip(lanes.store(sums).0).for_each(|(to, sum)| *to = sum);
                }
            }
        }
    }
}
