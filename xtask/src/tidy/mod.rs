//! The rules of the house that a machine can hold (docs/STYLE.md): they are tests, so every test run holds them.

mod bounds;
mod layers;
mod rules;
mod secrets;
mod shape;

use crate::tree::TrackedFile as File;
use crate::tree::tracked as files;

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
