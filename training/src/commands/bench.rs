//! `bench`: how long the shipped pipeline takes, stage by stage, on one thread as in a browser; and what another runtime needs to be
//! timed beside it.

use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::Instant;

use anyhow::{Context, bail};
use burn::tensor::Device;
use clap::Args;
use kr_lpr::backend;
use kr_lpr::ctc::{BeamOptions, Logits, beam_search};
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::model::cpu::Cpu;
use kr_lpr::model::{Detector, PlateNetworks, input, weights};
use kr_lpr::overview::{FIRST_LOOK, Overview};
use kr_lpr::reader::{AlignedPlate, PlateReader, ReadOptions, Search};
use kr_lpr::rectify::rectify;
use kr_lpr::region::Region;
use kr_lpr_render::picture::{Picture, write_png};
use kr_lpr_render::synth::{SceneSettings, Synth, SynthSettings};
use kr_lpr_training::export;
use serde::Serialize;

/// Runs that are not counted: caches fill and clocks rise.
const WARM_UP: usize = 30;

/// Crops whose rectification is timed besides the picture's: a plate's own proportions, small and large.
const CROPS: [(u32, u32); 2] = [(520, 110), (1280, 271)];

/// Measure the latency of the shipped pipeline on one thread.
#[derive(Args)]
pub struct Arguments {
    /// Picture of a plate.
    #[arg(long)]
    image: PathBuf,
    /// Weights file.
    #[arg(long, default_value = "pkg/weights/recognizer.bin")]
    weights: PathBuf,
    /// Weights file of the detector.
    #[arg(long, default_value = "pkg/weights/detector.bin")]
    detector: PathBuf,
    /// Runs of each stage that count.
    #[arg(long, default_value_t = 300)]
    runs: usize,
    /// File for every run's milliseconds.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Folder for ONNX files of the networks, and `clutter.png`.
    #[arg(long)]
    files: Option<PathBuf>,
}

/// The result file: milliseconds of every run, and what another runtime needs to show that it runs the same network.
#[derive(Serialize)]
struct Report {
    /// The picture, straightened: rectified, aligned, rectified again.
    preprocess: Vec<f64>,
    /// A rectified plate, read: normalised, through the network and decoded.
    recognize: Vec<f64>,
    /// The recognizer's network alone.
    network: Vec<f64>,
    /// The beam search alone.
    decode: Vec<f64>,
    /// The detector's network alone, on the first overview of the cluttered frame.
    detector: Vec<f64>,
    /// The cluttered frame, read as one of a video.
    clutter: Vec<f64>,
    /// Crops of other sizes, rectified.
    crops: Vec<Crop>,
    /// The normalised picture, `[1, 1, 96, 192]`.
    input: Vec<f32>,
    /// The network's answer to it, `[1, 16, classes]` and `[1, kinds]`.
    log_probs: Vec<f32>,
    kind_logits: Vec<f32>,
    /// The normalised overview, rows and columns, and the detector's answer to it.
    overview: Vec<f32>,
    overview_size: [usize; 2],
    maps: Vec<f32>,
}

#[derive(Serialize)]
struct Crop {
    width: u32,
    height: u32,
    rectify: Vec<f64>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let (bytes, detector) = (read(&arguments.weights)?, read(&arguments.detector)?);
    let clutter = clutter()?;
    if let Some(folder) = &arguments.files {
        let (networks, info) = weights::read::<PlateNetworks>(&bytes, &Device::flex())?;
        export::write_onnx(&networks, &info, folder)?;
        let (networks, info) = weights::read::<Detector>(&detector, &Device::flex())?;
        std::fs::write(folder.join("detector.onnx"), export::detector_to_onnx(&networks, &info, FIRST_LOOK)?)?;
        write_png(&folder.join("clutter.png"), &clutter_frame(&clutter)?)?;
    }
    // Work that runs in a pool stays in it, so a pool of one thread is the whole computation on one thread.
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let report = pool.install(|| measure(&arguments, &bytes, &detector, &clutter))?;

    println!("milliseconds on one thread      least  median     p95  of {} runs", arguments.runs);
    let crops = report.crops.iter().map(|c| (format!("rectify {}x{}", c.width, c.height), &c.rectify));
    let stages = [
        ("preprocess (the picture)", &report.preprocess),
        ("recognize (all that follows)", &report.recognize),
        ("network alone", &report.network),
        ("decode alone", &report.decode),
        ("detector alone, first look", &report.detector),
        ("cluttered frame, 1280x720", &report.clutter),
    ];
    for (name, times) in stages.into_iter().map(|(name, times)| (name.to_owned(), times)).chain(crops) {
        let [least, median, most] = [0.0, 0.5, 0.95].map(|share| quantile(times, share));
        println!("{name:<28} {least:>8.3}{median:>8.3}{most:>8.3}");
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string(&report)? + "\n";
        std::fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn measure(arguments: &Arguments, bytes: &[u8], detector: &[u8], clutter: &[u8]) -> anyhow::Result<Report> {
    let reader = PlateReader::from_weights(bytes, &backend::cpu())?.with_detector(detector)?;
    let (engine, recognizer) = (Cpu::default(), weights::plate_networks::<Cpu>(bytes)?.0.recognizer);
    let picture = Picture::open(&arguments.image)?;
    let (frame, options) = (picture.frame(), ReadOptions::default());
    let quad = Quad::of_frame(&frame);
    let plate = rectify(&frame, &quad);
    let aligned = AlignedPlate::exactly(&frame, quad);

    let mut values = vec![0.0; input::PIXELS];
    input::normalise(&plate, &mut values);
    let images = vec![input::picture(&plate)];
    let answer = recognizer.forward(&engine, &images);
    let (log_probs, kind_logits) = (answer.log_probs[0].values().to_vec(), answer.kind_logits[0].values().to_vec());
    let logits = Logits::new(log_probs.clone())?;

    let frame_of_clutter = clutter_frame(clutter)?;
    let quick = ReadOptions { search: Search::Quick, ..ReadOptions::default() };
    let overview = Overview::new(&frame_of_clutter, Region::of_frame(&frame_of_clutter), FIRST_LOOK);
    let detector = weights::detector::<Cpu>(detector)?.0;
    let overviews = vec![input::overview_picture(&overview)];
    let maps = detector.forward(&engine, &overviews)[0].values().to_vec();
    let [columns, rows] = FIRST_LOOK.size();
    let mut overview_values = vec![0.0; rows * columns];
    input::normalise_overview(&overview, &mut overview_values);

    let crops = CROPS.map(|(width, height)| {
        let pixels = pattern(width, height);
        let frame = Frame::new(&pixels, width, height, PixelFormat::Rgba)?;
        let quad = Quad::of_frame(&frame);
        let rectify = times(arguments.runs, || Ok(rectify(&frame, &quad)))?;
        anyhow::Ok(Crop { width, height, rectify })
    });
    Ok(Report {
        preprocess: times(arguments.runs, || Ok(now(reader.align(&frame, &options))??))?,
        recognize: times(arguments.runs, || Ok(now(reader.read_aligned(aligned.clone(), &options))??))?,
        network: times(arguments.runs, || Ok(recognizer.forward(&engine, &images).log_probs))?,
        decode: times(arguments.runs, || Ok(beam_search(&logits, &BeamOptions::default())))?,
        detector: times(arguments.runs, || Ok(detector.forward(&engine, &overviews)))?,
        clutter: times(arguments.runs, || Ok(reader.read_blocking(&frame_of_clutter, &quick)?))?,
        crops: crops.into_iter().collect::<anyhow::Result<_>>()?,
        input: values,
        log_probs,
        kind_logits,
        overview: overview_values,
        overview_size: [rows, columns],
        maps,
    })
}

/// Milliseconds of each of `runs` runs after the warm-up.
fn times<T>(runs: usize, mut run: impl FnMut() -> anyhow::Result<T>) -> anyhow::Result<Vec<f64>> {
    let mut times = Vec::with_capacity(runs);
    for number in 0..WARM_UP + runs {
        let start = Instant::now();
        black_box(run()?);
        if number >= WARM_UP {
            times.push(1e3 * start.elapsed().as_secs_f64());
        }
    }
    Ok(times)
}

/// The result of a future that does not wait: on the CPU the answer is there when it is asked for.
fn now<T>(future: impl Future<Output = T>) -> anyhow::Result<T> {
    match pin!(future).poll(&mut TaskContext::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => bail!("the CPU backend made its caller wait"),
    }
}

/// Columns and rows of small scenes in the cluttered frame, and the size of one: half show cars, half what is no plate.
const TILES: [u64; 2] = [4, 3];
const TILE: [u32; 2] = [320, 240];

/// RGB pixels of a frame of 1280x720 that is full of what may be a plate.
fn clutter() -> anyhow::Result<Vec<u8>> {
    let synth = Synth::new(SynthSettings::default())?;
    let [columns, rows] = TILES;
    let pitch = 3 * columns as usize * TILE[0] as usize;
    let mut pixels = vec![0; pitch * (rows as usize * TILE[1] as usize)];
    for number in 0..columns * rows {
        let empty = if number.is_multiple_of(2) { 0.0 } else { 1.0 };
        let scene = synth.scene(number, &SceneSettings { size: TILE, empty, ..SceneSettings::default() });
        let (left, top) =
            ((number % columns) as usize * TILE[0] as usize, (number / columns) as usize * TILE[1] as usize);
        let line = 3 * scene.width as usize;
        for (row, from) in scene.pixels.chunks_exact(line).enumerate() {
            pixels[(top + row) * pitch + 3 * left..][..line].copy_from_slice(from);
        }
    }
    Ok(pixels)
}

fn clutter_frame(pixels: &[u8]) -> anyhow::Result<Frame<'_>> {
    let [width, height] = [0, 1].map(|axis| TILES[axis] as u32 * TILE[axis]);
    Ok(Frame::new(pixels, width, height, PixelFormat::Rgb)?)
}

/// RGBA pixels of no meaning; how long a warp takes does not depend on them.
fn pattern(width: u32, height: u32) -> Vec<u8> {
    (0..4 * width * height).map(|i| (i.wrapping_mul(0x9e37_79b1) >> 24) as u8).collect()
}

pub(super) fn quantile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    sorted.get(((share * sorted.len() as f64) as usize).min(last)).copied().unwrap_or(f64::NAN)
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(path).with_context(|| format!("cannot read weights {}", path.display()))
}
