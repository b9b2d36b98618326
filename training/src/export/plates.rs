//! What is told of the networks that read a plate.

use std::fmt::Write;
use std::path::Path;

use anyhow::Context;
use kr_lpr::backend;
use kr_lpr::calibration::Calibration;
use kr_lpr::labels::{CLASS_COUNT, Label};
use kr_lpr::model::weights::WeightsInfo;
use kr_lpr::model::{Layer, PlateNetworks, STEPS};
use kr_lpr::plate::PlateKind;
use kr_lpr::reader::{Mode, PlateReader, ReadOptions};
use kr_lpr_render::synth::{Synth, SynthSettings};

use super::card::{Evidence, grouped};
use super::{ExportOptions, Exported, aligner_to_onnx, name_of, recognizer_to_onnx, to_safetensors, write_whole};
use crate::calibrate::Belief;
use crate::dataset::Collection;
use crate::evaluation::mix::{self, Claim, Group};
use crate::evaluation::pictures;
use crate::evaluation::rendered::{PlateRead, read_balanced};
use crate::evaluation::score::Score;
use crate::recipe::Recipe;
use crate::report::reliability::Reliability;

/// Seeds of rendered plates, which share none: those that calibrate, and those in the card. A report has seed 1.
const CALIBRATION: u64 = 2;
const VALIDATION: u64 = 3;

/// How right the networks are.
pub struct PlateEvidence {
    /// Rendered plates read by the shipped pipeline.
    pub validation: Vec<PlateRead>,
    /// As many pictures of the mix that calibrates, of other seeds.
    pub claims: Vec<Claim>,
    /// Name and score of pictures outside the run, where they were given.
    pub measured: Option<(String, Score)>,
}

impl Exported for PlateNetworks {
    const FILE: &'static str = "recognizer";
    const MAX_BYTES: usize = 86_000;
    type Evidence = PlateEvidence;

    fn beliefs(&self, bytes: &[u8], _: &Recipe, options: &ExportOptions) -> anyhow::Result<Vec<Belief>> {
        let reader = PlateReader::from_weights(bytes, &backend::cpu())?;
        let claims = mix::read(&reader, options.plates, CALIBRATION)?.into_iter();
        // What names no character claims nothing.
        let beliefs = claims.filter(|claim| claim.log_prob.is_finite() && claim.says_something);
        Ok(beliefs.map(|claim| Belief { log_prob: claim.log_prob, right: claim.right }).collect())
    }

    fn evidence(bytes: &[u8], _: &Recipe, options: &ExportOptions) -> anyhow::Result<PlateEvidence> {
        let measured = options.data.as_deref().map(|folder| measured(bytes, folder)).transpose()?;
        let reader = PlateReader::from_weights(bytes, &backend::cpu())?;
        let synth = Synth::new(SynthSettings::default())?;
        let validation = read_balanced(&reader, &synth, options.plates, VALIDATION)?;
        Ok(PlateEvidence { validation, claims: mix::read(&reader, options.plates, VALIDATION)?, measured })
    }

    fn layers(&self) -> Vec<Layer> {
        self.recognizer.layers()
    }

    fn multiply_adds(&self) -> usize {
        PlateNetworks::multiply_adds(self)
    }

    fn write_other_forms(&self, info: &WeightsInfo, options: &ExportOptions) -> anyhow::Result<()> {
        if let Some(folder) = &options.onnx {
            write_onnx(self, info, folder)?;
        }
        if let Some(path) = &options.safetensors {
            write_whole(path, &to_safetensors(self, info)?)?;
        }
        Ok(())
    }
}

/// The shipped pipeline on a collection, under the name of its folder.
fn measured(bytes: &[u8], folder: &Path) -> anyhow::Result<(String, Score)> {
    let reader = PlateReader::from_weights(bytes, &backend::cpu())?;
    let options = ReadOptions { mode: Mode::Crop, ..ReadOptions::default() };
    let readings = pictures::measure(&reader, Collection::open(folder)?.crops, &options);
    Ok((name_of(folder)?, pictures::score(&readings)))
}

/// How a picture becomes an input, for those who cannot call `kr_lpr::rectify` and `kr_lpr::model::input`.
const PREPROCESSING: &str = "A plate cut out along its four corners with 5 % more around it and warped upright to fill \
192x96 pixels, whatever its proportions, every output pixel the mean of the input pixels it covers. Luma is \
(77 R + 150 G + 29 B) / 256. The input is (luma - mean) / (deviation + 8) with mean and standard deviation of all pixels.";

/// What a consumer of the bare networks has to know.
pub(super) fn description(info: &WeightsInfo) -> [(&'static str, String); 6] {
    // Class 0 is the blank of CTC.
    let classes: Vec<&str> = [""].into_iter().chain(Label::all().map(Label::name)).collect();
    [
        ("model", info.provenance.model.clone()),
        ("commit", info.provenance.commit.clone()),
        ("checksum", info.checksum.clone()),
        ("classes", classes.join("\n")),
        ("kinds", PlateKind::ALL.map(PlateKind::name).join("\n")),
        ("preprocessing", PREPROCESSING.to_owned()),
    ]
}

/// Writes `recognizer.onnx` and `aligner.onnx` into a folder.
///
/// # Errors
/// When the networks are not folded or a file cannot be written.
pub fn write_onnx(networks: &PlateNetworks, info: &WeightsInfo, folder: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    write_whole(&folder.join("recognizer.onnx"), &recognizer_to_onnx(&networks.recognizer, info)?)?;
    write_whole(&folder.join("aligner.onnx"), &aligner_to_onnx(&networks.aligner, info)?)
}

impl PlateEvidence {
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
            "\n{:.0} % of the plates got another pass. The corners found are off by {:.1} % of the plate's width on half \
             of the plates, by {:.1} % or less on nine in ten and by {:.1} % or less on 99 in a hundred (mean of the \
             four).",
            100.0 * twice as f64 / self.validation.len().max(1) as f64,
            percentile(0.5),
            percentile(0.9),
            percentile(0.99)
        )
    }

    fn confidence(&self, calibration: Calibration, text: &mut String) -> std::fmt::Result {
        let characters = Reliability::of_characters(&self.validation);
        let Calibration { slope, intercept } = calibration;
        writeln!(
            text,
            "\n## Confidence\n\nIt is `sigmoid({slope:.3} logit(p) {intercept:+.3})` of the probability `p` that the network gives \
             to the text, fitted on {} rendered pictures of this mix; the table is of as many others. A reading is true where \
             every character that it names stands there; where no plate is upright, where it names none.\n",
            self.claims.len()
        )?;
        writeln!(
            text,
            "| pictures | of | true | not true, without `?`, from 0.5 | of it above 0.9 | calibration error |"
        )?;
        writeln!(text, "|---|---|---|---|---|---|")?;
        for group in Group::ALL {
            claims_row(
                text,
                group.name(),
                &self.claims.iter().filter(|claim| claim.group == group).collect::<Vec<_>>(),
            )?;
        }
        claims_row(text, "all", &self.claims.iter().collect::<Vec<_>>())?;
        writeln!(
            text,
            "\nThe characters share the doubt about their text: of the {} plates above their expected calibration error is {:.4}, \
             and {} of {} above 0.9 are wrong.",
            grouped(self.validation.len() as u64),
            characters.expected_calibration_error.unwrap_or(f64::NAN),
            characters.wrong_though_sure(),
            grouped(characters.sure.seen)
        )
    }
}

/// How far one group's confidences can be trusted.
fn claims_row(text: &mut String, name: &str, claims: &[&Claim]) -> std::fmt::Result {
    let share = |count: usize| 100.0 * count as f64 / claims.len().max(1) as f64;
    let right = claims.iter().filter(|claim| claim.right).count();
    let wrong = |least: f32| {
        share(claims.iter().filter(|claim| claim.complete && !claim.right && claim.confidence >= least).count())
    };
    let told = claims.iter().filter(|claim| claim.log_prob.is_finite() && claim.says_something);
    let reliability = Reliability::among(&told.map(|claim| (claim.confidence, claim.right)).collect::<Vec<_>>());
    writeln!(
        text,
        "| {name} | {} | {:.1} % | {:.1} % | {:.1} % | {:.3} |",
        claims.len(),
        share(right),
        wrong(0.5),
        wrong(0.9),
        reliability.expected_calibration_error.unwrap_or(f64::NAN)
    )
}

impl Evidence for PlateEvidence {
    const COST: &'static str = "multiply-adds a plate";
    const IMAGES: &'static str = "images";

    fn introduction() -> String {
        format!(
            "`recognizer.bin` reads one plate. Its aligner finds the corners of the plate in a rough outline; its recognizer \
             reads the straightened plate: 96x192 luma in, {STEPS} CTC steps over {CLASS_COUNT} classes and {} plate kinds \
             out.",
            PlateKind::ALL.len()
        )
    }

    fn network() -> [&'static str; 2] {
        [
            "The recognizer; `src/model/aligner.rs` defines the aligner, which is a fourteenth of the work.",
            "`attend` gives every step a map of attention over the features; two linear layers, shared by the steps, turn \
             what a step saw into classes, and one turns the mean of the features into the kind. \
             `src/model/recognizer.rs` is the definition, and `src/model/experts.rs` that of the experts: kernels that the \
             convolution has more of for some pictures than for others.",
        ]
    }

    fn validation(&self, calibration: Calibration, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "{} rendered plates of full difficulty, all kinds alike, that were never trained on: cropped as people and \
             detectors crop, read by the shipped pipeline with this file.\n",
            self.validation.len()
        )?;
        table(text, &self.score())?;
        self.corners(text)?;
        self.confidence(calibration, text)
    }

    fn measured(&self, text: &mut String) -> std::fmt::Result {
        let Some((name, score)) = &self.measured else { return Ok(()) };
        writeln!(text, "\n## Measured\n")?;
        let seen = score.total().seen;
        writeln!(text, "The {seen} pictures of `{name}`, read by the shipped pipeline with this file.\n")?;
        table(text, score)
    }

    fn table(&self) -> String {
        let rendered = format!("rendered validation plates\n{}", self.score().table());
        let measured = self.measured.as_ref();
        rendered + &measured.map_or(String::new(), |(name, score)| format!("pictures of {name}\n{}", score.table()))
    }
}

/// One line a kind that was seen, then all of them.
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
