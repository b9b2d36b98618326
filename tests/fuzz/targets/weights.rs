//! Weights files with anything done to them: refused with a reason, or read.
#![no_main]

use kr_lpr::model::cpu::Cpu;
use kr_lpr::model::weights::{detector, info, plate_networks};
use libfuzzer_sys::fuzz_target;

static SHIPPED: [&[u8]; 2] =
    [include_bytes!("../../../pkg/weights/detector.bin"), include_bytes!("../../../pkg/weights/recognizer.bin")];

/// Bytes before the header: the name of the format and the header's length.
const START: usize = 12;

fuzz_target!(|input: (u8, Vec<(u16, u8)>, &[u8])| {
    let (how, changes, tail) = input;
    let mut bytes = SHIPPED[usize::from(how & 1)].to_vec();
    // The header's bytes are where most of the decisions are.
    let length = u32::from_le_bytes(bytes[8..START].try_into().expect("four bytes")) as usize;
    let values = START + length;
    for (at, byte) in changes {
        let at = usize::from(at) % if how & 2 == 0 { values } else { bytes.len() };
        bytes[at] = byte;
    }
    match how >> 2 & 3 {
        1 => bytes.truncate(bytes.len().saturating_sub(tail.len())),
        2 => bytes.extend_from_slice(tail),
        // A header of its own.
        3 => {
            let tail_length = (tail.len() as u32).to_le_bytes();
            bytes.splice(8..values, tail_length.into_iter().chain(tail.iter().copied()));
        }
        _ => {}
    }
    if how & 16 != 0 {
        mend_checksum(&mut bytes);
    }
    for reason in [info(&bytes).err(), plate_networks::<Cpu>(&bytes).err(), detector::<Cpu>(&bytes).err()] {
        assert!(reason.is_none_or(|reason| !reason.to_string().is_empty()));
    }
});

/// Writes the sum of the changed values into the header, so that they are looked at.
fn mend_checksum(bytes: &mut [u8]) {
    let Some(length) = bytes.get(8..START).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes) else {
        return;
    };
    let Some((start, values)) = bytes.split_at_mut_checked(START.saturating_add(length as usize)) else { return };
    let sum = values
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let name = br#""checksum":""#;
    if let Some(at) = start.windows(name.len()).position(|window| window == name)
        && let Some(written) = start.get_mut(at + name.len()..at + name.len() + 16)
    {
        written.copy_from_slice(format!("{sum:016x}").as_bytes());
    }
}
