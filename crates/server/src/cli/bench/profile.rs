//! How to speak to a server that is not ours: a JSON file with the request's headers, the frames before one is in, and the
//! form of a message. docs/BENCH.md describes each field.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, bail};
use serde::Deserialize;
use serde_json::Value;

use super::template::{Filling, Hole, Template};

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    #[serde(rename = "comment")]
    _comment: Value,
    path: Option<String>,
    headers: Headers,
    subprotocol: Option<String>,
    frames: Vec<WrittenStep>,
    ready: Option<String>,
    publish: String,
    replies: Vec<WrittenReply>,
    binary: bool,
    latin1: bool,
    echo: bool,
}

impl Default for Written {
    fn default() -> Written {
        Written {
            _comment: Value::Null,
            path: None,
            headers: Headers::Lines(Vec::new()),
            subprotocol: None,
            frames: Vec::new(),
            ready: None,
            publish: "{marker}".to_owned(),
            replies: Vec::new(),
            binary: false,
            latin1: false,
            echo: true,
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Headers {
    Lines(Vec<String>),
    ByName(BTreeMap<String, String>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WrittenStep {
    Send(String),
    Step {
        #[serde(default)]
        send: String,
        #[serde(default)]
        wait: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenReply {
    #[serde(rename = "match")]
    to: String,
    reply: String,
    #[serde(default = "yes")]
    exact: bool,
}

fn yes() -> bool {
    true
}

/// A wire that is told by a file; the bare one of the tutorial is the empty file.
#[derive(Debug)]
pub(super) struct Profile {
    /// Replaces the path of the address.
    pub(super) path: Option<Template>,
    /// Lines of the upgrade request.
    pub(super) headers: Vec<Template>,
    pub(super) subprotocol: Option<String>,
    /// What is sent and waited for before one is in.
    pub(super) steps: Vec<Step>,
    /// A message.
    pub(super) publish: Template,
    pub(super) replies: Vec<Answer>,
    /// Whether messages go into binary frames.
    pub(super) binary: bool,
    /// Whether a sender hears itself.
    pub(super) echo: bool,
}

#[derive(Debug)]
pub(super) struct Step {
    /// Sent as one frame, unless it is empty.
    pub(super) send: Template,
    pub(super) sends: bool,
    /// The next step follows when a message with this in it has come; at once when it is empty.
    pub(super) wait: Vec<u8>,
}

/// What is answered to certain messages, such as a server's own pings.
#[derive(Debug)]
pub(super) struct Answer {
    /// The message, or what stands in it.
    pub(super) to: Vec<u8>,
    /// Whether it is the whole message.
    pub(super) exact: bool,
    pub(super) reply: Vec<u8>,
}

impl Profile {
    /// The tutorial's wire: what is sent is the text itself.
    pub(super) fn bare() -> Profile {
        Profile::of(Written::default())
    }

    /// Reads a file.
    pub(super) fn load(path: &Path) -> anyhow::Result<Profile> {
        let name = path.display();
        let text = std::fs::read_to_string(path).with_context(|| {
            format!("--wire {name} is neither `parlour` nor `classic`, nor a file with a profile that can be read")
        })?;
        Profile::parse(&text).with_context(|| format!("the profile {name} is not right"))
    }

    fn parse(text: &str) -> anyhow::Result<Profile> {
        let value: Value = serde_json::from_str(text)?;
        // A list would be taken for the fields in order.
        if !value.is_object() {
            bail!("it is no object");
        }
        let profile = Profile::of(serde_json::from_value(value)?);
        if !profile.publish.has(Hole::Marker) {
            bail!("`publish` must hold {{marker}}");
        }
        Ok(profile)
    }

    fn of(written: Written) -> Profile {
        let template = |text: &str| Template::read(text, written.latin1);
        let plain = |text: &str| {
            let mut bytes = Vec::new();
            template(text).fill(&mut bytes, &Filling::default());
            bytes
        };
        let lines = match written.headers {
            Headers::Lines(lines) => lines,
            Headers::ByName(by_name) => by_name.iter().map(|(name, value)| format!("{name}: {value}")).collect(),
        };
        let step = |send: &str, wait: &str| Step { send: template(send), sends: !send.is_empty(), wait: plain(wait) };
        let frames = written.frames.iter().map(|frame| match frame {
            WrittenStep::Send(send) => step(send, ""),
            WrittenStep::Step { send, wait } => step(send, wait),
        });
        let ready = written.ready.iter().map(|ready| step("", ready));
        let answers = written.replies.iter();
        Profile {
            path: written.path.as_deref().map(Template::text),
            headers: lines.iter().map(|line| Template::text(line)).collect(),
            steps: frames.chain(ready).collect(),
            publish: template(&written.publish),
            replies: answers
                .map(|one| Answer { to: plain(&one.to), exact: one.exact, reply: plain(&one.reply) })
                .collect(),
            subprotocol: written.subprotocol,
            binary: written.binary,
            echo: written.echo,
        }
    }

    /// Whether clients can be told apart by room: without a `{room}` they would all be in one.
    pub(super) fn knows_rooms(&self) -> bool {
        let steps = self.steps.iter().map(|step| &step.send);
        self.path.iter().chain(&self.headers).chain(steps).any(|template| template.has(Hole::Room))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_with_every_field_is_understood_and_the_empty_one_is_the_bare_wire() {
        let profile = Profile::parse(
            r#"{"comment":"all","path":"/ws?room={room}","headers":["Origin: http://a"],"subprotocol":"chat.v1",
            "frames":[{"send":"hello","wait":"welcome"},"join"],"ready":"joined","publish":"say {marker}",
            "replies":[{"match":"2","reply":"3"}],"binary":true,"latin1":false,"echo":false}"#,
        );
        let profile = profile.expect("it is right");
        let waits: Vec<&[u8]> = profile.steps.iter().map(|step| step.wait.as_slice()).collect();
        assert_eq!(waits, [b"welcome".as_slice(), b"", b"joined"]);
        assert!(profile.knows_rooms() && profile.binary && !profile.echo && profile.replies[0].exact);
        let bare = Profile::parse("{}").expect("nothing is needed");
        assert!(bare.echo && bare.steps.is_empty() && !bare.knows_rooms());
    }

    #[test]
    fn a_profile_that_cannot_work_is_refused() {
        for wrong in [r#"{"publsh":"x"}"#, r#"{"publish":"no hole"}"#, "[]", r#"{"frames":[1]}"#, r#"{"echo":1}"#] {
            assert!(Profile::parse(wrong).is_err(), "{wrong}");
        }
    }
}
