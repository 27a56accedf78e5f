//! The hub through its public API, one promise at a time. What holds in every order of events is in the simulation.

// A panic is how a test reports, also from the functions it calls.
#![allow(clippy::unwrap_used)]

mod classic;
mod cost;
mod desk;
mod membership;
mod packing;
mod presence;
mod reads;
mod removal;
mod resuming;
mod rings;
mod scrubbing;
mod standing;
