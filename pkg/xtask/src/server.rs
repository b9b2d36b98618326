//! A folder served to this machine's own browsers, by `serve.mjs`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::{Context, Result};

use crate::command::node;
use crate::workspace::Workspace;

/// A server in a process of its own, which ends when this is dropped.
pub struct Server {
    process: Child,
    url: String,
}

impl Server {
    /// Serves `folder` with the `options` of `serve.mjs`, whose packages are those of `pkg`.
    pub fn start(workspace: &Workspace, folder: &Path, options: &[&str]) -> Result<Self> {
        let mut command = node(&workspace.pkg(), "xtask/serve.mjs");
        command.arg(folder).args(options).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().context("node xtask/serve.mjs")?;
        let stdout = process.stdout.take().context("the server has no output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url)?;
        let server = Self { process, url: url.trim().to_string() };
        anyhow::ensure!(server.url.starts_with("http"), "{} could not be served", folder.display());
        Ok(server)
    }

    /// The address to open.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Serves until the process is ended from outside.
    pub fn wait(mut self) -> Result<()> {
        // Waiting closes the process's input first, which would end it.
        let _input = self.process.stdin.take();
        let status = self.process.wait()?;
        anyhow::bail!("the server ended with {status}")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It ends with its input in any case.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
