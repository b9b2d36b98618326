//! Builds, tests, serves and measures kr-lpr.
//!
//! Every verb says what it is doing while it works. Whatever it needs beyond Rust and Node it installs from the package
//! registries into the target folder; only a missing Chromium is left to the user, and named with its install line.

mod bench;
mod command;
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

use workspace::Workspace;

const USAGE: &str = "\
usage: cargo xtask <verb>

  demo    build everything and serve the demo page on http://localhost:8000
  test    formatting, lints, Rust tests, package build, types, size budget, browser tests; what CI runs
  browser the package with the wasm that was built last, and the tests of it; `browser NAME` runs one file of them
  build   compile both wasm flavours and assemble the npm package in pkg/dist
  bench   latency and download size of both flavours and of onnxruntime-web, as a Markdown table
  bless   record the golden files again; review them in the diff";

fn main() -> ExitCode {
    let verb = std::env::args().nth(1).unwrap_or_default();
    let outcome = match verb.as_str() {
        "demo" => Workspace::find().and_then(|workspace| demo(&workspace)),
        "test" => Workspace::find().and_then(|workspace| verify::test(&workspace)),
        "browser" => {
            let file = std::env::args().nth(2);
            Workspace::find().and_then(|workspace| verify::test_package(&workspace, file.as_deref()))
        }
        "build" => Workspace::find().and_then(|workspace| package::build(&workspace)),
        "bench" => Workspace::find().and_then(|workspace| bench::bench(&workspace)),
        "bless" => Workspace::find().and_then(|workspace| verify::bless(&workspace)),
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

/// Builds what would be deployed and serves exactly that.
fn demo(workspace: &Workspace) -> anyhow::Result<()> {
    package::build(workspace)?;
    let site = site::assemble(workspace, &workspace.dist())?;
    let server = server::Server::bind(&site, 8000..=8099)?;
    println!("\nServing http://localhost:{}   (Ctrl+C ends it)", server.port());
    server.serve()
}
