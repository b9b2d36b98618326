//! Builds, tests, serves and measures kr-lpr.
//!
//! Every verb says what it is doing while it works. Whatever it needs beyond Rust and Node it installs from the package
//! registries into the target folder; only a missing Chromium is left to the user, and named with its install line.

mod bench;
mod command;
mod comments;
mod glue;
mod package;
mod prune;
mod server;
mod site;
mod step;
mod tools;
mod verify;
mod wasm;
mod workspace;

use std::process::ExitCode;

use server::Server;
use site::WebGpu;
use wasm::Flavour;
use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <verb>

  demo    serve the demo page on http://localhost:8000 as soon as the CPU flavour is built, and build the WebGPU flavour behind it
  test    formatting, lints, Rust tests, package build, types, size budget, browser tests; what CI runs
  browser the package with the wasm that was built last, and the tests of it; `browser NAME` runs one file of them
  build   compile the wasm modules and assemble the npm package in pkg/dist; `build --cpu` leaves WebGPU out
  bench   latency and download size of both flavours and of onnxruntime-web, as a Markdown table; `bench --check` leaves WebGPU
          out, and fails where the recognizer takes more than half of the time that onnxruntime-web takes for it
  bless   run the Rust tests with golden files recorded again; review them in the diff. What follows, such as
          `--test golden`, is handed to cargo test";

fn main() -> ExitCode {
    let verb = std::env::args().nth(1).unwrap_or_default();
    let outcome = match verb.as_str() {
        "demo" => Workspace::find().and_then(|workspace| demo(&workspace)),
        "test" => Workspace::find().and_then(|workspace| verify::test(&workspace)),
        "browser" => {
            let file = std::env::args().nth(2);
            Workspace::find().and_then(|workspace| verify::test_package(&workspace, file.as_deref()))
        }
        "build" => Workspace::find().and_then(|workspace| build(&workspace)),
        "bench" => Workspace::find().and_then(|workspace| bench(&workspace)),
        "bless" => Workspace::find().and_then(|workspace| verify::bless(&workspace, std::env::args().skip(2))),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Serves what would be deployed, first without the WebGPU flavour, which takes many times as long to build.
fn demo(workspace: &Workspace) -> anyhow::Result<()> {
    wasm::remove(workspace, Flavour::WebGpu)?;
    package::build(workspace, &[Flavour::Cpu])?;
    let site = site::assemble(workspace, &workspace.dist(), WebGpu::Building)?;
    let server = Server::start(workspace, &site, &["--port", "8000"])?;
    println!("\nServing {}   (Ctrl+C ends it). The page offers WebGPU once that is built.\n", server.url());
    let state = match package::build(workspace, &[Flavour::WebGpu]) {
        Ok(()) => WebGpu::Ready,
        Err(error) => {
            eprintln!("error: {error:#}");
            WebGpu::Absent
        }
    };
    site::assemble(workspace, &workspace.dist(), state)?;
    println!(
        "\nServing {}, WebGPU {}   (Ctrl+C ends it)",
        server.url(),
        if state == WebGpu::Ready { "included" } else { "left out" }
    );
    server.wait()
}

fn bench(workspace: &Workspace) -> anyhow::Result<()> {
    match std::env::args().nth(2).as_deref() {
        None => bench::bench(workspace, false),
        Some("--check") => bench::bench(workspace, true),
        Some(other) => anyhow::bail!("bench takes --check or nothing, not {other}"),
    }
}

fn build(workspace: &Workspace) -> anyhow::Result<()> {
    match std::env::args().nth(2).as_deref() {
        None => package::build(workspace, &Flavour::ALL),
        Some("--cpu") => {
            wasm::remove(workspace, Flavour::WebGpu)?;
            package::build(workspace, &[Flavour::Cpu, Flavour::Decode])
        }
        Some(other) => anyhow::bail!("build takes --cpu or nothing, not {other}"),
    }
}
