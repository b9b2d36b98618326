//! Pictures that are there twice, by name or by content.

use std::collections::HashMap;

use super::files::Looked;
use super::{Fault, Problem};
use crate::dataset::Split;

/// Names each picture whose `{plate}_{index}` or whose pixels came before. `pictures` are in order, `train/` first, so
/// it is the one in `val/` that is said to leak.
pub(super) fn twins(pictures: &[(Split, Looked)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut by_stem: HashMap<(&str, &str), &Looked> = HashMap::new();
    let mut by_pixels: HashMap<u64, (Split, &Looked)> = HashMap::new();
    for (split, picture) in pictures {
        let mut add = |fault| problems.push(Problem { path: picture.path.clone(), fault });
        if let Some(first) = by_stem.insert((split.name(), &picture.stem), picture) {
            add(Fault::SameName(first.path.clone()));
        }
        let Some(fingerprint) = picture.fingerprint else { continue };
        let &mut (first_split, first) = by_pixels.entry(fingerprint).or_insert((*split, picture));
        if !std::ptr::eq(first, picture) {
            add(Fault::SamePicture {
                other: first.path.clone(),
                leaks_from: (first_split != *split).then_some(first_split),
                same_text: first.text == picture.text,
            });
        }
    }
    problems
}
