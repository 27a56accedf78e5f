//! Builds the web client when it is missing or older than its sources, so that `cargo run` is all it takes.

use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node that the web client's tools run on.
const NODE_MIN: (u32, u32) = (20, 19);
/// What the web client is made from, below `web/`.
const SOURCES: [&str; 6] = ["src", "public", "index.html", "package.json", "package-lock.json", "vite.config.ts"];

fn main() {
    let web = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");
    for source in SOURCES {
        println!("cargo:rerun-if-changed={}", web.join(source).display());
    }
    println!("cargo:rerun-if-changed={}", web.join("dist/index.html").display());
    println!("cargo:rerun-if-changed=build.rs");
    let newest = SOURCES.iter().filter_map(|source| newest(&web.join(source))).max();
    let built = modified(&web.join("dist/index.html"));
    if built.is_some() && built >= newest {
        return;
    }
    if let Err(problem) = build(&web) {
        // One readable block instead of a backtrace.
        println!("cargo:warning=The web client could not be built: {problem}");
        eprintln!("\nThe web client could not be built.\n{problem}\n");
        std::process::exit(1);
    }
}

fn build(web: &Path) -> Result<(), String> {
    check_node()?;
    let installed = modified(&web.join("node_modules/.package-lock.json"));
    if installed.is_none() || installed < modified(&web.join("package-lock.json")) {
        npm(web, &["ci", "--no-audit", "--no-fund"])?;
    }
    npm(web, &["run", "--silent", "build"])
}

fn check_node() -> Result<(), String> {
    let advice = "Install Node.js 20.19 or newer (https://nodejs.org, or your system's packages), then run this again.";
    let output = Command::new("node").arg("--version").output();
    let output = output.map_err(|_| format!("Node.js was not found. {advice}"))?;
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse().unwrap_or(0));
    let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    if found < NODE_MIN { Err(format!("Node.js {version} is too old. {advice}")) } else { Ok(()) }
}

fn npm(web: &Path, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("npm").args(arguments).current_dir(web).output();
    let output = output.map_err(|_| "npm was not found. It comes with Node.js; install that again.".to_owned())?;
    if output.status.success() {
        return Ok(());
    }
    let (said, failed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Err(format!("`npm {}` failed in web/:\n{said}\n{failed}", arguments.join(" ")))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

/// The newest change of a file, or of anything in a folder.
fn newest(path: &Path) -> Option<SystemTime> {
    let own = modified(path)?;
    let Ok(entries) = path.read_dir() else { return Some(own) };
    entries.filter_map(|entry| newest(&entry.ok()?.path())).chain([own]).max()
}
