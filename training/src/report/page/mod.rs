//! The report as one HTML file: style and pictures are inside, and there is no script.

mod curves;
mod mistakes;
mod summary;
pub(super) mod text;
mod validation;

use super::Report;
use text::escape;

/// What the page looks like, by day and by night.
const STYLE: &str = include_str!("style.css");

/// The page of `report`.
///
/// # Errors
/// Never; writing to memory does not fail.
pub fn html(report: &Report) -> Result<String, std::fmt::Error> {
    let title = format!("{}: how well it reads", report.subject.model);
    let title = escape(&title);
    let sections = [
        ("summary", "Summary", summary::section(report)?),
        ("training", "Training", curves::training(report.history.as_ref())?),
        ("kinds", "Kinds of plate", validation::kinds(report)?),
        ("characters", "Characters", validation::characters(&report.validation)?),
        ("confidence", "Confidence", curves::confidence(&report.reliability, &report.character_reliability)?),
        ("unreadable", "Nothing to read", validation::unreadable(&report.unreadable)?),
        ("robustness", "Robustness", curves::robustness(&report.robustness, report.sizes.plates_per_point)?),
        ("mistakes", "Worst mistakes", mistakes::section(report)?),
        ("made", "How this page was made", summary::made(report)?),
    ];
    let contents: String =
        sections.iter().map(|(id, name, _)| format!("<a href=\"#{id}\">{name}</a>")).collect::<Vec<_>>().join(" ");
    let body: String = sections
        .iter()
        .map(|(id, name, text)| format!("<section id=\"{id}\"><h2>{name}</h2>\n{text}</section>\n"))
        .collect();
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>\n<nav>{contents}</nav>\n{body}</body>\n</html>\n"
    ))
}
