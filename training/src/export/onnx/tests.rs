//! What the file says of itself. `tests/onnx` runs it in onnxruntime.
#![allow(clippy::unwrap_used)]

use std::collections::HashMap;

use burn::tensor::Device;
use kr_lpr::model::{PlateNetworks, weights};

use super::*;
use crate::export::testing::trained;

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

fn shipped(networks: &PlateNetworks) -> (Recognizer, WeightsInfo) {
    let bytes = weights::write(networks, Default::default(), &Default::default()).unwrap();
    let (networks, info) = weights::read::<PlateNetworks>(&bytes, &Device::flex()).unwrap();
    (networks.recognizer, info)
}
