//! Which state of this repository is running.

use std::process::Command;

/// Hash of the checked-out commit, with `-dirty` if files outside `pkg/weights` differ from it; `unknown` without git.
///
/// The weights are left out because an export changes them itself.
pub fn commit() -> String {
    let git = |arguments: &[&str]| -> Option<String> {
        let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let Some(hash) = git(&["rev-parse", "HEAD"]) else { return "unknown".to_owned() };
    let changes = git(&["status", "--porcelain", "--", ":/", ":(top,exclude)pkg/weights"]);
    if changes.is_some_and(|changes| changes.is_empty()) { hash } else { hash + "-dirty" }
}
