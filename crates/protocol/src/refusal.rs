//! Refusals: answers that say no, and what to do about it. They are the user's doing and never logged as faults.

use serde::{Deserialize, Serialize};

/// Why a command or request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// The frame is not a command this server knows.
    BadFrame,
    /// A text holds control characters or is otherwise not a text.
    BadText,
    /// Nothing but white space was said.
    Empty,
    /// Longer than the limit.
    TooBig,
    /// A name that cannot be used.
    BadName,
    /// Somebody has that name, or one that looks like it.
    NameTaken,
    /// There is no such thing, or it is not yours to see.
    NotFound,
    /// You may not.
    Forbidden,
    /// Sign in first.
    SignedOut,
    /// Too fast. Wait `retry_after_ms`.
    Rate,
    /// The server has too much to do. Wait `retry_after_ms`; nothing was done.
    Busy,
    /// The disk is full; nothing was done.
    StoreFull,
    /// What somebody, a room or the house may keep of files is used up; nothing was taken.
    QuotaFull,
    /// Too many of something.
    TooMany,
    /// No account has this handle with this password, or it may not come in; which, is not said.
    BadCredentials,
    /// The password is right, and a code of the second factor is needed too, or was wrong.
    CodeNeeded,
    /// Nothing proves that it is still you: show a passkey, or come in anew.
    ProveAgain,
    /// A password that cannot be used.
    BadPassword,
    /// A handle that cannot be used.
    BadHandle,
    /// Somebody has that handle, or one that looks like it.
    HandleTaken,
    /// An e-mail address that cannot be used, or that another account has.
    BadEmail,
    /// The link was used up, taken back, or its time is over.
    LinkOver,
    /// A search that cannot be read: an operator takes something else.
    BadQuery,
    /// The fault is ours; it is unknown whether it was done. Send it again with the same id.
    Internal,
}

impl ErrorCode {
    /// Whether sending the same again later can succeed without anyone changing anything.
    #[must_use]
    pub fn may_retry(self) -> bool {
        matches!(self, ErrorCode::Rate | ErrorCode::Busy | ErrorCode::StoreFull | ErrorCode::Internal)
    }
}

/// A refusal: a code for the program, a sentence for the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[error("{message}")]
pub struct Refusal {
    /// Why.
    pub code: ErrorCode,
    /// What happened and what to do, in one plain sentence.
    pub message: String,
    /// When to try again, in milliseconds from now; absent when trying again does not help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub retry_after_ms: Option<u32>,
    /// The field of a form that it is about, for the HTTP edge (HTTP-5); it is not on the socket.
    #[serde(skip)]
    #[cfg_attr(feature = "typescript", ts(skip))]
    pub field: Option<&'static str>,
}

impl Refusal {
    /// A refusal that trying again does not help.
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Refusal {
        Refusal { code, message: message.into(), retry_after_ms: None, field: None }
    }

    /// A refusal that ends by itself after `retry_after_ms`.
    #[must_use]
    pub fn later(code: ErrorCode, message: impl Into<String>, retry_after_ms: u32) -> Refusal {
        Refusal { code, message: message.into(), retry_after_ms: Some(retry_after_ms), field: None }
    }

    /// The same, about this field of what was asked.
    #[must_use]
    pub fn at(self, field: &'static str) -> Refusal {
        Refusal { field: Some(field), ..self }
    }

    /// The one answer for a handle that is nobody's, a wrong password, and an account that rests (S24).
    #[must_use]
    pub fn bad_credentials() -> Refusal {
        Refusal::new(ErrorCode::BadCredentials, "That handle and that password do not go together.").at("password")
    }

    /// The one answer for a passkey that is nobody's here, is not what it was, or whose owner rests (S24).
    #[must_use]
    pub fn bad_passkey() -> Refusal {
        Refusal::new(ErrorCode::BadCredentials, "That passkey opens nothing here.").at("passkey")
    }

    /// The one answer for a link that was never made.
    #[must_use]
    pub fn no_such_link() -> Refusal {
        Refusal::new(ErrorCode::NotFound, "This link leads nowhere. Ask for another one.").at("token")
    }

    /// The one answer for a link whose time is over, and the reason.
    #[must_use]
    pub fn link_over(why: &str) -> Refusal {
        Refusal::new(ErrorCode::LinkOver, format!("{why} Ask for another one.")).at("token")
    }

    /// The one answer for somebody who is not there, was let go, or does not want to hear from the asker (S48).
    #[must_use]
    pub fn no_such_person() -> Refusal {
        Refusal::new(ErrorCode::NotFound, "There is nobody there to hear it.")
    }

    /// The one answer for a file that does not exist, is not whole, is somebody else's or may not be seen (S36, S41).
    #[must_use]
    pub fn no_such_file() -> Refusal {
        Refusal::new(ErrorCode::NotFound, "There is no such file, or it is not yours to see.")
    }

    /// The one answer for what does not exist and for what may not be seen (S41).
    #[must_use]
    pub fn no_such_room() -> Refusal {
        Refusal::new(ErrorCode::NotFound, "There is no such room, or you are not in it.")
    }
}
