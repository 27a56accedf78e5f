//! Chores of the workspace: `cargo xtask codegen`.

mod codegen;

fn main() -> anyhow::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("codegen") => codegen::write(),
        _ => anyhow::bail!("usage: cargo xtask codegen"),
    }
}
