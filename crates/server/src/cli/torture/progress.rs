//! The line on a terminal that says how far the torture is.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{Instant, interval};

use super::book::{Book, Phase};
use super::line::Way;
use super::plan::Kind;

const EVERY: Duration = Duration::from_millis(200);

/// A line that is written anew again and again; nothing where nobody watches.
pub(super) struct Progress(Option<JoinHandle<()>>);

impl Progress {
    /// Begins to show it.
    pub(super) fn start(book: Arc<Book>, way: Arc<Way>) -> Progress {
        if !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        let began = Instant::now();
        Progress(Some(tokio::spawn(async move {
            let mut tick = interval(EVERY);
            loop {
                tick.tick().await;
                show(&format!("{:6.1} s  {}", began.elapsed().as_secs_f64(), line(&book, &way)));
            }
        })))
    }

    /// Clears the line.
    pub(super) fn end(self) {
        if let Some(task) = self.0 {
            task.abort();
            show("");
        }
    }
}

fn line(book: &Book, way: &Way) -> String {
    let cuts = way.hits.of(Kind::Cut) + way.hits.of(Kind::HalfOpen) + way.hits.of(Kind::Suppress);
    let phase = match book.phase() {
        Phase::Load => "torturing",
        Phase::Settle => "settling",
        Phase::Finish(_) => "reading",
    };
    format!(
        "{phase}  sent {}  acknowledged {}  seen {}  kills {}  cuts {cuts}  violations {}",
        book.sent.get(),
        book.acknowledged.get(),
        book.seen.get(),
        way.hits.of(Kind::Kill),
        book.violations.get(),
    )
}

fn show(line: &str) {
    // Nobody may be watching any more, which is no reason to stop.
    let mut terminal = std::io::stderr();
    let _ = write!(terminal, "\r\x1b[K{line}");
    let _ = terminal.flush();
}
