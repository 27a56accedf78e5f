//! What a client may command: whatever is read is what plain JSON says, within the limits, and can be said again; whatever is
//! not is refused in one short sentence, and as too large only what is.
#![no_main]

use std::fmt;

use libfuzzer_sys::fuzz_target;
use parlour_protocol::command::ClientFrame;
use parlour_protocol::{ErrorCode, codec, limits};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

fuzz_target!(|text: &str| {
    let decoded = codec::decode(text);
    if let Ok(Extent { depth, keys }) = serde_json::from_str(text) {
        let large = depth > limits::JSON_DEPTH_MAX || keys > limits::JSON_KEYS_MAX;
        let said = decoded.as_ref().err().map(|refused| refused.refusal.message.as_str());
        let refused = matches!(said, Some("The frame is nested too deeply." | "The frame has too many keys."));
        assert_eq!(large, refused, "{depth} deep, {keys} keys, {said:?}");
    }
    match decoded {
        Ok(frame) => {
            let plain: Value = serde_json::from_str(text).expect("a command is JSON");
            // The last of two equal keys counts there: a command that is read has no field twice.
            assert_eq!(serde_json::from_value::<ClientFrame>(plain).ok().as_ref(), Some(&frame));
            let again = serde_json::to_string(&frame).expect("a command that was read can be written");
            assert_eq!(codec::decode(&again).as_ref(), Ok(&frame), "{again}");
        }
        Err(refused) => {
            let message = refused.refusal.message;
            assert_eq!(refused.refusal.code, ErrorCode::BadFrame);
            assert!(message.ends_with('.') && message.len() < 1_000 && !message.contains('\n'), "{message:?}");
        }
    }
});

/// How deep some JSON is, and how many keys it has, each counted as often as it stands there.
#[derive(Clone, Copy, Default)]
struct Extent {
    depth: usize,
    keys: usize,
}

impl Extent {
    fn add(&mut self, inner: Extent) {
        self.depth = self.depth.max(inner.depth + 1);
        self.keys += inner.keys;
    }
}

impl<'de> Deserialize<'de> for Extent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Extent, D::Error> {
        deserializer.deserialize_any(Measure)
    }
}

struct Measure;

impl<'de> Visitor<'de> for Measure {
    type Value = Extent;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut all: A) -> Result<Extent, A::Error> {
        let mut extent = Extent { depth: 1, keys: 0 };
        while let Some(inner) = all.next_element()? {
            extent.add(inner);
        }
        Ok(extent)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut all: A) -> Result<Extent, A::Error> {
        let mut extent = Extent { depth: 1, keys: 0 };
        while let Some((IgnoredAny, inner)) = all.next_entry()? {
            extent.keys += 1;
            extent.add(inner);
        }
        Ok(extent)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Extent, E> {
        Ok(Extent::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Extent, E> {
        Ok(Extent::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Extent, E> {
        Ok(Extent::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Extent, E> {
        Ok(Extent::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Extent, E> {
        Ok(Extent::default())
    }

    fn visit_unit<E>(self) -> Result<Extent, E> {
        Ok(Extent::default())
    }
}
