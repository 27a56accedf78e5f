//! Every numbered rule of docs/PROTOCOL.md is cited by a test, and every number a test cites is a rule.

use std::collections::BTreeSet;

use super::files;
use crate::tree::root;

/// The rules: `- **CON-1** …`.
fn rules() -> BTreeSet<String> {
    let page = std::fs::read_to_string(root().join("docs/PROTOCOL.md")).expect("docs/PROTOCOL.md is there");
    page.lines()
        .filter_map(|line| line.strip_prefix("- **")?.split_once("**"))
        .map(|(rule, _)| rule.to_owned())
        .filter(|rule| rule.contains('-'))
        .collect()
}

/// The families: `CON`, `SYN` …
fn families(rules: &BTreeSet<String>) -> BTreeSet<&str> {
    rules.iter().filter_map(|rule| rule.split_once('-')).map(|(family, _)| family).collect()
}

/// What the titles of tests cite: `fn con_1_…`, `fn s51_…_and_con_4_…`, `test("CON-1: …")`, `test("T02 (MSG-1) …")`.
fn cited(families: &BTreeSet<&str>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for file in files().iter().filter(|file| file.is_source() && !file.path.starts_with("xtask/")) {
        for line in file.text.lines().map(str::trim_start) {
            let is_rust_test = line.starts_with("fn ") || line.starts_with("async fn ");
            let is_title = line.starts_with("test(") || line.starts_with("it(") || line.starts_with("describe(");
            if !is_rust_test && !is_title && !line.starts_with('"') && !line.starts_with('`') {
                continue;
            }
            let words: Vec<&str> = line.split(|sign: char| !sign.is_ascii_alphanumeric()).collect();
            for pair in words.windows(2) {
                let family = pair[0].to_ascii_uppercase();
                if families.contains(family.as_str()) && pair[1].parse::<u32>().is_ok() {
                    found.insert(format!("{family}-{}", pair[1]));
                }
            }
        }
    }
    found
}

#[test]
fn every_rule_is_cited_by_a_test_and_every_number_cited_is_a_rule() {
    let rules = rules();
    assert!(rules.len() > 40, "the rules were not found: {rules:?}");
    let cited = cited(&families(&rules));
    let untested: Vec<&String> = rules.difference(&cited).collect();
    let unknown: Vec<&String> = cited.difference(&rules).collect();
    assert!(untested.is_empty() && unknown.is_empty(), "rules without a test: {untested:?}; no such rule: {unknown:?}");
}
