//! The texts that were read as a whole, in how many frames, and in how many a character could not be seen.

use crate::labels::Label;

use super::alignment::align;
use super::observation::Observation;

/// Different texts that are counted; the least often read ones are forgotten.
const TEXTS: usize = 16;

/// Probability of `?` from which on a character counts as one that could not be seen, though it was read. Digits that are wholly
/// visible have up to 2 % where a plate is 60 pixels wide: with 0.005 such a one was not confirmed in 24 frames.
const MAY_BE_HIDDEN: f32 = 0.02;

/// Share of what could not be seen before that a frame makes up for in which all can be seen, and of what was cut off by the
/// picture's edge: a car may have come from behind something, or into the picture. Where no more than half of all frames, and of
/// cut ones two of five, can see all, that is too little for ever.
const MADE_UP: f32 = 0.1;
const COME_IN: f32 = 0.2;

/// What was read in the frames of one plate.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    texts: Vec<Support>,
    /// Independent frames' worth of forgotten readings of which something could not be seen.
    forgotten: f32,
}

/// The readings of one text.
#[derive(Clone, Debug)]
struct Support {
    labels: Vec<Label>,
    /// Independent frames' worth of them.
    weight: f32,
    /// Confidence of the surest of them, 0 to 1.
    surest: f32,
    /// The part of `weight` in which each character could not be seen, within the picture, and in which the plate was at its edge.
    hidden: Vec<f32>,
    cut: f32,
}

impl Texts {
    /// Counts a reading as `weight` independent frames, and says whether it could see all.
    pub(super) fn count(&mut self, observation: &Observation, weight: f32) -> bool {
        let may_be_hidden = |guess: &super::CharGuess| {
            let unknown = |&(label, p): &(Label, f32)| label == Label::UNKNOWN && p >= MAY_BE_HIDDEN;
            guess.label == Label::UNKNOWN || guess.alternatives.iter().any(unknown)
        };
        let at_edge = observation.at_edge();
        let worth = |is_so: bool| if is_so { weight } else { 0.0 };
        let new = Support {
            labels: observation.labels().collect(),
            weight,
            surest: observation.confidence(),
            hidden: observation.chars().iter().map(|guess| worth(!at_edge && may_be_hidden(guess))).collect(),
            cut: worth(at_edge),
        };
        let sees_all = new.most_hidden() == 0.0;
        if sees_all {
            self.fade_hidden(1.0 - MADE_UP * weight, 1.0 - COME_IN * weight);
        }
        self.add(new);
        sees_all
    }

    /// Adds what was read of the same plate elsewhere.
    pub(super) fn absorb(&mut self, other: &Texts) {
        other.texts.iter().for_each(|support| self.add(support.clone()));
        self.forgotten += other.forgotten;
    }

    /// Independent frames' worth of readings of exactly this text.
    pub(super) fn agreeing(&self, labels: &[Label]) -> f32 {
        self.support(labels).map_or(0.0, |support| support.weight)
    }

    /// Confidence of the surest single reading of exactly this text, 0 to 1; 0 where there is none.
    pub(super) fn surest(&self, labels: &[Label]) -> f32 {
        self.support(labels).map_or(0.0, |support| support.surest)
    }

    /// Independent frames' worth of readings that could not see a character of this text, of the one that most could not. What the
    /// text has no character for, or may go on beyond the picture, would stand before its first one or after its last.
    pub(super) fn hidden(&self, labels: &[Label]) -> f32 {
        let mut places = vec![0.0_f32; labels.len()];
        let end = labels.len().saturating_sub(1);
        for support in self.texts.iter().filter(|support| support.most_hidden() > 0.0) {
            let mut left = support.hidden.clone();
            let taken = align(labels, &support.labels).into_iter().map(|at| left.get_mut(at?).map(std::mem::take));
            let taken: Vec<f32> = taken.map(Option::unwrap_or_default).collect();
            let beyond = left.into_iter().fold(support.cut, f32::max);
            for (at, (place, taken)) in places.iter_mut().zip(taken).enumerate() {
                *place += if at == 0 || at == end { taken.max(beyond) } else { taken };
            }
        }
        self.forgotten + places.into_iter().fold(0.0, f32::max)
    }

    /// The text that was read most often.
    pub(super) fn most(&self) -> Option<&[Label]> {
        let most = self.texts.iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
        most.map(|support| support.labels.as_slice())
    }

    /// Makes the counts of all texts lighter.
    pub(super) fn fade(&mut self, factor: f32) {
        self.texts.iter_mut().for_each(|support| support.weight *= factor);
    }

    /// Makes the counts of what could not be seen lighter, and of what was cut off.
    pub(super) fn fade_hidden(&mut self, hidden: f32, cut: f32) {
        self.forgotten *= hidden;
        for support in &mut self.texts {
            support.cut *= cut;
            support.hidden.iter_mut().for_each(|weight| *weight *= hidden);
        }
    }

    fn support(&self, labels: &[Label]) -> Option<&Support> {
        self.texts.iter().find(|support| support.labels == labels)
    }

    fn add(&mut self, new: Support) {
        if let Some(known) = self.texts.iter_mut().find(|support| support.labels == new.labels) {
            known.weight += new.weight;
            known.surest = known.surest.max(new.surest);
            known.cut += new.cut;
            known.hidden.iter_mut().zip(new.hidden).for_each(|(known, new)| *known += new);
            return;
        }
        if self.texts.len() == TEXTS {
            let lightest = (0..TEXTS).min_by(|&a, &b| self.texts[a].weight.total_cmp(&self.texts[b].weight));
            let gone = lightest.map(|lightest| self.texts.swap_remove(lightest));
            self.forgotten += gone.map_or(0.0, |gone| gone.most_hidden());
        }
        self.texts.push(new);
    }
}

impl Support {
    fn most_hidden(&self) -> f32 {
        self.hidden.iter().copied().fold(self.cut, f32::max)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::CharGuess;
    use super::*;
    use crate::geometry::Quad;

    fn labels(text: &str) -> Vec<Label> {
        text.chars().filter_map(|c| Label::from_name(&c.to_string())).collect()
    }

    /// A reading, of whose characters those that stand at `doubted` are `?` with 2 %.
    fn reading(text: &str, doubted: &[usize], at_edge: bool) -> Observation {
        let guess = |(index, label): (usize, Label)| {
            let alternatives = if doubted.contains(&index) { vec![(Label::UNKNOWN, 0.02)] } else { vec![] };
            CharGuess { label, confidence: 0.9, alternatives }
        };
        let chars = labels(text).into_iter().enumerate().map(guess).collect();
        Observation::new(Quad::rect(0.0, 0.0, 100.0, 25.0).unwrap(), 0.9, chars).unwrap().with_edge(at_edge)
    }

    #[test]
    fn what_could_not_be_seen_is_counted_by_place() {
        for (readings, expected) in [
            (vec![reading("12가3456", &[], false)], 0.0),
            (vec![reading("?2가3456", &[], false), reading("1?가3456", &[], false)], 1.0),
            (vec![reading("?2가3456", &[], false), reading("??가3456", &[], false)], 2.0),
            (vec![reading("12가3456", &[6], false), reading("12가345?", &[], false)], 2.0),
            // More than the text has: a character before the first, or beyond the edge.
            (vec![reading("?12가3456", &[], false), reading("12가3456", &[], true)], 2.0),
            (vec![reading("?12가3456", &[], true)], 1.0),
            (vec![reading("??12가3456", &[], false), reading("??2가3456", &[], false)], 2.0),
            (vec![reading("?12가3456", &[], false), reading("??가3456", &[], false)], 2.0),
            (vec![reading("?12가3456", &[], false), reading("12?3456", &[], false)], 1.0),
            // A frame that shows all makes up for a tenth, and for a fifth of what was cut off.
            (vec![reading("12가3456", &[], false), reading("1?가3456", &[], false)], 1.0),
            (vec![reading("1?가3456", &[], false), reading("12가3456", &[], false)], 0.9),
            (vec![reading("?2가3456", &[], true), reading("12가3456", &[], false)], 0.8),
        ] {
            let mut texts = Texts::default();
            let sees_all: Vec<bool> = readings.iter().map(|reading| texts.count(reading, 1.0)).collect();
            assert_eq!(sees_all.contains(&false), expected > 0.0, "{readings:?}");
            assert_eq!(texts.hidden(&labels("12가3456")), expected, "{readings:?}");
        }
    }

    #[test]
    fn what_is_forgotten_counts_against_every_text() {
        let mut texts = Texts::default();
        for first in 0..20 {
            texts.count(&reading(&format!("{first:02}가345?"), &[], false), 1.0);
        }
        let text = labels("55가3456");
        assert_eq!((texts.hidden(&text), texts.agreeing(&text)), (20.0, 0.0));
        texts.count(&reading("55가3456", &[], true), 5.0);
        assert_eq!((texts.hidden(&text), texts.agreeing(&text)), (25.0, 5.0));
        texts.fade(0.5);
        texts.fade_hidden(0.5, 0.5);
        assert_eq!((texts.hidden(&text), texts.agreeing(&text)), (12.5, 2.5));
    }
}
