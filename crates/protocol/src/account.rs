//! Bodies of the HTTP edge about accounts: making one, coming in, sessions, and links into the house (ACC, LINK, DOOR).

use serde::{Deserialize, Serialize};

use crate::ids::RoomId;
use crate::passkey::PasskeyAnswer;
use crate::time::Timestamp;
use crate::user::Role;

/// What nobody but its owner may read: its `Debug` shows no part of it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `POST /api/v1/owner`: make the house one's own, by the link printed at its first start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct OwnerSetup {
    /// The last part of the link.
    pub token: Secret,
    /// What the house is called from now on.
    pub house_name: String,
    /// The name shown.
    pub name: String,
    /// What one signs in with.
    pub handle: String,
    /// The password; where there is a passkey it may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub password: Option<Secret>,
    /// A passkey that was made just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub passkey: Option<PasskeyAnswer>,
    /// An e-mail address, where one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<String>,
}

/// `POST /api/v1/account`: make an account. Somebody inside without one keeps their name, rooms and words; a stranger comes in
/// by it where the door is open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct MakeAccount {
    /// The name shown; a stranger says it, and whoever is inside may leave it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<String>,
    /// What one signs in with.
    pub handle: String,
    /// The password; where there is a passkey it may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub password: Option<Secret>,
    /// A passkey that was made just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub passkey: Option<PasskeyAnswer>,
    /// An e-mail address, where one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<String>,
}

/// `POST /api/v1/sign-in/password`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PasswordSignIn {
    /// The handle, or the e-mail address of an account that has one.
    pub login: String,
    /// The password.
    pub password: Secret,
    /// A code of the second factor, or a recovery code, once it was asked for (`code_needed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub code: Option<Secret>,
}

/// `GET /api/v1/account`: the own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OwnAccount {
    /// What one signs in with; absent for those who came with a name alone and have no account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub handle: Option<String>,
    /// The e-mail address, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<String>,
    /// Whether there is a password.
    pub has_password: bool,
    /// How many passkeys there are.
    pub passkeys: u32,
    /// Whether codes are asked for at sign-in.
    pub second_factor: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes: u32,
}

/// `POST /api/v1/account/password`. Every other session of the account ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now; left out by an account that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub old: Option<Secret>,
    /// A passkey of the account, shown in the old password's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub passkey: Option<PasskeyAnswer>,
    /// The password from now on.
    pub new: Secret,
}

/// The answer to `POST /api/v1/account/second-factor`: what an app that shows codes is told. Nothing is asked for until it was
/// confirmed by a code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct NewSecondFactor {
    /// The secret, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth:` address.
    pub url: Secret,
    /// The same as a picture to be photographed: an SVG.
    pub qr: Secret,
}

/// `POST /api/v1/account/second-factor/confirm`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// What the app shows now.
    pub code: Secret,
}

/// Codes that stand in for the second factor, each once. They are shown this once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct RecoveryCodes {
    /// All of them; any from before are over.
    pub codes: Vec<Secret>,
}

/// `GET /api/v1/sessions`: where one is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Sessions {
    /// The one used last first.
    pub sessions: Vec<OwnSession>,
}

/// One browser that is signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OwnSession {
    /// Which, to end it.
    pub id: String,
    /// What it runs on, in a few words: "Firefox on Linux".
    pub device: String,
    /// When it began.
    pub since: Timestamp,
    /// When it was used last, to ten minutes.
    pub last_seen: Timestamp,
    /// Whether it is the one that asks.
    pub this: bool,
}

/// A body that holds nothing but the last part of a link: `POST /api/v1/invitation`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct LinkToken {
    /// The last part of the link.
    pub token: Secret,
}

/// The answer to `POST /api/v1/invitation`: what a link gives, before it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ShownInvitation {
    /// Who made it, by name.
    pub by: String,
    /// What one becomes: with `guest` a name is all that is asked for.
    pub role: Role,
    /// The rooms it leads to besides the lobby, by name; for a guest the one room.
    pub rooms: Vec<String>,
    /// How long it holds.
    pub expires_at: Timestamp,
}

/// `POST /api/v1/join`: come in by an invitation or a guest link. Somebody inside without an account makes one of themselves;
/// somebody with one becomes a member of the rooms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The last part of the link.
    pub token: Secret,
    /// The name shown; not needed by those who are inside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<String>,
    /// What one signs in with; not for guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub handle: Option<String>,
    /// The password; not for guests, and where there is a passkey it may be left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub password: Option<Secret>,
    /// A passkey that was made just now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub passkey: Option<PasskeyAnswer>,
    /// An e-mail address, where one is wanted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub email: Option<String>,
}

/// `POST /api/v1/knock`: ask to be let in, where the door is by approval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Knock {
    /// The name shown.
    pub name: String,
    /// What one says to those who decide; may be empty.
    #[serde(default)]
    pub note: String,
}

/// The answer to `knock`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Knocked {
    /// What `knock/enter` is asked with; keep it until then.
    pub token: Secret,
    /// Until when the house remembers.
    pub expires_at: Timestamp,
}

/// `POST /api/v1/knock/enter`: 202 and [`Waiting`] while nobody has decided; 201 and a session, once, when one was admitted;
/// `forbidden` when one was not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct KnockEnter {
    /// From [`Knocked`].
    pub token: Secret,
    /// Another name, where somebody took the one asked with meanwhile (`name_taken`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<String>,
}

/// Nobody has decided yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Waiting {
    /// Always true.
    pub waiting: bool,
}

/// `POST /api/v1/reset`: choose a new password by a link. Every session of the account ends, and a new one begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Reset {
    /// The last part of the link.
    pub token: Secret,
    /// The password from now on.
    pub password: Secret,
    /// A code of the second factor, or a recovery code, once it was asked for (`code_needed`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub code: Option<Secret>,
}

/// `POST /api/v1/admin/invitations`: make an invitation or, with the role `guest`, a guest link.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewInvitation {
    /// What those become who use it: `member` when nothing is said; `administrator` is the owners' to give; `guest` admits to
    /// exactly one room with a name alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub role: Option<Role>,
    /// The rooms they are members of from the start, besides the lobby: those to which the maker could add somebody.
    #[serde(default)]
    pub rooms: Vec<RoomId>,
    /// How long it holds, in seconds; a week when nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub expires_s: Option<u32>,
    /// How many may use it; 1 when nothing is said, 0 for as many as come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub uses: Option<u32>,
    /// For whom it is, for the list.
    #[serde(default)]
    pub note: String,
}

/// A link that was made just now. It is shown this once: the house keeps its hash alone.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct MadeLink {
    /// Which invitation it is; absent for a reset link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional, type = "number"))]
    pub id: Option<u64>,
    /// The whole address, to be given to whom it is for.
    pub url: Secret,
    /// The same as a picture to be photographed: an SVG.
    pub qr: String,
    /// How long it holds.
    pub expires_at: Timestamp,
}

/// `GET /api/v1/admin/invitations?before=ID`: invitations and guest links, the newest first, some at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Invitations {
    /// The next ones.
    pub invitations: Vec<Invitation>,
}

/// An invitation, as those who look after the house see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Invitation {
    /// Which.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: u64,
    /// Who made it, by the name they had then.
    pub by: String,
    /// What those become who use it.
    pub role: Role,
    /// The rooms it gives.
    pub rooms: Vec<RoomId>,
    /// For whom it is.
    pub note: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// How long it holds.
    pub expires_at: Timestamp,
    /// How many may use it; 0 for as many as come.
    pub uses_max: u32,
    /// How many have.
    pub uses: u32,
    /// When it was taken back; absent for one that was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub revoked_at: Option<Timestamp>,
}

/// `POST /api/v1/admin/people/ID/reset-link`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct NewResetLink {
    /// Whether using it also takes the second factor and the passkeys away, for somebody who lost them.
    #[serde(default)]
    pub clears_second_factor: bool,
}

/// `GET /api/v1/admin/knocks?after=ID`: who waits at the door, the longest waiting first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Knocks {
    /// The next ones.
    pub knocks: Vec<OpenKnock>,
}

/// Somebody who waits at the door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct OpenKnock {
    /// Which.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: u64,
    /// The name they ask with.
    pub name: String,
    /// What they say.
    pub note: String,
    /// Since when.
    pub at: Timestamp,
}
