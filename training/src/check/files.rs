//! A picture and its boxes, each looked at on its own.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use kr_lpr::frame::{Frame, PixelFormat};
use kr_lpr::labels::Label;
use kr_lpr::plate::PlateText;

use super::Fault;
use crate::dataset::boxes::{lines, parse_line};
use crate::dataset::encoding;
use crate::dataset::listing::PictureFile;
use crate::dataset::name::text_of;
use kr_lpr_render::picture::Picture;

/// Pixels by which a box may leave its picture: tools differ in whether the last pixel ends at its number or at the
/// next.
const TOLERANCE: f32 = 1.0;

/// What a look at a picture and its boxes told.
#[derive(Clone, Debug, Default)]
pub(super) struct Looked {
    pub path: PathBuf,
    /// Its composed name without extension.
    pub stem: String,
    pub text: Option<PlateText>,
    /// A hash of size and colours, where the picture can be decoded.
    pub fingerprint: Option<u64>,
    /// What is wrong with the picture.
    pub faults: Vec<Fault>,
    /// What is wrong with its box file.
    pub box_faults: Vec<Fault>,
}

/// Looks at a picture; `listed` are the characters of `labels.names`.
pub(super) fn look(file: &PictureFile, listed: &BTreeSet<Label>) -> Looked {
    let mut looked = Looked { path: file.path.clone(), stem: file.stem.clone(), ..Looked::default() };
    match text_of(&file.stem) {
        Ok(text) => {
            let unlisted = text.labels().into_iter().filter(|label| !listed.contains(label));
            let unlisted: BTreeSet<&str> = unlisted.map(Label::name).collect();
            looked.faults.extend(unlisted.into_iter().map(|name| Fault::Unlisted(name.to_owned())));
            looked.text = Some(text);
        }
        Err(fault) => looked.faults.push(Fault::Name(fault)),
    }
    let mut size = None;
    match Picture::open(&file.path) {
        Ok(picture) => {
            let frame = picture.frame();
            size = Some((frame.width(), frame.height()));
            looked.fingerprint = Some(fingerprint(&frame));
            if ends_early(&file.path) {
                looked.faults.push(Fault::Truncated);
            }
        }
        Err(error) => looked.faults.push(Fault::Picture(error.root_cause().to_string())),
    }
    if let Some(boxes) = &file.boxes {
        looked.box_faults = match encoding::read(boxes) {
            Ok(content) => box_faults(&content, looked.text.as_ref(), size),
            Err(error) => vec![Fault::Unreadable(format!("cannot be read: {}", error.root_cause()))],
        };
    }
    looked
}

fn box_faults(content: &str, text: Option<&PlateText>, size: Option<(u32, u32)>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut boxes = 0;
    for (line, content) in lines(content) {
        boxes += 1;
        match (parse_line(content), size) {
            (Err(fault), _) => faults.push(Fault::BoxLine { line, fault }),
            (Ok(parsed), Some(size)) => {
                let (right, bottom) = (size.0 as f32 + TOLERANCE, size.1 as f32 + TOLERANCE);
                if parsed.x1 < -TOLERANCE || parsed.y1 < -TOLERANCE || parsed.x2 > right || parsed.y2 > bottom {
                    faults.push(Fault::BoxOutside { line, size });
                }
            }
            (Ok(_), None) => {}
        }
    }
    match text.map(|text| text.labels().len()) {
        Some(characters) if characters != boxes => faults.push(Fault::BoxCount { boxes, characters }),
        _ => {}
    }
    faults
}

/// Whether a JPEG file lacks its end. Decoders paint what is missing grey and say nothing.
fn ends_early(path: &Path) -> bool {
    const START_OF_FILE: [u8; 2] = [0xff, 0xd8];
    const START_OF_SCAN: [u8; 2] = [0xff, 0xda];
    const END: [u8; 2] = [0xff, 0xd9];
    let Ok(bytes) = std::fs::read(path) else { return true };
    if !bytes.starts_with(&START_OF_FILE) {
        return false; // other decoders do notice
    }
    // Within a scan every 0xff is followed by 0 or by the number of a restart, so an end found there is the end. A
    // preview in the file's header has an end of its own, which is before the last scan.
    let last_scan = bytes.windows(2).rposition(|pair| pair == START_OF_SCAN).unwrap_or(0);
    !bytes[last_scan..].windows(2).any(|pair| pair == END)
}

/// The same for a picture whatever file it comes from: a grey one is one whose colours are all grey.
fn fingerprint(frame: &Frame) -> u64 {
    let mut hasher = DefaultHasher::new();
    (frame.width(), frame.height()).hash(&mut hasher);
    for pixel in frame.pixels().chunks_exact(frame.format().channels()) {
        let rgb = match frame.format() {
            PixelFormat::Grey => [pixel[0]; 3],
            PixelFormat::Rgb | PixelFormat::Rgba => [pixel[0], pixel[1], pixel[2]],
        };
        hasher.write(&rgb);
    }
    hasher.finish()
}
