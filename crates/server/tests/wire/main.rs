//! The wire as docs/PROTOCOL.md promises it, through the front door: the real binary, real sockets, each test in a
//! house of its own. A test's name begins with the rule it keeps; rows of the security table are `s01` and so on.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

#[path = "../authenticator/mod.rs"]
mod authenticator;
#[path = "../house/mod.rs"]
mod house;
#[path = "../provider/mod.rs"]
#[allow(dead_code)]
mod provider;

mod accounts;
mod administration;
mod asking;
mod cards;
mod classic;
mod closed_rooms;
mod command_line;
mod compression;
mod deaths;
mod demo;
mod direct_rooms;
mod doors;
mod errands;
mod files;
mod full_queue;
mod hostile;
mod hostile_files;
mod http_edge;
mod http_guard;
mod limits;
mod links;
mod lying_providers;
mod markup;
mod members;
mod mentions;
mod moderation;
mod newcomers;
mod opening;
mod packed;
mod passkeys;
mod patience;
mod people;
mod pictures;
mod providers;
mod proving;
mod raw;
mod reading;
mod remembered;
mod resuming;
mod rooms;
mod searching;
mod second_factor;
mod sessions;
mod signals;
mod site;
mod slow_readers;
mod speaking;
mod strangers;
mod talk;
mod threads;
mod undisturbed;
mod unread;
