//! What the loops of this module are made of: sums and dot products, vector by vector.

use pulp::Simd;

/// Vectors a loop handles at once, so that no sum waits for the one before it.
pub const UNROLL: usize = 4;

/// Sum of `values` and of their squares.
#[inline(always)]
pub fn sums<S: Simd>(simd: S, values: &[f32]) -> [f64; 2] {
    let mut sums = [[simd.splat_f32s(0.0); UNROLL]; 2];
    let (vectors, rest) = S::as_simd_f32s(values);
    let (blocks, single) = vectors.as_chunks::<UNROLL>();
    for block in blocks {
        for lane in 0..UNROLL {
            sums[0][lane] = simd.add_f32s(sums[0][lane], block[lane]);
            sums[1][lane] = simd.mul_add_e_f32s(block[lane], block[lane], sums[1][lane]);
        }
    }
    for &vector in single {
        sums[0][0] = simd.add_f32s(sums[0][0], vector);
        sums[1][0] = simd.mul_add_e_f32s(vector, vector, sums[1][0]);
    }
    // Closures with vectors in them are not always inlined, and then compiled for the oldest processor.
    let [sum, squares] = [total(simd, sums[0]), total(simd, sums[1])];
    [sum + rest.iter().sum::<f32>() as f64, squares + rest.iter().map(|x| x * x).sum::<f32>() as f64]
}

/// The sum of all floats in `vectors`.
#[inline(always)]
pub fn total<S: Simd, const N: usize>(simd: S, vectors: [S::f32s; N]) -> f64 {
    let mut total = vectors[0];
    for &vector in &vectors[1..] {
        total = simd.add_f32s(total, vector);
    }
    f64::from(simd.reduce_sum_f32s(total))
}
