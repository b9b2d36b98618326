//! `gallery`: the pictures of the golden tests and of the demo page.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use image::codecs::jpeg::JpegEncoder;
use image::{GrayImage, RgbImage};
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::geometry::Quad;
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH, rectify};
use kr_lpr_render::gallery::{Exhibit, GOLDENS, SAMPLES, renderer};
use serde::Serialize;

/// Draw the pictures that the golden tests and the demo page read.
#[derive(Args)]
pub struct Arguments {
    /// Folder of the golden tests.
    #[arg(long, default_value = "tests/golden")]
    goldens: PathBuf,
    /// Folder of the demo page's samples.
    #[arg(long, default_value = "www/samples")]
    samples: PathBuf,
    /// Draw nothing but the picture of this name, and keep the others as they are; may be given again.
    #[arg(long)]
    only: Vec<String>,
}

/// Quality of the demo page's pictures: no artefact shows, and all of them load at once.
const JPEG_QUALITY: u8 = 88;

/// A page is downloaded, a repository cloned.
const LARGEST_FILE: u64 = 60_000;

/// A row of `manifest.json` or `index.json`.
#[derive(Serialize)]
struct Row {
    file: String,
    text: &'static str,
    kind: &'static str,
    /// The picture as the network gets it, for goldens.
    #[serde(skip_serializing_if = "Option::is_none")]
    rectified: Option<String>,
}

/// Draws the golden pictures into `goldens` with `manifest.json`, the demo page's into `samples` with `index.json`; where
/// `only` names some, no others.
pub fn run(Arguments { goldens, samples, only }: Arguments) -> Result<()> {
    draw(&goldens, &samples, &only)
}

fn draw(goldens: &Path, samples: &Path, only: &[String]) -> Result<()> {
    let known = |name: &String| GOLDENS.iter().chain(SAMPLES).any(|exhibit| exhibit.name == name);
    if let Some(name) = only.iter().find(|name| !known(name)) {
        bail!("there is no picture {name}; training/render/src/gallery.rs has the names");
    }
    let synth = renderer()?;
    let is_wanted = |exhibit: &Exhibit| only.is_empty() || only.iter().any(|name| name == exhibit.name);
    let golden = |exhibit: &Exhibit| {
        let (file, rectified) = (format!("{}.png", exhibit.name), format!("{}.rectified.png", exhibit.name));
        if is_wanted(exhibit) {
            let picture = exhibit.picture(&synth)?;
            let save = |result: image::ImageResult<()>| result.with_context(|| format!("cannot write {file}"));
            save(picture.save(goldens.join(&file)))?;
            save(plate_image(&picture)?.save(goldens.join(&rectified)))?;
        }
        row(exhibit, goldens, file, Some(rectified))
    };
    write_list(&goldens.join("manifest.json"), GOLDENS.iter().map(golden))?;
    let sample = |exhibit: &Exhibit| {
        let file = format!("{}.jpg", exhibit.name);
        if is_wanted(exhibit) {
            let out = BufWriter::new(std::fs::File::create(samples.join(&file))?);
            exhibit.picture(&synth)?.write_with_encoder(JpegEncoder::new_with_quality(out, JPEG_QUALITY))?;
        }
        row(exhibit, samples, file, None)
    };
    write_list(&samples.join("index.json"), SAMPLES.iter().map(sample))
}

/// What the network gets of a crop.
fn plate_image(picture: &RgbImage) -> Result<GrayImage> {
    let frame = Frame::new(picture.as_raw(), picture.width(), picture.height(), PixelFormat::Rgb)?;
    let plate = rectify(&frame, &Quad::of_frame(&frame));
    GrayImage::from_raw(PLATE_WIDTH as u32, PLATE_HEIGHT as u32, plate.pixels().to_vec())
        .context("a plate image has its length")
}

fn row(exhibit: &Exhibit, folder: &Path, file: String, rectified: Option<String>) -> Result<Row> {
    let path = folder.join(&file);
    let bytes = std::fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?.len();
    ensure!(bytes <= LARGEST_FILE, "{file} has {bytes} bytes; at most {LARGEST_FILE} are kept");
    println!("{file}: {bytes} bytes");
    Ok(Row { file, text: exhibit.text, kind: exhibit.kind.name(), rectified })
}

/// One row a line, so that a changed picture is a changed line.
fn write_list(path: &Path, rows: impl Iterator<Item = Result<Row>>) -> Result<()> {
    let rows: Vec<String> = rows.map(|row| Ok(serde_json::to_string(&row?)?)).collect::<Result<_>>()?;
    let list = format!("[\n  {}\n]\n", rows.join(",\n  "));
    std::fs::write(path, list).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn only_the_pictures_named_are_drawn_and_all_are_listed() {
        let folder = tempfile::tempdir().unwrap();
        let [goldens, samples] = ["goldens", "samples"].map(|name| folder.path().join(name));
        for (folder, exhibits, ending) in [(&goldens, GOLDENS, "png"), (&samples, SAMPLES, "jpg")] {
            std::fs::create_dir(folder).unwrap();
            for Exhibit { name, .. } in exhibits {
                std::fs::write(folder.join(format!("{name}.{ending}")), "as it was").unwrap();
            }
        }
        let only = ["private-8-small", "corporate"].map(str::to_owned);
        draw(&goldens, &samples, &only).unwrap();
        let drawn = |folder: &Path, ending: &str| -> Vec<String> {
            let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            let pictures = files.filter(|file| file.extension().is_some_and(|found| found == ending));
            let mut drawn: Vec<_> = pictures.filter(|file| std::fs::read(file).unwrap() != b"as it was").collect();
            drawn.sort();
            drawn.iter().map(|file| file.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        assert_eq!(drawn(&goldens, "png"), ["private-8-small.png", "private-8-small.rectified.png"]);
        assert_eq!(drawn(&samples, "jpg"), ["corporate.jpg"]);
        for (list, exhibits) in [(goldens.join("manifest.json"), GOLDENS), (samples.join("index.json"), SAMPLES)] {
            let rows: Vec<serde_json::Value> = serde_json::from_slice(&std::fs::read(list).unwrap()).unwrap();
            let texts: Vec<_> = rows.iter().map(|row| row["text"].as_str().unwrap()).collect();
            assert_eq!(texts, exhibits.iter().map(|exhibit| exhibit.text).collect::<Vec<_>>());
        }
        let message = draw(&goldens, &samples, &["private-9".to_owned()]).unwrap_err().to_string();
        assert!(message.contains("private-9") && message.contains("gallery.rs"), "{message}");
    }
}
