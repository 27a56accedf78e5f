//! Chores of the workspace: `cargo xtask codegen`. The rules of the house are its tests (`cargo test -p xtask`).

mod codegen;
mod limits_page;
#[cfg(test)]
mod tidy;
mod tree;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("codegen") => codegen::write(),
        _ => anyhow::bail!("usage: cargo xtask codegen"),
    }
}
