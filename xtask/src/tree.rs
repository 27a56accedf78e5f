//! Where the repository is, and what is in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// One tracked file.
pub(crate) struct TrackedFile {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// Empty for a file that is no text.
    pub(crate) text: String,
}

/// Every file that is tracked, or new and not ignored, in order of their paths.
pub(crate) fn tracked() -> Vec<TrackedFile> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of a checkout");
    let listed = String::from_utf8(listed.stdout).expect("our paths are UTF-8");
    let read = |path: &str| std::fs::read(root().join(path)).ok();
    let mut files: Vec<TrackedFile> = listed
        .lines()
        .filter_map(|path| {
            let text = String::from_utf8(read(path)?).unwrap_or_default();
            Some(TrackedFile { path: path.to_owned(), text })
        })
        .collect();
    files.sort_by(|one, other| one.path.cmp(&other.path));
    files
}
