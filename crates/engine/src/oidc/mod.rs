//! Coming in by a provider of identities (OpenID Connect): who provides ([`Settings`]), who is on their way there ([`flows`]),
//! and what is believed of what comes back ([`provider`]).

mod flows;
mod provider;
mod settings;

pub use settings::Settings;

pub(crate) use flows::{Flow, Flows, Purpose, Waiting};
pub(crate) use provider::{Failure, Provider, Vouched};

use std::sync::Arc;

use crate::outgoing::Outgoing;

/// All providers of the house, and those on their way to them.
pub(crate) struct Providers {
    pub(crate) all: Vec<Provider>,
    pub(crate) outgoing: Arc<Outgoing>,
    pub(crate) flows: Flows,
}

impl Providers {
    pub(crate) fn new(settings: &[Settings]) -> Providers {
        let all = settings.iter().cloned().map(Provider::new).collect();
        Providers { all, outgoing: Arc::default(), flows: Flows::default() }
    }

    /// The provider of a name, and its place.
    pub(crate) fn named(&self, name: &str) -> Option<(usize, &Provider)> {
        self.all.iter().enumerate().find(|(_, provider)| provider.settings.name == name)
    }

    /// The one that calls itself so.
    pub(crate) fn of_issuer(&self, issuer: &str) -> Option<&Provider> {
        self.all.iter().find(|provider| provider.settings.issuer() == issuer)
    }
}
