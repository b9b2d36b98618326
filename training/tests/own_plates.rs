//! The way of somebody with plates of their own: every verb, as it is typed.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use unicode_normalization::UnicodeNormalization;

/// Rendered at a difficulty that the shipped weights mostly, but not always, master.
const RENDERED: &str = "name = 'rendered'\n[renderer]\ndifficulty = 0.7\n";

/// A few careful steps on these plates alone.
const TRAINED: &str = "
name = 'own'
init_from = 'pkg/weights/recognizer.bin'
data_fraction = 1.0
steps = 24
batch_size = 16
[optimizer]
learning_rate = 1e-4
warmup_steps = 4
average_decay = 0.9
[losses]
first_alignment = 0.25
mask = 0.0
[validation]
every = 12
";

/// Of 30 validation pictures, so many may be read worse after the training than before.
const LOST_AT_MOST: i64 = 1;

/// What a verb said, and whether it succeeded.
struct Said {
    ok: bool,
    stdout: String,
    stderr: String,
}

fn run(arguments: &[&str]) -> Said {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let program = Command::new(env!("CARGO_BIN_EXE_kr-lpr-training")).args(arguments).current_dir(repository).output();
    let output = program.unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Said { ok: output.status.success(), stdout: text(output.stdout), stderr: text(output.stderr) }
}

/// Runs a verb that has to succeed, and returns what it printed.
fn done(arguments: &[&str]) -> String {
    let said = run(arguments);
    assert!(said.ok, "{arguments:?}: {}{}", said.stdout, said.stderr);
    said.stdout
}

/// Pictures of `folder`, sorted by name.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pictures: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|e| e == "png")).collect();
    pictures.sort();
    pictures
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => assert!(std::fs::copy(&path, to).is_ok()),
        }
    }
}

/// Breaks some files of a good dataset and returns the file and a word of the reason for each.
fn damage(data: &Path) -> Vec<(String, &'static str)> {
    let train = pictures(&data.join("train"));
    let name = |path: &Path| path.strip_prefix(data).unwrap().to_str().unwrap().to_owned();
    let mut expected = Vec::new();
    let mut broken = |path: &Path, reason: &'static str| expected.push((name(path), reason));

    let bytes = std::fs::read(&train[0]).unwrap();
    std::fs::write(&train[0], &bytes[..bytes.len() / 2]).unwrap();
    broken(&train[0], "cannot be read");

    let edit = |path: &Path, edit: &dyn Fn(Vec<String>) -> Vec<String>| {
        let boxes = path.with_extension("txt");
        let lines = std::fs::read_to_string(&boxes).unwrap().lines().map(str::to_owned).collect();
        std::fs::write(&boxes, edit(lines).join("\n")).unwrap();
        boxes
    };
    broken(&edit(&train[1], &|lines| lines[1..].to_vec()), "boxes for");
    let with_first =
        |first: &'static str| move |lines: Vec<String>| [vec![first.to_owned()], lines[1..].to_vec()].concat();
    broken(&edit(&train[2], &with_first("1 2 3")), "line 1: a box is");
    broken(&edit(&train[3], &with_first("9 2 9 20")), "line 1: the box is empty");
    broken(&edit(&train[4], &with_first("0 0 9000 9")), "line 1: the box leaves the picture");

    std::fs::remove_file(train[5].with_extension("txt")).unwrap();
    broken(&train[5], "warning: has no box file");
    std::fs::remove_file(&train[6]).unwrap();
    broken(&train[6].with_extension("txt"), "box file without picture");

    for (stem, reason) in [("12가345_900", "no plate"), ("12뷁3456_901", "'뷁'"), ("12가3456", "{plate}_{index}")] {
        let renamed = data.join("train").join(format!("{stem}.png"));
        image::GrayImage::from_pixel(40, 20, image::Luma([stem.len() as u8])).save(&renamed).unwrap();
        broken(&renamed, reason);
    }

    let decomposed: String = train[7].file_stem().unwrap().to_str().unwrap().nfd().collect();
    let decomposed = data.join("train").join(decomposed + ".jpg");
    image::open(&train[7]).unwrap().to_rgb8().save(&decomposed).unwrap();
    broken(&train[7], "same {plate}_{index}"); // NFD sorts first, so the other one is the second

    let leaked = data.join("val").join(train[8].file_name().unwrap());
    std::fs::copy(&train[8], &leaked).unwrap();
    broken(&leaked, "better than it is");
    expected
}

/// Pictures of `val/` that are read right, of all.
fn right_of(data: &str, weights: &str) -> (i64, i64) {
    let table = done(&["eval", "--data", data, "--weights", weights]);
    let line = table.lines().find(|line| line.starts_with("all plates")).unwrap();
    let numbers: Vec<i64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
    (numbers[0], numbers[1])
}

#[test]
fn three_hundred_plates_train_through_the_verbs() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (data, broken, runs, weights) = (path("data"), path("broken"), path("runs"), "pkg/weights/recognizer.bin");
    for (name, recipe) in [("rendered.toml", RENDERED), ("own.toml", TRAINED)] {
        std::fs::write(path(name), recipe).unwrap();
    }

    done(&["synth", "--out", &data, "--count", "300", "--seed", "7", "--recipe", &path("rendered.toml")]);
    assert!(done(&["check", "--data", &data]).ends_with("300 pictures, 0 errors, 0 warnings\n"));

    copy(Path::new(&data), Path::new(&broken));
    let expected = damage(Path::new(&broken));
    let said = run(&["check", "--data", &broken]);
    assert!(!said.ok && said.stderr.contains("304 pictures, 11 errors, 5 warnings"), "{}{}", said.stdout, said.stderr);
    for (file, reason) in &expected {
        let named = |line: &str| line.starts_with(&format!("{file}: ")) && line.contains(reason);
        assert!(said.stdout.lines().any(named), "{file}: {reason} is not in\n{}", said.stdout);
    }

    let table = done(&["stats", "--data", &data, "--json", &path("stats.json")]);
    assert!(table.contains("pictures                   270       30"), "{table}");
    let stats: serde_json::Value = serde_json::from_slice(&std::fs::read(path("stats.json")).unwrap()).unwrap();
    assert_eq!((&stats["train"]["with_boxes"], &stats["val"]["unreadable"]), (&270.into(), &0.into()));
    done(&["preview", "--recipe", &path("own.toml"), "--data", &data, "--out", &path("preview.png"), "--count", "16"]);

    let before = right_of(&data, weights);
    done(&["train", "--recipe", &path("own.toml"), "--data", &data, "--runs", &runs]);
    let checkpoint = path("runs/own/checkpoint");
    let after = right_of(&data, &checkpoint);
    assert_eq!((before.1, after.1), (30, 30));
    assert!(after.0 >= before.0 - LOST_AT_MOST, "{} of 30 right before, {} after", before.0, after.0);

    // The dataset's own half is what it was validated on, and nothing rendered.
    let metrics = std::fs::read_to_string(path("runs/own/metrics.csv")).unwrap();
    let last = |column: &str| {
        let index = metrics.lines().next().unwrap().split(',').position(|name| name == column).unwrap();
        metrics.lines().last().unwrap().split(',').nth(index).unwrap().to_owned()
    };
    assert_eq!(last("val_accuracy"), "");
    let validated: f64 = last("own_accuracy").parse().unwrap();
    // One pass without the grammar reads about as many as the reader does with it, and hardly more.
    let alone = validated * 30.0;
    assert!((-8.0..2.0).contains(&(alone - after.0 as f64)), "{alone} without the grammar, {} of 30 with", after.0);

    done(&["predict", "--data", &data, "--weights", &checkpoint, "--out", &path("worst.png"), "--count", "30"]);
    for sheet in ["preview.png", "worst.png"] {
        assert!(image::open(path(sheet)).unwrap().width() > 1000, "{sheet}");
    }
}
