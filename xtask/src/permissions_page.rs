//! docs/PERMISSIONS.md: the permission table of `domain::access` as a page, with the commands and routes that ask for each act,
//! read out of the two files that say so.

use std::fmt::Write as _;
use std::fs;

use anyhow::Context;
use parlour_domain::access::Action;
use parlour_domain::access::table::{House, InRoom, Row, row};

use crate::tree::root;

const COMMANDS: &str = "crates/domain/src/access/commands.rs";
const ROUTES: &str = "crates/server/src/http/routes.rs";

const HEAD: &str = "# Who may do what

Made by `cargo xtask codegen` from `crates/domain/src/access/table.rs`, which every command, every route and every read asks, in
the transaction that does what was asked. Do not edit.

A **person** is a member, administrator or owner of the house; an **office** is held by administrators and owners. What is changed by
office is written into the log of administrative acts. To who is not in a room, what they may not do there is answered as if the
room did not exist; to who is, with `forbidden`; to strangers and the suspended, with `signed_out`. A suspended person is out of the
house but keeps name, rooms and roles.
";

const IN_HOUSE: &str = "\n## In the house\n
| act | stranger | suspended | guest | bot | member | administrator | owner |
| --- | --- | --- | --- | --- | --- | --- | --- |
";

const IN_ROOMS: &str = "\n## In rooms\n
| act | the lobby | an open room | a closed room | a direct room | also archived |
| --- | --- | --- | --- | --- | --- |
";

const ASKED: &str = "\n## What asks for which act\n
Of people, `SetHighRole` and `SuspendHigh` are asked where an administrator or owner is concerned. `PostAsManager` is asked where
only those who look after a room speak, `PostAtOnce` where it is slow, `DeleteAny` where a message is somebody else's, and `MentionAll`
where one says `@room` or `@here`. The tutorial's wire is `EnterAsGuest`.\n
| act | commands | routes |
| --- | --- | --- |
";

/// The whole page.
pub(crate) fn whole() -> anyhow::Result<String> {
    let mut page = HEAD.to_owned();
    page.push_str(IN_HOUSE);
    for action in Action::ALL {
        if let Row::House(cells) = row(action) {
            let cells = cells.map(house_cell).join(" | ");
            writeln!(page, "| {} | {cells} |", action.words())?;
        }
    }
    page.push_str(IN_ROOMS);
    for action in Action::ALL {
        if let Row::Room(cells, archived_too) = row(action) {
            let cells = cells.map(room_cell).join(" | ");
            writeln!(page, "| {} | {cells} | {} |", action.words(), if archived_too { "yes" } else { "–" })?;
        }
    }
    page.push_str(ASKED);
    let (commands, routes) = (commands()?, routes()?);
    for action in Action::ALL {
        let name = format!("{action:?}");
        let of = |all: &[(String, String)]| -> String {
            let found = all.iter().filter(|(asked, _)| *asked == name).map(|(_, what)| format!("`{what}`"));
            found.collect::<Vec<_>>().join(" ")
        };
        let (commands, routes) = (of(&commands), of(&routes));
        if !commands.is_empty() || !routes.is_empty() {
            writeln!(page, "| {name} | {commands} | {routes} |")?;
        }
    }
    Ok(page)
}

fn house_cell(cell: House) -> &'static str {
    match cell {
        House::No => "–",
        House::Yes => "yes",
        House::OpenDoor => "open door",
        House::ApprovalDoor => "door by approval",
        House::Office => "by office",
    }
}

fn room_cell(cell: InRoom) -> &'static str {
    match cell {
        InRoom::Nobody => "nobody",
        InRoom::Person => "any person",
        InRoom::Member => "members",
        InRoom::PersonInIt => "persons in it",
        InRoom::Manager => "managers",
        InRoom::ManagerOrOfficeInIt => "managers, and an office in it",
        InRoom::ManagerOrOffice => "managers, or by office",
        InRoom::Office => "by office",
        InRoom::PersonInItOrOffice => "persons in it, or by office",
    }
}

/// Each command with its act: `Command::A { .. } | Command::B(_) => Action::C,`, by its name on the wire.
fn commands() -> anyhow::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(root().join(COMMANDS)).with_context(|| format!("{COMMANDS} is not there"))?;
    let mut found = Vec::new();
    for line in text.lines().filter(|line| line.contains("=> Action::")) {
        let (patterns, action) = line.split_once("=> Action::").context("a line was split")?;
        let action = action.trim_end_matches(',').to_owned();
        let names = patterns.split("Command::").skip(1).filter_map(|rest| rest.split([' ', '(']).next());
        found.extend(names.map(|name| (action.clone(), on_the_wire(name))));
    }
    anyhow::ensure!(found.len() > 10, "{COMMANDS} is not written as expected");
    Ok(found)
}

/// Each route with its act: `get "/path" Act => handler;`.
fn routes() -> anyhow::Result<Vec<(String, String)>> {
    let text = fs::read_to_string(root().join(ROUTES)).with_context(|| format!("{ROUTES} is not there"))?;
    let rows = text.lines().filter_map(|line| {
        let (left, _) = line.split_once("=>")?;
        let [method @ ("get" | "post"), path, action] = left.split_whitespace().collect::<Vec<_>>()[..] else {
            return None;
        };
        Some((action.to_owned(), format!("{} {}", method.to_uppercase(), path.trim_matches('"'))))
    });
    let found: Vec<(String, String)> = rows.collect();
    anyhow::ensure!(found.len() > 10, "{ROUTES} is not written as expected");
    Ok(found)
}

/// `MarkRead` is `mark_read` on the wire.
fn on_the_wire(name: &str) -> String {
    let mut wire = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !wire.is_empty() {
            wire.push('_');
        }
        wire.extend(letter.to_lowercase());
    }
    wire
}
