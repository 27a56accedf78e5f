//! The rules of the house, as pure functions over facts.
//!
//! A rule takes what it must know as arguments and returns what it decided. There is no async here, no I/O, no clock and
//! no randomness (clippy.toml holds that), so every rule can be tested for every case.
//!
//! [`access`] who may what · [`account`] handles and passwords · [`device`] what a browser runs on · [`name`] and [`text`] what may be said · [`emoji`] and [`mention`] what is in it · [`markup`] what a text says · [`card`] which of its links have a card, and what stands there · [`search`] what is found · [`sequence`] in what order, and how one resumes ·
//! [`presence`] who is here · [`rate`] how fast · [`file`] what a file is called and what its bytes say it is.

pub mod access;
pub mod account;
pub mod card;
pub mod device;
pub mod emoji;
pub mod file;
pub mod markup;
pub mod mention;
pub mod name;
pub mod presence;
pub mod rate;
pub mod search;
pub mod sequence;
pub mod text;
