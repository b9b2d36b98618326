//! The npm package: both wasm flavours, the compiled TypeScript and the weights, assembled in `pkg/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{npm, output, run};
use crate::site::copy_folder;
use crate::step::step;
use crate::wasm::{Flavour, WasmFiles};
use crate::workspace::Workspace;
use crate::{command, glue, tools, wasm};

/// Builds both wasm flavours and the package into `pkg/dist`.
pub fn build(workspace: &Workspace) -> Result<()> {
    let path = tools::prepare(workspace)?;
    tools::npm_packages(&workspace.pkg())?;
    for flavour in Flavour::ALL {
        wasm::build(workspace, flavour, &path)?;
    }
    assemble(workspace)
}

/// Puts the package together in `pkg/dist`, with the wasm that was built last.
pub fn assemble(workspace: &Workspace) -> Result<()> {
    tools::npm_packages(&workspace.pkg())?;
    step("TypeScript and files of the package", || {
        let (pkg, dist) = (workspace.pkg(), workspace.dist());
        if dist.is_dir() {
            fs::remove_dir_all(&dist)?;
        }
        run(&mut command::node(&pkg, "xtask/version.mjs"))?;
        run(&mut command::node(&pkg, "xtask/inline.mjs"))?;
        for flavour in Flavour::ALL {
            glue::write(&flavour.folder(workspace))?;
        }
        run(command::node(&pkg, "node_modules/typescript/bin/tsc").args(["--project", "."]))?;
        for flavour in Flavour::ALL {
            copy_wasm(&WasmFiles::of(workspace, flavour), &dist.join("wasm").join(flavour.name()))?;
        }
        for name in ["inline-files.js", "inline-files.d.ts"] {
            fs::copy(pkg.join("wasm").join(name), dist.join("wasm").join(name)).context(name)?;
        }
        copy_folder(&pkg.join("weights"), &dist.join("weights"))
    })
}

/// Packs the package as `npm publish` would and installs the tarball into the empty folder `destination`, the way a
/// user gets it; returns where it landed.
pub fn install_packed(workspace: &Workspace, destination: &Path) -> Result<PathBuf> {
    let name = output(npm(&workspace.pkg()).args(["pack", "--silent", "--pack-destination"]).arg(destination))
        .context("npm pack failed")?;
    let tarball = destination.join(name.lines().last().unwrap_or_default());
    fs::write(destination.join("package.json"), "{ \"private\": true, \"type\": \"module\" }\n")?;
    run(npm(destination).args(["install", "--offline", "--no-package-lock"]).arg(&tarball))?;
    Ok(destination.join("node_modules/kr-lpr"))
}

fn copy_wasm(files: &WasmFiles, folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::copy(&files.glue, folder.join("glue.js"))?;
    fs::copy(&files.wasm, folder.join("kr_lpr_bg.wasm"))?;
    Ok(())
}
