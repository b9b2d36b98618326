//! Pictures of plates on disk.
//!
//! A dataset is `labels.names`, `train/` and `val/`. Each picture `{plate}_{index}.jpg` (or png) shows one plate; an
//! optional `{plate}_{index}.txt` holds one `x1 y1 x2 y2` character box a line, in pixels, in the order of the
//! characters. File names may be NFC or NFD.
//!
//! A folder with `manifest.json` is a collection for measuring: `crops` with `file`, `label` and `kind`.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::{PlateKind, PlateText};
use serde::Deserialize;

use crate::batch::Example;
use crate::picture::Picture;

/// A picture and what stands on its plate.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The picture.
    pub path: PathBuf,
    /// The picture's name as the collection gives it.
    pub name: String,
    /// The text, which fits the plate grammar.
    pub text: PlateText,
    /// The kind, where it is known.
    pub kind: Option<PlateKind>,
}

impl Entry {
    /// Decodes and rectifies the picture, whose outline is taken for the plate's.
    ///
    /// # Errors
    /// When the picture or its boxes cannot be read.
    pub fn example(&self) -> anyhow::Result<Example> {
        let picture = Picture::open(&self.path)?;
        let frame = picture.frame();
        let labels = self.text.labels();
        let boxes = read_boxes(&self.path.with_extension("txt"))?;
        Example::new(&frame, &Quad::of_frame(&frame), labels, self.kind, boxes.as_deref())
            .with_context(|| format!("in {}", self.path.display()))
    }
}

/// Pictures to train on or to measure with.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Sorted by path.
    pub entries: Vec<Entry>,
}

/// Which half of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// `train/`
    Train,
    /// `val/`
    Val,
}

impl Split {
    /// Name of the folder.
    pub fn name(self) -> &'static str {
        match self {
            Split::Train => "train",
            Split::Val => "val",
        }
    }
}

impl Dataset {
    /// Opens one half of a dataset; no picture is decoded yet.
    ///
    /// # Errors
    /// When there is no such folder, its alphabet is not this build's, or a file name is not `{plate}_{index}`.
    pub fn open(folder: &Path, split: Split) -> anyhow::Result<Dataset> {
        check_names(&folder.join("labels.names"))?;
        let folder = folder.join(split.name());
        let mut entries = Vec::new();
        let listing = std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
        for file in listing {
            let path = file?.path();
            let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
            if ["jpg", "jpeg", "png"].contains(&extension.as_str()) {
                entries.push(named_entry(path)?);
            }
        }
        ensure!(!entries.is_empty(), "{} holds no pictures", folder.display());
        entries.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Dataset { entries })
    }

    /// Opens what `eval` takes: a folder with `manifest.json`, or the `val/` half of a dataset.
    ///
    /// # Errors
    /// When the folder is neither, or names files that do not exist.
    pub fn open_for_measuring(folder: &Path) -> anyhow::Result<Dataset> {
        let manifest = folder.join("manifest.json");
        if manifest.exists() { from_manifest(folder, &manifest) } else { Dataset::open(folder, Split::Val) }
    }

    /// One of the pictures, chosen by `seed`.
    ///
    /// # Errors
    /// When the picture or its boxes cannot be read.
    pub fn example(&self, seed: u64) -> anyhow::Result<Example> {
        self.entries[(seed % self.entries.len() as u64) as usize].example()
    }
}

/// `labels.names`: one character a line, in class order, without the blank.
pub fn names_file() -> String {
    Label::all().map(|label| format!("{}\n", label.name())).collect()
}

fn check_names(path: &Path) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; is this the folder of a dataset?", path.display()))?;
    for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
        ensure!(
            Label::from_name(&nfc(name)).is_some(),
            "{} names {name:?}, which is not in the alphabet",
            path.display()
        );
    }
    Ok(())
}

fn named_entry(path: PathBuf) -> anyhow::Result<Entry> {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let plate = match stem.rsplit_once('_') {
        Some((plate, index)) if !index.is_empty() => plate,
        _ => bail!("the name of {} is not {{plate}}_{{index}}", path.display()),
    };
    let text = PlateText::parse(plate).with_context(|| format!("in the name of {}", path.display()))?;
    let mut kinds = text.kinds();
    let kind = match (kinds.next(), kinds.next()) {
        (Some(kind), None) => Some(kind),
        _ => None,
    };
    let name = nfc(&path.file_name().unwrap_or_default().to_string_lossy());
    Ok(Entry { path, name, text, kind })
}

fn read_boxes(path: &Path) -> anyhow::Result<Option<Vec<Quad>>> {
    if !path.exists() {
        return Ok(None);
    }
    let parse = |line: &str| -> anyhow::Result<Quad> {
        let numbers: Vec<f32> = line.split_whitespace().map(str::parse).collect::<Result<_, _>>()?;
        let [x1, y1, x2, y2] = numbers[..] else { bail!("a box is `x1 y1 x2 y2`, not {line:?}") };
        Ok(Quad::rect(x1, y1, x2 - x1, y2 - y1)?)
    };
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let boxes: anyhow::Result<Vec<Quad>> = lines.map(parse).collect();
    Ok(Some(boxes.with_context(|| format!("in {}", path.display()))?))
}

fn from_manifest(folder: &Path, manifest: &Path) -> anyhow::Result<Dataset> {
    #[derive(Deserialize)]
    struct Manifest {
        crops: Vec<Crop>,
    }
    #[derive(Deserialize)]
    struct Crop {
        file: String,
        label: String,
        #[serde(default)]
        kind: String,
    }
    let text = std::fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).with_context(|| format!("{} is not a manifest", manifest.display()))?;
    let on_disk = files_by_normal_name(folder)?;
    let mut entries = Vec::new();
    for crop in manifest.crops {
        let path = folder.join(&crop.file);
        let path = match path.exists() {
            true => path,
            false => on_disk
                .iter()
                .find(|(name, _)| *name == nfc(&crop.file))
                .map(|(_, path)| path.clone())
                .with_context(|| format!("the manifest names {}, which does not exist", crop.file))?,
        };
        let text = PlateText::parse(&crop.label).with_context(|| format!("label of {}", crop.file))?;
        entries.push(Entry { path, name: crop.file, text, kind: PlateKind::from_name(&crop.kind) });
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Dataset { entries })
}

/// The files of `folder` and its direct subfolders, by their path relative to it in NFC with `/`.
fn files_by_normal_name(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        for file in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = file?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let name = format!("{prefix}{}", nfc(name));
            if path.is_dir() {
                if depth < 2 {
                    folders.push((path, format!("{name}/"), depth + 1));
                }
            } else {
                files.push((name, path));
            }
        }
    }
    Ok(files)
}

/// Composed Hangul, as labels spell it; some file systems decompose file names.
pub fn nfc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::picture::write_png;
    use kr_lpr::frame::{Frame, PixelFormat};
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
        let entry = Dataset::open(folder.path(), Split::Train).unwrap().entries.remove(0);
        for boxes in ["1 2 3", "a b c d", "5 0 5 9", "0 0 5 20"] {
            std::fs::write(path.with_extension("txt"), boxes).unwrap();
            assert!(entry.example().is_err(), "{boxes}");
        }
    }

    #[test]
    fn manifest_files_are_found_whatever_their_normal_form() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("crops")).unwrap();
        let decomposed: String = "12가3456_0.png".nfd().collect();
        write_picture(&folder.path().join("crops").join(decomposed));
        let manifest =
            r#"{"crops":[{"file":"crops/12가3456_0.png","label":"12가3456","kind":"ev","group":3}],"scenes":[]}"#;
        std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        let dataset = Dataset::open_for_measuring(folder.path()).unwrap();
        assert_eq!(dataset.entries[0].kind, Some(PlateKind::Ev));
        assert!(dataset.entries[0].example().is_ok());
        std::fs::write(folder.path().join("manifest.json"), manifest.replace("_0", "_1")).unwrap();
        assert!(Dataset::open_for_measuring(folder.path()).is_err());
    }
}
