//! What is trained, saved, averaged and shipped: the same way for every sort of networks.

use burn::tensor::Device;
use kr_lpr::labels;
use kr_lpr::model::weights::{self, Shipped};
use kr_lpr::model::{Detector, PlateNetworks};

use crate::migrate::{self, NewRows};

/// Networks with batch norms while they are trained, and without them as they ship.
pub trait Trained: Shipped {
    /// Random weights and batch norms.
    fn fresh(device: &Device) -> Self;

    /// The same function with every batch norm folded into its convolution.
    fn folded(self) -> Self;
}

impl Trained for PlateNetworks {
    fn fresh(device: &Device) -> PlateNetworks {
        PlateNetworks::new(device)
    }

    fn folded(self) -> PlateNetworks {
        PlateNetworks::folded(self)
    }
}

impl Trained for Detector {
    fn fresh(device: &Device) -> Detector {
        Detector::new(device)
    }

    fn folded(self) -> Detector {
        Detector::folded(self)
    }
}

/// The networks of a weights file, with rows for the classes and kinds of this build that they do not know yet.
///
/// # Errors
/// When the file is damaged, of other networks, or of an alphabet that this build's did not grow out of.
pub fn read_shipped<N: Trained>(bytes: &[u8], device: &Device) -> anyhow::Result<N> {
    let found = weights::info(bytes)?.alphabet;
    match u64::from_str_radix(&found, 16) {
        Ok(alphabet) if labels::classes_of(alphabet).is_some() && N::contents().alphabet != "none" => {
            let read = |networks| Ok(weights::read_of(bytes, alphabet, networks)?.0);
            Ok(migrate::load(N::blank(device), alphabet, NewRows::Trainable, read)?.0)
        }
        // What is wrong with the file is for its reader to say.
        _ => Ok(weights::read(bytes, device)?.0),
    }
}
