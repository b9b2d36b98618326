//! Contact sheets of plates and of scenes.

use image::RgbImage;

use super::{Captions, Sample, SceneSample};
use crate::contact_sheet::ContactSheet;

/// Width and height of a picture of a plate, and how many stand in a row.
const PLATE: [u32; 2] = [330, 170];
const PLATES_A_ROW: u32 = 5;

/// Height of the caption below a plate, and of its letters.
const CAPTION: (u32, u32) = (26, 20);

/// Width and height of a scene, and how many stand in a row.
const SCENE: [u32; 2] = [320, 240];
const SCENES_A_ROW: u32 = 6;

const GROUND: [u8; 3] = [96, 96, 112];
const RED: [u8; 3] = [255, 64, 64];
const GREEN: [u8; 3] = [64, 220, 64];

/// Lays out `samples` in rows of five, each with what can be read of it beneath; `outlines` draws the plate and the character
/// boxes.
pub fn sheet(samples: &[Sample], outlines: bool, captions: &Captions) -> RgbImage {
    let [width, height] = PLATE;
    let mut sheet = ContactSheet::new(samples.len(), [width, height + CAPTION.0], PLATES_A_ROW, GROUND);
    for (index, sample) in samples.iter().enumerate() {
        let cell = sheet.put_scaled(index, &sample.frame(), height);
        let [x, y] = cell.origin;
        captions.draw(sheet.image_mut(), [x + 2, y + height], CAPTION.1, &sample.seen);
        if outlines {
            sheet.outline(cell, sample.quad.corners(), RED);
            for quad in &sample.boxes {
                sheet.outline(cell, quad.corners(), GREEN);
            }
        }
    }
    sheet.into_image()
}

/// Lays out `scenes` in rows of six; `outlines` draws the plates.
pub fn scene_sheet(scenes: &[SceneSample], outlines: bool) -> RgbImage {
    let mut sheet = ContactSheet::new(scenes.len(), SCENE, SCENES_A_ROW, GROUND);
    for (index, scene) in scenes.iter().enumerate() {
        let cell = sheet.put_scaled(index, &scene.frame(), SCENE[1]);
        if outlines {
            for plate in &scene.plates {
                sheet.outline(cell, plate.quad.corners(), RED);
            }
        }
    }
    sheet.into_image()
}
