//! The protocol from outside: what tests, load and bots use to talk to a house.
//!
//! [`http`] is just enough of HTTP/1.1 to come in and read; [`Client`] speaks `parlour.v1`, [`ClassicClient`] the
//! tutorial's wire. It shares the wire's types with the server and nothing else.

mod classic;
mod connection;
pub mod http;

pub use classic::ClassicClient;
pub use connection::{Client, ClientError};
pub use http::Session;
