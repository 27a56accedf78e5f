//! The golden trees (MSG-7): texts in crates/domain/tests/markup, each with the tree and the plain words that are made of it. A
//! new text is added with nothing beside it; what `cargo xtask codegen` then writes, and whatever it changes, is reviewed.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use parlour_domain::markup::{plain, tree};
use serde_json::Value;

use crate::tree::root;

/// What a spoiler hides, in the plain words of the golden files.
const HIDDEN: &str = "[hidden]";
const HEAD: &str = "/** Made by `cargo xtask codegen` from crates/domain/tests/markup. Do not edit. */\n
import type { Tree } from \"./generated\";\n
export const goldenTrees: Readonly<Record<string, readonly { text: string; tree: Tree | null; plain: string }[]>> = {\n";

/// The files, and the same as TypeScript constants, so that `tsc` holds each tree against its type.
pub(crate) fn files() -> anyhow::Result<Vec<(PathBuf, String)>> {
    let mut chapters = Vec::new();
    let folder = root().join("crates/domain/tests/markup");
    for entry in fs::read_dir(&folder).with_context(|| format!("{} is not there", folder.display()))? {
        chapters.push(entry?.path());
    }
    chapters.retain(|path| path.extension().is_some_and(|ending| ending == "json"));
    chapters.sort();
    let (mut made, mut typescript) = (Vec::new(), HEAD.to_owned());
    for path in chapters {
        let chapter = chapter(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        writeln!(typescript, "  {name}: {},", chapter.trim_end())?;
        made.push((path, chapter));
    }
    typescript.push_str("};\n");
    made.push((root().join("web/src/protocol/goldenTrees.ts"), typescript));
    Ok(made)
}

fn chapter(file: &str) -> anyhow::Result<String> {
    let entries: Vec<Value> = serde_json::from_str(file)?;
    let mut lines = Vec::new();
    for entry in entries {
        let text = entry["text"].as_str().context("an entry has no text")?;
        let tree = tree(text);
        let plain = tree.as_ref().map_or_else(|| text.to_owned(), |tree| plain(tree, Some(HIDDEN)));
        let [text, tree, plain] = [visible(&text)?, visible(&tree)?, visible(&plain)?];
        lines.push(format!("{{\"text\": {text},\n \"tree\": {tree},\n \"plain\": {plain}}}"));
    }
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

/// As JSON, with what a reviewer would not see written by its number.
fn visible(value: &impl serde::Serialize) -> anyhow::Result<String> {
    let mut json = String::new();
    for c in serde_json::to_string(value)?.chars() {
        match c {
            '\u{a0}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}' => {
                write!(json, "\\u{:04x}", u32::from(c))?;
            }
            c => json.push(c),
        }
    }
    Ok(json)
}
