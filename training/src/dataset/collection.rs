//! Pictures to measure with. What is wrong with one of them is named and left out; the others are measured.

use std::path::Path;

use anyhow::ensure;

use super::listing::Listing;
use super::scene::{LeftOut, SceneEntry};
use super::{Dataset, Split, manifest, named_entry};

/// Pictures to measure with.
#[derive(Clone, Debug)]
pub struct Collection {
    /// Pictures of one plate each.
    pub crops: Dataset,
    /// Pictures of any number of plates.
    pub scenes: Vec<SceneEntry>,
    /// What was left out, in the order it was met.
    pub left_out: Vec<LeftOut>,
}

impl Collection {
    /// Opens a folder with `manifest.json`, the `val/` half of a dataset, or a flat folder of `{plate}_{index}` pictures.
    ///
    /// # Errors
    /// When the folder is none of these, its manifest cannot be read or names files that do not exist, or everything would be
    /// left out.
    pub fn open(folder: &Path) -> anyhow::Result<Collection> {
        let manifest = folder.join("manifest.json");
        let val = folder.join(Split::Val.name());
        let collection = if manifest.exists() {
            let (crops, scenes, left_out) = manifest::open(folder, &manifest)?;
            Collection { crops, scenes, left_out }
        } else {
            Collection::of_names(if val.is_dir() { &val } else { folder })?
        };
        let Collection { crops, scenes, left_out } = &collection;
        if let Some(first) = left_out.first() {
            let is_empty = crops.entries.is_empty() && scenes.is_empty();
            ensure!(!is_empty, "nothing in {} can be measured with; {first}", folder.display());
        }
        Ok(collection)
    }

    /// The pictures of a folder whose names say what stands on them.
    fn of_names(folder: &Path) -> anyhow::Result<Collection> {
        let pictures = Listing::of(folder)?.pictures;
        ensure!(
            !pictures.is_empty(),
            "{} has no manifest.json, no val/ and no pictures {{plate}}_{{index}}.jpg",
            folder.display()
        );
        let (mut entries, mut left_out) = (Vec::new(), Vec::new());
        for picture in pictures {
            let name = picture.path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            match named_entry(picture) {
                Ok(entry) => entries.push(entry),
                Err(error) => left_out.push(LeftOut::new(&name, error.root_cause())),
            }
        }
        Ok(Collection { crops: Dataset { entries }, scenes: Vec::new(), left_out })
    }
}
