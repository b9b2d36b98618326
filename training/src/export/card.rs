//! The card beside the weights: what they are, how they were made and how right they are.

use std::fmt::Write;

use kr_lpr::calibration::Calibration;
use kr_lpr::model::Layer;
use kr_lpr::model::weights::WeightsInfo;

use crate::checkpoint::RunState;

/// Everything the card says.
pub struct Card<E> {
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
    /// Multiply-adds of an image.
    pub multiply_adds: usize,
    /// What the run was trained on.
    pub trained_on: String,
    /// How right the networks are.
    pub evidence: E,
}

/// What the card of one sort of networks says of them and of how right they are.
pub trait Evidence {
    /// What the multiply-adds are of.
    const COST: &'static str;

    /// What a step is trained on.
    const IMAGES: &'static str;

    /// What the file does.
    fn introduction() -> String;

    /// What is said before and after the list of convolutions.
    fn network() -> [&'static str; 2];

    /// How right the file is on what was rendered.
    ///
    /// # Errors
    /// Never for a `String`.
    fn validation(&self, calibration: Calibration, text: &mut String) -> std::fmt::Result;

    /// A section on pictures outside the run, where there are any.
    ///
    /// # Errors
    /// Never for a `String`.
    fn measured(&self, text: &mut String) -> std::fmt::Result;

    /// All scores, for a terminal.
    fn table(&self) -> String;
}

impl<E: Evidence> Card<E> {
    /// The card as Markdown.
    ///
    /// # Errors
    /// When the recipe cannot be written as TOML.
    pub fn markdown(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        self.summary(&mut text)?;
        let [before, after] = E::network();
        writeln!(text, "\n## Network\n\n{before}\n")?;
        convolutions(&mut text, &self.layers)?;
        if !after.is_empty() {
            writeln!(text, "\n{after}")?;
        }
        self.training(&mut text)?;
        writeln!(text, "## Validation\n")?;
        self.evidence.validation(self.info.calibration, &mut text)?;
        self.evidence.measured(&mut text)?;
        Ok(text)
    }

    fn summary(&self, text: &mut String) -> std::fmt::Result {
        let WeightsInfo { format_version, alphabet, architecture, checksum, provenance, calibration: _ } = &self.info;
        writeln!(text, "# Weights `{}`\n", provenance.model)?;
        writeln!(text, "{} The command `export` of `kr-lpr-training` wrote it, and this card.\n", E::introduction())?;
        writeln!(text, "| | |\n|---|---|")?;
        let rows = [
            ("size", format!("{} bytes, large tensors in 8 bits, format {format_version}", grouped(self.bytes as u64))),
            ("parameters", grouped(self.parameters as u64)),
            (E::COST, grouped(self.multiply_adds as u64)),
            ("checksum of the values", format!("`{checksum}`")),
            ("alphabet", format!("`{alphabet}`")),
            ("architecture", format!("`{architecture}`")),
            ("commit", format!("`{}`", provenance.commit)),
        ];
        rows.iter().try_for_each(|(name, value)| writeln!(text, "| {name} | {value} |"))
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
        writeln!(text, "| {} | {} a step, {} in all |", E::IMAGES, grouped(images), grouped(images * step))?;
        writeln!(text, "| time | {:.2} hours |", seconds / 3600.0)?;
        writeln!(text, "| on | {} |", self.trained_on)?;
        writeln!(text, "| seed | {} |", recipe.seed)?;
        writeln!(text, "\nThe recipe `{}` in full.\n", recipe.name)?;
        writeln!(text, "```toml\n{}```\n", recipe.to_toml()?)?;
        Ok(())
    }
}

/// A table with a row for each convolution of a network.
fn convolutions(text: &mut String, layers: &[Layer]) -> std::fmt::Result {
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
