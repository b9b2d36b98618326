//! Pictures of plates on disk.
//!
//! A dataset is `labels.names`, `train/` and `val/`. Each picture `{plate}_{index}.jpg` (or png) shows one plate; an
//! optional `{plate}_{index}.txt` holds one `x1 y1 x2 y2` character box a line, in pixels, in the order of the
//! characters. File names may be NFC or NFD.
//!
//! A folder with `manifest.json` is a collection for measuring: `crops` with `file`, `label` and `kind`, and `scenes` with
//! `file`, `plates`, which have `label`, `kind` and four `corners`, and `ignored`, corners of further plates. So is a flat
//! folder of such pictures.
//!
//! Training stops at the first mistake, and [`check`](crate::check) names them all; measuring leaves out what it cannot use
//! and names that.

pub mod boxes;
mod collection;
pub mod encoding;
pub mod listing;
mod manifest;
pub mod name;
mod scene;

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use kr_lpr::frame::Frame;
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::plate::{PlateKind, PlateText};

use crate::plates::augment::augmented;
use crate::plates::example::Example;
pub use collection::Collection;
use kr_lpr_render::picture::Picture;
use listing::{Listing, PictureFile};
pub use scene::{LeftOut, SceneEntry, Truth};

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
    /// The file of its character boxes, where it has one.
    pub boxes: Option<PathBuf>,
}

impl Entry {
    /// Decodes and rectifies the picture, whose outline is taken for the plate's.
    ///
    /// # Errors
    /// When the picture or its boxes cannot be read.
    pub fn example(&self) -> anyhow::Result<Example> {
        let picture = Picture::open(&self.path)?;
        let frame = picture.frame();
        self.seen(&frame, &Quad::of_frame(&frame))
    }

    /// The picture as it might have been taken, a little different for every `seed`.
    ///
    /// # Errors
    /// When the picture or its boxes cannot be read.
    pub fn augmented(&self, seed: u64) -> anyhow::Result<Example> {
        let picture = augmented(&Picture::open(&self.path)?.frame(), seed);
        self.seen(&picture.frame(), &picture.quad)
    }

    fn seen(&self, frame: &Frame, quad: &Quad) -> anyhow::Result<Example> {
        let boxes = self.boxes.as_deref().map(boxes::read).transpose()?;
        Example::new(frame, quad, self.text.labels(), self.kind, boxes.as_deref())
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
        let pictures = Listing::of(&folder)?.pictures;
        ensure!(!pictures.is_empty(), "{} holds no pictures", folder.display());
        Ok(Dataset { entries: pictures.into_iter().map(named_entry).collect::<anyhow::Result<_>>()? })
    }

    /// One of the pictures, chosen and augmented by `seed`.
    ///
    /// # Errors
    /// When the picture or its boxes cannot be read.
    pub fn example(&self, seed: u64) -> anyhow::Result<Example> {
        let (entry, seed) = self.chosen(seed);
        entry.augmented(seed).context("`check --data` names everything that is wrong with a dataset")
    }

    /// The picture that `seed` chooses, and what is left of the seed to augment it by.
    pub fn chosen(&self, seed: u64) -> (&Entry, u64) {
        let count = self.entries.len() as u64;
        (&self.entries[(seed % count) as usize], seed / count)
    }
}

/// A dataset to train on: its halves.
#[derive(Clone, Debug)]
pub struct OwnPlates {
    /// What is trained on.
    pub train: Dataset,
    /// What is validated on, where the dataset has that half.
    pub val: Option<Dataset>,
}

impl OwnPlates {
    /// Opens both halves.
    ///
    /// # Errors
    /// As [`Dataset::open`].
    pub fn open(folder: &Path) -> anyhow::Result<OwnPlates> {
        let open =
            |split| Dataset::open(folder, split).context("`check --data` names everything that is wrong with it");
        let has_val = folder.join(Split::Val.name()).is_dir();
        Ok(OwnPlates { train: open(Split::Train)?, val: if has_val { Some(open(Split::Val)?) } else { None } })
    }
}

/// `labels.names`: one character a line, in class order, without the blank.
pub fn names_file() -> String {
    Label::all().map(|label| format!("{}\n", label.name())).collect()
}

fn check_names(path: &Path) -> anyhow::Result<()> {
    let text = encoding::read(path).context("is this the folder of a dataset?")?;
    for name in text.lines().map(str::trim).filter(|name| !name.is_empty()) {
        ensure!(
            Label::from_name(&nfc(name)).is_some(),
            "{} names {name:?}, which is not in the alphabet",
            path.display()
        );
    }
    Ok(())
}

fn named_entry(picture: PictureFile) -> anyhow::Result<Entry> {
    let PictureFile { path, stem, boxes } = picture;
    let text = name::text_of(&stem).with_context(|| path.display().to_string())?;
    let name = nfc(&path.file_name().unwrap_or_default().to_string_lossy());
    Ok(Entry { path, name, text, kind: name::kind_of(&text), boxes })
}

/// Composed Hangul, as labels spell it; some file systems decompose file names.
pub fn nfc(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect()
}

#[cfg(test)]
mod tests;
