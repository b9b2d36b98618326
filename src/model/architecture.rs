//! The networks' convolutions as data: what their modules, the CPU's engine, the weights file, the ONNX file and the cards are
//! made from.

use super::experts;

/// Shape of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvShape {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// Rows and columns of the kernel.
    pub kernel: usize,
    /// Input cells a step of the output.
    pub stride: usize,
    /// Input cells between two taps of the kernel.
    pub dilation: usize,
    /// Groups of channels that do not see each other.
    pub groups: usize,
    /// Whether ReLU follows.
    pub relu: bool,
}

impl ConvShape {
    /// Cells of zeros around the input: the size stays at stride 1 and halves (rounded up) at stride 2.
    pub fn padding(&self) -> usize {
        self.dilation * (self.kernel - 1) / 2
    }

    /// Multiply-adds for an output of `[rows, columns]`.
    pub fn multiply_adds(&self, [rows, columns]: [usize; 2]) -> usize {
        let [input, output] = self.channels;
        output * input / self.groups * self.kernel * self.kernel * rows * columns
    }

    /// `[out, in / groups, kernel, kernel]`
    fn weight(&self) -> Vec<usize> {
        let [input, output] = self.channels;
        vec![output, input / self.groups, self.kernel, self.kernel]
    }
}

/// Shape of a separable block: a depthwise convolution mixing space, then a pointwise one mixing channels, each with ReLU;
/// residual where it leaves size and channels as they are.
///
/// This is the second half of MobileNetV2's inverted residual (Sandler et al. 2018). The expansion before it is left
/// out: at 288 grid cells its multiply-adds buy more as another block with a wider view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeparableShape {
    /// Channels in and out.
    pub channels: [usize; 2],
    /// Rows and columns of the depthwise kernel.
    pub kernel: usize,
    /// Input cells a step of the output.
    pub stride: usize,
    /// Input cells between two taps of the depthwise kernel.
    pub dilation: usize,
    /// Whether the pointwise convolution has [`experts`].
    pub experts: bool,
}

impl SeparableShape {
    /// A block without experts.
    pub const fn new(channels: [usize; 2], kernel: usize, stride: usize, dilation: usize) -> SeparableShape {
        SeparableShape { channels, kernel, stride, dilation, experts: false }
    }

    /// The same block with [`experts`].
    pub const fn with_experts(self) -> SeparableShape {
        SeparableShape { experts: true, ..self }
    }

    /// Its depthwise convolution.
    pub fn depthwise(&self) -> ConvShape {
        let SeparableShape { channels: [input, _], kernel, stride, dilation, .. } = *self;
        ConvShape { channels: [input, input], kernel, stride, dilation, groups: input, relu: true }
    }

    /// Its pointwise convolution.
    pub fn pointwise(&self) -> ConvShape {
        ConvShape { relu: true, ..pointwise(self.channels) }
    }

    /// Whether the input is added after the activation.
    pub fn residual(&self) -> bool {
        let [input, output] = self.channels;
        input == output && self.stride == 1
    }
}

/// A pointwise convolution without ReLU.
pub const fn pointwise(channels: [usize; 2]) -> ConvShape {
    ConvShape { channels, kernel: 1, stride: 1, dilation: 1, groups: 1, relu: false }
}

/// The convolutions of a network in the order they run: each takes what the one before it gave.
#[derive(Clone, Copy, Debug)]
pub struct Architecture {
    /// The first one, which sees pictures of one channel.
    pub stem: ConvShape,
    /// The blocks after it.
    pub trunk: &'static [SeparableShape],
    /// Name and shape of the one that sees the features.
    pub end: (&'static str, ConvShape),
}

/// One convolution of a network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Path of its parameters in the weights file and in the network's module: `NAME.weight`.
    pub name: String,
    /// Its shape.
    pub shape: ConvShape,
    /// Whether the input of the layer before, where the block began, is added after the activation.
    pub residual: bool,
    /// How many further kernels each picture gets a share of, see [`experts`]; most have none.
    pub experts: usize,
    /// Rows and columns of its output.
    pub size: [usize; 2],
}

impl Layer {
    /// Multiply-adds of one image, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        let [input, output] = self.shape.channels;
        let blending = self.experts * (input * output + input);
        self.shape.multiply_adds(self.size) + blending
    }

    /// Names and shapes of its parameters, batch norm folded, in the order of a weights file.
    fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        let [input, output] = self.shape.channels;
        let named = |part: &str, shape| (format!("{}.{part}", self.name), shape);
        let mut tensors = vec![named("weight", self.shape.weight()), named("bias", vec![output])];
        if self.experts > 0 {
            tensors.extend([
                named("experts.kernels", vec![output, self.experts * input, 1, 1]),
                named("experts.gates.weight", vec![input, self.experts]),
                named("experts.gates.bias", vec![self.experts]),
            ]);
        }
        tensors
    }
}

impl Architecture {
    /// Every convolution, for an image of `size` rows and columns.
    pub fn layers(&self, mut size: [usize; 2]) -> Vec<Layer> {
        let blocks = self.trunk.iter().enumerate().flat_map(|(index, block)| {
            let name = |part| format!("trunk.{index}.{part}");
            [
                (name("depthwise"), block.depthwise(), false, 0),
                (
                    name("pointwise"),
                    block.pointwise(),
                    block.residual(),
                    if block.experts { experts::COUNT } else { 0 },
                ),
            ]
        });
        let (end, last) = self.end;
        let first = ("stem".to_owned(), self.stem, false, 0);
        let convolutions = [first].into_iter().chain(blocks).chain([(end.to_owned(), last, false, 0)]);
        let layer = |(name, shape, residual, experts): (String, ConvShape, bool, usize)| {
            size = size.map(|cells| cells.div_ceil(shape.stride));
            Layer { name, shape, residual, experts, size }
        };
        convolutions.map(layer).collect()
    }

    /// Names and shapes of all parameters, batch norms folded, in the order of a weights file.
    pub fn tensors(&self) -> Vec<(String, Vec<usize>)> {
        self.layers([1, 1]).iter().flat_map(Layer::tensors).collect()
    }
}
