//! What another runtime needs to show that the ONNX files are the networks that ship.
//!
//! Writes `recognizer.onnx`, `aligner.onnx`, `detector.onnx` and `cases.json` to `target/onnx`, for `tests/onnx` to run in onnxruntime.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor, TensorData};
use kr_lpr::backend;
use kr_lpr::labels::Label;
use kr_lpr::model::{Detector, PlateNetworks, input, weights};
use kr_lpr::overview::{FIRST_LOOK, Overview};
use kr_lpr::reader::{PlateReader, ReadOptions};
use kr_lpr::region::Region;
use kr_lpr_render::picture::Picture;
use kr_lpr_training::export::{detector_to_onnx, write_onnx};
use serde_json::{Value, json};

fn checkout(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Cargo's target folder, where the test itself runs from.
fn target(name: &str) -> PathBuf {
    let binary = std::env::current_exe().unwrap();
    let folder = binary.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file());
    folder.map_or_else(|| checkout("target"), Path::to_path_buf).join(name)
}

#[test]
fn the_shipped_networks_and_what_they_say_are_written_for_onnxruntime() {
    let bytes = fs::read(checkout("pkg/weights/recognizer.bin")).unwrap();
    let device = Device::flex();
    let (networks, info) = weights::read::<PlateNetworks>(&bytes, &device).unwrap();
    let reader = PlateReader::from_weights(&bytes, &backend::cpu()).unwrap();
    let folder = target("onnx");
    write_onnx(&networks, &info, &folder).unwrap();

    let manifest: Vec<Value> =
        serde_json::from_slice(&fs::read(checkout("tests/golden/manifest.json")).unwrap()).unwrap();
    let cases = manifest.iter().map(|golden| {
        let file = golden["file"].as_str().unwrap();
        let picture = Picture::open(&checkout("tests/golden").join(file)).unwrap();
        let reading = reader.read_crop_blocking(&picture.frame(), &ReadOptions::default()).unwrap();
        let images = input::to_tensor(std::slice::from_ref(&reading.plate), &device); // [1, 1, 96, 192]
        let corners = networks.aligner.forward(images.clone()); // [1, 4, 2]
        let output = networks.recognizer.forward(images.clone());
        json!({
            "file": file,
            "text": reading.text,
            "images": images.try_into_vec_as::<f32>().unwrap(),
            "log_probs": output.log_probs.try_into_vec_as::<f32>().unwrap(),
            "kind_logits": output.kind_logits.try_into_vec_as::<f32>().unwrap(),
            "corners": corners.try_into_vec_as::<f32>().unwrap(),
        })
    });
    // The detector's, on a picture of a plate seen as a frame.
    let bytes = fs::read(checkout("pkg/weights/detector.bin")).unwrap();
    let (network, info) = weights::read::<Detector>(&bytes, &device).unwrap();
    fs::write(folder.join("detector.onnx"), detector_to_onnx(&network, &info, FIRST_LOOK).unwrap()).unwrap();
    let picture = Picture::open(&checkout("www/samples/private-8.jpg")).unwrap();
    let frame = picture.frame();
    let overview = Overview::new(&frame, Region::of_frame(&frame), FIRST_LOOK);
    let [width, height] = FIRST_LOOK.size();
    let mut images = vec![0.0; width * height];
    input::normalise_overview(&overview, &mut images);
    let maps = network.forward(Tensor::from_data(TensorData::new(images.clone(), [1, 1, height, width]), &device));
    let maps = maps.try_into_vec_as::<f32>().unwrap();
    let detector = json!({ "images": images, "size": [1, 1, height, width], "maps": maps });

    let classes: Vec<&str> = [""].into_iter().chain(Label::all().map(Label::name)).collect();
    let cases = json!({ "classes": classes, "cases": cases.collect::<Vec<_>>(), "detector": detector });
    fs::write(folder.join("cases.json"), serde_json::to_vec(&cases).unwrap()).unwrap();
}
