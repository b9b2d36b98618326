//! `export`: a run becomes the weights that ship.

use std::path::PathBuf;

use clap::Args;
use kr_lpr::model::{Detector, PlateNetworks};
use kr_lpr_training::checkpoint::Checkpoint;
use kr_lpr_training::export::{Evidence, ExportOptions, Exported, export};
use kr_lpr_training::recipe::Training;

/// Write the weights that ship, and their card, from the checkpoint of a run.
#[derive(Args)]
pub struct Arguments {
    /// Folder of the run.
    #[arg(long)]
    run: PathBuf,
    /// Folder to write recognizer.bin and recognizer.md to, or detector.bin and detector.md.
    #[arg(long, default_value = "pkg/weights")]
    out: PathBuf,
    /// Name of the weights; the recipe's if left out.
    #[arg(long)]
    name: Option<String>,
    /// What the run was trained on, for the card; this machine's CPU if left out.
    #[arg(long)]
    trained_on: Option<String>,
    /// Collection to measure for the card, as `eval` takes it.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Rendered plates to calibrate the confidence with, and as many others to validate with; a tenth as many scenes for
    /// a detector.
    #[arg(long, default_value_t = 4400)]
    plates: u64,
    /// Folder for ONNX files of the recognizer and the aligner.
    #[arg(long)]
    onnx: Option<PathBuf>,
    /// Safetensors file to write as well.
    #[arg(long)]
    safetensors: Option<PathBuf>,
}

pub fn run(arguments: Arguments) -> anyhow::Result<()> {
    let Arguments { run, out, name, trained_on, data, plates, onnx, safetensors } = arguments;
    let options = ExportOptions { run, out, name, trained_on, data, plates, onnx, safetensors };
    let state = Checkpoint::load(&options.run.join("checkpoint"))?.state;
    match state.recipe.training {
        Training::Recognizer(_) => exported::<PlateNetworks>(&options),
        Training::Detector(_) => exported::<Detector>(&options),
    }
}

fn exported<N: Exported>(options: &ExportOptions) -> anyhow::Result<()> {
    let card = export::<N>(options)?;
    println!(
        "{}: {} bytes, step {}, commit {}, checksum {}",
        options.out.join(N::FILE).with_extension("bin").display(),
        card.bytes,
        card.state.step,
        card.info.provenance.commit,
        card.info.checksum
    );
    print!("{}", card.evidence.table());
    Ok(())
}
