//! Matrix products of the sizes that pointwise convolutions have: few rows, many columns.

use pulp::Simd;

/// Rows of a tile.
const ROWS: usize = 4;

/// Vectors of a tile's row. With [`ROWS`] that is as much as sixteen registers hold.
const VECTORS: usize = 3;

/// `c [m, p] = a [m, k] b [k, p]`, all row-major; `c` is overwritten.
#[inline(always)]
pub fn product<S: Simd>(simd: S, a: &[f32], b: &[f32], c: &mut [f32], k: usize, p: usize) {
    let lanes = S::F32_LANES;
    let wide = VECTORS * lanes;
    let mut column = 0;
    while column + wide <= p {
        columns::<S, VECTORS>(simd, a, b, c, k, p, column);
        column += wide;
    }
    while column + lanes <= p {
        columns::<S, 1>(simd, a, b, c, k, p, column);
        column += lanes;
    }
    if column < p && p >= lanes {
        // The last columns once more, together with those before them that fill a vector.
        columns::<S, 1>(simd, a, b, c, k, p, p - lanes);
    } else {
        for (a, c) in a.chunks_exact(k).zip(c.chunks_exact_mut(p)) {
            for column in column..p {
                c[column] = a.iter().zip(b.chunks_exact(p)).map(|(&a, b)| a * b[column]).sum();
            }
        }
    }
}

/// The columns of a product from `column` on that fill `V` vectors.
#[inline(always)]
fn columns<S: Simd, const V: usize>(simd: S, a: &[f32], b: &[f32], c: &mut [f32], k: usize, p: usize, column: usize) {
    let mut tiles = a.chunks_exact(ROWS * k);
    let mut outputs = c.chunks_exact_mut(ROWS * p);
    for (a, c) in tiles.by_ref().zip(outputs.by_ref()) {
        tile::<S, ROWS, V>(simd, a, b, c, k, p, column);
    }
    let (a, c) = (tiles.remainder(), outputs.into_remainder());
    for (a, c) in a.chunks_exact(k).zip(c.chunks_exact_mut(p)) {
        tile::<S, 1, V>(simd, a, b, c, k, p, column);
    }
}

#[inline(always)]
fn tile<S: Simd, const R: usize, const V: usize>(
    simd: S,
    a: &[f32],
    b: &[f32],
    c: &mut [f32],
    k: usize,
    p: usize,
    column: usize,
) {
    let width = V * S::F32_LANES;
    let rows: [&[f32]; R] = std::array::from_fn(|row| &a[row * k..][..k]);
    let mut sums = [[simd.splat_f32s(0.0); V]; R];
    for (index, b) in b.chunks_exact(p).take(k).enumerate() {
        let b = vectors::<S, V>(&b[column..][..width]);
        for row in 0..R {
            let a = simd.splat_f32s(rows[row][index]);
            for vector in 0..V {
                sums[row][vector] = simd.mul_add_e_f32s(a, b[vector], sums[row][vector]);
            }
        }
    }
    for (row, sums) in sums.iter().enumerate() {
        let (c, _) = S::as_mut_simd_f32s(&mut c[row * p + column..][..width]);
        c.copy_from_slice(sums);
    }
}

#[inline(always)]
fn vectors<S: Simd, const V: usize>(values: &[f32]) -> [S::f32s; V] {
    let (vectors, _) = S::as_simd_f32s(values);
    std::array::from_fn(|index| vectors[index])
}

/// Adds `a [m, p] b^T` to `c [m, k]`, where `b` is `[k, p]`.
#[inline(always)]
pub fn add_product_transposed<S: Simd>(simd: S, a: &[f32], b: &[f32], c: &mut [f32], k: usize, p: usize) {
    let mut tiles = a.chunks_exact(ROWS * p);
    let mut outputs = c.chunks_exact_mut(ROWS * k);
    for (a, c) in tiles.by_ref().zip(outputs.by_ref()) {
        dot_rows::<S, ROWS>(simd, a, b, c, k, p);
    }
    let (a, c) = (tiles.remainder(), outputs.into_remainder());
    for (a, c) in a.chunks_exact(p).zip(c.chunks_exact_mut(k)) {
        dot_rows::<S, 1>(simd, a, b, c, k, p);
    }
}

#[inline(always)]
fn dot_rows<S: Simd, const R: usize>(simd: S, a: &[f32], b: &[f32], c: &mut [f32], k: usize, p: usize) {
    let mut at = 0;
    while at + VECTORS <= k {
        dot_tile::<S, R, VECTORS>(simd, a, &b[at * p..], &mut c[at..], k, p);
        at += VECTORS;
    }
    while at < k {
        dot_tile::<S, R, 1>(simd, a, &b[at * p..], &mut c[at..], k, p);
        at += 1;
    }
}

#[inline(always)]
fn dot_tile<S: Simd, const R: usize, const V: usize>(simd: S, a: &[f32], b: &[f32], c: &mut [f32], k: usize, p: usize) {
    let whole = p / S::F32_LANES * S::F32_LANES;
    let a_rows: [&[f32]; R] = std::array::from_fn(|row| &a[row * p..][..p]);
    let b_rows: [&[f32]; V] = std::array::from_fn(|row| &b[row * p..][..p]);
    let count = whole / S::F32_LANES;
    let a_vectors: [&[S::f32s]; R] = std::array::from_fn(|row| &S::as_simd_f32s(&a_rows[row][..whole]).0[..count]);
    let b_vectors: [&[S::f32s]; V] = std::array::from_fn(|row| &S::as_simd_f32s(&b_rows[row][..whole]).0[..count]);
    let mut sums = [[simd.splat_f32s(0.0); V]; R];
    for index in 0..count {
        let b: [S::f32s; V] = std::array::from_fn(|row| b_vectors[row][index]);
        for row in 0..R {
            let a = a_vectors[row][index];
            for other in 0..V {
                sums[row][other] = simd.mul_add_e_f32s(a, b[other], sums[row][other]);
            }
        }
    }
    for row in 0..R {
        for other in 0..V {
            let rest: f32 = a_rows[row][whole..].iter().zip(&b_rows[other][whole..]).map(|(a, b)| a * b).sum();
            c[row * k + other] += simd.reduce_sum_f32s(sums[row][other]) + rest;
        }
    }
}
