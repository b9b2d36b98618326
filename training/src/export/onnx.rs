//! The networks as ONNX files, for runtimes other than ours.
//!
//! Recognizer and aligner take `images [n, 1, 96, 192]` as `kr_lpr::model::input` makes them; the batch size `n` is free. The recognizer's
//! outputs are `log_probs [n, 16, 115]` and `kind_logits [n, 17]`, the aligner's `corners [n, 4, 2]`, x and y in pixels of the
//! image. The detector takes overviews. They need operator set 17. [`graphs`] has the networks line by line.

mod graphs;

use anyhow::{Context, ensure};
use kr_lpr::detect::{CELL, CHANNELS};
use kr_lpr::labels::CLASS_COUNT;
use kr_lpr::model::aligner::CORNERS;
use kr_lpr::model::weights::{NamedTensor, WeightsInfo, named_tensors};
use kr_lpr::model::{Aligner, ConvShape, Detector, Layer, Recognizer, STEPS, detector};
use kr_lpr::overview::Layout;
use kr_lpr::plate::PlateKind;
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use prost::Message;

use super::plates::description;
use super::proto::{
    Attribute, AttributeType, DataType, Dimension, Graph, Model, Node, OperatorSet, Shape, Size, StringEntry,
    TensorProto, TensorType, ValueInfo, ValueType,
};

/// The IR version that came with operator set 17.
const IR_VERSION: i64 = 8;

const OPERATOR_SET: i64 = 17;

/// Writes a folded recognizer; `info` goes into the file's metadata, with the classes and kinds in order.
///
/// # Errors
/// When the recognizer is not folded.
pub fn recognizer_to_onnx(recognizer: &Recognizer, info: &WeightsInfo) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer::new(named_tensors(recognizer));
    writer.recognizer(recognizer)?;
    let outputs = vec![
        value("log_probs", [batch(), fixed(STEPS), fixed(CLASS_COUNT)]),
        value("kind_logits", [batch(), fixed(PlateKind::ALL.len())]),
    ];
    writer.into_file(info, [PLATE_HEIGHT, PLATE_WIDTH], outputs)
}

/// Writes a folded aligner; `info` goes into the file's metadata.
///
/// # Errors
/// When the aligner is not folded.
pub fn aligner_to_onnx(aligner: &Aligner, info: &WeightsInfo) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer::new(named_tensors(aligner));
    writer.aligner(aligner)?;
    let outputs = vec![value("corners", [batch(), fixed(CORNERS), fixed(2)])];
    writer.into_file(info, [PLATE_HEIGHT, PLATE_WIDTH], outputs)
}

/// Writes a folded detector for overviews of `layout`, to be timed: its `maps [n, CHANNELS, h / 8, w / 8]` are of no use without the
/// code that reads them.
///
/// # Errors
/// When the detector is not folded.
pub fn detector_to_onnx(detector: &Detector, info: &WeightsInfo, layout: Layout) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer::new(named_tensors(detector));
    writer.detector(detector::layers(layout))?;
    let [width, height] = layout.size();
    let [rows, columns] = [height, width].map(|pixels| fixed(pixels.div_ceil(CELL)));
    writer.into_file(info, [height, width], vec![value("maps", [batch(), fixed(CHANNELS), rows, columns])])
}

/// The graph as far as it is written. A node's output goes by the node's name.
struct Writer {
    /// Parameters that no node has taken yet.
    tensors: Vec<NamedTensor>,
    nodes: Vec<Node>,
    initializers: Vec<TensorProto>,
}

impl Writer {
    fn new(tensors: Vec<NamedTensor>) -> Writer {
        Writer { tensors, nodes: Vec::new(), initializers: Vec::new() }
    }

    /// The whole file, its one input being `images` of `size` rows and columns.
    fn into_file(self, info: &WeightsInfo, size: [usize; 2], outputs: Vec<ValueInfo>) -> anyhow::Result<Vec<u8>> {
        ensure!(self.tensors.is_empty(), "parameter {} has no place in the graph", self.tensors[0].name);
        let [rows, columns] = size.map(fixed);
        let graph = Graph {
            nodes: self.nodes,
            name: info.provenance.model.clone(),
            initializers: self.initializers,
            inputs: vec![value("images", [batch(), fixed(1), rows, columns])],
            outputs,
        };
        let model = Model {
            ir_version: IR_VERSION,
            producer_name: "kr-lpr".to_owned(),
            graph: Some(graph),
            opset_import: vec![OperatorSet { version: OPERATOR_SET }],
            metadata: description(info).map(|(key, value)| StringEntry { key: key.to_owned(), value }).to_vec(),
        };
        Ok(model.encode_to_vec())
    }

    /// The convolutions before the last of `layers`, on `x`: what they make of it.
    fn features(&mut self, layers: &[Layer], x: &str) -> anyhow::Result<String> {
        let (mut x, mut before) = (x.to_owned(), String::new());
        for layer in layers {
            let mut y = match layer.experts {
                0 => self.convolution(&layer.name, layer.shape, &x)?,
                _ => self.blended(layer, &x)?,
            };
            if layer.residual {
                y = self.node("Add", &format!("{}.residual", layer.name), &[&before, &y], vec![]);
            }
            before = std::mem::replace(&mut x, y);
        }
        Ok(x)
    }

    fn convolution(&mut self, name: &str, shape: ConvShape, x: &str) -> anyhow::Result<String> {
        let [weight, bias] = [self.parameter(&format!("{name}.weight"))?, self.parameter(&format!("{name}.bias"))?];
        let [kernel, stride, dilation, padding] =
            [shape.kernel, shape.stride, shape.dilation, shape.padding()].map(|cells| cells as i64);
        let attributes = vec![
            ints("kernel_shape", &[kernel; 2]),
            ints("strides", &[stride; 2]),
            ints("dilations", &[dilation; 2]),
            ints("pads", &[padding; 4]),
            int("group", shape.groups as i64),
        ];
        let y = self.node("Conv", name, &[x, &weight, &bias], attributes);
        Ok(if shape.relu { self.node("Relu", &format!("{name}.relu"), &[&y], vec![]) } else { y })
    }

    /// A pointwise convolution with a kernel for each picture.
    fn blended(&mut self, Layer { name, shape, experts, size, .. }: &Layer, x: &str) -> anyhow::Result<String> {
        let [input, output] = shape.channels;
        let cells = size.iter().product::<usize>();
        let own = |part: &str| format!("{name}.{part}");
        let by_cell = self.integers(&own("input_shape"), &[0, input as i64, cells as i64]);
        let x = self.node("Reshape", &own("input"), &[x, &by_cell], vec![]); // [n, in, cells]
        let mean = self.node("ReduceMean", &own("mean"), &[&x], vec![ints("axes", &[2]), int("keepdims", 0)]); // [n, in]
        let gates = self.linear(&own("experts.gates"), &own("gate_logits"), &mean)?;
        let gates = self.node("Sigmoid", &own("gates"), &[&gates], vec![]); // [n, experts]

        // The network has the kernels of one output side by side; here each kernel is a row.
        let NamedTensor { name: kernels, values, .. } = self.take(&own("experts.kernels"))?;
        let values: Vec<f32> = (0..*experts)
            .flat_map(|k| values.chunks_exact(input).skip(k).step_by(*experts).flatten().copied())
            .collect();
        let kernels = self.floats(&kernels, &[*experts, output * input], &values);
        let added = self.node("MatMul", &own("added"), &[&gates, &kernels], vec![]); // [n, out * in]
        let NamedTensor { name: weight, values, .. } = self.take(&own("weight"))?;
        let weight = self.floats(&weight, &[output * input], &values);
        let weight = self.node("Add", &own("kernel"), &[&added, &weight], vec![]);
        let square = self.integers(&own("kernel_shape"), &[0, output as i64, input as i64]);
        let weight = self.node("Reshape", &own("kernels"), &[&weight, &square], vec![]); // [n, out, in]

        let NamedTensor { name: bias, values, .. } = self.take(&own("bias"))?;
        let bias = self.floats(&bias, &[output, 1], &values);
        let y = self.node("MatMul", &own("product"), &[&weight, &x], vec![]); // [n, out, cells]
        let y = self.node("Add", &own("sum"), &[&y, &bias], vec![]);
        let y = if shape.relu { self.node("Relu", &own("relu"), &[&y], vec![]) } else { y };
        let [rows, columns] = size.map(|cells| cells as i64);
        let map = self.integers(&own("output_shape"), &[0, output as i64, rows, columns]);
        Ok(self.node("Reshape", name, &[&y, &map], vec![])) // [n, out, rows, columns]
    }

    /// `x weight + bias`, with the weight `[in, out]` of a Burn layer.
    fn linear(&mut self, layer: &str, name: &str, x: &str) -> anyhow::Result<String> {
        let weight = self.parameter(&format!("{layer}.weight"))?;
        let product = self.node("MatMul", &format!("{layer}.product"), &[x, &weight], vec![]);
        self.add(name, &product, &format!("{layer}.bias"))
    }

    fn add(&mut self, name: &str, x: &str, parameter: &str) -> anyhow::Result<String> {
        let parameter = self.parameter(parameter)?;
        Ok(self.node("Add", name, &[x, &parameter], vec![]))
    }

    fn node(&mut self, op_type: &str, name: &str, inputs: &[&str], attributes: Vec<Attribute>) -> String {
        self.nodes.push(Node {
            inputs: inputs.iter().map(|&input| input.to_owned()).collect(),
            outputs: vec![name.to_owned()],
            name: name.to_owned(),
            op_type: op_type.to_owned(),
            attributes,
        });
        name.to_owned()
    }

    /// Takes a parameter of the network into the graph.
    fn parameter(&mut self, name: &str) -> anyhow::Result<String> {
        self.parameter_times(name, 1.0)
    }

    /// The same with its values multiplied by `factor`.
    fn parameter_times(&mut self, name: &str, factor: f32) -> anyhow::Result<String> {
        let tensor = self.take(name)?;
        let values: Vec<f32> = tensor.values.iter().map(|value| value * factor).collect();
        Ok(self.floats(&tensor.name, &tensor.shape, &values))
    }

    /// A parameter of the network, which then is none that waits for its place.
    fn take(&mut self, name: &str) -> anyhow::Result<NamedTensor> {
        let index = self.tensors.iter().position(|tensor| tensor.name == name);
        Ok(self.tensors.remove(index.with_context(|| format!("the network has no {name}; is it folded?"))?))
    }

    /// A constant.
    fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        self.initializers.push(TensorProto {
            dims: shape.iter().map(|&size| size as i64).collect(),
            data_type: DataType::Float.into(),
            name: name.to_owned(),
            raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        });
        name.to_owned()
    }

    /// A constant vector of integers.
    fn integers(&mut self, name: &str, values: &[i64]) -> String {
        self.initializers.push(TensorProto {
            dims: vec![values.len() as i64],
            data_type: DataType::Int64.into(),
            name: name.to_owned(),
            raw_data: values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        });
        name.to_owned()
    }
}

fn batch() -> Size {
    Size::Named("n".to_owned())
}

fn fixed(size: usize) -> Size {
    Size::Fixed(size as i64)
}

fn int(name: &str, value: i64) -> Attribute {
    Attribute { name: name.to_owned(), int: Some(value), ints: Vec::new(), kind: AttributeType::Int.into() }
}

fn ints(name: &str, values: &[i64]) -> Attribute {
    Attribute { name: name.to_owned(), int: None, ints: values.to_vec(), kind: AttributeType::Ints.into() }
}

fn value<const D: usize>(name: &str, sizes: [Size; D]) -> ValueInfo {
    let dims = sizes.map(|size| Dimension { size: Some(size) }).to_vec();
    let tensor = TensorType { element: DataType::Float.into(), shape: Some(Shape { dims }) };
    ValueInfo { name: name.to_owned(), value_type: Some(ValueType { tensor: Some(tensor) }) }
}

#[cfg(test)]
mod tests;
