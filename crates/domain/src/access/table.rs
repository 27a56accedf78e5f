//! The table: every act of the house and of a room, with who may.
//!
//! An act without a row does not compile. docs/PERMISSIONS.md is made from here: an act's comment is what the page calls it.

/// Writes the acts down once: the enum, all of them, and what each is called.
macro_rules! actions {
    ($($(#[doc = $words:literal])+ $name:ident,)+) => {
        /// What somebody wants to do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $words])+ $name,)+
        }

        impl Action {
            /// Every act, in the order of the table.
            pub const ALL: [Action; [$(Action::$name),+].len()] = [$(Action::$name),+];

            /// The act in words.
            #[must_use]
            pub fn words(self) -> &'static str {
                match self {
                    $(Action::$name => concat!($($words),+).trim_ascii(),)+
                }
            }
        }
    };
}

actions! {
    /// See the page, and what a house says of itself at its door
    LookAround,
    /// Come in with a name alone
    EnterByName,
    /// Ask to be let in
    Knock,
    /// Come in, or choose a new password, by a link that was given
    UseLink,
    /// Come in to the own account
    SignIn,
    /// Make an account with a handle and a password
    MakeAccount,
    /// Speak on the tutorial's wire
    EnterAsGuest,
    /// End the own session
    SignOut,
    /// See and change the own account, and where one is signed in
    OwnAccount,
    /// Open a socket and hear of the own rooms
    Connect,
    /// Make an open or a closed room, unless the owner leaves that to administrators
    CreateRoom,
    /// Begin a direct room with others
    OpenDirect,
    /// See which open rooms there are
    ListRooms,
    /// Look for what was said in the own rooms
    Search,
    /// Block somebody, or block them no more
    Block,
    /// Bring the bytes of files that one announced, and let go of them
    OwnFiles,
    /// See everyone of the house with their roles
    ListPeople,
    /// Make somebody a member, guest or bot
    SetRole,
    /// Make or unmake administrators and owners
    SetHighRole,
    /// Suspend a member, guest or bot, or let them in again
    Suspend,
    /// Suspend an administrator or owner, or let them in again
    SuspendHigh,
    /// Make, see and take back invitations, and links for guests of one room
    Invite,
    /// Make an invitation that makes administrators
    InviteHigh,
    /// See who waits at the door, and let them in or not
    Admit,
    /// Make a link by which a member, guest or bot chooses a new password
    ResetLink,
    /// The same for an administrator or owner
    ResetHigh,
    /// Change the house's name, who may come in, who makes rooms and how fast people may speak
    SetHouse,
    /// See the names and kinds of all rooms, without what is said there
    ListAllRooms,
    /// Read what was reported, and settle it
    Reports,
    /// Read the log of administrative acts
    ReadActs,
    /// Read a room: what happens and happened there, who is in it, who is there now
    ReadRoom,
    /// Say something
    Post,
    /// The same where only those who look after the room speak
    PostAsManager,
    /// Say more without waiting where the room is slow
    PostAtOnce,
    /// Tell a room that one is writing
    Typing,
    /// Note how far one has read
    MarkRead,
    /// Report a message to the administrators
    Report,
    /// Edit an own message
    Edit,
    /// Delete an own message, or its link cards
    DeleteOwn,
    /// Delete a message of somebody else
    DeleteAny,
    /// React to a message
    React,
    /// Pin a message to the room, or pin it no more
    Pin,
    /// Save a message for oneself
    Save,
    /// Follow a thread, or follow it no more
    Follow,
    /// Say what of a room counts as unread for oneself
    SetNotify,
    /// Mention everyone in the room at once
    MentionAll,
    /// Change a room's name and topic
    RenameRoom,
    /// Say who may speak, and how often
    SetPosting,
    /// Say what of the past newcomers see
    SetHistory,
    /// Archive a room
    ArchiveRoom,
    /// Take up an archived room again
    RestoreRoom,
    /// Become a member
    JoinRoom,
    /// Stop being one
    LeaveRoom,
    /// Make somebody else a member
    AddMember,
    /// End somebody else's membership
    RemoveMember,
    /// Make somebody a manager of the room, or a plain member again
    SetRoomRole,
}

/// Who of the house.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum House {
    /// Not these.
    No,
    /// These.
    Yes,
    /// These, while the door is open.
    OpenDoor,
    /// These, while the door is by approval.
    ApprovalDoor,
    /// These, by their office: it is written down.
    Office,
}

/// Who stands how to a room. "Person" is a member, administrator or owner of the house; "office" the latter two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InRoom {
    /// Nobody.
    Nobody,
    /// Any person, in the room or not.
    Person,
    /// Any member of the room, guests and bots too.
    Member,
    /// Any person who is a member of the room.
    PersonInIt,
    /// The room's managers.
    Manager,
    /// The same, and who has an office and is in the room.
    ManagerOrOfficeInIt,
    /// The same, and who has an office, in the room or not.
    ManagerOrOffice,
    /// Who has an office, in the room or not.
    Office,
    /// Any person who is a member of the room, and who has an office, in the room or not.
    PersonInItOrOffice,
}

/// A row: who of the house, or who in which room and whether also in an archived one.
#[derive(Clone, Copy, Debug)]
pub enum Row {
    /// For each of stranger, suspended, guest, bot, member, administrator, owner.
    House([House; 7]),
    /// For each of lobby, open, closed, direct.
    Room([InRoom; 4], bool),
}

const N: House = House::No;
const Y: House = House::Yes;
const D: House = House::OpenDoor;
const A: House = House::ApprovalDoor;
const O: House = House::Office;

const ARCHIVED_TOO: bool = true;
const NOT_ARCHIVED: bool = false;

/// The table.
#[rustfmt::skip]
#[must_use]
pub const fn row(action: Action) -> Row {
    use Action::*;
    use InRoom::*;
    use Row::{House, Room};
    match action {
        //                      stranger suspended guest bot member administrator owner
        LookAround     => House([Y,      Y,        Y,    Y,  Y,     Y,            Y]),
        EnterByName    => House([D,      D,        D,    D,  D,     D,            D]),
        Knock          => House([A,      A,        A,    A,  A,     A,            A]),
        UseLink        => House([Y,      Y,        Y,    Y,  Y,     Y,            Y]),
        SignIn         => House([Y,      Y,        Y,    Y,  Y,     Y,            Y]),
        MakeAccount    => House([D,      D,        D,    N,  Y,     Y,            Y]),
        EnterAsGuest   => House([D,      D,        D,    D,  D,     D,            D]),
        SignOut        => House([Y,      Y,        Y,    Y,  Y,     Y,            Y]),
        OwnAccount     => House([N,      N,        Y,    N,  Y,     Y,            Y]),
        Connect        => House([N,      N,        Y,    Y,  Y,     Y,            Y]),
        CreateRoom     => House([N,      N,        N,    N,  Y,     Y,            Y]),
        OpenDirect     => House([N,      N,        N,    N,  Y,     Y,            Y]),
        ListRooms      => House([N,      N,        N,    N,  Y,     Y,            Y]),
        Search         => House([N,      N,        Y,    Y,  Y,     Y,            Y]),
        Block          => House([N,      N,        N,    N,  Y,     Y,            Y]),
        OwnFiles       => House([N,      N,        Y,    Y,  Y,     Y,            Y]),
        ListPeople     => House([N,      N,        N,    N,  N,     O,            O]),
        SetRole        => House([N,      N,        N,    N,  N,     O,            O]),
        SetHighRole    => House([N,      N,        N,    N,  N,     N,            O]),
        Suspend        => House([N,      N,        N,    N,  N,     O,            O]),
        SuspendHigh    => House([N,      N,        N,    N,  N,     N,            O]),
        Invite         => House([N,      N,        N,    N,  N,     O,            O]),
        InviteHigh     => House([N,      N,        N,    N,  N,     N,            O]),
        Admit          => House([N,      N,        N,    N,  N,     O,            O]),
        ResetLink      => House([N,      N,        N,    N,  N,     O,            O]),
        ResetHigh      => House([N,      N,        N,    N,  N,     N,            O]),
        SetHouse       => House([N,      N,        N,    N,  N,     N,            O]),
        ListAllRooms   => House([N,      N,        N,    N,  N,     O,            O]),
        Reports        => House([N,      N,        N,    N,  N,     O,            O]),
        ReadActs       => House([N,      N,        N,    N,  N,     O,            O]),

        //                     lobby                open                 closed              direct
        ReadRoom      => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        Post          => Room([Member,              Member,              Member,             Member    ], NOT_ARCHIVED),
        PostAsManager => Room([ManagerOrOfficeInIt, ManagerOrOfficeInIt, Manager,            Member    ], NOT_ARCHIVED),
        PostAtOnce    => Room([ManagerOrOfficeInIt, ManagerOrOfficeInIt, Manager,            Member    ], NOT_ARCHIVED),
        Typing        => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        MarkRead      => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        Report        => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        Edit          => Room([Member,              Member,              Member,             Member    ], NOT_ARCHIVED),
        DeleteOwn     => Room([Member,              Member,              Member,             Member    ], NOT_ARCHIVED),
        DeleteAny     => Room([ManagerOrOfficeInIt, ManagerOrOfficeInIt, Manager,            Nobody    ], NOT_ARCHIVED),
        React         => Room([Member,              Member,              Member,             Member    ], NOT_ARCHIVED),
        Pin           => Room([ManagerOrOfficeInIt, PersonInIt,          PersonInIt,         PersonInIt], NOT_ARCHIVED),
        Save          => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        Follow        => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        SetNotify     => Room([Member,              Member,              Member,             Member    ], ARCHIVED_TOO),
        MentionAll    => Room([ManagerOrOfficeInIt, PersonInIt,          PersonInIt,         PersonInIt], NOT_ARCHIVED),
        RenameRoom    => Room([Nobody,              PersonInIt,          Manager,            Nobody    ], NOT_ARCHIVED),
        SetPosting    => Room([Office,              ManagerOrOffice,     Manager,            Nobody    ], NOT_ARCHIVED),
        SetHistory    => Room([Office,              ManagerOrOffice,     Manager,            Nobody    ], NOT_ARCHIVED),
        ArchiveRoom   => Room([Nobody,              ManagerOrOffice,     ManagerOrOffice,    Nobody    ], ARCHIVED_TOO),
        RestoreRoom   => Room([Nobody,              ManagerOrOffice,     ManagerOrOffice,    Nobody    ], ARCHIVED_TOO),
        JoinRoom      => Room([Person,              Person,              PersonInItOrOffice, PersonInIt], NOT_ARCHIVED),
        LeaveRoom     => Room([Nobody,              PersonInIt,          PersonInIt,         Nobody    ], ARCHIVED_TOO),
        AddMember     => Room([Nobody,              PersonInIt,          Manager,            Nobody    ], NOT_ARCHIVED),
        RemoveMember  => Room([Nobody,              ManagerOrOffice,     Manager,            Nobody    ], ARCHIVED_TOO),
        SetRoomRole   => Room([Office,              ManagerOrOffice,     Manager,            Nobody    ], NOT_ARCHIVED),
    }
}
