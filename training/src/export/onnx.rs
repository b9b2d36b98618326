//! The recognizer as an ONNX file, for runtimes other than Burn.
//!
//! Input `images [n, 1, 96, 192]` as `kr_lpr::model::input` makes them; outputs `log_probs [n, 16, 91]` and
//! `kind_logits [n, 17]`. The batch size `n` is free. Needs operator set 17.

use anyhow::{Context, ensure};
use kr_lpr::labels::CLASS_COUNT;
use kr_lpr::model::weights::{NamedTensor, WeightsInfo, named_tensors};
use kr_lpr::model::{ConvShape, GRID, Recognizer, STEPS};
use kr_lpr::plate::PlateKind;
use kr_lpr::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use prost::Message;

use super::description;
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
pub fn to_onnx(recognizer: &Recognizer, info: &WeightsInfo) -> anyhow::Result<Vec<u8>> {
    let mut writer = Writer { tensors: named_tensors(recognizer), nodes: Vec::new(), initializers: Vec::new() };
    writer.recognizer(recognizer)?;
    ensure!(writer.tensors.is_empty(), "parameter {} has no place in the graph", writer.tensors[0].name);

    let batch = || Size::Named("n".to_owned());
    let fixed = |size: usize| Size::Fixed(size as i64);
    let graph = Graph {
        nodes: writer.nodes,
        name: info.provenance.model.clone(),
        initializers: writer.initializers,
        inputs: vec![value("images", [batch(), fixed(1), fixed(PLATE_HEIGHT), fixed(PLATE_WIDTH)])],
        outputs: vec![
            value("log_probs", [batch(), fixed(STEPS), fixed(CLASS_COUNT)]),
            value("kind_logits", [batch(), fixed(PlateKind::ALL.len())]),
        ],
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

/// The graph as far as it is written. A node's output goes by the node's name.
struct Writer {
    /// Parameters that no node has taken yet.
    tensors: Vec<NamedTensor>,
    nodes: Vec<Node>,
    initializers: Vec<TensorProto>,
}

impl Writer {
    /// The graph of [`Recognizer::forward`], line by line.
    fn recognizer(&mut self, recognizer: &Recognizer) -> anyhow::Result<()> {
        let cells = GRID.iter().product::<usize>() as i64;
        let mut layers = recognizer.layers();
        let attend = layers.pop().context("the network has no layers")?;
        let features = attend.shape.channels[0] as i64;

        let (mut x, mut before) = ("images".to_owned(), String::new());
        for layer in &layers {
            let mut y = self.convolution(&layer.name, layer.shape, &x)?;
            if layer.residual {
                y = self.node("Add", &format!("{}.residual", layer.name), &[&before, &y], vec![]);
            }
            before = std::mem::replace(&mut x, y);
        }

        let logits = self.convolution(&attend.name, attend.shape, &x)?; // [n, STEPS, rows, columns]
        let logits = self.add("row", &logits, "row_prior")?;
        let logits = self.add("column", &logits, "column_prior")?;
        let by_cell = self.integers("attention_shape", &[0, STEPS as i64, cells]);
        let logits = self.node("Reshape", "attention_logits", &[&logits, &by_cell], vec![]); // [n, STEPS, cells]
        let attention = self.node("Softmax", "attention", &[&logits], vec![int("axis", 2)]);

        let by_cell = self.integers("features_shape", &[0, features, cells]);
        let features = self.node("Reshape", "features", &[&x, &by_cell], vec![]); // [n, features, cells]
        let mean = vec![ints("axes", &[2]), int("keepdims", 0)];
        let mean = self.node("ReduceMean", "mean", &[&features], mean); // [n, features]
        self.linear("kinds", "kind_logits", &mean)?; // [n, kinds]

        let features = self.node("Transpose", "features_by_cell", &[&features], vec![ints("perm", &[0, 2, 1])]);
        let seen = self.node("MatMul", "seen", &[&attention, &features], vec![]); // [n, STEPS, features]
        let seen = self.add("step_features", &seen, "step_prior")?;
        let hidden = self.linear("hidden", "hidden", &seen)?; // [n, STEPS, hidden]
        let hidden = self.node("Relu", "hidden.relu", &[&hidden], vec![]);
        let classes = self.linear("classes", "classes", &hidden)?; // [n, STEPS, CLASS_COUNT]
        self.node("LogSoftmax", "log_probs", &[&classes], vec![int("axis", 2)]);
        Ok(())
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
        let index = self.tensors.iter().position(|tensor| tensor.name == name);
        let tensor = self.tensors.remove(index.with_context(|| format!("the network has no {name}; is it folded?"))?);
        self.initializers.push(TensorProto {
            dims: tensor.shape.iter().map(|&size| size as i64).collect(),
            data_type: DataType::Float.into(),
            name: tensor.name,
            raw_data: tensor.values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        });
        Ok(name.to_owned())
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
