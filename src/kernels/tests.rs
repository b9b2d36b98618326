//! The kernels against the definition of what they compute, over shapes that do and do not fill vectors and tiles.

use proptest::prelude::*;
use wide::f32x4;

use super::block::{Block, Experts, Gates, Scratch, Source};
use super::depthwise::{Depthwise, DepthwiseShape};
use super::lanes::{Baseline, Lanes, Work, dispatch};
use super::maps::testing::{maps, values};
use super::maps::{BLOCK, Maps, Margin};
use super::matrix::{self, Matrix};
use super::planes::planes;
use super::product::Weights;
use super::stack::{Room, Stack};
use super::stem::{Picture, Stem};

/// Channels, rows, columns and their values.
#[derive(Clone, Debug)]
struct Planes {
    size: [usize; 3],
    values: Vec<f32>,
}

impl Planes {
    fn at(&self, channel: usize, row: usize, column: usize) -> f32 {
        let [_, rows, columns] = self.size;
        self.values[(channel * rows + row) * columns + column]
    }

    fn made(size: [usize; 3], value: impl Fn(usize, usize, usize) -> f32) -> Planes {
        let [channels, rows, columns] = size;
        let cells = (0..channels).flat_map(|c| (0..rows).flat_map(move |r| (0..columns).map(move |x| (c, r, x))));
        Planes { size, values: cells.map(|(c, r, x)| value(c, r, x)).collect() }
    }

    fn map(&self, value: impl Fn(f32) -> f32) -> Planes {
        Planes { size: self.size, values: self.values.iter().map(|&v| value(v)).collect() }
    }
}

/// The convolution by its definition: `weight [out, in / groups, kernel, kernel]`, zeros around the input. Sums are of `f64`.
fn convolved(x: &Planes, weight: &[f32], bias: &[f32], [kernel, stride, dilation, groups]: [usize; 4]) -> Planes {
    let [channels, rows, columns] = x.size;
    let (per_group, out) = (channels / groups, bias.len());
    let padding = dilation * (kernel - 1) / 2;
    Planes::made([out, rows.div_ceil(stride), columns.div_ceil(stride)], |channel, row, column| {
        let mut sum = f64::from(bias[channel]);
        for input in 0..per_group {
            for (down, right) in (0..kernel).flat_map(|down| (0..kernel).map(move |right| (down, right))) {
                let within = |at: usize, tap: usize, size: usize| {
                    (at * stride + tap * dilation).checked_sub(padding).filter(|&at| at < size)
                };
                if let (Some(r), Some(c)) = (within(row, down, rows), within(column, right, columns)) {
                    let tap = ((channel * per_group + input) * kernel + down) * kernel + right;
                    let from = channel / (out / groups) * per_group + input;
                    sum += f64::from(weight[tap]) * f64::from(x.at(from, r, c));
                }
            }
        }
        sum as f32
    })
}

fn relu(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// Numbers of no meaning between -1 and 1; the same for the same seed.
fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 40) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..count).map(|_| next()).collect()
}

fn close(got: &[f32], expected: &[f32]) -> Result<(), TestCaseError> {
    prop_assert_eq!(got.len(), expected.len());
    let largest = expected.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (at, (got, expected)) in got.iter().zip(expected).enumerate() {
        prop_assert!((got - expected).abs() <= 2e-5 * largest, "{got} is not {expected} at {at}");
    }
    Ok(())
}

/// A block of random weights and what it computes by definition.
#[derive(Clone, Debug)]
struct BlockCase {
    depthwise: DepthwiseShape,
    outputs: usize,
    experts: usize,
    seed: u64,
}

impl BlockCase {
    fn residual(&self) -> bool {
        self.depthwise.channels == self.outputs && self.depthwise.stride == 1
    }

    fn parts(&self) -> [Vec<f32>; 4] {
        let DepthwiseShape { channels, kernel, .. } = self.depthwise;
        let lengths = [channels * kernel * kernel, channels, self.outputs * channels, self.outputs];
        std::array::from_fn(|part| numbers(lengths[part], self.seed + part as u64))
    }

    fn kernels(&self) -> Vec<[Vec<f32>; 2]> {
        let channels = self.depthwise.channels;
        let of = |expert: usize| {
            [self.outputs * channels, channels].map(|length| numbers(length, self.seed + 10 + expert as u64))
        };
        (0..self.experts).map(of).collect()
    }

    fn block(&self) -> Block {
        let [spatial, spatial_bias, mixing, mixing_bias] = self.parts();
        let depthwise = Depthwise::new(self.depthwise, &spatial, &spatial_bias);
        let channels = self.depthwise.channels;
        let shape = [depthwise.panel_channels(), self.outputs];
        let packed = |weight: &[f32], bias: &dyn Fn(usize) -> f32| {
            let value = |output: usize, input: usize| {
                if input < channels { weight[output * channels + input] } else { 0.0 }
            };
            Weights::new(shape, value, bias)
        };
        let kernels = self.kernels();
        let experts = (!kernels.is_empty()).then(|| Experts {
            kernels: kernels.iter().map(|[kernel, _]| packed(kernel, &|_| 0.0).values().to_vec()).collect(),
            gates: Gates {
                weights: kernels.iter().map(|[_, gate]| gate.clone()).collect(),
                bias: vec![0.25; kernels.len()],
            },
        });
        let pointwise = packed(&mixing, &|output| mixing_bias[output]);
        Block { depthwise, pointwise, experts, residual: self.residual() }
    }

    fn expected(&self, x: &Planes) -> Planes {
        let DepthwiseShape { channels, kernel, stride, dilation } = self.depthwise;
        let [spatial, spatial_bias, mut mixing, mixing_bias] = self.parts();
        let seen = convolved(x, &spatial, &spatial_bias, [kernel, stride, dilation, channels]).map(relu);
        let cells = seen.values.len() / channels;
        for [kernel, gate] in self.kernels() {
            let mean = seen.values.chunks_exact(cells).map(|plane| plane.iter().sum::<f32>() / cells as f32);
            let logit = 0.25 + gate.iter().zip(mean).map(|(weight, mean)| weight * mean).sum::<f32>();
            let share = 1.0 / (1.0 + (-logit).exp());
            mixing.iter_mut().zip(&kernel).for_each(|(weight, kernel)| *weight += share * kernel);
        }
        let y = convolved(&seen, &mixing, &mixing_bias, [1, 1, 1, 1]).map(relu);
        if !self.residual() {
            return y;
        }
        Planes { size: y.size, values: y.values.iter().zip(&x.values).map(|(y, x)| y + x).collect() }
    }
}

fn block_case() -> impl Strategy<Value = BlockCase> {
    let kernel = prop_oneof![Just(1_usize), Just(3), Just(5), Just(7)];
    (1..14_usize, 1..19_usize, kernel, 1..=2_usize, 1..=3_usize, 0..=2_usize, any::<bool>(), 1..1000_u64).prop_map(
        |(channels, outputs, kernel, stride, dilation, experts, square, seed)| BlockCase {
            depthwise: DepthwiseShape { channels, kernel, stride, dilation },
            outputs: if square { channels } else { outputs },
            experts,
            seed,
        },
    )
}

/// A block on maps that have the margins it wants, with any lanes.
struct Forward<'a> {
    block: &'a Block,
    x: &'a Planes,
}

impl Work for Forward<'_> {
    type Output = Vec<f32>;

    #[inline(always)]
    fn work<L: Lanes>(self, lanes: L) -> Vec<f32> {
        let [_, rows, columns] = self.x.size;
        let input = maps(&self.x.values, self.x.size, self.block.depthwise.margin(columns));
        let (mut output, mut scratch) = (Maps::default(), Scratch::default());
        let margin = Margin { side: 2, tail: 3 };
        self.block.forward(lanes, Source::Maps(&input), [rows, columns], &mut output, margin, &mut scratch);
        // Channels that fill up a block, and the margin, must be what the next block takes them for.
        let finite = self.x.values.iter().all(|value| value.abs() < 1e30);
        let filled = values(&output).len() / (output.shape().rows * output.shape().columns).max(1);
        assert_eq!(filled, output.shape().channels);
        for (block, row) in (0..output.blocks()).flat_map(|block| (0..output.shape().rows).map(move |row| (block, row)))
        {
            let extra = output.shape().channels.saturating_sub(block * BLOCK);
            // Unless something was no number: 0 times that is none.
            let zero = |cell: &f32x4| cell.to_array().iter().skip(extra).all(|&v| v == 0.0 || !finite);
            assert!(output.row(block, row).iter().all(zero));
        }
        let sides = output.cells().chunks_exact(output.pitch()).map(|row| &row[..2]);
        assert!(sides.flatten().all(|&cell| cell == f32x4::ZERO));
        values(&output)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn blocks_compute_what_they_are_defined_as(case in block_case(), rows in 1..12_usize, columns in 1..27_usize) {
        let size = [case.depthwise.channels, rows, columns];
        let x = Planes { size, values: numbers(size.iter().product(), case.seed + 99) };
        let (block, expected) = (case.block(), case.expected(&x));
        close(&dispatch(Forward { block: &block, x: &x }), &expected.values)?;
        close(&Forward { block: &block, x: &x }.work(Baseline), &expected.values)?;
    }

    #[test]
    fn stacks_compute_their_convolutions_one_after_the_other(
        cases in proptest::collection::vec(block_case(), 1..4),
        kernel in prop_oneof![Just(1_usize), Just(3), Just(5), Just(7)],
        rows in 1..23_usize,
        columns in 1..45_usize,
        seed in 1..1000_u64,
    ) {
        let mut cases = cases;
        for at in 1..cases.len() {
            cases[at].depthwise.channels = cases[at - 1].outputs;
        }
        let channels = cases[0].depthwise.channels;
        let picture = Planes { size: [1, rows, columns], values: numbers(rows * columns, seed) };
        let (weight, bias) = (numbers(channels * kernel * kernel, seed + 1), numbers(channels, seed + 2));
        let expected = convolved(&picture, &weight, &bias, [kernel, 2, 1, 1]).map(relu);
        let expected = cases.iter().fold(expected, |x, case| case.expected(&x));

        let stem = Stem::new(channels, kernel, &weight, &bias);
        let stack = Stack { stem, blocks: cases.iter().map(BlockCase::block).collect() };
        let mut room = Room::default();
        // What the room held before must not matter.
        stack.features(&Picture::from_values(9, 14, &numbers(9 * 14, 3)), &mut room);
        let features = stack.features(&Picture::from_values(rows, columns, &picture.values), &mut room);
        prop_assert_eq!([features.shape().rows, features.shape().columns], &expected.size[1..]);
        close(&values(features), &expected.values)?;
    }

    #[test]
    fn planes_are_a_convolution_without_relu(
        channels in 1..14_usize, outputs in 1..19_usize, rows in 1..9_usize, columns in 1..14_usize, seed in 1..1000_u64,
    ) {
        let x = Planes { size: [channels, rows, columns], values: numbers(channels * rows * columns, seed) };
        let (weight, bias) = (numbers(outputs * channels, seed + 1), numbers(outputs, seed + 2));
        let value = |output: usize, input: usize| if input < channels { weight[output * channels + input] } else { 0.0 };
        let weights = Weights::new([channels.next_multiple_of(BLOCK), outputs], value, |output| bias[output]);
        let expected = convolved(&x, &weight, &bias, [1, 1, 1, 1]);
        close(&planes(&maps(&x.values, x.size, Margin { side: 1, tail: 0 }), &weights), &expected.values)?;
    }

    #[test]
    fn matrices_multiply(rows in 1..11_usize, inputs in 1..14_usize, outputs in 1..19_usize, seed in 1..1000_u64) {
        let (values, weight) = (numbers(rows * inputs, seed), numbers(outputs * inputs, seed + 1));
        let product = Matrix::new(inputs, values.clone())
            .times(&Weights::new([inputs, outputs], |output, input| weight[output * inputs + input], |output| output as f32));
        let expected = Planes::made([1, rows, outputs], |_, row, output| {
            let (row, weight) = (&values[row * inputs..][..inputs], &weight[output * inputs..][..inputs]);
            output as f32 + row.iter().zip(weight).map(|(a, b)| a * b).sum::<f32>()
        });
        close(product.values(), &expected.values)?;
    }

    #[test]
    fn cells_are_weighed_and_averaged(
        channels in 1..14_usize, rows in 1..6_usize, columns in 1..9_usize, seed in 1..1000_u64,
    ) {
        let x = Planes { size: [channels, rows, columns], values: numbers(channels * rows * columns, seed) };
        let cells = rows * columns;
        let blocked = maps(&x.values, x.size, Margin { side: 2, tail: 5 });
        let shares = numbers(3 * cells, seed + 1);
        let expected = Planes::made([1, 3, channels], |_, row, channel| {
            let (shares, plane) = (&shares[row * cells..][..cells], &x.values[channel * cells..][..cells]);
            shares.iter().zip(plane).map(|(a, b)| a * b).sum()
        });
        close(Matrix::new(cells, shares.clone()).weigh(&blocked).values(), &expected.values)?;
        let means: Vec<f32> = x.values.chunks_exact(cells).map(|plane| plane.iter().sum::<f32>() / cells as f32).collect();
        close(matrix::mean(&blocked).values(), &means)?;
    }

    #[test]
    fn softmax_gives_shares_and_their_logarithms(row in proptest::collection::vec(-90.0_f32..90.0, 1..40)) {
        let columns = row.len();
        let both = Matrix::new(columns, [row.clone(), vec![1.0; columns]].concat());
        let largest = row.iter().fold(f32::NEG_INFINITY, |m, &v| m.max(v));
        let sum: f64 = row.iter().map(|&v| f64::from(v - largest).exp()).sum();
        let expected: Vec<f32> = row.iter().map(|&v| (f64::from(v - largest).exp() / sum) as f32).collect();
        let logarithms: Vec<f32> = row.iter().map(|&v| (f64::from(v - largest) - sum.ln()) as f32).collect();
        close(&both.clone().softmax().values()[..columns], &expected)?;
        close(&both.clone().log_softmax().values()[..columns], &logarithms)?;
        close(&both.softmax().values()[columns..], &vec![1.0 / columns as f32; columns])?;
    }

    #[test]
    fn halved_pictures_are_means_of_four(rows in 1..9_usize, columns in 1..30_usize, seed in 1..1000_u64) {
        let values = numbers(rows * columns, seed);
        let at = |row: usize, column: usize| values[row * columns + column];
        let expected = Planes::made([1, rows / 2, columns / 2], |_, r, c| {
            (at(2 * r, 2 * c) + at(2 * r, 2 * c + 1) + at(2 * r + 1, 2 * c) + at(2 * r + 1, 2 * c + 1)) / 4.0
        });
        let half = Picture::from_values(rows, columns, &values).halved();
        prop_assert_eq!([half.rows(), half.columns()], &expected.size[1..]);
        close(&half.to_values(), &expected.values)?;
    }

    #[test]
    fn numbers_that_are_none_do_no_harm(
        case in block_case(),
        broken in prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY), Just(3e38_f32)],
        at in any::<proptest::sample::Index>(),
    ) {
        let size = [case.depthwise.channels, 5, 9];
        let mut x = Planes { size, values: numbers(size.iter().product(), case.seed) };
        let at = at.index(x.values.len());
        x.values[at] = broken;
        let y = dispatch(Forward { block: &case.block(), x: &x });
        // What the broken pixel cannot reach is as it was; what is not a number is seen to be none.
        prop_assert_eq!(y.len(), case.expected(&x).values.len());
        prop_assert!(!case.residual() || !broken.is_nan() || y[at].is_nan());
    }
}
