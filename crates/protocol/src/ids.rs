//! Identities and positions. All numbers fit a JavaScript number (at most 2^53-1).

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

/// The largest integer that JSON readers in browsers hold exactly.
pub const NUMBER_MAX: u64 = (1 << 53) - 1;

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let value = u64::deserialize(deserializer)?;
    if value > NUMBER_MAX {
        return Err(serde::de::Error::custom("number above 2^53-1"));
    }
    Ok(value)
}

macro_rules! numeric {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "number"))]
        #[serde(transparent)]
        pub struct $name(#[serde(deserialize_with = "number")] pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

numeric! {
    /// A room, numbered by the store from 1. Room 1 is the lobby.
    RoomId
}
numeric! {
    /// A person or bot, numbered by the store from 1.
    UserId
}
numeric! {
    /// A place in a room's log: the first event is 1, 0 is "before everything".
    #[derive(Default)]
    Seq
}

impl RoomId {
    /// The lobby, which exists from the first start.
    pub const LOBBY: RoomId = RoomId(1);
}

impl Seq {
    /// Before the first event.
    pub const ZERO: Seq = Seq(0);

    /// The seq that follows this one.
    #[must_use]
    pub fn next(self) -> Seq {
        Seq(self.0 + 1)
    }
}

/// The sender's own id of a message, made before the first attempt. Sending it again is answered with the first result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct ClientId(pub Uuid);

/// A file that somebody brings: made by the house, of chance, and the name of its bytes on the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct FileId(pub Uuid);

/// Which life of the store this is. Opaque to clients: equal or not equal. It changes when a backup is restored.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS), ts(type = "string"))]
#[serde(transparent)]
pub struct Epoch(pub String);

/// One live socket of this process. Never on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);
