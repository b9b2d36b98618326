//! The gallery of mistakes.

use std::fmt::Write;

use super::super::Report;
use super::super::mistakes::{MOST, Mistake};
use super::text::escape;

/// The wrong readings, the surest first.
pub fn section(report: &Report) -> Result<String, std::fmt::Error> {
    if report.mistakes.is_empty() {
        return Ok("<p>There are none: every plate of the validation set was read right.</p>\n".to_owned());
    }
    let mut text = String::new();
    let plates = report.validation.all.plates;
    let wrong = plates.seen - plates.right;
    write!(
        text,
        "<p>{} of the {wrong} wrong readings of the validation set, the surest first{}. Pictures are as the network saw \
         them, straightened to 192x96 pixels of luma.</p>\n<div class=\"gallery\">",
        report.mistakes.len(),
        if report.mistakes.len() == MOST { format!(" (at most {MOST} are shown)") } else { String::new() }
    )?;
    for Mistake { kind, truth, parts, confidence, picture, .. } in &report.mistakes {
        write!(
            text,
            "<figure><img src=\"{picture}\" width=\"192\" height=\"96\" alt=\"{}\" loading=\"lazy\">",
            escape(truth)
        )?;
        write!(text, "<figcaption><span class=\"plate\">{}</span> <small>{kind}</small><br>", escape(truth))?;
        text += "<span class=\"plate\">";
        for part in parts {
            match (part.right, part.text) {
                (true, right) => text += right,
                (false, "") => text += "<mark>_</mark>",
                (false, wrong) => write!(text, "<mark>{wrong}</mark>")?,
            }
        }
        write!(text, "</span> <small>{confidence:.3}</small></figcaption></figure>")?;
    }
    Ok(text + "</div>\n")
}
