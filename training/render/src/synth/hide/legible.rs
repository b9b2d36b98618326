//! Which characters can be told from what is left of them.
//!
//! A character is compared with every other that could stand in its place, drawn by the same lettering: the ink that one has
//! and the other has not, nor within a cell of it, is measured on a grid over the character's block, in squares of the stroke's
//! thickness, and of it the part that can be seen. The other one may stand a cell off in any direction besides: nobody sees where
//! exactly a character should be, how large each of its parts, or how thick.
//!
//! The *evidence* for a character is the least part of any such difference that can be seen, 0 to 1; of large differences
//! [`ENOUGH`] is all. What remains of a character's own ink must be enough besides: one that is told by the empty
//! cell around what covers it is guessed.
//!
//! What is covered may look like something else: tape in the colour of the plate makes a 0 of an 8, or leaves a 0 as it is where
//! an 8 would have its bar. Nobody sees that there is anything to be unsure of, so such plates are not used.

use std::collections::HashMap;
use std::sync::{Arc, RwLock};

use kr_lpr::geometry::Quad;
use kr_lpr::labels::{Label, LabelClass};
use kr_lpr::plate::{PlateKind, PlateText};

use super::super::layout::{Placement, Script};
use super::super::lettering::Lettering;
use super::grid::{Drawn, cell_area, differences, draw};
use super::view::{Seen, View, look};
use crate::glyph::InkBox;

/// Squares of a stroke's thickness that set two characters apart for good.
const ENOUGH: f32 = 1.2;

/// Evidence from which on a character is known, and below which it is unknown. Between them people disagree.
const KNOWN: f32 = 0.65;
const UNKNOWN: f32 = 0.3;

/// Share of its ink that must be seen of a character that is known, and below which it is unknown whatever the others look like.
const INK_KNOWN: f32 = 0.6;
const INK_UNKNOWN: f32 = 0.35;

/// What is left of a character, with what covers the rest, looks like one from which it differs by less than this share of
/// [`ENOUGH`].
const ALIKE: f32 = 0.4;

/// What people would say of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Which one it is.
    Known,
    /// That it cannot be told.
    Unknown,
    /// They would not agree.
    Doubtful,
}

/// What can be seen of one character.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sight {
    /// How much of what tells it from the others can be seen, 0 to 1.
    pub evidence: f32,
    /// Share of its ink, 0 to 1.
    pub ink: f32,
    /// Whether what is seen, with what covers the rest, looks like a whole character: another one, or this one though it
    /// could be another.
    pub deceives: bool,
}

impl Sight {
    const WHOLE: Sight = Sight { evidence: 1.0, ink: 1.0, deceives: false };

    /// What people would say of it.
    pub fn verdict(self) -> Verdict {
        if self.deceives {
            Verdict::Doubtful
        } else if self.evidence >= KNOWN && self.ink >= INK_KNOWN {
            Verdict::Known
        } else if self.evidence < UNKNOWN || self.ink < INK_UNKNOWN {
            Verdict::Unknown
        } else {
            Verdict::Doubtful
        }
    }
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    script: Script,
    syllable: char,
    /// Hundredths of a millimetre.
    block: [u32; 2],
    stroke: u32,
}

/// Shape of a text: class digits, serial digits, whether there is a region.
type TextShape = (usize, usize, bool);

/// Compares characters. Shared by all threads; which grids are kept never shows in an answer.
#[derive(Default)]
pub(crate) struct Comparison {
    /// Letters that texts of a shape may have.
    letters: RwLock<HashMap<TextShape, Arc<[Label]>>>,
    grids: RwLock<HashMap<Key, Option<Arc<Drawn>>>>,
}

impl Comparison {
    /// What can be seen of each character of `text` in `view`, within `outline` (in pixels of the picture) if there is one.
    pub(crate) fn sights(
        &self,
        lettering: &Lettering,
        text: &PlateText,
        view: &View,
        outline: Option<&Quad>,
    ) -> Vec<Sight> {
        let labels = text.labels();
        let mut sights = Vec::with_capacity(labels.len());
        for (character, &label) in labels.iter().enumerate() {
            let glyphs: Vec<&(Placement, InkBox)> =
                view.glyphs.iter().filter(|(placement, _)| placement.character == character).collect();
            let seen: Vec<Seen> =
                glyphs.iter().map(|(placement, place)| look(lettering, view, placement, place, outline)).collect();
            if seen.iter().all(|seen| seen.whole) {
                sights.push(Sight::WHOLE);
                continue;
            }
            let placements: Vec<&Placement> = glyphs.iter().map(|(placement, _)| placement).collect();
            sights.push(self.sight(lettering, label, &self.others(text, label), &placements, &seen));
        }
        sights
    }

    /// What can be seen of `label`, written with `placements`.
    fn sight(
        &self,
        lettering: &Lettering,
        label: Label,
        others: &[Label],
        placements: &[&Placement],
        seen: &[Seen],
    ) -> Sight {
        let own: Vec<Arc<Drawn>> = placements.iter().filter_map(|placement| self.grid(lettering, placement)).collect();
        if own.len() != placements.len() {
            return Sight { evidence: 0.0, ink: 0.0, deceives: true }; // every glyph that is drawn has a grid
        }
        let (mut inked, mut in_sight) = (0.0, 0.0);
        for (grid, seen) in own.iter().zip(seen) {
            inked += grid.ink.iter().sum::<f32>();
            in_sight += grid.ink.iter().zip(&seen.visible).map(|(ink, visible)| ink * visible).sum::<f32>();
        }
        let mut sight = Sight { evidence: 1.0, ink: in_sight / inked.max(1e-3), deceives: false };
        if sight.ink < INK_UNKNOWN {
            return Sight { evidence: 0.0, ..sight };
        }
        let apparent: Vec<Drawn> = own.iter().zip(seen).map(|(own, seen)| seen.apparent(own)).collect();
        for other in others.iter().filter(|&&other| other != label) {
            let [all, visible] = self.apart(lettering, placements, own.iter().map(Arc::as_ref), *other, seen);
            if all <= 0.0 {
                continue; // not to be told apart even whole
            }
            let enough = all.min(ENOUGH);
            sight.evidence = sight.evidence.min(visible / enough);
            // What differs visibly does not look alike.
            if visible < 2.0 * ALIKE * enough && !sight.deceives {
                let [apparent, _] = self.apart(lettering, placements, apparent.iter(), *other, seen);
                sight.deceives = apparent < ALIKE * enough;
            }
        }
        if sight.verdict() == Verdict::Unknown {
            let [from_itself, _] = self.apart(lettering, placements, apparent.iter(), label, seen);
            sight.deceives = from_itself < ALIKE * ENOUGH;
        }
        sight
    }

    /// How much the glyphs `drawn` differ from those of `other` in the same places, and how much of that is visible, in squares
    /// of the stroke's thickness.
    fn apart<'a>(
        &self,
        lettering: &Lettering,
        placements: &[&Placement],
        drawn: impl Iterator<Item = &'a Drawn>,
        other: Label,
        seen: &[Seen],
    ) -> [f32; 2] {
        let mut sums = [0.0; 2];
        for (((placement, drawn), seen), syllable) in placements.iter().zip(drawn).zip(seen).zip(other.name().chars()) {
            if let Some(other) = self.grid(lettering, &Placement { syllable, ..**placement }) {
                let unit = cell_area(placement) / lettering.stem(placement).powi(2);
                let found = differences(drawn, &other, &seen.visible);
                sums.iter_mut().zip(found).for_each(|(sum, found)| *sum += found * unit);
            }
        }
        sums
    }

    /// The labels that could stand in the place of `label` on a plate whose text has the shape of `text`.
    fn others(&self, text: &PlateText, label: Label) -> Arc<[Label]> {
        match label.class() {
            class @ (LabelClass::Digit | LabelClass::Region | LabelClass::Diplomatic) => {
                Label::all().filter(|label| label.class() == class).collect()
            }
            _ => self.letters_beside(text),
        }
    }

    fn letters_beside(&self, text: &PlateText) -> Arc<[Label]> {
        let shape = (text.class_digits(), text.serial().len(), text.region().is_some());
        if let Some(letters) = self.letters.read().expect("no thread panics while it holds the letters").get(&shape) {
            return letters.clone();
        }
        let formats = PlateKind::ALL.into_iter().flat_map(|kind| kind.formats());
        let of_shape: Vec<_> = formats
            .filter(|format| (format.class_digits(), format.serial_digits(), format.has_region()) == shape)
            .collect();
        let may_stand = |label: &Label| of_shape.iter().any(|format| format.letters().any(|letter| letter == *label));
        let letters: Arc<[Label]> = Label::all().filter(may_stand).collect();
        self.letters.write().expect("no thread panics while it holds the letters").insert(shape, letters.clone());
        letters
    }

    /// The glyph of `placement` on the grid of its block.
    fn grid(&self, lettering: &Lettering, placement: &Placement) -> Option<Arc<Drawn>> {
        let hundredths = |mm: f32| (mm * 100.0).round() as u32;
        let [_, _, width, height] = placement.block;
        let key = Key {
            script: placement.script,
            syllable: placement.syllable,
            block: [hundredths(width), hundredths(height)],
            stroke: hundredths(placement.stroke.unwrap_or(0.0)),
        };
        if let Some(grid) = self.grids.read().expect("no thread panics while it holds the grids").get(&key) {
            return grid.clone();
        }
        let grid = draw(lettering, placement).map(Arc::new);
        self.grids.write().expect("no thread panics while it holds the grids").insert(key, grid.clone());
        grid
    }
}
