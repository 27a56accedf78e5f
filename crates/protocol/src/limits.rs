//! Every public limit, with its unit. docs/LIMITS.md is made from this file: a plain comment begins a section of it.

// What is said and named

/// One inbound WebSocket frame, and one message made of several, in bytes (S51).
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// A message's text, in bytes of UTF-8 after line endings are made LF.
pub const BODY_BYTES_MAX: usize = 16 * 1024;
/// Nodes in the tree of one message; a text that needs more is shown as it was typed (S60).
pub const TREE_NODES_MAX: usize = 2_000;
/// Nesting in the tree of one message; a text that needs more is shown as it was typed (S60).
pub const TREE_DEPTH_MAX: usize = 16;
/// A person's or room's name, in grapheme clusters.
pub const NAME_GRAPHEMES_MAX: usize = 32;
/// A name in bytes; a guard against long clusters.
pub const NAME_BYTES_MAX: usize = 128;
/// Combining marks in one cluster of a name (S58).
pub const NAME_MARKS_MAX: usize = 8;
/// A room's topic, in grapheme clusters.
pub const TOPIC_GRAPHEMES_MAX: usize = 250;
/// A topic in bytes.
pub const TOPIC_BYTES_MAX: usize = 1024;
/// Nesting of an inbound JSON frame (S53).
pub const JSON_DEPTH_MAX: usize = 32;
/// Keys in an inbound JSON frame (S53).
pub const JSON_KEYS_MAX: usize = 64;
/// Edits of one message (TALK-2).
pub const EDITS_MAX: usize = 100;
/// Mentions in one message; what is named behind them is text (MEN-1).
pub const MENTIONS_MAX: usize = 50;
/// People whom one `@here` mentions (MEN-3).
pub const MENTIONED_HERE_MAX: usize = 1_000;
/// One emoji of a reaction, in bytes.
pub const EMOJI_BYTES_MAX: usize = 64;
/// Kinds of reactions to one message (TALK-5).
pub const REACTION_KINDS_MAX: usize = 20;
/// Reactions of one person to one message (TALK-5).
pub const REACTIONS_OWN_MAX: usize = 10;
/// Names told with one kind of reaction.
pub const REACTION_NAMES_MAX: usize = 20;
/// Replies of one thread that are counted; it may have more (THR-2).
pub const THREAD_REPLIES_COUNT_MAX: u32 = 1_000;
/// Names told with a thread.
pub const THREAD_PEOPLE_MAX: usize = 5;
/// Messages that are pinned to one room.
pub const PINS_MAX: usize = 50;
/// Messages that one person saved.
pub const SAVED_MAX: usize = 1_000;
// Files

/// One file, in bytes (S79).
pub const FILE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// One part of a file that is being brought, in bytes; the last one may be shorter.
pub const FILE_PART_BYTES_MAX: u64 = 8 * 1024 * 1024;
/// A file's name, in bytes.
pub const FILE_NAME_BYTES_MAX: usize = 255;
/// Files of one message.
pub const FILES_PER_MESSAGE_MAX: usize = 10;
/// Files of one person that no message carries, whole or not (S80).
pub const FILES_LOOSE_MAX: usize = 50;
/// Files of one person, in bytes, those announced included (S80).
pub const FILE_BYTES_PER_USER_MAX: u64 = 5 * 1024 * 1024 * 1024;
/// Files of one room, in bytes (S80).
pub const FILE_BYTES_PER_ROOM_MAX: u64 = 20 * 1024 * 1024 * 1024;
/// Files of the house, in bytes (S80).
pub const FILE_BYTES_OF_HOUSE_MAX: u64 = 100 * 1024 * 1024 * 1024;
/// Files announced by one person: one in this time.
pub const FILE_EVERY_MS: u64 = 2_000;
/// Files announced at once.
pub const FILE_BURST: u32 = 50;
/// Parts that one person brings at once (S82).
pub const FILE_PARTS_PER_USER_MAX: usize = 4;
/// Parts that the house takes at once (S82).
pub const FILE_PARTS_MAX: usize = 64;
/// A part that is slower than so many bytes a second is cut, after [`FILE_SLOW_MS`] (S82).
pub const FILE_BYTES_PER_SECOND_MIN: u64 = 1_024;
/// How long a part may be slower than that.
pub const FILE_SLOW_MS: u64 = 15_000;
/// A file that no part came of for this long is let go, and so is a whole one that no message carries.
pub const FILE_LOOSE_MS: i64 = 24 * 3_600 * 1_000;
/// A picture's longer side, in pixels; a larger one is a file to be downloaded (S77).
pub const PICTURE_SIDE_MAX: u32 = 12_000;
/// A picture's pixels (S77).
pub const PICTURE_PIXELS_MAX: u64 = 40_000_000;
/// A picture's frames (S77).
pub const PICTURE_FRAMES_MAX: u32 = 200;
/// A picture that is looked at is no longer than this, in bytes.
pub const PICTURE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// A picture is made small within this time, or is a file to be downloaded (S77).
pub const PICTURE_MS: u64 = 10_000;
/// The longer side of a small picture, in pixels.
pub const THUMB_SIDE: u32 = 800;
// Link cards

/// Cards below one message: of its first links.
pub const CARDS_PER_MESSAGE_MAX: usize = 3;
/// An address that is longer, in bytes, has no card.
pub const CARD_ADDRESS_BYTES_MAX: usize = 2_048;
/// The name of a site on a card, in grapheme clusters; what is longer is cut.
pub const CARD_SITE_GRAPHEMES_MAX: usize = 60;
/// A card's title, in grapheme clusters.
pub const CARD_TITLE_GRAPHEMES_MAX: usize = 140;
/// A card's description, in grapheme clusters.
pub const CARD_DESCRIPTION_GRAPHEMES_MAX: usize = 280;
/// The longest side of a card's picture, in pixels.
pub const CARD_PICTURE_SIDE: u32 = 240;
/// A page and its picture are fetched within this time together (S85).
pub const CARD_MS: u64 = 5_000;
/// What is read of a page or a picture, in bytes: a page is cut there, a picture is none (S85).
pub const CARD_BYTES_MAX: usize = 512 * 1_024;
/// Redirects that are followed for one address (S85).
pub const CARD_REDIRECTS_MAX: usize = 3;
/// Messages whose links are looked at at once, one link after the other (S88).
pub const CARDS_AT_ONCE_MAX: usize = 8;
/// Messages whose links wait to be looked at; one more has no card (S88).
pub const CARDS_WAITING_MAX: usize = 64;
/// Links of one person that are looked at: one in this time; others have no card (S88).
pub const CARD_EVERY_MS: u64 = 6_000;
/// Links at once.
pub const CARD_BURST: u32 = 10;
// Accounts

/// A handle, in characters.
pub const HANDLE_CHARS_MAX: usize = 32;
/// The shortest password, in characters (S25).
pub const PASSWORD_CHARS_MIN: usize = 8;
/// The longest password, in bytes; every byte counts (S25).
pub const PASSWORD_BYTES_MAX: usize = 1_024;
/// An e-mail address, in bytes.
pub const EMAIL_BYTES_MAX: usize = 254;
/// A house's name, in grapheme clusters.
pub const HOUSE_NAME_GRAPHEMES_MAX: usize = 60;
/// Sessions of one person; above it the one that was used least lately ends.
pub const SESSIONS_PER_USER_MAX: usize = 50;
/// Browsers that an account remembers as known; above it the oldest is forgotten.
pub const KNOWN_DEVICES_MAX: usize = 20;
/// A browser that signed in is known to its account for this long.
pub const KNOWN_DEVICE_LIFE_MS: i64 = 365 * 24 * 3_600 * 1_000;
/// Passwords tried in vain for one account, or by one address: one in this time (S23).
pub const PASSWORD_EVERY_MS: u64 = 30_000;
/// Such tries at once.
pub const PASSWORD_BURST: u32 = 10;
/// Passwords that wait to be hashed, of strangers; above it `busy` (S22). As many may wait of who is known (a browser that the
/// account knows, somebody inside, the holder of a link), and as many of owners and administrators: one of each in turn.
pub const HASHES_WAITING_MAX: usize = 64;
/// Those of one account or link; what is more waits among the strangers' (S23).
pub const HASHES_WAITING_EACH_MAX: usize = 2;
/// Who came in has proved for this long that it is them, where their account has nothing else to ask for (ACC-8).
pub const PROVEN_MS: i64 = 10 * 60 * 1_000;
/// Recovery codes of a second factor.
pub const RECOVERY_CODES: usize = 10;
/// Passkeys of one account.
pub const PASSKEYS_MAX: usize = 20;
/// A passkey is made or shown within this time.
pub const CEREMONY_MS: u64 = 5 * 60 * 1_000;
/// Passkeys that are being made or shown at once in the whole house.
pub const CEREMONIES_MAX: usize = 1_000;
/// So many of them by strangers. Above either number the oldest of whoever has most is over: a flood ends its own.
pub const CEREMONIES_STRANGERS_MAX: usize = 900;
/// The same by one session, and by the strangers of one address; above it the oldest is over.
pub const CEREMONIES_EACH_MAX: usize = 20;
// Links into the house

/// Invitations and guest links that hold at once.
pub const INVITATIONS_MAX: usize = 10_000;
/// Rooms that one invitation gives.
pub const INVITATION_ROOMS_MAX: usize = 50;
/// The longest life of an invitation, in seconds.
pub const INVITATION_LIFE_S_MAX: u32 = 365 * 24 * 3_600;
/// The life of an invitation when nothing is asked, in seconds.
pub const INVITATION_LIFE_S: u32 = 7 * 24 * 3_600;
/// The most people that one invitation with a number of uses lets in.
pub const INVITATION_USES_MAX: u32 = 100_000;
/// A reset link holds for this long.
pub const RESET_LINK_LIFE_MS: i64 = 24 * 3_600 * 1_000;
/// People who wait at the door at once.
pub const KNOCKS_MAX: usize = 1_000;
/// Who waits at the door is forgotten after this time.
pub const KNOCK_LIFE_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// People of one address who ask to be let in: one in this time. With those at once a fifth of all who may wait, before the first of
/// them is forgotten.
pub const KNOCK_EVERY_MS: u64 = 3_600_000;
/// Such at once.
pub const KNOCK_BURST: u32 = 20;
/// The same for one IPv6 /48, or one IPv4 /24: one in this time. With those at once three fifths of all who may wait.
pub const KNOCK_WIDE_EVERY_MS: u64 = 1_200_000;
/// Such at once.
pub const KNOCK_WIDE_BURST: u32 = 100;
/// How many wait at most that one address, and one such network, sent.
const OF_ADDRESS: u64 = KNOCK_BURST as u64 + KNOCK_LIFE_MS.unsigned_abs() / KNOCK_EVERY_MS;
const OF_NETWORK: u64 = KNOCK_WIDE_BURST as u64 + KNOCK_LIFE_MS.unsigned_abs() / KNOCK_WIDE_EVERY_MS;
const _: () = assert!(OF_ADDRESS * 5 <= KNOCKS_MAX as u64 && OF_NETWORK * 3 <= KNOCKS_MAX as u64 * 2);
/// Somebody who was sent to a provider of identities is waited for this long, and who came back has as long to say what is missing.
pub const OIDC_FLOW_LIFE_MS: u64 = 10 * 60 * 1_000;
/// So many are on their way to providers at once; above it the oldest of the address that has most is over.
pub const OIDC_FLOWS_MAX: usize = 4_096;
/// So many of one address; the oldest of them is not waited for any more.
pub const OIDC_FLOWS_PER_ADDRESS_MAX: usize = 64;
/// A provider has this long for an answer.
pub const OIDC_ANSWER_MS: u64 = 10_000;
/// What a provider answers is no longer than this.
pub const OIDC_ANSWER_BYTES_MAX: usize = 512 * 1_024;
/// What a provider says of itself, and its keys, are asked for again after this long, and sooner when a key is not among them.
pub const OIDC_KNOWN_MS: u64 = 3_600 * 1_000;
/// Providers at most.
pub const OIDC_PROVIDERS_MAX: usize = 16;
// Rooms, history and counts

/// Rooms of one person, but the direct rooms that others began with them (S95).
pub const ROOMS_PER_USER_MAX: usize = 2_000;
/// Direct rooms that others began with one person. They count for themselves: nobody can leave one.
pub const DIRECT_NAMED_MAX: usize = 500;
/// Those of them that one and the same person began.
pub const DIRECT_NAMED_BY_ONE_MAX: usize = 50;
/// Direct rooms that one person may begin within a day; those that are there are found as often as they like.
pub const DIRECT_NEW_PER_DAY_MAX: usize = 50;
/// Cursors in one `hello`: all the rooms that anybody can be in (S95).
pub const CURSORS_MAX: usize = 2_500;
const _: () = assert!(CURSORS_MAX == ROOMS_PER_USER_MAX + DIRECT_NAMED_MAX);
/// Rooms in the house.
pub const ROOMS_MAX: usize = 100_000;
/// A report's or an administrative act's note, in bytes.
pub const NOTE_BYTES_MAX: usize = 1_000;
/// People somebody may block.
pub const BLOCKED_MAX: usize = 1_000;
/// Who left a room by themselves is not added to it again by others for so long.
pub const LEFT_ALONE_MS: i64 = 24 * 3_600 * 1_000;
/// People in one direct room.
pub const DIRECT_PEOPLE_MAX: usize = 100;
/// Names of the others told with a direct room.
pub const DIRECT_NAMES_MAX: usize = 20;
/// The longest wait between two messages that a room may ask for, in seconds.
pub const SLOW_S_MAX: u32 = 6 * 3_600;
/// Events in one history page (S95).
pub const PAGE_EVENTS_MAX: usize = 200;
/// Text in one history page, in bytes: it ends before the event that is too much, and has at least one.
pub const PAGE_BYTES_MAX: usize = 256 * 1024;
/// Events in a history page when nothing is asked.
pub const PAGE_EVENTS: usize = 50;
/// Threads in one page of those that one follows.
pub const PAGE_THREADS: usize = 50;
/// Messages asked for by their seqs at once.
pub const PAGE_MESSAGES_MAX: usize = 100;
/// Missed events replayed on resume; more yields `reset`.
pub const REPLAY_EVENTS_MAX: u64 = 500;
/// Unread counts stop here; the client shows 99+.
pub const UNREAD_COUNT_MAX: u32 = 100;
// Search

/// What is typed into a search, in bytes.
pub const SEARCH_BYTES_MAX: usize = 1_024;
/// Words, phrases and operators of one search.
pub const SEARCH_PARTS_MAX: usize = 24;
/// Results of one page.
pub const SEARCH_HITS_MAX: usize = 20;
/// Messages that are weighed against each other when the best are asked for: the newest of those that answer.
pub const SEARCH_WEIGHED_MAX: usize = 2_000;
/// A search ends after this time with what it has found, and says where to go on.
pub const SEARCH_MS: u64 = 250;
/// What was said while a search is asked is waited for this long to be in the index.
pub const SEARCH_WAIT_MS: u64 = 500;
/// Searches that wait for a thread; above it `busy`.
pub const SEARCHES_WAITING_MAX: usize = 64;
/// Searches of one person: per second.
pub const SEARCHES_PER_SECOND: u32 = 5;
/// Searches at once.
pub const SEARCHES_BURST: u32 = 30;
// Queues and rings

/// Commands of one connection that wait for their answer; above it the socket is not read.
pub const COMMANDS_IN_FLIGHT_MAX: usize = 64;
/// Frames that are for one connection alone and wait to be written; above it the socket is not read.
pub const PRIVATE_FRAMES_MAX: usize = 128;
/// Bytes written to one socket in one turn.
pub const WRITE_BYTES_MAX: usize = 64 * 1024;
/// Encoded frames that a room keeps for its readers.
pub const RING_FRAMES_MAX: usize = 256;
/// Bytes of encoded frames that a room keeps.
pub const RING_BYTES_MAX: usize = 256 * 1024;
/// Bytes of encoded frames that all rooms keep together; above it the rooms where nothing was said for longest keep none,
/// and readers behind there are fed from the store.
pub const RINGS_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Signals that a room keeps; a reader that is further behind misses the older ones.
pub const SIGNAL_RING_MAX: usize = 32;
/// Readers of one room above which they are written to a few hundred at a time, between what smaller rooms have to say.
pub const CROWD_FROM: usize = 256;
/// Events that arrived ahead of a gap and wait for it to be filled, per room.
pub const STASH_EVENTS_MAX: usize = 64;
/// Writes waiting for the store, in number (ENGINE 1.3).
pub const WRITE_QUEUE_MAX: usize = 4_096;
/// Writes waiting for the store, in bytes.
pub const WRITE_QUEUE_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Writes in one transaction.
pub const BATCH_WRITES_MAX: usize = 256;
/// Bytes in one transaction.
pub const BATCH_BYTES_MAX: usize = 1024 * 1024;
// Timeouts

/// A request's header must be complete after this time (S92).
pub const HEADER_TIMEOUT_MS: u64 = 10_000;
/// A kept-alive HTTP connection without a request is closed after this time (S92).
pub const IDLE_TIMEOUT_MS: u64 = 60_000;
/// A full client says `hello` within this time (S92).
pub const HELLO_TIMEOUT_MS: u64 = 10_000;
/// A fragmented message is complete within this time (S52).
pub const FRAGMENT_TIMEOUT_MS: u64 = 10_000;
/// Fragments of one message (S52).
pub const FRAGMENTS_MAX: u32 = 1_024;
/// The server pings this often.
pub const HEARTBEAT_MS: u64 = 20_000;
/// A connection that answered no ping for this long, nor took bytes it was behind with, is closed.
pub const SILENCE_MAX_MS: u64 = 45_000;
/// A connection that takes no byte for this long is closed with 4008.
pub const STALL_MAX_MS: u64 = 30_000;
/// A client that was told to close has this long to answer.
pub const CLOSE_WAIT_MS: u64 = 2_000;
// Presence and typing

/// Typing notices are forgotten after this time.
pub const TYPING_EXPIRES_MS: u64 = 6_000;
/// Typing is passed on in rooms up to this many present.
pub const TYPING_ONLINE_MAX: usize = 200;
/// "Ada left" is said this long after the last connection closed.
pub const LEFT_AFTER_MS: u64 = 30_000;
/// "Ada joined" is said when the person was away at least this long.
pub const JOINED_AFTER_MS: u64 = 90_000;
/// Join and leave are told at once up to this many people in the lobby; above it at most
/// [`NOTICES_PER_SECOND_MAX`] (SEED-WIRE).
pub const NOTICES_AT_ONCE_MAX: usize = 200;
/// Classic join and leave notices per second in a crowded lobby.
pub const NOTICES_PER_SECOND_MAX: u32 = 10;
// Connections and rates

/// Connections of the whole server.
pub const CONNECTIONS_MAX: usize = 100_000;
/// Connections of one address (IPv6: one /64) that have not signed in (S93).
pub const CONNECTIONS_PER_ADDRESS_ANONYMOUS_MAX: usize = 64;
/// Connections of one address that have signed in.
pub const CONNECTIONS_PER_ADDRESS_MAX: usize = 2_000;
/// Connections of one person (S93).
pub const CONNECTIONS_PER_USER_MAX: usize = 20;
/// Frames of one connection: per second, and at once (S94).
pub const FRAMES_PER_SECOND: u32 = 20;
/// Frames at once.
pub const FRAMES_BURST: u32 = 100;
/// Messages of one person: per second, where the owner chose nothing else (S94).
pub const POSTS_PER_SECOND: u32 = 5;
/// What an owner may choose at most: as many as a connection may send frames.
pub const POSTS_PER_SECOND_MAX: u32 = 20;
/// Messages at once, for each that may come in a second.
pub const POSTS_BURST_TIMES: u32 = 4;
/// Messages of all classic clients of one address together: per second (S94).
pub const GUEST_POSTS_PER_SECOND: u32 = 50;
/// Messages of theirs at once.
pub const GUEST_POSTS_BURST: u32 = 200;
/// Typing notices of one person and room: one in this time (S94).
pub const TYPING_EVERY_MS: u64 = 3_000;
/// Rooms made by one person: one in this time.
pub const CREATE_ROOM_EVERY_MS: u64 = 10_000;
/// Rooms made at once.
pub const CREATE_ROOM_BURST: u32 = 10;
/// Acts of one person on rooms and their members (rename, join, leave, archive, add, remove, role, who may speak): per second.
pub const ROOM_ACTS_PER_SECOND: u32 = 2;
/// Such acts at once.
pub const ROOM_ACTS_BURST: u32 = 100;
/// Commands of one person that count what is unread (`mark_read`, `mark_unread`, `count`): per second.
pub const COUNTS_PER_SECOND: u32 = 10;
/// Such at once.
pub const COUNTS_BURST: u32 = 100;
/// Messages reported by one person: one in this time.
pub const REPORT_EVERY_MS: u64 = 10_000;
/// Reports at once.
pub const REPORT_BURST: u32 = 10;
/// Names tried by one address: one in this time.
pub const SIGN_IN_EVERY_MS: u64 = 1_000;
/// Names tried at once.
pub const SIGN_IN_BURST: u32 = 100;
/// HTTP requests of one address per second.
pub const REQUESTS_PER_SECOND: u32 = 50;
/// HTTP requests at once.
pub const REQUESTS_BURST: u32 = 500;
// The HTTP edge and sessions

/// A JSON body of the HTTP edge, in bytes.
pub const HTTP_BODY_BYTES_MAX: usize = 64 * 1024;
/// A session that was not used for this long has ended.
pub const SESSION_IDLE_MS: i64 = 30 * 24 * 3_600 * 1_000;
/// A session ends this long after it began.
pub const SESSION_LIFE_MS: i64 = 365 * 24 * 3_600 * 1_000;
/// The server is gone this long after SIGTERM.
pub const DRAIN_MS: u64 = 5_000;
