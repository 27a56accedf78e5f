//! The tutorial's frames of the lobby: messages and notices in one ring, so that all classic clients see one order.

use std::borrow::Cow;
use std::collections::VecDeque;

use parlour_protocol::classic::{self, ClassicKind};
use parlour_protocol::{Answers, Change, Event, Seq};

use super::Wrap;
use super::ring::{Bounds, Ring};

/// A ring of classic frames. Beside each frame stands the lobby's seq up to and including it, so that a reader who fell
/// behind can be fed from the store and find its way back (OLD-6).
#[derive(Debug)]
pub(super) struct ClassicRing {
    pub(super) ring: Ring,
    seqs: VecDeque<Seq>,
    newest: Seq,
    /// Every message after this is held.
    gone: Seq,
}

impl ClassicRing {
    /// An empty ring of a lobby whose log was applied up to `applied`.
    pub(super) fn new(applied: Seq, bounds: Bounds) -> ClassicRing {
        let ring = Ring::starting_at(0, bounds.frames, bounds.bytes);
        ClassicRing { ring, seqs: VecDeque::new(), newest: applied, gone: applied }
    }

    /// Adds a message; other events have no frame on this wire but still move the seq. Nobody is given it before
    /// [`ClassicRing::seal`].
    pub(super) fn push_event(&mut self, event: &Event, wrap: Wrap) {
        self.newest = event.seq;
        if let Some((kind, text)) = words(event) {
            self.write(kind, &text, wrap);
        }
    }

    /// Adds one of the two notices.
    pub(super) fn push_notice(&mut self, words: &str, wrap: Wrap) {
        self.seal();
        self.write(ClassicKind::Text, words, wrap);
        self.seal();
    }

    /// Lets every frame go; whoever has not read them is fed from the store.
    pub(super) fn empty(&mut self) {
        self.gone = self.seqs.back().copied().unwrap_or(self.gone);
        self.seqs = VecDeque::new();
        self.ring.empty();
    }

    /// The lobby's seq up to and including the frame at a position still held.
    pub(super) fn seq_at(&self, position: u64) -> Option<Seq> {
        let index = position.checked_sub(self.ring.first())?;
        self.seqs.get(usize::try_from(index).ok()?).copied()
    }

    /// The position of the first frame whose message comes after `seq`; None when a message after it has left the ring and
    /// the ring must have them all.
    pub(super) fn position_after(&self, seq: Seq, must_have_all: bool) -> Option<u64> {
        let ahead = self.seqs.partition_point(|held| *held <= seq);
        (seq >= self.gone || !must_have_all).then(|| self.ring.first() + ahead as u64)
    }

    /// The seq of the newest frame, or of the log when none is held.
    pub(super) fn newest(&self) -> Seq {
        self.newest
    }

    fn write(&mut self, kind: ClassicKind, words: &str, wrap: Wrap) {
        self.ring.write(|open| {
            let start = open.len();
            classic::encode(kind, words, open);
            wrap(open, start);
        });
        self.seqs.push_back(self.newest);
    }

    /// Gives out what was added.
    pub(super) fn seal(&mut self) {
        self.ring.seal();
        while self.seqs.len() as u64 > self.ring.next() - self.ring.first() {
            self.gone = self.seqs.pop_front().unwrap_or(self.newest);
        }
    }
}

/// What the tutorial's frame of an event says; None for what that wire has no words for. Files are told by their names (FILE-5).
pub(super) fn words(event: &Event) -> Option<(ClassicKind, Cow<'_, str>)> {
    match &event.change {
        // That wire knows no threads, and takes nothing back.
        Change::Message { deleted: Some(_), .. } => None,
        Change::Message { answers: Some(Answers { thread: Some(_), also_in_room: false, .. }), .. } => None,
        Change::Message { text, binary, files, .. } => {
            let kind = if *binary { ClassicKind::Binary } else { ClassicKind::Text };
            if files.is_empty() {
                return Some((kind, Cow::Borrowed(text)));
            }
            let said = Some(text.clone()).filter(|text| !text.is_empty());
            let names = files.iter().map(|file| format!("[{}]", file.name));
            Some((kind, Cow::Owned(said.into_iter().chain(names).collect::<Vec<_>>().join("\n"))))
        }
        _ => None,
    }
}
