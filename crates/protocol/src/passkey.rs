//! Bodies of the HTTP edge about passkeys (KEY). What a browser is asked and what it answers is WebAuthn's own JSON, with bytes in
//! base64url: what `PublicKeyCredential.toJSON()` gives.

use serde::{Deserialize, Serialize};

use crate::account::Secret;
use crate::time::Timestamp;

/// What a browser answered about a passkey: one that it made, or one that it shows. Good once; its `Debug` shows no part of it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(transparent)]
pub struct PasskeyAnswer(#[cfg_attr(feature = "typescript", ts(type = "unknown"))] pub serde_json::Value);

impl std::fmt::Debug for PasskeyAnswer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasskeyAnswer(…)")
    }
}

/// What a browser is to be asked with: the `publicKey` of `navigator.credentials.create` or `.get`. A cookie ties the answer to the
/// browser.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct PasskeyQuestion {
    /// The options.
    #[cfg_attr(feature = "typescript", ts(type = "unknown"))]
    pub options: serde_json::Value,
}

/// `POST /api/v1/sign-in/passkey`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct PasskeySignIn {
    /// The passkey that is shown.
    pub passkey: PasskeyAnswer,
}

/// `POST /api/v1/passkey/begin`: a passkey for an account that is to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FirstPasskey {
    /// What one would sign in with; the authenticator shows it.
    pub handle: String,
}

/// `POST /api/v1/account/passkeys`: keep a passkey that was made just now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct AddPasskey {
    /// What its owner calls it; without one it is called after what the browser runs on.
    #[serde(default)]
    pub name: String,
    /// The passkey that was made.
    pub passkey: PasskeyAnswer,
}

/// `POST /api/v1/account/passkeys/ID/rename`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct RenamePasskey {
    /// What it is called from now on.
    pub name: String,
}

/// A body that proves again that it is oneself (ACC-8): `POST /api/v1/account/second-factor`, its `remove` and `recovery-codes`, and
/// the `begin` and `remove` of passkeys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The password; left out by an account that has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub password: Option<Secret>,
    /// A passkey of the account, shown in the password's place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub passkey: Option<PasskeyAnswer>,
}

/// `GET /api/v1/account/passkeys`: the own passkeys, and the answer to adding one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Passkeys {
    /// The one made first, first.
    pub passkeys: Vec<Passkey>,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Passkey {
    /// Which.
    #[cfg_attr(feature = "typescript", ts(type = "number"))]
    pub id: u64,
    /// What its owner calls it.
    pub name: String,
    /// The name of the house that it is bound to; at any other it cannot be shown.
    pub site: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was shown last; absent for one that never was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub used_at: Option<Timestamp>,
}
