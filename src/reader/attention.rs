//! Where the network looked.

use crate::model::{GRID, STEPS};

/// Where the network looked: for each of its steps a map of weights over the plate image.
#[derive(Clone, Debug, PartialEq)]
pub struct Attention {
    /// `[STEPS][rows * columns]`; every step's add up to 1.
    weights: Vec<f32>,
}

impl Attention {
    /// Rows and columns of a map; a cell covers 8x8 pixels of the [`PlateImage`](crate::rectify::PlateImage).
    pub const GRID: [usize; 2] = GRID;

    /// Cells of a map.
    const CELLS: usize = GRID[0] * GRID[1];

    /// Numbers of all maps together.
    pub(super) const LENGTH: usize = STEPS * Attention::CELLS;

    /// `logits` are the network's, `[STEPS][rows * columns]`: the softmax over each step's cells is what it computes with.
    pub(super) fn from_logits(logits: Vec<f32>) -> Attention {
        let mut weights = logits;
        for map in weights.chunks_exact_mut(Attention::CELLS) {
            let largest = map.iter().fold(f32::NEG_INFINITY, |largest, &logit| largest.max(logit));
            map.iter_mut().for_each(|logit| *logit = (*logit - largest).exp());
            let sum: f32 = map.iter().sum();
            map.iter_mut().for_each(|weight| *weight /= sum);
        }
        Attention { weights }
    }

    /// The map of one step, row by row; its weights are at least 0 and add up to 1. `None` beyond the last step.
    pub fn of_step(&self, step: usize) -> Option<&[f32]> {
        self.weights.chunks_exact(Attention::CELLS).nth(step)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_map_adds_up_to_one_and_peaks_where_its_logits_do() {
        let logits = (0..Attention::LENGTH).map(|i| if i % 293 == 0 { 90.0 } else { (i % 7) as f32 - 80.0 }).collect();
        let attention = Attention::from_logits(logits);
        for step in 0..STEPS {
            let map = attention.of_step(step).unwrap();
            assert_eq!(map.len(), Attention::CELLS);
            assert!((map.iter().sum::<f32>() - 1.0).abs() < 1e-5);
            let peak = (0..map.len()).find(|cell| (step * Attention::CELLS + cell).is_multiple_of(293));
            assert!(peak.is_none_or(|cell| map[cell] > 0.49), "{step}");
        }
        assert!(attention.of_step(STEPS).is_none());
    }
}
