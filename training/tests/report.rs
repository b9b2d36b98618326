//! The report as a whole, on the weights that ship.
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use kr_lpr::labels::Label;
use kr_lpr::plate::PlateKind;
use kr_lpr_training::report::{Report, ReportOptions, Sizes, page};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../pkg/weights/recognizer.bin")
}

fn report(run: Option<PathBuf>) -> Report {
    let sizes = Sizes { plates: 51, plates_per_point: 2, seed: 5 };
    Report::make(&ReportOptions { run, weights: Some(shipped()), sizes }).unwrap()
}

#[test]
fn a_page_has_every_section_and_no_hole() {
    let run = tempfile::tempdir().unwrap();
    // A column that this build does not know, a validation, and a line that is still being written.
    let metrics = "step,seconds,loss,new_loss,val_accuracy,val_ev\n50,1,9,2,,\n100,2,3,1,0.5,0.25\n150,3";
    std::fs::write(run.path().join("metrics.csv"), metrics).unwrap();
    std::fs::write(run.path().join("recipe.toml"), "name = \"a<b\"\n").unwrap();
    let report = report(Some(run.path().to_owned()));
    let html = page::html(&report).unwrap();
    for section in ["summary", "training", "kinds", "characters", "confidence", "robustness", "mistakes", "made"] {
        assert!(html.contains(&format!("<section id=\"{section}\">")), "{section}");
        assert!(html.contains(&format!("href=\"#{section}\"")), "{section} is not in the contents");
    }
    for part in ["new loss", "prefers-color-scheme: dark", "name = &quot;a&lt;b&quot;", "95 % interval"] {
        assert!(html.contains(part), "{part} is not on the page");
    }
    // Pictures as base64 may spell anything.
    let written: String =
        html.split("base64,").map(|part| part.split_once('"').map_or(part, |(_, rest)| rest)).collect();
    for hole in ["NaN", "inf ", "<script", "a<b"] {
        assert!(!written.contains(hole), "{hole} is on the page");
    }
    for kind in PlateKind::ALL {
        assert!(html.contains(&format!("<tr><th>{}</th>", kind.name())), "{kind}");
    }
    for label in Label::all() {
        assert!(html.contains(&format!("<th class=\"plate\">{}</th>", label.name())), "{}", label.name());
    }
    assert_eq!(html.matches("<svg").count(), html.matches("</svg>").count());
    assert_eq!(html.matches("<svg").count(), 4 + 2 + report.robustness.len(), "four columns, two diagrams, the sweeps");
    for what in ["the whole text", "the character"] {
        assert_eq!(html.matches(&format!(">confidence of {what}<")).count(), 1, "{what}");
    }
    assert_eq!(html.matches("data:image/png;base64,").count(), report.mistakes.len());

    // The JSON holds the numbers of the page.
    let json: serde_json::Value = serde_json::from_str(&report.json().unwrap()).unwrap();
    assert_eq!(json["validation"]["all"]["plates"]["seen"], 51);
    assert_eq!(json["validation"]["kinds"][0]["plates"]["seen"], 3);
    assert_eq!(json["history"]["columns"][1]["points"][1][1], 3.0);
    assert_eq!(json["robustness"][0]["curves"][0]["points"][0]["plates"]["seen"], 2);
    for name in ["reliability", "character_reliability"] {
        assert_eq!(json[name]["bins"].as_array().unwrap().len(), 10, "{name}");
    }
}

#[test]
fn the_same_seed_gives_the_same_page() {
    let pages = [(); 2].map(|()| page::html(&report(None)).unwrap());
    assert_eq!(pages[0], pages[1]);
    assert!(pages[0].contains("There is no <code>metrics.csv</code>"));
}

#[test]
fn what_is_missing_is_named() {
    let sizes = Sizes { plates: 1, plates_per_point: 1, seed: 1 };
    let make = |run: Option<PathBuf>, sizes| Report::make(&ReportOptions { run, weights: None, sizes }).unwrap_err();
    let folder = tempfile::tempdir().unwrap();
    assert!(format!("{:#}", make(Some(folder.path().to_owned()), sizes)).contains("checkpoint"));
    assert!(format!("{:#}", make(None, sizes)).contains("neither a run nor weights"));
    assert!(format!("{:#}", make(None, Sizes { plates: 0, ..sizes })).contains("at least one plate"));
}
