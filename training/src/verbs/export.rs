//! `export`: a run becomes the weights that ship.

use kr_lpr_training::checkpoint::Checkpoint;
use kr_lpr_training::export::{self, ExportOptions};
use kr_lpr_training::recipe::Network;

pub fn run(options: &ExportOptions) -> anyhow::Result<()> {
    let state = Checkpoint::load(&options.run.join("checkpoint"))?.state;
    if state.recipe.network == Network::Detector {
        let card = export::export_detector(options)?;
        let out = options.out.join("detector.bin");
        println!("{}: {} bytes, step {}, checksum {}", out.display(), card.bytes, card.state.step, card.info.checksum);
        print!("rendered validation scenes\n{}", card.validation.table());
        return Ok(());
    }
    let card = export::export(options)?;
    let out = options.out.join("recognizer.bin");
    println!(
        "{}: {} bytes, step {}, commit {}, checksum {}",
        out.display(),
        card.bytes,
        card.state.step,
        card.info.provenance.commit,
        card.info.checksum
    );
    print!("rendered validation plates\n{}", card.score().table());
    if let Some(measured) = &card.measured {
        print!("pictures of {}\n{}", measured.name, measured.score.table());
    }
    Ok(())
}
