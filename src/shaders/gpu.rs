//! burn-wgpu's device, and programs on it.

use std::sync::{Arc, Mutex, PoisonError};

use burn_wgpu::{
    KernelSource, RuntimeOptions, SourceKernel, SourceTemplate, WgpuDevice, graphics, try_init_setup_async,
};
use cubecl::client::Client;
use cubecl::prelude::{CubeCount, CubeDim, KernelId};
use cubecl::server::{Handle, KernelArguments, KernelResource, MetadataBindingInfo};

use super::program::{LANES, PICTURE_HEADER, PICTURES, Program, Shader};

/// A GPU.
#[derive(Clone)]
pub struct Gpu(Client);

/// Why a GPU did not do what was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct GpuError(String);

/// A picture of one channel: luma, and how bright it is.
pub struct Picture<'a> {
    /// Row by row; as many bytes as the program's pictures have.
    pub luma: &'a [u8],
    /// What is taken from each byte.
    pub mean: f32,
    /// What the difference is multiplied by.
    pub scale: f32,
}

impl Gpu {
    /// Opens the GPU, or whatever wgpu finds. It can be opened once: clone it.
    ///
    /// # Errors
    /// Where there is none, or it was opened before.
    pub async fn open() -> Result<Gpu, GpuError> {
        let device = WgpuDevice::default();
        let options = RuntimeOptions::try_default().map_err(|error| GpuError(error.to_string()))?;
        // A picture's dispatches go in one submission.
        let options = RuntimeOptions { tasks_max: TASKS, ..options };
        let setup = try_init_setup_async::<graphics::AutoGraphicsApi>(&device, options).await;
        setup.map_err(|error| GpuError(error.to_string()))?;
        Ok(Gpu(cubecl::Device::Wgpu(device).client()))
    }
}

/// Dispatches that are submitted together at most: more than a network has.
const TASKS: usize = 64;

/// A network on a GPU.
pub struct Network {
    gpu: Gpu,
    /// Those of each dispatch.
    constants: Vec<Handle>,
    /// How it is computed for pictures of a size: the shaders are the same.
    program: Box<dyn Fn([usize; 2]) -> Program + Send + Sync>,
    /// Programs that were made.
    programs: Mutex<Vec<([usize; 2], Arc<Program>)>>,
}

impl Network {
    /// A network whose `program` for pictures of some rows and columns has the same shaders and constants for all.
    pub fn new(
        gpu: &Gpu,
        size: [usize; 2],
        program: impl Fn([usize; 2]) -> Program + Send + Sync + 'static,
    ) -> Network {
        let first = program(size);
        let constants = first
            .dispatches()
            .iter()
            .map(|dispatch| gpu.0.create_from_slice(bytemuck::cast_slice(&dispatch.constants)));
        let constants = constants.collect();
        Network {
            gpu: gpu.clone(),
            constants,
            program: Box::new(program),
            programs: Mutex::new(vec![(size, Arc::new(first))]),
        }
    }

    fn program(&self, size: [usize; 2]) -> Arc<Program> {
        // A panic elsewhere leaves whole programs.
        let mut programs = self.programs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, program)) = programs.iter().find(|(of, _)| *of == size) {
            return program.clone();
        }
        let program = Arc::new((self.program)(size));
        programs.push((size, program.clone()));
        program
    }

    /// What the network answers to pictures of `size` rows and columns, one after another: one submission, one read-back.
    ///
    /// # Errors
    /// When the device fails.
    pub async fn answers(&self, size: [usize; 2], pictures: &[Picture<'_>]) -> Result<Vec<f32>, GpuError> {
        let program = self.program(size);
        let output = self.run(&program, pictures);
        let bytes = self.gpu.0.read_async(vec![output]).await.map_err(|error| GpuError(error.to_string()))?;
        // The runtime does not say how its bytes are aligned.
        Ok(bytes.iter().flat_map(|bytes| bytes.as_chunks::<4>().0).map(|&bytes| f32::from_le_bytes(bytes)).collect())
    }

    fn run(&self, program: &Program, pictures: &[Picture<'_>]) -> Handle {
        let client = &self.gpu.0;
        let [of_pictures, others @ ..] = program.lengths() else { unreachable!("a program has pictures") };
        let mut words: Vec<u8> = Vec::with_capacity(4 * of_pictures * pictures.len());
        for Picture { luma, mean, scale } in pictures {
            assert_eq!(luma.len(), 4 * (of_pictures - PICTURE_HEADER), "bytes of a picture");
            words.extend(mean.to_le_bytes());
            words.extend(scale.to_le_bytes());
            words.extend(*luma);
        }
        let mut buffers = vec![client.create_from_slice(&words)];
        buffers.extend(others.iter().map(|length| client.empty(4 * length * pictures.len())));
        debug_assert_eq!(program.index(PICTURES), 0);
        for (dispatch, constants) in program.dispatches().iter().zip(&self.constants) {
            let bound = dispatch.buffers.iter().map(|&buffer| &buffers[program.index(buffer)]);
            let resource = |handle: &Handle| KernelResource::Buffer(handle.clone().binding());
            let arguments = KernelArguments {
                resources: std::iter::once(constants).chain(bound).map(resource).collect(),
                info: MetadataBindingInfo::custom(vec![words_of(dispatch.info)]),
                ..KernelArguments::default()
            };
            let count = CubeCount::Static(dispatch.workgroups as u32, pictures.len() as u32, 1);
            let kernel = SourceKernel::new(Wgsl(dispatch.shader.clone()), CubeDim::new_1d(LANES as u32));
            client.launch(Box::new(kernel), count, arguments);
        }
        let Some(output) = buffers.pop() else { unreachable!("a program has buffers") };
        output
    }
}

/// Two words of a shader's `info`.
fn words_of([rows, columns]: [usize; 2]) -> u64 {
    rows as u64 | (columns as u64) << 32
}

/// A shader as CubeCL takes it.
struct Wgsl(Shader);

impl KernelSource for Wgsl {
    fn source(&self) -> SourceTemplate {
        SourceTemplate::new(self.0.source.as_str())
    }

    fn id(&self) -> KernelId {
        KernelId::new::<Wgsl>().info(self.0.fingerprint)
    }

    fn lang(&self) -> &'static str {
        "wgsl"
    }
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Network")
    }
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gpu")
    }
}
