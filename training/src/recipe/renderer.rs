//! How plates and scenes are rendered for training.

use kr_lpr_render::synth::KindMix;
use serde::{Deserialize, Serialize};

use crate::schedule::ramp;

/// How training plates are rendered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Renderer {
    /// Threads that render while the network trains. On two cores one is enough to keep the network fed.
    pub threads: usize,
    /// Batches a thread renders ahead.
    pub ahead: usize,
    /// Difficulty of the first step, 0 (clean, frontal, sharp) to 1 (everything at once).
    pub first_difficulty: f32,
    /// Difficulty from step `ramp_steps` on, and of the validation plates.
    pub difficulty: f32,
    /// Steps over which the difficulty rises. Shapes are learned faster from plates that show them.
    pub ramp_steps: u64,
    /// Relative frequency of the plate kinds by name.
    pub kinds: KindMix,
    /// Characters as the drawings have them, on every plate the same.
    pub plain_lettering: bool,
    /// Pictures without wear, dirt, shadows and what cameras do to them.
    pub clean_pictures: bool,
    /// Share of examples that are no plate and are to be read as nothing, 0 to 1.
    #[serde(alias = "distractors")]
    pub negatives: f32,
    /// Share of plates of which something may hide a part, 0 to 1: on them, before them, light, or the picture's edge.
    pub hidden: f32,
    /// Share of examples that are plates turned, mirrored or flipped and are to be read as nothing, 0 to 1.
    pub turned: f32,
    /// Render only this many plates, over and over: a network that cannot learn those has a bug.
    pub fixed_plates: Option<u64>,
}

impl Default for Renderer {
    fn default() -> Self {
        Renderer {
            threads: 1,
            ahead: 4,
            first_difficulty: 0.2,
            difficulty: 1.0,
            ramp_steps: 4_000,
            kinds: KindMix::default(),
            plain_lettering: false,
            clean_pictures: false,
            negatives: 0.0,
            hidden: 0.0,
            turned: 0.0,
            fixed_plates: None,
        }
    }
}

impl Renderer {
    /// Difficulty of the plates of `step`, counted from 0.
    pub fn difficulty_of(&self, step: u64) -> f32 {
        ramp(self.first_difficulty, self.difficulty, step as f64, self.ramp_steps as f64)
    }
}
