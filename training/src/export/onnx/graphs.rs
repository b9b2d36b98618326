//! The networks as ONNX graphs, line by line as their `forward` has them.

use anyhow::Context;
use kr_lpr::model::aligner::{CELL, CORNERS};
use kr_lpr::model::{Aligner, GRID, Layer, Recognizer, STEPS};

use super::{Writer, int, ints};

/// What both networks make of an image.
struct Attended {
    /// `[n, steps, cells]`
    attention: String,
    /// `[n, features, cells]`
    features: String,
    /// The attention-weighted mean of the features, `[n, steps, features]`.
    seen: String,
}

impl Writer {
    /// The graph of [`Recognizer::forward`].
    pub(super) fn recognizer(&mut self, recognizer: &Recognizer) -> anyhow::Result<()> {
        let Attended { features, seen, .. } = self.attended(recognizer.layers(), "images", STEPS)?;
        let mean = vec![ints("axes", &[2]), int("keepdims", 0)];
        let mean = self.node("ReduceMean", "mean", &[&features], mean); // [n, features]
        self.linear("kinds", "kind_logits", &mean)?; // [n, kinds]

        let seen = self.add("step_features", &seen, "step_prior")?;
        let hidden = self.linear("hidden", "hidden", &seen)?; // [n, STEPS, hidden]
        let hidden = self.node("Relu", "hidden.relu", &[&hidden], vec![]);
        let classes = self.linear("classes", "classes", &hidden)?; // [n, STEPS, CLASS_COUNT]
        self.node("LogSoftmax", "log_probs", &[&classes], vec![int("axis", 2)]);
        Ok(())
    }

    /// The graph of [`Aligner::forward`].
    pub(super) fn aligner(&mut self, aligner: &Aligner) -> anyhow::Result<()> {
        let half = vec![ints("kernel_shape", &[2; 2]), ints("strides", &[2; 2])];
        let half = self.node("AveragePool", "half", &["images"], half); // [n, 1, 48, 96]
        let Attended { attention, seen, .. } = self.attended(aligner.layers(), &half, CORNERS)?;

        let features = aligner.layers().last().map_or(0, |attend| attend.shape.channels[0]);
        let apart = self.integers("seen_shape", &[0, CORNERS as i64, 1, features as i64]);
        let seen = self.node("Reshape", "seen_apart", &[&seen, &apart], vec![]); // [n, CORNERS, 1, features]
        // In pixels, where the network has cells.
        let shift = self.parameter_times("shift", CELL)?; // [1, CORNERS, features, 2]
        let shift = self.node("MatMul", "shift_apart", &[&seen, &shift], vec![]); // [n, CORNERS, 1, 2]
        let together = self.integers("shift_shape", &[0, CORNERS as i64, 2]);
        let shift = self.node("Reshape", "shift_of", &[&shift, &together], vec![]); // [n, CORNERS, 2]
        let bias = self.parameter_times("shift_bias", CELL)?;
        let shift = self.node("Add", "shift_with_bias", &[&shift, &bias], vec![]);

        let [rows, columns] = GRID;
        let centre = |index: usize| (index as f32 + 0.5) * CELL;
        let centres: Vec<f32> =
            (0..rows).flat_map(|row| (0..columns).flat_map(move |column| [centre(column), centre(row)])).collect();
        let centres = self.floats("centres", &[rows * columns, 2], &centres);
        let mean = self.node("MatMul", "mean", &[&attention, &centres], vec![]); // [n, CORNERS, 2]
        self.node("Add", "corners", &[&mean, &shift], vec![]);
        Ok(())
    }

    /// The graph of [`Detector::forward`](kr_lpr::model::Detector::forward).
    pub(super) fn detector(&mut self, mut layers: Vec<Layer>) -> anyhow::Result<()> {
        let head = layers.pop().context("the network has no layers")?;
        let x = self.features(&layers, "images")?; // [n, features, rows, columns]
        let maps = self.convolution(&head.name, head.shape, &x)?;
        self.node("Identity", "maps", &[&maps], vec![]);
        Ok(())
    }

    /// Convolutions, the last of which makes a map of attention for each of `steps`, and what each sees.
    fn attended(&mut self, mut layers: Vec<Layer>, images: &str, steps: usize) -> anyhow::Result<Attended> {
        let cells = GRID.iter().product::<usize>() as i64;
        let attend = layers.pop().context("the network has no layers")?;
        let x = self.features(&layers, images)?; // [n, features, rows, columns]

        let logits = self.convolution(&attend.name, attend.shape, &x)?; // [n, steps, rows, columns]
        let logits = self.add("row", &logits, "row_prior")?;
        let logits = self.add("column", &logits, "column_prior")?;
        let by_cell = self.integers("attention_shape", &[0, steps as i64, cells]);
        let logits = self.node("Reshape", "attention_logits", &[&logits, &by_cell], vec![]); // [n, steps, cells]
        let attention = self.node("Softmax", "attention", &[&logits], vec![int("axis", 2)]);

        let by_cell = self.integers("features_shape", &[0, attend.shape.channels[0] as i64, cells]);
        let features = self.node("Reshape", "features", &[&x, &by_cell], vec![]); // [n, features, cells]
        let turned = self.node("Transpose", "features_by_cell", &[&features], vec![ints("perm", &[0, 2, 1])]);
        let seen = self.node("MatMul", "seen", &[&attention, &turned], vec![]); // [n, steps, features]
        Ok(Attended { attention, features, seen })
    }
}
