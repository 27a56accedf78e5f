//! What a text says (MSG-7): the golden files beside this one, and what holds for any text. The files are written by
//! `cargo xtask codegen` from their texts; what they say was reviewed, and TypeScript reads the same in `goldenTrees.ts`.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod bounds;

use std::path::Path;

use parlour_domain::markup::{plain, tree};
use parlour_protocol::markup::Tree;
use serde_json::Value;

/// The texts of all files with what stands beside each.
fn entries() -> Vec<(String, Option<Tree>, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/markup");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let chapters = files.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    let chapters = chapters.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap());
    let entries = chapters.flat_map(|chapter: Vec<Value>| chapter);
    entries
        .map(|entry| {
            let words = |part: &str| entry[part].as_str().unwrap().to_owned();
            (words("text"), serde_json::from_value(entry["tree"].clone()).unwrap(), words("plain"))
        })
        .collect()
}

#[test]
fn msg_7_each_text_has_the_tree_of_its_golden_file() {
    let entries = entries();
    assert!(entries.len() >= 300, "only {} texts", entries.len());
    for (text, wanted, _) in entries {
        let found = tree(&text);
        assert_eq!(found, wanted, "{text:?} is\n{}", serde_json::to_string(&found).unwrap());
    }
}

#[test]
fn msg_7_each_tree_has_the_plain_words_of_its_golden_file() {
    for (text, tree, wanted) in entries() {
        assert_eq!(tree.map_or_else(|| text.clone(), |tree| plain(&tree, Some("[hidden]"))), wanted, "{text:?}");
    }
}

#[test]
fn msg_7_what_a_spoiler_hides_is_said_only_where_nothing_is_to_stand_for_it() {
    let spoiler = tree("It was ||**Rosebud**||, [||really||](https://example.org)").unwrap();
    assert_eq!(plain(&spoiler, None), "It was Rosebud, really");
    assert_eq!(plain(&spoiler, Some("…")), "It was …, …");
}
