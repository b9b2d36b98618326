//! What is told of the detector.

use std::fmt::Write;
use std::path::Path;

use anyhow::ensure;
use burn::tensor::Device;
use kr_lpr::calibration::Calibration;
use kr_lpr::detect::{Maps, candidates};
use kr_lpr::model::detector::grid;
use kr_lpr::model::input::overview_tensor;
use kr_lpr::model::weights::WeightsInfo;
use kr_lpr::model::{Detector, Layer};
use kr_lpr::overview::{FIRST_LOOK, Overview};
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::region::Region;
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{SceneSample, SceneSettings, Synth, SynthSettings};
use rayon::prelude::*;

use super::card::Evidence;
use super::{ExportOptions, Exported, name_of};
use crate::calibrate::Belief;
use crate::dataset::{Collection, Truth};
use crate::evaluation::pictures;
use crate::evaluation::scenes::{SAME_OUTLINE, SceneScore, Verdict};
use crate::recipe::Recipe;

/// Scenes a plate that [`ExportOptions::plates`] asks for: one takes as long to render and read as some plates.
const PLATES_A_SCENE: u64 = 10;

/// Seeds of rendered scenes, apart from those of training and of its validation.
const CALIBRATION: u64 = 4;
const VALIDATION: u64 = 5;
const EMPTY: u64 = 6;

/// Score from which on a candidate is taken into account in calibration.
const LEAST: f32 = 0.02;

/// How right the detector is.
pub struct SceneEvidence {
    /// Rendered scenes, found and read by the shipped pipeline.
    pub validation: SceneScore,
    /// Rendered scenes without a plate.
    pub empty: SceneScore,
    /// Name and score of a collection of photographs, where one was given.
    pub measured: Option<(String, SceneScore)>,
}

/// Plates that are found are read with the `recognizer.bin` of the same folder.
impl Exported for Detector {
    const FILE: &'static str = "detector";
    const MAX_BYTES: usize = 400_000;
    type Evidence = SceneEvidence;

    fn beliefs(&self, _: &[u8], recipe: &Recipe, options: &ExportOptions) -> anyhow::Result<Vec<Belief>> {
        ensure!(
            options.onnx.is_none() && options.safetensors.is_none(),
            "the detector has one file: its maps are of no use without the code that reads them; leave --onnx and \
             --safetensors out"
        );
        let (synth, settings, device) = (Synth::new(SynthSettings::default())?, full_scenes(recipe), Device::flex());
        let beliefs: Vec<Vec<Belief>> = seeds(options, CALIBRATION)
            .into_par_iter()
            .map(|seed| beliefs(self, &synth.scene(seed, &settings), &device))
            .collect::<anyhow::Result<_>>()?;
        Ok(beliefs.concat())
    }

    fn evidence(bytes: &[u8], recipe: &Recipe, options: &ExportOptions) -> anyhow::Result<SceneEvidence> {
        let (synth, settings) = (Synth::new(SynthSettings::default())?, full_scenes(recipe));
        let recognizer = options.out.join("recognizer.bin");
        let reader = pictures::open_reader(&recognizer)?.with_detector(bytes)?;
        let nothing = SceneSettings { empty: 1.0, ..settings.clone() };
        let measured = options.data.as_deref().map(|folder| photographs(&reader, folder)).transpose()?;
        Ok(SceneEvidence {
            validation: read_scenes(&reader, &synth, &seeds(options, VALIDATION), &settings)?,
            empty: read_scenes(&reader, &synth, &seeds(options, EMPTY), &nothing)?,
            measured,
        })
    }

    fn layers(&self) -> Vec<Layer> {
        Detector::layers(self, FIRST_LOOK)
    }

    fn multiply_adds(&self) -> usize {
        Detector::multiply_adds(self, FIRST_LOOK)
    }

    fn write_other_forms(&self, _: &WeightsInfo, _: &ExportOptions) -> anyhow::Result<()> {
        Ok(())
    }
}

fn seeds(options: &ExportOptions, stream: u64) -> Vec<u64> {
    (0..(options.plates / PLATES_A_SCENE).max(1)).map(|number| held_out(stream, number)).collect()
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
    let measured = pictures::measure_scenes(reader, Collection::open(folder)?.scenes, &ReadOptions::default());
    Ok((name_of(folder)?, pictures::score_scenes(&measured)))
}

impl Evidence for SceneEvidence {
    const COST: &'static str = "multiply-adds of the first pass";
    const IMAGES: &'static str = "views";

    fn introduction() -> String {
        "`detector.bin` finds plates in whole frames: three sizes of luma side by side in, centres, sizes and corners of plates \
         out, for `recognizer.bin` to read."
            .to_owned()
    }

    fn network() -> [&'static str; 2] {
        ["`src/model/detector.rs` is the definition.", ""]
    }

    fn validation(&self, Calibration { slope, intercept }: Calibration, text: &mut String) -> std::fmt::Result {
        writeln!(
            text,
            "{} rendered scenes of full difficulty of up to 960x720, in colour, none of them trained on, found and read by \
             the shipped pipeline with its defaults.\n",
            self.validation.pictures
        )?;
        writeln!(text, "```text\n{}```\n", self.validation.table())?;
        writeln!(text, "In {} others without a plate {} were found.\n", self.empty.pictures, self.empty.wrong)?;
        writeln!(
            text,
            "A score is `sigmoid({slope:.3} logit(p) {intercept:+.3})` of what the network says, fitted on as many other scenes."
        )
    }

    fn measured(&self, text: &mut String) -> std::fmt::Result {
        let Some((name, score)) = &self.measured else { return Ok(()) };
        writeln!(text, "\n## Measured\n\nThe {} photographs of `{name}`.\n", score.pictures)?;
        writeln!(text, "```text\n{}```", score.table())
    }

    fn table(&self) -> String {
        format!("rendered validation scenes\n{}", self.validation.table())
    }
}
