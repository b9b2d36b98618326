//! The package's wasm modules, two flavours of the library and the decoder of files: cargo compiles them, wasm-bindgen writes their scripts, binaryen's wasm-opt strips them.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command::{cargo, node, run};
use crate::prune::prune;
use crate::step::step;
use crate::tools::WASM_TARGET;
use crate::workspace::Workspace;

/// A wasm module of the package, named like its crate, its crate's folder and its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flavour {
    /// The library on the CPU.
    Cpu,
    /// The library on WebGPU.
    WebGpu,
    /// What Node decodes files with.
    Decode,
}

impl Flavour {
    /// The one that every page loads first.
    pub const ALL: [Self; 3] = [Self::Cpu, Self::Decode, Self::WebGpu];

    /// Name of the crate without its prefix, and of the folders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
            Self::Decode => "decode",
        }
    }

    /// Where its files are made.
    pub fn folder(self, workspace: &Workspace) -> PathBuf {
        workspace.pkg().join("wasm").join(self.name())
    }

    /// The module, ready to ship, once it has been made.
    pub fn module(self, workspace: &Workspace) -> PathBuf {
        self.folder(workspace).join("kr_lpr_stripped.wasm")
    }

    /// Its module is there.
    pub fn is_built(self, workspace: &Workspace) -> bool {
        self.module(workspace).is_file()
    }
}

/// Compiles one flavour into `pkg/wasm/<flavour>`: `kr_lpr.js`, its types, and [`Flavour::module`].
pub fn build(workspace: &Workspace, flavour: Flavour) -> Result<()> {
    let name = flavour.name();
    step(&format!("wasm, {name}"), || {
        run(&mut compile(workspace, flavour))?;
        let linked = workspace.target(WASM_TARGET).join(format!("wasm/kr_lpr_{name}.wasm"));

        let folder = flavour.folder(workspace);
        let mut bindings = Bindgen::new();
        // The package says where its wasm is: an address in the generated code as well would have bundlers ship it twice, or
        // where it is never fetched.
        bindings.web(true)?.typescript(true).omit_default_module_path(true);
        bindings.input_path(&linked).out_name("kr_lpr");
        let mut output = bindings.generate_output().context("wasm-bindgen")?;
        if flavour == Flavour::WebGpu {
            prune(output.wasm_mut())?;
        }
        output.emit(&folder)?;
        strip(workspace, &folder.join("kr_lpr_bg.wasm"), &flavour.module(workspace))
    })
}

fn compile(workspace: &Workspace, flavour: Flavour) -> Command {
    let mut command = cargo(workspace);
    command.args(["build", "--locked", "--lib", "--package", &format!("kr-lpr-{}", flavour.name())]);
    command.args(["--target", WASM_TARGET, "--profile", "wasm"]);
    command
}

/// A flavour that is compiled while other work is done; [`build`] waits for it, and says what is wrong with it.
pub struct Begun(Child);

/// Begins to compile a flavour. Linking one takes minutes on a single core.
pub fn begin(workspace: &Workspace, flavour: Flavour) -> Result<Begun> {
    let mut command = compile(workspace, flavour);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    Ok(Begun(command.spawn().context("could not start cargo")?))
}

impl Drop for Begun {
    fn drop(&mut self) {
        // It has ended in any case but where other work failed.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Removes the module of a flavour, so that no package has one that older sources made.
pub fn remove(workspace: &Workspace, flavour: Flavour) -> Result<()> {
    match fs::remove_file(flavour.module(workspace)) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
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
