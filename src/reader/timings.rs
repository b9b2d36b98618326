//! How long reading takes.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Tells the time in milliseconds, from any moment on.
pub type Clock = fn() -> f64;

/// Milliseconds that each stage took, all plates and passes together.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Timings {
    /// Seeing the frame small and finding plates in it.
    pub detect: f64,
    /// Finding corners and resampling the plates.
    pub align: f64,
    /// The recognizer.
    pub recognize: f64,
    /// From its answer to texts.
    pub decode: f64,
}

impl Timings {
    /// All stages together, ms.
    pub fn total(&self) -> f64 {
        self.detect + self.align + self.recognize + self.decode
    }
}

/// One stage of reading.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    Detect,
    Align,
    Recognize,
    Decode,
}

/// Measures stages that follow each other, of one plate or of several that take turns.
#[derive(Debug)]
pub(super) struct Stopwatch {
    clock: Clock,
    /// When the last stage ended, and what all took until then.
    state: Mutex<(f64, Timings)>,
}

impl Stopwatch {
    pub(super) fn start(clock: Clock) -> Stopwatch {
        Stopwatch { clock, state: Mutex::new((clock(), Timings::default())) }
    }

    /// What passed since the last stage ended was `stage`.
    pub(super) fn ended(&self, stage: Stage) {
        let (last, timings) = &mut *self.state();
        let now = (self.clock)();
        let passed = now - std::mem::replace(last, now);
        *match stage {
            Stage::Detect => &mut timings.detect,
            Stage::Align => &mut timings.align,
            Stage::Recognize => &mut timings.recognize,
            Stage::Decode => &mut timings.decode,
        } += passed;
    }

    pub(super) fn timings(&self) -> Timings {
        self.state().1
    }

    fn state(&self) -> MutexGuard<'_, (f64, Timings)> {
        // A clock of the caller's may panic; times are times all the same.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The system's clock. In a browser the library knows of none, so that every stage takes 0 ms until
/// [`PlateReader::with_clock`](super::PlateReader::with_clock) gives it one.
#[cfg(not(target_arch = "wasm32"))]
pub(super) fn system_clock() -> f64 {
    use std::sync::OnceLock;
    use std::time::Instant;
    static START: OnceLock<Instant> = OnceLock::new();
    1e3 * START.get_or_init(Instant::now).elapsed().as_secs_f64()
}

/// See the other one.
#[cfg(target_arch = "wasm32")]
pub(super) fn system_clock() -> f64 {
    0.0
}
