//! What may go wrong in a history, and what is switched off in it.

use parlour_engine::hub::Remedies;

/// What may go wrong in a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    /// Everything; what was lost last is known to the digest alone.
    Storm,
    /// Everything, but at the end something is said in each room that arrives everywhere: a successor reveals each loss.
    Revealed,
    /// Every event arrives, late, twice or out of turn, and every hint is lost; lives of the store end early enough for
    /// later events to tell of it.
    Faithful,
}

impl Weather {
    pub(crate) const ALL: [Weather; 3] = [Weather::Storm, Weather::Revealed, Weather::Faithful];

    /// The weather of a seed: they take turns.
    pub(crate) fn of(seed: u64) -> Weather {
        Weather::ALL[(seed % 3) as usize]
    }
}

/// Writes switches down once: the record, and all of it on.
macro_rules! switches {
    ($(#[$of:meta])+ $record:ident { $($(#[$doc:meta])+ $name:ident,)+ }) => {
        $(#[$of])+
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $record {
            $($(#[$doc])+ pub(crate) $name: bool,)+
        }

        impl $record {
            const ALL: $record = $record { $($name: true,)+ };
        }
    };
}

switches! {
    /// What the model of the store does as the real one does.
    StoreRemedies {
        /// H7: one (room, sender, id) is written once.
        de_duplication,
        /// H3: a repeat is found before a seq is given.
        de_duplication_first,
        /// H1: a seq is given under the lock that is held to the commit.
        head_under_lock,
        /// A post is checked for membership in the transaction that writes it.
        membership_in_transaction,
        /// H31: after a passing refusal the rest of the pipeline is refused too.
        pipeline_stops,
        /// H13, H14: a node of an earlier life writes nothing.
        fenced,
        /// H37: a log's times never go back.
        clamped_times,
        /// H11: a store that lost its end has another epoch.
        new_epoch,
        /// H12: rows and epoch are of one snapshot.
        one_snapshot,
        /// Nothing is published before the commit (LOG-2).
        published_after_commit,
        /// Nothing is answered before the commit (LOG-2).
        answered_after_commit,
    }
}

switches! {
    /// What the model of a client does as a client of the protocol must.
    ClientRemedies {
        /// It resumes with its cursors.
        resumes_by_cursor,
        /// It resumes with the epoch that its cursors are of.
        resumes_with_its_epoch,
        /// SYN-5: it drops what is not above what it has.
        drops_what_it_has,
        /// H31: what was not answered is sent again in order.
        sends_again_in_order,
    }
}

/// What is on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Switches {
    /// None: that of the seed.
    pub(crate) weather: Option<Weather>,
    pub(crate) store: StoreRemedies,
    pub(crate) client: ClientRemedies,
    pub(crate) hub: Remedies,
}

impl Switches {
    pub(crate) const ALL: Switches =
        Switches { weather: None, store: StoreRemedies::ALL, client: ClientRemedies::ALL, hub: Remedies::ALL };
}
