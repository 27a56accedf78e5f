//! What is made from what: TypeScript types from the Rust wire types, typed golden frames from their JSON files, and
//! docs/LIMITS.md from the constants, docs/PERMISSIONS.md and the page's own copy from the table of access,
//! docs/SECURITY-TESTS.md from the names of tests, and what the golden texts say. `cargo xtask codegen` writes them; a test
//! refuses to let any of them fall behind.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;

use crate::tree::root;
use crate::{golden_trees, limits_page, permissions_page, permissions_table, security};

const HEAD: &str = "/** Made by `cargo xtask codegen` from crates/protocol/tests/golden. Do not edit. */\n\nimport type { ClientFrame, ServerFrame } from \"./generated\";\n";

/// Every generated file and what it must hold.
fn files() -> anyhow::Result<Vec<(PathBuf, String)>> {
    let web = root().join("web/src/protocol");
    let mut files = golden_trees::files()?;
    files.extend([
        (web.join("generated.ts"), parlour_protocol::typescript::declarations()),
        (web.join("golden.ts"), golden()?),
        (web.join("permissions.ts"), permissions_table::whole()?),
        (root().join("docs/LIMITS.md"), limits_page::whole()?),
        (root().join("docs/PERMISSIONS.md"), permissions_page::whole()?),
        (root().join("docs/SECURITY-TESTS.md"), security::page()?),
    ]);
    Ok(files)
}

/// Writes them all.
pub(crate) fn write() -> anyhow::Result<()> {
    for (path, text) in files()? {
        fs::write(&path, text).with_context(|| format!("could not write {}", path.display()))?;
    }
    Ok(())
}

/// The golden frames as TypeScript constants, so that `tsc` holds each against its type.
fn golden() -> anyhow::Result<String> {
    let folder = root().join("crates/protocol/tests/golden");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("{} is not there", folder.display()))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    let mut text = HEAD.to_owned();
    for (constant, kind, prefix) in
        [("serverFrames", "ServerFrame", "server_"), ("clientFrames", "ClientFrame", "client_")]
    {
        writeln!(text, "\nexport const {constant}: Readonly<Record<string, {kind}>> = {{")?;
        for name in names.iter().filter(|name| name.starts_with(prefix)) {
            let json = fs::read_to_string(folder.join(name))?;
            writeln!(text, "  {}: {},", name.trim_end_matches(".json"), json.trim_end())?;
        }
        text.push_str("};\n");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #[test]
    fn generated_files_are_what_their_sources_say() {
        for (path, wanted) in super::files().expect("the sources are readable") {
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(committed == wanted, "{} is behind its source: run `cargo xtask codegen`", path.display());
        }
    }
}
