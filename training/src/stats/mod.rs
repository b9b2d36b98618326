//! What a dataset is made of: kinds, characters, sizes.

mod sizes;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use kr_lpr::labels::{Label, LabelClass};
use kr_lpr::plate::{PlateKind, PlateText};
use rayon::prelude::*;
use serde::Serialize;

use crate::dataset::Split;
use crate::dataset::listing::{Listing, PictureFile};
use crate::dataset::name::{kind_of, text_of};
use kr_lpr_render::picture;
use sizes::Sizes;

/// A dataset in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// `train/`
    pub train: Half,
    /// `val/`
    pub val: Half,
    /// Texts that are in both: the same vehicle, perhaps even the same shot.
    pub texts_in_both: usize,
}

/// One half of a dataset in numbers.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Half {
    /// Pictures.
    pub pictures: usize,
    /// Of these, such with a box file.
    pub with_boxes: usize,
    /// Pictures whose name says no plate; they count nowhere below.
    pub without_text: usize,
    /// Pictures whose size cannot be read.
    pub unreadable: usize,
    /// Different texts.
    pub texts: usize,
    /// Pictures by kind, where the text alone decides it.
    pub kinds: BTreeMap<&'static str, usize>,
    /// Pictures whose text was issued on several kinds of plates.
    pub several_kinds: usize,
    /// How often each character is on a plate.
    pub characters: BTreeMap<&'static str, usize>,
    /// Widths, heights and proportions.
    pub sizes: Option<Sizes>,
    #[serde(skip)]
    seen: BTreeSet<String>,
}

impl Stats {
    /// Counts the dataset in `folder`. A half that is missing is empty; what else is wrong is left to
    /// [`check`](crate::check::check).
    ///
    /// # Errors
    /// When neither half is there.
    pub fn of(folder: &Path) -> anyhow::Result<Stats> {
        let listing = |split: Split| Listing::of(&folder.join(split.name()));
        let (train, val) = (listing(Split::Train), listing(Split::Val));
        if val.is_err() {
            train.as_ref().map_err(|error| anyhow::anyhow!("{error:#}; is this the folder of a dataset?"))?;
        }
        let half = |listing: anyhow::Result<Listing>| Half::of(&listing.unwrap_or_default().pictures);
        let (train, val) = (half(train), half(val));
        let texts_in_both = train.seen.intersection(&val.seen).count();
        Ok(Stats { train, val, texts_in_both })
    }

    /// The numbers for people: aligned columns, and bars for the distributions.
    pub fn text(&self) -> String {
        table::text(self)
    }
}

impl Half {
    fn of(pictures: &[PictureFile]) -> Half {
        let mut half = Half { pictures: pictures.len(), ..Half::default() };
        for picture in pictures {
            half.with_boxes += usize::from(picture.boxes.is_some());
            match text_of(&picture.stem) {
                Ok(text) => half.add(&text),
                Err(_) => half.without_text += 1,
            }
        }
        half.texts = half.seen.len();
        let sizes: Vec<(u32, u32)> = pictures.par_iter().filter_map(|file| picture::size(&file.path).ok()).collect();
        half.unreadable = pictures.len() - sizes.len();
        half.sizes = Sizes::of(&sizes);
        half
    }

    fn add(&mut self, text: &PlateText) {
        match kind_of(text) {
            Some(kind) => *self.kinds.entry(kind.name()).or_default() += 1,
            None => self.several_kinds += 1,
        }
        for label in text.labels() {
            *self.characters.entry(label.name()).or_default() += 1;
        }
        self.seen.insert(text.to_string());
    }

    fn kind(&self, kind: PlateKind) -> usize {
        self.kinds.get(kind.name()).copied().unwrap_or_default()
    }

    fn character(&self, label: Label) -> usize {
        self.characters.get(label.name()).copied().unwrap_or_default()
    }
}

/// Labels in groups that people think in: use letters, what rare plates have in their place, regions, digits.
fn groups() -> [(&'static str, Vec<Label>); 4] {
    let of = |is: fn(LabelClass) -> bool| Label::all().filter(|label| is(label.class())).collect();
    [
        ("use letters", of(|c| matches!(c, LabelClass::Private | LabelClass::Rental | LabelClass::Commercial))),
        ("of rare plates", of(|c| matches!(c, LabelClass::Military | LabelClass::Diplomatic | LabelClass::Temporary))),
        ("regions", of(|c| c == LabelClass::Region)),
        ("digits", of(|c| c == LabelClass::Digit)),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use kr_lpr::frame::{Frame, PixelFormat};
    use kr_lpr_render::picture::write_png;

    #[test]
    fn a_small_dataset_by_hand() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, width: u32, height: u32| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            let pixels = vec![90; (width * height) as usize];
            write_png(&path, &Frame::new(&pixels, width, height, PixelFormat::Grey).unwrap()).unwrap();
        };
        assert!(Stats::of(folder.path()).is_err());
        write("train/12가3456_0.png", 100, 25);
        write("train/12가3456_1.png", 200, 50);
        write("train/서울12바3456_2.png", 120, 60);
        write("train/서울1가2345_3.png", 60, 30);
        write("train/nothing.png", 80, 40);
        write("val/12가3456_4.png", 300, 60);
        std::fs::write(folder.path().join("train/12가3456_0.txt"), "").unwrap();
        std::fs::write(folder.path().join("val/12가9999_5.png"), "").unwrap();

        let stats = Stats::of(folder.path()).unwrap();
        let Stats { train, val, texts_in_both } = &stats;
        assert_eq!((train.pictures, train.with_boxes, train.without_text, train.unreadable), (5, 1, 1, 0));
        assert_eq!((train.texts, val.texts, *texts_in_both), (3, 2, 1));
        assert_eq!((train.kind(PlateKind::GreenRegion), train.several_kinds), (1, 3));
        let count = |name: &str| train.character(Label::from_name(name).unwrap());
        assert_eq!([count("가"), count("바"), count("서울"), count("3"), count("0")], [3, 1, 2, 4, 0]);
        assert_eq!((val.pictures, val.unreadable), (2, 1));

        let text = stats.text();
        for line in ["pictures", "green-region", "서울", "가"] {
            assert!(text.lines().any(|found| found.trim_start().starts_with(line)), "{line}:\n{text}");
        }
        let json = serde_json::to_value(&stats).unwrap();
        assert_eq!(json["train"]["characters"]["서울"], 2);
        assert_eq!(json["train"]["sizes"]["width"]["median"], 100.0);
        assert_eq!(json["val"]["sizes"]["aspect"]["max"], 5.0);
    }
}
