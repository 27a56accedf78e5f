//! docs/LIMITS.md: every public limit with its value and meaning, read out of `limits.rs`, and the bounds inside the house, read
//! out of the files that keep them, so that neither can lie.

use anyhow::{Context, bail};

use crate::tree::root;

/// Where the limits are.
pub(crate) const SOURCE: &str = "crates/protocol/src/limits.rs";

const HEAD: &str = "# Limits\n\nEvery bound of the house, made by `cargo xtask codegen` from `crates/protocol/src/limits.rs` and, in the last section,
from the files named there. Sizes are in bytes and times in milliseconds where the name says so. `--rate-limits off` switches the rows marked ‡ off, for a benchmark only.
S-numbers are rows of the security requirements that the tests are named after.\n";

/// Names of limits that `--rate-limits off` switches off.
const SWITCHED: [&str; 35] = [
    "CARD_EVERY_MS",
    "CARD_BURST",
    "FILE_EVERY_MS",
    "FILE_BURST",
    "PASSWORD_EVERY_MS",
    "PASSWORD_BURST",
    "KNOCK_EVERY_MS",
    "KNOCK_BURST",
    "KNOCK_WIDE_BURST",
    "KNOCK_WIDE_EVERY_MS",
    "COUNTS_PER_SECOND",
    "COUNTS_BURST",
    "GUEST_POSTS_PER_SECOND",
    "GUEST_POSTS_BURST",
    "CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX",
    "CONNECTIONS_PER_ADDRESS_MAX",
    "CONNECTIONS_PER_USER_MAX",
    "FRAMES_PER_SECOND",
    "FRAMES_BURST",
    "POSTS_PER_SECOND",
    "POSTS_BURST_TIMES",
    "TYPING_EVERY_MS",
    "CREATE_ROOM_EVERY_MS",
    "CREATE_ROOM_BURST",
    "ROOM_ACTS_PER_SECOND",
    "ROOM_ACTS_BURST",
    "REPORT_EVERY_MS",
    "REPORT_BURST",
    "SEARCHES_PER_SECOND",
    "SEARCHES_BURST",
    "SIGN_IN_EVERY_MS",
    "SIGN_IN_BURST",
    "REQUESTS_PER_SECOND",
    "REQUESTS_BURST",
    "NOTICES_PER_SECOND_MAX",
];

/// The last section.
const INNER_HEAD: &str = "\n## Inside the house\n
What docs/PROTOCOL.md does not name, each beside what it bounds. Left out: how often something is looked at, how much one turn takes
so that others have theirs (`*_PER_TURN`, `*_PER_CALL`, `*_PER_READ`), and how often something is tried again.\n
| bound | value | meaning |\n| --- | --- | --- |\n";

/// Files below `crates/` and their bounds of a queue, a buffer, a list, a cache or a wait.
pub(crate) const INNER: [(&str, &[&str]); 43] = [
    ("bus/src/local.rs", &["INBOX_ENVELOPES_MAX"]),
    ("engine/src/cards/page.rs", &["TITLE_BYTES_MAX"]),
    ("engine/src/cards/remembered.rs", &["CARDS_REMEMBERED_MAX", "CARD_GOOD_FOR", "NO_CARD_FOR"]),
    ("engine/src/files.rs", &["HELD_BYTES_MAX"]),
    ("engine/src/pictures/mod.rs", &["PICTURES_WAITING_MAX", "SCANS_MAX"]),
    ("engine/src/pictures/jpeg.rs", &["SEGMENT_BYTES_MAX"]),
    ("engine/src/pictures/small.rs", &["DECODED_BYTES_MAX"]),
    ("engine/src/pictures/webp.rs", &["CHUNKS_MAX"]),
    ("server/src/http/file_body.rs", &["READ_BYTES_MAX"]),
    ("store/src/blobs/disk.rs", &["LEFT_BYTES", "LEFT_PART"]),
    ("engine/src/hub/lane.rs", &["GAP_PATIENCE_MS", "NAMES_PER_SIGNAL_MAX"]),
    ("engine/src/hub/owed.rs", &["HINT_PATIENCE_MS"]),
    ("engine/src/hub/presence.rs", &["NAMES_UP_TO_MEMBERS", "CROWD_TOLD_EVERY_MS"]),
    ("engine/src/hub/reads.rs", &["LANE_EVENTS_MAX", "FEED_EVENTS_MAX"]),
    ("engine/src/hub/ring.rs", &["SEGMENT_BYTES_MAX"]),
    ("engine/src/hub/writing.rs", &["PIECES_PER_WRITE_MAX"]),
    ("engine/src/oidc/provider.rs", &["SUBJECT_BYTES_MAX", "KEYS_AGAIN_MS", "SILENT_MS"]),
    ("engine/src/oidc/settings.rs", &["NAME_MAX", "TITLE_MAX"]),
    ("engine/src/outgoing.rs", &["OUTGOING_MAX"]),
    ("engine/src/remembered.rs", &["REMEMBERED_MAX", "GOOD_FOR_MS"]),
    ("engine/src/passwords.rs", &["IDLE"]),
    ("engine/src/throttle.rs", &["BUCKETS_KEPT"]),
    ("server/src/accept.rs", &["HEADERS_MAX", "HEADER_BYTES_MAX", "FINISH"]),
    ("server/src/caps.rs", &["UNPROVEN_MAX", "ANONYMOUS_SHARE"]),
    ("server/src/framing.rs", &["LINE_BYTES_KEPT"]),
    ("server/src/http/gate.rs", &["ADDRESSES_KEPT"]),
    ("server/src/http/sign_in.rs", &["BODY_TIMEOUT"]),
    ("server/src/lib.rs", &["DESCRIPTORS_KEPT"]),
    ("server/src/ws/inflating.rs", &["BLOCKS_MAX"]),
    ("server/src/ws/pipelines.rs", &["GIVEN_UP_MS"]),
    ("server/src/ws/backlog.rs", &["UNSENT_BYTES_MAX"]),
    ("server/src/ws/shard.rs", &["ADOPTIONS_MAX", "READS_MAX", "DRAIN_ANSWERS_MS"]),
    ("server/src/ws/socket.rs", &["SCRATCH_BYTES"]),
    ("store/src/sqlite/batch.rs", &["MEMBERS_CACHED_MAX", "ROOMS_CACHED_MAX"]),
    ("store/src/sqlite/mod.rs", &["CHECKED_BYTES_MAX", "BUSY_PATIENCE"]),
    ("store/src/sqlite/readers.rs", &["READERS", "PAGE_READERS", "READ_QUEUE_MAX", "READS_PER_SNAPSHOT", "CACHE_KIB"]),
    ("store/src/sqlite/rooms.rs", &["MEMBERS_LISTED_MAX"]),
    ("store/src/sqlite/search/asking.rs", &["TOKENS_MAX", "PEOPLE_MAX", "LISTED_MAX"]),
    ("store/src/sqlite/search/filling.rs", &["EVENTS_HELD_MAX", "BYTES_HELD_MAX"]),
    ("store/src/sqlite/search/mod.rs", &["SEARCHERS", "SEARCH_CACHE_KIB"]),
    ("store/src/sqlite/space.rs", &["BALLAST_BYTES", "MARGIN_PART", "MARGIN_BYTES_MAX"]),
    ("store/src/sqlite/writer.rs", &["WAL_PAGES_MAX"]),
    // Raised for the Autobahn suite only; what holds is in the sections above.
    ("server/src/ws/bounds.rs", &[]),
];

/// The whole page.
///
/// # Errors
/// When a file or a bound is not where it is said to be.
pub(crate) fn whole() -> anyhow::Result<String> {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).with_context(|| format!("{path} is not there"));
    let mut whole = page(&read(SOURCE)?)?;
    whole.push_str(INNER_HEAD);
    for (path, names) in INNER {
        let source = read(&format!("crates/{path}"))?;
        for name in names {
            whole.push_str(&inner(&source, path, name)?);
        }
    }
    Ok(whole)
}

/// One row out of a source text: the constant's value, and the comment above it.
fn inner(source: &str, path: &str, name: &str) -> anyhow::Result<String> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let head = format!("const {name}: ");
    let at = lines.iter().position(|line| line.contains(&head)).with_context(|| format!("no {name} in {path}"))?;
    let above = lines[..at].iter().rev().map_while(|line| line.strip_prefix("/// "));
    let mut words: Vec<&str> = above.collect();
    words.reverse();
    if words.is_empty() {
        bail!("{name} in {path} does not say what it means");
    }
    let said = lines[at].split_once('=').context("a constant has a value")?.1.trim().trim_end_matches(';');
    let value = match said.strip_prefix("Duration::from_secs(").map(|rest| (rest, " s")) {
        Some((rest, unit)) => rest.trim_end_matches(')').to_owned() + unit,
        None => grouped(product(said)?),
    };
    let meaning = words.join(" ").replace("[`", "`").replace("`]", "`").replace('|', "\\|");
    Ok(format!("| `{name}` of `{path}` | {value} | {meaning} |\n"))
}

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
    fn a_bound_inside_becomes_a_row_with_its_file() {
        let source = "/// Calls that\n/// wait.\nconst CALLS_MAX: usize = 1_024;\n/// So long.\n    pub const PATIENCE: Duration = Duration::from_secs(5);\nconst BARE: u8 = 1;";
        assert_eq!(
            inner(source, "a.rs", "CALLS_MAX").unwrap(),
            "| `CALLS_MAX` of `a.rs` | 1,024 | Calls that wait. |\n"
        );
        assert_eq!(inner(source, "a.rs", "PATIENCE").unwrap(), "| `PATIENCE` of `a.rs` | 5 s | So long. |\n");
        assert!(inner(source, "a.rs", "BARE").is_err() && inner(source, "a.rs", "GONE").is_err());
    }

    #[test]
    fn every_switched_limit_exists() {
        let source = std::fs::read_to_string(crate::tree::root().join(SOURCE)).unwrap();
        for name in SWITCHED {
            assert!(source.contains(&format!("pub const {name}:")), "{name} is no limit any more");
        }
    }
}
