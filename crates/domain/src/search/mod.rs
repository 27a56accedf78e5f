//! What is found, and by which words: one definition for the index that finds quickly and for the filter that looks at one message.
//!
//! A term is found anywhere in a message once both are [`fold`]ed: case, accents, width and the kind of quotation mark are no
//! difference, and a part of a word is enough. A term of one or two characters is found only where a word begins, or every
//! message would hold it; a character of a script that writes no spaces begins a word wherever it stands. No word is too common.
//!
//! [`query`] what somebody asks · [`fold`] how texts are compared · [`grams`] what an index keeps of them · [`words`] which words a
//! message has · [`snippet`] what of them is shown.

mod days;
mod fold;
mod grams;
mod query;
mod snippet;
mod words;

pub use days::{Day, day_of};
pub use fold::{Folded, fold};
pub use grams::{grams_of, grams_to_ask};
pub use query::{Filter, Has, Is, Query, Term, Zone};
pub use snippet::{line, snippet};
pub use words::{Marks, marks_of, words_of};
