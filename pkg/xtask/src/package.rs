//! The npm package: its wasm modules, the compiled TypeScript and the weights, assembled in `pkg/dist`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{npm, output, run};
use crate::site::copy_folder;
use crate::step::step;
use crate::wasm::Flavour;
use crate::workspace::Workspace;
use crate::{command, comments, glue, tools, wasm};

/// Builds these flavours, and the package of all that have been built into `pkg/dist`.
pub fn build(workspace: &Workspace, flavours: &[Flavour]) -> Result<()> {
    tools::prepare(workspace)?;
    for &flavour in flavours {
        wasm::build(workspace, flavour)?;
    }
    assemble(workspace)
}

/// Puts the package together in `pkg/dist`, with the wasm that was built last. A flavour that was not built has a script that
/// says so in place of its own.
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
            let folder = flavour.folder(workspace);
            if flavour.is_built(workspace) { glue::write(&folder)? } else { glue::write_absent(&folder)? }
        }
        run(command::node(&pkg, "node_modules/typescript/bin/tsc").args(["--project", "."]))?;
        comments::drop_in(&dist)?;
        for flavour in Flavour::ALL {
            let shipped = dist.join("wasm").join(flavour.name());
            fs::create_dir_all(&shipped)?;
            fs::copy(flavour.folder(workspace).join("glue.js"), shipped.join("glue.js"))?;
            if flavour.is_built(workspace) {
                // Named so that a bundler's output tells the one that is many times as large from the others.
                let name = format!("kr_lpr_{}.wasm", flavour.name());
                fs::copy(flavour.module(workspace), shipped.join(name))?;
            }
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
