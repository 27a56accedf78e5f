//! Secrets are compared by what takes the same time whatever it finds (S26), and no code of ours is unsafe (S108).

use super::{File, files};
use crate::tree::root;

/// What is served with; the command line's benchmarks and proofs hold no secret of a house.
const SERVED: [&str; 5] =
    ["crates/protocol/src/", "crates/domain/src/", "crates/store/src/", "crates/engine/src/", "crates/server/src/"];
const OTHERS: [&str; 2] = ["/cli/torture/", "/cli/bench/"];
/// Parts of names that say secret. What is looked up in a table by its hash is not compared by us.
const SECRET: [&str; 9] =
    ["token", "secret", "password", "hash", "digest", "signature", "verifier", "nonce", "recovery"];
/// Types that hold a secret and must not be comparable at all.
const UNCOMPARED: [&str; 2] = ["pub struct Token(", "pub struct Hidden("];
/// Comparisons of hashes that the store itself has made of tokens, to tell one's own session from the others: what their time tells
/// is of a hash, and leads to no token.
const OF_HASHES: [(&str, &str); 4] = [
    ("crates/store/src/sqlite/sessions.rs", "*token != new.token"),
    ("crates/store/src/sqlite/sessions.rs", "token == this"),
    ("crates/store/src/sqlite/sessions.rs", "Some(*token) != but"),
    ("crates/store/src/sqlite/sessions.rs", "id_of(token) == *id"),
];

/// The lines that are built into a house.
fn lines(file: &File) -> impl Iterator<Item = (usize, &str)> {
    let built = file.text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    built.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a comparison has a secret on either side.
fn compares_a_secret(line: &str) -> bool {
    let is_part = |sign: char| sign.is_alphanumeric() || "_.:*&()".contains(sign);
    [" == ", " != "].iter().any(|operator| {
        let sides = line.split(operator).collect::<Vec<_>>();
        sides.windows(2).any(|pair| {
            let left = pair[0].rsplit(|sign| !is_part(sign)).next().unwrap_or_default();
            let right = pair[1].split(|sign| !is_part(sign)).next().unwrap_or_default();
            [left, right].iter().any(|side| {
                // The last part of a path that is a name and no place of a tuple.
                let mut parts = side.trim_end_matches(['(', ')', '&', '*']).rsplit(['.', ':']);
                let is_name = |part: &&str| !part.is_empty() && !part.bytes().all(|byte| byte.is_ascii_digit());
                let name = parts.find(is_name).unwrap_or_default();
                SECRET.iter().any(|word| name.to_lowercase().contains(word))
            })
        })
    })
}

#[test]
fn s26_no_secret_is_compared_but_in_constant_time() {
    let (mut faults, mut uncompared) = (Vec::new(), 0);
    for file in files() {
        let is_served = SERVED.iter().any(|folder| file.path.starts_with(folder))
            && !OTHERS.iter().any(|folder| file.path.contains(folder));
        if !is_served || !file.path.ends_with(".rs") {
            continue;
        }
        let mut derived = "";
        for (number, line) in lines(&file) {
            let is_listed = OF_HASHES.iter().any(|(path, words)| *path == file.path && line.contains(words));
            if compares_a_secret(line) && !is_listed {
                faults.push(format!("{}:{}: {}", file.path, number + 1, line.trim()));
            }
            if UNCOMPARED.iter().any(|head| line.starts_with(head)) {
                uncompared += 1;
                if derived.contains("PartialEq") {
                    faults.push(format!("{}:{}: can be compared with ==", file.path, number + 1));
                }
            }
            derived = line;
        }
    }
    assert!(
        faults.is_empty(),
        "compare secrets in constant time (`subtle`), or by looking up their hash:\n{}",
        faults.join("\n")
    );
    assert_eq!(uncompared, UNCOMPARED.len());
}

#[test]
fn comparisons_of_secrets_are_told_from_others() {
    for secret in ["if token == kept {", "x.password != other", "(self.secret.0 == *given)", "a && b.hash() == c"] {
        assert!(compares_a_secret(secret), "{secret}");
    }
    for other in
        ["if refusal.code == ErrorCode::Rate {", "opcode.is_control() == x", "tokens.len() == 3", "let token = a;"]
    {
        assert!(!compares_a_secret(other), "{other}");
    }
}

#[test]
fn s108_no_code_of_ours_is_unsafe_and_what_strangers_send_is_fuzzed() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect("it is there");
    assert!(read("Cargo.toml").contains("[workspace.lints.rust]\nunsafe_code = \"forbid\""));
    for file in files() {
        let is_ours = file.path.starts_with("crates/") || file.path.starts_with("xtask/");
        if is_ours && file.path.ends_with("/Cargo.toml") {
            assert!(file.text.contains("[lints]\nworkspace = true"), "{} keeps rules of its own", file.path);
        }
        let says_unsafe = |line: &str| line.starts_with("#![allow(unsafe") || line.trim_start().starts_with("unsafe ");
        let unsafe_line = file.text.lines().find(|line| is_ours && says_unsafe(line));
        assert_eq!(unsafe_line.filter(|_| file.path.ends_with(".rs")), None, "{}", file.path);
    }
    for target in ["frame", "command", "words"] {
        assert!(
            read("fuzz/Cargo.toml").contains(&format!("name = \"{target}\""))
                && read("bin/ci").contains("bin/fuzz all")
        );
    }
}
