//! Places where a test makes the house panic, to see what lives on (S99). Only in builds with debug assertions, which no release
//! is: there is nothing else in a release than a call of nothing.

/// Where.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// A request, by its path.
    Request,
    /// A text frame of `parlour.v1`.
    Frame,
    /// The writer's thread, by the words of a message that it has just made durable.
    #[cfg(debug_assertions)]
    Commit,
}

/// Panics when the environment names a word for this place, as in `PARLOUR_PANIC_AT_FRAME=word`, and it is in here.
#[cfg(debug_assertions)]
pub(crate) fn reach(place: Place, what: &str) {
    use std::sync::OnceLock;
    static WORDS: OnceLock<[Option<String>; 3]> = OnceLock::new();
    let words = WORDS.get_or_init(|| {
        ["REQUEST", "FRAME", "COMMIT"].map(|name| std::env::var(format!("PARLOUR_PANIC_AT_{name}")).ok())
    });
    let word = match place {
        Place::Request => &words[0],
        Place::Frame => &words[1],
        Place::Commit => &words[2],
    };
    assert!(!word.as_ref().is_some_and(|word| what.contains(word.as_str())), "a test asked for it");
}

/// The same for the words of every message that was made durable.
#[cfg(debug_assertions)]
pub(crate) fn committed(committed: &parlour_store::Committed) {
    for event in &committed.events {
        if let parlour_protocol::Change::Message { text, .. } = &event.change {
            reach(Place::Commit, text);
        }
    }
}

/// Nothing.
#[cfg(not(debug_assertions))]
pub(crate) fn committed(_committed: &parlour_store::Committed) {}

/// Nothing.
#[cfg(not(debug_assertions))]
pub(crate) fn reach(_place: Place, _what: &str) {}
