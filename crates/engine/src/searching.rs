//! Looking for what was said.

use parlour_domain::access::Action;
use parlour_domain::search::{Query, Zone};
use parlour_protocol::Refusal;
use parlour_protocol::search::{Search, SearchPage};
use parlour_store::SearchFor;

use crate::{Actor, Engine, refuse};

impl Engine {
    /// What answers, in the rooms that the asker is in and as far back as they may read there (SRCH-1).
    ///
    /// # Errors
    /// `bad_query`, `empty`, `too_big` or `too_many` for what is no question, `not_found` for a room they are not in, `rate`, `busy`.
    pub async fn search(&self, actor: &Actor, search: &Search) -> Result<SearchPage, Refusal> {
        self.may(Action::Search, actor.who())?;
        if self.config.limits {
            self.throttle.search(actor.user.id, self.steady_ms())?;
        }
        let query = Query::parse(&search.q, Zone::minutes(search.zone_min))?;
        let ask =
            SearchFor { asker: actor.user.id, query, room: search.room, order: search.order, before: search.before };
        self.store.search(ask).await.map_err(refuse)
    }
}
