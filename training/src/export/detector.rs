//! The detector's weights file and card.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Context, ensure};
use burn::module::Module;
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::detect::{Maps, candidates};
use kr_lpr::model::detector::grid;
use kr_lpr::model::input::overview_tensor;
use kr_lpr::model::weights::{self, Provenance, WeightsInfo};
use kr_lpr::model::{Detector, Layer};
use kr_lpr::overview::{FIRST_LOOK, Overview, Region};
use kr_lpr::reader::{PlateReader, ReadOptions};
use rayon::prelude::*;

use super::card::convolutions;
use super::{ExportOptions, commit, grouped, this_cpu, write_whole};
use crate::calibrate::{self, Belief};
use crate::checkpoint::{Checkpoint, RunState};
use crate::evaluation::scenes::{SAME_OUTLINE, SceneScore, Truth, Verdict};
use crate::measure;
use crate::recipe::Recipe;
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth, SynthSettings};

/// Most bytes of the weights file.
const MAX_BYTES: usize = 400_000;

/// Scenes a plate that [`ExportOptions::plates`] asks for: one takes as long to render and read as some plates.
const PLATES_A_SCENE: u64 = 10;

/// Seeds of rendered scenes, apart from those of training and of its validation.
const CALIBRATION: u64 = 4;
const VALIDATION: u64 = 5;
const EMPTY: u64 = 6;

/// Score from which on a candidate is taken into account in calibration.
const LEAST: f32 = 0.02;

/// Everything the detector's card says.
pub struct DetectorCard {
    /// The run.
    pub state: RunState,
    /// What the file says of itself.
    pub info: WeightsInfo,
    /// Bytes of the file.
    pub bytes: usize,
    /// Parameters, batch norm folded.
    pub parameters: usize,
    /// Multiply-adds of the first look.
    pub multiply_adds: usize,
    /// The network's convolutions, with the sizes of the first look.
    pub layers: Vec<Layer>,
    /// What the run was trained on.
    pub trained_on: String,
    /// Rendered scenes, found and read by the shipped pipeline.
    pub validation: SceneScore,
    /// Rendered scenes without a plate.
    pub empty: SceneScore,
    /// A collection of photographs and its name, where one was given.
    pub measured: Option<(String, SceneScore)>,
}

/// Writes the averaged weights of a detector's run, batch norm folded and scores calibrated, and says what they are.
///
/// Plates that are found are read with the `recognizer.bin` of the same folder.
///
/// # Errors
/// When a file cannot be read or written, or the weights do not fit their size or half precision.
pub fn export_detector(options: &ExportOptions) -> anyhow::Result<DetectorCard> {
    ensure!(
        options.onnx.is_none(),
        "the detector has no ONNX file: its maps are of no use without the code that reads them; leave --onnx out"
    );
    let device = Device::flex();
    let checkpoint = Checkpoint::load(&options.run.join("checkpoint"))?;
    let state = &checkpoint.state;
    let provenance = Provenance {
        model: options.name.clone().unwrap_or_else(|| state.recipe.name.clone()),
        recipe: state.recipe.name.clone(),
        seed: state.recipe.seed,
        commit: commit::commit(),
        steps: state.step,
    };
    let detector = checkpoint.average_into(Detector::new(&device))?.folded();
    let synth = Synth::new(SynthSettings::default())?;
    let count = (options.plates / PLATES_A_SCENE).max(1);
    let settings = full_scenes(&state.recipe);
    let scenes = |stream: u64| (0..count).map(move |number| held_out(stream, number)).collect::<Vec<_>>();

    let beliefs: Vec<Vec<Belief>> = scenes(CALIBRATION)
        .into_par_iter()
        .map(|seed| beliefs(&detector, &synth.scene(seed, &settings), &device))
        .collect::<anyhow::Result<_>>()?;
    let calibration = calibrate::fit(&beliefs.concat());
    let bytes = weights::write(&detector, calibration, &provenance)?;
    ensure!(bytes.len() <= MAX_BYTES, "the weights take {} bytes; {MAX_BYTES} are allowed", bytes.len());

    let (detector, info) = weights::read::<Detector>(&bytes, &device)?;
    let recognizer = options.out.join("recognizer.bin");
    let reader = measure::open_reader(&recognizer)?.with_detector(&bytes)?;
    let validation = read_scenes(&reader, &synth, &scenes(VALIDATION), &settings)?;
    let nothing = SceneSettings { empty: 1.0, ..settings.clone() };
    let empty = read_scenes(&reader, &synth, &scenes(EMPTY), &nothing)?;
    let measured = options.data.as_deref().map(|folder| photographs(&reader, folder)).transpose()?;
    let card = DetectorCard {
        state: state.clone(),
        info,
        bytes: bytes.len(),
        parameters: detector.num_params(),
        multiply_adds: detector.multiply_adds(FIRST_LOOK),
        layers: detector.layers(FIRST_LOOK),
        trained_on: options.trained_on.clone().unwrap_or_else(this_cpu),
        validation,
        empty,
        measured,
    };
    std::fs::create_dir_all(&options.out).with_context(|| format!("cannot make {}", options.out.display()))?;
    write_whole(&options.out.join("detector.bin"), &bytes)?;
    write_whole(&options.out.join("detector.md"), card.markdown()?.as_bytes())?;
    Ok(card)
}

/// Scenes as cameras take them: in colour and larger than those of training.
fn full_scenes(recipe: &Recipe) -> SceneSettings {
    SceneSettings { colour: true, size: [960, 720], ..recipe.scene_settings() }
}

/// Every candidate of the first look at a scene, and whether it is a plate.
fn beliefs(detector: &Detector, scene: &SceneSample, device: &Device) -> anyhow::Result<Vec<Belief>> {
    let frame = scene.frame();
    let overview = Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK);
    let answer = detector.forward(overview_tensor(&overview, device)); // [1, CHANNELS, rows, columns]
    let [rows, columns] = grid(FIRST_LOOK);
    let maps = Maps::new(answer.try_into_vec_as::<f32>()?, rows, columns)?;
    let belief = |candidate: kr_lpr::detect::Candidate| Belief {
        log_prob: candidate.score.ln(),
        right: scene.plates.iter().any(|plate| plate.quad.iou(&candidate.quad) >= SAME_OUTLINE),
    };
    Ok(candidates(&maps, &overview, LEAST).into_iter().map(belief).collect())
}

/// Renders scenes and reads them.
fn read_scenes(
    reader: &PlateReader,
    synth: &Synth,
    seeds: &[u64],
    settings: &SceneSettings,
) -> anyhow::Result<SceneScore> {
    let verdicts: Vec<Verdict> = seeds
        .par_iter()
        .map(|&seed| {
            let scene = synth.scene(seed, settings);
            let found = reader.read_blocking(&scene.frame(), &ReadOptions::default())?;
            let truth = |plate: &kr_lpr_render::synth::ScenePlate| Truth {
                quad: plate.quad,
                text: plate.text,
                kind: Some(plate.kind),
            };
            Ok(Verdict::new(&scene.plates.iter().map(truth).collect::<Vec<_>>(), &[], &found))
        })
        .collect::<anyhow::Result<_>>()?;
    let mut score = SceneScore::default();
    verdicts.into_iter().for_each(|verdict| score.add(verdict));
    Ok(score)
}

fn photographs(reader: &PlateReader, folder: &Path) -> anyhow::Result<(String, SceneScore)> {
    let name = std::path::absolute(folder)?.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let scenes = crate::dataset::Collection::open(folder)?.scenes;
    Ok((name, measure::score_scenes(&measure::measure_scenes(reader, scenes, &ReadOptions::default()))))
}

impl DetectorCard {
    /// The card as Markdown.
    ///
    /// # Errors
    /// When the recipe cannot be written as TOML.
    pub fn markdown(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let WeightsInfo { format_version, architecture, checksum, provenance, calibration, .. } = &self.info;
        let Calibration { slope, intercept } = calibration;
        writeln!(text, "# Weights `{}`\n", provenance.model)?;
        writeln!(
            text,
            "`detector.bin` finds plates in whole frames: three sizes of luma side by side in, centres, sizes and corners of \
             plates out, for `recognizer.bin` to read. The verb `export` of `kr-lpr-training` wrote it, and this card.\n"
        )?;
        writeln!(text, "| | |\n|---|---|")?;
        for (name, value) in [
            ("size", format!("{} bytes, half precision, format {format_version}", grouped(self.bytes as u64))),
            ("parameters", grouped(self.parameters as u64)),
            ("multiply-adds of the first look", grouped(self.multiply_adds as u64)),
            ("checksum of the values", format!("`{checksum}`")),
            ("architecture", format!("`{architecture}`")),
            ("commit", format!("`{}`", provenance.commit)),
        ] {
            writeln!(text, "| {name} | {value} |")?;
        }
        self.network(&mut text)?;
        self.training(&mut text)?;
        writeln!(text, "## Validation\n")?;
        writeln!(
            text,
            "{} rendered scenes of full difficulty of up to 960x720, in colour, none of them trained on, \
             found and read by the shipped pipeline with its defaults.\n",
            self.validation.pictures
        )?;
        writeln!(text, "```text\n{}```\n", self.validation.table())?;
        writeln!(text, "In {} others without a plate {} were found.\n", self.empty.pictures, self.empty.wrong)?;
        writeln!(
            text,
            "A score is `sigmoid({slope:.3} logit(p) {intercept:+.3})` of what the network says, fitted on as many other scenes."
        )?;
        if let Some((name, score)) = &self.measured {
            writeln!(text, "\n## Measured\n\nThe {} photographs of `{name}`.\n", score.pictures)?;
            writeln!(text, "```text\n{}```", score.table())?;
        }
        Ok(text)
    }

    fn network(&self, text: &mut String) -> std::fmt::Result {
        writeln!(text, "\n## Network\n\n`src/model/detector.rs` is the definition.\n")?;
        convolutions(text, &self.layers)
    }

    fn training(&self, text: &mut String) -> anyhow::Result<()> {
        let RunState { step, seconds, recipe, .. } = &self.state;
        let images = recipe.replicas * recipe.batch_size as u64;
        writeln!(text, "\n## Training\n\n| | |\n|---|---|")?;
        writeln!(text, "| steps | {} |", grouped(*step))?;
        let scenes = images * step / recipe.scenes.views;
        writeln!(
            text,
            "| views | {} a step, {} in all, of {} scenes |",
            images,
            grouped(images * step),
            grouped(scenes)
        )?;
        writeln!(text, "| time | {:.2} hours |\n| on | {} |", seconds / 3600.0, self.trained_on)?;
        writeln!(text, "\nThe recipe `{}` in full; what it says of losses is the recognizer's.\n", recipe.name)?;
        writeln!(text, "```toml\n{}```\n", recipe.to_toml()?)?;
        Ok(())
    }
}
