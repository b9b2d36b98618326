//! The tools a build needs, found on PATH in the right version or installed below the target folder.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, npm, output, program, run};
use crate::step::step;
use crate::workspace::Workspace;

/// The wasm-pack whose options `wasm.rs` uses.
const WASM_PACK: &str = "0.15.1";

/// What Rust calls a browser.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure of Node, the wasm target, wasm-pack and the wasm-bindgen CLI; returns the PATH to build wasm with.
pub fn prepare(workspace: &Workspace) -> Result<OsString> {
    require_node()?;
    wasm_target(workspace)?;
    let lock = fs::read_to_string(workspace.root().join("Cargo.lock")).context("Cargo.lock")?;
    let wasm_bindgen = locked_version(&lock, "wasm-bindgen").context("Cargo.lock has no wasm-bindgen")?;
    cargo_tool(workspace, "wasm-pack", "wasm-pack", WASM_PACK)?;
    cargo_tool(workspace, "wasm-bindgen", "wasm-bindgen-cli", wasm_bindgen)?;
    search_path(workspace)
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

/// Installs `binary` from `package` of exactly `version` unless PATH or the target folder has it.
fn cargo_tool(workspace: &Workspace, binary: &str, package: &str, version: &str) -> Result<()> {
    let path = search_path(workspace)?;
    let found = output(Command::new(binary).env("PATH", path).arg("--version"));
    if found.as_deref().and_then(|text| text.split_whitespace().nth(1)) == Some(version) {
        return Ok(());
    }
    let title = format!("{package} {version} (once; a few minutes)");
    step(&title, || {
        let install = |locked: &[&str]| {
            let mut command = cargo(workspace);
            command.args(["install", "--quiet", package, "--version", &format!("={version}")]).args(locked);
            // Nobody waits for these tools long enough to repay optimising them as hard as a release.
            command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "2").env("CARGO_PROFILE_RELEASE_LTO", "off");
            command.env_remove("CARGO_TARGET_DIR").arg("--root").arg(tools_folder(workspace));
            run(&mut command)
        };
        install(&["--locked"]).or_else(|error| {
            // A registry mirror may lack the newest patch release that the tool's own lock file names.
            println!("    {error:#}; trying with compatible versions of its dependencies");
            install(&[])
        })
    })
}

fn tools_folder(workspace: &Workspace) -> PathBuf {
    workspace.target("tools")
}

fn search_path(workspace: &Workspace) -> Result<OsString> {
    let own = tools_folder(workspace).join("bin");
    let system = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths([own].into_iter().chain(env::split_paths(&system)))?)
}

/// The version of `package` in the text of a Cargo.lock.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")))?;
    entry.lines().find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn locked_versions_are_found_by_whole_name() {
        let lock = "version = 4\n\n[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.80\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\nsource = \"registry\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm-bindgen-futures"), Some("0.4.80"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
