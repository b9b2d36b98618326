//! Convolution in which every output channel reads one input channel, forward and backward, on plain slices.
//!
//! That is a depthwise convolution, or one of a single input channel. Each plane is padded once and, at stride 2,
//! split into its even and odd columns, so that every inner loop runs over contiguous floats and vectorises.

use pulp::Arch;
use rayon::prelude::*;

/// Sizes of a channelwise convolution with square kernel and padding that keeps the size at stride 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Batch size.
    pub n: usize,
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
    #[inline(always)]
    fn padding(&self) -> usize {
        self.dilation * (self.kernel - 1) / 2
    }

    /// Output rows.
    pub fn out_height(&self) -> usize {
        (self.height - 1) / self.stride + 1
    }

    /// Output columns.
    pub fn out_width(&self) -> usize {
        (self.width - 1) / self.stride + 1
    }

    #[inline(always)]
    fn multiplier(&self) -> usize {
        self.out_channels / self.in_channels
    }

    #[inline(always)]
    fn in_plane(&self) -> usize {
        self.height * self.width
    }

    #[inline(always)]
    fn out_plane(&self) -> usize {
        self.out_height() * self.out_width()
    }

    #[inline(always)]
    fn taps(&self) -> usize {
        self.kernel * self.kernel
    }

    /// Columns of one phase of a padded row, with room for every tap of the last output column.
    #[inline(always)]
    fn phase_width(&self) -> usize {
        self.out_width() + (self.kernel - 1) * self.dilation / self.stride + 1
    }

    #[inline(always)]
    fn padded_height(&self) -> usize {
        (self.out_height() - 1) * self.stride + (self.kernel - 1) * self.dilation + 1
    }

    fn padded_len(&self) -> usize {
        self.stride * self.padded_height() * self.phase_width()
    }

    /// Where in the padded plane the output row `y` starts reading for tap `(ky, kx)`.
    #[inline(always)]
    fn offset(&self, y: usize, ky: usize, kx: usize) -> usize {
        let column = kx * self.dilation;
        let (phase, shift) = (column % self.stride, column / self.stride);
        let row = y * self.stride + ky * self.dilation;
        (phase * self.padded_height() + row) * self.phase_width() + shift
    }

    /// Index in the padded plane of input pixel `(y, x)`, if any output reads it.
    #[inline(always)]
    fn padded_index(&self, y: usize, x: usize) -> Option<usize> {
        let (row, column) = (y + self.padding(), x + self.padding());
        let (phase, shift) = (column % self.stride, column / self.stride);
        (row < self.padded_height() && shift < self.phase_width())
            .then(|| (phase * self.padded_height() + row) * self.phase_width() + shift)
    }

    /// Copies a plane into its padded, phase-split form.
    #[inline(always)]
    fn pad(&self, plane: &[f32], padded: &mut [f32]) {
        padded.fill(0.0);
        for (y, row) in plane.chunks_exact(self.width).enumerate() {
            if self.stride == 1 {
                if let Some(at) = self.padded_index(y, 0) {
                    padded[at..at + self.width].copy_from_slice(row);
                }
            } else {
                for phase in 0..2 {
                    let Some(at) = self.padded_index(y, phase) else { continue };
                    let from = row[phase..].iter().step_by(2);
                    padded[at..].iter_mut().zip(from).for_each(|(to, &from)| *to = from);
                }
            }
        }
    }

    /// The transpose of [`pad`](Self::pad): reads a plane's gradient out of its padded form.
    #[inline(always)]
    fn unpad(&self, padded: &[f32], plane: &mut [f32]) {
        for (y, row) in plane.chunks_exact_mut(self.width).enumerate() {
            if self.stride == 1 {
                match self.padded_index(y, 0) {
                    Some(at) => row.copy_from_slice(&padded[at..at + self.width]),
                    None => row.fill(0.0),
                }
            } else {
                for phase in 0..2 {
                    let to = row[phase..].iter_mut().step_by(2);
                    match self.padded_index(y, phase) {
                        Some(at) => to.zip(&padded[at..]).for_each(|(to, &from)| *to = from),
                        None => to.for_each(|to| *to = 0.0),
                    }
                }
            }
        }
    }
}

/// `y [n, out, h', w']` of `x [n, in, h, w]` and `weight [out, 1, k, k]`.
pub fn forward(x: &[f32], weight: &[f32], shape: Shape) -> Vec<f32> {
    let arch = Arch::new();
    let mut y = vec![0.0; shape.n * shape.out_channels * shape.out_plane()];
    y.par_chunks_exact_mut(shape.out_channels * shape.out_plane())
        .zip(x.par_chunks_exact(shape.in_channels * shape.in_plane()))
        .for_each_init(
            || vec![0.0; shape.padded_len()],
            |padded, (y, x)| arch.dispatch(|| image_forward(x, weight, y, padded, shape)),
        );
    y
}

/// Gradient of the loss with respect to `x`, given the one with respect to `y`.
pub fn backward_input(weight: &[f32], grad: &[f32], shape: Shape) -> Vec<f32> {
    let arch = Arch::new();
    let mut dx = vec![0.0; shape.n * shape.in_channels * shape.in_plane()];
    dx.par_chunks_exact_mut(shape.in_channels * shape.in_plane())
        .zip(grad.par_chunks_exact(shape.out_channels * shape.out_plane()))
        .for_each_init(
            || vec![0.0; shape.padded_len()],
            |padded, (dx, grad)| arch.dispatch(|| image_backward_input(weight, grad, dx, padded, shape)),
        );
    dx
}

/// Gradient of the loss with respect to `weight`, given the one with respect to `y`.
///
/// Images are summed in a fixed order, so the result does not depend on the number of threads.
pub fn backward_weight(x: &[f32], grad: &[f32], shape: Shape) -> Vec<f32> {
    let arch = Arch::new();
    let partial: Vec<Vec<f32>> = x
        .par_chunks_exact(shape.in_channels * shape.in_plane())
        .zip(grad.par_chunks_exact(shape.out_channels * shape.out_plane()))
        .map_init(
            || vec![0.0; shape.padded_len()],
            |padded, (x, grad)| {
                let mut dw = vec![0.0; shape.out_channels * shape.taps()];
                arch.dispatch(|| image_backward_weight(x, grad, &mut dw, padded, shape));
                dw
            },
        )
        .collect();
    let mut dw = vec![0.0; shape.out_channels * shape.taps()];
    for partial in &partial {
        dw.iter_mut().zip(partial).for_each(|(dw, &partial)| *dw += partial);
    }
    dw
}

#[inline(always)]
fn image_forward(x: &[f32], weight: &[f32], y: &mut [f32], padded: &mut [f32], shape: Shape) {
    let out_width = shape.out_width();
    for (group, plane) in x.chunks_exact(shape.in_plane()).enumerate() {
        shape.pad(plane, padded);
        for o in group * shape.multiplier()..(group + 1) * shape.multiplier() {
            let weight = &weight[o * shape.taps()..][..shape.taps()];
            let y = &mut y[o * shape.out_plane()..][..shape.out_plane()];
            for (row, y) in y.chunks_exact_mut(out_width).enumerate() {
                for (tap, &weight) in weight.iter().enumerate() {
                    let at = shape.offset(row, tap / shape.kernel, tap % shape.kernel);
                    let x = &padded[at..at + out_width];
                    y.iter_mut().zip(x).for_each(|(y, &x)| *y += weight * x);
                }
            }
        }
    }
}

#[inline(always)]
fn image_backward_input(weight: &[f32], grad: &[f32], dx: &mut [f32], padded: &mut [f32], shape: Shape) {
    let out_width = shape.out_width();
    for (group, plane) in dx.chunks_exact_mut(shape.in_plane()).enumerate() {
        padded.fill(0.0);
        for o in group * shape.multiplier()..(group + 1) * shape.multiplier() {
            let weight = &weight[o * shape.taps()..][..shape.taps()];
            let grad = &grad[o * shape.out_plane()..][..shape.out_plane()];
            for (row, grad) in grad.chunks_exact(out_width).enumerate() {
                for (tap, &weight) in weight.iter().enumerate() {
                    let at = shape.offset(row, tap / shape.kernel, tap % shape.kernel);
                    let dx = &mut padded[at..at + out_width];
                    dx.iter_mut().zip(grad).for_each(|(dx, &grad)| *dx += weight * grad);
                }
            }
        }
        shape.unpad(padded, plane);
    }
}

#[inline(always)]
fn image_backward_weight(x: &[f32], grad: &[f32], dw: &mut [f32], padded: &mut [f32], shape: Shape) {
    let out_width = shape.out_width();
    for (group, plane) in x.chunks_exact(shape.in_plane()).enumerate() {
        shape.pad(plane, padded);
        for o in group * shape.multiplier()..(group + 1) * shape.multiplier() {
            let dw = &mut dw[o * shape.taps()..][..shape.taps()];
            let grad = &grad[o * shape.out_plane()..][..shape.out_plane()];
            for (tap, dw) in dw.iter_mut().enumerate() {
                let mut lanes = [0.0; LANES];
                for (row, grad) in grad.chunks_exact(out_width).enumerate() {
                    let at = shape.offset(row, tap / shape.kernel, tap % shape.kernel);
                    multiply_add(&mut lanes, grad, &padded[at..at + out_width]);
                }
                *dw = lanes.iter().sum();
            }
        }
    }
}

/// Independent sums, so that a dot product vectorises without reordering floats behind the compiler's back.
const LANES: usize = 8;

#[inline(always)]
fn multiply_add(lanes: &mut [f32; LANES], a: &[f32], b: &[f32]) {
    let (a, a_rest) = a.as_chunks::<LANES>();
    let (b, b_rest) = b.as_chunks::<LANES>();
    for (a, b) in a.iter().zip(b) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    for (lane, (a, b)) in lanes.iter_mut().zip(a_rest.iter().zip(b_rest)) {
        *lane += a * b;
    }
}
