//! The script of a wasm flavour: what wasm-bindgen generates, made a function that starts a fresh instance each time.
//!
//! wasm-bindgen keeps its one instance in a variable of the module, so a thread whose instance trapped could never have
//! another. Within a function each call has variables of its own, and is handed the globals by which a trap is noticed.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::comments;

/// Who calls it and why: `pkg/src/guard.ts`.
const TYPES: &str = "\
export function instantiate(
  globals: Pick<typeof globalThis, 'queueMicrotask' | 'FinalizationRegistry'>,
): typeof import('./kr_lpr.js');
";

/// The script of a flavour that was not built, and its types, which are those of the other one.
const ABSENT: &str = "\
export function instantiate() {
  throw new Error('this build of the package does not have it');
}
";

/// The last line that wasm-bindgen writes.
const INIT: &str = "{ initSync, __wbg_init as default };";

/// Writes `glue.js` and its types beside the `kr_lpr.js` of `folder`.
pub fn write(folder: &Path) -> Result<()> {
    let generated = folder.join("kr_lpr.js");
    let code = fs::read_to_string(&generated).with_context(|| generated.display().to_string())?;
    fs::write(folder.join("glue.js"), as_function(&comments::without(&code))?)?;
    fs::write(folder.join("glue.d.ts"), TYPES)?;
    Ok(())
}

/// Writes into `folder` what stands for a flavour that was not built.
pub fn write_absent(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("glue.js"), ABSENT)?;
    fs::write(folder.join("glue.d.ts"), TYPES.replace("./kr_lpr.js", "../cpu/kr_lpr.js"))?;
    Ok(())
}

fn as_function(code: &str) -> Result<String> {
    let mut body = String::from("export function instantiate({ queueMicrotask, FinalizationRegistry }) {\n");
    let mut names = String::new();
    for line in code.lines() {
        let declaration = match line.strip_prefix("export ") {
            Some(INIT) => continue,
            Some(declaration) => declaration,
            None if line.starts_with("import ") => bail!("generated code with imports of its own: {line}"),
            None => {
                body.extend([line, "\n"]);
                continue;
            }
        };
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let name = declaration.split(|c| !is_name(c)).nth(1).unwrap_or_default();
        if !declaration.starts_with("class ") && !declaration.starts_with("function ") {
            bail!("generated code with an export that is no class and no function: {line}");
        }
        names.extend([name, ", "]);
        body.extend([declaration, "\n"]);
    }
    body.extend(["return { ", &names, "default: __wbg_init };\n}\n"]);
    Ok(body)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn exports_become_what_the_function_returns() {
        let code = "export class Reader {\n}\nexport function openDevice() {\n}\nlet wasm;\nexport { initSync, __wbg_init as default };\n";
        let function = "export function instantiate({ queueMicrotask, FinalizationRegistry }) {\nclass Reader {\n}\n\
                        function openDevice() {\n}\nlet wasm;\nreturn { Reader, openDevice, default: __wbg_init };\n}\n";
        assert_eq!(as_function(code).unwrap(), function);
    }

    #[test]
    fn code_that_a_function_cannot_hold_is_refused() {
        assert!(as_function("import { a } from './snippets/a.js';\n").is_err());
        assert!(as_function("export const a = 1;\n").is_err());
    }
}
