//! TypeScript declarations of every wire type, made from the Rust types (ts-rs). `web/src/protocol/generated.ts` is
//! this text; a test refuses to let the two drift.

use ts_rs::{Config, TS};

use crate::{admin, command, http, ids, push, refusal, reply, room, time, user};

/// The whole generated file.
#[must_use]
pub fn declarations() -> String {
    let config = Config::new().with_large_int("number");
    let mut text = String::from("/** Made by `cargo xtask codegen` from crates/protocol. Do not edit. */\n");
    macro_rules! declare {
        ($($kind:ty),* $(,)?) => {
            $( text.push_str(&format!("\nexport {}\n", <$kind as TS>::decl(&config))); )*
        };
    }
    declare!(
        ids::RoomId,
        ids::UserId,
        ids::Seq,
        ids::ClientId,
        ids::Epoch,
        time::Timestamp,
        user::Role,
        user::User,
        user::Door,
        user::House,
        room::RoomKind,
        room::RoomRole,
        room::PostBy,
        room::Room,
        push::Author,
        room::RoomState,
        command::Hello,
        command::Command,
        command::ClientFrame,
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
        http::SignIn,
        http::SignedIn,
        http::HistoryPage,
        http::Boot,
        http::ListedRoom,
        http::RoomList,
        http::Member,
        http::MemberList,
        http::Problem,
        admin::AdminPerson,
        admin::AdminPeople,
        admin::AdminRoom,
        admin::AdminRooms,
        admin::OpenReport,
        admin::OpenReports,
        admin::AdminAct,
        admin::AdminActs,
        admin::SetRole,
        admin::Why,
        admin::Blocks,
    );
    text
}
