//! docs/AUTOBAHN.md: what the Autobahn suite said, made from the `index.json` of a run of bin/autobahn.

use std::collections::BTreeMap;

use anyhow::{Context, bail};
use serde::Deserialize;

const HEAD: &str = "# What the Autobahn suite says

Made by `bin/autobahn`, which builds the echo behind the feature `conformance`, lets the suite's fuzzing client (25.10.1) loose on
it and fails when a case does. The echo runs on the reader and writer of frames of the house itself; only two limits differ
(`crates/server/src/ws/bounds.rs`), since part 9 sends messages of 16 MiB. No release holds either. Parts 12 and 13 are
about compression, which is off unless asked for (CON-11), so they are left out. What runs in every test run is our own table,
`crates/server/tests/conformance/`.

*Non-strict* in 6.4 means that broken UTF-8 was refused at the end of its message instead of within it. *Informational* cases have no
right answer.\n";

/// The parts of the suite, by the number before the first dot.
const PARTS: [(u32, &str); 9] = [
    (1, "Framing"),
    (2, "Pings and pongs"),
    (3, "Reserved bits"),
    (4, "Opcodes"),
    (5, "Fragmentation"),
    (6, "UTF-8"),
    (7, "Closing"),
    (9, "Limits and speed"),
    (10, "Automatic fragmentation"),
];

/// Verdicts in the order of the table; anything else is a failure.
const VERDICTS: [&str; 3] = ["OK", "NON-STRICT", "INFORMATIONAL"];

/// One case as the suite reports it.
#[derive(Deserialize)]
struct Case {
    behavior: String,
    #[serde(rename = "behaviorClose")]
    behavior_close: String,
}

impl Case {
    fn has_failed(&self) -> bool {
        [&self.behavior, &self.behavior_close].iter().any(|verdict| !VERDICTS.contains(&verdict.as_str()))
    }
}

/// The page for a report.
///
/// # Errors
/// When the report cannot be read, or a case failed.
pub(crate) fn page(report: &str) -> anyhow::Result<String> {
    let agents: BTreeMap<String, BTreeMap<String, Case>> = serde_json::from_str(report)?;
    let (_, cases) = agents.first_key_value().context("the report names nobody")?;
    let failed: Vec<&String> = cases.iter().filter(|(_, case)| case.has_failed()).map(|(id, _)| id).collect();
    if !failed.is_empty() {
        bail!("{} of {} cases failed: {failed:?}", failed.len(), cases.len());
    }
    let mut page = format!(
        "{HEAD}\n| part | cases | ok | non-strict | informational | failed |\n| --- | ---: | ---: | ---: | ---: | ---: |\n"
    );
    let mut counted = 0;
    for (part, title) in PARTS {
        let prefix = format!("{part}.");
        let of_part: Vec<&Case> =
            cases.iter().filter(|(id, _)| id.starts_with(&prefix)).map(|(_, case)| case).collect();
        counted += of_part.len();
        page.push_str(&row(&format!("{part} {title}"), &of_part));
    }
    if counted != cases.len() {
        bail!("{} cases are of parts that this page does not know", cases.len() - counted);
    }
    page.push_str(&row("**all**", &cases.values().collect::<Vec<_>>()));
    for (verdict, words) in [("NON-STRICT", "Non-strict"), ("INFORMATIONAL", "Informational")] {
        let ids: Vec<&str> =
            cases.iter().filter(|(_, case)| case.behavior == verdict).map(|(id, _)| id.as_str()).collect();
        page.push_str(&format!("\n{words}: {}.", ids.join(", ")));
    }
    page.push('\n');
    Ok(page)
}

fn row(title: &str, cases: &[&Case]) -> String {
    let counts = VERDICTS.map(|verdict| cases.iter().filter(|case| case.behavior == verdict).count().to_string());
    format!("| {title} | {} | {} | 0 |\n", cases.len(), counts.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::page;

    fn report(behavior: &str, close: &str) -> String {
        format!(
            r#"{{"Parlour":{{"1.1.1":{{"behavior":"OK","behaviorClose":"OK"}},"6.4.1":{{"behavior":"{behavior}","behaviorClose":"{close}"}}}}}}"#
        )
    }

    #[test]
    fn s12_a_case_that_failed_makes_no_page_and_one_that_is_not_strict_is_named() {
        let fine = page(&report("NON-STRICT", "OK")).unwrap();
        assert!(fine.contains("| 6 UTF-8 | 1 | 0 | 1 | 0 | 0 |") && fine.contains("Non-strict: 6.4.1."), "{fine}");
        assert!(fine.contains("| **all** | 2 | 1 | 1 | 0 | 0 |"), "{fine}");
        for (behavior, close) in [("FAILED", "OK"), ("OK", "FAILED BY CLIENT"), ("OK", "UNCLEAN"), ("WRONG CODE", "OK")]
        {
            let said = page(&report(behavior, close)).unwrap_err().to_string();
            assert_eq!(said, "1 of 2 cases failed: [\"6.4.1\"]");
        }
    }
}
