//! Everything that changes as training goes on.

use std::f64::consts::PI;
use std::time::Duration;

/// Where a run stands between its first step (0) and its last (1).
///
/// Planned by steps or, where a budget of wall-clock time is given, by whichever of steps and time is further on: the
/// learning rate then comes down in time however fast the machine turns out to be.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Steps planned in all.
    pub steps: u64,
    /// Progress at which this process began: 0 unless resumed.
    pub began_at: f64,
    /// Time this process may take.
    pub budget: Option<Duration>,
}

impl Plan {
    /// The plan of a run at `step` that has come to `progress`.
    ///
    /// One whose time was up before its steps were done goes on from where its steps are: whoever gives it more time
    /// wants it to learn more.
    pub fn going_on(steps: u64, step: u64, progress: f64, budget: Option<Duration>) -> Plan {
        let by_steps = step as f64 / steps.max(1) as f64;
        let began_at = if progress < 1.0 { progress } else { by_steps.min(1.0) };
        Plan { steps, began_at, budget }
    }

    /// Progress after `step` steps, `elapsed` into this process: 0 to 1.
    pub fn progress(&self, step: u64, elapsed: Duration) -> f64 {
        let by_steps = step as f64 / self.steps.max(1) as f64;
        let by_time = self.budget.map_or(0.0, |budget| {
            self.began_at + (1.0 - self.began_at) * elapsed.as_secs_f64() / budget.as_secs_f64().max(1e-3)
        });
        by_steps.max(by_time).min(1.0)
    }
}

/// The learning rate: up linearly over the first steps, then down along half a cosine.
#[derive(Clone, Copy, Debug)]
pub struct LearningRateSchedule {
    /// Rate after the warm-up.
    pub peak: f64,
    /// Rate at the end.
    pub last: f64,
    /// Steps of the warm-up.
    pub warmup_steps: u64,
}

impl LearningRateSchedule {
    /// The rate of `step`, counted from 0, at `progress`.
    pub fn at(&self, step: u64, progress: f64) -> f64 {
        let warmup = ((step + 1) as f64 / self.warmup_steps.max(1) as f64).min(1.0);
        let cosine = 0.5 * (1.0 + (PI * progress.clamp(0.0, 1.0)).cos());
        warmup * (self.last + (self.peak - self.last) * cosine)
    }
}

/// A value that moves linearly from `from` to `to` while `position` goes from 0 to `end`, and stays there.
pub fn ramp(from: f32, to: f32, position: f64, end: f64) -> f32 {
    let t = if end > 0.0 { (position / end).clamp(0.0, 1.0) as f32 } else { 1.0 };
    from * (1.0 - t) + to * t // exactly `to` at the end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rate_rises_and_falls() {
        let schedule = LearningRateSchedule { peak: 1.0, last: 0.1, warmup_steps: 10 };
        for (step, progress, expected) in
            [(0, 0.0, 0.1), (4, 0.0, 0.5), (9, 0.0, 1.0), (500, 0.5, 0.55), (1000, 1.0, 0.1), (2000, 7.0, 0.1)]
        {
            let rate = schedule.at(step, progress);
            assert!((rate - expected).abs() < 1e-9, "step {step}: {rate} is not {expected}");
        }
        assert_eq!(LearningRateSchedule { warmup_steps: 0, ..schedule }.at(0, 0.0), 1.0);
    }

    #[test]
    fn a_run_out_of_time_goes_on_from_its_steps() {
        let hour = Some(Duration::from_secs(3600));
        for (step, progress, began_at) in [(0, 0.0, 0.0), (20, 0.5, 0.5), (20, 1.0, 0.2), (100, 1.0, 1.0)] {
            let plan = Plan::going_on(100, step, progress, hour);
            assert_eq!(plan.began_at, began_at, "step {step}");
            assert_eq!(plan.progress(step, Duration::ZERO), began_at);
        }
    }

    #[test]
    fn progress_by_steps_or_time_whichever_is_further_on() {
        let seconds = Duration::from_secs;
        let plan = Plan { steps: 100, began_at: 0.0, budget: None };
        assert_eq!(plan.progress(25, seconds(1_000_000)), 0.25);
        let plan = Plan { budget: Some(seconds(10)), ..plan };
        assert_eq!(plan.progress(25, seconds(1)), 0.25);
        assert_eq!(plan.progress(25, seconds(5)), 0.5);
        assert_eq!(plan.progress(25, seconds(50)), 1.0);
        // Resumed at 60 %: half the budget later half of the rest is done.
        let plan = Plan { began_at: 0.6, ..plan };
        assert_eq!(plan.progress(60, seconds(5)), 0.8);
    }

    #[test]
    fn ramp_ends() {
        for (position, expected) in [(-1.0, 2.0), (0.0, 2.0), (5.0, 3.0), (10.0, 4.0), (11.0, 4.0)] {
            assert_eq!(ramp(2.0, 4.0, position, 10.0), expected);
        }
        assert_eq!(ramp(2.0, 4.0, 0.0, 0.0), 4.0);
    }
}
