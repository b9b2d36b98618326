#![allow(clippy::unwrap_used)]

use super::modules::Fill;
use super::*;
use crate::model::{Detector, PlateNetworks};
use crate::rectify::{PLATE_HEIGHT, PLATE_WIDTH};
use burn::module::Module;
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use half::f16;
use serde_json::{Value, json};

fn networks() -> PlateNetworks {
    PlateNetworks::new(&Device::flex()).folded()
}

fn provenance() -> Provenance {
    Provenance {
        model: "test".to_owned(),
        recipe: "smoke".to_owned(),
        seed: 7,
        commit: "0123abcd".to_owned(),
        steps: 150,
    }
}

fn calibration() -> Calibration {
    Calibration { slope: 0.75, intercept: -0.25 }
}

fn file() -> Vec<u8> {
    write(&networks(), calibration(), &provenance()).unwrap()
}

fn error_of(bytes: &[u8]) -> WeightsError {
    read::<PlateNetworks>(bytes, &Device::flex()).unwrap_err()
}

/// The file with another header and other values.
fn edited(bytes: &[u8], edit: impl FnOnce(&mut Value, &mut Vec<u8>)) -> Vec<u8> {
    let (length, rest) = bytes[MAGIC.len()..].split_first_chunk::<4>().unwrap();
    let (header, values) = rest.split_at(u32::from_le_bytes(*length) as usize);
    let (mut header, mut values) = (serde_json::from_slice(header).unwrap(), values.to_vec());
    edit(&mut header, &mut values);
    let header = serde_json::to_vec(&header).unwrap();
    [&MAGIC[..], &(header.len() as u32).to_le_bytes(), &header, &values].concat()
}

#[test]
fn the_way_through_a_file_costs_what_its_storage_does_and_no_more() {
    let device = Device::flex();
    let before = networks();
    let bytes = write(&before, calibration(), &provenance()).unwrap();
    let (after, info) = read::<PlateNetworks>(&bytes, &device).unwrap();
    assert_eq!((&info.provenance, info.calibration), (&provenance(), calibration()));
    for (before, after) in named_tensors(&before).into_iter().zip(named_tensors(&after)) {
        assert_eq!((&before.name, &before.shape), (&after.name, &after.shape));
        // Steps of bytes are 1/127 of a channel's largest value.
        let most = before.values.iter().fold(0.0_f32, |most, value| most.max(value.abs()));
        let error = match Storage::of(&before.shape) {
            Storage::Half => most / 2048.0,
            Storage::Byte => 0.51 * most / 127.0,
        };
        let off = before.values.iter().zip(&after.values).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(off <= error, "{}: {off} of at most {error}", before.name);
    }

    let images = Tensor::<4>::random([2, 1, PLATE_HEIGHT, PLATE_WIDTH], Distribution::Normal(0.0, 1.0), &device);
    let logits = |networks: &PlateNetworks| {
        let output = networks.recognizer.forward(images.clone());
        (output.log_probs.into_data(), output.kind_logits.into_data())
    };
    let (exact, loaded) = (logits(&before), logits(&after));
    // On average: the networks are random, and the worst of some thousand logits now and then is far off.
    let difference = |a: &TensorData, b: &TensorData| {
        let off: Vec<f32> = a.iter::<f32>().zip(b.iter::<f32>()).map(|(a, b)| (a - b).abs()).collect();
        off.iter().sum::<f32>() / off.len() as f32
    };
    let off = [difference(&exact.0, &loaded.0), difference(&exact.1, &loaded.1)];
    assert!(off.iter().all(|&off| off < 0.15), "{off:?}");

    // Loading is exact, and what was loaded is written as the same bytes.
    let (again, _) = read::<PlateNetworks>(&bytes, &device).unwrap();
    assert_eq!(loaded, logits(&again));
    assert_eq!(write(&after, calibration(), &provenance()).unwrap(), bytes);
}

#[test]
fn the_file_is_small_enough() {
    assert!(file().len() <= 80_000, "{} bytes", file().len());
}

#[test]
fn other_files_are_not_weights() {
    for bytes in [&b""[..], b"KRLPRWT", b"<!doctype html>", b"KRLPRCKP and more"] {
        assert_eq!(error_of(bytes), WeightsError::NotWeights);
    }
}

#[test]
fn truncated_files_say_how_long_they_should_be() {
    let bytes = file();
    let header_end = MAGIC.len() + 4 + u32::from_le_bytes(bytes[8..12].try_into().unwrap()) as usize;
    let whole = bytes.len();
    for (actual, expected) in
        [(8, 12), (11, 12), (12, header_end), (header_end - 1, header_end), (header_end, whole), (whole - 1, whole)]
    {
        assert_eq!(error_of(&bytes[..actual]), WeightsError::Truncated { expected, actual });
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(error_of(&longer), WeightsError::Truncated { expected: whole, actual: whole + 1 });
    let endless = [&MAGIC[..], &u32::MAX.to_le_bytes(), b"{}"].concat();
    assert!(matches!(error_of(&endless), WeightsError::Truncated { actual: 14, .. }));
}

#[test]
fn damaged_headers_are_named() {
    for header in [&b""[..], b"\xff\xfe", b"[1, 2]", b"{\"format_version\": 2}"] {
        let bytes = [&MAGIC[..], &(header.len() as u32).to_le_bytes(), header].concat();
        assert!(matches!(error_of(&bytes), WeightsError::Header(_)), "{}", String::from_utf8_lossy(header));
    }
}

#[test]
fn a_header_of_another_version_need_not_have_this_ones_fields() {
    let header = br#"{"format_version": 3, "shards": []}"#;
    let bytes = [&MAGIC[..], &(header.len() as u32).to_le_bytes(), header].concat();
    assert_eq!(error_of(&bytes), WeightsError::Version { found: 3 });
}

#[test]
fn weights_that_do_not_fit_name_both_sides() {
    let bytes = file();
    let (_, info) = read::<PlateNetworks>(&bytes, &Device::flex()).unwrap();
    let other = || "0000000000000000".to_owned();
    for (field, expected) in [
        ("alphabet", WeightsError::Alphabet { expected: info.alphabet, found: other() }),
        ("architecture", WeightsError::Architecture { expected: info.architecture, found: other() }),
        ("checksum", WeightsError::Checksum { expected: other(), found: info.checksum }),
    ] {
        let error = error_of(&edited(&bytes, |header, _| header[field] = json!(other())));
        assert_eq!(error, expected);
    }
}

#[test]
fn a_list_of_other_tensors_is_a_damaged_header() {
    let bytes = edited(&file(), |header, _| header["tensors"][0][1] = json!([8, 1, 3, 4]));
    assert!(matches!(error_of(&bytes), WeightsError::Header(_)));
    let bytes = edited(&file(), |header, _| header["tensors"][0][2] = json!("i4"));
    assert!(matches!(error_of(&bytes), WeightsError::Header(_)));
    // Another storage than this build writes is read, if the bytes are there.
    let bytes = edited(&file(), |header, _| header["tensors"][0][2] = json!("i8"));
    assert!(matches!(error_of(&bytes), WeightsError::Truncated { .. }));
}

#[test]
fn networks_of_another_alphabet_are_read_on_request_alone() {
    let bytes = edited(&file(), |header, _| header["alphabet"] = json!(hexadecimal(7)));
    assert_eq!(info(&bytes).unwrap().alphabet, hexadecimal(7));
    assert!(matches!(error_of(&bytes), WeightsError::Alphabet { .. }));
    let (filled, _) = read_of(&bytes, 7, networks()).unwrap();
    let (expected, _) = read::<PlateNetworks>(&file(), &Device::flex()).unwrap();
    assert_eq!(named_tensors(&filled).len(), named_tensors(&expected).len());
}

#[test]
fn a_flipped_bit_is_found() {
    let mut bytes = file();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    assert!(matches!(error_of(&bytes), WeightsError::Checksum { .. }));
}

#[test]
fn values_that_are_not_finite_are_refused_both_ways() {
    let bytes = edited(&file(), |header, values| {
        values[..2].copy_from_slice(&f16::NAN.to_le_bytes());
        header["checksum"] = json!(hexadecimal(fnv1a(values)));
    });
    assert_eq!(error_of(&bytes), WeightsError::NotFinite { tensor: "aligner.stem.weight".to_owned() });

    // Half precision ends at 65504.
    let networks = networks();
    let huge: Vec<Vec<f32>> = named_tensors(&networks).into_iter().map(|t| vec![1e6; t.values.len()]).collect();
    let networks = networks.map(&mut Fill { values: huge.into_iter() });
    let error = write(&networks, calibration(), &provenance()).unwrap_err();
    assert_eq!(error, WeightsError::NotFinite { tensor: "aligner.stem.weight".to_owned() });
}

#[test]
fn a_detector_has_a_file_of_its_own() {
    let device = Device::flex();
    let before = Detector::new(&device).folded();
    let bytes = write(&before, calibration(), &provenance()).unwrap();
    assert!(bytes.len() <= 400_000, "{} bytes", bytes.len());
    let (after, info) = read::<Detector>(&bytes, &device).unwrap();
    assert_eq!((&info.provenance, info.calibration), (&provenance(), calibration()));
    for (before, after) in named_tensors(&before).into_iter().zip(named_tensors(&after)) {
        // Half a step of 127 to the largest weight, or half precision.
        let largest = before.values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        let close = |(a, b): (&f32, &f32)| (a - b).abs() <= largest / 250.0;
        assert!(before.values.iter().zip(&after.values).all(close), "{}", before.name);
    }
    // Neither passes for the other.
    assert!(matches!(error_of(&bytes), WeightsError::Alphabet { .. }));
    let error = read::<Detector>(&file(), &device).unwrap_err();
    assert!(matches!(error, WeightsError::Alphabet { .. }));
    let error = read::<Detector>(&edited(&file(), |header, _| header["alphabet"] = json!("none")), &device);
    assert!(matches!(error.unwrap_err(), WeightsError::Architecture { .. }));
}

#[test]
fn weights_with_batch_norm_are_another_architecture() {
    let unfolded = write(&PlateNetworks::new(&Device::flex()), calibration(), &provenance()).unwrap();
    assert!(matches!(error_of(&unfolded), WeightsError::Architecture { .. }));
}
