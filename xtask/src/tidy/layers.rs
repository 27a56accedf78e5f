//! The table of layers in ARCHITECTURE.md is what the manifests say.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::files;
use crate::tree::root;

/// One row: what a crate may name of ours, and what it alone may name of others'.
struct Layer {
    ours: BTreeSet<String>,
    only: BTreeSet<String>,
}

/// Reads `| crate | owns | may name | only one to name | never sees |`; names stand in backticks.
fn table() -> BTreeMap<String, Layer> {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md is there");
    let rows = page.lines().skip_while(|line| !line.starts_with("| crate |")).skip(2);
    let names = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<BTreeSet<String>>();
    rows.take_while(|line| line.starts_with('|'))
        .map(|row| {
            let cells: Vec<&str> = row.split('|').collect();
            let name = names(cells[1]).pop_first().expect("each row names a crate");
            (name, Layer { ours: names(cells[3]), only: names(cells[4]) })
        })
        .collect()
}

/// The names under `[dependencies]` of a manifest, without our prefix.
fn dependencies(crate_name: &str) -> BTreeSet<String> {
    let folder = if crate_name == "xtask" { root().join("xtask") } else { root().join("crates").join(crate_name) };
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("each crate has a manifest");
    let lines = manifest.lines().skip_while(|line| *line != "[dependencies]").skip(1);
    lines
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| {
            line.split_once(['=', '.'])?.0.trim().strip_prefix("parlour-").or(line.split([' ', '=']).next())
        })
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_crate_names_of_ours_only_what_the_table_allows() {
    let table = table();
    for (name, layer) in &table {
        let named: BTreeSet<String> =
            dependencies(name).into_iter().filter(|dependency| table.contains_key(dependency)).collect();
        assert_eq!(named, layer.ours, "`{name}`: its Cargo.toml (left) and ARCHITECTURE.md (right) differ");
    }
}

#[test]
fn what_one_crate_alone_may_name_no_other_names() {
    let table = table();
    for (owner, layer) in &table {
        for dependency in &layer.only {
            let by: Vec<&String> =
                table.keys().filter(|name| dependencies(name).contains(dependency) && *name != owner).collect();
            assert!(by.is_empty(), "{dependency} belongs to `{owner}` and is named by {by:?}");
            assert!(dependencies(owner).contains(dependency), "`{owner}` does not name {dependency} any more");
        }
    }
}

#[test]
fn every_crate_has_its_row() {
    let mut crates: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .expect("there are crates")
        .map(|entry| entry.expect("its entries are readable").file_name().to_string_lossy().into_owned())
        .collect();
    crates.insert("xtask".to_owned());
    assert_eq!(crates, table().into_keys().collect());
}

#[test]
fn the_server_names_the_client_on_its_command_line_only() {
    let all = files();
    let naming = all.iter().filter(|file| file.text.contains("parlour_client"));
    let inside = naming.filter(|file| file.path.starts_with("crates/server/src/"));
    let edges: Vec<&str> =
        inside.map(|file| file.path.as_str()).filter(|path| !path.starts_with("crates/server/src/cli/")).collect();
    assert!(edges.is_empty(), "the edges of the house know no client: {edges:?}");
}
