//! One page on a run, for people, and the same numbers as JSON.
//!
//! Everything but the curves of the training is measured when the page is made, with the shipped pipeline on plates
//! rendered from a seed of its own: [`rendered`] renders and reads, [`tables`], [`reliability`] and [`mistakes`] count,
//! [`robustness`] makes one [`nuisance`] worse at a time, [`unreadable`] reads what says nothing, [`history`] is the run's `metrics.csv`, and [`plot`] and
//! [`page`] show it all.

pub mod axis;
pub mod edits;
pub mod history;
pub mod interval;
pub mod mistakes;
pub mod nuisance;
pub mod page;
pub mod plot;
pub mod reliability;
pub mod robustness;
pub mod subject;
pub mod tables;
pub mod unreadable;

use std::path::PathBuf;

use anyhow::ensure;
use serde::Serialize;

use crate::evaluation::rendered;
use history::History;
use kr_lpr_render::synth::{Synth, SynthSettings};
use mistakes::Mistake;
use reliability::Reliability;
use robustness::Sweep;
use subject::{Opened, Subject};
use tables::Tables;
use unreadable::Unreadable;

/// What to report on, and how much to read for it.
#[derive(Clone, Debug)]
pub struct ReportOptions {
    /// Folder of a run.
    pub run: Option<PathBuf>,
    /// Weights file or checkpoint; the run's checkpoint if left out.
    pub weights: Option<PathBuf>,
    /// How much to read.
    pub sizes: Sizes,
}

/// How much is read, and from which seed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Sizes {
    /// Plates of the validation set.
    pub plates: u64,
    /// Plates of each point of the robustness curves, and scenes without a plate.
    pub plates_per_point: u64,
    /// Seed of the plates; no plate of a training has one of its seeds.
    pub seed: u64,
}

/// Everything a page shows.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What it is about.
    pub subject: Subject,
    /// How much was read.
    pub sizes: Sizes,
    /// The training, if the run's metrics are there.
    pub history: Option<History>,
    /// The validation set.
    pub validation: Tables,
    /// Its confidences.
    pub reliability: Reliability,
    /// The confidences of its characters.
    pub character_reliability: Reliability,
    /// Readings of what says nothing.
    pub unreadable: Vec<Unreadable>,
    /// Accuracy against one nuisance at a time.
    pub robustness: Vec<Sweep>,
    /// The worst mistakes of the validation set.
    pub mistakes: Vec<Mistake>,
}

impl Report {
    /// Renders, reads and counts.
    ///
    /// # Errors
    /// When files cannot be read, or there is nothing to read.
    pub fn make(options: &ReportOptions) -> anyhow::Result<Report> {
        let sizes = options.sizes;
        ensure!(sizes.plates > 0 && sizes.plates_per_point > 0, "a report needs at least one plate of each set");
        let Opened { subject, reader, history } = subject::open(options.run.as_deref(), options.weights.as_deref())?;
        let synth = Synth::new(SynthSettings { colour: true, ..SynthSettings::default() })?;
        let readings = rendered::read_balanced(&reader, &synth, sizes.plates, sizes.seed)?;
        Ok(Report {
            subject,
            sizes,
            history,
            validation: Tables::of(&readings),
            reliability: Reliability::of(&readings),
            character_reliability: Reliability::of_characters(&readings),
            unreadable: unreadable::read_all(&reader, &synth, sizes.plates_per_point, sizes.seed)?,
            robustness: robustness::sweep_all(&reader, &synth, sizes.plates_per_point, sizes.seed)?,
            mistakes: mistakes::worst(&readings)?,
        })
    }

    /// The numbers as JSON.
    ///
    /// # Errors
    /// Never for a report that [`make`](Self::make) made.
    pub fn json(&self) -> anyhow::Result<String> {
        Ok(serde_json::to_string_pretty(self)? + "\n")
    }
}
