//! The story of one history, told step by step when it is replayed.

use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

static IS_TOLD: AtomicBool = AtomicBool::new(false);

/// From now on each step is printed.
pub(crate) fn begin() {
    IS_TOLD.store(true, Ordering::Relaxed);
}

/// Says what happens, when somebody listens.
pub(crate) fn tell(line: impl FnOnce() -> String) {
    if IS_TOLD.load(Ordering::Relaxed) && writeln!(std::io::stdout(), "{}", line()).is_err() {
        // Whoever read it, as through `head`, has read enough.
        std::process::exit(1);
    }
}
