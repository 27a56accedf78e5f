//! What every file must look like.

use super::{File, files};
use crate::tree::root;

const LINES_MAX: usize = 600;
const FUNCTION_LINES_MAX: usize = 70;
/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "service", "base"];
/// Left behind by accident, whatever the language.
const LEFT_OVER: [&str; 6] =
    ["FIX\u{4d}E", "XX\u{58}:", "dbg\u{21}(", "console.lo\u{67}(", "#[igno\u{72}e", ".onl\u{79}("];
/// A test waits for what it wants to see.
const SLEEPS: [&str; 2] = ["thread::slee\u{70}", "waitForTimeou\u{74}("];

fn refuse(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

fn each(check: impl Fn(&File) -> Vec<String>) {
    let faults: Vec<String> = files().iter().filter(|file| file.is_source()).flat_map(check).collect();
    refuse(&faults);
}

#[test]
fn no_file_is_over_600_lines() {
    each(|file| {
        let lines = file.text.lines().count();
        if lines > LINES_MAX { vec![format!("{}: {lines} lines, more than {LINES_MAX}", file.path)] } else { vec![] }
    });
}

#[test]
fn no_function_is_over_70_lines() {
    each(|file| if file.path.ends_with(".rs") { long_functions(file) } else { vec![] });
}

/// rustfmt puts a function's closing brace at the indentation of its `fn`.
fn long_functions(file: &File) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Option<(usize, usize, &str)> = None;
    for (number, line) in file.text.lines().enumerate() {
        let indent = line.len() - line.trim_start().len();
        let words = line.trim_start();
        let begins = words.split('(').next().is_some_and(|head| head.split_whitespace().any(|word| word == "fn"));
        if begins && !words.starts_with("//") && !words.ends_with(';') && open.is_none_or(|(at, ..)| indent <= at) {
            open = Some((indent, number, words));
        }
        if let Some((at, from, head)) = open
            && words == "}"
            && indent == at
        {
            if number - from >= FUNCTION_LINES_MAX {
                faults.push(format!("{}:{}: {} lines: {head}", file.path, from + 1, number - from + 1));
            }
            open = None;
        }
    }
    faults
}

#[test]
fn every_file_begins_by_saying_what_it_holds() {
    each(|file| {
        let opening = match file.path.rsplit('.').next() {
            Some("rs") => "//!",
            Some("sql") => "-- ",
            _ => "/** ",
        };
        let opens = file.text.starts_with(opening) || file.text.starts_with("/**\n");
        if opens { vec![] } else { vec![format!("{}: does not begin with `{opening}`", file.path)] }
    });
}

#[test]
fn no_name_is_empty() {
    each(|file| {
        let parts = file.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
        let empty: Vec<&str> = parts.filter(|part| EMPTY_NAMES.contains(part)).collect();
        empty.iter().map(|name| format!("{}: `{name}` says nothing", file.path)).collect()
    });
}

#[test]
fn nothing_is_left_behind_and_no_test_sleeps() {
    each(|file| {
        let mut words: Vec<&str> = LEFT_OVER.to_vec();
        if file.is_test() {
            words.extend(SLEEPS);
        }
        let lines = file.text.lines().enumerate();
        let found = lines.flat_map(|(number, line)| {
            words.iter().filter(move |word| line.contains(**word)).map(move |word| (number + 1, *word))
        });
        found.map(|(number, word)| format!("{}:{number}: `{word}`", file.path)).collect()
    });
}

#[test]
fn every_link_between_our_pages_leads_somewhere() {
    let mut faults = Vec::new();
    for file in files().iter().filter(|file| file.path.ends_with(".md")) {
        let folder = root().join(&file.path).parent().map(std::path::Path::to_owned).unwrap_or_default();
        for link in file.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                faults.push(format!("{}: the link to {target} leads nowhere", file.path));
            }
        }
    }
    refuse(&faults);
}
