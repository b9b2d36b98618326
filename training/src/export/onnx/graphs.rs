//! The networks as ONNX graphs, line by line as their `forward` has them.

use anyhow::Context;
use kr_lpr::model::{Aligner, GRID, Recognizer, STEPS};
use kr_lpr::rectify::PLATE_WIDTH;

use super::{Writer, int, ints};

/// Corners of a plate.
const CORNERS: i64 = 4;

/// Pixels of the plate image a cell covers, each way.
const CELL: f32 = (PLATE_WIDTH / GRID[1]) as f32;

impl Writer {
    /// The graph of [`Recognizer::forward`].
    pub(super) fn recognizer(&mut self, recognizer: &Recognizer) -> anyhow::Result<()> {
        let cells = GRID.iter().product::<usize>() as i64;
        let mut layers = recognizer.layers();
        let attend = layers.pop().context("the network has no layers")?;
        let features = attend.shape.channels[0] as i64;
        let x = self.features(&layers, "images")?; // [n, features, rows, columns]

        let logits = self.convolution(&attend.name, attend.shape, &x)?; // [n, STEPS, rows, columns]
        let logits = self.add("row", &logits, "row_prior")?;
        let logits = self.add("column", &logits, "column_prior")?;
        let by_cell = self.integers("attention_shape", &[0, STEPS as i64, cells]);
        let logits = self.node("Reshape", "attention_logits", &[&logits, &by_cell], vec![]); // [n, STEPS, cells]
        let attention = self.node("Softmax", "attention", &[&logits], vec![int("axis", 2)]);

        let by_cell = self.integers("features_shape", &[0, features, cells]);
        let features = self.node("Reshape", "features", &[&x, &by_cell], vec![]); // [n, features, cells]
        let mean = vec![ints("axes", &[2]), int("keepdims", 0)];
        let mean = self.node("ReduceMean", "mean", &[&features], mean); // [n, features]
        self.linear("kinds", "kind_logits", &mean)?; // [n, kinds]

        let features = self.node("Transpose", "features_by_cell", &[&features], vec![ints("perm", &[0, 2, 1])]);
        let seen = self.node("MatMul", "seen", &[&attention, &features], vec![]); // [n, STEPS, features]
        let seen = self.add("step_features", &seen, "step_prior")?;
        let hidden = self.linear("hidden", "hidden", &seen)?; // [n, STEPS, hidden]
        let hidden = self.node("Relu", "hidden.relu", &[&hidden], vec![]);
        let classes = self.linear("classes", "classes", &hidden)?; // [n, STEPS, CLASS_COUNT]
        self.node("LogSoftmax", "log_probs", &[&classes], vec![int("axis", 2)]);
        Ok(())
    }

    /// The graph of [`Aligner::forward`].
    pub(super) fn aligner(&mut self, aligner: &Aligner) -> anyhow::Result<()> {
        let [rows, columns] = GRID;
        let cells = (rows * columns) as i64;
        let mut layers = aligner.layers();
        let attend = layers.pop().context("the network has no layers")?;
        let features = attend.shape.channels[0] as i64;
        let half = vec![ints("kernel_shape", &[2; 2]), ints("strides", &[2; 2])];
        let half = self.node("AveragePool", "half", &["images"], half); // [n, 1, 48, 96]
        let x = self.features(&layers, &half)?; // [n, features, rows, columns]

        let logits = self.convolution(&attend.name, attend.shape, &x)?; // [n, CORNERS, rows, columns]
        let logits = self.add("row", &logits, "row_prior")?;
        let logits = self.add("column", &logits, "column_prior")?;
        let by_cell = self.integers("attention_shape", &[0, CORNERS, cells]);
        let logits = self.node("Reshape", "attention_logits", &[&logits, &by_cell], vec![]); // [n, CORNERS, cells]
        let attention = self.node("Softmax", "attention", &[&logits], vec![int("axis", 2)]);

        let by_cell = self.integers("features_shape", &[0, features, cells]);
        let features_of = self.node("Reshape", "features", &[&x, &by_cell], vec![]); // [n, features, cells]
        let features_of = self.node("Transpose", "features_by_cell", &[&features_of], vec![ints("perm", &[0, 2, 1])]);
        let seen = self.node("MatMul", "seen", &[&attention, &features_of], vec![]); // [n, CORNERS, features]
        let apart = self.integers("seen_shape", &[0, CORNERS, 1, features]);
        let seen = self.node("Reshape", "seen_apart", &[&seen, &apart], vec![]); // [n, CORNERS, 1, features]
        // In pixels, where the network has cells.
        let shift = self.parameter_times("shift", CELL)?; // [1, CORNERS, features, 2]
        let shift = self.node("MatMul", "shift_apart", &[&seen, &shift], vec![]); // [n, CORNERS, 1, 2]
        let together = self.integers("shift_shape", &[0, CORNERS, 2]);
        let shift = self.node("Reshape", "shift_of", &[&shift, &together], vec![]); // [n, CORNERS, 2]
        let bias = self.parameter_times("shift_bias", CELL)?;
        let shift = self.node("Add", "shift_with_bias", &[&shift, &bias], vec![]);

        let centre = |index: usize| (index as f32 + 0.5) * CELL;
        let centres: Vec<f32> =
            (0..rows).flat_map(|row| (0..columns).flat_map(move |column| [centre(column), centre(row)])).collect();
        let centres = self.floats("centres", &[rows * columns, 2], &centres);
        let mean = self.node("MatMul", "mean", &[&attention, &centres], vec![]); // [n, CORNERS, 2]
        self.node("Add", "corners", &[&mean, &shift], vec![]);
        Ok(())
    }
}
