//! Any scores: refused with a reason, or read as texts that are told apart, in order, and as probable as they say.
#![no_main]

use kr_lpr::ctc::{BeamOptions, GrammarMode, Logits, beam_search, greedy};
use kr_lpr::labels::CLASS_COUNT;
use libfuzzer_sys::fuzz_target;

/// Most steps; the network has 16.
const STEPS: usize = 20;

fuzz_target!(|input: (u8, u8, u8, f32, &[u8])| {
    let (mode, width, n_best, odd, bytes) = input;
    let scores = bytes.iter().take(STEPS * CLASS_COUNT).map(|&byte| match byte {
        0 => f32::NEG_INFINITY,
        1 => odd,
        _ => f32::from(byte) / 8.0,
    });
    let Ok(logits) = Logits::new(scores.collect()) else { return };
    let grammar = [GrammarMode::Strict, GrammarMode::Soft, GrammarMode::Off][usize::from(mode % 3)];
    let options = BeamOptions { width: usize::from(width % 16), n_best: usize::from(n_best % 16), grammar };
    let found = beam_search(&logits, &options);
    assert!(found.len() <= options.n_best.min(options.width.max(1)));
    for hypothesis in found.iter().chain([&greedy(&logits)]) {
        assert_eq!(hypothesis.chars.len(), hypothesis.labels.len());
        assert!(hypothesis.log_prob < 1e-2, "{hypothesis:?}"); // a logarithm of at most 1, rounding aside
        // The beam may have lost alignments of a text, never made some up.
        let whole = logits.log_prob_of(&hypothesis.labels);
        assert!(hypothesis.log_prob <= whole + 1e-2 * (1.0 + whole.abs()), "{whole} {hypothesis:?}");
        for read in &hypothesis.chars {
            assert!(read.step < logits.steps() && (0.0..=1.001).contains(&read.confidence), "{read:?}");
        }
    }
    for (at, hypothesis) in found.iter().enumerate() {
        assert!(found[..at].iter().all(|better| better.labels != hypothesis.labels), "{found:?}");
        assert!(grammar != GrammarMode::Strict || hypothesis.partial_text().is_some(), "{}", hypothesis.text());
    }
    if grammar != GrammarMode::Soft {
        assert!(found.is_sorted_by(|a, b| a.log_prob >= b.log_prob));
    }
});
