//! The card beside the weights: what they are, how they were made and how well they read.

use std::fmt::Write;

use kr_lpr::calibration::Calibration;
use kr_lpr::labels::CLASS_COUNT;
use kr_lpr::model::weights::WeightsInfo;
use kr_lpr::model::{Layer, STEPS};
use kr_lpr::plate::PlateKind;

use crate::checkpoint::RunState;
use crate::evaluation::rendered::PlateRead;
use crate::evaluation::score::Score;
use crate::report::reliability::Reliability;

/// Everything the card says.
pub struct Card {
    /// The run.
    pub state: RunState,
    /// What the file says of itself.
    pub info: WeightsInfo,
    /// Bytes of the file.
    pub bytes: usize,
    /// Parameters, batch norm folded.
    pub parameters: usize,
    /// The network's convolutions.
    pub layers: Vec<Layer>,
    /// Multiply-adds an image.
    pub multiply_adds: usize,
    /// What the run was trained on.
    pub trained_on: String,
    /// Rendered plates read by the shipped pipeline.
    pub validation: Vec<PlateRead>,
    /// Pictures outside the run, where they were given.
    pub measured: Option<Measured>,
}

/// How the shipped pipeline reads a collection of pictures.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Name of the collection.
    pub name: String,
    /// What it got right.
    pub score: Score,
}

impl Card {
    /// The card as Markdown.
    ///
    /// # Errors
    /// When the recipe cannot be written as TOML.
    pub fn markdown(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        self.summary(&mut text)?;
        self.network(&mut text)?;
        self.training(&mut text)?;
        writeln!(text, "## Validation\n")?;
        writeln!(
            text,
            "{} rendered plates of full difficulty, all kinds alike, that were never trained on: cropped as people and \
             detectors crop, read by the shipped pipeline with this file.\n",
            self.validation.len()
        )?;
        table(&mut text, &self.score())?;
        self.corners(&mut text)?;
        self.confidence(&mut text)?;
        if let Some(Measured { name, score }) = &self.measured {
            writeln!(text, "\n## Measured\n")?;
            writeln!(
                text,
                "The {} pictures of `{name}`, read by the shipped pipeline with this file.\n",
                score.total().seen
            )?;
            table(&mut text, score)?;
        }
        Ok(text)
    }

    /// How many of the rendered plates are read right.
    pub fn score(&self) -> Score {
        let mut score = Score::default();
        for plate in &self.validation {
            score.add(&plate.truth, &plate.read, Some(plate.kind));
        }
        score
    }

    fn corners(&self, text: &mut String) -> std::fmt::Result {
        let twice = self.validation.iter().filter(|plate| plate.passes > 1).count();
        let mut errors: Vec<f64> = self.validation.iter().map(|plate| plate.corner_error).collect();
        errors.sort_by(f64::total_cmp);
        let percentile = |share: f64| {
            let index = (share * errors.len() as f64) as usize;
            100.0 * errors.get(index.min(errors.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
        };
        writeln!(
            text,
            "\n{:.0} % of the plates were looked at again. The corners found are off by {:.1} % of the plate's width on half \
             of the plates, by {:.1} % or less on nine in ten and by {:.1} % or less on 99 in a hundred (mean of the \
             four).",
            100.0 * twice as f64 / self.validation.len().max(1) as f64,
            percentile(0.5),
            percentile(0.9),
            percentile(0.99)
        )
    }

    fn confidence(&self, text: &mut String) -> std::fmt::Result {
        let reliability = Reliability::of(&self.validation);
        let characters = Reliability::of_characters(&self.validation);
        let Calibration { slope, intercept } = self.info.calibration;
        writeln!(
            text,
            "\nThe confidence is `sigmoid({slope:.3} logit(p) {intercept:+.3})` of the probability `p` that the network gives \
             to the text, fitted on as many other rendered plates. Expected calibration error {:.3}; {} wrong texts \
             have a confidence above 0.9. The characters share the doubt about their text: expected calibration error {:.4}; \
             {} of {} above 0.9 are wrong.",
            reliability.expected_calibration_error.unwrap_or(f64::NAN),
            reliability.wrong_though_sure(),
            characters.expected_calibration_error.unwrap_or(f64::NAN),
            characters.wrong_though_sure(),
            grouped(characters.sure.seen)
        )
    }

    fn summary(&self, text: &mut String) -> std::fmt::Result {
        let WeightsInfo { format_version, alphabet, architecture, checksum, provenance, calibration: _ } = &self.info;
        writeln!(text, "# Weights `{}`\n", provenance.model)?;
        writeln!(
            text,
            "`recognizer.bin` reads one plate. Its aligner finds the corners of the plate in a rough outline; its \
             recognizer reads the straightened plate: 96x192 luma in, {STEPS} CTC steps over {CLASS_COUNT} classes and \
             {} plate kinds out. The verb `export` of `kr-lpr-training` wrote it, and this card.\n",
            PlateKind::ALL.len()
        )?;
        writeln!(text, "| | |\n|---|---|")?;
        let rows = [
            ("size", format!("{} bytes, large tensors in 8 bits, format {format_version}", grouped(self.bytes as u64))),
            ("parameters", grouped(self.parameters as u64)),
            ("multiply-adds a plate", grouped(self.multiply_adds as u64)),
            ("checksum of the values", format!("`{checksum}`")),
            ("alphabet", format!("`{alphabet}`")),
            ("architecture", format!("`{architecture}`")),
            ("commit", format!("`{}`", provenance.commit)),
        ];
        rows.iter().try_for_each(|(name, value)| writeln!(text, "| {name} | {value} |"))
    }

    fn network(&self, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "\n## Network\n\nThe recognizer; `src/model/aligner.rs` defines the aligner, which is a fourteenth of the work.\n"
        )?;
        convolutions(text, &self.layers)?;
        writeln!(
            text,
            "\n`attend` gives every step a map of attention over the features; two linear layers, shared by the steps, \
             turn what a step saw into classes, and one turns the mean of the features into the kind. \
             `src/model/recognizer.rs` is the definition, and `src/model/experts.rs` that of the experts: kernels that the \
             convolution has more of for some pictures than for others."
        )
    }

    fn training(&self, text: &mut String) -> anyhow::Result<()> {
        let RunState { step, seconds, progress, recipe, .. } = &self.state;
        let images = recipe.replicas * recipe.batch_size as u64;
        writeln!(text, "\n## Training\n")?;
        writeln!(text, "| | |\n|---|---|")?;
        let ended = match *progress {
            done if done < 1.0 => format!(", unfinished: {:.0} % of the run is done", 100.0 * done),
            _ if *step < recipe.steps => format!(" of {} planned: the time was up", grouped(recipe.steps)),
            _ => String::new(),
        };
        writeln!(text, "| steps | {}{ended} |", grouped(*step))?;
        writeln!(text, "| images | {} a step, {} in all |", grouped(images), grouped(images * step))?;
        writeln!(text, "| time | {:.2} hours |", seconds / 3600.0)?;
        writeln!(text, "| on | {} |", self.trained_on)?;
        writeln!(text, "| seed | {} |", recipe.seed)?;
        writeln!(
            text,
            "\nThe recipe `{}` in full; `data_fraction` is of runs that are given pictures of their own.\n",
            recipe.name
        )?;
        writeln!(text, "```toml\n{}```\n", recipe.to_toml()?)?;
        Ok(())
    }
}

/// One line a kind that was seen, then all of them.
/// A table with a row for each convolution of a network.
pub(super) fn convolutions(text: &mut String, layers: &[Layer]) -> std::fmt::Result {
    writeln!(text, "| convolution | kernel | stride | dilation | channels | output | multiply-adds |")?;
    writeln!(text, "|---|---|---|---|---|---|---|")?;
    layers.iter().try_for_each(|layer| {
        let Layer { name, shape, residual, experts, size: [rows, columns] } = layer;
        let [input, output] = shape.channels;
        let residual = if *residual { ", residual" } else { "" };
        let experts = if *experts > 0 { format!(", {experts} experts") } else { String::new() };
        writeln!(
            text,
            "| {name}{experts}{residual} | {k}x{k} | {} | {} | {input} to {output} | {rows}x{columns} | {} |",
            shape.stride,
            shape.dilation,
            grouped(layer.multiply_adds() as u64),
            k = shape.kernel,
        )
    })
}

fn table(text: &mut String, score: &Score) -> std::fmt::Result {
    writeln!(text, "| kind | right | of | share |\n|---|---|---|---|")?;
    let kinds = PlateKind::ALL.map(|kind| (kind.name(), score.of_kind(Some(kind))));
    for (name, tally) in kinds.into_iter().chain([("other", score.of_kind(None)), ("all", score.total())]) {
        if let Some(accuracy) = tally.accuracy() {
            writeln!(text, "| {name} | {} | {} | {:.2} % |", tally.right, tally.seen, 100.0 * accuracy)?;
        }
    }
    writeln!(text, "\nCharacter error rate {:.2} %.", 100.0 * score.character_error_rate())
}

/// A number with a space between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1 000"), (1_234_567, "1 234 567")] {
            assert_eq!(grouped(number), text);
        }
    }
}
