//! The rows of the security requirements, in short, each with how far the product goes. A row that waits is listed with why;
//! the list shrinks only by writing the test, and a test is written with the feature it guards.

/// How far a row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Tests hold all of it.
    Tested,
    /// Tests hold what there is; this waits for its feature.
    Partly(&'static str),
    /// Nothing of it is in the product yet, for this reason; there is no test.
    Later(&'static str),
}

/// One requirement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub(super) number: u32,
    pub(super) words: &'static str,
    pub(super) state: State,
}

const fn tested(number: u32, words: &'static str) -> Row {
    Row { number, words, state: State::Tested }
}

const fn partly(number: u32, words: &'static str, waits: &'static str) -> Row {
    Row { number, words, state: State::Partly(waits) }
}

const fn later(number: u32, words: &'static str, why: &'static str) -> Row {
    Row { number, words, state: State::Later(why) }
}

/// All of them, by group.
pub(super) const GROUPS: [(&str, &[Row]); 9] = [
    ("Handshake", HANDSHAKE),
    ("Sessions", SESSIONS),
    ("Authorisation", AUTHORISATION),
    ("Input", INPUT),
    ("Browser surface", BROWSER),
    ("Uploads", UPLOADS),
    ("Outgoing requests", OUTGOING),
    ("Availability", AVAILABILITY),
    ("Cluster, data, supply", DATA),
];

const HANDSHAKE: &[Row] = &[
    tested(1, "An upgrade comes from the house's own Origin, or is 403 before any session is looked at"),
    tested(2, "Without an Origin a cookie counts for nothing, a token is its actor, and the door judges guests"),
    tested(3, "What changes anything is refused from other sites, by Sec-Fetch-Site and Origin"),
    tested(4, "GET and HEAD change nothing"),
    tested(5, "JSON addresses take no other type of body"),
    tested(6, "The house answers to its own names alone"),
    tested(7, "X-Forwarded-For is believed from trusted proxies alone"),
    tested(8, "Plain HTTP stays on loopback unless asked for; HSTS of a year with TLS"),
    tested(9, "A request that can be read in two ways is 400 and the end of its connection"),
    tested(10, "Methods that an address does not take are 405"),
    tested(11, "Only the handshake of RFC 6455, version 13, is taken"),
    tested(12, "The Autobahn suite passes"),
    tested(13, "permessage-deflate is off, or bounded after unpacking"),
];

const SESSIONS: &[Row] = &[
    tested(14, "Cookies are `__Host-`, Secure, HttpOnly, SameSite, Path=/ wherever a browser keeps such"),
    tested(15, "Tokens are of 128 bits of chance at least, and kept as hashes alone"),
    tested(16, "Who signs in has a new token, and the old one is dead"),
    tested(17, "Signing out and revoking end HTTP at once and live sockets within a second"),
    tested(18, "A role taken away and a suspension hold on sockets that are open"),
    tested(19, "A new password needs the old one and ends the other sessions"),
    tested(20, "Sessions end by idleness and by age, with their sockets"),
    tested(21, "Passwords are argon2id at the floor's cost or above, and hashed anew when that rises"),
    tested(22, "Hashing is bounded: 200 who sign in at once cost neither memory nor the talk"),
    tested(23, "Guesses are slowed by account and by address, and lock no owner out"),
    tested(24, "Unknown, wrong and suspended are one answer after one time"),
    tested(25, "Passwords of 8 to over 128 characters, taken whole, without rules of composition, not the first tried"),
    tested(26, "Secrets are compared in constant time"),
    tested(
        27,
        "Invitations and reset links are of 128 bits at least, hashed, end, count exactly, and can be taken back",
    ),
    tested(28, "An invitation gives its role and rooms and nothing else"),
    tested(29, "The first owner comes by the printed link, never by coming first"),
    tested(30, "Once there is an owner the way to become one is closed"),
    partly(
        31,
        "Bearer tokens are scoped and listed, and never taken from an address",
        "tokens of bots come with bots; a session's token is the only one there is",
    ),
    tested(32, "Files that hold secrets are their owner's alone"),
];

const AUTHORISATION: &[Row] = &[
    tested(33, "Every route and command, asked by everyone in every kind of room, is answered as the table says"),
    partly(34, "What is said in a closed room reaches nobody outside, on any path", "export is not there yet"),
    tested(35, "Searching leaks nothing by counts, snippets or time"),
    tested(36, "Bytes of attachments are checked for each request"),
    tested(37, "Previews of links are shown to the room alone"),
    partly(38, "Push and e-mail go to those alone who may read when they are sent", "nothing is pushed or mailed yet"),
    tested(39, "Typing, presence and counts stay within rooms that are shared"),
    tested(40, "Members, addresses and names of rooms are shown to those alone who may see them"),
    tested(41, "What is forbidden and what is not there are one answer after one time"),
    tested(42, "Nothing rests on an id that nobody could guess"),
    tested(43, "Nothing after a removal reaches the removed, on any path"),
    tested(44, "A new member sees of the past what the room's setting allows"),
    tested(45, "Editing and deleting is for one's own, or for who looks after the room"),
    partly(
        46,
        "Quoting and forwarding embed nothing of a room that one cannot read",
        "messages cannot be forwarded yet",
    ),
    tested(47, "Mentioning a room needs the right to"),
    tested(48, "The blocked do not learn that they are"),
    tested(49, "Fields that a client adds about itself have no effect"),
    tested(50, "Rights are checked in the transaction that writes"),
];

const INPUT: &[Row] = &[
    tested(51, "Frames to 64 KiB and texts to 16 KiB, checked before they are read"),
    tested(52, "Floods of fragments are closed and cost bounded memory"),
    tested(53, "JSON is at most 32 deep and of 64 keys; a key twice and numbers out of range are refused"),
    tested(54, "What is no UTF-8 closes with 1007; half a surrogate is refused"),
    tested(55, "Line ends become LF, and every other control is refused without harm to its neighbours"),
    tested(56, "Signs that turn the order of reading are taken out of names and shown in links"),
    tested(57, "Names that look alike are one name"),
    tested(58, "Piles of marks are refused, and length counts what one sees"),
    tested(59, "What is said leads nowhere but to the web and the post, and nothing in it runs"),
    tested(60, "Showing any text costs bounded time"),
    tested(61, "Nothing that is typed becomes SQL"),
    partly(62, "Exported tables hold no formulas", "nothing is exported as a table yet"),
    tested(63, "Controls make no line in the log, and words and secrets are never in it"),
    tested(64, "A fault of ours tells nothing of the inside"),
    partly(65, "Nothing that is typed becomes a header or leads elsewhere", "there are no redirects"),
    tested(66, "No path leads out of the embedded files"),
    tested(67, "Numbers at every edge are refused and wrap nowhere"),
];

const BROWSER: &[Row] = &[
    tested(68, "Every answer carries the Content-Security-Policy with Trusted Types, and the app works under it"),
    tested(69, "Every answer carries nosniff, no-referrer, COOP, CORP and a Permissions-Policy"),
    tested(70, "No CORS, and no Origin is said back"),
    tested(71, "No secret is in a script or a kept page; API answers are never stored"),
    tested(72, "The bundle names no other address"),
    partly(
        73,
        "A service worker serves nobody another's cache",
        "there is none yet, and nothing that could become one",
    ),
    tested(74, "No name or text reaches prototypes or ids of the page"),
];

const UPLOADS: &[Row] = &[
    tested(75, "Uploads are served sandboxed, and active types as attachments"),
    tested(76, "An upload's type is read from its bytes"),
    tested(77, "Pictures are made small within bounds of size, time and memory"),
    tested(78, "No archive is opened"),
    tested(79, "Uploads stream to the disk under a cap, and aborted ones are removed"),
    tested(80, "Quotas of people, rooms and the house"),
    tested(81, "Stored names are of chance, and places are taken out of pictures"),
    tested(82, "Slow uploads are cut"),
];

const HOOK: &str = "there are no webhooks yet";
const OUTGOING: &[Row] = &[
    tested(83, "Previews reach public addresses alone, at every hop"),
    tested(84, "A name is looked up once"),
    tested(85, "Few schemes, ports, redirects, seconds and bytes"),
    tested(86, "A name that is public and private is refused"),
    tested(87, "A preview is text and a picture of ours"),
    tested(88, "Few previews at once, one for an address"),
    later(89, "Outgoing webhooks are guarded and signed", HOOK),
    later(90, "Incoming webhooks have a token for one room", HOOK),
    later(91, "Push goes to push services alone", "nothing is pushed yet"),
];

const AVAILABILITY: &[Row] = &[
    tested(92, "Slow and silent connections are closed in time and cost others nothing"),
    tested(93, "Connections are capped in all, by address, by person, and before signing in"),
    tested(94, "Frames, messages, typing, names, searches and requests are slowed, and the worst are cut"),
    tested(95, "At most 2,500 rooms in a hello and 200 events and 256 KiB in a page"),
    tested(96, "Who does not read costs bounded memory and slows nobody"),
    tested(97, "Floods of pings and storms of resets leave nothing behind and take one core at most"),
    partly(98, "What is dear runs in bounded pools, never on the threads that serve", "there is no export yet"),
    tested(99, "A panic ends its own connection; that of the writer ends the process"),
    tested(100, "Health tells nothing, and nothing of the inside is shown"),
];

const NODES: &str = "one node serves; a second store and a second bus are not written yet";
const DATA: &[Row] = &[
    later(101, "Bus and store ask for credentials and TLS beyond loopback", NODES),
    later(102, "A forged message of the bus is never shown", NODES),
    later(103, "The role in PostgreSQL owns its schema and nothing else", NODES),
    partly(
        104,
        "A backup under writes is whole and its owner's alone; a restored one has another epoch",
        "backups are not encrypted",
    ),
    partly(105, "What was deleted is gone from everywhere", "backups that were made before keep it"),
    tested(106, "The log of administrative acts is only added to"),
    later(107, "Dependencies are checked, and what is in a release is listed", "comes with releases"),
    partly(
        108,
        "No unsafe code of ours, and fuzz targets for what strangers send",
        "pictures are not there to be fuzzed",
    ),
    partly(109, "One data folder that only its owner reads", "a unit and an image come with releases"),
    later(
        110,
        "Every released schema becomes today's, and no newer one is opened",
        "nothing was released yet; a newer schema is refused",
    ),
];
