//! Passkeys: the trait about them, and what it takes.

use parlour_protocol::passkey::Passkey;
use parlour_protocol::{Timestamp, UserId};

use crate::{Entered, Later, NewSession, Proven};

/// What an authenticator knows an account by: random, so that it says nothing of anybody.
pub type Owner = [u8; 16];

/// A passkey to be kept.
#[derive(Clone, Debug)]
pub struct NewPasskey {
    /// What the authenticator knows the account by; one account has one.
    pub owner: Owner,
    /// What the authenticator calls the passkey.
    pub credential_id: Vec<u8>,
    /// The name of the house that it is bound to.
    pub site: String,
    /// What its owner calls it.
    pub name: String,
    /// What the library that checks it keeps, as JSON: its public key and counter.
    pub credential: String,
}

/// A passkey as it is kept.
#[derive(Clone, Debug)]
pub struct KeptPasskey {
    /// Which.
    pub id: u64,
    /// Whose.
    pub user: UserId,
    /// What the authenticator knows them by.
    pub owner: Owner,
    /// The name of the house that it is bound to.
    pub site: String,
    /// What the library that checks it keeps.
    pub credential: String,
}

/// A passkey that was shown and found right.
#[derive(Clone, Debug)]
pub struct ShownPasskey {
    /// Which, as it was kept when it was checked. The transaction looks again: one that was removed meanwhile, or shown by another
    /// with the same counter, does nothing.
    pub kept: KeptPasskey,
    /// What is kept from now on: the counter has moved.
    pub credential: String,
}

/// What somebody has for making another passkey.
#[derive(Clone, Debug)]
pub struct OwnPasskeys {
    /// What authenticators know them by; none while they never had a passkey.
    pub owner: Option<Owner>,
    /// What authenticators call their passkeys of this house, so that none keeps two.
    pub credential_ids: Vec<Vec<u8>>,
}

/// Passkeys of accounts.
pub trait Passkeys: Send + Sync {
    /// Somebody's passkeys, the first one first.
    fn passkeys(&self, user: UserId) -> Later<Vec<Passkey>>;
    /// The same as an authenticator is told, those of one name of the house.
    fn own_passkeys(&self, user: UserId, site: String) -> Later<OwnPasskeys>;
    /// The passkey that an authenticator calls so, and whose.
    fn passkey(&self, credential_id: Vec<u8>) -> Later<Option<KeptPasskey>>;
    /// Begins a session of the account of a passkey. Refused with `bad_credentials` for one that is not kept as it was any more, and
    /// for those who are let in no more.
    fn come_in_by_passkey(&self, shown: ShownPasskey, session: NewSession, now: Timestamp) -> Later<Entered>;
    /// Notes that a passkey was shown. Refused with `bad_credentials` when it is not kept as it was any more.
    fn use_passkey(&self, shown: ShownPasskey, now: Timestamp) -> Later<()>;
    /// Keeps one more. Refused with `signed_out`, `too_many`, and `forbidden` for one that is kept already.
    fn add_passkey(&self, by: Proven, new: NewPasskey, now: Timestamp) -> Later<()>;
    /// Calls one of the own passkeys something else. Refused with `not_found`.
    fn rename_passkey(&self, user: UserId, passkey: u64, name: String) -> Later<()>;
    /// Keeps one no more. Refused with `signed_out`, `not_found`, and `forbidden` for the last thing that lets its owner in at this
    /// name of the house.
    fn remove_passkey(&self, by: Proven, passkey: u64, site: Option<String>, now: Timestamp) -> Later<()>;
}
