//! `cargo xtask bench`: latency and download size, natively, in the browser and beside onnxruntime-web, in one run.

use std::fs;

use anyhow::{Context, Result};

use crate::command::{cargo, node, run};
use crate::server::Server;
use crate::site::copy_folder;
use crate::step::step;
use crate::wasm::Flavour;
use crate::workspace::Workspace;
use crate::{package, tools, wasm};

/// The picture that every contender reads: a plate that is sure at the first look.
const PICTURE: &str = "www/samples/private-film.jpg";

/// Builds, measures and prints the Markdown tables of `training/docs/speed.md`. `check`: without WebGPU, and it is an error where
/// the recognizer takes more than half of the time that onnxruntime-web takes for it, or finding plates more than the detector there.
pub fn bench(workspace: &Workspace, check: bool) -> Result<()> {
    let chromium = tools::chromium()?;
    if check {
        wasm::remove(workspace, Flavour::WebGpu)?;
        package::build(workspace, &[Flavour::Cpu, Flavour::Decode])?;
    } else {
        package::build(workspace, &Flavour::ALL)?;
    }
    let scripts = workspace.pkg().join("xtask/bench");
    tools::npm_packages(&scripts)?;

    let folder = workspace.target("bench");
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("ort"))?;
    for file in ["bench.html", "page.js"] {
        fs::copy(scripts.join(file), folder.join(file))?;
    }
    for file in ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort-wasm-simd-threaded.wasm"] {
        let from = scripts.join("node_modules/onnxruntime-web/dist").join(file);
        fs::copy(&from, folder.join("ort").join(file)).with_context(|| from.display().to_string())?;
    }
    fs::copy(workspace.root().join(PICTURE), folder.join("plate.jpg")).context(PICTURE)?;
    copy_folder(&workspace.dist(), &folder.join("kr-lpr"))?;

    let native = folder.join("native.json");
    step("native latency and the files of the page", || {
        let mut command = cargo(workspace);
        command.args([
            "run",
            "--locked",
            "--release",
            "--package",
            "kr-lpr-training",
            "--",
            "bench",
            "--image",
            PICTURE,
        ]);
        run(command.arg("--json").arg(&native).arg("--files").arg(&folder))
    })?;
    step("latency in the browser", || {
        let mut command = node(&scripts, "bench.mjs");
        command.env("CHROMIUM", chromium).env("KR_LPR_BENCH", &folder).env("KR_LPR_NATIVE", &native);
        if check {
            command.env("KR_LPR_CHECK", "1");
        }
        let server = Server::start(workspace, &folder, &["--isolated"])?;
        run(command.env("KR_LPR_URL", server.url()))
    })
}
