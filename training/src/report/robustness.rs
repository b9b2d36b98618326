//! How accuracy falls as one thing gets worse.

use kr_lpr::reader::PlateReader;
use serde::Serialize;

use super::interval::Share;
use super::nuisance::{NUISANCES, Nuisance};
use crate::evaluation::rendered::{PlateRead, kind_of, on_threads};
use kr_lpr_render::seed::held_out;
use kr_lpr_render::synth::Synth;

/// Difficulty of everything that is not the nuisance: an ordinary day.
pub const BASE_DIFFICULTY: f32 = 0.3;

/// Seeds of these plates are apart from those of the validation plates.
const STREAM: u64 = 1 << 32;

/// Accuracy against one nuisance.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sweep {
    /// Name of the nuisance.
    pub name: &'static str,
    /// What the values are, with their unit.
    pub axis: &'static str,
    /// What a reader of the plot should know.
    pub note: &'static str,
    /// Whether the values are better seen on a logarithmic axis.
    #[serde(skip)]
    pub logarithmic: bool,
    /// One curve for each way of outlining the plates.
    pub curves: Vec<Curve>,
}

/// One curve of a sweep.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Curve {
    /// How the plates are outlined.
    pub outline: &'static str,
    /// Its points, from the least value.
    pub points: Vec<Point>,
}

/// The plates of one value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// The nuisance's value.
    pub value: f32,
    /// Plates whose whole text is right.
    pub plates: Share,
}

/// Reads the same `plates` plates, of all kinds alike, at every value of every nuisance.
///
/// # Errors
/// When the weights are broken.
pub fn sweep_all(reader: &PlateReader, synth: &Synth, plates: u64, seed: u64) -> anyhow::Result<Vec<Sweep>> {
    let tasks: Vec<Task> = NUISANCES.iter().flat_map(|nuisance| tasks(nuisance, plates)).collect();
    let right = on_threads(&tasks, "plates of the robustness curves", |task| task.read(reader, synth, seed))?;
    let mut rest = tasks.iter().zip(right);
    Ok(NUISANCES
        .iter()
        .map(|nuisance| {
            let of_nuisance: Vec<_> = rest.by_ref().take(nuisance.values.len() * plates as usize).collect();
            sweep(nuisance, plates as usize, &of_nuisance)
        })
        .collect())
}

/// One picture to render and to read in every way of outlining it.
struct Task {
    nuisance: &'static Nuisance,
    value: f32,
    number: u64,
}

impl Task {
    /// Whether the text is right, for each outline.
    fn read(&self, reader: &PlateReader, synth: &Synth, seed: u64) -> anyhow::Result<Vec<bool>> {
        let conditions = self.nuisance.conditions(self.value, self.number);
        let seed = held_out(seed, STREAM + self.number);
        let sample = synth.sample_under(seed, kind_of(self.number), BASE_DIFFICULTY, &conditions);
        let handings = self.nuisance.handings.iter();
        let reads = handings.map(|handing| PlateRead::of(reader, &sample, handing.quad(&sample, self.value)));
        reads.map(|read| Ok(read?.is_right())).collect()
    }
}

/// The tasks of a nuisance: value by value.
fn tasks(nuisance: &'static Nuisance, plates: u64) -> impl Iterator<Item = Task> {
    let numbered = move |value: f32| (0..plates).map(move |number| Task { nuisance, value, number });
    nuisance.values.iter().flat_map(move |&value| numbered(value))
}

fn sweep(nuisance: &Nuisance, plates: usize, read: &[(&Task, Vec<bool>)]) -> Sweep {
    let curve = |(index, handing): (usize, &super::nuisance::Handing)| Curve {
        outline: handing.name(),
        points: read
            .chunks(plates.max(1))
            .map(|chunk| Point {
                value: chunk[0].0.value,
                plates: Share::among(chunk.iter().map(|(_, right)| right[index])),
            })
            .collect(),
    };
    let Nuisance { name, axis, note, logarithmic, .. } = *nuisance;
    Sweep { name, axis, note, logarithmic, curves: nuisance.handings.iter().enumerate().map(curve).collect() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn points_hold_the_plates_of_their_value() {
        let yaw = NUISANCES.iter().find(|nuisance| nuisance.name == "yaw").unwrap();
        let tasks: Vec<Task> = tasks(yaw, 4).collect();
        assert_eq!(tasks.len(), 4 * yaw.values.len());
        // By the corners all are right, by the crop those of at most 20 degrees, but for plate 3.
        let read: Vec<_> = tasks.iter().map(|t| (t, vec![true, t.value <= 20.0 && t.number != 3])).collect();
        let sweep = sweep(yaw, 4, &read);
        assert_eq!(
            sweep.curves.iter().map(|curve| curve.outline).collect::<Vec<_>>(),
            ["true corners", "upright crop"]
        );
        let right = |curve: &Curve| curve.points.iter().map(|point| point.plates.right).collect::<Vec<_>>();
        assert_eq!(right(&sweep.curves[0]), [4; 7]);
        assert_eq!(right(&sweep.curves[1]), [3, 3, 3, 0, 0, 0, 0]);
        assert_eq!(sweep.curves[1].points.iter().map(|point| point.value).collect::<Vec<_>>(), yaw.values);
        assert!(sweep.curves.iter().flat_map(|curve| &curve.points).all(|point| point.plates.seen == 4));
    }
}
