//! Every bound is in docs/LIMITS.md: one that is new cannot be forgotten.

use super::files;
use crate::limits_page::INNER;

/// How the names of bounds end; what else is a bound is listed all the same.
const ENDINGS: [&str; 4] = ["_MAX", "_KEPT", "_TIMEOUT", "_PATIENCE"];
/// Where bounds of a house that serves are; those of one frame or text are public.
const KEEPERS: [&str; 4] = ["crates/bus/src/", "crates/engine/src/", "crates/server/src/", "crates/store/src/"];
/// What loads or tries a house has bounds of its own.
const OTHERS: [&str; 2] = ["/cli/torture/", "/cli/bench/"];

#[test]
fn every_bound_inside_the_house_is_in_the_table() {
    let mut missing = Vec::new();
    for file in files() {
        let kept = KEEPERS.iter().any(|folder| file.path.starts_with(folder))
            && !OTHERS.iter().any(|folder| file.path.contains(folder));
        let listed = INNER.iter().find(|(path, _)| file.path.strip_prefix("crates/") == Some(path));
        if !kept || listed.is_some_and(|(_, names)| names.is_empty()) {
            continue;
        }
        let constants = file.text.lines().filter_map(|line| line.trim().split_once("const ")?.1.split_once(": "));
        let bounds = constants.map(|(name, _)| name).filter(|name| ENDINGS.iter().any(|ending| name.ends_with(ending)));
        for name in bounds.filter(|name| listed.is_none_or(|(_, names)| !names.contains(name))) {
            missing.push(format!("{}: {name}", file.path));
        }
    }
    assert!(missing.is_empty(), "not in docs/LIMITS.md (xtask/src/limits_page.rs):\n{}", missing.join("\n"));
}
