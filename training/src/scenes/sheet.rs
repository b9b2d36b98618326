//! Overviews for people to look at.

use image::{Rgb, RgbImage};
use kr_lpr::detect::{CELL, Candidate};
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::overview::{FIRST_LOOK, Overview};

use super::targets::Targets;

/// Overviews in a row.
const COLUMNS: u32 = 5;

/// Lays out overviews: the cells where centres are wanted in green, those that may say anything in blue, plates outlined in
/// green and what was found in red.
pub fn sheet(views: &[(Overview, Vec<Quad>, Vec<Candidate>)]) -> RgbImage {
    let [width, height] = FIRST_LOOK.size().map(|side| side as u32);
    let mut sheet = RgbImage::new(COLUMNS * (width + 4), (views.len() as u32).div_ceil(COLUMNS) * (height + 4));
    for (index, (overview, plates, found)) in (0..).zip(views) {
        let origin = (index % COLUMNS * (width + 4), index / COLUMNS * (height + 4));
        let targets = Targets::new(overview, plates);
        for (at, &luma) in overview.pixels().iter().enumerate() {
            let (x, y) = (at as u32 % width, at as u32 / width);
            let cell = (y as usize / CELL) * (width as usize / CELL) + x as usize / CELL;
            let tint = |amount: f32| (f32::from(luma) + amount).clamp(0.0, 255.0) as u8;
            let green = 120.0 * targets.centres[cell];
            let blue = 50.0 * (1.0 - targets.centre_weights[cell]);
            sheet.put_pixel(origin.0 + x, origin.1 + y, Rgb([luma, tint(green), tint(blue)]));
        }
        let outlined = plates.iter().map(|quad| (quad, Rgb([0, 255, 0])));
        for (quad, colour) in outlined.chain(found.iter().map(|candidate| (&candidate.quad, Rgb([255, 0, 0])))) {
            let corners = quad.corners().map(|corner| overview.from_frame(corner));
            for side in 0..4 {
                line(&mut sheet, origin, corners[side], corners[(side + 1) % 4], colour);
            }
        }
    }
    sheet
}

/// Draws within the first octave.
fn line(sheet: &mut RgbImage, origin: (u32, u32), from: Point, to: Point, colour: Rgb<u8>) {
    let (width, height) = (FIRST_LOOK.width as f32, FIRST_LOOK.height as f32);
    let steps = from.distance(to).clamp(1.0, 2000.0) as usize;
    for step in 0..=steps {
        let t = step as f32 / steps as f32;
        let (x, y) = (from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t);
        if (0.0..width).contains(&x) && (0.0..height).contains(&y) {
            sheet.put_pixel(origin.0 + x as u32, origin.1 + y as u32, colour);
        }
    }
}
