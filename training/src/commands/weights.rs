//! Which weights a command reads with.

use std::path::PathBuf;

use clap::Args;
use kr_lpr::reader::{Mode, PlateReader, ReadOptions};
use kr_lpr_training::dataset::Collection;
use kr_lpr_training::evaluation::pictures::{
    Measured, MeasuredScene, measure, measure_scenes, open_reader, with_detector,
};

#[derive(Args)]
pub struct WeightsArgument {
    /// Weights file, or the checkpoint of a run.
    #[arg(long, default_value = "pkg/weights/recognizer.bin")]
    weights: PathBuf,
    /// Weights file of a detector, or the checkpoint of its run; pkg/weights/detector.bin if left out, where it exists.
    #[arg(long)]
    detector: Option<PathBuf>,
}

/// A collection, and what it is read with.
#[derive(Args)]
pub struct CollectionArguments {
    /// Folder with manifest.json, a dataset, of which val/ is read, or a flat folder of {plate}_{index}.jpg.
    #[arg(long)]
    data: PathBuf,
    #[command(flatten)]
    weights: WeightsArgument,
}

/// The detector that ships.
const DETECTOR: &str = "pkg/weights/detector.bin";

impl WeightsArgument {
    pub fn open(&self) -> anyhow::Result<PlateReader> {
        let reader = open_reader(&self.weights)?;
        let shipped = Some(PathBuf::from(DETECTOR)).filter(|path| path.exists());
        match self.detector.clone().or(shipped) {
            Some(path) => with_detector(reader, &path),
            None => Ok(reader),
        }
    }
}

impl CollectionArguments {
    /// Reads the collection by `options`, whose mode is that of the crops; scenes are read in [`Mode::Auto`]. What cannot be measured
    /// with is named.
    pub fn measure(&self, options: &ReadOptions) -> anyhow::Result<(Vec<Measured>, Vec<MeasuredScene>)> {
        let reader = self.weights.open()?;
        let Collection { crops, scenes, left_out } = Collection::open(&self.data)?;
        left_out.iter().for_each(|left_out| eprintln!("{left_out}"));
        // Without a detector a scene would be read as if it were a crop.
        let scenes = if reader.detector_info().is_some() { scenes } else { Vec::new() };
        let crops = measure(&reader, crops, options);
        Ok((crops, measure_scenes(&reader, scenes, &ReadOptions { mode: Mode::Auto, ..options.clone() })))
    }
}
