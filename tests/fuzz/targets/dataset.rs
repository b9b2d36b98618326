//! Datasets with anything in them: refused with a reason, or opened.
#![no_main]

use std::fs;
use std::path::PathBuf;
use std::sync::LazyLock;

use kr_lpr_training::dataset::listing::Listing;
use kr_lpr_training::dataset::{Collection, Dataset, Split, boxes, name};
use libfuzzer_sys::fuzz_target;

/// A folder of this process, with one picture in every place that a dataset may have it.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = std::env::temp_dir().join(format!("kr-lpr-fuzz-{}", std::process::id()));
    fs::create_dir_all(folder.join("val")).expect("a folder");
    for path in ["12가3456_0.png", "val/12가3456_0.png"] {
        fs::write(folder.join(path), include_bytes!("../../golden/private-8-small.png")).expect("a picture");
    }
    folder
});

fuzz_target!(|input: (&str, &str, &str, &str)| {
    let (stem, lines, names, manifest) = input;
    if let Ok(text) = name::text_of(stem) {
        assert!(stem.contains('_') && text.kinds().next().is_some());
        let _ = name::kind_of(&text);
    }
    for (number, line) in boxes::lines(lines) {
        assert!(number > 0);
        if let Ok(found) = boxes::parse_line(line) {
            assert!(found.x1 < found.x2 && found.y1 < found.y2, "{found:?}");
        }
    }

    let write = |name: &str, text: &str| fs::write(FOLDER.join(name), text).expect("a file");
    write("labels.names", names);
    write("val/12가3456_0.txt", lines);
    write("manifest.json", manifest);
    let _ = boxes::read(&FOLDER.join("val/12가3456_0.txt"));
    assert_eq!(Listing::of(&FOLDER.join("val")).expect("a folder").pictures.len(), 1);
    if let Ok(dataset) = Dataset::open(&FOLDER, Split::Val) {
        assert_eq!(dataset.entries.len(), 1);
        let _ = dataset.entries[0].example();
    }
    let _ = Collection::open(&FOLDER);
});
