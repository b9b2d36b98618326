//! `predict`: a contact sheet of readings, the worst first.

use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use image::{Rgb, RgbImage, imageops};
use kr_lpr::labels::{Label, LabelClass};
use kr_lpr::reader::{Mode, ReadOptions};
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use kr_lpr_render::glyph::{Face, GlyphStyle, Glyphs, coverage};
use tiny_skia::Transform;

use super::weights::CollectionArguments;

/// Draw the readings of a collection as PNG, the worst first.
#[derive(Args)]
pub struct Arguments {
    #[command(flatten)]
    collection: CollectionArguments,
    /// PNG file to write.
    #[arg(long)]
    out: PathBuf,
    /// Readings on the sheet.
    #[arg(long, default_value_t = 120)]
    count: usize,
}

/// Cells a row; a cell is the plate image above what is written on it and what was read.
const COLUMNS: u32 = 6;
const CELL_WIDTH: u32 = PLATE_WIDTH as u32 + 8;
const CELL_HEIGHT: u32 = PLATE_HEIGHT as u32 + 2 * LINE_HEIGHT + 12;
const LINE_HEIGHT: u32 = 20;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const TRUTH: Rgb<u8> = Rgb([90, 90, 90]);
const RIGHT: Rgb<u8> = Rgb([20, 130, 40]);
const WRONG: Rgb<u8> = Rgb([200, 30, 30]);

/// Wrong readings first, the surest of them at the top; then the right ones, the least sure first.
pub fn run(Arguments { collection, out, count }: Arguments) -> anyhow::Result<()> {
    let mut measured = collection.measure(&ReadOptions { mode: Mode::Crop, ..ReadOptions::default() })?.0;
    measured.sort_by(|a, b| {
        let by_confidence = a.confidence().total_cmp(&b.confidence());
        let by_confidence = if a.is_right() { by_confidence } else { by_confidence.reverse() };
        a.is_right().cmp(&b.is_right()).then(by_confidence)
    });
    measured.truncate(count);
    let glyphs = Glyphs::load()?;
    let rows = (measured.len() as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbImage::from_pixel(COLUMNS * CELL_WIDTH, rows * CELL_HEIGHT, PAPER);
    for (index, one) in (0..).zip(&measured) {
        let (x, y) = (index % COLUMNS * CELL_WIDTH + 4, index / COLUMNS * CELL_HEIGHT + 4);
        if let Ok(reading) = &one.reading {
            let plate = RgbImage::from_fn(PLATE_WIDTH as u32, PLATE_HEIGHT as u32, |px, py| {
                let luma = reading.plate.pixels()[(py * PLATE_WIDTH as u32 + px) as usize];
                Rgb([luma; 3])
            });
            imageops::replace(&mut sheet, &plate, i64::from(x), i64::from(y));
        }
        let line = |row: u32| (x as f32, (y + PLATE_HEIGHT as u32 + 2 + row * LINE_HEIGHT) as f32);
        write(&mut sheet, &glyphs, &one.entry.text.labels(), line(0), TRUTH);
        write(&mut sheet, &glyphs, &one.labels(), line(1), if one.is_right() { RIGHT } else { WRONG });
    }
    sheet.save(&out).with_context(|| format!("cannot write {}", out.display()))?;
    let right = measured.iter().filter(|one| one.is_right()).count();
    println!("{}: {} readings, {right} of them right", out.display(), measured.len());
    Ok(())
}

/// Writes `labels` in the plates' own typefaces.
fn write(sheet: &mut RgbImage, glyphs: &Glyphs, labels: &[Label], (mut x, y): (f32, f32), ink: Rgb<u8>) {
    let height = LINE_HEIGHT as f32 - 4.0;
    for label in labels {
        let (face, width) = match label.class() {
            LabelClass::Digit => (Face::Plate2006, 0.55 * height),
            LabelClass::Private | LabelClass::Rental | LabelClass::Commercial => (Face::Plate2006, 0.9 * height),
            _ => (Face::Gothic, 0.9 * height),
        };
        for syllable in label.name().chars() {
            if let Some(glyph) = glyphs.get(face, &syllable.to_string()) {
                let fitted = glyph.fit(x, y, width, height);
                let path =
                    glyph.path(&GlyphStyle { stroke_mm: Some(1.6), ..GlyphStyle::new(fitted.width, fitted.height) });
                stamp(sheet, &path, (fitted.x, fitted.y), ink);
            }
            x += width + 2.0;
        }
    }
}

fn stamp(sheet: &mut RgbImage, path: &tiny_skia::Path, (x, y): (f32, f32), ink: Rgb<u8>) {
    // A mask as large as a line is high holds any glyph of it.
    let (left, top) = (x.floor(), y.floor());
    let side = 2 * LINE_HEIGHT;
    let Some(mask) = coverage(path, Transform::from_translate(x - left, y - top), side, side) else { return };
    for (index, &covered) in (0..).zip(mask.data()) {
        let (px, py) = (left as u32 + index % side, top as u32 + index / side);
        if covered > 0 && px < sheet.width() && py < sheet.height() {
            let paper = sheet.get_pixel_mut(px, py);
            let mixed = |paper: u8, ink: u8| {
                ((u32::from(paper) * (255 - u32::from(covered)) + u32::from(ink) * u32::from(covered)) / 255) as u8
            };
            *paper = Rgb([0, 1, 2].map(|c| mixed(paper[c], ink[c])));
        }
    }
}
