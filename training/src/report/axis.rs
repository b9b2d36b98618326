//! Where values stand on an axis and which of them are written beside it.

/// An axis of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    low: f64,
    high: f64,
    logarithmic: bool,
    /// The values written beside the axis.
    pub ticks: Vec<f64>,
}

/// About as many ticks as an axis has.
const TICKS: f64 = 4.0;

impl Axis {
    /// From `low` to `high` with ticks of round numbers.
    pub fn linear(low: f64, high: f64) -> Axis {
        let (low, high) = apart(low, high);
        let step = round_step((high - low) / TICKS);
        let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        Axis { low, high, logarithmic: false, ticks: (first..=last).map(|i| i as f64 * step).collect() }
    }

    /// From `low` to `high`, both above 0, with powers of ten as ticks, or 1, 2 and 5 times those if they are few.
    pub fn logarithmic(low: f64, high: f64) -> Axis {
        let (low, high) = apart(low, high);
        let decades = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let ticks = |steps: &[f64]| -> Vec<f64> {
            let all = decades.clone().flat_map(|decade| steps.iter().map(move |step| step * 10_f64.powi(decade)));
            all.filter(|tick| (low * 0.999..=high * 1.001).contains(tick)).collect()
        };
        let powers = ticks(&[1.0]);
        let ticks = if powers.len() < 3 { ticks(&[1.0, 2.0, 5.0]) } else { powers };
        Axis { low, high, logarithmic: true, ticks }
    }

    /// An axis for `values`: logarithmic where they are above 0 and differ by more than the factor `wide`, else linear to
    /// a round number, from 0 where that is near.
    pub fn around(values: impl Iterator<Item = f64>, wide: f64) -> Axis {
        let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return Axis::linear(0.0, 1.0);
        }
        if low > 0.0 && high > wide * low {
            return Axis::logarithmic(low, high);
        }
        let low = if low > 0.0 && low < 0.6 * high { 0.0 } else { low };
        let (low, high) = apart(low, high);
        let step = round_step((high - low) / TICKS);
        Axis::linear((low / step + 1e-9).floor() * step, (high / step - 1e-9).ceil() * step)
    }

    /// The axis with ticks at `ticks` instead.
    pub fn with_ticks(self, ticks: Vec<f64>) -> Axis {
        Axis { ticks, ..self }
    }

    /// Where a value stands: 0 at the low end, 1 at the high end, and never beyond them.
    pub fn place(&self, value: f64) -> f64 {
        let share = if self.logarithmic {
            (value.max(f64::MIN_POSITIVE) / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        share.clamp(0.0, 1.0)
    }
}

/// Two ends that differ.
fn apart(low: f64, high: f64) -> (f64, f64) {
    if high > low { (low, high) } else { (low, low + if low == 0.0 { 1.0 } else { 0.1 * low.abs() }) }
}

/// The least of 1, 2, 5 times a power of ten that is not below `step`.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    [1.0, 2.0, 5.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|&round| round >= step * 0.999)
        .unwrap_or(10.0 * power)
}

/// A value as it is written beside an axis: short, without needless zeros.
pub fn short(value: f64) -> String {
    let trimmed = |text: String| {
        if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
    };
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size >= 1e6 => trimmed(format!("{:.1}", value / 1e6)) + " M",
        size if size >= 1e3 => trimmed(format!("{:.1}", value / 1e3)) + " k",
        size if size >= 1e-3 => trimmed(format!("{value:.3}")),
        _ => format!("{value:.0e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        for (axis, expected) in [
            (Axis::linear(0.0, 1.0), &[0.0, 0.5, 1.0][..]),
            (Axis::linear(0.0, 100.0), &[0.0, 50.0, 100.0]),
            (Axis::linear(-30.0, 40.0), &[-20.0, 0.0, 20.0, 40.0]),
            (Axis::logarithmic(1e-5, 1e-3), &[1e-5, 1e-4, 1e-3]),
            (Axis::logarithmic(30.0, 300.0), &[50.0, 100.0, 200.0]),
            (Axis::around([3.0, 19.0].into_iter(), 50.0), &[0.0, 5.0, 10.0, 15.0, 20.0]),
            (Axis::around([0.5, 500.0].into_iter(), 50.0), &[1.0, 10.0, 100.0]),
            (Axis::around([0.5, 500.0].into_iter(), f64::INFINITY), &[0.0, 200.0, 400.0, 600.0]),
            (Axis::around([].into_iter(), 50.0), &[0.0, 0.5, 1.0]),
        ] {
            assert_eq!(axis.ticks.len(), expected.len(), "{axis:?}");
            assert!(axis.ticks.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-9 * b.abs()), "{axis:?}");
        }
    }

    #[test]
    fn every_value_has_a_place() {
        for (axis, value, place) in [
            (Axis::linear(-10.0, 10.0), 5.0, 0.75),
            (Axis::linear(0.0, 1.0), 2.0, 1.0),
            (Axis::logarithmic(1.0, 100.0), 10.0, 0.5),
            (Axis::logarithmic(1.0, 100.0), 0.0, 0.0),
            // One value only: an axis all the same.
            (Axis::around([2.0].into_iter(), 50.0), 2.0, 0.0),
            (Axis::around([0.0, 0.0].into_iter(), 50.0), 0.0, 0.0),
            (Axis::around([-3.0].into_iter(), 50.0), -3.0, 0.0),
        ] {
            assert!((axis.place(value) - place).abs() < 1e-9, "{value} on {axis:?}: {}", axis.place(value));
        }
    }

    #[test]
    fn values_are_written_short() {
        for (value, text) in [
            (0.0, "0"),
            (0.5, "0.5"),
            (-20.0, "-20"),
            (100.0, "100"),
            (16_700.0, "16.7 k"),
            (5_000.0, "5 k"),
            (999.0, "999"),
            (20_000.0, "20 k"),
            (2_500_000.0, "2.5 M"),
            (1e-5, "1e-5"),
            (0.002, "0.002"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
