//! The rules of the house that a machine can hold (docs/STYLE.md): they are tests, so every test run holds them.

mod bounds;
mod layers;
mod rules;
mod shape;

use std::process::Command;

use crate::tree::root;

/// One tracked file.
struct File {
    /// From the root, with `/`.
    path: String,
    /// Empty for a file that is no text.
    text: String,
}

impl File {
    /// Written by hand in one of our languages.
    fn is_source(&self) -> bool {
        let ours = [".rs", ".ts", ".tsx", ".css", ".sql"].iter().any(|ending| self.path.ends_with(ending));
        ours && !self.is_generated()
    }

    fn is_generated(&self) -> bool {
        self.text.starts_with("/** Made by `cargo xtask codegen`")
    }

    /// Holds tests or what only tests use.
    fn is_test(&self) -> bool {
        self.path.contains("/tests/") || self.path.contains("/e2e/") || self.path.contains(".test.")
    }
}

/// Every file that is tracked, or new and not ignored.
fn files() -> Vec<File> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of a checkout");
    let listed = String::from_utf8(listed.stdout).expect("our paths are UTF-8");
    let read = |path: &str| std::fs::read(root().join(path)).ok();
    listed
        .lines()
        .filter_map(|path| {
            let text = String::from_utf8(read(path)?).unwrap_or_default();
            Some(File { path: path.to_owned(), text })
        })
        .collect()
}
