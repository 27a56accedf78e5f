//! Which act a command is. A command without one does not compile.

use parlour_protocol::Command;

use super::Action;

/// The act that a command asks for.
#[must_use]
pub const fn of_command(command: &Command) -> Action {
    match command {
        Command::Hello(_) | Command::Ping | Command::Away { .. } => Action::Connect,
        Command::Post { .. } => Action::Post,
        Command::CatchUp { .. } | Command::Count { .. } => Action::ReadRoom,
        Command::Edit { .. } => Action::Edit,
        Command::Delete { .. } | Command::RemoveCards { .. } => Action::DeleteOwn,
        Command::React { .. } | Command::Unreact { .. } => Action::React,
        Command::Pin { .. } | Command::Unpin { .. } => Action::Pin,
        Command::Save { .. } | Command::Unsave { .. } => Action::Save,
        Command::Follow { .. } | Command::Unfollow { .. } => Action::Follow,
        Command::SetNotify { .. } => Action::SetNotify,
        Command::MarkRead { .. } | Command::MarkUnread { .. } => Action::MarkRead,
        Command::Typing { .. } => Action::Typing,
        Command::CreateRoom { .. } => Action::CreateRoom,
        Command::RenameRoom { .. } => Action::RenameRoom,
        Command::OpenDirect { .. } => Action::OpenDirect,
        Command::ArchiveRoom { .. } => Action::ArchiveRoom,
        Command::RestoreRoom { .. } => Action::RestoreRoom,
        Command::SetPosting { .. } => Action::SetPosting,
        Command::SetHistory { .. } => Action::SetHistory,
        Command::AddMember { .. } => Action::AddMember,
        Command::RemoveMember { .. } => Action::RemoveMember,
        Command::SetRoomRole { .. } => Action::SetRoomRole,
        Command::Report { .. } => Action::Report,
        Command::Block { .. } | Command::Unblock { .. } => Action::Block,
        Command::JoinRoom { .. } => Action::JoinRoom,
        Command::LeaveRoom { .. } => Action::LeaveRoom,
    }
}
