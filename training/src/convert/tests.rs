#![allow(clippy::unwrap_used)]

use unicode_normalization::UnicodeNormalization;

use super::*;
use crate::check::check;
use crate::dataset::Dataset;
use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr_render::picture::write_png;

/// A picture of its own for every `shade`.
fn write_picture(path: &Path, shade: u8) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    write_png(path, &Frame::new(&[shade; 40 * 20], 40, 20, PixelFormat::Grey).unwrap()).unwrap();
}

/// The names of the pictures that were made, composed, in order.
fn made(out: &Path) -> Vec<String> {
    let texts = |split| Dataset::open(out, split).map(|dataset| dataset.entries).unwrap_or_default();
    let entries = [texts(Split::Train), texts(Split::Val)].concat();
    entries.into_iter().map(|entry| entry.name).collect()
}

#[test]
fn csv_of_fast_plate_ocr() {
    let folder = tempfile::tempdir().unwrap();
    let decomposed: String = "가.png".nfd().collect();
    for (shade, name) in (0..).zip(["a.png", "deep/er/b.png", "c.png", decomposed.as_str()]) {
        write_picture(&folder.path().join("images").join(name), 10 * shade);
    }
    let csv = "\u{feff}plate_region,image_path, plate_text\r\n\
               South Korea,images/a.png,12가3456\r\n\
               South Korea,b.png,서울 12바 3456\r\n\
               South Korea,images\\c.png,\"12 가 3456\"\r\n\
               South Korea,images/가.png,34나5678\r\n\
               Spain,images/a.png,1234ABC\r\n\
               South Korea,images/d.png,12가3456\r\n\
               South Korea,images/a.png\r\n\
               South Korea,,12가3456\r\n";
    let labels = folder.path().join("train.csv");
    let out = folder.path().join("out");
    let korean = |text: &str| encoding_rs::EUC_KR.encode(text.trim_start_matches('\u{feff}')).0.into_owned();
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    for bytes in [csv.as_bytes().to_vec(), korean(csv), utf16(csv)] {
        std::fs::write(&labels, bytes).unwrap();
        let converted = convert(&labels, None, &out).unwrap();
        assert_eq!((converted.train, converted.val), (4, 0));
        assert_eq!(made(&out), ["12가3456_0.png", "12가3456_2.png", "34나5678_3.png", "서울12바3456_1.png"]);
        let lines: Vec<String> = converted.left_out.iter().map(ToString::to_string).collect();
        for (line, expected) in lines.iter().zip([
            "train.csv, line 6: left out: label \"1234ABC\": character 4 is '4'",
            "train.csv, line 7: left out: there is no picture images/d.png in",
            "train.csv, line 8: left out: has no plate_text",
            "train.csv, line 9: left out: has no image_path",
        ]) {
            assert!(line.starts_with(expected), "{line}");
        }
        assert_eq!(lines.len(), 4);
        assert_eq!(check(&out).errors(), 0);
        assert!(convert(&labels, None, &out).unwrap_err().to_string().contains("is not empty"));
        std::fs::remove_dir_all(&out).unwrap();
    }
}

#[test]
fn json_of_ai_hub() {
    let folder = tempfile::tempdir().unwrap();
    let (labels, pictures, out) =
        (folder.path().join("labels"), folder.path().join("pictures"), folder.path().join("out"));
    std::fs::create_dir(&labels).unwrap();
    let label = |name: &str, content: &str| std::fs::write(labels.join(name), content).unwrap();
    // Twenty vehicles, one of them twice.
    for index in 0..20_u8 {
        let plate = format!("{:02}가1234", index + 1);
        write_picture(&pictures.join(format!("{plate}-1.png")), index);
        label(&format!("{plate}-1.json"), &format!(r#"{{"imagePath":"{plate}-1.png","value":"{plate}","id":7}}"#));
    }
    write_picture(&pictures.join("10가1234-2.png"), 50);
    label("10가1234-2.json", r#"{"imagePath":"10가1234-2.png","value":"10가1234"}"#);
    // As unpacked by a program that takes CP949 for something else.
    write_picture(&pictures.join("21░í1234-1.png"), 51);
    label("21░í1234-1.json", r#"{"imagePath":"21가1234-1.png","value":"21가1234"}"#);
    label("car.json", r#"{"imagePath":"car.png","plate":{"bbox":[[1,2],[3,4]]}}"#);
    label("no.json", "no JSON");

    let converted = convert(&labels, Some(&pictures), &out).unwrap();
    assert_eq!((converted.train, converted.val), (19, 3));
    let val: Vec<String> =
        Dataset::open(&out, Split::Val).unwrap().entries.iter().map(|entry| entry.text.to_string()).collect();
    assert_eq!(val, ["10가1234", "10가1234", "20가1234"], "pictures of one vehicle are in one half");
    let named: Vec<&str> = converted.left_out.iter().map(|left_out| left_out.name.as_str()).collect();
    assert_eq!(named, ["car.json", "no.json"]);
    assert!(converted.left_out[0].reason.contains("`value`"), "{:?}", converted.left_out);
    assert_eq!(check(&out).summary(), "22 pictures, 0 errors, 0 warnings");

    let one = convert(&labels.join("10가1234-2.json"), Some(&pictures), &folder.path().join("one")).unwrap();
    assert_eq!((one.train, one.val), (1, 0));
}

#[test]
fn labels_that_are_none_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    write_picture(&folder.path().join("a.png"), 1);
    let out = folder.path().join("out");
    for (name, content, expected) in [
        ("a.csv", "file,text\na.png,12가3456\n", "no column image_path; its columns are file, text"),
        ("a.csv", "image_path,plate_text\n", "labels no picture of a plate"),
        ("a.csv", "image_path,plate_text\na.png,12\n", "line 2: left out"),
        ("a.xml", "<a/>", "is no CSV file"),
        ("missing/a.csv", "", "missing"),
    ] {
        let labels = folder.path().join(name);
        let _ = std::fs::write(&labels, content);
        let error = format!("{:#}", convert(&labels, None, &out).unwrap_err());
        assert!(error.contains(expected), "{name}: {error}");
        assert!(!out.exists());
    }
    let none = tempfile::tempdir().unwrap();
    assert!(convert(none.path(), None, &out).unwrap_err().to_string().contains("no JSON files"));
}
