//! Pictures and labels as others keep them, made a dataset.
//!
//! Read are a CSV file with `image_path` and `plate_text`, as fast-plate-ocr is trained by, and the JSON files of the
//! licence plates of AI-Hub ("자동차 차종/연식/번호판 인식용 영상"), one a picture, with `imagePath` and `value`.

mod labels;
mod pictures;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use kr_lpr::plate::PlateText;

use crate::dataset::{LeftOut, Split, names_file};
use labels::Label;
use pictures::Pictures;

/// One text in so many goes to `val/` with all of its pictures, so that no vehicle is in both halves.
const VAL_EVERY: usize = 10;

/// What became of the labels.
#[derive(Clone, Debug, Default)]
pub struct Converted {
    /// Pictures in `train/`.
    pub train: usize,
    /// Pictures in `val/`.
    pub val: usize,
    /// Labels that say no plate or name no picture, in the order of the labels.
    pub left_out: Vec<LeftOut>,
}

/// Makes a dataset in `out` of `labels`, a CSV file, a JSON file or a folder of JSON files, whose pictures lie in `pictures`, or
/// else beside the labels. Pictures are copied as they are.
///
/// # Errors
/// When `out` has something in it already, the labels cannot be read, all of them would be left out, or a file cannot be
/// written.
pub fn convert(labels: &Path, pictures: Option<&Path>, out: &Path) -> anyhow::Result<Converted> {
    ensure!(std::fs::read_dir(out).map_or(true, |mut files| files.next().is_none()), "{} is not empty", out.display());
    let beside = if labels.is_dir() { labels } else { labels.parent().unwrap_or(Path::new(".")) };
    let pictures = Pictures::of(pictures.unwrap_or(beside))?;

    let mut converted = Converted::default();
    let mut plates: Vec<(PlateText, PathBuf)> = Vec::new();
    for label in labels::read(labels)? {
        match label.and_then(|label| plate(&label, &pictures)) {
            Ok(plate) => plates.push(plate),
            Err(left_out) => converted.left_out.push(left_out),
        }
    }
    let first = converted.left_out.first().map_or(String::new(), |first| format!("; {first}"));
    ensure!(!plates.is_empty(), "{} labels no picture of a plate{first}", labels.display());

    let texts: BTreeSet<String> = plates.iter().map(|(text, _)| text.to_string()).collect();
    let held_out: BTreeSet<String> = texts.into_iter().skip(VAL_EVERY - 1).step_by(VAL_EVERY).collect();
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    std::fs::write(out.join("labels.names"), names_file())?;
    for (index, (text, path)) in plates.iter().enumerate() {
        let split = if held_out.contains(&text.to_string()) { Split::Val } else { Split::Train };
        let folder = out.join(split.name());
        std::fs::create_dir_all(&folder)?;
        let extension = path.extension().unwrap_or_default().to_string_lossy();
        std::fs::copy(path, folder.join(format!("{text}_{index}.{extension}")))
            .with_context(|| format!("cannot copy {}", path.display()))?;
        match split {
            Split::Train => converted.train += 1,
            Split::Val => converted.val += 1,
        }
    }
    Ok(converted)
}

/// What a label says stands on a plate, and the plate's picture.
fn plate(label: &Label, pictures: &Pictures) -> Result<(PlateText, PathBuf), LeftOut> {
    let left_out = |reason: &dyn std::fmt::Display| LeftOut { name: label.name.clone(), reason: reason.to_string() };
    let text =
        PlateText::parse(&label.text).map_err(|error| left_out(&format_args!("label {:?}: {error}", label.text)))?;
    let path = pictures.find(&label.picture, label.stem.as_deref()).map_err(|reason| left_out(&reason))?;
    Ok((text, path))
}

#[cfg(test)]
mod tests;
