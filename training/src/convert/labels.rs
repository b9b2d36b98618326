//! What labels say: which picture, and what stands on the plate in it.

use std::path::Path;

use anyhow::{Context, ensure};
use csv_core::ReadRecordResult;
use serde::Deserialize;

use crate::dataset::listing::files_under;
use crate::dataset::{LeftOut, encoding};

/// One label, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Label {
    /// Where it stands: `labels.csv, line 3`, or the name of its file.
    pub name: String,
    /// The picture's path or name.
    pub picture: String,
    /// What the plate says.
    pub text: String,
    /// The name of the label's own file without extension, where it has one: the picture may be called the same.
    pub stem: Option<String>,
}

/// Reads a CSV file, a JSON file or a folder of JSON files.
///
/// # Errors
/// When there are none, or the CSV file lacks a column.
pub(super) fn read(labels: &Path) -> anyhow::Result<Vec<Result<Label, LeftOut>>> {
    let is = |path: &Path, wanted: &str| path.extension().is_some_and(|found| found.eq_ignore_ascii_case(wanted));
    if labels.is_dir() {
        let mut files = files_under(labels)?;
        files.retain(|(_, path)| is(path, "json"));
        files.sort();
        ensure!(!files.is_empty(), "{} has no JSON files in it", labels.display());
        return Ok(files.iter().map(|(name, path)| json(name, path)).collect());
    }
    if is(labels, "json") {
        return Ok(vec![json(&labels.to_string_lossy(), labels)]);
    }
    ensure!(is(labels, "csv"), "{} is no CSV file, no JSON file and no folder of them", labels.display());
    csv(labels)
}

/// A file of AI-Hub: `{"imagePath": "12가3456-1.jpg", "value": "12가3456"}`.
fn json(name: &str, path: &Path) -> Result<Label, LeftOut> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct File {
        image_path: Option<String>,
        value: Option<String>,
    }
    let left_out = |reason: String| LeftOut { name: name.to_owned(), reason };
    let text = encoding::read(path).map_err(|error| left_out(format!("{:#}", error.root_cause())))?;
    let file: File = serde_json::from_str(&text).map_err(|error| left_out(error.to_string()))?;
    // Files that outline vehicles and plates have no `value`.
    let text = file.value.ok_or_else(|| left_out("has no `value`, which says what stands on the plate".to_owned()))?;
    let picture = file.image_path.ok_or_else(|| left_out("has no `imagePath`".to_owned()))?;
    let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    Ok(Label { name: name.to_owned(), picture, text, stem })
}

/// A file of fast-plate-ocr: lines of `image_path,plate_text`, and columns that are not needed.
fn csv(path: &Path) -> anyhow::Result<Vec<Result<Label, LeftOut>>> {
    let text = encoding::read(path)?;
    let mut records = records(&text).into_iter();
    let (_, header) = records.next().with_context(|| format!("{} is empty", path.display()))?;
    let column = |wanted: &str| {
        header.iter().position(|name| name == wanted).with_context(|| {
            format!("{} has no column {wanted}; its columns are {}", path.display(), header.join(", "))
        })
    };
    let (picture, text) = (column("image_path")?, column("plate_text")?);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let label = |(line, fields): (u64, Vec<String>)| {
        let name = format!("{file}, line {line}");
        let field = |index: usize| fields.get(index).filter(|field| !field.is_empty()).cloned();
        match (field(picture), field(text)) {
            (Some(picture), Some(text)) => Ok(Label { name, picture, text, stem: None }),
            (None, _) => Err(LeftOut { name, reason: "has no image_path".to_owned() }),
            (_, None) => Err(LeftOut { name, reason: "has no plate_text".to_owned() }),
        }
    };
    Ok(records.map(label).collect())
}

/// The records of a CSV text (RFC 4180), each with the number of its first line; blanks around fields are left out.
fn records(text: &str) -> Vec<(u64, Vec<String>)> {
    // The reader ends a record at the carriage return and counts the line feed with the next one.
    let text = text.replace("\r\n", "\n");
    // Neither a field nor a record can be longer than this.
    let mut fields = vec![0; text.len()];
    let mut ends = vec![0; text.matches(',').count() + 1];
    let mut records = Vec::new();
    let mut reader = csv_core::Reader::new();
    let mut rest = text.as_bytes();
    let (mut line, mut written, mut count) = (reader.line(), 0, 0);
    loop {
        let (result, read, added, ended) = reader.read_record(rest, &mut fields[written..], &mut ends[count..]);
        (rest, written, count) = (&rest[read..], written + added, count + ended);
        match result {
            ReadRecordResult::Record => {
                let starts = std::iter::once(0).chain(ends.iter().copied());
                let field =
                    |(start, &end): (usize, &usize)| String::from_utf8_lossy(&fields[start..end]).trim().to_owned();
                records.push((line, starts.zip(&ends[..count]).map(field).collect()));
                (line, written, count) = (reader.line(), 0, 0);
            }
            ReadRecordResult::InputEmpty => {} // the next call, with nothing, ends the last record
            ReadRecordResult::End | ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => return records,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::records;

    #[test]
    fn records_by_hand() {
        type Case<'a> = (&'a str, &'a [(u64, &'a [&'a str])]);
        let cases: [Case; 6] = [
            ("", &[]),
            ("a,b\n", &[(1, &["a", "b"])]),
            ("a, b \r\nc,d", &[(1, &["a", "b"]), (2, &["c", "d"])]),
            ("\"a, \"\"b\"\"\nc\",d\ne\n", &[(1, &["a, \"b\"\nc", "d"]), (3, &["e"])]),
            ("a,,c\n,\n", &[(1, &["a", "", "c"]), (2, &["", ""])]),
            ("서울,1\n가,2", &[(1, &["서울", "1"]), (2, &["가", "2"])]),
        ];
        for (text, expected) in cases {
            let found = records(text);
            let found: Vec<(u64, Vec<&str>)> =
                found.iter().map(|(line, fields)| (*line, fields.iter().map(String::as_str).collect())).collect();
            let expected: Vec<(u64, Vec<&str>)> =
                expected.iter().map(|(line, fields)| (*line, fields.to_vec())).collect();
            assert_eq!(found, expected, "{text:?}");
        }
    }
}
