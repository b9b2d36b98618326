//! The first convolution: luma to feature maps.

use super::program::{Binding, Dispatch, LANES, MAIN, Maps, PICTURE_HEADER, PICTURES, Program, Shader, constants};
use crate::model::ConvShape;

/// Rows and columns of pictures, and whether they are seen at half of that.
#[derive(Clone, Copy, Debug)]
pub struct PictureShape {
    /// Rows and columns of the luma.
    pub size: [usize; 2],
    /// Each pixel that the stem sees is the mean of four.
    pub halved: bool,
}

impl PictureShape {
    /// Rows and columns that the stem sees.
    fn seen(&self) -> [usize; 2] {
        if self.halved { self.size.map(|side| side / 2) } else { self.size }
    }
}

/// A convolution of one channel, with ReLU: `weight` is `[out][kernel][kernel]`. What lies beyond a picture is as bright as its mean.
pub fn stem(program: &mut Program, shape: &ConvShape, weight: &[f32], bias: &[f32], pictures: PictureShape) -> Maps {
    let [_, outputs] = shape.channels;
    let maps = Maps::new(program, outputs, pictures.seen().map(|cells| cells.div_ceil(shape.stride)));
    let of_shader = constants(&[
        ("KERNEL", shape.kernel),
        ("STRIDE", shape.stride),
        ("PADDING", shape.padding()),
        ("OUTPUTS", outputs),
        ("HALVED", pictures.halved.into()),
        ("HEADER", PICTURE_HEADER),
    ]);
    let reads = [Binding { name: "pictures", element: "u32", buffer: PICTURES }];
    let shader = Shader::new(&reads, &[maps.named("maps")], &format!("{of_shader}{BODY}{MAIN}{STEM}"));
    program.push(Dispatch {
        shader,
        constants: [weight, bias].concat(),
        buffers: vec![PICTURES, maps.buffer],
        info: pictures.size,
        workgroups: maps.cells().div_ceil(LANES),
    });
    maps
}

const BODY: &str = "
fn luma(first: u32, index: u32) -> f32 {
    return f32((pictures[first + (index >> 2u)] >> ((index & 3u) * 8u)) & 255u);
}

// A pixel that the stem sees; first is where the luma begins.
fn pixel(first: u32, y: u32, x: u32) -> f32 {
    let width = info[1];
    if (HALVED == 0u) {
        return luma(first, y * width + x);
    }
    let at = 2u * (y * width + x);
    return 0.25 * (luma(first, at) + luma(first, at + 1u) + luma(first, at + width) + luma(first, at + width + 1u));
}
";

const STEM: &str = " {
    let rows = info[0] >> HALVED;
    let columns = info[1] >> HALVED;
    let out_rows = (rows + STRIDE - 1u) / STRIDE;
    let out_columns = (columns + STRIDE - 1u) / STRIDE;
    let cell = group.x * LANES + lane;
    if (cell >= out_rows * out_columns) {
        return;
    }
    let header = group.y * (HEADER + info[0] * info[1] / 4u);
    let mean = bitcast<f32>(pictures[header]);
    let scale = bitcast<f32>(pictures[header + 1u]);
    var taps: array<f32, KERNEL * KERNEL>;
    for (var ky = 0u; ky < KERNEL; ky++) {
        // Beyond the upper edge these wrap around, and are beyond the lower one.
        let y = cell / out_columns * STRIDE + ky - PADDING;
        for (var kx = 0u; kx < KERNEL; kx++) {
            let x = cell % out_columns * STRIDE + kx - PADDING;
            var value = 0.0;
            if (y < rows && x < columns) {
                value = (pixel(header + HEADER, y, x) - mean) * scale;
            }
            taps[ky * KERNEL + kx] = value;
        }
    }
    for (var output = 0u; output < OUTPUTS; output++) {
        var sum = constants[KERNEL * KERNEL * OUTPUTS + output];
        for (var tap = 0u; tap < KERNEL * KERNEL; tap++) {
            sum = sum + constants[output * KERNEL * KERNEL + tap] * taps[tap];
        }
        maps[(group.y * OUTPUTS + output) * out_rows * out_columns + cell] = max(sum, 0.0);
    }
}
";
