//! The line on a terminal that says how far the run is.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

const EVERY: Duration = Duration::from_millis(200);

/// A line that is written anew again and again; nothing where nobody watches.
pub(super) struct Live {
    is_watched: bool,
    shown: Mutex<Option<Instant>>,
}

impl Live {
    pub(super) fn new() -> Live {
        Live { is_watched: std::io::stderr().is_terminal(), shown: Mutex::new(None) }
    }

    /// Shows a line, unless one was shown just now.
    pub(super) fn show(&self, line: impl FnOnce() -> String) {
        if !self.is_watched {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.is_none_or(|shown| shown.elapsed() >= EVERY) {
            *shown = Some(Instant::now());
            write(&line());
        }
    }

    /// Clears the line.
    pub(super) fn clear(&self) {
        if self.is_watched {
            *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = None;
            write("");
        }
    }
}

fn write(line: &str) {
    // Nobody may be watching any more, which is no reason to stop.
    let mut terminal = std::io::stderr();
    let _ = write!(terminal, "\r\x1b[K{line}");
    let _ = terminal.flush();
}

/// A number as people write it.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 && digits.as_bytes()[index - 1] != b'-' {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let told = [0.4, 12.0, 999.6, 1_000.0, 1_234_567.0].map(grouped);
        assert_eq!(told, ["0", "12", "1,000", "1,000", "1,234,567"]);
    }
}
