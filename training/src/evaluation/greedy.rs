//! Reading many plates and counting what is right.

use anyhow::Context;
use burn::tensor::Device;
use kr_lpr::ctc::{Hypothesis, Logits, greedy};
use kr_lpr::labels::CLASS_COUNT;
use kr_lpr::model::{Recognizer, STEPS};

use crate::evaluation::score::{Claims, Score};
use crate::plates::batch::images;
use crate::plates::example::Example;

/// Plates read at a time: enough to keep every core busy, few enough for the cache.
const BATCH: usize = 64;

/// Reads `examples` greedily, without the grammar: what the network itself knows.
///
/// # Errors
/// When the network gives something that is not a number.
pub fn read_greedily(
    recognizer: &Recognizer,
    examples: &[Example],
    device: &Device,
) -> anyhow::Result<Vec<Hypothesis>> {
    let mut hypotheses = Vec::with_capacity(examples.len());
    for chunk in examples.chunks(BATCH) {
        let log_probs = recognizer.forward(images(chunk, device)).log_probs; // [n, STEPS, CLASS_COUNT]
        let scores = log_probs.try_into_vec_as::<f32>().context("the network's output cannot be read")?;
        for scores in scores.chunks_exact(STEPS * CLASS_COUNT) {
            hypotheses.push(greedy(&Logits::new(scores.to_vec())?));
        }
    }
    Ok(hypotheses)
}

/// How many of `examples` the network reads right.
///
/// # Errors
/// When the network gives something that is not a number.
pub fn score(recognizer: &Recognizer, examples: &[Example], device: &Device) -> anyhow::Result<Score> {
    let mut score = Score::default();
    for (example, read) in examples.iter().zip(read_greedily(recognizer, examples, device)?) {
        score.add(&example.labels, &read.labels, example.kind);
    }
    Ok(score)
}

/// What the network claims of `examples`, of which something may hide a part.
///
/// # Errors
/// When the network gives something that is not a number.
pub fn claims(recognizer: &Recognizer, examples: &[Example], device: &Device) -> anyhow::Result<Claims> {
    let mut claims = Claims::default();
    for (example, read) in examples.iter().zip(read_greedily(recognizer, examples, device)?) {
        claims.add(&example.labels, &read.labels);
    }
    Ok(claims)
}
