#![allow(clippy::unwrap_used)]

use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::dataset::names_file;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr_render::picture::write_png;

/// Boxes of seven characters, 5 by 20 pixels each.
fn boxes() -> Vec<String> {
    (0..7).map(|i| format!("{} 0 {} 20", 5 * i, 5 * i + 5)).collect()
}

/// A grey picture of 40 by 20 pixels, another one for every `shade`.
fn write_picture(path: &Path, shade: u8) {
    write_png(path, &Frame::new(&[shade; 40 * 20], 40, 20, PixelFormat::Grey).unwrap()).unwrap();
}

/// A dataset without fault: two pictures to train on and one to validate on, with boxes.
fn dataset() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("labels.names"), names_file()).unwrap();
    for (shade, name) in [(10, "train/12가3456_0"), (20, "train/34나5678_1"), (30, "val/56다7890_2")] {
        let path = folder.path().join(name).with_extension("png");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write_picture(&path, shade);
        std::fs::write(path.with_extension("txt"), boxes().join("\n")).unwrap();
    }
    folder
}

/// A JPEG of noise, which needs many bytes.
fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels: Vec<u8> = (0..40 * 20u32).map(|i| (i * i % 251) as u8).collect();
    let mut encoder = image::codecs::jpeg::JpegEncoder::new(&mut bytes);
    encoder.encode(&pixels, 40, 20, image::ExtendedColorType::L8).unwrap();
    bytes
}

#[test]
fn nothing_is_wrong_with_a_good_dataset() {
    let folder = dataset();
    std::fs::write(folder.path().join("train/78라1234_3.jpg"), jpeg()).unwrap();
    std::fs::write(folder.path().join("train/78라1234_3.txt"), boxes().join("\n\n") + "\n").unwrap();
    let report = check(folder.path());
    assert_eq!(report.problems, []);
    assert_eq!(report.summary(), "4 pictures, 0 errors, 0 warnings");
}

/// What a test does to a good dataset.
type Damage<'a> = Box<dyn Fn(&Path) + 'a>;

#[test]
fn every_fault_is_named_with_its_file() {
    let write = |name: &'static str, content: Vec<u8>| -> Damage {
        Box::new(move |folder| std::fs::write(folder.join(name), &content).unwrap())
    };
    let picture =
        |name: String, shade: u8| -> Damage { Box::new(move |folder| write_picture(&folder.join(&name), shade)) };
    let remove = |name: &'static str| -> Damage {
        Box::new(move |folder| {
            let path = folder.join(name);
            if path.is_dir() { std::fs::remove_dir_all(path).unwrap() } else { std::fs::remove_file(path).unwrap() }
        })
    };
    let truncate = |name: &'static str| -> Damage {
        Box::new(move |folder| {
            let bytes = std::fs::read(folder.join(name)).unwrap();
            std::fs::write(folder.join(name), &bytes[..bytes.len() - 20]).unwrap();
        })
    };
    let boxed = |line: usize, text: &str| -> Damage {
        let mut boxes = boxes();
        boxes[line - 1] = text.to_owned();
        write("train/12가3456_0.txt", boxes.join("\n").into_bytes())
    };
    let names = |edit: fn(String) -> String| write("labels.names", edit(names_file()).into_bytes());
    let nfd = |text: &str| text.nfd().collect::<String>();
    let cases: Vec<(Damage, &str, &str)> = vec![
        (remove("labels.names"), "labels.names", "cannot be read"),
        (names(|text| text + "Q\n"), "labels.names", "line 115: \"Q\""),
        (names(|text| text.replace("다\n", "")), "val/56다7890_2.png", "does not list 다"),
        (remove("train"), "train", "No such file"),
        (remove("val"), "val", "warning: is missing"),
        (picture("train/12가3456.png".to_owned(), 99), "train/12가3456.png", "{plate}_{index}"),
        (picture("train/16쿼2331_4.png".to_owned(), 99), "train/16쿼2331_4.png", "'쿼'"),
        (picture("train/12가345_4.png".to_owned(), 99), "train/12가345_4.png", "no plate"),
        (picture("train/00가1234_4.png".to_owned(), 99), "train/00가1234_4.png", "never issued"),
        (write("train/12가3456_5.png", b"not a picture".to_vec()), "train/12가3456_5.png", "cannot be read"),
        (truncate("val/56다7890_2.png"), "val/56다7890_2.png", "cannot be read"),
        (write("train/12가3456_5.jpg", vec![]), "train/12가3456_5.jpg", "cannot be read"),
        (write("train/12가3456_5.jpg", jpeg()[..400].to_vec()), "train/12가3456_5.jpg", "warning: is truncated"),
        (
            picture("train/12가3456_0.jpg".to_owned(), 99),
            "train/12가3456_0.png",
            "same {plate}_{index} as train/12가3456_0.jpg",
        ),
        (picture(nfd("train/34나5678_1.png"), 99), "train/34나5678_1.png", "same {plate}_{index}"),
        (
            picture("train/78라1234_6.png".to_owned(), 20),
            "train/78라1234_6.png",
            "same picture as train/34나5678_1.png, which says another",
        ),
        (
            picture("train/34나5678_6.png".to_owned(), 20),
            "train/34나5678_6.png",
            "same picture as train/34나5678_1.png",
        ),
        (picture("val/34나5678_6.png".to_owned(), 20), "val/34나5678_6.png", "what is in train/ as well"),
        (remove("train/34나5678_1.txt"), "train/34나5678_1.png", "warning: has no box file"),
        (boxed(2, "5 0 10"), "train/12가3456_0.txt", "line 2: a box is `x1 y1 x2 y2`"),
        (boxed(3, "15 0 10 20"), "train/12가3456_0.txt", "line 3: the box is empty or inverted"),
        (boxed(7, ""), "train/12가3456_0.txt", "6 boxes for 7 characters"),
        (boxed(7, "30 0 42 20"), "train/12가3456_0.txt", "line 7: the box leaves the picture, which has 40x20"),
        (boxed(1, "0 -3 5 20"), "train/12가3456_0.txt", "line 1: the box leaves"),
        (write("train/12가3456_0.txt", vec![0xff; 9]), "train/12가3456_0.txt", "cannot be read"),
        (write("val/78라1234_9.txt", vec![]), "val/78라1234_9.txt", "without picture"),
        (write("val/notes.md", vec![]), "val/notes.md", "warning: is neither"),
    ];
    for (damage, file, reason) in cases {
        let folder = dataset();
        damage(folder.path());
        let report = check(folder.path());
        let lines: Vec<String> = report.problems.iter().map(|problem| nfc(&problem.to_string())).collect();
        assert!(
            lines.iter().any(|line| line.starts_with(file) && line.contains(reason)),
            "{file}: {reason}: {lines:?}"
        );
        let is_warning = reason.starts_with("warning");
        assert_eq!(report.errors() == 0, is_warning, "{lines:?}");
        assert_eq!(report.warnings() > 0, lines.iter().any(|line| line.contains("warning: ")));
    }
}

#[test]
fn files_of_other_encodings_are_read() {
    let marked = |text: &str| ["\u{feff}", text].concat();
    let utf16 = |text: &str| marked(text).encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let cp949 = |text: &str| encoding_rs::EUC_KR.encode(text).0.into_owned();
    for index in 0..3 {
        let encode = |text: &str| vec![marked(text).into_bytes(), utf16(text), cp949(text)].swap_remove(index);
        let folder = dataset();
        for file in ["labels.names", "train/12가3456_0.txt"] {
            let path = folder.path().join(file);
            let text = std::fs::read_to_string(&path).unwrap().replace('\n', "\r\n");
            std::fs::write(&path, encode(&text)).unwrap();
        }
        assert_eq!(check(folder.path()).problems, [], "encoding {index}");
        let dataset = crate::dataset::Dataset::open(folder.path(), Split::Train).unwrap();
        assert!(dataset.entries.iter().all(|entry| entry.example().is_ok()), "encoding {index}");
    }
    let folder = dataset();
    std::fs::write(folder.path().join("labels.names"), [0xb0; 3]).unwrap();
    let [problem] = &check(folder.path()).problems[..] else { panic!("one fault is one problem") };
    assert!(problem.to_string().contains("neither UTF-8, UTF-16 nor CP949"), "{problem}");
}

#[test]
fn one_fault_does_not_hide_another() {
    let folder = dataset();
    for entry in std::fs::read_dir(folder.path().join("train")).unwrap() {
        std::fs::write(entry.unwrap().path(), "1 2 3").unwrap();
    }
    std::fs::remove_file(folder.path().join("val/56다7890_2.png")).unwrap();
    let report = check(folder.path());
    // Two pictures that are none, two box files with a broken line and too few boxes, an orphan, and val/ is empty.
    assert_eq!(report.summary(), "2 pictures, 8 errors, 0 warnings", "{:#?}", report.problems);
}

#[test]
fn boxes_at_the_edge_are_inside() {
    let folder = dataset();
    let mut boxes = boxes();
    boxes[6] = "-0.5 0 41 21".to_owned();
    std::fs::write(folder.path().join("train/12가3456_0.txt"), boxes.join("\n")).unwrap();
    assert_eq!(check(folder.path()).problems, []);
}
