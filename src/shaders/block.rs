//! A depthwise convolution and the pointwise one after it, each with ReLU.
//!
//! An invocation computes a cell with as many output channels as fit into registers, for each input channel the depthwise output
//! first. With [`experts`] the pointwise weights depend on the mean of all depthwise outputs, so that these
//! take a dispatch of their own. Next to nothing is kept in a workgroup's memory, which a browser clears for every workgroup.

use super::program::{Dispatch, LANES, MAIN, Maps, Program, Shader, constants, unrolled};
use crate::model::architecture::SeparableShape;
use crate::model::experts;

/// Output channels that an invocation computes at most.
const MOST_OUTPUTS: usize = 40;

/// The same, and how many cells, where weights are blended for each picture first.
const BLENDED: [usize; 2] = [8, 4];

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

/// Parameters of [`experts`].
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
    let depthwise = [&depthwise[..], depthwise_bias].concat();
    let pointwise = [transposed(pointwise, inputs, inputs, 0), pointwise_bias.clone()].concat();
    let of_block = constants(&[
        ("INPUTS", inputs),
        ("OUTPUTS", outputs),
        ("KERNEL", shape.kernel),
        ("STRIDE", shape.stride),
        ("DILATION", shape.dilation),
        ("PADDING", shape.depthwise().padding()),
        ("RESIDUAL", shape.residual().into()),
        ("POINTWISE", if experts.is_some() { 0 } else { depthwise.len() }),
    ]);
    let Some(experts) = experts else {
        let each = outputs / outputs.div_ceil(MOST_OUTPUTS);
        program.push(Dispatch {
            shader: Shader::new(
                &[maps.named("maps")],
                &[output.named("output")],
                &format!("{of_block}{SIZES}{DEPTHWISE}{WRITE}{}", fused(each)),
            ),
            constants: [depthwise, pointwise].concat(),
            buffers: vec![maps.buffer, output.buffer],
            info: maps.size,
            workgroups: output.cells().div_ceil(LANES) * (outputs / each),
        });
        return output;
    };

    let mixed = Maps::new(program, inputs, output.size);
    program.push(Dispatch {
        shader: Shader::new(
            &[maps.named("maps")],
            &[mixed.named("output")],
            &format!("{of_block}{SIZES}{DEPTHWISE}{MAIN}{APART}"),
        ),
        constants: depthwise,
        buffers: vec![maps.buffer, mixed.buffer],
        info: maps.size,
        workgroups: mixed.channels * mixed.cells().div_ceil(LANES),
    });

    let Experts { kernels, gates, gates_bias } = experts;
    let kernels = (0..experts::COUNT)
        .flat_map(|expert| transposed(kernels, inputs, experts::COUNT * inputs, expert * inputs))
        .collect::<Vec<f32>>();
    let [channels, cells] = BLENDED;
    let reads = [mixed.named("mixed"), maps.named("maps")];
    let body =
        format!("{of_block}{}{SIZES}{GATES}{WRITE}{}", constants(&[("EXPERTS", experts::COUNT)]), blended(channels));
    program.push(Dispatch {
        shader: Shader::new(&reads, &[output.named("output")], &body),
        constants: [&pointwise[..], &kernels, gates, gates_bias].concat(),
        buffers: vec![mixed.buffer, maps.buffer, output.buffer],
        info: maps.size,
        workgroups: (output.cells().div_ceil(cells) * (outputs / channels)).div_ceil(LANES),
    });
    output
}

/// `[out][pitch]`, of which the `inputs` from `first` are wanted, as `[in][out]`.
fn transposed(weight: &[f32], inputs: usize, pitch: usize, first: usize) -> Vec<f32> {
    (0..inputs).flat_map(|input| weight.iter().skip(first + input).step_by(pitch).copied()).collect()
}

const SIZES: &str = "
fn out_columns() -> u32 {
    return (info[1] + STRIDE - 1u) / STRIDE;
}

fn out_cells() -> u32 {
    return (info[0] + STRIDE - 1u) / STRIDE * out_columns();
}
";

const DEPTHWISE: &str = "
// A cell of a channel of the depthwise convolution; cells are counted in the picture.
fn depthwise(picture: u32, cell: u32, channel: u32) -> f32 {
    let rows = info[0];
    let columns = info[1];
    let plane = (picture * INPUTS + channel) * rows * columns;
    let kernel = channel * KERNEL * KERNEL;
    // Beyond the upper or the left edge these wrap around, and are beyond the other one.
    let top = cell / out_columns() * STRIDE - PADDING;
    let left = cell % out_columns() * STRIDE - PADDING;
    var sum = constants[INPUTS * KERNEL * KERNEL + channel];
    for (var ky = 0u; ky < KERNEL; ky++) {
        let y = top + ky * DILATION;
        let row = plane + min(y, rows - 1u) * columns;
        for (var kx = 0u; kx < KERNEL; kx++) {
            let x = left + kx * DILATION;
            let value = select(0.0, maps[row + min(x, columns - 1u)], y < rows && x < columns);
            sum += constants[kernel + ky * KERNEL + kx] * value;
        }
    }
    return max(sum, 0.0);
}
";

const WRITE: &str = "
fn write(picture: u32, cell: u32, channel: u32, sum: f32) {
    let index = (picture * OUTPUTS + channel) * out_cells() + cell;
    var value = max(sum, 0.0);
    if (RESIDUAL == 1u) {
        value += maps[index];
    }
    output[index] = value;
}
";

/// Both convolutions, `outputs` channels of a cell.
fn fused(outputs: usize) -> String {
    let begin =
        unrolled(outputs, |i| format!("    var sum_{i} = constants[POINTWISE + INPUTS * OUTPUTS + first + {i}u];\n"));
    let add = unrolled(outputs, |i| format!("        sum_{i} += constants[at + {i}u] * value;\n"));
    let end = unrolled(outputs, |i| format!("    write(group.y, cell, first + {i}u, sum_{i});\n"));
    format!(
        "
{MAIN} {{
    let tiles = (out_cells() + LANES - 1u) / LANES;
    let cell = group.x % tiles * LANES + lane;
    if (cell >= out_cells()) {{
        return;
    }}
    let first = group.x / tiles * {outputs}u;
{begin}    for (var input = 0u; input < INPUTS; input++) {{
        let value = depthwise(group.y, cell, input);
        let at = POINTWISE + input * OUTPUTS + first;
{add}    }}
{end}}}
"
    )
}

// The depthwise convolution alone.
const APART: &str = " {
    let tiles = (out_cells() + LANES - 1u) / LANES;
    let channel = group.x / tiles;
    let cell = group.x % tiles * LANES + lane;
    if (cell < out_cells()) {
        output[(group.y * INPUTS + channel) * out_cells() + cell] = depthwise(group.y, cell, channel);
    }
}
";

const GATES: &str = "
var<workgroup> mean: array<f32, INPUTS>;
var<workgroup> gates: array<f32, EXPERTS>;

// How much of each expert the picture gets, for the whole workgroup.
fn find_gates(picture: u32, lane: u32) {
    let cells = out_cells();
    for (var channel = lane; channel < INPUTS; channel += LANES) {
        var sum = 0.0;
        for (var cell = 0u; cell < cells; cell++) {
            sum += mixed[(picture * INPUTS + channel) * cells + cell];
        }
        mean[channel] = sum / f32(cells);
    }
    workgroupBarrier();
    if (lane < EXPERTS) {
        let first_gate = (INPUTS * (EXPERTS + 1u) + 1u) * OUTPUTS;
        var logit = constants[first_gate + INPUTS * EXPERTS + lane];
        for (var channel = 0u; channel < INPUTS; channel++) {
            logit += constants[first_gate + channel * EXPERTS + lane] * mean[channel];
        }
        gates[lane] = 1.0 / (1.0 + exp(-logit));
    }
    workgroupBarrier();
}

fn weight(input: u32, channel: u32) -> f32 {
    var sum = constants[input * OUTPUTS + channel];
    for (var expert = 0u; expert < EXPERTS; expert++) {
        let kernel = (INPUTS * (expert + 1u) + 1u) * OUTPUTS;
        sum += gates[expert] * constants[kernel + input * OUTPUTS + channel];
    }
    return sum;
}
";

/// The pointwise convolution with blended weights, which `outputs` channels of four cells share, a quarter of the picture apart.
fn blended(outputs: usize) -> String {
    let begin =
        unrolled(outputs, |i| format!("    var sums_{i} = vec4<f32>(constants[INPUTS * OUTPUTS + first + {i}u]);\n"));
    let add = unrolled(outputs, |i| format!("        sums_{i} += weight(input, first + {i}u) * cells;\n"));
    let end = unrolled(outputs, |i| format!("    write_four(group.y, cell, first + {i}u, sums_{i});\n"));
    format!(
        "
fn quarter() -> u32 {{
    return (out_cells() + 3u) / 4u;
}}

fn write_four(picture: u32, cell: u32, channel: u32, sums: vec4<f32>) {{
    for (var i = 0u; i < 4u; i++) {{
        if (cell + i * quarter() < out_cells()) {{
            write(picture, cell + i * quarter(), channel, sums[i]);
        }}
    }}
}}

{MAIN} {{
    find_gates(group.y, lane);
    let index = group.x * LANES + lane;
    let cell = index % quarter();
    let first = index / quarter() * {outputs}u;
    if (first >= OUTPUTS) {{
        return;
    }}
    let last = out_cells() - 1u;
{begin}    for (var input = 0u; input < INPUTS; input++) {{
        let at = (group.y * INPUTS + input) * out_cells();
        let cells = vec4<f32>(
            mixed[at + cell],
            mixed[at + min(cell + quarter(), last)],
            mixed[at + min(cell + 2u * quarter(), last)],
            mixed[at + min(cell + 3u * quarter(), last)],
        );
{add}    }}
{end}}}
"
    )
}
