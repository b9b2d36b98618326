//! The tools a build needs: found, or installed from their registries.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, npm, output, program, run};
use crate::step::step;
use crate::workspace::Workspace;

/// What Rust calls a browser.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure of Node, the wasm target and the npm packages that a build uses.
pub fn prepare(workspace: &Workspace) -> Result<()> {
    require_node()?;
    wasm_target(workspace)?;
    npm_packages(&workspace.pkg())
}

/// Makes sure of rustfmt and clippy, which a minimal toolchain lacks.
pub fn rust_components(workspace: &Workspace) -> Result<()> {
    for (component, verb) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if output(cargo(workspace).args([verb, "--version"])).is_none() {
            step(component, || run(program("rustup", workspace.root()).args(["component", "add", component])))?;
        }
    }
    Ok(())
}

/// Installs the npm packages that `folder/package-lock.json` names, unless they are there already.
pub fn npm_packages(folder: &Path) -> Result<()> {
    let modified = |path: PathBuf| fs::metadata(path).and_then(|data| data.modified()).ok();
    let wanted = modified(folder.join("package-lock.json")).context("package-lock.json is missing")?;
    // npm writes this file last, so an interrupted installation is not mistaken for a whole one.
    if modified(folder.join("node_modules/.package-lock.json")).is_some_and(|installed| installed >= wanted) {
        return Ok(());
    }
    step("npm packages", || run(npm(folder).arg("ci")))
}

/// The Chromium that drives the browser tests: `CHROMIUM`, or the first known name on PATH.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
        .context(
            "no Chromium on PATH. Install it with `apt-get install chromium` (Debian, Ubuntu), \
         or point the variable CHROMIUM at the program",
        )
}

fn require_node() -> Result<()> {
    let version = output(Command::new("node").arg("--version")).context("Node is missing; install Node 20 or newer")?;
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("Node {version} is too old; install Node 20 or newer");
    }
    Ok(())
}

/// Adds Rust's wasm target unless it is there.
pub fn wasm_target(workspace: &Workspace) -> Result<()> {
    let libraries =
        output(program("rustc", workspace.root()).args(["--print", "target-libdir", "--target", WASM_TARGET]));
    if libraries.is_some_and(|folder| Path::new(&folder).is_dir()) {
        return Ok(());
    }
    step("wasm target", || run(program("rustup", workspace.root()).args(["target", "add", WASM_TARGET])))
}
