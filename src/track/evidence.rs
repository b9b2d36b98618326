//! What one reading says for each label at each of its characters.

use crate::ctc::share_doubt;
use crate::labels::{CLASS_COUNT, Label, LabelClass};

use super::observation::{CharGuess, Observation};

/// The surest that a single frame may be.
pub(super) const SUREST: f32 = 0.99;

/// The least probability that a frame may give to a label of the same sort as the one it reads, a digit or none, and to one of the
/// other sort: in a digit's place there is hardly ever anything else.
const FLOOR: f32 = 3e-4;
const OTHER_SORT: f32 = 3e-5;

/// Log-likelihoods of every label at each character of a reading, in keeping with its calibrated confidence; `None` where it is
/// unknown, which says nothing for any label.
///
/// The text's doubt is shared by its known characters; what a label then lacks to 1 goes to its alternatives in their proportion, and a
/// tenth of it, with what may be hidden, to everything else of its sort.
pub(super) fn log_likelihoods(observation: &Observation) -> Vec<Option<[f32; CLASS_COUNT]>> {
    let known = |guess: &&CharGuess| guess.label != Label::UNKNOWN;
    let network = observation.chars().iter().filter(known).map(|guess| guess.confidence);
    let mut shared = share_doubt(network, observation.confidence().clamp(1e-3, SUREST)).into_iter();
    let of = |guess: &CharGuess| Some(of_character(guess, Some(guess).filter(known).and_then(|_| shared.next())?));
    observation.chars().iter().map(of).collect()
}

/// The log-likelihoods of a character that is read with probability `p`.
fn of_character(guess: &CharGuess, p: f32) -> [f32; CLASS_COUNT] {
    let rest = 1.0 - p;
    let listed: f32 = guess.alternatives.iter().map(|&(_, p)| p).sum();
    let rivals = || guess.alternatives.iter().filter(|&&(label, _)| label != Label::UNKNOWN && label != guess.label);
    let share = |p: f32| if listed > 0.0 { 0.9 * rest * p / listed } else { 0.0 };
    let others = rest - rivals().map(|&(_, p)| share(p)).sum::<f32>();

    let is_digit = |label: Label| label.class() == LabelClass::Digit;
    let is_listed = |label: Label| label == guess.label || rivals().any(|&(rival, _)| rival == label);
    let is_other = |label: &Label| is_digit(*label) == is_digit(guess.label) && !is_listed(*label);
    let each = (others / Label::all().filter(is_other).count().max(1) as f32).max(FLOOR);
    let mut likelihoods = [OTHER_SORT; CLASS_COUNT];
    Label::all().filter(is_other).for_each(|label| likelihoods[label.index()] = each);
    rivals().for_each(|&(label, p)| likelihoods[label.index()] = share(p).max(FLOOR));
    likelihoods[guess.label.index()] = p.max(FLOOR);
    likelihoods.map(f32::ln)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::geometry::Quad;

    fn label(name: &str) -> Label {
        Label::from_name(name).unwrap()
    }

    #[test]
    fn what_is_unknown_says_nothing_and_what_may_be_hidden_little() {
        let guess = |name: &str, alternatives: &[(&str, f32)]| CharGuess {
            label: label(name),
            confidence: 0.6,
            alternatives: alternatives.iter().map(|&(name, p)| (label(name), p)).collect(),
        };
        let chars = vec![guess("?", &[("2", 0.4)]), guess("1", &[("7", 0.4)]), guess("1", &[("?", 0.4)])];
        let observation = Observation::new(Quad::rect(0.0, 0.0, 100.0, 25.0).unwrap(), 0.36, chars).unwrap();
        let said = log_likelihoods(&observation);
        assert!(said[0].is_none());
        let p = |at: usize, name: &str| said[at].unwrap()[label(name).index()].exp();
        assert!((p(1, "1") - 0.6).abs() < 1e-3 && (p(1, "7") - 0.36).abs() < 1e-3 && p(1, "2") < 0.006);
        // What may be hidden may be any digit.
        assert!((p(2, "1") - 0.6).abs() < 1e-3 && (p(2, "7") - 0.4 / 9.0).abs() < 1e-3 && p(2, "가") < 1e-4);
    }
}
