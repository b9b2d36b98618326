//! Scripts without their comments: what they say stands in the types, where editors look for it, and scripts are downloaded.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Takes them out of every script of a folder and of the folders in it.
pub fn drop_in(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() {
            drop_in(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "js") {
            fs::write(&path, without(&fs::read_to_string(&path)?))?;
        }
    }
    Ok(())
}

/// The lines that are more than a comment. Those within a line, such as `/* @__PURE__ */`, are for bundlers.
pub fn without(code: &str) -> String {
    let mut within = false;
    let kept = code.lines().filter(|line| {
        let text = line.trim();
        let is_block = within || text.starts_with("/*") && (text.ends_with("*/") || !text.contains("*/"));
        within = is_block && !text.ends_with("*/");
        !is_block && !text.starts_with("//")
    });
    kept.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_before_code_alone_are_left_out() {
        for (code, expected) in [
            ("/* @ts-self-types */\n/**\n * Reads.\n * @returns {any}\n */\nread();\n", "read();\n"),
            ("read() {\n    /** one */\n    return a /** b */;\n}\n", "read() {\n    return a /** b */;\n}\n"),
            ("#!/usr/bin/env node\n// Starts.\nstart(); // at once\n", "#!/usr/bin/env node\nstart(); // at once\n"),
            ("const a = \n    /* @__PURE__ */ b();\n", "const a = \n    /* @__PURE__ */ b();\n"),
        ] {
            assert_eq!(without(code), expected);
        }
    }
}
