//! Text files as programs write them: UTF-8 with or without a byte-order mark, UTF-16, and CP949, which Korean Windows
//! calls ANSI.

use std::path::Path;

use anyhow::Context;
use encoding_rs::{EUC_KR, Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// The bytes are text in none of the encodings that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownEncoding;

impl std::fmt::Display for UnknownEncoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("is text in neither UTF-8, UTF-16 nor CP949; save it as UTF-8")
    }
}

impl std::error::Error for UnknownEncoding {}

/// Reads a text file, whichever of these encodings it has.
///
/// # Errors
/// Names the file, when it cannot be read or has another encoding.
pub fn read(path: &Path) -> anyhow::Result<String> {
    std::fs::read(path)
        .map_err(anyhow::Error::from)
        .and_then(|bytes| Ok(decode(&bytes)?))
        .with_context(|| format!("cannot read {}", path.display()))
}

/// The text of `bytes` without its byte-order mark.
///
/// # Errors
/// When it has none of these encodings.
pub fn decode(bytes: &[u8]) -> Result<String, UnknownEncoding> {
    let tried: Vec<(&Encoding, &[u8])> = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => vec![(encoding, &bytes[length..])],
        None => match utf16_without_mark(bytes) {
            Some(encoding) => vec![(encoding, bytes)],
            // `EUC_KR` of the Encoding Standard is CP949. Its two bytes a syllable are hardly ever valid UTF-8.
            None => vec![(UTF_8, bytes), (EUC_KR, bytes)],
        },
    };
    let mut texts = tried
        .into_iter()
        .filter_map(|(encoding, bytes)| encoding.decode_without_bom_handling_and_without_replacement(bytes));
    texts.next().map(|text| text.into_owned()).ok_or(UnknownEncoding)
}

/// UTF-16 whose mark was left out: the files of a dataset have digits and line ends in them, and one byte of each is zero.
fn utf16_without_mark(bytes: &[u8]) -> Option<&'static Encoding> {
    let zeros = |place: usize| bytes.iter().skip(place).step_by(2).filter(|&&byte| byte == 0).count();
    let (first, second) = (zeros(0), zeros(1));
    (first + second > 0).then_some(if second > first { UTF_16LE } else { UTF_16BE })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn encodings_by_hand() {
        const TEXT: &str = "0\r\n가\r\n서울\r\n펲\r\n"; // 펲 is in CP949 and not in the older EUC-KR
        let cp949 = EUC_KR.encode(TEXT).0.into_owned();
        let marked = |mark: &[u8], text: Vec<u8>| [mark, &text].concat();
        for (name, bytes, expected) in [
            ("empty", vec![], Ok("")),
            ("UTF-8", TEXT.into(), Ok(TEXT)),
            ("UTF-8 with a mark", marked(b"\xef\xbb\xbf", TEXT.into()), Ok(TEXT)),
            ("UTF-16LE with a mark", marked(b"\xff\xfe", utf16(TEXT, u16::to_le_bytes)), Ok(TEXT)),
            ("UTF-16BE with a mark", marked(b"\xfe\xff", utf16(TEXT, u16::to_be_bytes)), Ok(TEXT)),
            ("UTF-16LE without", utf16(TEXT, u16::to_le_bytes), Ok(TEXT)),
            ("UTF-16BE without", utf16(TEXT, u16::to_be_bytes), Ok(TEXT)),
            ("CP949", cp949.clone(), Ok(TEXT)),
            ("ASCII", b"1 2 3 4\n".to_vec(), Ok("1 2 3 4\n")),
            ("half a syllable", cp949[..cp949.len() - 3].to_vec(), Err(UnknownEncoding)),
            ("half of UTF-16", marked(b"\xff\xfe", b"0\0\n".to_vec()), Err(UnknownEncoding)),
            ("no text", vec![0xff; 9], Err(UnknownEncoding)),
        ] {
            assert_eq!(decode(&bytes).as_deref(), expected.as_ref().copied(), "{name}");
        }
    }

    #[test]
    fn errors_name_the_file() {
        let missing = Path::new("no such folder/labels.names");
        let error = format!("{:#}", read(missing).expect_err("there is no such file"));
        assert!(error.contains("labels.names"), "{error}");
    }
}
