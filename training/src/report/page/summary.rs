//! The first and the last section: what the weights are and what the numbers rest on.

use std::fmt::Write;

use super::super::Report;
use super::super::nuisance::PLATE_PX;
use super::super::robustness::BASE_DIFFICULTY;
use super::super::subject::Subject;
use super::text::{escape, interval, number, percent};
use crate::evaluation::rendered::FULL_DIFFICULTY;
use crate::progress::human;

/// Figures at a glance and a table of where the weights come from.
pub fn section(report: &Report) -> Result<String, std::fmt::Error> {
    let (all, reliability) = (&report.validation.all, &report.reliability);
    let mut text = String::from("<div class=\"figures\">");
    let sure = format!("of {} readings above {}", reliability.sure.seen, reliability.sure_above);
    let figures = [
        ("plates read right", percent(all.plates.share), format!("95 % interval {}", interval(all.plates.interval))),
        ("characters wrong", percent(all.character_error_rate), "edits a character".to_owned()),
        ("kinds right", percent(all.kind_right.share), format!("of {} plates", all.kind_right.seen)),
        ("calibration error", percent(reliability.expected_calibration_error), "expected, in 10 bins".to_owned()),
        ("sure but wrong", reliability.wrong_though_sure().to_string(), sure),
    ];
    for (name, value, note) in figures {
        write!(text, "<div><span>{name}</span><b>{value}</b><small>{note}</small></div>")?;
    }
    text += "</div>\n<p>Read by the shipped pipeline, plate grammar included, on ";
    writeln!(
        text,
        "{} rendered plates at the renderer's full difficulty: every kind as often as the others, letters and regions \
         alike, none of them ever trained on. The sections below say how the {} wrong ones came about.</p>",
        number(all.plates.seen),
        number(all.plates.seen - all.plates.right)
    )?;
    provenance(&mut text, report)?;
    Ok(text)
}

fn provenance(text: &mut String, report: &Report) -> std::fmt::Result {
    let Subject {
        model,
        recipe,
        seed,
        steps,
        seconds,
        progress,
        commit,
        bytes,
        parameters,
        multiply_adds,
        checksum,
        ..
    } = &report.subject;
    let done =
        progress.filter(|&done| done < 1.0).map_or(String::new(), |done| format!(" ({:.0} % done)", 100.0 * done));
    let rows = [
        ("weights", escape(model)),
        ("recipe, seed", format!("{}, {seed}", escape(recipe))),
        ("training steps", format!("{}{done}", number(*steps))),
        ("training time", seconds.map_or("not said by exported weights".to_owned(), human)),
        (
            "exported by commit",
            commit
                .as_deref()
                .map_or("not exported: a checkpoint".to_owned(), |commit| format!("<code>{}</code>", escape(commit))),
        ),
        ("size as exported", format!("{} bytes", number(*bytes as u64))),
        ("parameters", number(*parameters as u64)),
        ("multiply-adds a plate", number(*multiply_adds as u64)),
        ("checksum of the values", format!("<code>{}</code>", escape(checksum))),
    ];
    *text += "<table class=\"facts\">";
    for (name, value) in rows {
        write!(text, "<tr><th>{name}</th><td>{value}</td></tr>")?;
    }
    *text += "</table>\n";
    Ok(())
}

/// What the numbers rest on, and the recipe.
pub fn made(report: &Report) -> Result<String, std::fmt::Error> {
    let sizes = report.sizes;
    let mut text = String::new();
    writeln!(
        text,
        "<p>The verb <code>report</code> of <code>kr-lpr-training</code> with <code>--plates {} --per-point {} --seed {}\
         </code>; the same weights give the same numbers, and <code>--json</code> writes them down. Seeds of these plates \
         are kept apart from all seeds that training draws. Validation plates have difficulty {FULL_DIFFICULTY:.1} and \
         are outlined as crops and detectors outline them. For the robustness curves everything but the one nuisance has \
         difficulty {BASE_DIFFICULTY} at {PLATE_PX} pixels of plate width. Intervals are Wilson's, 95 %. A plate is right \
         if its whole text is.</p>\n<p>These are drawings. How well real pictures are read is for the verb \
         <code>eval</code> to say.</p>",
        sizes.plates, sizes.plates_per_point, sizes.seed
    )?;
    if let Some(recipe) = &report.subject.recipe_toml {
        writeln!(text, "<details><summary>The recipe</summary><pre>{}</pre></details>", escape(recipe))?;
    }
    Ok(text)
}
