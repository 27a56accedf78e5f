//! Chores of the workspace: `cargo xtask codegen`, `cargo xtask autobahn REPORT`, `cargo xtask holes [NAME]`. The rules of the house are its tests (`cargo test -p xtask`).

mod autobahn;
mod codegen;
mod golden_trees;
mod limits_page;
mod permissions_page;
mod permissions_table;
mod security;
#[cfg(test)]
mod tidy;
mod tree;

use anyhow::Context;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("codegen") => codegen::write(),
        Some("autobahn") => {
            let report = std::env::args().nth(2).context("usage: cargo xtask autobahn REPORT")?;
            let page = autobahn::page(&std::fs::read_to_string(report)?)?;
            Ok(std::fs::write(tree::root().join("docs/AUTOBAHN.md"), page)?)
        }
        Some("holes") => security::holes::dig(std::env::args().nth(2).as_deref()),
        _ => anyhow::bail!("usage: cargo xtask codegen | autobahn REPORT | holes [NAME]"),
    }
}
