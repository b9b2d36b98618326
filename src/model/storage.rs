//! How the values of one tensor are written in a weights file.
//!
//! Most of the bytes are a dozen large matrices. They are written in one byte a value, with a scale for each output
//! channel, which costs less than a reading in a thousand; everything else keeps half precision.

use half::f16;
use serde::{Deserialize, Serialize};

/// The least number of values that are worth a scale for each output channel.
const LARGE: usize = 1024;

/// Largest magnitude of a value in bytes. -128 is not used, so that both signs reach equally far.
const MOST: f32 = 127.0;

/// How a tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Storage {
    /// IEEE half precision, little endian.
    #[serde(rename = "f16")]
    Half,
    /// A scale for each output channel in half precision, then one signed byte for each value: scale times byte.
    #[serde(rename = "i8")]
    Byte,
}

impl Storage {
    /// How a tensor of that shape is written: large weights of convolutions and linear layers in bytes.
    pub(super) fn of(shape: &[usize]) -> Storage {
        let is_weight = matches!(shape.len(), 2 | 4) && shape[0] > 1;
        if is_weight && shape.iter().product::<usize>() >= LARGE { Storage::Byte } else { Storage::Half }
    }

    /// Bytes of a tensor of that shape.
    pub(super) fn length(self, shape: &[usize]) -> usize {
        let count: usize = shape.iter().product();
        match self {
            Storage::Half => 2 * count,
            Storage::Byte => 2 * Channels::of(shape).count + count,
        }
    }

    /// Appends row-major values; `None` where one is not representable.
    pub(super) fn write(self, values: &[f32], shape: &[usize], bytes: &mut Vec<u8>) -> Option<()> {
        let finite = |value: f32| Some(f16::from_f32(value)).filter(|half| half.is_finite());
        if self == Storage::Half {
            return values.iter().try_for_each(|&value| {
                bytes.extend_from_slice(&finite(value)?.to_le_bytes());
                Some(())
            });
        }
        if values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let channels = Channels::of(shape);
        let mut largest = vec![0.0_f32; channels.count];
        for (at, &value) in values.iter().enumerate() {
            let most = &mut largest[channels.channel(at)];
            *most = most.max(value.abs());
        }
        let scales: Vec<f16> = largest.iter().map(|&most| finite(most / MOST)).collect::<Option<_>>()?;
        bytes.extend(scales.iter().flat_map(|scale| scale.to_le_bytes()));
        bytes.extend(values.iter().enumerate().map(|(at, &value)| {
            let scale = scales[channels.channel(at)].to_f32();
            let steps = if scale > 0.0 { (value / scale).round().clamp(-MOST, MOST) } else { 0.0 };
            (steps as i8).to_le_bytes()[0]
        }));
        Some(())
    }

    /// Reads what [`write`](Self::write) wrote. `bytes` are [`length`](Self::length) many; `None` where a value is not
    /// finite.
    pub(super) fn read(self, bytes: &[u8], shape: &[usize]) -> Option<Vec<f32>> {
        let halves = |bytes: &[u8]| -> Option<Vec<f32>> {
            let values = bytes.chunks_exact(2).map(|pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32());
            values.map(|value| Some(value).filter(|value| value.is_finite())).collect()
        };
        if self == Storage::Half {
            return halves(bytes);
        }
        let channels = Channels::of(shape);
        let (scales, steps) = bytes.split_at(2 * channels.count);
        let scales = halves(scales)?;
        let value = |(at, &step): (usize, &u8)| f32::from(i8::from_le_bytes([step])) * scales[channels.channel(at)];
        Some(steps.iter().enumerate().map(value).collect())
    }
}

/// Which output channel a value belongs to: the last axis of a matrix, as linear layers have them, else the first.
#[derive(Clone, Copy)]
struct Channels {
    count: usize,
    /// Values between one channel and the next.
    stride: usize,
}

impl Channels {
    fn of(shape: &[usize]) -> Channels {
        match shape {
            [_, outputs] => Channels { count: *outputs, stride: 1 },
            [outputs, rest @ ..] => Channels { count: *outputs, stride: rest.iter().product() },
            [] => Channels { count: 1, stride: 1 },
        }
    }

    fn channel(self, at: usize) -> usize {
        at / self.stride % self.count
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn through(storage: Storage, values: &[f32], shape: &[usize]) -> Option<Vec<f32>> {
        let mut bytes = Vec::new();
        storage.write(values, shape, &mut bytes)?;
        assert_eq!(bytes.len(), storage.length(shape));
        storage.read(&bytes, shape)
    }

    #[test]
    fn large_weights_alone_are_written_in_bytes() {
        for shape in [&[64, 64, 1, 1][..], &[64, 1, 5, 5], &[96, 91], &[32, 32, 1, 1]] {
            assert_eq!(Storage::of(shape), Storage::Byte, "{shape:?}");
        }
        for shape in [&[4096][..], &[16, 1, 3, 3], &[1, 16, 64], &[1, 16, 64, 64], &[31, 33]] {
            assert_eq!(Storage::of(shape), Storage::Half, "{shape:?}");
        }
        assert_eq!((Storage::Byte.length(&[4, 2, 3]), Storage::Half.length(&[4, 2, 3])), (8 + 24, 48));
    }

    #[test]
    fn channels_have_scales_of_their_own() {
        // By hand: of a matrix [inputs, outputs] the second output is a hundred times the first.
        let read = through(Storage::Byte, &[1.0, 100.0, -0.5, 25.0, 0.25, -100.0], &[3, 2]).unwrap();
        for (value, expected) in read.iter().zip([1.0_f32, 100.0, -0.5, 25.0, 0.25, -100.0]) {
            let step = if expected.abs() > 1.0 { 100.0 } else { 1.0 } / MOST;
            assert!((value - expected).abs() <= 0.51 * step, "{value} is not {expected}");
        }
        // Of a convolution [outputs, inputs, ...] the outputs are rows.
        let rows = through(Storage::Byte, &[0.001, -0.0005, 30.0, 7.0], &[2, 2]).unwrap();
        assert!((rows[0] - 0.001).abs() > 1e-4);
        let rows = through(Storage::Byte, &[0.001, -0.0005, 30.0, 7.0], &[2, 2, 1, 1]).unwrap();
        assert!((rows[0] - 0.001).abs() < 1e-5 && (rows[3] - 7.0).abs() < 0.12, "{rows:?}");
    }

    #[test]
    fn what_was_read_is_written_alike() {
        let values: Vec<f32> = (0..64 * 16).map(|i| ((i * 7919 % 1009) as f32 / 500.0 - 1.0).powi(3)).collect();
        for (storage, shape) in [(Storage::Byte, [64, 16]), (Storage::Half, [64, 16])] {
            let once = through(storage, &values, &shape).unwrap();
            assert_eq!(through(storage, &once, &shape).unwrap(), once);
        }
        assert_eq!(through(Storage::Byte, &[0.0; 4], &[2, 2]).unwrap(), [0.0; 4]);
    }

    #[test]
    fn values_that_are_not_finite_are_refused() {
        for storage in [Storage::Half, Storage::Byte] {
            for value in [f32::NAN, f32::INFINITY, 1e8] {
                assert_eq!(through(storage, &[0.0, value, 1.0, 2.0], &[2, 2]), None, "{storage:?} {value}");
            }
            let mut bytes = vec![0; storage.length(&[2, 2])];
            bytes[..2].copy_from_slice(&f16::INFINITY.to_le_bytes());
            assert_eq!(storage.read(&bytes, &[2, 2]), None);
        }
    }
}
