//! The files of one half of a dataset, each by what it is there for. None of them is opened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::nfc;

/// What lies in a folder, sorted by path.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Pictures.
    pub pictures: Vec<PictureFile>,
    /// Box files of no picture.
    pub orphans: Vec<PathBuf>,
    /// Whatever else there is.
    pub strays: Vec<PathBuf>,
}

/// A picture, known by its name alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFile {
    /// Its path.
    pub path: PathBuf,
    /// Its name without extension, composed (NFC): `{plate}_{index}` if all is well.
    pub stem: String,
    /// Its box file, if it has one.
    pub boxes: Option<PathBuf>,
}

impl Listing {
    /// Lists `folder`. A picture and its box file belong together by their composed names: some file systems and
    /// archives decompose the one and not the other.
    ///
    /// # Errors
    /// When the folder cannot be listed.
    pub fn of(folder: &Path) -> anyhow::Result<Listing> {
        let mut paths = std::fs::read_dir(folder)
            .and_then(|files| files.map(|file| Ok(file?.path())).collect::<std::io::Result<Vec<_>>>())
            .with_context(|| format!("cannot list {}", folder.display()))?;
        paths.sort();

        let mut listing = Listing::default();
        let mut boxes: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for path in paths {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let stem = path.file_stem().map(|stem| nfc(&stem.to_string_lossy())).unwrap_or_default();
            match extension.to_lowercase().as_str() {
                // What file managers leave behind, such as `._12가3456_0.jpg`, is no picture.
                _ if path.is_dir() || stem.starts_with('.') => listing.strays.push(path),
                "jpg" | "jpeg" | "png" => listing.pictures.push(PictureFile { path, stem, boxes: None }),
                "txt" => boxes.entry(stem).or_default().push(path),
                _ => listing.strays.push(path),
            }
        }
        for picture in &mut listing.pictures {
            let own = picture.path.with_extension("txt");
            let files = boxes.get(&picture.stem).map(Vec::as_slice).unwrap_or_default();
            picture.boxes = files.iter().find(|file| **file == own).or(files.first()).cloned();
        }
        let taken: BTreeSet<&PathBuf> = listing.pictures.iter().filter_map(|picture| picture.boxes.as_ref()).collect();
        listing.orphans = boxes.into_values().flatten().filter(|file| !taken.contains(file)).collect();
        Ok(listing)
    }
}

/// Folders within folders that are looked into, at most: links may go round in circles.
const DEPTH: usize = 8;

/// The files of `folder` and of the folders in it, by their path relative to it, composed (NFC), with `/`.
///
/// # Errors
/// When a folder cannot be listed.
pub fn files_under(folder: &Path) -> anyhow::Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = folders.pop() {
        for file in std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))? {
            let path = file?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let name = format!("{prefix}{}", nfc(name));
            if !path.is_dir() {
                files.push((name, path));
            } else if depth < DEPTH {
                folders.push((path, format!("{name}/"), depth + 1));
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn files_are_told_apart_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let decomposed: String = "34나5678_1".nfd().collect();
        let decomposed_boxes = format!("{decomposed}.txt");
        for name in [
            "12가3456_0.JPG",
            "12가3456_0.txt",
            "34나5678_1.png",
            &decomposed_boxes,
            "56다7890_2.jpeg",
            "78라1234_3.txt",
            "._12가3456_0.jpg",
            "notes.md",
        ] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        std::fs::create_dir(folder.path().join("more.png")).unwrap();
        let listing = Listing::of(folder.path()).unwrap();
        let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
        let found: Vec<_> = listing
            .pictures
            .iter()
            .map(|picture| (picture.stem.as_str(), name(&picture.path), picture.boxes.as_ref().map(name)))
            .collect();
        assert_eq!(
            found,
            [
                ("12가3456_0", "12가3456_0.JPG".to_owned(), Some("12가3456_0.txt".to_owned())),
                ("34나5678_1", "34나5678_1.png".to_owned(), Some(decomposed_boxes)),
                ("56다7890_2", "56다7890_2.jpeg".to_owned(), None),
            ]
        );
        assert_eq!(listing.orphans.iter().map(name).collect::<Vec<_>>(), ["78라1234_3.txt"]);
        assert_eq!(listing.strays.iter().map(name).collect::<Vec<_>>(), ["._12가3456_0.jpg", "more.png", "notes.md"]);
        assert!(Listing::of(&folder.path().join("missing")).is_err());
    }
}
