//! The pictures that labels name.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::dataset::listing::files_under;
use crate::dataset::nfc;

/// The pictures of a folder and the folders in it.
pub(super) struct Pictures {
    folder: PathBuf,
    /// By path relative to the folder, by name, and by name without extension, all composed.
    by_path: HashMap<String, PathBuf>,
    by_name: HashMap<String, Vec<PathBuf>>,
    by_stem: HashMap<String, Vec<PathBuf>>,
}

impl Pictures {
    /// # Errors
    /// When the folder cannot be listed.
    pub fn of(folder: &Path) -> anyhow::Result<Pictures> {
        let mut pictures = Pictures {
            folder: folder.to_path_buf(),
            by_path: HashMap::new(),
            by_name: HashMap::new(),
            by_stem: HashMap::new(),
        };
        for (relative, path) in files_under(folder)? {
            let name = last_part(&relative).to_owned();
            let Some((stem, extension)) = name.rsplit_once('.') else { continue };
            if !["jpg", "jpeg", "png"].contains(&extension.to_lowercase().as_str()) {
                continue;
            }
            pictures.by_stem.entry(stem.to_owned()).or_default().push(path.clone());
            pictures.by_name.entry(name).or_default().push(path.clone());
            pictures.by_path.insert(relative, path);
        }
        Ok(pictures)
    }

    /// The picture at that path, or else the only one of that name; or else the only one that is called like its label's file
    /// (archives of AI-Hub have names in CP949, which many programs unpack into others, labels and pictures alike).
    pub fn find(&self, said: &str, stem: Option<&str>) -> Result<PathBuf, String> {
        let said = nfc(&said.replace('\\', "/"));
        if let Some(path) = self.by_path.get(&said) {
            return Ok(path.clone());
        }
        let elsewhere = self.folder.join(&said); // an absolute path, or one that leaves the folder
        if elsewhere.is_file() {
            return Ok(elsewhere);
        }
        let called = self.by_name.get(last_part(&said)).or_else(|| self.by_stem.get(&nfc(stem?)));
        match called.map(Vec::as_slice) {
            Some([path]) => Ok(path.clone()),
            Some(several) => Err(format!("{} pictures are called {}", several.len(), last_part(&said))),
            None => Err(format!("there is no picture {said} in {}", self.folder.display())),
        }
    }
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
