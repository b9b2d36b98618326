//! The file is decoded and run by an interpreter of its few operators, which follows ONNX's definitions and knows nothing
//! of Burn.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Distribution, Tensor};
use kr_lpr::model::{Networks, weights};

use super::*;
use crate::export::testing::trained;

#[derive(Clone, Debug)]
struct Value {
    shape: Vec<usize>,
    data: Vec<f32>,
}

#[test]
fn says_what_burn_says() {
    let networks = trained().folded();
    let (_, info) = shipped(&networks);
    let recognizer = networks.recognizer;
    let model = Model::decode(&recognizer_to_onnx(&recognizer, &info).unwrap()[..]).unwrap();
    let images = Tensor::<4>::random([2, 1, 96, 192], Distribution::Normal(0.0, 1.0), &Device::flex());
    let output = recognizer.forward(images.clone());
    let values = interpret(&model, Value { shape: images.dims().to_vec(), data: floats(images) });
    for (name, expected, shape) in [
        ("log_probs", floats(output.log_probs), vec![2, STEPS, CLASS_COUNT]),
        ("kind_logits", floats(output.kind_logits), vec![2, PlateKind::ALL.len()]),
    ] {
        let value = &values[name];
        assert_eq!(value.shape, shape, "{name}");
        let worst = value.data.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(worst < 1e-4, "{name} differs by {worst}");
    }
}

#[test]
fn finds_the_corners_that_burn_finds() {
    let networks = trained().folded();
    let (_, info) = shipped(&networks);
    // Trained from zeros, these would be none.
    let aligner = randomised(networks.aligner);
    let model = Model::decode(&aligner_to_onnx(&aligner, &info).unwrap()[..]).unwrap();
    let images = Tensor::<4>::random([2, 1, 96, 192], Distribution::Normal(0.0, 1.0), &Device::flex());
    let expected = floats(aligner.forward(images.clone()));
    let values = interpret(&model, Value { shape: images.dims().to_vec(), data: floats(images) });
    assert_eq!(values["corners"].shape, [2, 4, 2]);
    let worst = values["corners"].data.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-2, "corners differ by {worst} pixels");
    assert!(expected.iter().any(|x| (x - expected[0]).abs() > 1.0), "all corners are in one place: {expected:?}");
}

/// The same network with other parameters, all of which matter.
fn randomised(aligner: Aligner) -> Aligner {
    struct Random;
    impl ModuleMapper for Random {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            let values = Tensor::<D>::random(param.dims(), Distribution::Normal(0.0, 0.3), &Device::flex());
            Param::initialized(param.id, values)
        }
    }
    aligner.map(&mut Random)
}

#[test]
fn names_what_its_users_need() {
    let networks = trained().folded();
    let (_, info) = shipped(&networks);
    let recognizer = networks.recognizer;
    let model = Model::decode(&recognizer_to_onnx(&recognizer, &info).unwrap()[..]).unwrap();
    let metadata: HashMap<&str, &str> = model.metadata.iter().map(|e| (&*e.key, &*e.value)).collect();
    assert_eq!(metadata["classes"].split('\n').count(), CLASS_COUNT);
    assert_eq!(metadata["kinds"].split('\n').count(), PlateKind::ALL.len());
    assert_eq!(metadata["checksum"], info.checksum);
    assert_eq!(model.opset_import, [OperatorSet { version: 17 }]);
    let graph = model.graph.unwrap();
    assert_eq!(graph.inputs.iter().map(|input| &*input.name).collect::<Vec<_>>(), ["images"]);
    assert_eq!(graph.outputs.iter().map(|output| &*output.name).collect::<Vec<_>>(), ["log_probs", "kind_logits"]);
}

#[test]
fn a_recognizer_with_batch_norm_is_refused() {
    let (_, info) = shipped(&trained().folded());
    let error = recognizer_to_onnx(&trained().recognizer, &info).unwrap_err().to_string();
    assert!(error.contains("folded"), "{error}");
}

fn shipped(networks: &Networks) -> (Recognizer, WeightsInfo) {
    let bytes = weights::write(networks, Default::default(), &Default::default()).unwrap();
    let (networks, info) = weights::read::<Networks>(&bytes, &Device::flex()).unwrap();
    (networks.recognizer, info)
}

fn floats<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.try_into_vec_as::<f32>().unwrap()
}

/// Every value of the graph by name.
fn interpret(model: &Model, images: Value) -> HashMap<String, Value> {
    let graph = model.graph.as_ref().unwrap();
    let mut values = HashMap::from([("images".to_owned(), images)]);
    for tensor in &graph.initializers {
        let data = match tensor.data_type() {
            DataType::Float => tensor.raw_data.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect(),
            DataType::Int64 => tensor.raw_data.as_chunks().0.iter().map(|&b| i64::from_le_bytes(b) as f32).collect(),
            DataType::Undefined => panic!("{} has no type", tensor.name),
        };
        let value = Value { shape: tensor.dims.iter().map(|&d| d as usize).collect(), data };
        assert_eq!(value.shape.iter().product::<usize>(), value.data.len(), "{}", tensor.name);
        assert!(values.insert(tensor.name.clone(), value).is_none(), "{} is defined twice", tensor.name);
    }
    for node in &graph.nodes {
        let inputs: Vec<&Value> = node.inputs.iter().map(|name| &values[name]).collect();
        let value = match (&*node.op_type, &inputs[..]) {
            ("Conv", [x, weight, bias]) => convolution(node, x, weight, bias),
            ("Relu", [x]) => Value { data: x.data.iter().map(|v| v.max(0.0)).collect(), ..(*x).clone() },
            ("Sigmoid", [x]) => {
                Value { data: x.data.iter().map(|v| 1.0 / (1.0 + (-v).exp())).collect(), ..(*x).clone() }
            }
            ("Add", [x, y]) => add(x, y),
            ("Reshape", [x, shape]) => reshape(x, shape),
            ("MatMul", [x, y]) => product(x, y),
            ("Transpose", [x]) => transpose(node, x),
            ("Softmax", [x]) => softmax(node, x, f32::exp),
            ("LogSoftmax", [x]) => softmax(node, x, |log_prob| log_prob),
            ("ReduceMean", [x]) => mean(node, x),
            ("AveragePool", [x]) => halved(node, x),
            (operator, _) => panic!("{operator} of {} values is not in the interpreter", inputs.len()),
        };
        assert!(values.insert(node.outputs[0].clone(), value).is_none(), "{} is defined twice", node.outputs[0]);
    }
    values
}

fn attribute<'a>(node: &'a Node, name: &str) -> &'a Attribute {
    node.attributes.iter().find(|attribute| attribute.name == name).unwrap()
}

fn convolution(node: &Node, x: &Value, weight: &Value, bias: &Value) -> Value {
    let of = |name| attribute(node, name).ints[0] as usize;
    let (stride, dilation, padding) = (of("strides"), of("dilations"), of("pads"));
    let groups = attribute(node, "group").int.unwrap() as usize;
    let [n, channels, height, width] = x.shape[..] else { panic!("{:?}", x.shape) };
    let [out, inputs, kernel, _] = weight.shape[..] else { panic!("{:?}", weight.shape) };
    assert_eq!(channels, inputs * groups);
    let size = |cells: usize| (cells + 2 * padding - dilation * (kernel - 1) - 1) / stride + 1;
    let (rows, columns) = (size(height), size(width));
    let mut data = Vec::with_capacity(n * out * rows * columns);
    for (image, o, row, column) in indices([n, out, rows, columns]) {
        let first = o / (out / groups) * inputs;
        let mut sum = bias.data[o];
        for (i, a, b) in indices([1, inputs, kernel, kernel]).map(|(_, i, a, b)| (i, a, b)) {
            let (y, x_) = (row * stride + a * dilation, column * stride + b * dilation);
            if (padding..padding + height).contains(&y) && (padding..padding + width).contains(&x_) {
                let at = ((image * channels + first + i) * height + y - padding) * width + x_ - padding;
                sum += x.data[at] * weight.data[((o * inputs + i) * kernel + a) * kernel + b];
            }
        }
        data.push(sum);
    }
    Value { shape: vec![n, out, rows, columns], data }
}

fn indices([a, b, c, d]: [usize; 4]) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    (0..a * b * c * d).map(move |i| (i / (b * c * d), i / (c * d) % b, i / d % c, i % d))
}

/// Sizes are compared from the last one; a size of 1 or none repeats `y`.
fn add(x: &Value, y: &Value) -> Value {
    let data = (0..x.data.len()).map(|i| {
        let (mut rest, mut at, mut step) = (i, 0, 1);
        for (k, &size) in x.shape.iter().rev().enumerate() {
            let own = y.shape.len().checked_sub(k + 1).map_or(1, |axis| y.shape[axis]);
            assert!(own == size || own == 1, "{:?} does not broadcast to {:?}", y.shape, x.shape);
            at += if own == 1 { 0 } else { rest % size * step };
            (rest, step) = (rest / size, step * own);
        }
        x.data[i] + y.data[at]
    });
    Value { shape: x.shape.clone(), data: data.collect() }
}

/// 0 keeps a size.
fn reshape(x: &Value, shape: &Value) -> Value {
    let size = |(axis, &size): (usize, &f32)| if size == 0.0 { x.shape[axis] } else { size as usize };
    let shape: Vec<usize> = shape.data.iter().enumerate().map(size).collect();
    assert_eq!(shape.iter().product::<usize>(), x.data.len());
    Value { shape, data: x.data.clone() }
}

/// `[.., r, k]` by `[.., k, c]`, whose leading sizes may be fewer and are then repeated.
fn product(x: &Value, y: &Value) -> Value {
    let ([.., r, k], [.., k2, c]) = (&x.shape[..], &y.shape[..]) else { panic!("{:?} {:?}", x.shape, y.shape) };
    assert_eq!(k, k2);
    let batches = x.data.len() / (r * k);
    let mut data = Vec::with_capacity(batches * r * c);
    for (batch, row, column, _) in indices([batches, *r, *c, 1]) {
        let y_batch = batch % (y.data.len() / (k * c));
        let term = |i: usize| x.data[(batch * r + row) * k + i] * y.data[(y_batch * k + i) * c + column];
        data.push((0..*k).map(term).sum());
    }
    let mut shape = x.shape.clone();
    *shape.last_mut().unwrap() = *c;
    Value { shape, data }
}

fn halved(node: &Node, x: &Value) -> Value {
    assert_eq!(
        (&attribute(node, "kernel_shape").ints[..], &attribute(node, "strides").ints[..]),
        (&[2, 2][..], &[2, 2][..])
    );
    let [n, channels, height, width] = x.shape[..] else { panic!("{:?}", x.shape) };
    let at = |i: usize, row: usize, column: usize| x.data[(i * height + row) * width + column];
    let data = indices([n * channels, height / 2, width / 2, 1]).map(|(i, row, column, _)| {
        let (row, column) = (2 * row, 2 * column);
        (at(i, row, column) + at(i, row, column + 1) + at(i, row + 1, column) + at(i, row + 1, column + 1)) / 4.0
    });
    Value { shape: vec![n, channels, height / 2, width / 2], data: data.collect() }
}

fn transpose(node: &Node, x: &Value) -> Value {
    assert_eq!(attribute(node, "perm").ints, [0, 2, 1]);
    let [n, r, c] = x.shape[..] else { panic!("{:?}", x.shape) };
    let data = indices([n, c, r, 1]).map(|(i, column, row, _)| x.data[(i * r + row) * c + column]).collect();
    Value { shape: vec![n, c, r], data }
}

fn softmax(node: &Node, x: &Value, of_log: fn(f32) -> f32) -> Value {
    assert_eq!(attribute(node, "axis").int, Some(x.shape.len() as i64 - 1));
    let rows = x.data.chunks_exact(*x.shape.last().unwrap());
    let data = rows.flat_map(|row| {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let total = row.iter().map(|v| (v - largest).exp()).sum::<f32>().ln() + largest;
        row.iter().map(move |v| of_log(v - total))
    });
    Value { shape: x.shape.clone(), data: data.collect() }
}

fn mean(node: &Node, x: &Value) -> Value {
    assert_eq!(attribute(node, "axes").ints, [x.shape.len() as i64 - 1]);
    assert_eq!(attribute(node, "keepdims").int, Some(0));
    let (size, shape) = x.shape.split_last().unwrap();
    let data = x.data.chunks_exact(*size).map(|row| row.iter().sum::<f32>() / *size as f32).collect();
    Value { shape: shape.to_vec(), data }
}
