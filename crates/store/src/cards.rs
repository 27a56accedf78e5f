//! What the store knows of link cards (CARD-1 to CARD-8). Their pictures are among [`crate::Files`].

use parlour_protocol::{Card, FileId, RoomId, Seq, Timestamp, User};

use crate::Later;

/// A card's picture, whose bytes are on the disk.
#[derive(Clone, Debug)]
pub struct NewCardPicture {
    /// Its id, of chance.
    pub id: FileId,
    /// The room whose message it is for.
    pub room: RoomId,
    /// Its media type.
    pub kind: &'static str,
    /// How many bytes it has.
    pub bytes: u64,
    /// Width and height.
    pub size: (u32, u32),
}

/// Cards below messages.
pub trait Cards: Send + Sync {
    /// Notes a picture of a card to be. One that no card shows is let go like a file that nobody sends.
    fn note_card_picture(&self, by: User, picture: NewCardPicture, now: Timestamp) -> Later<()>;
    /// Puts cards below a message, as far as it still has their links and its writer, who must still be in the room, wants some.
    /// What has a card keeps it. Whether any of these is shown; the pictures of the others are let go.
    fn put_cards(&self, room: RoomId, seq: Seq, by: User, cards: Vec<Card>, now: Timestamp) -> Later<bool>;
    /// Takes the cards of an own message away for good; what changes nothing is no event. Refused with `not_found` or `forbidden`.
    fn remove_cards(&self, room: RoomId, seq: Seq, by: User, now: Timestamp) -> Later<()>;
}
