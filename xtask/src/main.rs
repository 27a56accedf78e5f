//! Chores of the workspace: `cargo xtask codegen`, `cargo xtask autobahn REPORT`. The rules of the house are its tests (`cargo test -p xtask`).

mod autobahn;
mod codegen;
mod limits_page;
mod permissions_page;
mod permissions_table;
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
        _ => anyhow::bail!("usage: cargo xtask codegen | autobahn REPORT"),
    }
}
