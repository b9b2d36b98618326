//! The two wasm flavours: wasm-pack compiles them, binaryen's wasm-opt shrinks them.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{forget_own_package, node, program, run};
use crate::step::step;
use crate::workspace::Workspace;

/// A wasm build of the library, named like its cargo feature and its folder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flavour {
    Cpu,
    WebGpu,
}

impl Flavour {
    /// The small one, which every user loads, first.
    pub const ALL: [Self; 2] = [Self::Cpu, Self::WebGpu];

    /// Cargo feature and folder name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// `-O4` spends its time on speed where the network runs in this very code; with WebGPU the shaders do the work
    /// and only the download counts.
    fn optimisation(self) -> &'static str {
        match self {
            Self::Cpu => "-O4",
            Self::WebGpu => "-Oz",
        }
    }
}

/// What wasm-pack leaves for one flavour, the wasm file optimised.
pub struct WasmFiles {
    /// wasm-bindgen's module and its types.
    pub glue: [PathBuf; 2],
    pub wasm: PathBuf,
}

/// Compiles one flavour into `pkg/wasm/<flavour>`; `path` is a PATH that has wasm-pack and wasm-bindgen.
pub fn build(workspace: &Workspace, flavour: Flavour, path: &OsStr) -> Result<WasmFiles> {
    let name = flavour.name();
    let folder = workspace.pkg().join("wasm").join(name);
    step(&format!("wasm, {name} flavour"), || {
        let mut command = program("wasm-pack", workspace.root());
        forget_own_package(&mut command);
        command.env("PATH", path).args(["build", "pkg/wasm-crate", "--target", "web", "--mode", "no-install"]);
        command.args(["--no-pack", "--no-opt", "--out-name", "kr_lpr", "--profile", "wasm", "--out-dir"]).arg(&folder);
        run(command.args(["--", "--locked", "--no-default-features", "--features", name]))
    })?;
    let raw = folder.join("kr_lpr_bg.wasm");
    let wasm = optimise(workspace, flavour, &raw)?;
    Ok(WasmFiles { glue: [folder.join("kr_lpr.js"), folder.join("kr_lpr.d.ts")], wasm })
}

/// Runs wasm-opt unless it has already seen this very input; the answer is kept under the input's hash.
fn optimise(workspace: &Workspace, flavour: Flavour, raw: &Path) -> Result<PathBuf> {
    let cache = workspace.target("wasm-opt").join(flavour.name());
    let level = flavour.optimisation();
    let mut hasher = DefaultHasher::new();
    (fs::read(raw).with_context(|| raw.display().to_string())?, level).hash(&mut hasher);
    let optimised = cache.join(format!("{:016x}.wasm", hasher.finish()));
    if optimised.is_file() {
        return Ok(optimised);
    }
    // One file a flavour is worth keeping.
    if cache.is_dir() {
        fs::remove_dir_all(&cache)?;
    }
    fs::create_dir_all(&cache)?;
    let unfinished = cache.join("unfinished.wasm");
    step(&format!("wasm-opt, {} flavour", flavour.name()), || {
        let mut command = node(&workspace.pkg(), "node_modules/binaryen/bin/wasm-opt");
        command.arg(raw).arg("-o").arg(&unfinished).args([level, "--strip-debug", "--strip-producers"]);
        // What rustc enables for wasm32 today, and simd128 from .cargo/config.toml.
        for feature in FEATURES {
            command.arg(format!("--enable-{feature}"));
        }
        run(&mut command)
    })?;
    fs::rename(&unfinished, &optimised)?;
    Ok(optimised)
}

const FEATURES: [&str; 7] =
    ["simd", "bulk-memory", "mutable-globals", "multivalue", "nontrapping-float-to-int", "reference-types", "sign-ext"];
