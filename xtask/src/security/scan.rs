//! Finds the tests of each row by their names: `fn s01_…`, `fn s34_and_s39_…`, `fn http_6_s03_…` in Rust, and `S59: …` or `T30
//! (S43): …` at the head of a title in the web client's tests.

use std::collections::BTreeMap;

use crate::tree::TrackedFile;

/// The tests of each row by number: file and name.
pub(super) type Found = BTreeMap<u32, Vec<(String, String)>>;

/// Looks through all files.
pub(super) fn tests(files: &[TrackedFile]) -> Found {
    let mut found = Found::new();
    for file in files {
        let is_web_test = [".spec.ts", ".test.ts", ".test.tsx"].iter().any(|ending| file.path.ends_with(ending));
        let names = match () {
            () if file.path.ends_with(".rs") => rust_tests(&file.text),
            () if is_web_test => titles(&file.text),
            () => continue,
        };
        for (name, numbers) in names {
            for number in numbers {
                let of_row = found.entry(number).or_default();
                if !of_row.contains(&(file.path.clone(), name.clone())) {
                    of_row.push((file.path.clone(), name.clone()));
                }
            }
        }
    }
    found
}

/// Functions under a `#[test]` of any kind, with the rows in their names.
fn rust_tests(text: &str) -> Vec<(String, Vec<u32>)> {
    let mut tests = Vec::new();
    let mut is_test = false;
    for line in text.lines().map(str::trim_start) {
        if line.starts_with("#[") {
            let path = line.trim_start_matches("#[").split(['(', ']']).next().unwrap_or_default();
            is_test |= path == "test" || path.ends_with("::test");
            continue;
        }
        let name = line.strip_prefix("fn ").or_else(|| line.strip_prefix("async fn "));
        if let Some(name) = name.filter(|_| is_test).and_then(|rest| rest.split('(').next()) {
            let rows = name.split('_').filter_map(|word| number(word, 's'));
            tests.push((name.to_owned(), rows.collect()));
        }
        is_test = false;
    }
    tests.retain(|(_, rows): &(String, Vec<u32>)| !rows.is_empty());
    tests
}

/// Titles of tests and scenarios, with the rows before the first colon.
fn titles(text: &str) -> Vec<(String, Vec<u32>)> {
    let mut tests = Vec::new();
    for line in text.lines().map(str::trim_start) {
        let calls = ["test(", "it(", "scenario("];
        let title = calls.iter().find_map(|call| line.strip_prefix(call)).unwrap_or(line);
        let Some(quote) = title.chars().next().filter(|sign| ['"', '\'', '`'].contains(sign)) else { continue };
        let Some(title) = title[1..].split(quote).next() else { continue };
        let Some((head, _)) = title.split_once(": ") else { continue };
        let rows = head.split(|sign: char| !sign.is_ascii_alphanumeric()).filter_map(|word| number(word, 'S'));
        tests.push((title.to_owned(), rows.collect()));
    }
    tests.retain(|(_, rows): &(String, Vec<u32>)| !rows.is_empty());
    tests
}

/// The number in `s01` or `S110`: two or three digits and nothing else.
fn number(word: &str, letter: char) -> Option<u32> {
    let digits = word.strip_prefix(letter)?;
    let is_row = matches!(digits.len(), 2 | 3) && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|_| is_row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_out_of_the_names_of_tests_and_of_nothing_else() {
        let text = "#[tokio::test(flavor = \"x\")]\nasync fn s34_and_s39_nothing() {\n#[test]\n#[cfg(unix)]\nfn http_6_s03_x() {\nfn s01_no_test() {\n#[test]\nfn con_1_s1_s0123() {";
        let wanted = [("s34_and_s39_nothing".to_owned(), vec![34, 39]), ("http_6_s03_x".to_owned(), vec![3])];
        assert_eq!(rust_tests(text), wanted);
    }

    #[test]
    fn rows_are_read_out_of_the_heads_of_titles() {
        let text = "test(\"S59: only http\", () => {\n  scenario(\n    \"T30 (S43, S100): gone\",\n  // S01: no\n  \"as S02 says: no\"\nit('plain S03')";
        let wanted = [
            ("S59: only http".to_owned(), vec![59]),
            ("T30 (S43, S100): gone".to_owned(), vec![43, 100]),
            ("as S02 says: no".to_owned(), vec![2]),
        ];
        assert_eq!(titles(text), wanted);
    }
}
