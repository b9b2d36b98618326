#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use super::*;
use proptest::prelude::*;

fn label(name: &str) -> Label {
    Label::from_name(name).unwrap()
}

fn labels(names: &str) -> Vec<Label> {
    names.split_whitespace().map(label).collect()
}

/// Logits with these probabilities at each step, "" being the blank; what they leave is spread over no class at all.
fn logits(steps: &[&[(&str, f32)]]) -> Logits {
    let mut scores = vec![f32::NEG_INFINITY; steps.len() * CLASS_COUNT];
    for (step, probabilities) in steps.iter().enumerate() {
        for &(name, probability) in *probabilities {
            let class = if name.is_empty() { Label::BLANK } else { label(name) };
            scores[step * CLASS_COUNT + class.index()] = probability.ln();
        }
    }
    Logits::new(scores).unwrap()
}

/// Logits that spell `names` with `probability` a step and a blank between, the rest spread evenly.
fn spelling(names: &str, probability: f32) -> Logits {
    let mut scores = Vec::new();
    for name in labels(names) {
        for class in [name, Label::BLANK] {
            let rest = ((1.0 - probability) / (CLASS_COUNT - 1) as f32).ln();
            scores.extend((0..CLASS_COUNT).map(|i| if i == class.index() { probability.ln() } else { rest }));
        }
    }
    Logits::new(scores).unwrap()
}

/// The probability of every text, by walking every path.
fn brute_force(logits: &Logits) -> HashMap<Vec<Label>, f64> {
    // Texts with the class of the last step, which decides what the next one does.
    let mut paths = HashMap::from([((Vec::new(), Label::BLANK), 1.0)]);
    for step in 0..logits.steps() {
        let mut next = HashMap::new();
        for ((text, last), probability) in paths {
            for (class, log_prob) in logits.step(step).iter().enumerate().filter(|(_, p)| p.is_finite()) {
                let class = Label::from_index(class).unwrap();
                let mut text: Vec<Label> = text.clone();
                if class != Label::BLANK && class != last {
                    text.push(class);
                }
                *next.entry((text, class)).or_insert(0.0) += probability * f64::from(*log_prob).exp();
            }
        }
        paths = next;
    }
    let mut texts = HashMap::new();
    for ((text, _), probability) in paths {
        *texts.entry(text).or_insert(0.0) += probability;
    }
    texts
}

fn search(logits: &Logits, width: usize, grammar: GrammarMode) -> Vec<Hypothesis> {
    beam_search(logits, &BeamOptions { width, n_best: width, grammar })
}

/// Six to nine steps, each with the blank and a few of the classes that make plates.
fn small_logits(steps: std::ops::Range<usize>, choices: usize) -> impl Strategy<Value = Logits> {
    let class = prop::sample::select(labels("1 2 7 가 하 바 서울"));
    let step = (-3.0_f32..3.0, prop::collection::vec((class, -3.0_f32..3.0), choices));
    prop::collection::vec(step, steps).prop_map(|steps| {
        let mut scores = vec![f32::NEG_INFINITY; steps.len() * CLASS_COUNT];
        for (step, (blank, classes)) in steps.into_iter().enumerate() {
            scores[step * CLASS_COUNT] = blank;
            for (class, score) in classes {
                scores[step * CLASS_COUNT + class.index()] = score;
            }
        }
        Logits::new(scores).unwrap()
    })
}

#[test]
fn broken_scores_are_refused() {
    assert_eq!(Logits::new(vec![0.0; 69]), Err(CtcError::WrongLength { length: 69 }));
    for (score, at) in [(f32::NAN, 70), (f32::INFINITY, 135)] {
        let mut scores = vec![0.0; 2 * CLASS_COUNT];
        scores[at] = score;
        let (step, class) = (at / CLASS_COUNT, at % CLASS_COUNT);
        let error = Logits::new(scores).unwrap_err();
        assert!(matches!(error, CtcError::NotAScore { step: s, class: c, .. } if (s, c) == (step, class)), "{error}");
    }
    let mut scores = vec![0.0; 2 * CLASS_COUNT];
    scores[CLASS_COUNT..].fill(f32::NEG_INFINITY);
    assert_eq!(Logits::new(scores), Err(CtcError::Impossible { step: 1 }));
}

#[test]
fn scores_are_normalised_at_each_step() {
    let scores: Vec<f32> = (0..3 * CLASS_COUNT).map(|i| (i % 7) as f32 * 30.0 - 1000.0).collect();
    let logits = Logits::new(scores).unwrap();
    for step in 0..3 {
        let sum: f32 = logits.step(step).iter().map(|p| p.exp()).sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
    }
    let again = Logits::new(logits.log_probs.clone()).unwrap();
    assert!(again.log_probs.iter().zip(&logits.log_probs).all(|(a, b)| (a - b).abs() < 1e-5));
}

#[test]
fn no_steps_are_an_empty_reading() {
    let logits = Logits::new(Vec::new()).unwrap();
    let empty = Hypothesis { labels: Vec::new(), log_prob: 0.0, chars: Vec::new() };
    assert_eq!(greedy(&logits), empty);
    assert_eq!(search(&logits, 4, GrammarMode::Off), std::slice::from_ref(&empty));
    assert_eq!(search(&logits, 4, GrammarMode::Soft), [empty]);
    assert_eq!(search(&logits, 4, GrammarMode::Strict), []);
}

#[test]
fn greedy_merges_repeats_unless_a_blank_is_between() {
    let logits = logits(&[
        &[("1", 0.9), ("", 0.1)],
        &[("1", 0.6), ("", 0.4)],
        &[("", 0.8), ("1", 0.2)],
        &[("1", 0.7), ("7", 0.2), ("", 0.1)],
        &[("가", 1.0)],
    ]);
    let read = greedy(&logits);
    assert_eq!((read.text().as_str(), read.labels.len()), ("11가", 3));
    assert_eq!(read.chars.iter().map(|c| c.step).collect::<Vec<_>>(), [0, 3, 4]);
    assert_eq!(read.chars[1].alternatives.iter().map(|a| a.0.name()).collect::<Vec<_>>(), ["7"]);
    assert!((read.chars[1].confidence - 0.7).abs() < 1e-6 && (read.chars[1].alternatives[0].1 - 0.2).abs() < 1e-6);
    assert!((f64::from(read.log_prob).exp() - brute_force(&logits)[&read.labels]).abs() < 1e-6);
}

#[test]
fn beam_finds_the_text_that_many_alignments_share() {
    // The textbook case: the best path is blank throughout (0.36), but `1` has 0.24 + 0.24 + 0.16.
    let logits = logits(&[&[("", 0.6), ("1", 0.4)], &[("", 0.6), ("1", 0.4)]]);
    assert_eq!(greedy(&logits).text(), "");
    let read = search(&logits, 2, GrammarMode::Off);
    assert_eq!(read[0].text(), "1");
    assert!((read[0].log_prob.exp() - 0.64).abs() < 1e-6 && (read[1].log_prob.exp() - 0.36).abs() < 1e-6);
}

#[test]
fn an_all_alike_text_needs_its_blanks() {
    let logits = spelling("1 1 1 가 1 1 1 1", 0.9);
    for mode in [GrammarMode::Strict, GrammarMode::Soft, GrammarMode::Off] {
        assert_eq!(search(&logits, 8, mode)[0].text(), "111가1111");
    }
    assert_eq!(logits.log_prob_of(&labels("1 1 1 1 1 1 1 1 1 1 1")), f32::NEG_INFINITY);
}

#[test]
fn strict_reads_only_plates_and_soft_prefers_them() {
    // A commercial letter, and no region in sight; 다 is the second choice.
    let mut scores = spelling("1 2 바 3 4 5 6", 0.99).log_probs;
    scores[4 * CLASS_COUNT + label("다").index()] = 0.05_f32.ln();
    let logits = Logits::new(scores).unwrap();
    assert_eq!(search(&logits, 8, GrammarMode::Off)[0].text(), "12바3456");
    let soft = search(&logits, 8, GrammarMode::Soft);
    assert_eq!((soft[0].text().as_str(), soft[0].plate_text().is_some()), ("12다3456", true));
    assert!(soft.iter().any(|read| read.text() == "12바3456"));
    let strict = search(&logits, 8, GrammarMode::Strict);
    assert_eq!(strict[0].text(), "12다3456");
    assert!(strict.iter().all(|read| read.plate_text().is_some()));
    assert_eq!(strict[0].log_prob, soft[0].log_prob);
    assert_eq!(soft[0].chars[2].alternatives[0].0.name(), "바");

    // A text that is far more probable than any plate's is believed in soft mode.
    let military = spelling("1 2 바 3 4 5 6", 0.999_999);
    assert_eq!(search(&military, 8, GrammarMode::Soft)[0].text(), "12바3456");
    assert!(search(&military, 8, GrammarMode::Strict)[0].plate_text().is_some());
}

#[test]
fn strict_always_ends_in_a_text_if_there_is_room() {
    // Blank as good as certain: a bad reading, but a whole one.
    let mut scores = vec![-20.0; 8 * CLASS_COUNT];
    scores.iter_mut().step_by(CLASS_COUNT).for_each(|blank| *blank = 20.0);
    let logits = Logits::new(scores).unwrap();
    let read = search(&logits, 4, GrammarMode::Strict);
    assert_eq!(read.len(), 4);
    assert!(read.iter().all(|read| read.plate_text().is_some() && read.log_prob < -100.0));
    let six_steps = Logits::new(logits.log_probs[..6 * CLASS_COUNT].to_vec()).unwrap();
    assert_eq!(search(&six_steps, 4, GrammarMode::Strict), []);
}

#[test]
fn regions_are_one_label() {
    let read = &search(&spelling("서울 1 2 바 3 4 5 6", 0.8), 8, GrammarMode::Strict)[0];
    assert_eq!((read.text().as_str(), read.labels.len()), ("서울12바3456", 8));
    assert_eq!(read.chars.iter().map(|c| c.step).collect::<Vec<_>>(), (0..8).map(|i| 2 * i).collect::<Vec<_>>());
    assert_eq!(read.chars[0].alternatives.len(), 5);
}

#[test]
fn settings_of_nothing_do_not_panic() {
    let logits = spelling("1 2 가 3 4 5 6", 0.8);
    let options = |width, n_best| BeamOptions { width, n_best, grammar: GrammarMode::Soft };
    assert_eq!(beam_search(&logits, &options(0, 5)).len(), 1);
    assert_eq!(beam_search(&logits, &options(8, 0)), []);
}

#[test]
fn log_add_is_exact_and_knows_impossible() {
    let none = f32::NEG_INFINITY;
    assert_eq!((log_add(none, none), log_add(none, -3.0), log_add(-3.0, none)), (none, -3.0, -3.0));
    for (a, b) in [(0.25_f32, 0.5_f32), (1e-3, 0.9), (0.5, 0.5), (1e-9, 0.1)] {
        assert!((log_add(a.ln(), b.ln()).exp() - (a + b)).abs() < 1e-6);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn wide_beam_without_grammar_is_exact(logits in small_logits(1..5, 3)) {
        let all = brute_force(&logits);
        let read = search(&logits, 1000, GrammarMode::Off);
        prop_assert_eq!(read.len(), all.len());
        for pair in read.windows(2) {
            prop_assert!(pair[0].log_prob >= pair[1].log_prob);
        }
        for hypothesis in &read {
            prop_assert!((f64::from(hypothesis.log_prob).exp() - all[&hypothesis.labels]).abs() < 1e-5);
            let steps: Vec<usize> = hypothesis.chars.iter().map(|c| c.step).collect();
            prop_assert!(steps.is_sorted_by(|a, b| a < b), "{:?}", steps);
            prop_assert!(hypothesis.chars.iter().all(|c| logits.step(c.step)[c.label.index()].exp() == c.confidence));
        }
    }

    #[test]
    fn wide_strict_beam_finds_every_plate(logits in small_logits(7..9, 2)) {
        let mut plates = brute_force(&logits);
        plates.retain(|text, _| PartialText::from_labels(text).is_some());
        let read = search(&logits, 4000, GrammarMode::Strict);
        prop_assert_eq!(read.len(), plates.len());
        for hypothesis in &read {
            let expected = plates[&hypothesis.labels];
            prop_assert!((f64::from(hypothesis.log_prob).exp() / expected - 1.0).abs() < 1e-3);
        }
    }

    #[test]
    fn wide_soft_beam_ranks_by_probability_and_penalty(logits in small_logits(7..8, 2)) {
        let penalty = |text: &[Label]| if PartialText::from_labels(text).is_some() { 0.0 } else { f64::from(SOFT_PENALTY) };
        let best = brute_force(&logits).iter().map(|(text, p)| p.ln() - penalty(text)).fold(f64::MIN, f64::max);
        let read = &search(&logits, 4000, GrammarMode::Soft)[0];
        prop_assert!((f64::from(read.log_prob) - penalty(&read.labels) - best).abs() < 1e-3);
    }

    #[test]
    fn narrow_beams_give_distinct_texts_in_order(
        scores in prop::collection::vec(-12.0_f32..6.0, 16 * CLASS_COUNT), width in 1_usize..10, mode in 0_usize..3,
    ) {
        let grammar = [GrammarMode::Strict, GrammarMode::Soft, GrammarMode::Off][mode];
        let logits = Logits::new(scores).unwrap();
        let read = search(&logits, width, grammar);
        prop_assert!(!read.is_empty() && read.len() <= width);
        let texts: std::collections::HashSet<String> = read.iter().map(Hypothesis::text).collect();
        prop_assert_eq!(texts.len(), read.len());
        for hypothesis in &read {
            prop_assert!((hypothesis.log_prob - logits.log_prob_of(&hypothesis.labels)).abs() < 1e-4);
            prop_assert!(grammar != GrammarMode::Strict || hypothesis.partial_text().is_some());
        }
    }
}
