//! What a network does to pictures, as dispatches of shaders.

use std::fmt::Write;

use crate::fingerprint::fnv1a;

/// Invocations of a workgroup.
pub const LANES: usize = 64;

/// A buffer of a [`Program`] that shaders write and later ones read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buffer(usize);

/// The pictures that a program is given.
pub const PICTURES: Buffer = Buffer(0);

/// Feature maps that a program has made.
#[derive(Clone, Copy, Debug)]
pub struct Maps {
    /// Where they are.
    pub buffer: Buffer,
    /// Channels.
    pub channels: usize,
    /// Rows and columns.
    pub size: [usize; 2],
}

impl Maps {
    /// Room for feature maps.
    pub fn new(program: &mut Program, channels: usize, size: [usize; 2]) -> Maps {
        Maps { buffer: program.buffer(channels * size[0] * size[1]), channels, size }
    }

    /// Rows times columns.
    pub fn cells(&self) -> usize {
        self.size[0] * self.size[1]
    }

    /// As shaders are given them.
    pub fn named(&self, name: &'static str) -> Binding {
        Binding { name, element: "f32", buffer: self.buffer }
    }
}

/// A shader in WGSL.
#[derive(Clone, Debug)]
pub struct Shader {
    /// The whole text.
    pub source: String,
    /// What tells it from others.
    pub fingerprint: u64,
}

/// How a shader sees what it is bound to.
#[derive(Clone, Copy, Debug)]
pub struct Binding {
    /// Its name in the text.
    pub name: &'static str,
    /// Its type in the text.
    pub element: &'static str,
    /// What it is.
    pub buffer: Buffer,
}

/// One use of a shader.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// What is computed.
    pub shader: Shader,
    /// `constants` of the shader.
    pub constants: Vec<f32>,
    /// What it reads and then what it writes, in the order of the bindings after the constants.
    pub buffers: Vec<Buffer>,
    /// `info` of the shader: rows and columns of what it reads.
    pub info: [usize; 2],
    /// Workgroups for each picture.
    pub workgroups: usize,
}

/// Dispatches in their order.
#[derive(Clone, Debug)]
pub struct Program {
    /// Words of each buffer for one picture.
    lengths: Vec<usize>,
    dispatches: Vec<Dispatch>,
}

impl Program {
    /// A program that does nothing yet to pictures of so many bytes: a multiple of four.
    pub fn new(bytes: usize) -> Program {
        Program { lengths: vec![PICTURE_HEADER + bytes.div_ceil(4)], dispatches: Vec::new() }
    }

    /// A buffer of `length` words a picture.
    pub fn buffer(&mut self, length: usize) -> Buffer {
        self.lengths.push(length);
        Buffer(self.lengths.len() - 1)
    }

    /// Adds a dispatch.
    pub fn push(&mut self, dispatch: Dispatch) {
        self.dispatches.push(dispatch);
    }

    /// The dispatches.
    pub fn dispatches(&self) -> &[Dispatch] {
        &self.dispatches
    }

    /// Words of each buffer for one picture, the pictures first.
    pub fn lengths(&self) -> &[usize] {
        &self.lengths
    }

    /// Where a buffer is in [`lengths`](Self::lengths).
    pub fn index(&self, buffer: Buffer) -> usize {
        buffer.0
    }
}

/// Words before the luma of a picture: its mean, and one over its contrast.
pub const PICTURE_HEADER: usize = 2;

impl Shader {
    /// A shader whose bindings are the constants, what it `reads` and `writes`, and its `info`; `body` has everything else, and
    /// [`LANES`] to use.
    pub fn new(reads: &[Binding], writes: &[Binding], body: &str) -> Shader {
        // Natively several buffers may share one of the device's, which must be bound alike wherever it is.
        let access = if cfg!(target_family = "wasm") { "read" } else { "read_write" };
        let mut source = String::new();
        let mut bind = |index: usize, access: &str, name: &str, element: &str| {
            let _ = writeln!(source, "@group(0) @binding({index}) var<storage, {access}> {name}: array<{element}>;");
        };
        bind(0, access, "constants", "f32");
        for (index, binding) in reads.iter().enumerate() {
            bind(1 + index, access, binding.name, binding.element);
        }
        for (index, binding) in writes.iter().enumerate() {
            bind(1 + reads.len() + index, "read_write", binding.name, binding.element);
        }
        bind(1 + reads.len() + writes.len(), "read", "info", "u32");
        source.push_str(&constants(&[("LANES", LANES)]));
        source.push_str(body);
        Shader { fingerprint: fnv1a(source.as_bytes()), source }
    }
}

/// The name and the value of each constant, as lines of a shader.
pub fn constants(values: &[(&str, usize)]) -> String {
    values.iter().fold(String::new(), |mut text, (name, value)| {
        let _ = writeln!(text, "const {name}: u32 = {value}u;");
        text
    })
}

/// A line for each of `count` sums, which stay in registers where no loop counts them.
pub fn unrolled(count: usize, line: fn(usize) -> String) -> String {
    (0..count).map(line).collect()
}

/// Where a shader begins: `group.y` is the picture.
pub const MAIN: &str = "@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) lane: u32)";
