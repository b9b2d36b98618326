//! `manifest.json`, which lists the pictures of a collection to measure with.

use std::path::{Path, PathBuf};

use anyhow::Context;
use kr_lpr::geometry::{Point, Quad};
use kr_lpr::plate::{PlateKind, PlateText};
use serde::Deserialize;

use super::listing::files_under;
use super::scene::{LeftOut, SceneEntry, Truth};
use super::{Dataset, Entry, encoding, nfc};

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    crops: Vec<Crop>,
    #[serde(default)]
    scenes: Vec<Scene>,
}

#[derive(Deserialize)]
struct Crop {
    file: String,
    label: String,
    #[serde(default)]
    kind: String,
}

#[derive(Deserialize)]
struct Scene {
    file: String,
    plates: Vec<Plate>,
    #[serde(default)]
    ignored: Vec<Corners>,
}

#[derive(Deserialize)]
struct Plate {
    label: String,
    #[serde(default)]
    kind: String,
    corners: Corners,
}

/// x and y in pixels, clockwise from the plate's top-left corner.
type Corners = [[f32; 2]; 4];

/// The crops and scenes that `manifest` lists in `folder`, and what was left out. A crop with a text of no plate is left out; a plate of a scene with such a
/// text becomes one that is ignored.
///
/// # Errors
/// When the manifest cannot be read, or names files that do not exist or corners of no outline.
pub(super) fn open(folder: &Path, manifest: &Path) -> anyhow::Result<(Dataset, Vec<SceneEntry>, Vec<LeftOut>)> {
    let text = encoding::read(manifest)?;
    let manifest: Manifest =
        serde_json::from_str(&text).with_context(|| format!("{} is not a manifest", manifest.display()))?;
    let on_disk = files_under(folder)?;
    let mut left_out = Vec::new();

    let mut entries = Vec::new();
    for Crop { file, label, kind } in manifest.crops {
        let path = on_this_disk(folder, &file, &on_disk)?;
        let boxes = Some(path.with_extension("txt")).filter(|file| file.exists());
        match PlateText::parse(&label) {
            Ok(text) => entries.push(Entry { path, name: file, text, kind: PlateKind::from_name(&kind), boxes }),
            Err(error) => left_out.push(LeftOut::new(&file, format!("label {label:?}: {error}"))),
        }
    }
    entries.sort_by(|a, b| a.path.cmp(&b.path));

    let mut scenes = Vec::new();
    for Scene { file, plates, ignored } in manifest.scenes {
        let path = on_this_disk(folder, &file, &on_disk)?;
        let outline = |corners: Corners| {
            Quad::new(corners.map(|[x, y]| Point::new(x, y))).with_context(|| format!("corners of {file}"))
        };
        let mut ignored = ignored.into_iter().map(outline).collect::<anyhow::Result<Vec<Quad>>>()?;
        let mut truths = Vec::new();
        for Plate { label, kind, corners } in plates {
            let quad = outline(corners)?;
            match PlateText::parse(&label) {
                Ok(text) => truths.push(Truth { quad, text, kind: PlateKind::from_name(&kind) }),
                Err(error) => {
                    left_out.push(LeftOut::new(&file, format!("label {label:?}: {error}")));
                    ignored.push(quad);
                }
            }
        }
        scenes.push(SceneEntry { path, name: file, plates: truths, ignored });
    }
    Ok((Dataset { entries }, scenes, left_out))
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::collection::Collection;
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
        let collection = Collection::open(folder.path()).unwrap();
        assert_eq!(collection.crops.entries[0].kind, Some(PlateKind::Ev));
        assert!(collection.crops.entries[0].example().is_ok());
        assert!(collection.scenes.is_empty() && collection.left_out.is_empty());
        std::fs::write(folder.path().join("manifest.json"), manifest.replace("_0", "_1")).unwrap();
        assert!(Collection::open(folder.path()).is_err());
    }

    #[test]
    fn scenes_come_with_their_plates() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("scenes")).unwrap();
        let picture = Frame::new(&[90; 40 * 20], 40, 20, PixelFormat::Grey).unwrap();
        write_png(&folder.path().join("scenes/a.png"), &picture).unwrap();
        let open = |corners: &str, label: &str| {
            let manifest = format!(
                r#"{{"scenes":[{{"file":"scenes/a.png","width":40,"height":20,
                "plates":[{{"label":"{label}","kind":"ev","corners":{corners}}}],
                "ignored":[[[30,2],[39,2],[39,7],[30,7]]]}}]}}"#
            );
            std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
            Collection::open(folder.path())
        };
        let (corners, quad) = ("[[1,2],[21,2],[21,7],[1,7]]", Quad::rect(1.0, 2.0, 20.0, 5.0).unwrap());
        let ignored = Quad::rect(30.0, 2.0, 9.0, 5.0).unwrap();
        let collection = open(corners, "12가3456").unwrap();
        let scene = &collection.scenes[0];
        assert_eq!((scene.name.as_str(), &scene.ignored), ("scenes/a.png", &vec![ignored]));
        assert_eq!((scene.plates[0].quad, scene.plates[0].kind), (quad, Some(PlateKind::Ev)));

        let collection = open(corners, "12쿼3456").unwrap();
        assert_eq!((&collection.scenes[0].ignored, collection.scenes[0].plates.len()), (&vec![ignored, quad], 0));
        let [left_out] = &collection.left_out[..] else { panic!("{:?}", collection.left_out) };
        assert!(left_out.to_string().starts_with("scenes/a.png: left out: label \"12쿼3456\""), "{left_out}");

        let error = format!("{:#}", open("[[1,2],[1,7],[21,7],[21,2]]", "12가3456").unwrap_err());
        assert!(error.contains("scenes/a.png") && error.contains("clockwise"), "{error}");
    }

    #[test]
    fn one_unknown_label_is_left_out_and_named() {
        let folder = tempfile::tempdir().unwrap();
        let picture = Frame::new(&[90; 40 * 20], 40, 20, PixelFormat::Grey).unwrap();
        for name in ["a.png", "b.png"] {
            write_png(&folder.path().join(name), &picture).unwrap();
        }
        let manifest = "\u{feff}{\"crops\":[{\"file\":\"a.png\",\"label\":\"12가3456\"},{\"file\":\"b.png\",\"label\":\"12Q3456\"}]}";
        std::fs::write(folder.path().join("manifest.json"), manifest).unwrap();
        let collection = Collection::open(folder.path()).unwrap();
        assert_eq!(collection.crops.entries.len(), 1);
        assert_eq!(collection.left_out[0].name, "b.png");
        assert!(collection.left_out[0].reason.contains("'Q'"), "{:?}", collection.left_out);

        std::fs::write(folder.path().join("manifest.json"), manifest.replace("12가", "12Q")).unwrap();
        let error = Collection::open(folder.path()).unwrap_err().to_string();
        assert!(error.contains("nothing in") && error.contains("a.png"), "{error}");
    }
}
