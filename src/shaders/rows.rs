//! Everything after the last feature maps, in one shader.
//!
//! Whatever a network makes of its features is a matrix for each picture, and every operation on it takes row by row. So a workgroup
//! computes a row from the features to the answer, and keeps what is between in its own memory. The operations are recorded first,
//! [`answers`] writes the shader.

use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;

use super::program::{Binding, Buffer, Dispatch, LANES, MAIN, Maps, Program, Shader, constants, unrolled};

/// A matrix for each picture, yet to be computed.
#[derive(Clone, Debug)]
pub struct Rows(Rc<Node>);

#[derive(Debug)]
struct Node {
    rows: usize,
    columns: usize,
    operation: Operation,
}

#[derive(Debug)]
enum Operation {
    /// `[row][channel]` and `[row]`
    Convolved {
        maps: Maps,
        weight: Vec<f32>,
        bias: Vec<f32>,
    },
    Softmax(Rows),
    LogSoftmax(Rows),
    Weighted(Rows, Maps),
    Mean(Maps),
    /// `[row][input][output]` and `[row][output]`, or the same for all rows.
    Linear {
        rows: Rows,
        weight: Vec<f32>,
        bias: Vec<f32>,
        each: bool,
    },
    Relu(Rows),
    /// `[row][column]`
    Plus(Rows, Vec<f32>),
    Sum(Rows, Rows),
    Scaled(Rows, f32),
}

/// The operations of [`Engine`](crate::model::engine::Engine) on rows.
impl Rows {
    fn new(rows: usize, columns: usize, operation: Operation) -> Rows {
        Rows(Rc::new(Node { rows, columns, operation }))
    }

    fn like(rows: &Rows, operation: Operation) -> Rows {
        Rows::new(rows.0.rows, rows.0.columns, operation)
    }

    /// A pointwise convolution: `weight` is `[out][in]`.
    pub fn convolved(maps: Maps, weight: &[f32], bias: &[f32]) -> Rows {
        let operation = Operation::Convolved { maps, weight: weight.to_vec(), bias: bias.to_vec() };
        Rows::new(bias.len(), maps.cells(), operation)
    }

    /// The softmax of every row.
    pub fn softmax(self) -> Rows {
        Rows::like(&self.clone(), Operation::Softmax(self))
    }

    /// The logarithm of it.
    pub fn log_softmax(self) -> Rows {
        Rows::like(&self.clone(), Operation::LogSoftmax(self))
    }

    /// The sums of the features, weighted by each row.
    pub fn weighted(&self, maps: Maps) -> Rows {
        Rows::new(self.0.rows, maps.channels, Operation::Weighted(self.clone(), maps))
    }

    /// The mean of the features, one row.
    pub fn mean(maps: Maps) -> Rows {
        Rows::new(1, maps.channels, Operation::Mean(maps))
    }

    /// A linear layer, `[in][out]`; `each` says that every row has its own.
    pub fn linear(self, weight: &[f32], bias: &[f32], each: bool) -> Rows {
        let columns = if each { bias.len() / self.0.rows } else { bias.len() };
        let (weight, bias) = (weight.to_vec(), bias.to_vec());
        Rows::new(self.0.rows, columns, Operation::Linear { rows: self, weight, bias, each })
    }

    /// Each number that is not negative, else 0.
    pub fn relu(self) -> Rows {
        Rows::like(&self.clone(), Operation::Relu(self))
    }

    /// The numbers and `offsets`, the same for every picture.
    pub fn plus(self, offsets: &[f32]) -> Rows {
        Rows::like(&self.clone(), Operation::Plus(self, offsets.to_vec()))
    }

    /// The sum of two.
    pub fn sum(self, other: Rows) -> Rows {
        Rows::like(&self.clone(), Operation::Sum(self, other))
    }

    /// Every number times `factor`.
    pub fn scaled(self, factor: f32) -> Rows {
        Rows::like(&self.clone(), Operation::Scaled(self, factor))
    }

    /// Numbers a picture.
    fn length(&self) -> usize {
        self.0.rows * self.0.columns
    }
}

/// Ends a program with what it answers, one after another for each picture, in one buffer. Every one must come of the same maps.
pub fn answers(program: &mut Program, maps: Maps, rows: &[Rows]) -> Buffer {
    let length = rows.iter().map(Rows::length).sum();
    let output = program.buffer(length);
    if let [Rows(node)] = rows
        && let Operation::Convolved { maps, weight, bias } = &node.operation
    {
        convolution(program, *maps, weight, bias, output);
        return output;
    }
    let mut groups: Vec<(usize, Vec<(usize, &Rows)>)> = Vec::new();
    let mut first = 0;
    for rows in rows {
        match groups.iter_mut().find(|(count, _)| *count == rows.0.rows) {
            Some((_, group)) => group.push((first, rows)),
            None => groups.push((rows.0.rows, vec![(first, rows)])),
        }
        first += rows.length();
    }
    let mut writer = Writer::default();
    let (mut body, mut workgroups) = (String::new(), 0);
    for (count, group) in groups {
        writer.begin();
        for (first, rows) in group {
            writer.answer(first, rows);
        }
        let text = std::mem::take(&mut writer.text);
        let (from, to) = (workgroups, workgroups + count);
        let _ =
            write!(body, "if (group.x >= {from}u && group.x < {to}u) {{\nlet row = group.x - {from}u;\n{text}\n}}\n");
        workgroups = to;
    }
    let of_shader = constants(&[("FEATURES", maps.channels), ("MEMORY", writer.memory), ("LENGTH", length)]);
    let binding = Binding { name: "output", element: "f32", buffer: output };
    program.push(Dispatch {
        shader: Shader::new(
            &[maps.named("maps")],
            &[binding],
            &format!("{of_shader}{REDUCTIONS}{MAIN} {{\n{body}\n}}\n"),
        ),
        constants: writer.constants,
        buffers: vec![maps.buffer, output],
        info: maps.size,
        workgroups,
    });
    output
}

/// Writes the operations on one row. Those that take number by number are written where they are used; the others keep what they
/// give in the workgroup's memory.
#[derive(Default)]
struct Writer {
    constants: Vec<f32>,
    text: String,
    /// Where a row is in memory.
    places: HashMap<*const Node, usize>,
    /// Numbers in memory now, and at most.
    used: usize,
    memory: usize,
}

impl Writer {
    /// Forgets the rows of before.
    fn begin(&mut self) {
        self.places.clear();
        self.used = 0;
    }

    /// Where constants begin.
    fn constants(&mut self, values: &[f32]) -> usize {
        self.constants.extend(values);
        self.constants.len() - values.len()
    }

    fn room(&mut self, length: usize) -> usize {
        self.used += length;
        self.memory = self.memory.max(self.used);
        self.used - length
    }

    fn write(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// A loop over so many numbers, and a barrier.
    fn each(&mut self, count: usize, body: &str) {
        self.write(&format!("for (var i = lane; i < {count}u; i += LANES) {{\n{body}\n}}\nworkgroupBarrier();"));
    }

    /// Number `i` of the row, as an expression.
    fn value(&mut self, rows: &Rows) -> String {
        let columns = rows.0.columns;
        match &rows.0.operation {
            _ if self.places.contains_key(&Rc::as_ptr(&rows.0)) => format!("memory[{}u + i]", self.place(rows)),
            Operation::Relu(of) => format!("max({}, 0.0)", self.value(of)),
            Operation::Plus(of, offsets) => {
                let offsets = self.constants(offsets);
                format!("({} + constants[{offsets}u + row * {columns}u + i])", self.value(of))
            }
            Operation::Sum(a, b) => format!("({} + {})", self.value(a), self.value(b)),
            Operation::Scaled(of, factor) => format!("({} * {factor:?})", self.value(of)),
            _ => format!("memory[{}u + i]", self.place(rows)),
        }
    }

    /// Where the row begins in memory, which it is written to unless it is there.
    fn place(&mut self, rows: &Rows) -> usize {
        let Node { columns, operation, .. } = &*rows.0;
        if let Some(&place) = self.places.get(&Rc::as_ptr(&rows.0)) {
            return place;
        }
        let place = match operation {
            Operation::Convolved { maps, weight, bias } => {
                let channels = maps.channels;
                let (weight, bias) = (self.constants(weight), self.constants(bias));
                let (kernel, place) = (self.room(channels), self.room(*columns));
                self.each(channels, &format!("memory[{kernel}u + i] = constants[{weight}u + row * {channels}u + i];"));
                self.each(
                    *columns,
                    &format!("memory[{place}u + i] = constants[{bias}u + row] + features({kernel}u, group.y, i);"),
                );
                place
            }
            Operation::Softmax(of) | Operation::LogSoftmax(of) => {
                let value = self.value(of);
                let place = self.room(*columns);
                let over = format!("for (var i = lane; i < {columns}u; i += LANES)");
                let last = match operation {
                    Operation::Softmax(_) => format!("memory[{place}u + i] / sum"),
                    _ => format!("{value} - most - log(sum)"),
                };
                self.write(&format!(
                    "{{
                    var most = -3.0e38;
                    {over} {{ most = max(most, {value}); }}
                    most = greatest(lane, most);
                    var sum = 0.0;
                    {over} {{ let power = exp({value} - most); memory[{place}u + i] = power; sum += power; }}
                    sum = total(lane, sum);
                    {over} {{ memory[{place}u + i] = {last}; }}
                    workgroupBarrier();
                    }}"
                ));
                place
            }
            Operation::Weighted(of, maps) => {
                let weights = self.place(of);
                self.features(maps.channels, &format!("memory[{weights}u + cell]"))
            }
            Operation::Mean(maps) => self.features(maps.channels, "(1.0 / f32(cells()))"),
            Operation::Linear { rows: of, weight, bias, each } => {
                let inputs = of.0.columns;
                let from = self.place(of);
                let (weight, bias) = (self.constants(weight), self.constants(bias));
                let place = self.room(*columns);
                let row = if *each { "row" } else { "0u" };
                self.each(*columns, &format!(
                    "var sum = constants[{bias}u + {row} * {columns}u + i];
                    for (var input = 0u; input < {inputs}u; input++) {{
                        sum = sum + memory[{from}u + input] * constants[{weight}u + ({row} * {inputs}u + input) * {columns}u + i];
                    }}
                    memory[{place}u + i] = sum;"
                ));
                place
            }
            Operation::Relu(_) | Operation::Plus(..) | Operation::Sum(..) | Operation::Scaled(..) => {
                let value = self.value(rows);
                let place = self.room(*columns);
                self.each(*columns, &format!("memory[{place}u + i] = {value};"));
                place
            }
        };
        self.places.insert(Rc::as_ptr(&rows.0), place);
        place
    }

    /// The features' sums, weighted by an expression of `cell`.
    fn features(&mut self, channels: usize, weight: &str) -> usize {
        let place = self.room(channels);
        let body = format!(
            "var sum = 0.0;
            for (var cell = 0u; cell < cells(); cell++) {{
                sum = sum + {weight} * maps[(group.y * FEATURES + i) * cells() + cell];
            }}
            memory[{place}u + i] = sum;"
        );
        self.each(channels, &body);
        place
    }

    /// Writes a row to the output, where its matrix begins at `first`.
    fn answer(&mut self, first: usize, rows: &Rows) {
        let columns = rows.0.columns;
        let value = self.value(rows);
        self.each(columns, &format!("output[group.y * LENGTH + {first}u + row * {columns}u + i] = {value};"));
    }
}

const REDUCTIONS: &str = "
var<workgroup> memory: array<f32, MEMORY>;
var<workgroup> shared_out: array<f32, LANES>;

fn cells() -> u32 {
    return info[0] * info[1];
}

// The product of the weights in memory and the features of a cell.
fn features(kernel: u32, picture: u32, cell: u32) -> f32 {
    var sum = 0.0;
    for (var channel = 0u; channel < FEATURES; channel++) {
        sum = sum + memory[kernel + channel] * maps[(picture * FEATURES + channel) * cells() + cell];
    }
    return sum;
}

fn greatest(lane: u32, value: f32) -> f32 {
    shared_out[lane] = value;
    workgroupBarrier();
    var most = shared_out[0];
    for (var i = 1u; i < LANES; i++) {
        most = max(most, shared_out[i]);
    }
    workgroupBarrier();
    return most;
}

fn total(lane: u32, value: f32) -> f32 {
    shared_out[lane] = value;
    workgroupBarrier();
    var sum = 0.0;
    for (var i = 0u; i < LANES; i++) {
        sum += shared_out[i];
    }
    workgroupBarrier();
    return sum;
}
";

/// A convolution alone is shared out by cells: there are more of them than rows.
fn convolution(program: &mut Program, maps: Maps, weight: &[f32], bias: &[f32], output: Buffer) {
    let of_shader = constants(&[("FEATURES", maps.channels), ("OUTPUTS", bias.len())]);
    let begin = unrolled(bias.len(), |i| format!("    var sum_{i} = constants[OUTPUTS * FEATURES + {i}u];\n"));
    let add = unrolled(bias.len(), |i| {
        format!("        sum_{i} = sum_{i} + constants[{i}u * FEATURES + channel] * feature;\n")
    });
    let end = unrolled(bias.len(), |i| format!("    output[(group.y * OUTPUTS + {i}u) * cells + cell] = sum_{i};\n"));
    let body = format!(
        "{of_shader}{MAIN} {{
    let cells = info[0] * info[1];
    let cell = group.x * LANES + lane;
    if (cell >= cells) {{
        return;
    }}
{begin}    for (var channel = 0u; channel < FEATURES; channel++) {{
        let feature = maps[(group.y * FEATURES + channel) * cells + cell];
{add}    }}
{end}}}
"
    );
    let binding = Binding { name: "output", element: "f32", buffer: output };
    program.push(Dispatch {
        shader: Shader::new(&[maps.named("maps")], &[binding], &body),
        constants: [weight, bias].concat(),
        buffers: vec![maps.buffer, output],
        info: maps.size,
        workgroups: maps.cells().div_ceil(LANES),
    });
}
