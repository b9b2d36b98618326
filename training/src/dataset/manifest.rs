//! A collection to measure with: `manifest.json` lists its pictures.

use std::path::{Path, PathBuf};

use anyhow::Context;
use kr_lpr::plate::{PlateKind, PlateText};
use serde::Deserialize;

use super::{Dataset, Entry, nfc};

/// Opens the collection of `manifest` in `folder`.
///
/// # Errors
/// When the manifest cannot be read, or names files that do not exist or texts of no plate.
pub(super) fn open(folder: &Path, manifest: &Path) -> anyhow::Result<Dataset> {
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
        let (kind, boxes) = (PlateKind::from_name(&crop.kind), Some(path.with_extension("txt")));
        let boxes = boxes.filter(|file| file.exists());
        entries.push(Entry { path, name: crop.file, text, kind, boxes });
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::picture::write_png;
    use kr_lpr::frame::{Frame, PixelFormat};
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn manifest_files_are_found_whatever_their_normal_form() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("crops")).unwrap();
        let decomposed: String = "12가3456_0.png".nfd().collect();
        let picture = Frame::new(&[90; 40 * 20], 40, 20, PixelFormat::Grey).unwrap();
        write_png(&folder.path().join("crops").join(decomposed), &picture).unwrap();
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
