//! Accounts, doors and links: the traits about who may come in, and what they take.

use parlour_protocol::account::{Invitation, OpenKnock, OwnAccount, OwnSession, ShownInvitation};
use parlour_protocol::user::{Door, HouseLimits, RoomsBy};
use parlour_protocol::{Role, RoomId, RoomState, Timestamp, User, UserId};

use crate::{Doer, Later, NewPasskey, TokenHash};

/// The house as its own settings have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseFacts {
    /// Its name.
    pub name: String,
    /// Who may come in.
    pub door: Door,
    /// How many people there are, guests of the classic wire not counted.
    pub people: u32,
    /// Whether it is somebody's.
    pub has_owner: bool,
    /// What everybody may do there.
    pub limits: HouseLimits,
}

/// What is to be another thing of the house; what is none stays as it is.
#[derive(Clone, Debug, Default)]
pub struct HouseChange {
    /// Its name, already checked.
    pub name: Option<String>,
    /// Who may come in.
    pub door: Option<Door>,
    /// Messages of one person a second, within its bounds.
    pub posts_per_second: Option<u32>,
    /// Who may make rooms.
    pub rooms_by: Option<RoomsBy>,
    /// Whether the house looks at where messages lead.
    pub link_cards: Option<bool>,
}

/// A name, already checked, and what it is told apart by.
#[derive(Clone, Debug)]
pub struct Named {
    /// As it is shown.
    pub shown: String,
    /// What two of them have in common when people would take one for the other.
    pub skeleton: String,
}

/// What makes somebody's account, already checked.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// What they sign in with.
    pub handle: Named,
    /// An e-mail address, where they want one.
    pub email: Option<String>,
    /// The hash of the password; none for those who come by a provider or a passkey.
    pub password: Option<String>,
    /// A passkey that was made for it.
    pub passkey: Option<NewPasskey>,
    /// Who vouches for them, where a provider does.
    pub identity: Option<Identity>,
}

/// Who somebody is at a provider of identities. An account is found by the two, and by nothing else that a provider says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The provider, as it calls itself.
    pub issuer: String,
    /// Who they are there.
    pub subject: String,
}

/// What a browser brings of before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Visitor {
    /// The session that it had until now.
    pub before: Option<TokenHash>,
    /// The token by which an account, or a room that a guest was in, may know it.
    pub device: Option<TokenHash>,
}

/// A session to be made, in the place of one that ends: nobody keeps a token from before they signed in (S16).
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Its token.
    pub token: TokenHash,
    /// The browser it is for.
    pub visitor: Visitor,
    /// What it runs on.
    pub device: String,
    /// The token by which the browser is known to the account from now on.
    pub known: Option<TokenHash>,
}

/// By what somebody comes in.
#[derive(Clone, Debug)]
pub enum Way {
    /// The open door.
    Open,
    /// The link that makes the house somebody's own, and what it is called from then on.
    OwnerLink(TokenHash, String),
    /// An invitation or a guest link.
    Invitation(TokenHash),
    /// Having been admitted after asking; the name asked with holds unless another is given.
    Knock(TokenHash),
}

/// Somebody who comes in, or who is inside and makes an account of themselves.
#[derive(Clone, Debug)]
pub struct Newcomer {
    /// The name they want; who is inside may keep theirs.
    pub name: Option<Named>,
    /// The account they make; none for guests, and for those who come with a name alone.
    pub credentials: Option<Credentials>,
    /// Their session.
    pub session: NewSession,
}

/// Somebody who came in.
#[derive(Clone, Debug)]
pub struct Entered {
    /// Who.
    pub user: User,
    /// Whether there is a new session; who is inside with an account keeps theirs.
    pub new_session: bool,
    /// Sessions that ended by it.
    pub ended: Vec<TokenHash>,
    /// The rooms they became a member of and did not hear of: those who keep their session.
    pub told: Vec<RoomState>,
}

/// What is known of an account before anybody has proved to be its owner.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose.
    pub user: User,
    /// What they sign in with.
    pub handle: String,
    /// Whether they are let in no more.
    pub suspended: bool,
    /// The hash of the password.
    pub password: Option<String>,
    /// Whether there is a passkey, at whatever name of the house.
    pub has_passkey: bool,
    /// Whether the browser is known to the account.
    pub known_device: bool,
    /// The secret of the second factor, where it is confirmed.
    pub second_factor: Option<Hidden>,
}

/// Bytes that are printed nowhere: their `Debug` shows no part of them.
#[derive(Clone)]
pub struct Hidden(pub Vec<u8>);

impl std::fmt::Debug for Hidden {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// Somebody who changes their own account, and by what they were known. The transaction looks again: neither a session that
/// ended meanwhile nor a password that was replaced changes anything.
#[derive(Clone, Debug)]
pub struct Proven {
    /// Who.
    pub user: UserId,
    /// Their session.
    pub session: TokenHash,
    /// The kept hash that their password was compared with; none where none was asked.
    pub password: Option<String>,
}

/// A second proof, used up by the transaction that lets in.
#[derive(Clone, Copy, Debug)]
pub enum Proof {
    /// None was given.
    Nothing,
    /// A code that is right for this step of time; each is taken once.
    Step(u64),
    /// A recovery code's hash; each is taken once.
    Recovery(TokenHash),
    /// None is needed: what proved the account was two factors by itself.
    NotNeeded,
}

/// Why an invitation is made.
#[derive(Clone, Debug)]
pub struct NewLink {
    /// The link's token.
    pub token: TokenHash,
    /// What it makes of people.
    pub role: Role,
    /// Rooms besides the lobby; a guest's one room.
    pub rooms: Vec<RoomId>,
    /// When it is over.
    pub expires_at: Timestamp,
    /// How many may use it; 0 for as many as come.
    pub uses_max: u32,
    /// For whom it is.
    pub note: String,
}

/// What became of a knock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KnockState {
    /// Nobody has decided.
    Waiting,
    /// They may come in.
    Admitted,
}

/// The house's own settings.
pub trait Houses: Send + Sync {
    /// Notes what the program was started with. While the house has no owner its owner link is this one from now on; whether
    /// it was taken.
    fn begin(&self, name: String, door: Door, link_cards: bool, owner_link: TokenHash) -> Later<bool>;
    /// Whether this is the link that makes the house somebody's own, and it is nobody's yet.
    fn is_owner_link(&self, token: TokenHash) -> Later<bool>;
    /// The house now.
    fn house(&self) -> Later<HouseFacts>;
    /// Changes what is given. Refused with `forbidden`.
    fn set_house(&self, by: Doer, change: HouseChange, now: Timestamp) -> Later<()>;
}

/// Accounts and their sessions.
pub trait Accounts: Send + Sync {
    /// Lets somebody in, or makes an account of somebody inside. Refused with `forbidden`, `name_taken`, `handle_taken`,
    /// `bad_email`, `not_found` and `link_over`.
    fn enter(&self, way: Way, newcomer: Newcomer, now: Timestamp) -> Later<Entered>;
    /// The account of a handle (its skeleton) or an e-mail address; none when it is nobody's.
    fn held_by(
        &self,
        handle: Option<String>,
        email: String,
        device: Option<TokenHash>,
        now: Timestamp,
    ) -> Later<Option<Held>>;
    /// What is known of somebody's own account, and of the browser that asks.
    fn held(&self, user: UserId, device: Option<TokenHash>, now: Timestamp) -> Later<Option<Held>>;
    /// Begins a session of an account whose password was right: the kept hash that it was compared with, and a new one where that
    /// is due. Refused with `bad_credentials` for those who are let in no more and for a hash that was replaced meanwhile, with
    /// `code_needed` without the proof of a second factor.
    fn come_in(
        &self,
        user: UserId,
        password: (String, Option<String>),
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered>;
    /// Sets a password, and ends every session but this one. Returns what ended. Refused with `signed_out`.
    fn set_password(
        &self,
        by: Proven,
        password: String,
        known: Option<TokenHash>,
        now: Timestamp,
    ) -> Later<Vec<TokenHash>>;
    /// The own account, as its owner sees it.
    fn own_account(&self, user: UserId) -> Later<OwnAccount>;
    /// Somebody's live sessions, the one used last first.
    fn sessions(&self, user: UserId, this: TokenHash, now: Timestamp) -> Later<Vec<OwnSession>>;
    /// Ends one of somebody's sessions by its id, or all but one. Returns what ended. Refused with `not_found`.
    fn end_sessions(&self, user: UserId, which: EndOf, now: Timestamp) -> Later<Vec<TokenHash>>;
    /// Ends every session of somebody by office. Refused with `forbidden` or `not_found`.
    fn sign_out_everywhere(&self, by: Doer, whom: UserId, note: String, now: Timestamp) -> Later<Vec<TokenHash>>;
}

/// Second factors of accounts. What changes them is refused with `signed_out` when what proved it holds no more.
pub trait SecondFactors: Send + Sync {
    /// Keeps a secret that is not confirmed yet. Refused with `forbidden` while there is one that is.
    fn begin_second_factor(&self, by: Proven, secret: Hidden, now: Timestamp) -> Later<()>;
    /// The secret that waits to be confirmed.
    fn begun_second_factor(&self, user: UserId) -> Later<Option<Hidden>>;
    /// Asks for it from now on; the code that confirmed it is used up. Refused with `not_found` when none waits.
    fn confirm_second_factor(&self, by: Proven, step: u64, codes: Vec<TokenHash>, now: Timestamp) -> Later<()>;
    /// Puts other recovery codes in the place of those there are. Refused with `not_found` without a second factor.
    fn renew_recovery_codes(&self, by: Proven, codes: Vec<TokenHash>, now: Timestamp) -> Later<()>;
    /// Asks for none any more.
    fn remove_second_factor(&self, by: Proven, now: Timestamp) -> Later<()>;
}

/// Who accounts are at providers of identities.
pub trait Identities: Send + Sync {
    /// The account of an identity; none when it is nobody's.
    fn held_by_identity(&self, identity: Identity) -> Later<Option<Held>>;
    /// Begins a session of it. Refused with `bad_credentials` for those who are let in no more or when it is nobody's now, with
    /// `code_needed` without the proof of a second factor.
    fn come_in_by_identity(
        &self,
        identity: Identity,
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered>;
    /// Lets somebody come in by an identity from now on; twice is once. Refused with `signed_out` when what proved them holds no
    /// more, with `forbidden` when it is another account's or they have another of that provider.
    fn connect(&self, by: Proven, identity: Identity, now: Timestamp) -> Later<()>;
    /// Lets them come in by this issuer no more. `issuers` are those by which one can come in. Refused with `signed_out`, with
    /// `not_found`, and with `forbidden` when no way to come in would be left.
    fn disconnect(&self, by: Proven, issuer: String, issuers: Vec<String>, now: Timestamp) -> Later<()>;
    /// The issuers by which somebody comes in, and since when.
    fn identities_of(&self, user: UserId) -> Later<Vec<(String, Timestamp)>>;
}

/// Which sessions to end.
#[derive(Clone, Debug)]
pub enum EndOf {
    /// The one of this id.
    One(String),
    /// All but this one.
    AllBut(TokenHash),
}

/// Links into the house, and those who wait at its door.
pub trait Links: Send + Sync {
    /// Makes an invitation or a guest link. Refused with `forbidden`, `not_found` or `too_many`.
    fn invite(&self, by: Doer, new: NewLink, now: Timestamp) -> Later<u64>;
    /// Takes one back. Refused with `forbidden` or `not_found`.
    fn revoke_invitation(&self, by: Doer, invitation: u64, note: String, now: Timestamp) -> Later<()>;
    /// The invitations before one, the newest first. Refused with `forbidden`.
    fn invitations(&self, asker: UserId, before: u64) -> Later<Vec<Invitation>>;
    /// What a link gives. Refused with `not_found` or `link_over`, and with `forbidden` a guest link in a browser from which somebody
    /// was removed from its room.
    fn invitation(&self, token: TokenHash, visitor: Visitor, now: Timestamp) -> Later<ShownInvitation>;
    /// Makes a link by which somebody chooses a new password. Refused with `forbidden` or `not_found`.
    fn make_reset_link(
        &self,
        by: Doer,
        whom: UserId,
        token: TokenHash,
        clears_second_factor: bool,
        now: Timestamp,
    ) -> Later<Timestamp>;
    /// The account that a reset link is to, with its second factor where the link leaves it. Refused with `not_found`,
    /// `link_over`, and `forbidden` for who is let in no more.
    fn look_at_reset(&self, token: TokenHash, now: Timestamp) -> Later<Held>;
    /// Uses it: sets the password, ends every session, begins one. Refused as above, and with `code_needed`.
    fn reset(
        &self,
        token: TokenHash,
        password: String,
        proof: Proof,
        session: NewSession,
        now: Timestamp,
    ) -> Later<Entered>;
    /// Notes somebody at the door. Refused with `forbidden`, `name_taken` or `too_many`.
    fn knock(&self, token: TokenHash, name: Named, note: String, now: Timestamp) -> Later<Timestamp>;
    /// What became of it. Refused with `not_found`, `forbidden` or `link_over`.
    fn knock_state(&self, token: TokenHash, now: Timestamp) -> Later<KnockState>;
    /// The next who wait after one. Refused with `forbidden`.
    fn knocks(&self, asker: UserId, after: u64, now: Timestamp) -> Later<Vec<OpenKnock>>;
    /// Decides. Refused with `forbidden` or `not_found`.
    fn settle_knock(&self, by: Doer, knock: u64, admitted: bool, note: String, now: Timestamp) -> Later<()>;
    /// Declines everyone who waits now; nobody is nothing. Refused with `forbidden`.
    fn decline_knocks(&self, by: Doer, note: String, now: Timestamp) -> Later<()>;
}
