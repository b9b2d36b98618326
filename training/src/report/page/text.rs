//! Numbers and text as the page writes them.

use super::super::interval::Share;
use crate::export::grouped;

/// What stands where there is no number.
pub const NOTHING: &str = "–";

/// Text that may stand anywhere in HTML, attributes included.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A whole number, its thousands apart but never on two lines.
pub fn number(number: u64) -> String {
    grouped(number).replace(' ', "&nbsp;")
}

/// A share as percent with two decimals.
pub fn percent(share: Option<f64>) -> String {
    share.map_or(NOTHING.to_owned(), |share| format!("{:.2} %", 100.0 * share))
}

/// A number from 0 to 1 that is no share, such as a confidence.
pub fn decimal(value: Option<f64>) -> String {
    value.map_or(NOTHING.to_owned(), |value| format!("{value:.3}"))
}

/// An interval of shares as percent.
pub fn interval(interval: Option<[f64; 2]>) -> String {
    interval.map_or(NOTHING.to_owned(), |[low, high]| format!("{:.1} to {:.1}", 100.0 * low, 100.0 * high))
}

/// Right, seen, share and interval as cells of a table.
pub fn cells(share: &Share) -> String {
    format!(
        "<td>{}</td><td>{}</td><td>{}</td><td class=\"soft\">{}</td>",
        share.right,
        share.seen,
        percent(share.share),
        interval(share.interval)
    )
}

/// A table's row of headings.
pub fn headings(names: &[&str]) -> String {
    let cells: String = names.iter().map(|name| format!("<th>{name}</th>")).collect();
    format!("<thead><tr>{cells}</tr></thead>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_a_dash() {
        assert_eq!((percent(None), percent(Some(0.98765))), ("–".to_owned(), "98.77 %".to_owned()));
        assert_eq!((decimal(None), decimal(Some(0.12345))), ("–".to_owned(), "0.123".to_owned()));
        assert_eq!((interval(None), interval(Some([0.5, 0.625]))), ("–".to_owned(), "50.0 to 62.5".to_owned()));
        assert_eq!(escape("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
        assert_eq!(number(1_234_567), "1&nbsp;234&nbsp;567");
        assert_eq!(cells(&Share::of(0, 0)).matches('–').count(), 2);
    }
}
