//! Child processes: cargo, node and npm as this build tool starts them.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// Tests that passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// `cargo`, in the repository's root, without the variables that `cargo run` set for this program: build scripts that
/// watch them would compile again each time.
pub fn cargo(workspace: &Workspace) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), workspace.root());
    forget_own_package(&mut command);
    command
}

/// `node SCRIPT`, in `folder`.
pub fn node(folder: &Path, script: impl AsRef<OsStr>) -> Command {
    let mut command = program("node", folder);
    command.arg(script);
    command
}

/// `npm`, in `folder`, quiet about funding and audits.
pub fn npm(folder: &Path) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" }, folder);
    command.env("NPM_CONFIG_FUND", "false").env("NPM_CONFIG_AUDIT", "false").env("NPM_CONFIG_UPDATE_NOTIFIER", "false");
    command
}

/// Any program, in `folder`.
pub fn program(name: impl AsRef<OsStr>, folder: &Path) -> Command {
    let mut command = Command::new(name);
    command.current_dir(folder).stdin(Stdio::null());
    command
}

/// Removes what `cargo run` told this program about its own package from a child's environment.
pub fn forget_own_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
}

/// Runs to the end, showing its output; anything but success is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    let line = command_line(command);
    println!("    {line}");
    let status = command.status().with_context(|| format!("could not start `{line}`"))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a test runner, showing its output, and counts the tests it reports.
///
/// A run that fails without reporting a failed test (it did not compile, it crashed) is an error.
pub fn run_tests(command: &mut Command) -> Result<Tally> {
    let line = command_line(command);
    println!("    {line}");
    let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| format!("could not start `{line}`"))?;
    let stdout = child.stdout.take().context("the child has no output")?;
    let mut tally = Tally::default();
    for text in BufReader::new(stdout).lines() {
        let text = text?;
        println!("{text}");
        tally += count(&text);
    }
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        bail!("`{line}` ended with {status}");
    }
    if status.success() && tally.passed == 0 {
        bail!("`{line}` ran no test");
    }
    Ok(tally)
}

/// What it prints, trimmed; `None` where it cannot be started or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
}

/// Reads the closing lines of cargo's test harness (`test result: ok. 3 passed; 0 failed; …`) and of Node's test
/// runner (`ℹ pass 3`, `ℹ fail 0`).
fn count(line: &str) -> Tally {
    let words: Vec<&str> = line.split([' ', ';', '.']).filter(|word| !word.is_empty()).collect();
    let number = |word: &str| word.parse().unwrap_or(0);
    match words.as_slice() {
        ["test", "result:", _, passed, "passed", failed, "failed", ..] => {
            Tally { passed: number(passed), failed: number(failed) }
        }
        ["ℹ", "pass", passed] => Tally { passed: number(passed), failed: 0 },
        ["ℹ", "fail", failed] | ["ℹ", "cancelled", failed] => Tally { passed: 0, failed: number(failed) },
        _ => Tally::default(),
    }
}

fn command_line(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    command.get_args().fold(name, |line, argument| format!("{line} {}", argument.to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_counted() {
        let cases = [
            ("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s", 12, 0),
            ("test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out", 3, 2),
            ("ℹ pass 7", 7, 0),
            ("ℹ fail 1", 0, 1),
            ("ℹ cancelled 2", 0, 2),
            ("ℹ tests 8", 0, 0),
            ("test frame::tests::empty ... ok", 0, 0),
        ];
        for (line, passed, failed) in cases {
            assert_eq!(count(line), Tally { passed, failed }, "{line}");
        }
    }

    #[test]
    fn a_command_is_named_without_its_folder() {
        let mut command = Command::new("/usr/bin/node");
        command.args(["--test", "a.js"]);
        assert_eq!(command_line(&command), "node --test a.js");
    }
}
