//! Eight floats at a time, on whatever the machine has.
//!
//! The kernels are written once over [`Lanes`]: two vectors of 128 bits everywhere (SSE2, NEON, wasm's simd128), and one of 256
//! with fused multiply-adds where an x86 processor turns out to have them.

use wide::f32x4;

/// Weights of eight outputs, aligned so that no vector of them straddles two cache lines.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(C, align(32))]
pub struct Eight(pub [f32; 8]);

/// Arithmetic on vectors of eight floats.
pub trait Lanes: Copy {
    /// Eight floats in registers.
    type Vector: Copy;

    /// Tiles of four pixels that [`sums`](super::product::sums) has under way at once: as many as there are registers for.
    const TILES: usize;

    /// Eight times the same.
    fn splat(self, value: f32) -> Self::Vector;

    /// Eight floats from memory.
    fn load(self, values: &Eight) -> Self::Vector;

    /// The way back from [`load`](Self::load).
    #[inline(always)]
    fn store(self, vector: Self::Vector) -> Eight {
        let [[a, b, c, d], [e, f, g, h]] = self.halves(vector).map(f32x4::to_array);
        Eight([a, b, c, d, e, f, g, h])
    }

    /// Two vectors of four as one.
    fn pair(self, low: f32x4, high: f32x4) -> Self::Vector;

    /// The way back from [`pair`](Self::pair).
    fn halves(self, vector: Self::Vector) -> [f32x4; 2];

    /// `a * b + c`, rounded once or twice.
    fn mul_add(self, a: Self::Vector, b: Self::Vector, c: Self::Vector) -> Self::Vector;
}

/// Work to be done with the machine's best [`Lanes`].
pub trait Work {
    /// What it gives.
    type Output;

    /// Does it. Implementations and what they call are `#[inline(always)]`, or they would not be compiled for these lanes.
    fn work<L: Lanes>(self, lanes: L) -> Self::Output;
}

/// Does `work` with the best lanes that the machine has.
pub fn dispatch<W: Work>(work: W) -> W::Output {
    #[cfg(target_arch = "x86_64")]
    if let Some(avx2) = pulp::x86::V3::try_new() {
        return pulp::Simd::vectorize(avx2, avx2::OnAvx2 { avx2, work });
    }
    work.work(Baseline)
}

/// `x` where it is positive, 0 where it is negative; not a number stays what it is.
#[inline(always)]
pub fn relu(x: f32x4) -> f32x4 {
    // Both are one instruction, which differ in which operand they give where one is not a number.
    if cfg!(target_arch = "x86_64") { f32x4::ZERO.fast_max(x) } else { x.fast_max(f32x4::ZERO) }
}

/// Two vectors of 128 bits: what every target has.
#[derive(Clone, Copy, Debug)]
pub struct Baseline;

impl Lanes for Baseline {
    type Vector = [f32x4; 2];

    // Eight sums, two weights and what is being multiplied: sixteen registers hold no second tile.
    const TILES: usize = 1;

    #[inline(always)]
    fn splat(self, value: f32) -> [f32x4; 2] {
        [f32x4::splat(value); 2]
    }

    #[inline(always)]
    fn load(self, values: &Eight) -> [f32x4; 2] {
        let [a, b, c, d, e, f, g, h] = values.0;
        [f32x4::new([a, b, c, d]), f32x4::new([e, f, g, h])]
    }

    #[inline(always)]
    fn pair(self, low: f32x4, high: f32x4) -> [f32x4; 2] {
        [low, high]
    }

    #[inline(always)]
    fn halves(self, vector: [f32x4; 2]) -> [f32x4; 2] {
        vector
    }

    #[inline(always)]
    fn mul_add(self, a: [f32x4; 2], b: [f32x4; 2], c: [f32x4; 2]) -> [f32x4; 2] {
        [a[0].mul_add(b[0], c[0]), a[1].mul_add(b[1], c[1])]
    }
}

#[cfg(target_arch = "x86_64")]
mod avx2 {
    use bytemuck::cast;
    use pulp::f32x8;
    use pulp::x86::V3;
    use wide::f32x4;

    use super::{Eight, Lanes, Work};

    /// Work for a processor with AVX2 and fused multiply-adds.
    pub(super) struct OnAvx2<W> {
        pub(super) avx2: V3,
        pub(super) work: W,
    }

    impl<W: Work> pulp::WithSimd for OnAvx2<W> {
        type Output = W::Output;

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _: S) -> W::Output {
            self.work.work(self.avx2)
        }
    }

    impl Lanes for V3 {
        type Vector = f32x8;

        const TILES: usize = 2;

        #[inline(always)]
        fn splat(self, value: f32) -> f32x8 {
            self.splat_f32x8(value)
        }

        #[inline(always)]
        fn load(self, values: &Eight) -> f32x8 {
            cast(values.0)
        }

        #[inline(always)]
        fn pair(self, low: f32x4, high: f32x4) -> f32x8 {
            cast([low, high])
        }

        #[inline(always)]
        fn halves(self, vector: f32x8) -> [f32x4; 2] {
            cast(vector)
        }

        #[inline(always)]
        fn mul_add(self, a: f32x8, b: f32x8, c: f32x8) -> f32x8 {
            self.mul_add_f32x8(a, b, c)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Multiply([f32; 8]);

    impl Work for Multiply {
        type Output = [[f32; 4]; 2];

        fn work<L: Lanes>(self, lanes: L) -> [[f32; 4]; 2] {
            let vector = lanes.load(&Eight(self.0));
            lanes.halves(lanes.mul_add(vector, lanes.splat(2.0), vector)).map(f32x4::to_array)
        }
    }

    #[test]
    fn all_lanes_compute_the_same() {
        let values = [1.0, -2.0, 3.5, 0.0, -0.25, 6.0, 7.0, 1e-3];
        let expected = values.map(|value| 3.0 * value);
        for got in [dispatch(Multiply(values)), Multiply(values).work(Baseline)] {
            assert_eq!(got.as_flattened(), expected);
        }
    }

    #[test]
    fn relu_keeps_what_is_not_a_number() {
        let [negative, zero, positive, nan] = relu(f32x4::new([-1.0, 0.0, 2.0, f32::NAN])).to_array();
        assert_eq!((negative, zero, positive), (0.0, 0.0, 2.0));
        assert!(nan.is_nan());
    }
}
