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
fn what_is_measured_with() {
    /// Files of a folder, and what comes of it: pictures, and names that are left out; or a part of the error.
    type Case<'a> = (&'a [&'a str], Result<(usize, &'a [&'a str]), &'a str>);
    let cases: [Case; 6] = [
        (&["12가3456_0.png", "서울12바3456_1.png"], Ok((2, &[]))),
        (&["12가3456_0.png", "16쿼2331_0.png", "plate.png", "notes.md"], Ok((1, &["16쿼2331_0.png", "plate.png"]))),
        (&["val/12가3456_0.png", "34나5678_0.png"], Ok((1, &[]))),
        (&["val/12가3456_0.png", "val/12쿼3456_1.png", "labels.names"], Ok((1, &["12쿼3456_1.png"]))),
        (&["plate.png"], Err("plate.png: left out: the name is not {plate}_{index}")),
        (&["notes.md"], Err("has no manifest.json, no val/ and no pictures {plate}_{index}.jpg")),
    ];
    for (files, expected) in cases {
        let folder = tempfile::tempdir().unwrap();
        for file in files {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            write_picture(&path.with_extension("png"));
            std::fs::rename(path.with_extension("png"), &path).unwrap();
        }
        match (Collection::open(folder.path()), expected) {
            (Ok(Collection { crops, scenes, left_out }), Ok((count, names))) => {
                assert_eq!((crops.entries.len(), scenes.len()), (count, 0), "{files:?}");
                assert_eq!(left_out.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), names, "{files:?}");
            }
            (Err(error), Err(part)) => assert!(format!("{error:#}").contains(part), "{files:?}: {error:#}"),
            (found, _) => panic!("{files:?}: {found:?}"),
        }
    }
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
