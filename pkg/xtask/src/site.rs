//! The demo site as it would be deployed: `www/` at the root, the npm package's files under `kr-lpr/`, and `precache.js`,
//! the list of files that its service worker keeps.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::command::{node, run};
use crate::workspace::Workspace;

/// Assembles the site from `www/` and the package files in `package`; returns its folder.
pub fn assemble(workspace: &Workspace, package: &Path) -> Result<PathBuf> {
    let site = workspace.target("site");
    if site.is_dir() {
        fs::remove_dir_all(&site)?;
    }
    copy_folder(&workspace.root().join("www"), &site)?;
    copy_folder(package, &site.join("kr-lpr"))?;
    run(node(&workspace.pkg(), "xtask/precache.mjs").arg(&site))?;
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
