//! What single looks read at one position of a text, and whether they leave a doubt that more of them cannot remove.

use crate::labels::Label;

/// Share of the looks that must have read another label for a position to be disputed.
const DISPUTED: f32 = 0.1;

/// How sure of a disputed label at least one look must have been, 0 to 1. What a network confuses on a plate it confuses
/// again and again with middling confidence, and which of the two leads after ten frames is chance.
const SURE: f32 = 0.97;

/// The labels that looks read at one position.
#[derive(Clone, Debug, Default)]
pub(super) struct Dispute(Vec<Heard>);

#[derive(Clone, Debug)]
struct Heard {
    label: Label,
    /// Independent frames' worth of the looks that read it.
    weight: f32,
    /// Probability that the surest of them gave it.
    surest: f32,
}

impl Dispute {
    /// Counts a look of `weight` that read `label` with that probability.
    pub(super) fn hear(&mut self, label: Label, weight: f32, probability: f32) {
        match self.0.iter_mut().find(|heard| heard.label == label) {
            Some(heard) => {
                heard.weight += weight;
                heard.surest = heard.surest.max(probability);
            }
            None => self.0.push(Heard { label, weight, surest: probability }),
        }
    }

    /// Adds what looks at the same position of the same plate read elsewhere.
    pub(super) fn absorb(&mut self, other: &Dispute) {
        other.0.iter().for_each(|heard| self.hear(heard.label, heard.weight, heard.surest));
    }

    /// Makes all looks lighter.
    pub(super) fn fade(&mut self, factor: f32) {
        self.0.iter_mut().for_each(|heard| heard.weight *= factor);
    }

    /// Whether `label` may be believed there: few looks read another, or one was sure of it.
    pub(super) fn is_settled_on(&self, label: Label) -> bool {
        let all: f32 = self.0.iter().map(|heard| heard.weight).sum();
        let heard = self.0.iter().find(|heard| heard.label == label);
        heard.is_some_and(|heard| all - heard.weight <= DISPUTED * all || heard.surest >= SURE)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_disputed_label_needs_a_sure_look() {
        let [ga, na, da] = ["가", "나", "다"].map(|name| Label::from_name(name).unwrap());
        let mut dispute = Dispute::default();
        assert!(!dispute.is_settled_on(ga), "nobody has read it");
        (0..18).for_each(|_| dispute.hear(ga, 0.5, 0.8));
        dispute.hear(na, 0.5, 0.6);
        assert!(dispute.is_settled_on(ga) && !dispute.is_settled_on(na));
        dispute.hear(na, 1.0, 0.6);
        assert!(!dispute.is_settled_on(ga), "14 % read another");
        let mut other = Dispute::default();
        other.hear(ga, 0.1, 0.98);
        other.hear(da, 0.1, 0.98);
        dispute.absorb(&other);
        dispute.fade(0.1);
        assert!(dispute.is_settled_on(ga) && !dispute.is_settled_on(na) && dispute.is_settled_on(da));
    }
}
