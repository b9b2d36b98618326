//! Sizes of pictures: least, middle, most, and how they are spread.

use serde::Serialize;

/// Lower ends of the bins of widths, in pixels; the last one has no upper end.
const WIDTHS: [f32; 9] = [0.0, 48.0, 64.0, 96.0, 128.0, 192.0, 256.0, 384.0, 512.0];

/// Lower ends of the bins of width over height.
const ASPECTS: [f32; 9] = [0.0, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0];

/// How large pictures are.
#[derive(Clone, Debug, Serialize)]
pub struct Sizes {
    /// Pixels.
    pub width: Spread,
    /// Pixels.
    pub height: Spread,
    /// Width over height.
    pub aspect: Spread,
    /// Distribution of the widths.
    pub widths: Vec<Bin>,
    /// Distribution of width over height.
    pub aspects: Vec<Bin>,
}

/// Least, middle and most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The least.
    pub min: f32,
    /// As many are below as above; of an even number the upper of the two in the middle.
    pub median: f32,
    /// The most.
    pub max: f32,
}

/// Pictures from one value on, up to the next bin's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bin {
    /// The least value that counts here.
    pub from: f32,
    /// Pictures.
    pub count: usize,
}

impl Sizes {
    /// Of pictures of these widths and heights; `None` if there are none.
    pub fn of(sizes: &[(u32, u32)]) -> Option<Sizes> {
        let widths: Vec<f32> = sizes.iter().map(|size| size.0 as f32).collect();
        let heights: Vec<f32> = sizes.iter().map(|size| size.1 as f32).collect();
        let aspects: Vec<f32> = widths.iter().zip(&heights).map(|(width, height)| width / height).collect();
        Some(Sizes {
            width: Spread::of(&widths)?,
            height: Spread::of(&heights)?,
            aspect: Spread::of(&aspects)?,
            widths: bins(&widths, &WIDTHS),
            aspects: bins(&aspects, &ASPECTS),
        })
    }
}

impl Spread {
    fn of(values: &[f32]) -> Option<Spread> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f32::total_cmp);
        Some(Spread { min: *sorted.first()?, median: sorted[sorted.len() / 2], max: *sorted.last()? })
    }
}

fn bins(values: &[f32], ends: &[f32]) -> Vec<Bin> {
    let mut bins: Vec<Bin> = ends.iter().map(|&from| Bin { from, count: 0 }).collect();
    for &value in values {
        if let Some(bin) = bins.iter_mut().rev().find(|bin| value >= bin.from) {
            bin.count += 1;
        }
    }
    bins
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn sizes_by_hand() {
        assert!(Sizes::of(&[]).is_none());
        let sizes = Sizes::of(&[(200, 50), (48, 24), (47, 94), (1000, 250)]).unwrap();
        assert_eq!(sizes.width, Spread { min: 47.0, median: 200.0, max: 1000.0 });
        assert_eq!(sizes.aspect, Spread { min: 0.5, median: 4.0, max: 4.0 });
        let counts = |bins: &[Bin]| bins.iter().map(|bin| bin.count).collect::<Vec<_>>();
        assert_eq!(counts(&sizes.widths), [1, 1, 0, 0, 0, 1, 0, 0, 1]);
        assert_eq!(counts(&sizes.aspects), [1, 0, 0, 1, 0, 0, 0, 2, 0]);
    }
}
