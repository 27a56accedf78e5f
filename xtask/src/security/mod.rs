//! docs/SECURITY-TESTS.md: every row of the security requirements with the tests that hold it, found by their names, and the holes
//! that were dug to see the tests go red.

pub(crate) mod holes;
mod rows;
mod scan;

use std::fmt::Write as _;

use rows::{GROUPS, State};

use crate::tree::tracked;

const HEAD: &str = "# The security requirements and their tests

Made by `cargo xtask codegen` from the names of tests: `fn s01_…` in Rust, `S59: …` at the head of a title in the web client. Do
not edit. `cargo test -p xtask` refuses a row without a test, a test of no row, and a row that is said to wait and has one.

What a row says in full, and what its test must do, is in the security requirements; here it stands in short.
";

const HOLES: &str = "\n## Holes

A test is worth what it catches. For each group there are holes in `xtask/holes/`, each a patch that takes one guard away.
`bin/holes` digs each in a copy of the tree and shows that the test named goes red there, and is green without it.
`cargo test -p xtask` holds that each patch still applies.

| group | hole | the test that caught it | what it said |
| --- | --- | --- | --- |
";

/// The whole page.
pub(crate) fn page() -> anyhow::Result<String> {
    let found = scan::tests(&tracked());
    let mut page = HEAD.to_owned();
    for (group, rows) in GROUPS {
        write!(page, "\n## {group}\n\n| row | requirement | state | tests |\n| --- | --- | --- | --- |\n")?;
        for row in rows {
            let state = match row.state {
                State::Tested => "tested".to_owned(),
                State::Partly(waits) => format!("tested; {waits}"),
                State::Later(why) => format!("waits: {why}"),
            };
            let tests = found.get(&row.number).map(Vec::as_slice).unwrap_or_default();
            let tests: Vec<String> = tests.iter().map(|(file, name)| format!("`{file}` {}", shown(name))).collect();
            writeln!(page, "| S{:02} | {} | {state} | {} |", row.number, row.words, tests.join("<br>"))?;
        }
    }
    page.push_str(HOLES);
    for hole in holes::all()? {
        let holes::Hole { group, words, test, said, .. } = hole;
        writeln!(page, "| {group} | {words} | `{test}` | {said} |")?;
    }
    Ok(page)
}

/// The name of a test in Rust is code, a title is a sentence.
fn shown(name: &str) -> String {
    if name.contains(' ') { format!("“{}”", name.replace('|', "\\|")) } else { format!("`{name}`") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_there_once_and_in_order() {
        let numbers: Vec<u32> = GROUPS.iter().flat_map(|(_, rows)| rows.iter().map(|row| row.number)).collect();
        assert_eq!(numbers, (1..=110).collect::<Vec<_>>());
    }

    #[test]
    fn every_row_has_its_tests_or_waits_and_every_test_has_its_row() {
        let found = scan::tests(&tracked());
        let mut faults = Vec::new();
        let rows = || GROUPS.iter().flat_map(|(_, rows)| rows.iter());
        for row in rows() {
            let has_tests = found.contains_key(&row.number);
            match row.state {
                State::Tested | State::Partly(_) if !has_tests => {
                    faults.push(format!("S{:02} has no test: {}", row.number, row.words));
                }
                State::Later(_) if has_tests => {
                    faults.push(format!("S{:02} is said to wait and has a test: take it off the list", row.number));
                }
                _ => {}
            }
        }
        let known: BTreeSet<u32> = rows().map(|row| row.number).collect();
        for (number, tests) in found.iter().filter(|(number, _)| !known.contains(number)) {
            faults.push(format!("S{number:02} is no row: {tests:?}"));
        }
        assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    }
}
