//! `sheet`: the typefaces, to be looked at.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use image::RgbImage;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use kr_lpr_render::glyph::{self, Face, Glyphs};
use kr_lpr_render::specimen::specimen;

/// Draw every glyph of the typefaces as PNG.
#[derive(Args)]
pub struct Arguments {
    /// Typeface: plate2006, gothic, green2004 or green1996; all of them beside their plates if left out.
    #[arg(long, value_parser = face_named)]
    face: Option<Face>,
    /// PNG file to write.
    #[arg(long)]
    out: PathBuf,
}

/// One face at its design size, or all of them beside their plates.
pub fn run(Arguments { face, out }: Arguments) -> anyhow::Result<()> {
    let saved = match face {
        Some(face) => glyph::sheet(&Glyphs::load()?, face).save(&out),
        // This one is kept in the repository, so it is packed well.
        None => write_packed(&specimen()?, &out),
    };
    saved.with_context(|| format!("cannot write {}", out.display()))
}

fn write_packed(picture: &RgbImage, out: &Path) -> image::ImageResult<()> {
    let file = BufWriter::new(std::fs::File::create(out)?);
    picture.write_with_encoder(PngEncoder::new_with_quality(file, CompressionType::Best, FilterType::Adaptive))
}

fn face_named(name: &str) -> Result<Face, String> {
    Face::from_name(name).ok_or_else(|| format!("the typefaces are {}", Face::ALL.map(Face::name).join(", ")))
}
