//! The examples do what they say.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use image::imageops::{self, FilterType};

#[allow(dead_code)]
#[path = "examples/read.rs"]
mod read;
#[allow(dead_code)]
#[path = "examples/track.rs"]
mod track;

fn file(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path).to_str().unwrap().to_owned()
}

#[test]
fn a_picture_is_read() {
    let plates = read::read(&file("pkg/weights"), &file("tests/golden/scenes/scene_00022.png")).unwrap();
    assert_eq!(plates, ["241허5787"]);
}

#[test]
fn a_plate_is_followed_through_frames() {
    let picture = image::open(file("tests/golden/scenes/scene_00022.png")).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    // A camera that moves and comes nearer.
    let frames: Vec<String> = (0..24)
        .map(|index| {
            let path = folder.join(format!("frame_{index}.png"));
            let cut = picture.crop_imm(index, index, picture.width() - 2 * index, picture.height() - 2 * index);
            imageops::resize(&cut.into_rgb8(), 480, 360, FilterType::Triangle).save(&path).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(track::follow(&file("pkg/weights"), &frames).unwrap(), ["241허5787"]);
}
