//! What is there in a scene, and what of a collection cannot be used.

use std::path::PathBuf;

use kr_lpr::geometry::Quad;
use kr_lpr::plate::{PlateKind, PlateText};

/// A plate that is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Truth {
    /// Its outline in pixels of the picture.
    pub quad: Quad,
    /// What it says.
    pub text: PlateText,
    /// Its kind, where it is known.
    pub kind: Option<PlateKind>,
}

/// A picture of a scene and the plates in it, to measure with.
#[derive(Clone, Debug)]
pub struct SceneEntry {
    /// The picture.
    pub path: PathBuf,
    /// The picture's name as the collection gives it.
    pub name: String,
    /// Its plates.
    pub plates: Vec<Truth>,
    /// Outlines of plates that are there and whose text is not known: what is read there is neither right nor wrong.
    pub ignored: Vec<Quad>,
}

/// Something that cannot be measured with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The picture's name as the collection gives it.
    pub name: String,
    /// Why not.
    pub reason: String,
}

impl LeftOut {
    pub(super) fn new(name: &str, reason: impl std::fmt::Display) -> LeftOut {
        LeftOut { name: name.to_owned(), reason: reason.to_string() }
    }
}

impl std::fmt::Display for LeftOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: left out: {}", self.name, self.reason)
    }
}
