//! Holes to be caught: each file in xtask/holes is a patch that takes one guard away, and its head names the test that must see it.
//!
//! They are dug in a copy of the tree, so that nothing here is ever without its guards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail, ensure};

use crate::tree::{root, tracked};

/// What the head of a patch says.
pub(crate) struct Hole {
    /// The patch's file name.
    pub(crate) name: String,
    /// A group of the rows.
    pub(crate) group: String,
    /// What is taken away.
    pub(crate) words: String,
    /// What follows `cargo test`, to the binary of the test.
    run: Vec<String>,
    /// The test, by its name without modules.
    pub(crate) test: String,
    /// What the test said when it was seen to fail.
    pub(crate) said: String,
}

/// All holes, by name.
///
/// # Errors
/// When a head does not say all of it.
pub(crate) fn all() -> anyhow::Result<Vec<Hole>> {
    let folder = root().join("xtask/holes");
    let mut paths = Vec::new();
    for entry in fs::read_dir(&folder).context("xtask/holes is not there")? {
        paths.push(entry?.path());
    }
    paths.sort();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|ending| ending == "patch"))
        .map(|path| read(path))
        .collect()
}

fn read(path: &Path) -> anyhow::Result<Hole> {
    let text = fs::read_to_string(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let line = |word: &str| -> anyhow::Result<String> {
        let mut lines = text.lines().take_while(|line| !line.starts_with("--- "));
        let found = lines.find_map(|line| line.strip_prefix(word)?.strip_prefix(": "));
        Ok(found.with_context(|| format!("{name} does not say `{word}: …`"))?.to_owned())
    };
    let run = line("Run")?.split_whitespace().map(str::to_owned).collect();
    let (group, words, test, said) = (line("Group")?, line("Hole")?, line("Test")?, line("Said")?);
    Ok(Hole { name, group, words, run, test, said })
}

/// Digs all holes, or those whose name contains a word, one after the other, and shows that each is caught.
///
/// # Errors
/// When a test does not pass without its hole, or passes with it.
pub(crate) fn dig(only: Option<&str>) -> anyhow::Result<()> {
    let holes: Vec<Hole> = all()?.into_iter().filter(|hole| only.is_none_or(|word| hole.name.contains(word))).collect();
    ensure!(!holes.is_empty(), "there is no such hole");
    let copy = copy()?;
    let mut missed = Vec::new();
    for hole in &holes {
        println!("== {}: {}", hole.name, hole.words);
        patch(&copy, hole, &[])?;
        let (passed, said) = test(&copy, hole)?;
        patch(&copy, hole, &["--reverse"])?;
        // A build that fails, or a test that is not there, is nothing caught.
        let failed = format!("{} ... FAILED", hole.test);
        if passed || !said.lines().any(|line| line.ends_with(&failed)) {
            println!("{said}\n-- NOT CAUGHT by {}", hole.test);
            missed.push(hole.name.clone());
            continue;
        }
        println!("-- caught by {}: {}", hole.test, reason(&said));
    }
    for hole in &holes {
        let (passed, said) = test(&copy, hole)?;
        if !passed || !said.contains("1 passed") {
            println!("{said}\n-- {} is not green without its hole", hole.test);
            missed.push(hole.name.clone());
        }
    }
    if missed.is_empty() { Ok(()) } else { bail!("not as it should be: {}", missed.join(", ")) }
}

/// A copy of the tree below target/, with its own target folder; what is the same as last time stays, so that little is built.
fn copy() -> anyhow::Result<PathBuf> {
    let copy = root().join("target/holes");
    let mut kept = Vec::new();
    for file in tracked() {
        let (from, to) = (root().join(&file.path), copy.join(&file.path));
        fs::create_dir_all(to.parent().context("a file is in a folder")?)?;
        if fs::read(&from).ok() != fs::read(&to).ok() {
            fs::copy(&from, &to)?;
        }
        kept.push(to);
    }
    // The web client as it was built here, newer than its sources: building it again would be for nothing.
    let web = copy.join("web");
    let built = Command::new("cp").args(["-R", "web/dist"]).arg(&web).current_dir(root()).status()?;
    ensure!(built.success(), "web/dist is not there: run `cargo build` first");
    let page = web.join("dist/index.html");
    fs::write(&page, fs::read(&page)?)?;
    // `git apply` looks for a repository and would leave files outside of it as they are.
    if !copy.join(".git").exists() {
        ensure!(Command::new("git").args(["init", "--quiet"]).current_dir(&copy).status()?.success(), "no git");
    }
    Ok(copy)
}

fn patch(tree: &Path, hole: &Hole, how: &[&str]) -> anyhow::Result<()> {
    let patch = root().join("xtask/holes").join(&hole.name).canonicalize()?;
    let applied = Command::new("git").arg("apply").args(how).arg(&patch).current_dir(tree).output()?;
    ensure!(applied.status.success(), "{} does not apply: {}", hole.name, String::from_utf8_lossy(&applied.stderr));
    Ok(())
}

/// Runs the test alone: whether it passed, and what was said.
fn test(tree: &Path, hole: &Hole) -> anyhow::Result<(bool, String)> {
    let mut cargo = Command::new("cargo");
    cargo.arg("test").args(&hole.run).args(["--", &hole.test]).current_dir(tree);
    // Cargo's own variables name the tree that this program was built from.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARGO_")) {
        cargo.env_remove(name);
    }
    let output = cargo.stdin(Stdio::null()).env("CARGO_TARGET_DIR", tree.join("target")).output()?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    Ok((output.status.success(), said))
}

/// The first line of what the test complained of.
fn reason(said: &str) -> &str {
    let after = said.split_once("panicked at").map_or("", |(_, rest)| rest);
    after.lines().nth(1).unwrap_or("it failed")
}

#[cfg(test)]
mod tests {
    use super::super::rows::GROUPS;
    use super::*;

    /// The groups that have rows with tests, in which a hole is dug.
    const DUG: [&str; 8] = [
        "Handshake",
        "Sessions",
        "Authorisation",
        "Input",
        "Browser surface",
        "Uploads",
        "Outgoing requests",
        "Availability",
    ];

    #[test]
    fn every_group_has_a_hole_and_every_hole_still_applies_and_names_a_test() {
        let holes = all().unwrap();
        for group in DUG {
            assert!(GROUPS.iter().any(|(name, _)| *name == group));
            assert!(holes.iter().any(|hole| hole.group == group), "no hole in {group}");
        }
        let files = tracked();
        for hole in holes {
            patch(&root(), &hole, &["--check"]).unwrap();
            let is_there = files.iter().any(|file| file.text.contains(&format!("fn {}(", hole.test)));
            assert!(is_there && DUG.contains(&hole.group.as_str()), "{}: {}", hole.name, hole.test);
            assert!(!hole.run.is_empty() && !hole.said.is_empty(), "{}", hole.name);
        }
    }
}
