//! The tables of the validation set.

use std::fmt::Write;

use super::super::Report;
use super::super::tables::{CharacterRow, Confusion, KindRow, Tables};
use super::super::unreadable::Unreadable;
use super::text::{NOTHING, cells, decimal, headings, percent};

/// The table of kinds and their confusions.
pub fn kinds(report: &Report) -> Result<String, std::fmt::Error> {
    let tables = &report.validation;
    let mut text = String::from("<div class=\"scroll\"><table class=\"numbers\">");
    let names = ["kind", "right", "of", "share", "95 %", ""];
    text +=
        &headings(&[&names[..], &["characters right", "mean confidence", "kind right", "characters' IoU"]].concat());
    text += "<tbody>";
    for row in &tables.kinds {
        kind_row(&mut text, row)?;
    }
    text += "</tbody><tfoot>";
    kind_row(&mut text, &tables.all)?;
    text += "</tfoot></table></div>\n";
    text += "<h3>Which kind was taken for which</h3>\n<p>Rows are what the plates are, columns what was read. The network \
             sees luma only, and some kinds differ from others in colour alone.</p>\n";
    matrix(&mut text, tables)?;
    Ok(text)
}

fn kind_row(text: &mut String, row: &KindRow) -> std::fmt::Result {
    write!(
        text,
        "<tr><th>{}</th>{}<td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        row.kind,
        cells(&row.plates),
        bar(row.plates.share),
        percent(row.characters.share),
        decimal(row.mean_confidence),
        percent(row.kind_right.share),
        decimal(row.characters_iou)
    )
}

fn matrix(text: &mut String, tables: &Tables) -> std::fmt::Result {
    *text += "<div class=\"scroll\"><table class=\"matrix\"><thead><tr><th></th>";
    for row in &tables.kinds {
        write!(text, "<th><span>{}</span></th>", row.kind)?;
    }
    *text += "</tr></thead><tbody>";
    for (index, (row, counts)) in tables.kinds.iter().zip(&tables.kind_confusion).enumerate() {
        let total = counts.iter().sum::<u64>().max(1) as f64;
        write!(text, "<tr><th>{}</th>", row.kind)?;
        for (column, &count) in counts.iter().enumerate() {
            let colour = if column == index { "--right" } else { "--wrong" };
            match count {
                0 => *text += "<td></td>",
                _ => write!(
                    text,
                    "<td style=\"background:rgb(var({colour}) / {:.2})\">{count}</td>",
                    0.08 + 0.62 * count as f64 / total
                )?,
            }
        }
        *text += "</tr>";
    }
    *text += "</tbody></table></div>\n";
    Ok(())
}

/// The tables of letters, regions and digits, and the list of confusions.
pub fn characters(tables: &Tables) -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        "<p>Read right where they stand on a plate; what was read is laid along what is there with \
                                 the fewest edits. Within a group the worst come first.</p>\n<div class=\"columns\">",
    );
    let rows = |group: &str| {
        let mut rows: Vec<&CharacterRow> = tables.characters.iter().filter(|row| row.group == group).collect();
        rows.sort_by(|a, b| a.share.share.unwrap_or(2.0).total_cmp(&b.share.share.unwrap_or(2.0)));
        rows
    };
    // Two columns of letters are about as high as one of regions and digits.
    let letters = rows("letter");
    let (worse, better) = letters.split_at(letters.len().div_ceil(2));
    character_table(&mut text, "Letters", worse)?;
    character_table(&mut text, "Letters", better)?;
    text += "<div>";
    character_table(&mut text, "Regions", &rows("region"))?;
    character_table(&mut text, "Digits", &rows("digit"))?;
    text += "</div>";
    text += "</div>\n<h3>The most frequent confusions</h3>\n<p>With how often they happened, and to what share of \
             the characters.</p>\n";
    if tables.confusions.is_empty() {
        return Ok(text + "<p>There are none.</p>\n");
    }
    text += "<ol class=\"pairs\">";
    for Confusion { truth, read, count, of } in &tables.confusions {
        let share = if *of > 0 { percent(Some(*count as f64 / *of as f64)) } else { String::new() };
        write!(text, "<li><b>{}</b> as <b>{}</b> <span>{count}</span> ", name(*truth), name(*read))?;
        write!(text, "<small>{share}</small></li>")?;
    }
    Ok(text + "</ol>\n")
}

fn character_table(text: &mut String, name: &str, rows: &[&CharacterRow]) -> std::fmt::Result {
    write!(text, "<table class=\"numbers\"><caption>{name}</caption>")?;
    *text += &headings(&["", "right", "of", "share", "95 %", "taken for"]);
    *text += "<tbody>";
    for row in rows {
        write!(text, "<tr><th class=\"plate\">{}</th>{}", row.character, cells(&row.share))?;
        write!(text, "<td>{}</td></tr>", row.taken_for.as_ref().map_or(NOTHING.to_owned(), taken_for))?;
    }
    *text += "</tbody></table>";
    Ok(())
}

fn taken_for(confusion: &Confusion) -> String {
    format!("<span class=\"plate\">{}</span> {}", name(confusion.read), confusion.count)
}

fn name(character: Option<&'static str>) -> &'static str {
    character.unwrap_or("nothing")
}

/// The table of what is read where nothing can be.
pub fn unreadable(rows: &[Unreadable]) -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        "<p>Outlines handed to the reader that are no plate, or one that nobody can read. A text is always found; its \
         confidence has to say that there is none.</p>\n<div class=\"scroll\"><table class=\"numbers\">",
    );
    text += &headings(&["", "of", "above 0.5", "above 0.9", "mean confidence", "the largest", "as"]);
    text += "<tbody>";
    for Unreadable { name, readings, believed, sure, mean_confidence, worst } in rows {
        let (most, read) = worst.as_ref().map_or((None, NOTHING), |(most, text)| (Some(f64::from(*most)), text));
        write!(text, "<tr><th>{name}</th><td>{readings}</td><td>{believed}</td>")?;
        write!(text, "<td>{sure}</td><td>{}</td>", decimal(*mean_confidence))?;
        write!(text, "<td>{}</td><td class=\"plate\">{read}</td></tr>", decimal(most))?;
    }
    Ok(text + "</tbody></table></div>\n")
}

/// A bar as long as the share.
fn bar(share: Option<f64>) -> String {
    format!("<i class=\"bar\" style=\"--share:{:.4}\"></i>", share.unwrap_or(0.0))
}
