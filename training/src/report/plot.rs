//! Line plots and the reliability diagram as inline SVG. Colours and fonts are those of the page's style sheet.

use std::fmt::Write;

use super::axis::{Axis, short};
use super::page::text::escape;
use super::reliability::Bin;

/// Room for what is written left of and below the plot, and a little air above and to the right.
const LEFT: f64 = 44.0;
const BELOW: f64 = 40.0;
const AIR: f64 = 10.0;

/// A plot of lines.
pub struct Plot<'a> {
    /// What screen readers say.
    pub title: &'a str,
    /// What stands below the horizontal axis; nothing if empty.
    pub x_label: &'a str,
    /// Width and height, pixels at the page's usual size.
    pub size: [f64; 2],
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Whether the vertical values are shares, to be written as percent.
    pub percent: bool,
    /// The lines, at most [`Plot::LINES`] of them.
    pub lines: Vec<Line<'a>>,
}

/// One line of a plot.
pub struct Line<'a> {
    /// What the points' tool tips say first; nothing if empty.
    pub name: &'a str,
    /// Whether points are drawn, with their intervals, and not only the line through them.
    pub marked: bool,
    /// The points from left to right.
    pub points: Vec<Mark>,
}

/// A point of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Horizontal value.
    pub x: f64,
    /// Vertical value.
    pub y: f64,
    /// The interval the vertical value lies in.
    pub interval: Option<[f64; 2]>,
}

/// The inner rectangle of a drawing.
struct Area {
    size: [f64; 2],
}

impl Area {
    fn x(&self, place: f64) -> f64 {
        LEFT + place * (self.size[0] - LEFT - AIR)
    }

    fn y(&self, place: f64) -> f64 {
        self.size[1] - BELOW - place * (self.size[1] - BELOW - AIR)
    }

    fn open(&self, title: &str) -> String {
        let [width, height] = self.size;
        format!(
            "<svg viewBox=\"0 0 {width} {height}\" width=\"{width}\" role=\"img\" aria-label=\"{}\">",
            escape(title)
        )
    }

    /// Grid, tick labels and the label of the horizontal axis.
    fn frame(&self, x: &Axis, y: &Axis, percent: bool, x_label: &str) -> Result<String, std::fmt::Error> {
        let mut svg = String::new();
        let (left, right, bottom) = (self.x(0.0), self.x(1.0), self.y(0.0));
        for &tick in &y.ticks {
            let at = self.y(y.place(tick));
            let text = if percent { format!("{} %", short(100.0 * tick)) } else { short(tick) };
            write!(svg, "<path class=\"grid\" d=\"M{left:.1} {at:.1}H{right:.1}\"/>")?;
            write!(svg, "<text class=\"y\" x=\"{:.1}\" y=\"{:.1}\">{text}</text>", left - 6.0, at + 3.5)?;
        }
        for &tick in &x.ticks {
            let at = self.x(x.place(tick));
            write!(svg, "<path class=\"tick\" d=\"M{at:.1} {bottom:.1}v4\"/>")?;
            write!(svg, "<text class=\"x\" x=\"{at:.1}\" y=\"{:.1}\">{}</text>", bottom + 16.0, short(tick))?;
        }
        write!(svg, "<path class=\"axis\" d=\"M{left:.1} {bottom:.1}H{right:.1}\"/>")?;
        let middle = (left + right) / 2.0;
        write!(svg, "<text class=\"x\" x=\"{middle:.1}\" y=\"{:.1}\">{}</text>", self.size[1] - 6.0, escape(x_label))?;
        Ok(svg)
    }
}

impl Plot<'_> {
    /// Lines that the style sheet has colours for.
    pub const LINES: usize = 2;

    /// The plot as SVG.
    ///
    /// # Errors
    /// Never; writing to memory does not fail.
    pub fn svg(&self) -> Result<String, std::fmt::Error> {
        let area = Area { size: self.size };
        let mut svg = area.open(self.title);
        svg += &area.frame(&self.x, &self.y, self.percent, self.x_label)?;
        for (index, line) in self.lines.iter().enumerate() {
            write!(svg, "<g class=\"line{}\">", index % Plot::LINES)?;
            let place = |mark: &Mark| (area.x(self.x.place(mark.x)), area.y(self.y.place(mark.y)));
            let path: Vec<String> = line.points.iter().map(place).map(|(x, y)| format!("{x:.1} {y:.1}")).collect();
            if !path.is_empty() {
                write!(svg, "<path class=\"stroke\" d=\"M{}\"/>", path.join("L"))?;
            }
            for mark in line.points.iter().filter(|_| line.marked) {
                let (x, y) = place(mark);
                if let Some([low, high]) = mark.interval {
                    let (low, high) = (area.y(self.y.place(low)), area.y(self.y.place(high)));
                    write!(svg, "<path class=\"whisker\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>")?;
                }
                let value = if self.percent { format!("{:.1} %", 100.0 * mark.y) } else { short(mark.y) };
                write!(svg, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\"><title>")?;
                write!(svg, "{} at {}: {value}</title></circle>", escape(line.name), short(mark.x))?;
            }
            svg += "</g>";
        }
        Ok(svg + "</svg>")
    }
}

/// Accuracy of each bin over its mean confidence in `what`, beside the diagonal on which the two agree.
///
/// # Errors
/// Never; writing to memory does not fail.
pub fn reliability_svg(what: &str, bins: &[Bin]) -> Result<String, std::fmt::Error> {
    let area = Area { size: [420.0, 360.0] };
    let tenths: Vec<f64> = (0..=5).map(|i| f64::from(i) / 5.0).collect();
    let axis = Axis::linear(0.0, 1.0).with_ticks(tenths);
    let mut svg = area.open("Accuracy over confidence");
    svg += &area.frame(&axis, &axis, true, &format!("confidence of {what}"))?;
    for bin in bins {
        let (Some(share), Some([low, high]), Some(confidence)) =
            (bin.share.share, bin.share.interval, bin.mean_confidence)
        else {
            continue;
        };
        let (left, right) = (area.x(bin.from) + 1.0, area.x(bin.to) - 1.0);
        let (top, bottom) = (area.y(share), area.y(0.0));
        write!(svg, "<rect class=\"bar\" x=\"{left:.1}\" y=\"{top:.1}\" ")?;
        write!(svg, "width=\"{:.1}\" height=\"{:.1}\"/>", right - left, bottom - top)?;
        let (x, low, high) = (area.x(confidence), area.y(low), area.y(high));
        write!(svg, "<g class=\"line0\"><path class=\"whisker\" d=\"M{x:.1} {low:.1}V{high:.1}\"/>")?;
        write!(svg, "<circle cx=\"{x:.1}\" cy=\"{top:.1}\" r=\"3.5\"><title>{} readings, ", bin.share.seen)?;
        write!(svg, "mean confidence {confidence:.3}, {:.1} % right</title></circle></g>", 100.0 * share)?;
    }
    let [x0, y0, x1, y1] = [area.x(0.0), area.y(0.0), area.x(1.0), area.y(1.0)];
    write!(svg, "<path class=\"ideal\" d=\"M{x0:.1} {y0:.1}L{x1:.1} {y1:.1}\"/></svg>")?;
    Ok(svg)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::interval::Share;
    use super::*;

    fn plot(points: Vec<Mark>) -> String {
        let lines = vec![Line { name: "a < b", marked: true, points }];
        let (x, y) = (Axis::linear(0.0, 10.0), Axis::linear(0.0, 1.0));
        Plot { title: "t & u", x_label: "x", size: [254.0, 150.0], x, y, percent: true, lines }.svg().unwrap()
    }

    #[test]
    fn points_stand_where_the_axes_say() {
        // The inner rectangle is 200 wide and 100 high, from (44, 110).
        let svg = plot(vec![
            Mark { x: 0.0, y: 0.0, interval: None },
            Mark { x: 5.0, y: 0.5, interval: Some([0.4, 0.7]) },
            Mark { x: 10.0, y: 1.0, interval: None },
        ]);
        assert!(svg.contains("d=\"M44.0 110.0L144.0 60.0L244.0 10.0\""), "{svg}");
        assert!(svg.contains("class=\"whisker\" d=\"M144.0 70.0V40.0\""), "{svg}");
        assert!(svg.contains("a &lt; b at 5: 50.0 %") && svg.contains("t &amp; u"), "{svg}");
    }

    #[test]
    fn what_is_empty_is_drawn_empty() {
        let svg = plot(Vec::new());
        assert!(!svg.contains("stroke") && !svg.contains("NaN") && svg.ends_with("</svg>"));
        let bin = Bin { from: 0.0, to: 0.1, share: Share::of(0, 0), mean_confidence: None };
        let svg = reliability_svg("the text", &[bin]).unwrap();
        assert!(!svg.contains("bar") && !svg.contains("NaN"));
    }
}
