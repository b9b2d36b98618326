//! What a camera is pointed at: mostly whole plates, and some of which a part is hidden, that nobody can read, that are the wrong
//! way up, or that are none.
//!
//! Confidence is fitted on all of them together: fitted on whole plates alone it would be too sure of all others.

use kr_lpr::frame::Frame;
use kr_lpr::geometry::Quad;
use kr_lpr::labels::Label;
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::{Conditions, Synth, SynthSettings, view};

use super::rendered::{FULL_DIFFICULTY, kind_of, on_threads};
use crate::plates::example::view_rng;
use crate::plates::negatives::negative_view;
use crate::plates::turned::turned_view;

/// Width of a plate of which nothing can be known: less than two pixels a character.
pub const ILLEGIBLE_PX: f32 = 12.0;

/// One sort of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// A plate of which every character can be told.
    Whole,
    /// One before which something is put, or which the picture cuts off; what cannot be told is to be read as `?`.
    Hidden,
    /// One of [`ILLEGIBLE_PX`] pixels.
    Illegible,
    /// One that is turned by 90, 180 or 270 degrees, mirrored or flipped: to be read as nothing.
    Turned,
    /// A sign, a foreign plate or any part of a street: to be read as nothing.
    Negative,
}

impl Group {
    /// Every group.
    pub const ALL: [Group; 5] = [Group::Whole, Group::Hidden, Group::Illegible, Group::Turned, Group::Negative];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Group::Whole => "whole",
            Group::Hidden => "partly hidden",
            Group::Illegible => "12 pixels wide",
            Group::Turned => "turned or mirrored",
            Group::Negative => "no plate",
        }
    }

    /// That of picture `number`: of 20 pictures 12, 4, 1, 1 and 2.
    fn of(number: u64) -> Group {
        match number % 20 {
            0..12 => Group::Whole,
            12..16 => Group::Hidden,
            16 => Group::Illegible,
            17 => Group::Turned,
            _ => Group::Negative,
        }
    }
}

/// What the reader made of one picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// What the picture shows.
    pub group: Group,
    /// Natural logarithm of the probability that the network gives to the text; minus infinity where it reads nothing.
    pub log_prob: f32,
    /// The reader's confidence, 0 to 1.
    pub confidence: f32,
    /// Whether every character it names stands there, and nothing is named where no plate is upright.
    pub right: bool,
    /// Whether it names any character.
    pub says_something: bool,
    /// Whether the text has no `?`.
    pub complete: bool,
}

/// Has the shipped pipeline read `count` pictures.
///
/// # Errors
/// When the renderer has no glyph for some plate, or the weights are broken.
pub fn read(reader: &PlateReader, count: u64, seed: u64) -> anyhow::Result<Vec<Claim>> {
    let whole = Synth::new(SynthSettings::default())?;
    let hidden = Synth::new(SynthSettings { hidden: 1.0, ..SynthSettings::default() })?;
    let read = |&number: &u64| {
        let (group, seed) = (Group::of(number), held_out(seed, number));
        let claim = |frame: &Frame, quad: Quad, truth: &[Label]| -> anyhow::Result<Claim> {
            let reading =
                reader.read_crop_blocking(frame, &ReadOptions { quad: Some(quad), ..ReadOptions::default() })?;
            let read: Vec<Label> = reading.labels().collect();
            let says_something = read.iter().any(|&label| label != Label::UNKNOWN);
            let (log_prob, confidence, complete) = (reading.log_prob, reading.confidence, reading.complete);
            Ok(Claim { group, log_prob, confidence, right: is_true(&read, truth), says_something, complete })
        };
        match group {
            Group::Whole | Group::Hidden => {
                let synth = if group == Group::Whole { &whole } else { &hidden };
                let sample = synth.sample_at(seed, FULL_DIFFICULTY);
                claim(&sample.frame(), view(&sample, &mut view_rng(seed), FULL_DIFFICULTY), &sample.text.labels())
            }
            Group::Illegible => {
                let conditions = Conditions::of_width(ILLEGIBLE_PX);
                let sample = whole.sample_under(seed, kind_of(number / 20), FULL_DIFFICULTY, &conditions);
                claim(&sample.frame(), sample.quad, &sample.text.labels())
            }
            Group::Turned => {
                let (sample, outline) = turned_view(&whole, seed, FULL_DIFFICULTY);
                claim(&sample.frame(), outline, &[])
            }
            Group::Negative => {
                let (scene, outline) = negative_view(&whole, seed, FULL_DIFFICULTY);
                claim(&scene.frame(), outline, &[])
            }
        }
    };
    on_threads(&(0..count).collect::<Vec<_>>(), "pictures", read)
}

/// Whether every character that is named stands on the plate, in its place.
fn is_true(read: &[Label], plate: &[Label]) -> bool {
    let names_nothing = read.iter().all(|&label| label == Label::UNKNOWN);
    let agree = read.iter().zip(plate).all(|(&read, &there)| read == Label::UNKNOWN || read == there);
    names_nothing || (read.len() == plate.len() && agree)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn what_is_left_open_is_true() {
        let labels = |text: &str| text.chars().map(|c| Label::from_name(&c.to_string()).unwrap()).collect::<Vec<_>>();
        for (read, plate, expected) in [
            ("12가3456", "12가3456", true),
            ("1?가345?", "12가3456", true),
            ("1?가3457", "12가3456", false),
            ("2가3456", "12가3456", false),
            ("???", "12가3456", true),
            ("", "", true),
            ("12가3456", "", false),
        ] {
            assert_eq!(is_true(&labels(read), &labels(plate)), expected, "{read} of {plate}");
        }
    }

    #[test]
    fn every_group_has_its_share() {
        let count = |group| (0..200).filter(|&number| Group::of(number) == group).count();
        assert_eq!(Group::ALL.map(count), [120, 40, 10, 10, 20]);
    }
}
