//! A collection to measure with: `manifest.json` lists its pictures.

use std::path::{Path, PathBuf};

use anyhow::Context;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::plate::{PlateKind, PlateText};
use serde::Deserialize;

use super::{Dataset, Entry, SceneEntry, nfc};
use crate::scenes::score::Truth;

/// Opens the collection of `manifest` in `folder`.
///
/// # Errors
/// When the manifest cannot be read, or names files that do not exist or texts of no plate.
pub(super) fn open(folder: &Path, manifest: &Path) -> anyhow::Result<Dataset> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
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
        let path = on_this_disk(folder, &crop.file, &on_disk)?;
        let text = PlateText::parse(&crop.label).with_context(|| format!("label of {}", crop.file))?;
        let (kind, boxes) = (PlateKind::from_name(&crop.kind), Some(path.with_extension("txt")));
        let boxes = boxes.filter(|file| file.exists());
        entries.push(Entry { path, name: crop.file, text, kind, boxes });
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(Dataset { entries })
}

/// Opens the scenes of `manifest` in `folder`; there may be none.
///
/// # Errors
/// When the manifest cannot be read, or names files that do not exist, texts of no plate or corners of no outline.
pub(super) fn scenes(folder: &Path, manifest: &Path) -> anyhow::Result<Vec<SceneEntry>> {
    #[derive(Deserialize)]
    struct Manifest {
        #[serde(default)]
        scenes: Vec<Scene>,
    }
    #[derive(Deserialize)]
    struct Scene {
        file: String,
        plates: Vec<Plate>,
    }
    #[derive(Deserialize)]
    struct Plate {
        label: String,
        #[serde(default)]
        kind: String,
        corners: [[f32; 2]; 4],
    }
    let text = std::fs::read_to_string(manifest).with_context(|| format!("cannot read {}", manifest.display()))?;
    let manifest: Manifest =
        serde_json::from_str(&text).with_context(|| format!("{} is not a manifest", manifest.display()))?;
    let on_disk = files_by_normal_name(folder)?;
    let entry = |Scene { file, plates }: Scene| -> anyhow::Result<SceneEntry> {
        let truth = |Plate { label, kind, corners }: Plate| -> anyhow::Result<Truth> {
            let text = PlateText::parse(&label).with_context(|| format!("label of {file}"))?;
            let quad =
                Quad::new(corners.map(|[x, y]| Point::new(x, y))).with_context(|| format!("corners of {file}"))?;
            Ok(Truth { quad, text, kind: PlateKind::from_name(&kind) })
        };
        let plates = plates.into_iter().map(truth).collect::<anyhow::Result<_>>()?;
        Ok(SceneEntry { path: on_this_disk(folder, &file, &on_disk)?, name: file, plates })
    };
    manifest.scenes.into_iter().map(entry).collect()
}

/// The file of that name, which may be spelt in another normal form on disk.
fn on_this_disk(folder: &Path, file: &str, on_disk: &[(String, PathBuf)]) -> anyhow::Result<PathBuf> {
    let path = folder.join(file);
    if path.exists() {
        return Ok(path);
    }
    let found = on_disk.iter().find(|(name, _)| *name == nfc(file)).map(|(_, path)| path.clone());
    found.with_context(|| format!("the manifest names {file}, which does not exist"))
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
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr_render::picture::write_png;
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
        assert!(super::super::open_scenes(folder.path()).unwrap().is_empty());
        std::fs::write(folder.path().join("manifest.json"), manifest.replace("_0", "_1")).unwrap();
        assert!(Dataset::open_for_measuring(folder.path()).is_err());
    }

    #[test]
    fn scenes_come_with_their_plates() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scenes")).unwrap();
        let picture = Frame::new(&[90; 40 * 20], 40, 20, PixelFormat::Grey).unwrap();
        write_png(&folder.path().join("scenes/a.png"), &picture).unwrap();
        let write = |corners: &str| {
            let manifest = format!(
                r#"{{"scenes":[{{"file":"scenes/a.png","width":40,"height":20,
                "plates":[{{"label":"12가3456","kind":"ev","corners":{corners}}}]}}]}}"#
            );
            std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
            super::super::open_scenes(folder.path())
        };
        let scenes = write("[[1,2],[21,2],[21,7],[1,7]]").unwrap();
        assert_eq!(scenes[0].name, "scenes/a.png");
        let expected = Quad::rect(1.0, 2.0, 20.0, 5.0).unwrap();
        assert_eq!((scenes[0].plates[0].quad, scenes[0].plates[0].kind), (expected, Some(PlateKind::Ev)));
        let error = format!("{:#}", write("[[1,2],[1,7],[21,7],[21,2]]").unwrap_err());
        assert!(error.contains("scenes/a.png") && error.contains("clockwise"), "{error}");
    }
}
