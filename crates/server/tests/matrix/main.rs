//! The permission table against the house as it is (S33): every command and every route, asked by everyone there is, in every
//! kind of room, through the front door of the real binary. What comes back must be what `domain::access` says of it, to
//! the word; what was done by office must be one row of the log of administrative acts, and anything else none.
//!
//! The commands are those that the protocol itself lists, the routes those of the table that makes the router. One that is
//! not asked about here fails the test.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../authenticator/mod.rs"]
mod authenticator;
#[path = "../house/mod.rs"]
mod house;

#[path = "../provider/mod.rs"]
#[allow(dead_code)]
mod provider;

mod cast;
mod commands;
mod keys;
mod routes;
