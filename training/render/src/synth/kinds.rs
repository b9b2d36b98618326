//! How often each kind of plate is rendered.

use anyhow::{Result, ensure};
use kr_lpr::plate::PlateKind;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Relative frequencies of the kinds. In a recipe: a table from kind names to numbers; what it leaves out never occurs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "BTreeMap<String, f32>", into = "BTreeMap<String, f32>")]
pub struct KindMix([f32; PlateKind::ALL.len()]);

impl Default for KindMix {
    /// The road's frequencies, flattened so that rare kinds are learnt as well.
    fn default() -> KindMix {
        // In the order of PlateKind::ALL: private long, 8, film, short, large, electric, corporate, commercial long,
        // double, green national, region; then the rare ones, about one in fifty each: military, diplomatic,
        // temporary, construction, its predecessor, motorcycle. The predecessor is drawn in several arrangements, so
        // that it takes twice as many. Yellow plates are a quarter of what Korean road cameras see; their regions are
        // small, the more so in the first of two lines. Of green plates with a region half have a letter of before 1996.
        KindMix([
            20.0, 11.0, 9.0, 9.0, 4.0, 10.0, 3.0, 12.0, 20.0, 12.0, 14.0, //
            2.4, 2.4, 2.4, 2.4, 4.8, 2.4,
        ])
    }
}

impl KindMix {
    /// Nothing but `kind`.
    pub fn only(kind: PlateKind) -> KindMix {
        let mut weights = [0.0; PlateKind::ALL.len()];
        weights[kind.index()] = 1.0;
        KindMix(weights)
    }

    /// The weight of each kind, in `PlateKind::ALL` order.
    pub fn weights(&self) -> &[f32] {
        &self.0
    }
}

impl TryFrom<BTreeMap<String, f32>> for KindMix {
    type Error = anyhow::Error;

    fn try_from(table: BTreeMap<String, f32>) -> Result<KindMix> {
        let mut weights = [0.0; PlateKind::ALL.len()];
        for (name, weight) in table {
            let Some(kind) = PlateKind::from_name(&name) else {
                let known = PlateKind::ALL.map(PlateKind::name).join(", ");
                anyhow::bail!("{name} is no kind of plate; the kinds are {known}");
            };
            ensure!(weight >= 0.0 && weight.is_finite(), "the share of {name} is {weight}; it must be 0 or more");
            weights[kind.index()] = weight;
        }
        ensure!(weights.iter().any(|&w| w > 0.0), "no kind has a share above 0, so there is nothing to render");
        Ok(KindMix(weights))
    }
}

impl From<KindMix> for BTreeMap<String, f32> {
    fn from(mix: KindMix) -> BTreeMap<String, f32> {
        PlateKind::ALL.iter().zip(mix.0).map(|(kind, weight)| (kind.name().to_owned(), weight)).collect()
    }
}
