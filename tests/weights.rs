//! The weights that ship are those of this code, and of their card.
#![cfg(feature = "cpu")]
#![allow(clippy::unwrap_used)]

use std::path::Path;

use kr_lpr::backend;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::reader::{PlateReader, ReadOptions};

fn shipped(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("pkg/weights").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

#[test]
fn committed_weights_fit_this_build_and_their_budget() {
    let bytes = shipped("recognizer.bin");
    assert!(bytes.len() <= 80_000, "{} bytes", bytes.len());
    let reader = PlateReader::from_weights(&bytes, &backend::cpu()).unwrap();
    let pixels: Vec<u8> = (0..52 * 11).map(|i| (i * 37 % 256) as u8).collect();
    let frame = Frame::new(&pixels, 52, 11, PixelFormat::Grey).unwrap();
    let reading = reader.read_crop_blocking(&frame, &ReadOptions::default()).unwrap();
    assert!((0.0..=1.0).contains(&reading.confidence), "{}", reading.confidence);
}

#[test]
fn the_card_is_that_of_the_weights() {
    let reader = PlateReader::from_weights(&shipped("recognizer.bin"), &backend::cpu()).unwrap();
    let card = String::from_utf8(shipped("recognizer.md")).unwrap();
    let info = reader.info();
    let provenance = &info.provenance;
    for fact in [
        &format!("# Weights `{}`", provenance.model),
        &format!("| commit | `{}` |", provenance.commit),
        &format!("| checksum of the values | `{}` |", info.checksum),
        &format!("| alphabet | `{}` |", info.alphabet),
        &format!("| architecture | `{}` |", info.architecture),
        &format!("| seed | {} |", provenance.seed),
        &format!("The recipe `{}` in full", provenance.recipe),
    ] {
        assert!(card.contains(fact), "the card does not say {fact:?}; export both together");
    }
}
