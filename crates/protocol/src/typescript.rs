//! TypeScript declarations of every wire type, made from the Rust types (ts-rs). `web/src/protocol/generated.ts` is
//! this text; a test refuses to let the two drift.

use ts_rs::{Config, TS};

use crate::{
    account, admin, card, command, file, http, ids, markup, oidc, passkey, push, refusal, reply, room, search, time,
    user,
};

/// Appends the declaration of each type.
macro_rules! declare {
    ($text:ident: $($kind:ty),* $(,)?) => {
        let config = Config::new().with_large_int("number");
        $( $text.push_str(&format!("\nexport {}\n", <$kind as TS>::decl(&config))); )*
    };
}

/// The whole generated file.
#[must_use]
pub fn declarations() -> String {
    let mut text = String::from("/** Made by `cargo xtask codegen` from crates/protocol. Do not edit. */\n");
    socket(&mut text);
    http_edge(&mut text);
    accounts(&mut text);
    text
}

fn socket(text: &mut String) {
    declare!(
        text:
        ids::RoomId,
        ids::UserId,
        ids::Seq,
        ids::ClientId,
        ids::FileId,
        ids::Epoch,
        time::Timestamp,
        user::Role,
        user::User,
        user::Door,
        user::RoomsBy,
        user::HouseLimits,
        user::House,
        room::RoomKind,
        room::RoomRole,
        room::History,
        room::PostBy,
        room::Room,
        push::Author,
        push::Answers,
        push::Mentioned,
        push::Mention,
        push::Edited,
        push::Deleted,
        room::NotifyLevel,
        room::RoomState,
        room::ThreadState,
        command::Hello,
        command::Command,
        command::ClientFrame,
        markup::Align,
        markup::Inline,
        markup::Item,
        markup::Block,
        markup::Tree,
        file::Attachment,
        card::CardPicture,
        card::Card,
        push::Change,
        push::Event,
        push::Signal,
        push::Notice,
        reply::PublicLimits,
        reply::Welcome,
        reply::Reply,
        refusal::ErrorCode,
        refusal::Refusal,
        push::ServerFrame,
    );
}

fn http_edge(text: &mut String) {
    declare!(
        text:
        oidc::Provider,
        oidc::Connected,
        oidc::ToProvider,
        oidc::IdentityAsks,
        oidc::WaitingIdentity,
        oidc::FinishIdentity,
        http::SignIn,
        http::SignedIn,
        http::Reaction,
        http::MessageState,
        http::MessageList,
        http::Edit,
        http::Edits,
        http::ThreadPage,
        http::FollowedThread,
        http::ThreadList,
        http::HistoryPage,
        http::Boot,
        http::ListedRoom,
        http::RoomList,
        http::Member,
        http::MemberList,
        http::Problem,
        file::NewUpload,
        file::Upload,
        search::SearchOrder,
        search::SearchPlace,
        search::Search,
        search::Piece,
        search::Beside,
        search::Hit,
        search::SearchPage,
        admin::AdminPerson,
        admin::AdminPeople,
        admin::AdminRoom,
        admin::AdminRooms,
        admin::OpenReport,
        admin::OpenReports,
        admin::AdminAct,
        admin::AdminActs,
        admin::SetRole,
        admin::SetHouse,
        admin::Why,
        admin::Blocks,
    );
}

fn accounts(text: &mut String) {
    declare!(
        text:
        account::Secret,
        passkey::PasskeyAnswer,
        passkey::PasskeyQuestion,
        passkey::PasskeySignIn,
        passkey::FirstPasskey,
        passkey::AddPasskey,
        passkey::RenamePasskey,
        passkey::Again,
        passkey::Passkey,
        passkey::Passkeys,
        account::OwnerSetup,
        account::MakeAccount,
        account::PasswordSignIn,
        account::OwnAccount,
        account::ChangePassword,
        account::NewSecondFactor,
        account::ConfirmSecondFactor,
        account::RecoveryCodes,
        account::OwnSession,
        account::Sessions,
        account::LinkToken,
        account::ShownInvitation,
        account::Join,
        account::Knock,
        account::Knocked,
        account::KnockEnter,
        account::Waiting,
        account::Reset,
        account::NewInvitation,
        account::MadeLink,
        account::Invitation,
        account::Invitations,
        account::NewResetLink,
        account::OpenKnock,
        account::Knocks,
    );
}
