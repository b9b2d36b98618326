//! From the checkpoint of a run to the files that ship.
#![allow(clippy::unwrap_used)]

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use kr_lpr::labels::{self, CLASS_COUNT};
use kr_lpr::model::PlateNetworks;
use kr_lpr::model::weights::{self, NamedTensor, WeightsInfo, named_tensors};
use kr_lpr::plate::PlateKind;
use kr_lpr_training::checkpoint::{Checkpoint, RunState};
use kr_lpr_training::export::{ExportOptions, Exported, export};
use kr_lpr_training::loader::validation_examples;
use kr_lpr_training::recipe::Recipe;
use kr_lpr_training::trainee::Trainee;
use safetensors::SafeTensors;

fn probabilities(networks: &PlateNetworks, images: &Tensor<4>) -> Vec<f32> {
    networks.recognizer.forward(images.clone()).log_probs.exp().try_into_vec_as().unwrap()
}

#[test]
fn what_is_exported_is_what_was_validated() {
    let device = Device::flex();
    let recipe = Recipe::parse("name = 'tiny'\nseed = 3\n[validation]\nplates = 4").unwrap();
    let plates = validation_examples(&recipe).unwrap();
    let images = kr_lpr_training::plates::batch::images(&plates, &device); // [4, 1, 96, 192]

    // A run that has done one forward pass, so that its batch norms are not the identity. Seeded, since what fewer bits
    // cost depends on the weights.
    device.seed(recipe.seed);
    let trainee = Trainee::new(&device.clone().autodiff());
    let _ = trainee.networks.recognizer.forward(Tensor::from_inner(images.clone()));
    let average = trainee.networks.valid();
    let state = RunState { step: 60_000, seconds: 9_000.0, progress: 1.0, alphabet: labels::fingerprint(), recipe };
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = Checkpoint::take(state, &trainee, &average, None).unwrap();
    checkpoint.save(&folder.path().join("checkpoint")).unwrap();

    let options = ExportOptions {
        run: folder.path().to_owned(),
        out: folder.path().join("weights"),
        name: Some("tiny-1".to_owned()),
        trained_on: None,
        data: None,
        plates: 12,
        onnx: Some(folder.path().join("onnx")),
        safetensors: Some(folder.path().join("tiny.safetensors")),
    };
    let card = export::<PlateNetworks>(&options).unwrap();
    let mut written: Vec<_> =
        std::fs::read_dir(&options.out).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    written.sort();
    assert_eq!(written, ["recognizer.bin", "recognizer.md"]);

    let bytes = std::fs::read(options.out.join("recognizer.bin")).unwrap();
    assert!(bytes.len() == card.bytes && bytes.len() <= PlateNetworks::MAX_BYTES);
    let (shipped, info) = weights::read::<PlateNetworks>(&bytes, &device).unwrap();
    assert_eq!(info, card.info);
    for (file, parameters) in
        [("recognizer.onnx", shipped.recognizer.num_params()), ("aligner.onnx", shipped.aligner.num_params())]
    {
        let onnx = std::fs::metadata(folder.path().join("onnx").join(file)).unwrap().len();
        assert!(onnx > 4 * parameters as u64, "{file}: {onnx} bytes");
    }
    assert_safetensors_hold(&std::fs::read(folder.path().join("tiny.safetensors")).unwrap(), &shipped, &info);
    assert_eq!((&*info.provenance.model, info.provenance.steps), ("tiny-1", 60_000));
    let expected = probabilities(&average, &images);
    let actual = probabilities(&shipped, &images);
    let worst = actual.iter().zip(&expected).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 3e-2, "fewer bits cost {worst}");
    let (again, _) = weights::read::<PlateNetworks>(&bytes, &device).unwrap();
    assert_eq!(probabilities(&again, &images), actual);

    let text = std::fs::read_to_string(options.out.join("recognizer.md")).unwrap();
    for fact in [
        "# Weights `tiny-1`",
        &info.checksum,
        &info.provenance.commit,
        "| steps | 60 000 |",
        "3 840 000 in all",
        "| time | 2.50 hours |",
        "| seed | 3 |",
        "name = \"tiny\"",
        "| trunk.5.pointwise, 2 experts, residual | 1x1 | 1 | 1 | 64 to 64 | 12x24 | 1 187 968 |",
        "12 rendered plates",
    ] {
        assert!(text.contains(fact), "{fact:?} is not in the card:\n{text}");
    }
    assert!(!text.contains("## Measured"), "nothing was measured");
}

/// The safetensors file has every parameter of `networks`, and says what its outputs mean.
fn assert_safetensors_hold(file: &[u8], networks: &PlateNetworks, info: &WeightsInfo) {
    let (_, header) = SafeTensors::read_metadata(file).unwrap();
    let metadata = header.metadata().as_ref().unwrap();
    assert_eq!(metadata["classes"].split('\n').count(), CLASS_COUNT);
    assert_eq!(metadata["kinds"].split('\n').count(), PlateKind::ALL.len());
    assert_eq!(metadata["checksum"], info.checksum);
    let tensors = SafeTensors::deserialize(file).unwrap();
    let expected = named_tensors(networks);
    assert_eq!(tensors.len(), expected.len());
    for NamedTensor { name, shape, values } in expected {
        let found = tensors.tensor(&name).unwrap();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        assert!(found.shape() == shape && found.data() == bytes, "{name}");
    }
}
