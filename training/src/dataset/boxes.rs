//! Box files: one `x1 y1 x2 y2` character box a line, in pixels, in the order of the characters.

use std::path::Path;

use anyhow::Context;
use kr_lpr::geometry::Quad;

use super::encoding;

/// An upright box in pixels of the picture, wider and higher than nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CharacterBox {
    /// Left.
    pub x1: f32,
    /// Top.
    pub y1: f32,
    /// Right.
    pub x2: f32,
    /// Bottom.
    pub y2: f32,
}

/// Why a line is not a box.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// Not four finite numbers.
    NotFourNumbers(String),
    /// Right of its right or below its bottom, or without any area.
    Empty,
}

impl std::fmt::Display for LineFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            LineFault::NotFourNumbers(line) => write!(f, "a box is `x1 y1 x2 y2`, not {line:?}"),
            LineFault::Empty => f.write_str("the box is empty or inverted; x2 must be above x1 and y2 above y1"),
        }
    }
}

impl std::error::Error for LineFault {}

impl CharacterBox {
    /// Its outline.
    ///
    /// # Errors
    /// When it is thinner than any outline may be.
    fn quad(&self) -> anyhow::Result<Quad> {
        Ok(Quad::rect(self.x1, self.y1, self.x2 - self.x1, self.y2 - self.y1)?)
    }
}

/// Reads a line.
///
/// # Errors
/// Says what about it is no box.
pub fn parse_line(line: &str) -> Result<CharacterBox, LineFault> {
    let numbers: Result<Vec<f32>, _> = line.split_whitespace().map(str::parse).collect();
    match numbers.as_deref() {
        Ok(&[x1, y1, x2, y2]) if [x1, y1, x2, y2].iter().all(|value| value.is_finite()) => {
            if x2 > x1 && y2 > y1 {
                Ok(CharacterBox { x1, y1, x2, y2 })
            } else {
                Err(LineFault::Empty)
            }
        }
        _ => Err(LineFault::NotFourNumbers(line.trim().to_owned())),
    }
}

/// The lines of a box file that are not blank, each with its number from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty())
}

/// Reads a box file.
///
/// # Errors
/// Names the file and the first line that is no box.
pub fn read(path: &Path) -> anyhow::Result<Vec<Quad>> {
    let text = encoding::read(path)?;
    let parse = |(number, line)| -> anyhow::Result<Quad> {
        parse_line(line)
            .map_err(anyhow::Error::from)
            .and_then(|parsed| parsed.quad())
            .with_context(|| format!("{}, line {number}", path.display()))
    };
    lines(&text).map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_by_hand() {
        let not_four = |line: &str| Err(LineFault::NotFourNumbers(line.to_owned()));
        for (line, expected) in [
            ("1 2 3.5 4", Ok(CharacterBox { x1: 1.0, y1: 2.0, x2: 3.5, y2: 4.0 })),
            ("  -1\t2  3 4 ", Ok(CharacterBox { x1: -1.0, y1: 2.0, x2: 3.0, y2: 4.0 })),
            ("1 2 3", not_four("1 2 3")),
            ("1 2 3 4 5", not_four("1 2 3 4 5")),
            ("1,2,3,4", not_four("1,2,3,4")),
            ("1 2 nan 4", not_four("1 2 nan 4")),
            ("3 2 1 4", Err(LineFault::Empty)),
            ("1 2 3 2", Err(LineFault::Empty)),
        ] {
            assert_eq!(parse_line(line), expected, "{line}");
        }
        let numbered: Vec<_> = lines("a\n\n \nb\n").collect();
        assert_eq!(numbered, [(1, "a"), (4, "b")]);
    }
}
