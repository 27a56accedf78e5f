//! The ground of the house: every shape on the wire, as plain data.
//!
//! Reading order: [`ids`] and [`time`], then what a client may ask ([`command`]), what it is answered
//! ([`reply`], [`refusal`]), what it is told ([`push`], with what a message says in [`markup`] and what it leads to in [`card`]), how a connection ends ([`close`]), the bodies of the HTTP
//! edge ([`http`], [`search`], [`account`], [`passkey`], [`admin`], [`file`]), and every public limit ([`limits`]). [`codec`] turns frames into bytes and back.
//! [`classic`] is the tutorial's wire.
//!
//! There is no async, no I/O and no SQL here, and nothing here decides anything: rules live in `domain`.

pub mod account;
pub mod admin;
pub mod card;
pub mod classic;
pub mod close;
pub mod codec;
pub mod command;
pub mod file;
pub mod http;
pub mod ids;
pub mod limits;
pub mod markup;
pub mod oidc;
pub mod passkey;
pub mod push;
pub mod refusal;
pub mod reply;
pub mod room;
pub mod search;
pub mod time;
#[cfg(feature = "typescript")]
pub mod typescript;
pub mod user;

pub use card::{Card, CardPicture};
pub use command::{ClientFrame, Command, Hello};
pub use file::Attachment;
pub use ids::{ClientId, ConnectionId, Epoch, FileId, RoomId, Seq, UserId};
pub use push::{Answers, Author, Change, Event, Mention, Mentioned, Notice, ServerFrame, Signal};
pub use refusal::{ErrorCode, Refusal};
pub use reply::{Reply, Welcome};
pub use room::{History, NotifyLevel, PostBy, Room, RoomKind, RoomRole, RoomState, ThreadState};
pub use time::Timestamp;
pub use user::{House, Role, User};

/// The subprotocol a full client asks for in `Sec-WebSocket-Protocol`.
pub const SUBPROTOCOL: &str = "parlour.v1";
