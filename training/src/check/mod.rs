//! Everything that is wrong with a dataset, file by file.
//!
//! Training stops at the first file it cannot use. This goes through all of them, and also finds what training would
//! not notice: pictures twice, pictures of `train/` in `val/`, boxes outside their pictures.

mod fault;
mod files;
mod twins;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kr_lpr::labels::Label;
use rayon::prelude::*;

pub use fault::Fault;

use crate::dataset::listing::Listing;
use crate::dataset::{Split, encoding, nfc};
use files::{Looked, look};

/// A file and what is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Relative to the dataset.
    pub path: PathBuf,
    /// What is wrong.
    pub fault: Fault,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let warning = if self.fault.is_warning() { "warning: " } else { "" };
        write!(f, "{}: {warning}{}", self.path.display(), self.fault)
    }
}

/// What [`check`] found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of the files.
    pub problems: Vec<Problem>,
    /// Pictures looked at.
    pub pictures: usize,
}

impl Report {
    /// Problems that keep files from being used as they are meant.
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| !problem.fault.is_warning()).count()
    }

    /// Problems that one may know of and leave.
    pub fn warnings(&self) -> usize {
        self.problems.len() - self.errors()
    }

    /// One line: pictures, errors, warnings.
    pub fn summary(&self) -> String {
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        format!(
            "{}, {}, {}",
            counted(self.pictures, "picture"),
            counted(self.errors(), "error"),
            counted(self.warnings(), "warning")
        )
    }

    fn add(&mut self, path: impl Into<PathBuf>, fault: Fault) {
        self.problems.push(Problem { path: path.into(), fault });
    }
}

/// Goes through `labels.names`, `train/` and `val/` of `folder`. Nothing that is wrong ends it.
pub fn check(folder: &Path) -> Report {
    let mut report = Report::default();
    let listed = labels(folder, &mut report);
    let mut looked: Vec<(Split, Looked)> = Vec::new();
    for split in [Split::Train, Split::Val] {
        if split == Split::Val && !folder.join(split.name()).exists() {
            report.add(split.name(), Fault::NoValidation);
            continue;
        }
        match Listing::of(&folder.join(split.name())) {
            Ok(listing) => looked.extend(half(folder, split, listing, &listed, &mut report)),
            Err(error) => report.add(split.name(), Fault::Unreadable(format!("{:#}", error.root_cause()))),
        }
    }
    report.pictures = looked.len();
    report.problems.extend(twins::twins(&looked));
    report.problems.sort_by(|a, b| a.path.cmp(&b.path)); // stable: the problems of one file stay in order
    report
}

/// The labels that `labels.names` lists.
fn labels(folder: &Path, report: &mut Report) -> BTreeSet<Label> {
    const FILE: &str = "labels.names";
    let text = match encoding::read(&folder.join(FILE)) {
        Ok(text) => text,
        Err(error) => {
            report.add(FILE, Fault::Unreadable(format!("cannot be read: {}", error.root_cause())));
            return Label::all().collect(); // that it is missing is said once, not for every picture
        }
    };
    let mut listed = BTreeSet::new();
    for (line, name) in (1..).zip(text.lines()) {
        let name = nfc(name.trim());
        match Label::from_name(&name) {
            _ if name.is_empty() => {}
            Some(label) => {
                listed.insert(label);
            }
            None => report.add(FILE, Fault::UnknownLabel { line, name }),
        }
    }
    listed
}

/// One half of the dataset: its pictures, with their problems reported.
fn half(
    folder: &Path,
    split: Split,
    listing: Listing,
    listed: &BTreeSet<Label>,
    report: &mut Report,
) -> Vec<(Split, Looked)> {
    let relative = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_path_buf();
    listing.orphans.iter().for_each(|path| report.add(relative(path), Fault::Orphan));
    listing.strays.iter().for_each(|path| report.add(relative(path), Fault::Stray));
    if listing.pictures.is_empty() {
        report.add(split.name(), Fault::NoPictures);
    }
    let with_boxes = listing.pictures.iter().any(|picture| picture.boxes.is_some());
    let looked: Vec<Looked> = listing.pictures.par_iter().map(|picture| look(picture, listed)).collect();
    let mut halves = Vec::with_capacity(looked.len());
    for (picture, mut looked) in listing.pictures.iter().zip(looked) {
        looked.path = relative(&picture.path);
        looked.faults.drain(..).for_each(|fault| report.add(looked.path.clone(), fault));
        let boxes = picture.boxes.as_deref().unwrap_or(&picture.path);
        looked.box_faults.drain(..).for_each(|fault| report.add(relative(boxes), fault));
        if with_boxes && picture.boxes.is_none() {
            report.add(looked.path.clone(), Fault::NoBoxes);
        }
        halves.push((split, looked));
    }
    halves
}

#[cfg(test)]
mod tests;
