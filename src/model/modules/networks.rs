//! Everything that is trained to read one plate.

use burn::module::Module;
use burn::tensor::{Device, Tensor};

use super::aligner::Aligner;
use super::recognizer::Recognizer;

/// The networks that read one plate: they are trained together and ship in one file.
#[derive(Module, Debug)]
pub struct PlateNetworks {
    /// Finds the corners of the plate in a loose crop.
    pub aligner: Aligner,
    /// Reads the plate once it is straight.
    pub recognizer: Recognizer,
}

impl PlateNetworks {
    /// Networks with random weights and batch norm, to be trained.
    pub fn new(device: &Device) -> PlateNetworks {
        PlateNetworks { aligner: Aligner::new(device), recognizer: Recognizer::new(device) }
    }

    /// The same functions with every batch norm folded into its convolution: smaller and a third faster.
    pub fn folded(self) -> PlateNetworks {
        PlateNetworks { aligner: self.aligner.folded(), recognizer: self.recognizer.folded() }
    }

    /// The way back from [`folded`](Self::folded), to train on from weights that shipped: the same functions with batch
    /// norms again, whose statistics are those of the images that each network will see, `[n, 1, 96, 192]`.
    pub fn unfolded(self, loose: Tensor<4>, straight: Tensor<4>) -> PlateNetworks {
        PlateNetworks { aligner: self.aligner.unfolded(loose), recognizer: self.recognizer.unfolded(straight) }
    }

    /// Multiply-adds of reading one plate, batch norm folded.
    pub fn multiply_adds(&self) -> usize {
        self.aligner.multiply_adds() + self.recognizer.multiply_adds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stay_within_ten_million_multiply_adds_and_a_little() {
        let networks = PlateNetworks::new(&Device::flex());
        assert!(networks.multiply_adds() < 10_100_000, "{}", networks.multiply_adds());
        let folded = networks.folded();
        // About a byte a parameter in the shipped file, and 80 KB for all of it with its header.
        assert!(folded.num_params() < 68_000, "{}", folded.num_params());
    }
}
