//! Overviews for people to look at.

use image::RgbImage;
use kr_lpr::detect::{CELL, Candidate};
use kr_lpr::geometry::Quad;
use kr_lpr::overview::{FIRST_LOOK, Overview};

use super::targets::Targets;
use kr_lpr_render::contact_sheet::{Cell, ContactSheet};

/// Overviews in a row.
const COLUMNS: u32 = 5;

/// Lays out overviews: the cells where centres are wanted in green, those that may say anything in blue, plates outlined in
/// green and what was found in red.
pub fn sheet(views: &[(Overview, Vec<Quad>, Vec<Candidate>)]) -> RgbImage {
    const GAP: u32 = 4;
    let size @ [width, height] = FIRST_LOOK.size().map(|side| side as u32);
    let mut sheet = ContactSheet::new(views.len(), [width + GAP, height + GAP], COLUMNS, [0; 3]);
    for (index, (overview, plates, found)) in views.iter().enumerate() {
        let targets = Targets::new(overview, plates);
        let cell = sheet.put(index, size, |x, y| {
            let luma = overview.pixels()[(y * width + x) as usize];
            let at = (y as usize / CELL) * (width as usize / CELL) + x as usize / CELL;
            let tint = |amount: f32| (f32::from(luma) + amount).clamp(0.0, 255.0) as u8;
            let green = 120.0 * targets.centres[at];
            let blue = 50.0 * (1.0 - targets.centre_weights[at]);
            [luma, tint(green), tint(blue)]
        });
        // Outlines are drawn in the first octave.
        let cell = Cell { size: [FIRST_LOOK.width as u32, FIRST_LOOK.height as u32], ..cell };
        let outlined = plates.iter().map(|quad| (quad, [0, 255, 0]));
        for (quad, colour) in outlined.chain(found.iter().map(|candidate| (&candidate.quad, [255, 0, 0]))) {
            sheet.outline(cell, quad.corners().map(|corner| overview.from_frame(corner)), colour);
        }
    }
    sheet.into_image()
}
