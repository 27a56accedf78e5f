//! Who lives in the demo house.

use parlour_protocol::Role;

/// Somebody: their name, what they sign in with, and what they are in the house.
pub(super) struct Person {
    pub(super) name: &'static str,
    pub(super) handle: &'static str,
    pub(super) role: Role,
}

const fn person(name: &'static str, handle: &'static str, role: Role) -> Person {
    Person { name, handle, role }
}

/// Everybody. The first is the owner, to whom the last day is new.
pub(super) const CAST: [Person; 14] = [
    person("Ada", "ada", Role::Owner),
    person("Radia", "radia", Role::Administrator),
    person("Grace", "grace", Role::Member),
    person("Alan", "alan", Role::Member),
    person("Mei", "mei", Role::Member),
    person("Omar", "omar", Role::Member),
    person("Tom", "tom", Role::Member),
    person("Ines", "ines", Role::Member),
    person("Jonas", "jonas", Role::Member),
    person("Linus", "linus", Role::Member),
    person("Priya", "priya", Role::Member),
    person("Zoë", "zoe", Role::Member),
    person("Beatriz", "beatriz", Role::Member),
    person("Kwame", "kwame", Role::Member),
];

/// What the open and closed rooms are about.
pub(super) const TOPICS: [(&str, &str); 8] = [
    ("engineering", "The relay, the buoys, and why they disagree"),
    ("charts", "What people look at: tables, maps, colours"),
    ("help", "There are no small questions here"),
    ("releases", "What went out, and when"),
    ("boat", "Kamome, soup, pumps"),
    ("council", "The port authority and other things that wait"),
    (TIDES, "High and low water, twice a day"),
    (READINGS, "Everything a buoy ever said"),
];

/// The room in which the tides are told every day.
pub(super) const TIDES: &str = "tides";
/// The room of as many messages as were asked for.
pub(super) const READINGS: &str = "readings";
