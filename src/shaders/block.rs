//! A depthwise convolution and the pointwise one after it, each with ReLU.
//!
//! A workgroup computes a tile of cells: their depthwise outputs first, which its invocations then share. With
//! [`experts`](crate::model::experts) the pointwise weights depend on the mean of all depthwise outputs, so that these take a
//! dispatch of their own.

use super::program::{Dispatch, MAIN, Maps, Program, Shader, constants};
use crate::model::architecture::SeparableShape;
use crate::model::experts;

/// Cells of a tile.
const TILE: usize = 16;

/// The same where weights are blended for each picture, which more cells share.
const BLENDED_TILE: usize = 32;

/// The parameters of a block, as a weights file has them.
#[derive(Clone, Debug)]
pub struct Parameters {
    /// `[in][kernel][kernel]`
    pub depthwise: Vec<f32>,
    /// `[in]`
    pub depthwise_bias: Vec<f32>,
    /// `[out][in]`
    pub pointwise: Vec<f32>,
    /// `[out]`
    pub pointwise_bias: Vec<f32>,
    /// Where the block has experts.
    pub experts: Option<Experts>,
}

/// Parameters of [`experts`](crate::model::experts).
#[derive(Clone, Debug)]
pub struct Experts {
    /// `[out][expert][in]`
    pub kernels: Vec<f32>,
    /// `[in][expert]`
    pub gates: Vec<f32>,
    /// `[expert]`
    pub gates_bias: Vec<f32>,
}

/// A block on feature maps.
pub fn block(program: &mut Program, shape: &SeparableShape, parameters: &Parameters, maps: Maps) -> Maps {
    let [inputs, outputs] = shape.channels;
    let output = Maps::new(program, outputs, maps.size.map(|cells| cells.div_ceil(shape.stride)));
    let Parameters { depthwise, depthwise_bias, pointwise, pointwise_bias, experts } = parameters;
    let taps = shape.kernel * shape.kernel;
    let by_tap = (0..taps).flat_map(|tap| (0..inputs).map(move |input| depthwise[input * taps + tap]));
    let mut depthwise: Vec<f32> = by_tap.chain(depthwise_bias.iter().copied()).collect();
    let mut pointwise = transposed(pointwise, inputs, inputs, 0);
    pointwise.extend(pointwise_bias);
    let of_block = |tile: usize| {
        constants(&[
            ("TILE", tile),
            ("INPUTS", inputs / 4),
            ("OUTPUTS", outputs / 4),
            ("KERNEL", shape.kernel),
            ("STRIDE", shape.stride),
            ("DILATION", shape.dilation),
            ("PADDING", shape.depthwise().padding()),
            ("RESIDUAL", shape.residual().into()),
            ("POINTWISE", if experts.is_some() { 0 } else { (taps + 1) * inputs / 4 }),
        ])
    };
    let Some(experts) = experts else {
        depthwise.extend(pointwise);
        let body = format!("{}{SHARED}{DEPTHWISE}{WEIGHT}{POINTWISE}{MAIN}{FUSED}", of_block(TILE));
        program.push(Dispatch {
            shader: Shader::new("vec4<f32>", &[maps.named("maps")], &[output.named("output")], &body),
            constants: depthwise,
            buffers: vec![maps.buffer, output.buffer],
            info: maps.size,
            workgroups: output.cells().div_ceil(TILE),
        });
        return output;
    };

    let mixed = Maps::new(program, inputs, output.size);
    let tiles = output.cells().div_ceil(TILE);
    let sums = Maps::new(program, inputs, [1, tiles]);
    let body = format!("{}{SHARED}{DEPTHWISE}{MAIN}{APART}", of_block(TILE));
    program.push(Dispatch {
        shader: Shader::new("vec4<f32>", &[maps.named("maps")], &[mixed.named("output"), sums.named("sums")], &body),
        constants: depthwise,
        buffers: vec![maps.buffer, mixed.buffer, sums.buffer],
        info: maps.size,
        workgroups: tiles,
    });

    let Experts { kernels, gates, gates_bias } = experts;
    for expert in 0..experts::COUNT {
        pointwise.extend(transposed(kernels, inputs, experts::COUNT * inputs, expert * inputs));
    }
    for expert in 0..experts::COUNT {
        pointwise.extend(gates.iter().skip(expert).step_by(experts::COUNT));
    }
    pointwise.extend(gates_bias);
    pointwise.resize(pointwise.len().next_multiple_of(4), 0.0);
    let of_experts = constants(&[("EXPERTS", experts::COUNT), ("SUMS_TILE", TILE)]);
    let body = format!("{}{of_experts}{SHARED}{BLENDED_WEIGHT}{POINTWISE}{MAIN}{BLENDED}", of_block(BLENDED_TILE));
    let reads = [mixed.named("mixed_maps"), sums.named("sums"), maps.named("maps")];
    program.push(Dispatch {
        shader: Shader::new("vec4<f32>", &reads, &[output.named("output")], &body),
        constants: pointwise,
        buffers: vec![mixed.buffer, sums.buffer, maps.buffer, output.buffer],
        info: maps.size,
        workgroups: output.cells().div_ceil(BLENDED_TILE),
    });
    output
}

/// `[out][pitch]`, of which the `inputs` from `first` are wanted, as `[in][out]`.
fn transposed(weight: &[f32], inputs: usize, pitch: usize, first: usize) -> Vec<f32> {
    (0..inputs).flat_map(|input| weight.iter().skip(first + input).step_by(pitch).copied()).collect()
}

const SHARED: &str = "
var<workgroup> mixed: array<vec4<f32>, TILE * INPUTS>;
";

const DEPTHWISE: &str = "
// Four channels of a cell of the depthwise convolution; cells are counted in the picture.
fn depthwise(picture: u32, cell: u32, channel: u32) -> vec4<f32> {
    let rows = info[0];
    let columns = info[1];
    let out_columns = (columns + STRIDE - 1u) / STRIDE;
    let first = picture * rows * columns;
    var sum = constants[KERNEL * KERNEL * INPUTS + channel];
    for (var ky = 0u; ky < KERNEL; ky++) {
        // Beyond the upper edge these wrap around, and are beyond the lower one.
        let y = cell / out_columns * STRIDE + ky * DILATION - PADDING;
        if (y < rows) {
            for (var kx = 0u; kx < KERNEL; kx++) {
                let x = cell % out_columns * STRIDE + kx * DILATION - PADDING;
                if (x < columns) {
                    let weight = constants[(ky * KERNEL + kx) * INPUTS + channel];
                    sum = fma(weight, maps[(first + y * columns + x) * INPUTS + channel], sum);
                }
            }
        }
    }
    return max(sum, vec4<f32>());
}
";

const WEIGHT: &str = "
fn weight(input: u32, output: u32) -> vec4<f32> {
    return constants[POINTWISE + input * OUTPUTS + output];
}
";

const POINTWISE: &str = "
// Writes four channels of four cells, of which the tile has the depthwise outputs.
fn pointwise(picture: u32, first: u32, cells: u32, cell: u32, channel: u32) {
    let bias = constants[POINTWISE + 4u * INPUTS * OUTPUTS + channel];
    var sums = array<vec4<f32>, 4>(bias, bias, bias, bias);
    for (var input = 0u; input < INPUTS; input++) {
        let weights = mat4x4<f32>(
            weight(4u * input, channel),
            weight(4u * input + 1u, channel),
            weight(4u * input + 2u, channel),
            weight(4u * input + 3u, channel),
        );
        sums[0] += weights * mixed[cell * INPUTS + input];
        sums[1] += weights * mixed[(cell + 1u) * INPUTS + input];
        sums[2] += weights * mixed[(cell + 2u) * INPUTS + input];
        sums[3] += weights * mixed[(cell + 3u) * INPUTS + input];
    }
    for (var i = 0u; i < 4u; i++) {
        if (first + cell + i < cells) {
            let at = (picture * cells + first + cell + i) * OUTPUTS + channel;
            var value = max(sums[i], vec4<f32>());
            if (RESIDUAL == 1u) {
                value += maps[at];
            }
            output[at] = value;
        }
    }
}

fn out_cells() -> u32 {
    return (info[0] + STRIDE - 1u) / STRIDE * ((info[1] + STRIDE - 1u) / STRIDE);
}
";

const FUSED: &str = " {
    let cells = out_cells();
    let first = group.x * TILE;
    for (var i = lane; i < TILE * INPUTS; i += LANES) {
        var value = vec4<f32>();
        if (first + i / INPUTS < cells) {
            value = depthwise(group.y, first + i / INPUTS, i % INPUTS);
        }
        mixed[i] = value;
    }
    workgroupBarrier();
    for (var i = lane; i < TILE / 4u * OUTPUTS; i += LANES) {
        pointwise(group.y, first, cells, i / OUTPUTS * 4u, i % OUTPUTS);
    }
}
";

const APART: &str = " {
    let cells = (info[0] + STRIDE - 1u) / STRIDE * ((info[1] + STRIDE - 1u) / STRIDE);
    let tiles = (cells + TILE - 1u) / TILE;
    let first = group.x * TILE;
    for (var i = lane; i < TILE * INPUTS; i += LANES) {
        var value = vec4<f32>();
        if (first + i / INPUTS < cells) {
            value = depthwise(group.y, first + i / INPUTS, i % INPUTS);
            output[(group.y * cells + first) * INPUTS + i] = value;
        }
        mixed[i] = value;
    }
    workgroupBarrier();
    for (var channel = lane; channel < INPUTS; channel += LANES) {
        var sum = vec4<f32>();
        for (var cell = 0u; cell < TILE; cell++) {
            sum += mixed[cell * INPUTS + channel];
        }
        sums[(group.y * tiles + group.x) * INPUTS + channel] = sum;
    }
}
";

const BLENDED_WEIGHT: &str = "
var<workgroup> mean: array<vec4<f32>, INPUTS>;
var<workgroup> gates: array<f32, EXPERTS>;

fn weight(input: u32, output: u32) -> vec4<f32> {
    var sum = constants[input * OUTPUTS + output];
    for (var expert = 0u; expert < EXPERTS; expert++) {
        let kernel = (4u * INPUTS * (expert + 1u) + 1u) * OUTPUTS;
        sum = fma(vec4<f32>(gates[expert]), constants[kernel + input * OUTPUTS + output], sum);
    }
    return sum;
}
";

const BLENDED: &str = " {
    let cells = out_cells();
    let tiles = (cells + SUMS_TILE - 1u) / SUMS_TILE;
    let first = group.x * TILE;
    for (var i = lane; i < TILE * INPUTS; i += LANES) {
        var value = vec4<f32>();
        if (first + i / INPUTS < cells) {
            value = mixed_maps[(group.y * cells + first) * INPUTS + i];
        }
        mixed[i] = value;
    }
    for (var channel = lane; channel < INPUTS; channel += LANES) {
        var sum = vec4<f32>();
        for (var tile = 0u; tile < tiles; tile++) {
            sum += sums[(group.y * tiles + tile) * INPUTS + channel];
        }
        mean[channel] = sum / f32(cells);
    }
    workgroupBarrier();
    if (lane < EXPERTS) {
        let first_gate = (4u * INPUTS * (EXPERTS + 1u) + 1u) * OUTPUTS;
        let bias = EXPERTS * INPUTS * 4u + lane;
        var logit = constants[first_gate + bias / 4u][bias % 4u];
        for (var channel = 0u; channel < INPUTS; channel++) {
            logit += dot(constants[first_gate + lane * INPUTS + channel], mean[channel]);
        }
        gates[lane] = 1.0 / (1.0 + exp(-logit));
    }
    workgroupBarrier();
    for (var i = lane; i < TILE / 4u * OUTPUTS; i += LANES) {
        pointwise(group.y, first, cells, i / OUTPUTS * 4u, i % OUTPUTS);
    }
}
";
