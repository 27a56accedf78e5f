//! People, and the house they are in.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::limits;

/// A person as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct User {
    /// Who.
    pub id: UserId,
    /// The name shown, unique among those who hold a session.
    pub name: String,
    /// True for a guest of the classic wire, who has no session.
    pub guest: bool,
    /// The role in the house.
    pub role: Role,
}

/// What somebody is in the house. What each may is one table, docs/PERMISSIONS.md.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A program: reads and speaks in the rooms it was put into.
    Bot,
    /// Somebody let in without becoming one of the house.
    Guest,
    /// One of the house.
    Member,
    /// Looks after people and rooms.
    Administrator,
    /// Makes administrators and owners. A house that has an owner keeps one.
    Owner,
}

/// How a stranger may enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// A name is enough.
    Open,
    /// Only by an invitation.
    Invitation,
    /// By asking, and being let in.
    Approval,
}

/// Who may make rooms in the house, direct ones apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum RoomsBy {
    /// Whoever the table of permissions lets.
    Everyone,
    /// Administrators and owners alone.
    Administrators,
}

/// What everybody may do in the house, and how fast (DOOR-6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct HouseLimits {
    /// Messages of one person a second, lastingly; four times as many at once (MSG-5).
    pub posts_per_second: u32,
    /// Who may make rooms.
    pub rooms_by: RoomsBy,
    /// Whether the house looks at where messages lead (CARD-1).
    pub link_cards: bool,
}

impl Default for HouseLimits {
    fn default() -> Self {
        HouseLimits { posts_per_second: limits::POSTS_PER_SECOND, rooms_by: RoomsBy::Everyone, link_cards: true }
    }
}

/// The house as shown before and after coming in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
pub struct House {
    /// Its name.
    pub name: String,
    /// Who may come in.
    pub door: Door,
    /// How many people have come in so far, guests of the classic wire not counted.
    pub people: u32,
    /// How many people have a connection open now.
    pub here: u32,
    /// What everybody may do here.
    pub limits: HouseLimits,
}
