//! The worst mistakes: wrong readings, the surest first, with what the network saw.

use image::ExtendedColorType;
use image::ImageEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use kr_lpr::labels::Label;
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH, PlateImage};
use serde::Serialize;

use super::edits::label_edits;
use crate::evaluation::rendered::PlateRead;

/// Most mistakes that are shown.
pub const MOST: usize = 48;

/// A wrong reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mistake {
    /// Kind of the plate.
    pub kind: &'static str,
    /// What it says.
    pub truth: String,
    /// What was read.
    pub read: String,
    /// What was read, cut where right and wrong characters meet.
    #[serde(skip)]
    pub parts: Vec<Part>,
    /// Confidence of the reading.
    pub confidence: f32,
    /// The picture as the address of an `img`.
    #[serde(skip)]
    pub picture: String,
}

/// A character of a wrong reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What was read; empty where a character was left out.
    pub text: &'static str,
    /// Whether it is right.
    pub right: bool,
}

/// The wrong ones of `readings`, the surest first, at most [`MOST`].
///
/// # Errors
/// When a picture cannot be compressed.
pub fn worst(readings: &[PlateRead]) -> anyhow::Result<Vec<Mistake>> {
    let mut wrong: Vec<&PlateRead> = readings.iter().filter(|one| !one.is_right()).collect();
    wrong.sort_by(|a, b| b.confidence.total_cmp(&a.confidence));
    wrong.into_iter().take(MOST).map(mistake).collect()
}

fn mistake(one: &PlateRead) -> anyhow::Result<Mistake> {
    let spelt = |labels: &[Label]| labels.iter().map(|label| label.name()).collect();
    let parts = label_edits(&one.truth, &one.read).into_iter();
    let parts = parts.map(|(truth, read)| Part { text: read.map_or("", Label::name), right: truth == read });
    Ok(Mistake {
        kind: one.kind.name(),
        truth: spelt(&one.truth),
        read: spelt(&one.read),
        parts: parts.collect(),
        confidence: one.confidence,
        picture: one.picture.as_ref().map(data_uri).transpose()?.unwrap_or_default(),
    })
}

/// The plate image as a PNG within an address.
fn data_uri(plate: &PlateImage) -> anyhow::Result<String> {
    let mut png = Vec::new();
    PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive).write_image(
        plate.pixels(),
        PLATE_WIDTH as u32,
        PLATE_HEIGHT as u32,
        ExtendedColorType::L8,
    )?;
    Ok(format!("data:image/png;base64,{}", base64(&png)))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |index: usize| three.get(index).copied().map_or(0, u32::from);
        let bits = (byte(0) << 16) | (byte(1) << 8) | byte(2);
        for place in 0..4 {
            let filled = place <= three.len();
            text.push(if filled { char::from(ALPHABET[((bits >> (18 - 6 * place)) & 63) as usize]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use kr_lpr::plate::PlateKind;

    use super::super::tables::testing::reading;
    use super::*;

    #[test]
    fn base64_of_the_rfc() {
        for (bytes, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(&[0xfb, 0xff, 0xbf]), "+/+/");
    }

    #[test]
    fn the_surest_mistake_comes_first() {
        let ev = |read: &str, confidence: f32| reading(PlateKind::Ev, "1 2 가", read, confidence);
        let readings = [ev("1 3 가", 0.2), ev("1 2 가", 0.99), ev("1 가", 0.8), ev("", 0.0)];
        let mistakes = worst(&readings).unwrap();
        assert_eq!(mistakes.iter().map(|one| &*one.read).collect::<Vec<_>>(), ["1가", "13가", ""]);
        assert_eq!(mistakes[0].truth, "12가");
        let marked: Vec<(&str, bool)> = mistakes[0].parts.iter().map(|part| (part.text, part.right)).collect();
        assert_eq!(marked, [("1", true), ("", false), ("가", true)]);
        let many: Vec<PlateRead> = (0..60).map(|_| ev("1", 0.5)).collect();
        assert_eq!(worst(&many).unwrap().len(), MOST);
    }
}
