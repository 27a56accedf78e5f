//! Looking for what was said.

use parlour_domain::search::Query;
use parlour_protocol::search::{SearchOrder, SearchPage, SearchPlace};
use parlour_protocol::{RoomId, UserId};

use crate::Later;

/// Who looks for what, and where.
#[derive(Clone, Debug)]
pub struct SearchFor {
    /// Who asks: what they may not read is not found.
    pub asker: UserId,
    /// What for.
    pub query: Query,
    /// In this room alone.
    pub room: Option<RoomId>,
    /// Which results come first.
    pub order: SearchOrder,
    /// Older ones than this alone.
    pub before: Option<SearchPlace>,
}

/// What was said, by its words.
pub trait Searches: Send + Sync {
    /// The messages that answer, among all that the asker may read in the rooms they are in, everything that was committed before
    /// this call included unless the page says that the index is behind. Refused with `not_found` for a room they are not in.
    fn search(&self, ask: SearchFor) -> Later<SearchPage>;
}
