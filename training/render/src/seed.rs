//! A seed for each item of a stream, and the half of all seeds that nothing is trained on.

/// Seeds of pictures to validate and test on start here, those of training pictures lie below.
pub const VALIDATION_SEEDS: u64 = 1 << 63;

/// A seed for item `number` of stream `seed`, below [`VALIDATION_SEEDS`]: SplitMix64 (Steele et al. 2014).
pub fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & !VALIDATION_SEEDS
}

/// A seed for item `number` of stream `seed` that no plate is trained on; stream 0 is the validation of runs.
pub fn held_out(seed: u64, number: u64) -> u64 {
    VALIDATION_SEEDS | mix(seed, number)
}

/// A number of `[0, 1)` from a mixed seed.
pub fn unit(seed: u64) -> f32 {
    (seed >> 39) as f32 / (1u64 << 24) as f32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_are_spread_and_apart_from_validation() {
        let mut seeds: Vec<u64> = (0..4).flat_map(|seed| (0..1000).map(move |n| mix(seed, n))).collect();
        assert!(seeds.iter().all(|&seed| seed < VALIDATION_SEEDS));
        assert!(seeds.iter().all(|&seed| held_out(seed, 0) >= VALIDATION_SEEDS));
        seeds.sort_unstable();
        seeds.dedup();
        assert_eq!(seeds.len(), 4000);
        let mean = seeds.iter().map(|&seed| unit(seed)).sum::<f32>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
    }
}
