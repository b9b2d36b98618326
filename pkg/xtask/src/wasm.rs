//! The two wasm flavours: wasm-pack compiles them, binaryen's wasm-opt strips them.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::command::{forget_own_package, node, program, run};
use crate::prune::prune;
use crate::step::step;
use crate::workspace::Workspace;

/// A wasm build of the library, named like its cargo feature, its crate's folder and its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flavour {
    Cpu,
    WebGpu,
}

impl Flavour {
    /// The small one, which every user loads, first.
    pub const ALL: [Self; 2] = [Self::Cpu, Self::WebGpu];

    /// Name of the cargo feature and of the folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }

    /// Where its files are made.
    pub fn folder(self, workspace: &Workspace) -> PathBuf {
        workspace.pkg().join("wasm").join(self.name())
    }
}

/// One flavour, ready to ship.
pub struct WasmFiles {
    /// See [`crate::glue`].
    pub glue: PathBuf,
    pub wasm: PathBuf,
}

impl WasmFiles {
    /// Where they are once they have been made.
    pub fn of(workspace: &Workspace, flavour: Flavour) -> Self {
        let folder = flavour.folder(workspace);
        Self { glue: folder.join("glue.js"), wasm: folder.join("kr_lpr_stripped.wasm") }
    }
}

/// Compiles one flavour into `pkg/wasm/<flavour>`; `path` is a PATH that has wasm-pack and wasm-bindgen.
pub fn build(workspace: &Workspace, flavour: Flavour, path: &OsStr) -> Result<()> {
    let name = flavour.name();
    let folder = flavour.folder(workspace);
    step(&format!("wasm, {name} flavour"), || {
        let mut command = program("wasm-pack", workspace.root());
        forget_own_package(&mut command);
        command.env("PATH", path).arg("build").arg(format!("pkg/wasm-crate/{name}"));
        command.args(["--target", "web", "--mode", "no-install", "--no-pack", "--no-opt", "--out-name", "kr_lpr"]);
        command.args(["--profile", "wasm", "--out-dir"]).arg(&folder).args(["--", "--locked"]);
        run(&mut command)?;
        let linked = folder.join("kr_lpr_bg.wasm");
        let stripped = WasmFiles::of(workspace, flavour).wasm;
        match flavour {
            Flavour::Cpu => strip(workspace, &linked, &stripped),
            Flavour::WebGpu => {
                let pruned = folder.join("kr_lpr_pruned.wasm");
                fs::write(&pruned, prune(&fs::read(&linked)?)?)?;
                strip(workspace, &pruned, &stripped)
            }
        }
    })
}

/// Drops function names and the like, which take a tenth of the download and only a debugger reads, and what nothing refers
/// to.
///
/// No `-O`: after rustc's whole-program optimisation it gains no speed, makes the file smaller but its brotli form 8 %
/// larger (`-O4`, CPU flavour: 385 to 417 KB), and takes minutes.
fn strip(workspace: &Workspace, from: &Path, to: &Path) -> Result<()> {
    let mut command = node(&workspace.pkg(), "node_modules/binaryen/bin/wasm-opt");
    command.arg(from).arg("-o").arg(to).args(["--strip-debug", "--strip-producers", "--remove-unused-module-elements"]);
    run(command.args(FEATURES.map(|feature| format!("--enable-{feature}"))))
}

/// What rustc enables for wasm32, and simd from `.cargo/config.toml`.
const FEATURES: [&str; 7] =
    ["simd", "bulk-memory", "mutable-globals", "multivalue", "nontrapping-float-to-int", "reference-types", "sign-ext"];
