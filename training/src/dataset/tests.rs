#![allow(clippy::unwrap_used)]

use super::*;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr_render::picture::write_png;
use unicode_normalization::UnicodeNormalization;

fn write_picture(path: &Path) {
    let pixels = vec![90; 40 * 20];
    write_png(path, &Frame::new(&pixels, 40, 20, PixelFormat::Grey).unwrap()).unwrap();
}

fn dataset() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("train")).unwrap();
    std::fs::write(folder.path().join("labels.names"), names_file()).unwrap();
    folder
}

#[test]
fn opens_pictures_by_name_composed_or_not() {
    let folder = dataset();
    let train = folder.path().join("train");
    let decomposed: String = "34나5678_7.png".nfd().collect();
    for name in ["12가3456_0.png", &decomposed, "서울12바3456_1.png"] {
        write_picture(&train.join(name));
    }
    std::fs::write(
        train.join("12가3456_0.txt"),
        "0 0 5 20\n5 0 10 20\n\n10 0 15 20\n".to_owned() + &"15 0 20 20\n".repeat(4),
    )
    .unwrap();
    let dataset = Dataset::open(folder.path(), Split::Train).unwrap();
    let mut texts: Vec<_> = dataset.entries.iter().map(|entry| entry.text.to_string()).collect();
    texts.sort();
    assert_eq!(texts, ["12가3456", "34나5678", "서울12바3456"]);
    let boxed = dataset.entries.iter().find(|entry| entry.text.to_string() == "12가3456").unwrap();
    assert!(boxed.example().unwrap().masks.is_some());
    assert!(dataset.entries.iter().filter(|e| e.example().unwrap().masks.is_none()).count() == 2);
}

#[test]
fn mistakes_are_named() {
    let folder = dataset();
    let train = folder.path().join("train");
    let error = |folder: &Path| format!("{:#}", Dataset::open(folder, Split::Train).unwrap_err());
    assert!(error(folder.path()).contains("no pictures"));
    write_picture(&train.join("12가3456.png"));
    assert!(error(folder.path()).contains("{plate}_{index}"));
    std::fs::remove_file(train.join("12가3456.png")).unwrap();
    write_picture(&train.join("12가34_0.png"));
    assert!(error(folder.path()).contains("12가34_0"));
    std::fs::write(folder.path().join("labels.names"), "0\nQ\n").unwrap();
    assert!(error(folder.path()).contains("\"Q\""));
}

#[test]
fn boxes_that_do_not_fit_are_errors() {
    let folder = dataset();
    let path = folder.path().join("train/12가3456_0.png");
    write_picture(&path);
    for boxes in ["1 2 3", "a b c d", "5 0 5 9", "0 0 5 20"] {
        std::fs::write(path.with_extension("txt"), boxes).unwrap();
        let entry = Dataset::open(folder.path(), Split::Train).unwrap().entries.remove(0);
        assert!(entry.example().is_err(), "{boxes}");
    }
}
