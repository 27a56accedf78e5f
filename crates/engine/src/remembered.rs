//! Sessions that are about to open a socket: whoever signs in, or loads the page, comes to `/ws` a moment later, and the store need
//! not be asked who they are a second time.
//!
//! What is remembered is taken out by the one socket that uses it, so it holds no memory beside the sockets. It lets nobody in
//! by itself: `hello` is answered from a snapshot of the store that shows the session alive (CON-7). All the same it is
//! forgotten with whatever ends, suspends or changes somebody, also from the command line, and after a minute.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use parlour_protocol::{Timestamp, User};
use parlour_store::{Session, TokenHash};

/// Sessions remembered at once. One more, and all are forgotten: they are in the store.
const REMEMBERED_MAX: usize = 32_768;
/// For so long, as long as until the sessions of open sockets are looked up.
const GOOD_FOR_MS: u64 = 60_000;

/// The sessions.
#[derive(Debug, Default)]
pub(crate) struct Remembered(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    sessions: HashMap<TokenHash, (Session, u64)>,
    /// Grows whenever something is forgotten: what was read before that is not remembered after it.
    forgotten: u64,
}

/// How often something had been forgotten when the store was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Asked(u64);

impl Remembered {
    /// Before the store is asked.
    pub(crate) fn asking(&self) -> Asked {
        Asked(self.kept().forgotten)
    }

    /// What the store answered.
    pub(crate) fn remember(&self, asked: Asked, token: TokenHash, session: &Session, now_ms: u64) {
        let mut kept = self.kept();
        if kept.forgotten != asked.0 {
            return;
        }
        if kept.sessions.len() >= REMEMBERED_MAX {
            kept.sessions = HashMap::new();
        }
        kept.sessions.insert(token, (session.clone(), now_ms));
    }

    /// Whose session this is, once.
    pub(crate) fn take(&self, token: TokenHash, now: Timestamp, now_ms: u64) -> Option<User> {
        let mut kept = self.kept();
        let (session, at_ms) = kept.sessions.remove(&token)?;
        if kept.sessions.capacity() > 64 && kept.sessions.len() < kept.sessions.capacity() / 4 {
            kept.sessions.shrink_to_fit();
        }
        (now < session.expires_at && now_ms < at_ms + GOOD_FOR_MS).then_some(session.user)
    }

    /// These have ended.
    pub(crate) fn forget(&self, tokens: &[TokenHash]) {
        let mut kept = self.kept();
        kept.forgotten += 1;
        for token in tokens {
            kept.sessions.remove(token);
        }
    }

    /// Somebody is not what they were, or something was done outside.
    pub(crate) fn forget_all(&self) {
        let mut kept = self.kept();
        kept.forgotten += 1;
        kept.sessions = HashMap::new();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use parlour_protocol::{Role, UserId};

    use super::*;

    fn session() -> Session {
        let user = User { id: UserId(2), name: "Ada".to_owned(), guest: false, role: Role::Member };
        Session { user, began_at: Timestamp(0), expires_at: Timestamp(1_000_000) }
    }

    fn known() -> Remembered {
        let remembered = Remembered::default();
        remembered.remember(remembered.asking(), [7; 32], &session(), 0);
        remembered
    }

    #[test]
    fn con_7_a_session_is_remembered_once_for_a_minute_and_not_beyond_its_end() {
        let (now, taken) = (Timestamp(0), Some(session().user));
        let remembered = known();
        assert_eq!(remembered.take([7; 32], now, 59_999), taken);
        assert_eq!(remembered.take([7; 32], now, 59_999), None, "it was taken");
        assert_eq!(known().take([8; 32], now, 0), None, "another's");
        assert_eq!(known().take([7; 32], now, 60_000), None, "too long ago");
        assert_eq!(known().take([7; 32], Timestamp(999_999), 0), taken);
        assert_eq!(known().take([7; 32], Timestamp(1_000_000), 0), None, "it is over");
    }

    #[test]
    fn con_7_what_was_forgotten_while_the_store_was_asked_is_not_remembered() {
        let now = Timestamp(0);
        let forgets: [fn(&Remembered); 2] = [|kept| kept.forget(&[[7; 32]]), Remembered::forget_all];
        for forget in forgets {
            let remembered = known();
            let asked = remembered.asking();
            forget(&remembered);
            assert_eq!(remembered.take([7; 32], now, 0), None);
            remembered.remember(asked, [7; 32], &session(), 0);
            assert_eq!(remembered.take([7; 32], now, 0), None);
        }
        let remembered = known();
        remembered.forget(&[[8; 32]]);
        assert_eq!(remembered.take([7; 32], now, 0), Some(session().user), "another one ended");
    }

    #[test]
    fn con_7_no_more_are_remembered_than_the_bound_and_their_memory_goes_with_them() {
        let remembered = Remembered::default();
        let token = |n: usize| {
            let mut token = [0; 32];
            token[..8].copy_from_slice(&n.to_le_bytes());
            token
        };
        for n in 0..=REMEMBERED_MAX {
            remembered.remember(remembered.asking(), token(n), &session(), 0);
            assert!(remembered.kept().sessions.len() <= REMEMBERED_MAX);
        }
        assert_eq!(remembered.kept().sessions.len(), 1);
        (0..10_000).for_each(|n| remembered.remember(remembered.asking(), token(n), &session(), 0));
        (0..10_000).for_each(|n| drop(remembered.take(token(n), Timestamp(0), 0)));
        assert!(remembered.kept().sessions.capacity() < 128);
    }
}
