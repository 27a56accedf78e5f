//! Link cards: what the house found where a message leads (CARD-1 to CARD-8). Words and a picture of ours, never an address of
//! somebody else's to load (S87).

use serde::{Deserialize, Serialize};

use crate::ids::FileId;

/// What is behind one link of a message. Its words are one line each, without controls and signs that turn the order of reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct Card {
    /// Where the link leads, as it stands in the message.
    pub to: String,
    /// Whose page it is: the host that answered in the end, behind the name that the page gives its site.
    pub site: String,
    /// What the page calls itself.
    pub title: String,
    /// What it says it is about; absent where it says nothing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "typescript", ts(optional, as = "Option<String>"))]
    pub description: String,
    /// Its picture; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "typescript", ts(optional))]
    pub picture: Option<CardPicture>,
}

/// A small picture that the house made, given out as `/files/ROOM/ID/thumb` to who may read the message (FILE-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct CardPicture {
    /// Its id.
    pub id: FileId,
    /// How wide it is, in pixels.
    pub width: u32,
    /// How high.
    pub height: u32,
}
