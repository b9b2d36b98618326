//! The command line of the training crate.

mod arguments;
mod verbs;

use std::process::ExitCode;
use std::time::Duration;

use arguments::{Arguments, Verb};
use clap::Parser;
use kr_lpr::reader::Mode;
use kr_lpr::track::TrackOptions;
use kr_lpr_render::synth::{ClipKind, ClipSettings};
use kr_lpr_training::ablation::Variant;
use kr_lpr_training::dataset::OwnPlates;
use kr_lpr_training::export::ExportOptions;
use kr_lpr_training::recipe::{Network, Recipe};
use kr_lpr_training::train::{RunOptions, train, train_detector};

fn main() -> ExitCode {
    match run(Arguments::parse().verb) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(verb: Verb) -> anyhow::Result<()> {
    match verb {
        Verb::Synth { out, count, seed, recipe, scenes, size, video } => {
            let recipe = recipe.as_deref().map(Recipe::load).transpose()?;
            // The command line asks for a count wherever there is no video.
            let pictures = count.unwrap_or_default();
            match video {
                Some(kind) => {
                    let frames = count.map_or(Ok(ClipSettings::default().frames), u32::try_from)?;
                    verbs::video::run(&out, kind, frames, seed, recipe.as_ref())
                }
                None if scenes => verbs::scenes::run(&out, pictures, seed, recipe.as_ref(), size),
                None => verbs::synth::run(&out, pictures, seed, recipe.as_ref()),
            }
        }
        Verb::Preview { recipe, data: Some(data), out, count, .. } => {
            verbs::preview::own(&Recipe::load(&recipe)?, &data, &out, count)
        }
        Verb::Preview { recipe, out, count, step, outlines, scenes: true, .. } => {
            verbs::preview::scenes(&Recipe::load(&recipe)?, &out, count, step, outlines)
        }
        Verb::Preview { recipe, data: None, out, count, step, outlines, rectified, .. } => {
            let recipe = Recipe::load(&recipe)?;
            let view = verbs::preview::View { count, step, outlines, rectified };
            match recipe.network {
                Network::Recognizer => verbs::preview::run(&recipe, &out, &view),
                Network::Detector => verbs::preview::overviews(&recipe, &out, &view),
            }
        }
        Verb::Sheet { face, out } => verbs::preview::glyphs(face, &out),
        Verb::Gallery { goldens, samples, only } => verbs::gallery::run(&goldens, &samples, &only),
        Verb::Check { data } => verbs::check::run(&data),
        Verb::Convert { labels, pictures, out } => verbs::convert::run(&labels, pictures.as_deref(), &out),
        Verb::Stats { data, json } => verbs::stats::run(&data, json.as_deref()),
        Verb::Train { recipe, data, resume, minutes, seed, device, runs } => {
            let mut recipe = Recipe::load(&recipe)?;
            if let Some(seed) = seed {
                recipe = recipe.with_seed(seed);
            }
            let data = data.map(|folder| OwnPlates::open(&folder)).transpose()?;
            let budget = minutes.map(|minutes| Duration::from_secs_f64(60.0 * minutes.max(0.0)));
            let options = RunOptions { runs, device: device.open()?, data, resume, budget };
            match recipe.network {
                Network::Recognizer => train(&recipe, options).map(|_| ()),
                Network::Detector => train_detector(&recipe, options).map(|_| ()),
            }
        }
        Verb::Ablate { recipe, without, data, device, runs } => {
            let variants = if without.is_empty() { Variant::ALL.to_vec() } else { without };
            verbs::ablate::run(&Recipe::load(&recipe)?, &variants, &runs, data.as_ref(), &device.open()?)
        }
        Verb::Eval { data, weights, json, crop } => {
            let mode = if crop { Mode::Crop } else { Mode::Auto };
            let (crops, scenes) = weights.measure(&data, mode)?;
            verbs::eval::run(&crops, &scenes, json.as_deref())
        }
        Verb::Predict { data, weights, out, count } => {
            verbs::predict::run(weights.measure(&data, Mode::Crop)?.0, &out, count)
        }
        Verb::Report(arguments) => verbs::report::run(arguments),
        Verb::Read { images, weights, json } => verbs::read::run(&weights.open()?, &images, json),
        Verb::Track { weights, clips, seed, difficulty, confirm_confidence, kind } => {
            let kinds = if kind.is_empty() { ClipKind::ALL.to_vec() } else { kind };
            let options = TrackOptions { confirm_confidence, ..TrackOptions::default() };
            verbs::track::run(&weights.open()?, &kinds, clips, seed, difficulty, options)
        }
        Verb::Export { run, out, name, trained_on, data, plates, onnx, safetensors } => {
            verbs::export::run(&ExportOptions { run, out, name, trained_on, data, plates, onnx, safetensors })
        }
        Verb::Bench { image, weights, runs, json, onnx } => {
            verbs::bench::run(&verbs::bench::Bench { image, weights, runs, json, onnx })
        }
    }
}
