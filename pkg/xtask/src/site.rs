//! The demo site as it would be deployed: `www/` at the root, the npm package's files under `kr-lpr/`, `precache.js`, the list
//! of files that its service worker keeps, and what the page is to say about WebGPU.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{node, run};
use crate::workspace::Workspace;

/// What a site has of the WebGPU flavour.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum WebGpu {
    Ready,
    /// It comes while the site is served.
    Building,
    Absent,
}

impl WebGpu {
    /// What the files of a package have.
    pub fn of(package: &Path) -> Self {
        if package.join("wasm/webgpu/kr_lpr_webgpu.wasm").is_file() { Self::Ready } else { Self::Absent }
    }

    /// The word for it that `www/engine/webgpu.js` knows.
    fn name(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Building => "building",
            Self::Absent => "absent",
        }
    }
}

/// Assembles the site from `www/` and the package files in `package`; returns its folder.
pub fn assemble(workspace: &Workspace, package: &Path, webgpu: WebGpu) -> Result<PathBuf> {
    let site = workspace.target("site");
    if site.is_dir() {
        fs::remove_dir_all(&site)?;
    }
    copy_folder(&workspace.root().join("www"), &site)?;
    copy_folder(package, &site.join("kr-lpr"))?;
    fs::write(site.join("webgpu-state.js"), format!("export const WEBGPU = '{}';\n", webgpu.name()))?;
    run(node(&workspace.pkg(), "xtask/precache.mjs").arg(&site))?;
    // Last, since pages that wait for it reload then.
    fs::write(site.join("webgpu-state.json"), format!("\"{}\"\n", webgpu.name()))?;
    Ok(site)
}

/// Copies a folder with everything in it.
pub fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).with_context(|| entry.path().display().to_string())?;
        }
    }
    Ok(())
}
