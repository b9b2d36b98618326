//! What can be wrong with a file of a dataset.

use std::path::PathBuf;

use crate::dataset::Split;
use crate::dataset::boxes::LineFault;
use crate::dataset::name::NameFault;

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq)]
pub enum Fault {
    /// `labels.names` or a folder is missing or cannot be read; why.
    Unreadable(String),
    /// A line of `labels.names`, from 1, that is none of the network's characters.
    UnknownLabel {
        /// Number of the line.
        line: usize,
        /// What it says.
        name: String,
    },
    /// There is no picture in the folder.
    NoPictures,
    /// There is no `val/`.
    NoValidation,
    /// The name of a picture does not say what stands on the plate.
    Name(NameFault),
    /// The text has a character that `labels.names` does not list.
    Unlisted(String),
    /// The picture cannot be decoded; why.
    Picture(String),
    /// The file ends before its picture does, and decoders show it all the same.
    Truncated,
    /// Another picture of the folder has the same `{plate}_{index}`.
    SameName(PathBuf),
    /// Another picture shows the same, pixel by pixel.
    SamePicture {
        /// The other one.
        other: PathBuf,
        /// Where the other one is, if not in the same half.
        leaks_from: Option<Split>,
        /// Whether their names say the same plate.
        same_text: bool,
    },
    /// The picture has no boxes, others of its folder have.
    NoBoxes,
    /// A line of a box file, from 1, that is no box.
    BoxLine {
        /// Number of the line.
        line: usize,
        /// Why not.
        fault: LineFault,
    },
    /// There are more or fewer boxes than characters.
    BoxCount {
        /// Boxes in the file.
        boxes: usize,
        /// Characters of the text; a region is one.
        characters: usize,
    },
    /// A box leaves the picture.
    BoxOutside {
        /// Number of the line, from 1.
        line: usize,
        /// Width and height of the picture.
        size: (u32, u32),
    },
    /// A box file without picture.
    Orphan,
    /// Something that is neither picture nor box file.
    Stray,
}

impl Fault {
    /// Whether one can train all the same.
    pub fn is_warning(&self) -> bool {
        matches!(self, Fault::NoValidation | Fault::NoBoxes | Fault::Stray | Fault::Truncated)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Unreadable(why) => f.write_str(why),
            Fault::UnknownLabel { line, name } => write!(f, "line {line}: {name:?} is not in the alphabet"),
            Fault::NoPictures => f.write_str("holds no pictures"),
            Fault::NoValidation => f.write_str("is missing: nothing tells how well a training does on these plates"),
            Fault::Name(fault) => fault.fmt(f),
            Fault::Unlisted(name) => write!(f, "labels.names does not list {name}"),
            Fault::Picture(why) => write!(f, "cannot be read: {why}"),
            Fault::Truncated => f.write_str("is truncated: what is missing at its end is shown in grey"),
            Fault::SameName(other) => write!(f, "has the same {{plate}}_{{index}} as {}", other.display()),
            Fault::SamePicture { other, leaks_from, same_text } => {
                write!(f, "is the same picture as {}", other.display())?;
                if !same_text {
                    f.write_str(", which says another plate")?;
                }
                match leaks_from {
                    Some(split) => write!(
                        f,
                        "; what is in {}/ as well makes the accuracy of a training look better than it is",
                        split.name()
                    ),
                    None => Ok(()),
                }
            }
            Fault::NoBoxes => f.write_str("has no box file, though other pictures here have"),
            Fault::BoxLine { line, fault } => write!(f, "line {line}: {fault}"),
            Fault::BoxCount { boxes, characters } => {
                write!(f, "has {boxes} boxes for {characters} characters (a region is one character)")
            }
            Fault::BoxOutside { line, size: (width, height) } => {
                write!(f, "line {line}: the box leaves the picture, which has {width}x{height} pixels")
            }
            Fault::Orphan => f.write_str("is a box file without picture"),
            Fault::Stray => f.write_str("is neither picture nor box file and is not used"),
        }
    }
}
