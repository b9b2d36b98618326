//! Progress: one line as a step starts, one with its time as it ends.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Runs `work` under a heading and prints how long it took; a failure names the step.
pub fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("==> {what}");
    let start = Instant::now();
    let value = work().with_context(|| format!("{what} failed after {}", seconds(start.elapsed())))?;
    println!("    {} ({what})", seconds(start.elapsed()));
    Ok(value)
}

fn seconds(elapsed: Duration) -> String {
    let total = elapsed.as_secs_f32();
    if total < 60.0 {
        format!("{total:.1} s")
    } else {
        format!("{:.0} min {:.0} s", (total / 60.0).floor(), total % 60.0)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 5 s");
    }

    #[test]
    fn a_failed_step_is_named() {
        let error = step("counting sheep", || -> Result<()> { anyhow::bail!("none left") }).unwrap_err();
        assert!(format!("{error:#}").starts_with("counting sheep failed after"));
    }
}
