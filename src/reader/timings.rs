//! How long reading takes.

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

/// Measures stages that follow each other.
#[derive(Debug)]
pub(super) struct Stopwatch {
    clock: Clock,
    last: f64,
    timings: Timings,
}

impl Stopwatch {
    pub(super) fn start(clock: Clock) -> Stopwatch {
        Stopwatch { clock, last: clock(), timings: Timings::default() }
    }

    /// What passed since the last stage ended was `stage`.
    pub(super) fn ended(&mut self, stage: Stage) {
        let now = (self.clock)();
        let passed = now - std::mem::replace(&mut self.last, now);
        *match stage {
            Stage::Detect => &mut self.timings.detect,
            Stage::Align => &mut self.timings.align,
            Stage::Recognize => &mut self.timings.recognize,
            Stage::Decode => &mut self.timings.decode,
        } += passed;
    }

    pub(super) fn timings(&self) -> Timings {
        self.timings
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
