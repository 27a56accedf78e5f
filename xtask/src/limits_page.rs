//! docs/LIMITS.md: every public limit with its value and meaning, read out of `limits.rs` so that neither can lie.

use anyhow::{Context, bail};

/// Where the limits are.
pub(crate) const SOURCE: &str = "crates/protocol/src/limits.rs";

const HEAD: &str = "# Limits\n\nEvery bound of the house, made from `crates/protocol/src/limits.rs` by `cargo xtask codegen`. Sizes are in bytes and
times in milliseconds where the name says so. `--rate-limits off` switches the rows marked ‡ off, for a benchmark only.
S-numbers are rows of the security requirements that the tests are named after.\n";

/// Names of limits that `--rate-limits off` switches off.
const SWITCHED: [&str; 17] = [
    "GUEST_POSTS_PER_SECOND",
    "GUEST_POSTS_BURST",
    "CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX",
    "CONNECTIONS_PER_ADDRESS_MAX",
    "CONNECTIONS_PER_USER_MAX",
    "FRAMES_PER_SECOND",
    "FRAMES_BURST",
    "POSTS_PER_SECOND",
    "POSTS_BURST",
    "TYPING_EVERY_MS",
    "CREATE_ROOM_EVERY_MS",
    "CREATE_ROOM_BURST",
    "SIGN_IN_EVERY_MS",
    "SIGN_IN_BURST",
    "REQUESTS_PER_SECOND",
    "REQUESTS_BURST",
    "NOTICES_PER_SECOND_MAX",
];

/// The page for a source text.
pub(crate) fn page(source: &str) -> anyhow::Result<String> {
    let mut page = HEAD.to_owned();
    let mut meaning = String::new();
    for line in source.lines() {
        if let Some(section) = line.strip_prefix("// ") {
            page.push_str(&format!("\n## {section}\n\n| limit | value | meaning |\n| --- | --- | --- |\n"));
        } else if let Some(text) = line.strip_prefix("/// ") {
            meaning.push_str(if meaning.is_empty() { "" } else { " " });
            meaning.push_str(text);
        } else if let Some(constant) = line.strip_prefix("pub const ") {
            let (name, rest) = constant.split_once(':').context("a constant has a type")?;
            let expression = rest.split_once('=').context("a constant has a value")?.1.trim_end_matches(';').trim();
            let mark = if SWITCHED.contains(&name) { " ‡" } else { "" };
            let meaning =
                std::mem::take(&mut meaning).replace("[`", "`").replace("`]", "`").replace("crate::limits::", "");
            page.push_str(&format!("| `{name}`{mark} | {} | {meaning} |\n", grouped(product(expression)?)));
        }
    }
    Ok(page)
}

/// The value of `64 * 1024` and the like.
fn product(expression: &str) -> anyhow::Result<u64> {
    let mut value: u64 = 1;
    for factor in expression.split('*') {
        let digits: String = factor.trim().replace('_', "");
        let Ok(factor) = digits.parse::<u64>() else { bail!("{expression} is not a product of numbers") };
        value = value.checked_mul(factor).context("a limit fits 64 bits")?;
    }
    Ok(value)
}

/// 1048576 as 1,048,576.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_becomes_a_row_under_its_section() {
        let page =
            page("// Messages\n\n/// One frame,\n/// in bytes.\npub const FRAME: usize = 64 * 1_024;\n").unwrap();
        assert!(page.ends_with("## Messages\n\n| limit | value | meaning |\n| --- | --- | --- |\n| `FRAME` | 65,536 | One frame, in bytes. |\n"), "{page}");
    }

    #[test]
    fn every_switched_limit_exists() {
        let source = std::fs::read_to_string(crate::tree::root().join(SOURCE)).unwrap();
        for name in SWITCHED {
            assert!(source.contains(&format!("pub const {name}:")), "{name} is no limit any more");
        }
    }
}
