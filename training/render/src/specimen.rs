//! A specimen sheet: every glyph of each typeface, and beside them the plates that use them.

use anyhow::{Context, Result};
use image::{Rgb, RgbImage, imageops};
use kr_lpr::plate::{PlateKind, PlateText};
use tiny_skia::Transform;

use crate::glyph::{Face, Glyph, GlyphStyle, Glyphs, InkBox, coverage};
use crate::synth::{Shot, Synth, SynthSettings};

/// Cell of a glyph and the air in it, pixels.
const CELL: (u32, u32) = (58, 62);
const CELL_AIR: f32 = 5.0;
const COLUMNS: u32 = 12;

/// Where the plates begin, and how wide the sheet is.
const PLATES_LEFT: u32 = COLUMNS * CELL.0 + 40;
const WIDTH: u32 = PLATES_LEFT + 580;
const GAP: u32 = 14;

/// Channels are rounded to multiples of this, 17 tones: nobody sees it here, and the file is half as large.
const TONE: u8 = 15;

const PAPER: Rgb<u8> = Rgb([255, 255, 255]);
const INK: [u8; 3] = [30; 3];
const RULE: Rgb<u8> = Rgb([195; 3]);

/// Widths of the plates, pixels: a whole row, half a row, and the small ones of a section with many.
const FULL: f32 = 546.0;
const HALF: f32 = 266.0;
const SMALL: f32 = 180.0;

/// A plate to show: kind, text, width in pixels, and the seed that picks one of several layouts of the kind.
type Plate = (PlateKind, &'static str, f32, u64);

/// The plates beside each face.
const PLATES: [(Face, &[Plate]); 4] = [
    (
        Face::Plate2006,
        &[
            (PlateKind::PrivateLong, "12가3456", HALF, 1),
            (PlateKind::Private8, "157고2468", HALF, 1),
            (PlateKind::PrivateFilm, "235너7890", HALF, 1),
            (PlateKind::Corporate, "348부5026", HALF, 1),
            (PlateKind::Ev, "60러1379", HALF, 1),
            (PlateKind::Ev, "127오4853", HALF, 5),
            (PlateKind::PrivateShort, "48하3579", SMALL, 1),
            (PlateKind::PrivateLarge, "93주6120", HALF, 1),
        ],
    ),
    (
        Face::Gothic,
        &[
            (PlateKind::CommercialLong, "서울30바4712", FULL, 1),
            (PlateKind::CommercialLong, "경기59자8036", FULL, 2),
            (PlateKind::CommercialDouble, "부산71아2845", HALF, 1),
            (PlateKind::CommercialDouble, "강원86배1907", HALF, 2),
            (PlateKind::Military, "16육2331", HALF, 1),
            (PlateKind::Diplomatic, "외교005003", HALF, 1),
            (PlateKind::Diplomatic, "준영012007", SMALL, 3),
            (PlateKind::Temporary, "임1234", SMALL, 2),
            (PlateKind::Temporary, "서울06임1234", HALF, 1),
            (PlateKind::Construction, "012가4568", HALF, 1),
            (PlateKind::ConstructionOld, "경기02나1234", SMALL, 1),
            (PlateKind::Motorcycle, "1가23456", SMALL, 1),
        ],
    ),
    (
        Face::Green2004,
        &[(PlateKind::GreenNational, "39나2764", HALF, 1), (PlateKind::GreenNational, "50허1638", HALF, 2)],
    ),
    (
        Face::Green1996,
        &[(PlateKind::GreenRegion, "서울52가3908", HALF, 1), (PlateKind::GreenRegion, "전북7도4162", HALF, 2)],
    ),
];

/// Draws the sheet: one section a face in [`Face::ALL`] order, glyphs in the asset's order.
///
/// # Errors
/// When an asset is damaged or lacks a glyph of one of the plates.
pub fn specimen() -> Result<RgbImage> {
    let glyphs = Glyphs::load()?;
    let synth = Synth::new(SynthSettings { difficulty: 0.0, colour: true, ..SynthSettings::default() })?;
    let mut sections = Vec::with_capacity(PLATES.len());
    for (face, plates) in PLATES {
        let plates = plates.iter().map(|plate| flat(&synth, *plate)).collect::<Result<Vec<_>>>()?;
        sections.push(section(&glyphs, face, &plates));
    }
    let height = sections.iter().map(RgbImage::height).sum();
    let mut sheet = RgbImage::from_pixel(WIDTH, height, PAPER);
    let mut top = 0;
    for section in sections {
        imageops::replace(&mut sheet, &section, 0, top);
        top += i64::from(section.height());
    }
    for value in sheet.iter_mut() {
        *value = value.saturating_add(TONE / 2) / TONE * TONE;
    }
    Ok(sheet)
}

/// A clean plate seen straight on, cut to its edges.
fn flat(synth: &Synth, (kind, text, plate_px, seed): Plate) -> Result<RgbImage> {
    let parsed = PlateText::parse(text).with_context(|| format!("text {text}"))?;
    let sample = synth.shoot(&Shot { seed, kind, text: parsed, difficulty: 0.0, plate_px });
    let (x0, y0, x1, y1) = sample.quad.bounding_box();
    let picture = RgbImage::from_raw(sample.width, sample.height, sample.pixels).context("a frame has its length")?;
    let [x0, y0, x1, y1] = [x0, y0, x1, y1].map(|v| v.round() as u32);
    Ok(imageops::crop_imm(&picture, x0, y0, x1 - x0, y1 - y0).to_image())
}

/// One face: its glyphs on the left, its plates on the right, a rule below.
fn section(glyphs: &Glyphs, face: Face, plates: &[RgbImage]) -> RgbImage {
    let places = flow(plates);
    let plates_bottom = places.iter().zip(plates).map(|((_, y), plate)| y + plate.height()).max().unwrap_or(0);
    let glyphs_bottom = GAP + (glyphs.iter(face).count() as u32).div_ceil(COLUMNS) * CELL.1;
    let height = plates_bottom.max(glyphs_bottom) + GAP;
    let mut image = RgbImage::from_pixel(WIDTH, height, PAPER);
    for (index, (_, glyph)) in (0..).zip(glyphs.iter(face)) {
        stamp(&mut image, glyph, (GAP + index % COLUMNS * CELL.0, GAP + index / COLUMNS * CELL.1));
    }
    for ((x, y), plate) in places.into_iter().zip(plates) {
        imageops::replace(&mut image, plate, i64::from(x), i64::from(y));
    }
    for x in 0..WIDTH {
        image.put_pixel(x, height - 1, RULE);
    }
    image
}

/// Top-left corners of the plates, in rows from the left.
fn flow(plates: &[RgbImage]) -> Vec<(u32, u32)> {
    let (mut x, mut y, mut row_height) = (PLATES_LEFT, GAP, 0);
    let place = |plate: &RgbImage| {
        if x > PLATES_LEFT && x + plate.width() > WIDTH - GAP {
            (x, y, row_height) = (PLATES_LEFT, y + row_height + GAP, 0);
        }
        let at = (x, y);
        x += plate.width() + GAP;
        row_height = row_height.max(plate.height());
        at
    };
    plates.iter().map(place).collect()
}

/// Draws a glyph at its own proportions, as large as its design block fits the cell whose top-left corner is given.
fn stamp(image: &mut RgbImage, glyph: &Glyph, (left, top): (u32, u32)) {
    let (width, height) = glyph.design_block();
    let (room_x, room_y) = (CELL.0 as f32 - 2.0 * CELL_AIR, CELL.1 as f32 - 2.0 * CELL_AIR);
    let scale = (room_x / width).min(room_y / height);
    let InkBox { x, y, width: ink_width, height: ink_height } = glyph.fit(0.0, 0.0, width, height);
    let (x, y) = (x + (room_x / scale - width) / 2.0, y + (room_y / scale - height) / 2.0);
    let transform = Transform::from_translate(x, y).post_scale(scale, scale).post_translate(CELL_AIR, CELL_AIR);
    let path = glyph.path(&GlyphStyle::new(ink_width, ink_height));
    let Some(mask) = coverage(&path, transform, CELL.0, CELL.1) else { return };
    for (index, &covered) in (0..).zip(mask.data()) {
        let pixel = image.get_pixel_mut(left + index % CELL.0, top + index / CELL.0);
        for (paper, ink) in pixel.0.iter_mut().zip(INK) {
            *paper =
                ((u32::from(*paper) * (255 - u32::from(covered)) + u32::from(ink) * u32::from(covered)) / 255) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn plates_stay_on_the_sheet_and_apart() {
        let plates: Vec<RgbImage> = [266, 266, 546, 180, 266].map(|width| RgbImage::new(width, 57)).into();
        let places = flow(&plates);
        assert_eq!(places[1], (places[0].0 + 266 + GAP, places[0].1));
        assert_eq!(places[2], (places[0].0, places[0].1 + 57 + GAP));
        assert_eq!(places[4].1, places[3].1);
        for ((x, _), plate) in places.iter().zip(&plates) {
            assert!(x + plate.width() <= WIDTH);
        }
    }

    #[test]
    fn every_face_and_kind_is_shown() {
        for face in Face::ALL {
            assert!(PLATES.iter().any(|(shown, _)| *shown == face), "{}", face.name());
        }
        let shown: Vec<PlateKind> = PLATES.iter().flat_map(|(_, plates)| plates.iter().map(|plate| plate.0)).collect();
        assert!(PlateKind::ALL.iter().all(|kind| shown.contains(kind)));
        let sheet = specimen().unwrap();
        assert_eq!(sheet.width(), WIDTH);
        assert!(sheet.pixels().any(|pixel| pixel.0 == INK));
    }
}
