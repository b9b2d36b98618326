//! Networks of an earlier alphabet or of fewer kinds, grown to today's.
//!
//! Classes and kinds are only ever appended, so that what was trained keeps its rows: those of new classes and kinds are
//! added after them. They begin small and as unlikely as the rarest class there was, from where a few hundred steps take
//! them. The reader that ships refuses such weights; growing them is for training.

use anyhow::bail;
use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Distribution, Tensor};
use kr_lpr::labels::{self, CLASS_COUNT};
use kr_lpr::plate::PlateKind;

/// Standard deviation of new weights: a tenth of what trained rows have.
const NEW_WEIGHTS: f64 = 0.03;

/// How many classes and kinds a network tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// Classes of the alphabet, the blank included.
    pub classes: usize,
    /// Plate kinds.
    pub kinds: usize,
}

impl Heads {
    /// Those of this build.
    pub const TODAY: Heads = Heads { classes: CLASS_COUNT, kinds: PlateKind::ALL.len() };
}

/// What new rows begin with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NewRows {
    /// Small random weights, to be trained; as likely as the rarest old class.
    Trainable,
    /// No weights and a bias that rules them out: the network reads as it did.
    Never,
}

/// What `load` makes of networks that have the heads of `alphabet`, with today's heads, and the heads it had.
///
/// `module` has today's heads; `load` fills what it is given, or says why it cannot. Nothing says how many kinds the
/// weights are for, so numbers are tried from today's downwards.
///
/// # Errors
/// When the alphabet is not one that today's grew out of, or the error of the first trial when none succeeds.
pub fn load<M: Module>(
    module: M,
    alphabet: u64,
    rows: NewRows,
    load: impl Fn(M) -> anyhow::Result<M>,
) -> anyhow::Result<(M, Heads)> {
    let Some(classes) = labels::classes_of(alphabet) else {
        bail!(
            "it was trained for alphabet {alphabet:016x}; this build has {:016x}, which did not grow out of that",
            labels::fingerprint()
        );
    };
    let mut first_error = None;
    for kinds in (1..=Heads::TODAY.kinds).rev() {
        let heads = Heads { classes, kinds };
        // A resized parameter is no longer one that is trained. `module` itself takes today's rows, and grown ones by way
        // of a record, which keeps what it says of its parameters.
        let blank = if heads == Heads::TODAY { module.clone() } else { narrowed(module.clone(), heads) };
        match load(blank) {
            Ok(loaded) if heads == Heads::TODAY => return Ok((loaded, heads)),
            Ok(loaded) => return Ok((module.try_load_record(grown(loaded, rows).into_record())?, heads)),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    Err(first_error.unwrap_or_else(|| anyhow::anyhow!("there is no kind of plate")))
}

/// `module` with heads of fewer rows; what they hold is of no use.
fn narrowed<M: Module>(module: M, heads: Heads) -> M {
    module.map(&mut Resize { path: Vec::new(), heads, rows: NewRows::Never })
}

/// `module` with today's heads.
fn grown<M: Module>(module: M, rows: NewRows) -> M {
    module.map(&mut Resize { path: Vec::new(), heads: Heads::TODAY, rows })
}

/// Cuts or grows the parameters that have a row for each class or kind.
struct Resize {
    path: Vec<String>,
    heads: Heads,
    rows: NewRows,
}

impl Resize {
    /// The axis of the rows of the parameter at the path, and how many there should be.
    fn rows(&self) -> Option<(usize, usize)> {
        match self.path.iter().rev().map(String::as_str).take(2).collect::<Vec<_>>()[..] {
            ["weight", "classes"] => Some((1, self.heads.classes)),
            ["bias", "classes"] | ["points", "centers"] => Some((0, self.heads.classes)),
            ["weight", "kinds"] => Some((1, self.heads.kinds)),
            ["bias", "kinds"] => Some((0, self.heads.kinds)),
            _ => None,
        }
    }

    /// `count` rows to go after those of `old`.
    fn added<const D: usize>(&self, old: &Tensor<D>, axis: usize, count: usize, device: &Device) -> Tensor<D> {
        let mut shape = old.dims();
        shape[axis] = count;
        let is_bias = self.path.last().is_some_and(|name| name == "bias");
        match self.rows {
            NewRows::Trainable if is_bias => Tensor::zeros(shape, device) + old.clone().min().into_scalar::<f32>(),
            NewRows::Trainable if self.path.iter().any(|name| name == "centers") => Tensor::zeros(shape, device),
            NewRows::Trainable => Tensor::random(shape, Distribution::Normal(0.0, NEW_WEIGHTS), device),
            // e to the -30th of what a logit of 0 is worth.
            NewRows::Never if is_bias => Tensor::zeros(shape, device) - 30.0,
            NewRows::Never => Tensor::zeros(shape, device),
        }
    }
}

impl ModuleMapper for Resize {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some((axis, wanted)) = self.rows() else { return param };
        let device = param.device();
        let (id, old) = (param.id, param.val().without_autodiff());
        let had = old.dims()[axis];
        let tensor = if wanted <= had {
            old.narrow(axis, 0, wanted)
        } else {
            let added = self.added(&old, axis, wanted - had, &old.device());
            Tensor::cat(vec![old, added], axis)
        };
        Param::initialized(id, Tensor::from_data(tensor.into_data(), &device))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::trainee::Trainee;
    use burn::tensor::TensorData;
    use kr_lpr::model::weights::{NamedTensor, named_tensors};
    use kr_lpr::model::{Detector, PlateNetworks};

    const BEFORE: Heads = Heads { classes: 68, kinds: 11 };

    /// Fingerprint of the alphabet of 68 classes.
    const OLD_ALPHABET: u64 = 0x07e2_0a33_8d70_20e6;

    /// Networks of the first alphabet, all parameters random.
    fn old<M: Module>(module: M) -> M {
        struct Random;
        impl ModuleMapper for Random {
            fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
                let values = Tensor::<D>::random(param.dims(), Distribution::Normal(0.0, 1.0), &Device::flex());
                Param::initialized(param.id, Tensor::from_data(values.into_data(), &param.device()))
            }
        }
        narrowed(module, BEFORE).map(&mut Random)
    }

    fn find<'a>(tensors: &'a [NamedTensor], name: &str) -> &'a NamedTensor {
        tensors.iter().find(|tensor| tensor.name == name).unwrap()
    }

    #[test]
    fn old_rows_stay_and_new_ones_are_small_and_unlikely() {
        let device = Device::flex();
        let before = old(PlateNetworks::new(&device));
        let record = before.clone().into_record();
        let fill = |module: PlateNetworks| Ok(module.try_load_record(record.clone())?);
        let (after, heads) = load(PlateNetworks::new(&device), OLD_ALPHABET, NewRows::Trainable, fill).unwrap();
        assert_eq!(heads, BEFORE);
        let (before, after) = (named_tensors(&before), named_tensors(&after));
        for (old, new) in before.iter().zip(&after) {
            if !old.name.contains("classes") && !old.name.contains("kinds") {
                assert_eq!(old, new);
            }
        }
        let (old, new) = (find(&before, "recognizer.classes.weight"), find(&after, "recognizer.classes.weight"));
        let inputs = old.shape[0];
        assert_eq!((old.shape[1], new.shape.clone()), (68, vec![inputs, CLASS_COUNT]));
        for input in 0..inputs {
            let (old, new) = (&old.values[68 * input..][..68], &new.values[CLASS_COUNT * input..][..CLASS_COUNT]);
            assert_eq!(old, &new[..68]);
            assert!(new[68..].iter().all(|weight| weight.abs() < 0.2 && *weight != 0.0));
        }
        let (old, new) = (find(&before, "recognizer.kinds.bias"), find(&after, "recognizer.kinds.bias"));
        let least = old.values.iter().copied().fold(f32::MAX, f32::min);
        assert_eq!(new.values[..11], old.values);
        assert_eq!(new.values[11..], [least; Heads::TODAY.kinds - 11]);
    }

    #[test]
    fn rows_that_are_never_taken_change_no_reading() {
        let device = Device::flex();
        // The network's forward pass knows how many kinds there are.
        let before = narrowed(PlateNetworks::new(&device), Heads { kinds: Heads::TODAY.kinds, ..BEFORE });
        let after = grown(before.clone(), NewRows::Never);
        let images = Tensor::random([2, 1, 96, 192], Distribution::Normal(0.0, 0.2), &device);
        let probabilities = |networks: &PlateNetworks| networks.recognizer.forward(images.clone()).log_probs.exp();
        let shared = probabilities(&after).narrow(2, 0, 68) - probabilities(&before);
        let worst: f32 = shared.abs().max().into_scalar();
        assert!(worst < 1e-4, "{worst}");
    }

    #[test]
    fn a_whole_run_grows_and_can_be_trained() {
        let device = Device::flex().autodiff();
        let before = old(Trainee::new(&device));
        let record = before.clone().into_record();
        let fill = |module: Trainee| Ok(module.try_load_record(record.clone())?);
        let (after, _) = load(Trainee::new(&device), OLD_ALPHABET, NewRows::Trainable, fill).unwrap();
        let centers = named_tensors(&after).into_iter().find(|tensor| tensor.name == "centers.points").unwrap();
        assert_eq!(centers.shape[0], CLASS_COUNT);
        let images = Tensor::from_data(TensorData::zeros::<f32, _>([1, 1, 96, 192]), &device);
        let gradients = after.networks.recognizer.forward(images).log_probs.sum().backward();
        struct Touched<'a>(&'a burn::tensor::Gradients, usize);
        impl burn::module::ModuleVisitor for Touched<'_> {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                self.1 += usize::from(param.val().grad(self.0).is_some());
            }
        }
        let mut touched = Touched(&gradients, 0);
        after.networks.recognizer.visit(&mut touched);
        assert!(touched.1 > 20, "{} parameters have gradients", touched.1);
    }

    #[test]
    fn the_run_of_the_shipped_weights_can_go_on() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checkpoints/recognizer/checkpoint");
        let checkpoint = crate::checkpoint::Checkpoint::load(&path).unwrap();
        let device = Device::flex();
        let optimizer = crate::optimizer::NAdam { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-8 }.init();
        checkpoint.optimizer::<PlateNetworks>(optimizer).unwrap();
        let trainee = checkpoint.trainee(Trainee::new(&device.clone().autodiff())).unwrap();
        let classes = named_tensors(&trainee).into_iter().find(|tensor| tensor.name.ends_with("classes.bias")).unwrap();
        assert_eq!(classes.shape, [CLASS_COUNT]);
        let images = Tensor::zeros([1, 1, 96, 192], &device);
        let output = checkpoint.average::<PlateNetworks>(&device).unwrap().recognizer.forward(images);
        assert_eq!(output.kind_logits.dims(), [1, Heads::TODAY.kinds]);
    }

    #[test]
    fn the_run_of_the_shipped_detector_can_go_on() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("checkpoints/detector/checkpoint");
        let checkpoint = crate::checkpoint::Checkpoint::load(&path).unwrap();
        let device = Device::flex();
        let average: Detector = checkpoint.average(&device).unwrap();
        let trainee = checkpoint.trainee(Detector::new(&device.autodiff())).unwrap();
        assert_eq!(average.num_params(), trainee.num_params());
        assert!(
            checkpoint.state.recipe.scenes().is_ok() && checkpoint.average::<PlateNetworks>(&Device::flex()).is_err()
        );
    }

    #[test]
    fn other_alphabets_and_other_networks_are_refused() {
        let device = Device::flex();
        let other = load(PlateNetworks::new(&device), 7, NewRows::Trainable, Ok).unwrap_err();
        assert!(other.to_string().contains("0000000000000007"), "{other}");
        let record = PlateNetworks::new(&device).folded().into_record();
        let fill = |module: PlateNetworks| Ok(module.try_load_record(record.clone())?);
        assert!(load(PlateNetworks::new(&device), OLD_ALPHABET, NewRows::Trainable, fill).is_err());
    }

    #[test]
    fn weights_of_today_are_left_alone() {
        let device = Device::flex();
        let before = PlateNetworks::new(&device);
        let record = before.clone().into_record();
        let fill = |module: PlateNetworks| Ok(module.try_load_record(record.clone())?);
        let (after, heads) = load(PlateNetworks::new(&device), labels::fingerprint(), NewRows::Never, fill).unwrap();
        assert_eq!(heads, Heads::TODAY);
        assert_eq!(named_tensors(&before), named_tensors(&after));
    }
}
