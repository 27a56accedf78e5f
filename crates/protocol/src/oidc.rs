//! Bodies of the HTTP edge about providers of identities (OpenID Connect; OIDC): what a page says of them, and what it asks.

use serde::{Deserialize, Serialize};

use crate::account::Secret;
use crate::time::Timestamp;

/// A provider that the house was told of, as the page names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Provider {
    /// What stands for it in addresses.
    pub name: String,
    /// What people call it.
    pub title: String,
}

/// A provider by which an account is entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Connected {
    /// Which, by its name.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
}

/// The answer to `POST /api/v1/oidc/NAME/start` and `/connect`: where the browser is to go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct ToProvider {
    /// The provider's own page.
    pub url: Secret,
}

/// What is still to be said by somebody for whom a provider vouched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum IdentityAsks {
    /// A handle, and from a stranger a name: there is no account yet.
    Account,
    /// A code of the account's second factor.
    Code,
    /// Nothing that they could say: the door is by approval, and somebody has to let them in.
    Knock,
}

/// `GET /api/v1/oidc/waiting`: the identity with which this browser came back, and what is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct WaitingIdentity {
    /// The provider.
    pub provider: Provider,
    /// What is missing.
    pub asks: IdentityAsks,
    /// The name they have there; may be empty.
    pub name: String,
    /// A handle like the one they have there; may be empty.
    pub handle: String,
}

/// `POST /api/v1/oidc/finish`: what was missing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(deny_unknown_fields)]
pub struct FinishIdentity {
    /// The name shown; whoever is inside may leave it as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub name: Option<String>,
    /// What the account is called among accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub handle: Option<String>,
    /// A code of the second factor, or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub code: Option<Secret>,
}
