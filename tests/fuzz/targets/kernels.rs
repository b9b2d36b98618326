//! Stacks of convolutions of any shape with any weights over any picture: computed without a panic, to as many numbers as the
//! shapes say, and the same whatever was computed before.
#![no_main]

use kr_lpr::kernels::block::{Block, Experts, Gates};
use kr_lpr::kernels::depthwise::{Depthwise, DepthwiseShape};
use kr_lpr::kernels::planes::planes;
use kr_lpr::kernels::product::Weights;
use kr_lpr::kernels::stack::{Room, Stack};
use kr_lpr::kernels::stem::{Picture, Stem};
use libfuzzer_sys::fuzz_target;

/// Outputs, kernel, stride, dilation and experts of a block, each taken modulo what is computed.
type Shape = [u8; 5];

fuzz_target!(|input: ([u8; 5], Vec<Shape>, Vec<u32>)| {
    let ([rows, columns, stem, channels, outputs], shapes, bits) = input;
    // Any numbers, as bits, repeated as often as they are needed.
    let mut numbers = Numbers { bits: &bits, next: 0 };
    let (rows, columns) = (1 + usize::from(rows % 40), 1 + usize::from(columns % 60));
    let mut channels = 1 + usize::from(channels % 20);
    let stem_kernel = 1 + 2 * usize::from(stem % 4);
    let stem =
        Stem::new(channels, stem_kernel, &numbers.take(channels * stem_kernel * stem_kernel), &numbers.take(channels));
    let mut size = [rows, columns].map(|cells| cells.div_ceil(2));
    let blocks = [[7, 1, 0, 0, 0]].into_iter().chain(shapes).take(5).map(|shape: Shape| {
        let [outputs, kernel, stride, dilation, experts] = shape.map(usize::from);
        let outputs = 1 + outputs % 20;
        let (kernel, stride) = (1 + 2 * (kernel % 4), 1 + stride % 2);
        let spatial = DepthwiseShape { channels, kernel, stride, dilation: 1 + dilation % 4 };
        let depthwise = Depthwise::new(spatial, &numbers.take(channels * kernel * kernel), &numbers.take(channels));
        let mut packed = || {
            let (weight, bias) = (numbers.take(outputs * channels), numbers.take(outputs));
            let value = |output: usize, input: usize| weight.get(output * channels + input).copied().unwrap_or(0.0);
            Weights::new([depthwise.panel_channels(), outputs], value, |output| bias[output])
        };
        let pointwise = packed();
        let kernels: Vec<_> = (0..experts % 3).map(|_| packed().values().to_vec()).collect();
        let gates = Gates {
            weights: kernels.iter().map(|_| numbers.take(channels)).collect(),
            bias: numbers.take(kernels.len()),
        };
        let experts = (!kernels.is_empty()).then(|| Experts { kernels, gates });
        let residual = channels == outputs && stride == 1;
        channels = outputs;
        size = size.map(|cells| cells.div_ceil(stride));
        Block { depthwise, pointwise, experts, residual }
    });
    let stack = Stack { stem, blocks: blocks.collect() };
    let picture = Picture::from_values(rows, columns, &numbers.take(rows * columns));

    let mut room = Room::default();
    let features = stack.features(&picture, &mut room).clone();
    assert_eq!([features.shape().channels, features.shape().rows, features.shape().columns], [channels, size[0], size[1]]);
    let outputs = 1 + usize::from(outputs % 20);
    let (weight, bias) = (numbers.take(outputs), numbers.take(outputs));
    let inputs = channels.next_multiple_of(4);
    let head = Weights::new([inputs, outputs], |output, _| weight[output], |output| bias[output]);
    let answer = planes(&features, &head);
    assert_eq!(answer.len(), outputs * size[0] * size[1]);

    // A room that was used for other pictures gives the same bits.
    stack.features(&Picture::new(columns, rows), &mut room);
    let again = planes(stack.features(&picture, &mut room), &head);
    assert!(answer.iter().zip(&again).all(|(a, b)| a.to_bits() == b.to_bits() || a.is_nan() && b.is_nan()));
});

/// Numbers without end.
struct Numbers<'a> {
    bits: &'a [u32],
    next: usize,
}

impl Numbers<'_> {
    fn take(&mut self, count: usize) -> Vec<f32> {
        let of = |at: usize| self.bits.get(at % self.bits.len().max(1)).map_or(0.5, |&bits| f32::from_bits(bits));
        let values = (self.next..self.next + count).map(of).collect();
        self.next += count;
        values
    }
}
