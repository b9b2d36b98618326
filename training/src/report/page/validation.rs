//! The tables of the validation set.

use std::fmt::Write;

use super::super::Report;
use super::super::tables::{CharacterRow, Confusion, Tables};
use super::text::{NOTHING, cells, headings, percent};

/// The table of kinds and their confusions.
pub fn kinds(report: &Report) -> Result<String, std::fmt::Error> {
    let tables = &report.validation;
    let mut text = String::from("<div class=\"scroll\"><table class=\"numbers\">");
    let names = ["kind", "right", "of", "share", "95 %", "", "characters right", "mean confidence", "kind right"];
    text += &headings(&names);
    text += "<tbody>";
    for row in &tables.kinds {
        write!(
            text,
            "<tr><th>{}</th>{}<td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            row.kind,
            cells(&row.plates),
            bar(row.plates.share),
            percent(row.characters.share),
            percent(row.mean_confidence),
            percent(row.kind_right.share)
        )?;
    }
    let (all, kinds) = (cells(&tables.plates), percent(tables.kind_right.share));
    write!(text, "</tbody><tfoot><tr><th>all</th>{all}<td>{}</td>", bar(tables.plates.share))?;
    write!(text, "<td></td><td></td><td>{kinds}</td></tr></tfoot></table></div>\n")?;
    text += "<h3>Which kind was taken for which</h3>\n<p>Rows are what the plates are, columns what was read. The network \
             sees luma only, and some kinds differ from others in colour alone.</p>\n";
    matrix(&mut text, tables)?;
    Ok(text)
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
    for (group, name) in [("letter", "Letters"), ("region", "Regions"), ("digit", "Digits")] {
        let mut rows: Vec<&CharacterRow> = tables.characters.iter().filter(|row| row.group == group).collect();
        rows.sort_by(|a, b| a.share.share.unwrap_or(2.0).total_cmp(&b.share.share.unwrap_or(2.0)));
        // Two tables of letters beside each other are as high as the others.
        let height = if group == "letter" { rows.len().div_ceil(2) } else { rows.len() };
        for part in rows.chunks(height.max(1)) {
            write!(text, "<table class=\"numbers\"><caption>{name}</caption>")?;
            text += &headings(&["", "right", "of", "share", "95 %", "taken for"]);
            text += "<tbody>";
            for row in part {
                write!(text, "<tr><th class=\"plate\">{}</th>{}", row.character, cells(&row.share))?;
                write!(text, "<td>{}</td></tr>", row.taken_for.as_ref().map_or(NOTHING.to_owned(), taken_for))?;
            }
            text += "</tbody></table>";
        }
    }
    text += "</div>\n<h3>The most frequent confusions</h3>\n";
    if tables.confusions.is_empty() {
        return Ok(text + "<p>There are none.</p>\n");
    }
    text += "<ol class=\"pairs\">";
    for Confusion { truth, read, count } in &tables.confusions {
        write!(text, "<li><b>{}</b> read as <b>{}</b> <span>{count}</span></li>", name(*truth), name(*read))?;
    }
    Ok(text + "</ol>\n")
}

fn taken_for(confusion: &Confusion) -> String {
    format!("<span class=\"plate\">{}</span> {}", name(confusion.read), confusion.count)
}

fn name(character: Option<&'static str>) -> &'static str {
    character.unwrap_or("nothing")
}

/// A bar as long as the share.
fn bar(share: Option<f64>) -> String {
    format!("<i class=\"bar\" style=\"--share:{:.4}\"></i>", share.unwrap_or(0.0))
}
