//! Writes `web/src/protocol/generated.ts` from the Rust wire types.

use std::path::{Path, PathBuf};

use anyhow::Context;

fn generated() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/src/protocol/generated.ts")
}

/// Writes the file.
pub(crate) fn write() -> anyhow::Result<()> {
    let path = generated();
    std::fs::create_dir_all(path.parent().context("the file has a folder")?)?;
    std::fs::write(&path, parlour_protocol::typescript::declarations())
        .with_context(|| format!("could not write {}", path.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_typescript_is_what_the_rust_types_say() {
        let committed = std::fs::read_to_string(super::generated()).expect("web/src/protocol/generated.ts exists");
        assert!(
            committed == parlour_protocol::typescript::declarations(),
            "web/src/protocol/generated.ts is behind the Rust types: run `cargo xtask codegen`"
        );
    }
}
