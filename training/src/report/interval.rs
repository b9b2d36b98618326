//! A share of a sample, with how far the sample can be trusted.

use serde::Serialize;

/// Quantile of the normal distribution for intervals of 95 %.
const Z: f64 = 1.959_964;

/// So many right of so many seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Share {
    /// How many are right.
    pub right: u64,
    /// How many there are.
    pub seen: u64,
    /// `right / seen`; `None` if there are none.
    pub share: Option<f64>,
    /// The 95 % interval of the share; `None` if there are none.
    pub interval: Option<[f64; 2]>,
}

impl Share {
    /// The share of `right` among `seen`.
    pub fn of(right: u64, seen: u64) -> Share {
        let share = (seen > 0).then(|| right as f64 / seen as f64);
        Share { right, seen, share, interval: wilson(right, seen) }
    }

    /// The share of items for which the iterator says `true`.
    pub fn among(items: impl IntoIterator<Item = bool>) -> Share {
        let (right, seen) = items.into_iter().fold((0, 0), |(right, seen), item| (right + u64::from(item), seen + 1));
        Share::of(right, seen)
    }
}

/// The 95 % interval of a share (Wilson 1927): unlike the usual one it says something where all or none are right.
pub fn wilson(right: u64, seen: u64) -> Option<[f64; 2]> {
    if seen == 0 {
        return None;
    }
    let (n, p) = (seen as f64, right as f64 / seen as f64);
    let centre = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let whole = 1.0 + Z * Z / n;
    Some([((centre - reach) / whole).max(0.0), ((centre + reach) / whole).min(1.0)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn wilson_by_hand() {
        // Z * Z is 3.841459; none or all of n: the far end is Z^2 / (n + Z^2) away.
        for (right, seen, low, high) in [
            (0, 10, 0.0, 3.841_459 / 13.841_459),
            (10, 10, 10.0 / 13.841_459, 1.0),
            (5, 10, 0.236_593, 0.763_407),
            (8, 10, 0.490_162, 0.943_318),
            (90, 100, 0.825_634, 0.944_771),
        ] {
            let [a, b] = wilson(right, seen).unwrap();
            assert!((a - low).abs() < 1e-5 && (b - high).abs() < 1e-5, "{right} of {seen}: {a} to {b}");
        }
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn shares_of_nothing_are_not_numbers() {
        assert_eq!(Share::among([]), Share::default());
        let share = Share::among([true, false, true, true]);
        assert_eq!((share.right, share.seen, share.share), (3, 4, Some(0.75)));
    }
}
