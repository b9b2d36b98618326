//! Weights files from and to modules.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Device, Tensor, TensorData};

use super::{Contents, NamedTensor, Provenance, WeightsError, WeightsInfo, hexadecimal, pack, unpack};
use crate::calibration::Calibration;
use crate::model::{Detector, PlateNetworks};

/// Networks that ship in a file of their own.
pub trait Shipped: Module {
    /// What the file holds.
    fn contents() -> Contents;

    /// Folded networks that the file's values are put into.
    fn blank(device: &Device) -> Self;
}

impl Shipped for PlateNetworks {
    fn contents() -> Contents {
        Contents::of_plate_networks()
    }

    fn blank(device: &Device) -> PlateNetworks {
        PlateNetworks::new(device).folded()
    }
}

impl Shipped for Detector {
    fn contents() -> Contents {
        Contents::of_detector()
    }

    fn blank(device: &Device) -> Detector {
        Detector::new(device).folded()
    }
}

/// Every float parameter of `module`, in the order of its fields.
pub fn named_tensors(module: &impl Module) -> Vec<NamedTensor> {
    let mut collect = Collect { path: Vec::new(), tensors: Vec::new() };
    module.visit(&mut collect);
    collect.tensors
}

/// Writes folded networks; `calibration` is that of their texts, or of a detector's scores.
///
/// # Errors
/// [`WeightsError::NotFinite`] where a value is not representable.
pub fn write<M: Shipped>(
    networks: &M,
    calibration: Calibration,
    provenance: &Provenance,
) -> Result<Vec<u8>, WeightsError> {
    pack(named_tensors(networks), M::contents().alphabet, calibration, provenance)
}

/// Reads networks, ready for inference on `device`.
///
/// # Errors
/// Whatever about the file does not fit this build; see [`WeightsError`].
pub fn read<M: Shipped>(bytes: &[u8], device: &Device) -> Result<(M, WeightsInfo), WeightsError> {
    fill(bytes, M::contents(), M::blank(device))
}

/// [`read`] for networks of another alphabet than this build's: fills `networks`, which are folded.
///
/// # Errors
/// As [`read`].
pub fn read_of<M: Module>(bytes: &[u8], alphabet: u64, networks: M) -> Result<(M, WeightsInfo), WeightsError> {
    let contents = Contents { alphabet: hexadecimal(alphabet), tensors: shapes(&networks) };
    fill(bytes, contents, networks)
}

fn fill<M: Module>(bytes: &[u8], contents: Contents, networks: M) -> Result<(M, WeightsInfo), WeightsError> {
    let (tensors, info) = unpack(bytes, contents)?;
    let values: Vec<Vec<f32>> = tensors.into_iter().map(|tensor| tensor.values).collect();
    Ok((networks.map(&mut Fill { values: values.into_iter() }), info))
}

/// Name and shape of every float parameter of `module`, in the order of its fields. Unlike the values, which a browser
/// cannot wait for a GPU to give, they are known at once.
fn shapes(module: &impl Module) -> Vec<(String, Vec<usize>)> {
    struct Shapes {
        path: Vec<String>,
        shapes: Vec<(String, Vec<usize>)>,
    }

    impl ModuleVisitor for Shapes {
        fn enter_module(&mut self, name: &str, _container: &str) {
            self.path.push(name.to_owned());
        }

        fn exit_module(&mut self, _name: &str, _container: &str) {
            self.path.pop();
        }

        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            self.shapes.push((self.path.join("."), param.dims().to_vec()));
        }
    }

    let mut collect = Shapes { path: Vec::new(), shapes: Vec::new() };
    module.visit(&mut collect);
    collect.shapes
}

/// Reads the parameters of a module in field order.
struct Collect {
    path: Vec<String>,
    tensors: Vec<NamedTensor>,
}

impl ModuleVisitor for Collect {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let shape = tensor.dims().to_vec();
        let values = tensor.into_data().convert::<f32>().iter::<f32>().collect();
        self.tensors.push(NamedTensor { name: self.path.join("."), shape, values });
    }
}

/// Replaces the parameters of a module in field order; shapes were compared before.
pub(super) struct Fill {
    pub(super) values: std::vec::IntoIter<Vec<f32>>,
}

impl ModuleMapper for Fill {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(values) = self.values.next() else { return param };
        let (shape, device) = (param.dims(), param.device());
        let tensor = Tensor::from_data(TensorData::new(values, shape), &device);
        Param::initialized(ParamId::new(), tensor)
    }
}
