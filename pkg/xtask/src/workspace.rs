//! Where things are: the folders every verb works in.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The checkout and its target folder.
pub struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds the checkout from the variable that cargo sets for `cargo run`.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run this through `cargo xtask`")?;
        let root =
            Path::new(&manifest).ancestors().nth(2).context("pkg/xtask has no workspace above it")?.to_path_buf();
        // A relative CARGO_TARGET_DIR is relative to where cargo was started, and so to our current folder.
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => env::current_dir()?.join(folder),
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The repository's root.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The npm package's folder.
    pub fn pkg(&self) -> PathBuf {
        self.root.join("pkg")
    }

    /// What the npm package ships.
    pub fn dist(&self) -> PathBuf {
        self.pkg().join("dist")
    }

    /// A folder of our own below cargo's target folder.
    pub fn target(&self, name: &str) -> PathBuf {
        self.target.join(name)
    }
}
