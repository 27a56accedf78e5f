//! The WebSocket edge: frames, sockets, and the shard that owns them.

mod backlog;
mod bounds;
mod errands;
mod frame;
mod inflating;
mod lobby;
mod message;
mod packing;
mod pipelines;
mod rates;
mod readiness;
mod reading;
mod roles;
mod shard;
mod socket;
mod socks;
mod split;
mod timeouts;
mod unkept;
mod writing;

pub(crate) use shard::Shard;
pub(crate) use socket::{Entry, Socket};
