//! `export`: a run becomes the weights that ship.

use kr_lpr_training::export::{self, ExportOptions};

pub fn run(options: &ExportOptions) -> anyhow::Result<()> {
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
