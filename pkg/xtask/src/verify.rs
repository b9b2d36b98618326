//! `cargo xtask test`: everything CI runs, cheapest first, and `cargo xtask bless`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::command::{Tally, cargo, node, run, run_tests};
use crate::server::Server;
use crate::step::step;
use crate::wasm::Flavour;
use crate::workspace::Workspace;
use crate::{package, site, tools, wasm};

/// Runs every check, stops at the first that fails, and closes with one line of counts: each test a runner reports,
/// and each check without tests of its own as one.
pub fn test(workspace: &Workspace) -> Result<()> {
    let mut tally = Tally::default();
    let outcome = checks(workspace, &mut tally);
    if let Err(error) = &outcome {
        eprintln!("\nerror: {error:#}\n");
        tally.failed = tally.failed.max(1);
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    match outcome {
        Ok(()) => Ok(()),
        // The reason stands above the counts, which stay the last line.
        Err(_) => std::process::exit(1),
    }
}

/// Records the golden files again: every test that has one does so where `KR_LPR_BLESS=1`. `narrowed` goes to `cargo test`.
pub fn bless(workspace: &Workspace, narrowed: impl Iterator<Item = String>) -> Result<()> {
    step("recording golden files", || {
        let mut command = cargo(workspace);
        command.args(["test", "--locked", "--workspace", "--no-fail-fast"]).args(narrowed);
        run(command.env("KR_LPR_BLESS", "1"))
    })?;
    println!("Review the changes with `git diff tests/golden`; never bless to hide a failure.");
    Ok(())
}

fn checks(workspace: &Workspace, tally: &mut Tally) -> Result<()> {
    // Known before half an hour of building, not after.
    let chromium = tools::chromium()?;
    tools::rust_components(workspace)?;

    check(tally, "version of the package and its weights", || {
        run(node(&workspace.pkg(), "xtask/version.mjs").arg("--check"))
    })?;
    check(tally, "format", || run(cargo(workspace).args(["fmt", "--all", "--check"])))?;
    check(tally, "pure core alone", || {
        run(cargo(workspace).args(["check", "--locked", "--package", "kr-lpr", "--no-default-features"]))
    })?;
    check(tally, "lints", || {
        let mut command = cargo(workspace);
        run(command.args(["clippy", "--locked", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
    })?;
    check(tally, "lints of the browser's side", || {
        tools::wasm_target(workspace)?;
        let mut command = cargo(workspace);
        // The same profile as the build, so that macros and build scripts are compiled once for both.
        command.args(["clippy", "--locked", "--package", "kr-lpr-cpu", "--target", tools::WASM_TARGET]);
        run(command.args(["--profile", "wasm", "--", "--deny", "warnings"]))
    })?;
    let begun = wasm::begin(workspace, Flavour::WebGpu)?;
    check(tally, "documentation", || {
        let mut command = cargo(workspace);
        run(command.args(["doc", "--locked", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "--deny warnings"))
    })?;
    count(tally, "Rust tests", || {
        run_tests(cargo(workspace).args(["test", "--locked", "--workspace", "--no-fail-fast"]))
    })?;
    check(tally, "package", || package::build(workspace, &Flavour::ALL))?;
    drop(begun);
    checks_of_package(workspace, tally, &chromium, None)
}

/// Puts the package together with the wasm that was built last, and runs the checks of it alone; `file`: one file of tests.
pub fn test_package(workspace: &Workspace, file: Option<&str>) -> Result<()> {
    let mut tally = Tally::default();
    let chromium = tools::chromium()?;
    package::assemble(workspace)?;
    checks_of_package(workspace, &mut tally, &chromium, file)?;
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(())
}

fn checks_of_package(workspace: &Workspace, tally: &mut Tally, chromium: &Path, file: Option<&str>) -> Result<()> {
    if file.is_none() {
        check(tally, "package lint", || {
            run(node(&workspace.pkg(), "node_modules/publint/src/cli.js").args(["--strict", "--pack", "npm"]))
        })?;
        check(tally, "size budget", || run(&mut node(&workspace.pkg(), "xtask/sizes.mjs")))?;
    }
    count(tally, "tests of the installed package", || tests_of_installed(workspace, chromium, file))
}

/// The folders of tests of the installed package. Next.js has packages of its own, a third of a gigabyte.
const TESTS: [&str; 4] = ["tests/consumers", "tests/consumers/next", "tests/onnx", "tests/browser"];

/// Installs the packed tarball in an empty folder, serves the demo site with exactly those files, and runs [`TESTS`]
/// against both.
fn tests_of_installed(workspace: &Workspace, chromium: &Path, file: Option<&str>) -> Result<Tally> {
    let folder = EmptyFolder::create()?;
    let installed = package::install_packed(workspace, &folder.0)?;
    let dist = installed.join("dist");
    let site = site::assemble(workspace, &dist, site::WebGpu::of(&dist))?;
    let server = Server::start(workspace, &site, &[])?;
    let mut tally = Tally::default();
    for tests in TESTS.map(|tests| workspace.root().join(tests)) {
        let mut files: Vec<PathBuf> =
            fs::read_dir(&tests)?.filter_map(|entry| entry.ok().map(|entry| entry.path())).collect();
        files.retain(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            name.ends_with(".test.mjs") && file.is_none_or(|file| name == format!("{file}.test.mjs"))
        });
        if files.is_empty() {
            continue;
        }
        files.sort();
        tools::npm_packages(&tests)?;
        let mut command = node(&tests, "--test");
        // One file at a time: two browsers at once on two cores would measure each other.
        command.args(["--test-reporter=spec", "--test-concurrency=1"]).args(files);
        command.env("CHROMIUM", chromium).env("KR_LPR_PACKAGE", &installed).env("KR_LPR_SITE", &site);
        command.env("KR_LPR_URL", server.url()).env("KR_LPR_CASES", workspace.target("plate-cases.json"));
        command.env("KR_LPR_ONNX", workspace.target("onnx"));
        tally += run_tests(&mut command)?;
    }
    if tally == Tally::default() {
        bail!("there is no file of tests called {}", file.unwrap_or_default());
    }
    Ok(tally)
}

fn check(tally: &mut Tally, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    count(tally, name, || work().map(|()| Tally { passed: 1, failed: 0 }))
}

fn count(tally: &mut Tally, name: &str, work: impl FnOnce() -> Result<Tally>) -> Result<()> {
    let counted = step(name, work)?;
    *tally += counted;
    if counted.failed > 0 {
        bail!("{name}: {} failed", counted.failed);
    }
    Ok(())
}

/// A folder outside the checkout, where Node finds no packages but those installed there; removed at the end.
struct EmptyFolder(PathBuf);

impl EmptyFolder {
    fn create() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("kr-lpr-package-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        Ok(Self(folder))
    }
}

impl Drop for EmptyFolder {
    fn drop(&mut self) {
        // What cannot be removed is the temporary folder's own business.
        let _ = fs::remove_dir_all(&self.0);
    }
}
