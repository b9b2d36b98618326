//! The sections that show plots: the training, the confidence, the robustness.

use std::fmt::Write;

use super::super::axis::{Axis, short};
use super::super::history::{Column, History};
use super::super::plot::{Line, Mark, Plot, reliability_svg};
use super::super::reliability::Reliability;
use super::super::robustness::Sweep;
use super::text::{cells, decimal, escape, headings, interval, percent};

/// Columns of this beginning are shares of validation plates.
const VALIDATION: &str = "val_";

/// Columns that are neither losses nor validation.
const PACE: [&str; 4] = ["learning_rate", "difficulty", "images_per_second", "gradient_norm"];

/// Factors between the largest and the least value from which a logarithmic axis shows more: losses fall fast and then
/// go on falling slowly.
const WIDE_LOSS: f64 = 4.0;
const WIDE_PACE: f64 = 30.0;

/// A small plot for every column of the metrics.
pub fn training(history: Option<&History>) -> Result<String, std::fmt::Error> {
    let Some(history) = history else {
        return Ok("<p>There is no <code>metrics.csv</code>: the report was made of weights alone, or the run has \
                   none.</p>\n"
            .to_owned());
    };
    let (validation, others): (Vec<&Column>, Vec<&Column>) =
        history.columns.iter().partition(|column| column.name.starts_with(VALIDATION));
    // Seconds rise with the steps; there is nothing to see.
    let others = others.into_iter().filter(|column| column.name != "seconds");
    let (pace, losses): (Vec<&Column>, Vec<&Column>) = others.partition(|column| PACE.contains(&column.name.as_str()));
    let mut text =
        String::from("<p>Over the steps; the last value is bold.</p>\n<h3>Losses</h3>\n<div class=\"plots small\">");
    for column in losses {
        text += &column_plot(column, &column.name, Axis::around(values(column), WIDE_LOSS))?;
    }
    text += "</div>\n<h3>Schedule and pace</h3>\n<div class=\"plots small\">";
    for column in pace {
        text += &column_plot(column, &column.name, Axis::around(values(column), WIDE_PACE))?;
    }
    text += "</div>\n<h3>Validation while training</h3>\n<p>Of the network alone, without the plate grammar, on the \
             plates of the recipe.</p>\n<div class=\"plots small\">";
    for column in validation {
        let name = column.name.trim_start_matches(VALIDATION);
        // Error rates have no place in common with accuracies.
        let error = name.contains("error");
        let axis = if error { Axis::around(values(column), f64::INFINITY) } else { Axis::linear(0.0, 1.0) };
        text += &column_plot(column, name, axis)?;
    }
    Ok(text + "</div>\n")
}

fn values(column: &Column) -> impl Iterator<Item = f64> {
    column.points.iter().map(|point| point[1])
}

/// A plot of one column.
fn column_plot(column: &Column, name: &str, y: Axis) -> Result<String, std::fmt::Error> {
    let Some([last, value]) = column.points.last().copied() else { return Ok(String::new()) };
    let percent = column.name.starts_with(VALIDATION);
    let value = if percent { format!("{:.2} %", 100.0 * value) } else { short(value) };
    let plot = Plot {
        title: name,
        x_label: "",
        size: [270.0, 150.0],
        x: Axis::linear(0.0, last),
        y,
        percent,
        lines: vec![Line {
            name,
            marked: false,
            points: column.points.iter().map(|&[x, y]| Mark { x, y, interval: None }).collect(),
        }],
    };
    let title = escape(&name.replace('_', " "));
    Ok(format!("<figure><figcaption>{title} <b>{value}</b></figcaption>{}</figure>", plot.svg()?))
}

/// The reliability diagrams of whole texts and of their characters, with their tables.
pub fn confidence(texts: &Reliability, characters: &Reliability) -> Result<String, std::fmt::Error> {
    let mut text = String::from(
        "<p>How often what was read is right, over how sure the reader was of it. On the dashed line confidence would be a \
         probability; below it the reader is too sure. The confidences of a text's characters multiply to that of the \
         text.</p>\n",
    );
    for (name, what, reliability) in [("Texts", "the whole text", texts), ("Characters", "the character", characters)] {
        let error = percent(reliability.expected_calibration_error);
        write!(
            text,
            "<h3>{name}</h3>\n<p>The expected calibration error is <b>{error}</b>; of {} above {} <b>{}</b> are wrong.</p>\n\
             <div class=\"beside\">",
            reliability.sure.seen,
            reliability.sure_above,
            reliability.wrong_though_sure()
        )?;
        text += &reliability_svg(what, &reliability.bins)?;
        text += "<table class=\"numbers\">";
        text += &headings(&["confidence", "right", "of", "share", "95 %", "mean confidence"]);
        text += "<tbody>";
        for bin in &reliability.bins {
            write!(text, "<tr><th>{:.1} to {:.1}</th>{}", bin.from, bin.to, cells(&bin.share))?;
            write!(text, "<td>{}</td></tr>", decimal(bin.mean_confidence))?;
        }
        text += "</tbody></table></div>\n";
    }
    Ok(text)
}

/// A plot and a table for every nuisance.
pub fn robustness(sweeps: &[Sweep], plates: u64) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    write!(
        text,
        "<p>One thing gets worse while all else stays that of an ordinary day. Every point is the same {plates} plates of \
         all kinds, read by their true corners unless said otherwise; whiskers are 95 % intervals.</p>\n\
         <div class=\"plots\">"
    )?;
    for sweep in sweeps {
        text += &sweep_plot(sweep)?;
    }
    Ok(text + "</div>\n")
}

fn sweep_plot(sweep: &Sweep) -> Result<String, std::fmt::Error> {
    let values: Vec<f64> = sweep.curves.iter().flat_map(|curve| &curve.points).map(|p| f64::from(p.value)).collect();
    let (low, high) = values.iter().fold((f64::MAX, f64::MIN), |(low, high), &v| (low.min(v), high.max(v)));
    let axis = if sweep.logarithmic { Axis::logarithmic(low, high) } else { Axis::linear(low, high) };
    let values: Vec<f64> = sweep.curves.first().map_or(Vec::new(), |curve| {
        // 0.3 as f32 is not 0.3 as f64, and is to be written as 0.3.
        curve.points.iter().map(|point| (f64::from(point.value) * 1e4).round() / 1e4).collect()
    });
    let lines = sweep.curves.iter().map(|curve| Line {
        name: curve.outline,
        marked: true,
        points: (curve.points.iter().zip(&values))
            .filter_map(|(point, &x)| Some(Mark { x, y: point.plates.share?, interval: point.plates.interval }))
            .collect(),
    });
    let plot = Plot {
        title: sweep.name,
        x_label: sweep.axis,
        size: [520.0, 270.0],
        x: axis.with_ticks(values.clone()),
        y: Axis::linear(0.0, 1.0).with_ticks(vec![0.0, 0.25, 0.5, 0.75, 1.0]),
        percent: true,
        lines: lines.collect(),
    };
    let mut text = format!("<figure><figcaption><b>{}</b> {}</figcaption>", sweep.name, escape(sweep.note));
    if sweep.curves.len() > 1 {
        text += "<p class=\"legend\">";
        for (index, curve) in sweep.curves.iter().enumerate() {
            write!(text, "<span class=\"line{}\">{}</span> ", index % Plot::LINES, curve.outline)?;
        }
        text += "</p>";
    }
    text += &plot.svg()?;
    text += "<div class=\"scroll\"><table class=\"numbers tight\"><tbody><tr><th></th>";
    for &value in &values {
        write!(text, "<th>{}</th>", short(value))?;
    }
    text += "</tr>";
    for curve in &sweep.curves {
        write!(text, "<tr><th>{}</th>", curve.outline)?;
        for point in &curve.points {
            let share = point.plates.share.map_or("–".to_owned(), |share| format!("{:.1}", 100.0 * share));
            write!(text, "<td title=\"{} %\">{share}</td>", interval(point.plates.interval))?;
        }
        text += "</tr>";
    }
    Ok(text + "</tbody></table></div></figure>")
}
