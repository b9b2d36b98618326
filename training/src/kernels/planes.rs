//! Planes laid out so that a convolution is the same few offsets everywhere.
//!
//! A padded plane is one run of floats: rows follow each other at a pitch with a gap of zeros wide enough to be the right
//! margin of one row and the left margin of the next. At stride 2 it is four such runs, one for each parity of row and
//! column. Then tap `t` of output `i` is at `i + offset(t)` for every `i`, the columns of the gap included, whose
//! outputs nobody reads: a convolution has no rows, no edges and no tails left.

use pulp::Simd;

use super::lanes::UNROLL;

/// Sizes of a channelwise convolution: depthwise, or of a single input channel. The kernel is square and the padding keeps
/// the size at stride 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Input channels; divides `out_channels`.
    pub in_channels: usize,
    /// Output channels; channel `o` reads input channel `o * in_channels / out_channels`.
    pub out_channels: usize,
    /// Input rows.
    pub height: usize,
    /// Input columns.
    pub width: usize,
    /// Kernel side, odd.
    pub kernel: usize,
    /// 1 or 2.
    pub stride: usize,
    /// Distance between kernel taps.
    pub dilation: usize,
}

impl Shape {
    /// Output rows.
    pub fn out_height(&self) -> usize {
        (self.height - 1) / self.stride + 1
    }

    /// Output columns.
    pub fn out_width(&self) -> usize {
        (self.width - 1) / self.stride + 1
    }

    /// Taps of the kernel.
    pub fn taps(&self) -> usize {
        self.kernel * self.kernel
    }
}

/// Where things are in a padded plane.
pub struct Planes {
    shape: Shape,
    /// From one row to the next.
    pitch: usize,
    /// Outputs computed: all rows at the pitch, rounded up to whole blocks of vectors.
    len: usize,
    /// Zeros before the first row and behind the last block.
    margin: usize,
    /// Where in a padded input each tap of output 0 is.
    taps: Vec<usize>,
    /// For each parity of the input, the taps that read it and where in a padded output they meet its first input.
    readers: Vec<Vec<(usize, usize)>>,
}

impl Planes {
    /// The layout for vectors of `lanes` floats.
    pub fn new(shape: Shape, lanes: usize) -> Planes {
        let (stride, reach) = (shape.stride as isize, (shape.dilation * (shape.kernel - 1) / 2) as isize);
        let gap = (reach as usize).div_ceil(shape.stride);
        let pitch = shape.out_width() + gap;
        let len = (shape.out_height() * pitch).next_multiple_of(UNROLL * lanes);
        let margin = gap * pitch + gap;
        let mut planes = Planes {
            shape,
            pitch,
            len,
            margin,
            taps: Vec::new(),
            readers: vec![Vec::new(); shape.stride * shape.stride],
        };
        for tap in 0..shape.taps() {
            let [row, column] =
                [tap / shape.kernel, tap % shape.kernel].map(|at| (at * shape.dilation) as isize - reach);
            let parity = (row.rem_euclid(stride) * stride + column.rem_euclid(stride)) as usize;
            let distance = row.div_euclid(stride) * pitch as isize + column.div_euclid(stride);
            planes.taps.push((parity * planes.parity_len() + margin).wrapping_add_signed(distance));
            planes.readers[parity].push((tap, margin.wrapping_add_signed(-distance)));
        }
        planes
    }

    fn parity_len(&self) -> usize {
        self.len + 2 * self.margin
    }

    /// An empty padded input.
    pub fn input(&self) -> Vec<f32> {
        vec![0.0; self.readers.len() * self.parity_len()]
    }

    /// An empty padded output.
    pub fn output(&self) -> Vec<f32> {
        vec![0.0; self.parity_len()]
    }

    /// Where row `y` of a padded output is.
    #[inline(always)]
    pub fn row(&self, y: usize) -> std::ops::Range<usize> {
        let at = self.margin + y * self.pitch;
        at..at + self.shape.out_width()
    }

    /// Copies a plane to where the convolution reads it; what is zero in `padded` stays zero.
    #[inline(always)]
    pub fn scatter(&self, plane: &[f32], padded: &mut [f32]) {
        for (y, row) in plane.chunks_exact(self.shape.width).enumerate() {
            if self.shape.stride == 1 {
                let at = self.margin + y * self.pitch;
                padded[at..at + row.len()].copy_from_slice(row);
            } else {
                let (even, odd) = self.parity_rows(y);
                let (even, odd) = pair_mut(padded, even, odd);
                let (pairs, last) = row.as_chunks::<2>();
                for ((even, odd), pair) in even.iter_mut().zip(odd.iter_mut()).zip(pairs) {
                    [*even, *odd] = *pair;
                }
                if let Some(&last) = last.first() {
                    even[pairs.len()] = last;
                }
            }
        }
    }

    /// The way back of [`scatter`](Self::scatter).
    #[inline(always)]
    pub fn gather(&self, padded: &[f32], plane: &mut [f32]) {
        for (y, row) in plane.chunks_exact_mut(self.shape.width).enumerate() {
            if self.shape.stride == 1 {
                let at = self.margin + y * self.pitch;
                row.copy_from_slice(&padded[at..at + row.len()]);
            } else {
                let (even, odd) = self.parity_rows(y);
                let (even, odd) = (&padded[even..even + self.shape.out_width()], &padded[odd..]);
                let (pairs, last) = row.as_chunks_mut::<2>();
                let whole = pairs.len();
                for ((even, odd), pair) in even.iter().zip(odd).zip(pairs) {
                    *pair = [*even, *odd];
                }
                if let Some(last) = last.first_mut() {
                    *last = even[whole];
                }
            }
        }
    }

    /// Where the even and the odd columns of input row `y` begin, at stride 2.
    #[inline(always)]
    fn parity_rows(&self, y: usize) -> (usize, usize) {
        let even = y % 2 * 2 * self.parity_len() + self.margin + y / 2 * self.pitch;
        (even, even + self.parity_len())
    }

    /// The convolution of a padded `input` with the taps' `weight`, into a padded `output`, gaps and all.
    #[inline(always)]
    pub fn convolve<S: Simd>(&self, simd: S, input: &[f32], weight: &[f32], output: &mut [f32]) {
        let output = &mut output[self.margin..][..self.len];
        filter(simd, output, true, self.taps.len(), |tap| (&input[self.taps[tap]..], weight[tap]));
    }

    /// What a padded output's gradient, zero in its gaps, says about a padded input's: `first` sets it, others add.
    #[inline(always)]
    pub fn convolve_back<S: Simd>(&self, simd: S, output: &[f32], weight: &[f32], input: &mut [f32], first: bool) {
        for (input, readers) in input.chunks_exact_mut(self.parity_len()).zip(&self.readers) {
            let input = &mut input[self.margin..][..self.len];
            filter(simd, input, first, readers.len(), |reader| {
                let (tap, at) = readers[reader];
                (&output[at..], weight[tap])
            });
        }
    }

    /// Adds the gradient of the taps' weights, given a padded input and a padded output's gradient, zero in its gaps.
    #[inline(always)]
    pub fn correlate<S: Simd>(&self, simd: S, input: &[f32], output: &[f32], weight: &mut [f32]) {
        let output = &output[self.margin..][..self.len];
        let input = |tap: usize| &input[self.taps[tap]..];
        let mut tap = 0;
        while tap + TAPS <= weight.len() {
            add_dots::<S, TAPS>(simd, output, std::array::from_fn(|index| input(tap + index)), &mut weight[tap..]);
            tap += TAPS;
        }
        while tap < weight.len() {
            add_dots::<S, 1>(simd, output, [input(tap)], &mut weight[tap..]);
            tap += 1;
        }
    }
}

/// Taps that a loop handles at once.
const TAPS: usize = 5;

fn pair_mut(values: &mut [f32], first: usize, second: usize) -> (&mut [f32], &mut [f32]) {
    let (head, tail) = values.split_at_mut(second);
    (&mut head[first..], tail)
}

/// Sets `output[i]` to the sum of `weight input[i]` over `count` taps, or adds it unless `first`.
#[inline(always)]
fn filter<'a, S: Simd>(
    simd: S,
    output: &mut [f32],
    first: bool,
    count: usize,
    tap: impl Fn(usize) -> (&'a [f32], f32),
) {
    let mut at = 0;
    while at + TAPS <= count {
        add_scaled::<S, TAPS>(simd, output, first && at == 0, std::array::from_fn(|index| tap(at + index)));
        at += TAPS;
    }
    let first = first && at == 0;
    match count - at {
        1 => add_scaled::<S, 1>(simd, output, first, std::array::from_fn(|index| tap(at + index))),
        2 => add_scaled::<S, 2>(simd, output, first, std::array::from_fn(|index| tap(at + index))),
        3 => add_scaled::<S, 3>(simd, output, first, std::array::from_fn(|index| tap(at + index))),
        4 => add_scaled::<S, 4>(simd, output, first, std::array::from_fn(|index| tap(at + index))),
        _ if first => output.fill(0.0), // a parity that no tap reads
        _ => (),
    }
}

#[inline(always)]
fn add_scaled<S: Simd, const T: usize>(simd: S, output: &mut [f32], first: bool, taps: [(&[f32], f32); T]) {
    let zero = simd.splat_f32s(0.0);
    let inputs: [&[[S::f32s; UNROLL]]; T] =
        std::array::from_fn(|tap| S::as_simd_f32s(&taps[tap].0[..output.len()]).0.as_chunks().0);
    let mut weights = [zero; T];
    for tap in 0..T {
        weights[tap] = simd.splat_f32s(taps[tap].1);
    }
    let (output, _) = S::as_mut_simd_f32s(output);
    let (blocks, _) = output.as_chunks_mut::<UNROLL>();
    let inputs: [&[[S::f32s; UNROLL]]; T] = std::array::from_fn(|tap| &inputs[tap][..blocks.len()]);
    for (index, block) in blocks.iter_mut().enumerate() {
        let mut sums = if first { [zero; UNROLL] } else { *block };
        for tap in 0..T {
            for lane in 0..UNROLL {
                sums[lane] = simd.mul_add_e_f32s(weights[tap], inputs[tap][index][lane], sums[lane]);
            }
        }
        *block = sums;
    }
}

/// Adds the dot product of `output` with each of `inputs` to `sums`.
#[inline(always)]
fn add_dots<S: Simd, const T: usize>(simd: S, output: &[f32], inputs: [&[f32]; T], sums: &mut [f32]) {
    let (output, _) = S::as_simd_f32s(output);
    let (output, _) = output.as_chunks::<2>();
    let inputs: [&[[S::f32s; 2]]; T] =
        std::array::from_fn(|tap| &S::as_simd_f32s(inputs[tap]).0.as_chunks().0[..output.len()]);
    let mut totals = [[simd.splat_f32s(0.0); 2]; T];
    for (index, output) in output.iter().enumerate() {
        for tap in 0..T {
            for lane in 0..2 {
                totals[tap][lane] = simd.mul_add_e_f32s(output[lane], inputs[tap][index][lane], totals[tap][lane]);
            }
        }
    }
    for (sum, [a, b]) in sums.iter_mut().zip(totals) {
        *sum += simd.reduce_sum_f32s(simd.add_f32s(a, b));
    }
}
