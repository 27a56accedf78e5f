//! An authenticator as a browser drives one: it makes passkeys and shows them (WebAuthn level 3, ES256, attestation "none"). What
//! it says can be bent, to see it refused.

// Each test binary uses a part of this.
#![allow(dead_code)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const PRESENT: u8 = 0x01;
const VERIFIED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

/// The browser that stands between: whose page asks, and what it lets through.
#[derive(Clone, Debug)]
pub(crate) struct Authenticator {
    /// The origin of the page.
    pub(crate) origin: String,
    /// Whether that page is inside one of somebody else.
    pub(crate) framed: bool,
    /// Whether its owner was made sure of, by a finger or a number.
    pub(crate) verified: bool,
}

/// A passkey in it.
#[derive(Clone)]
pub(crate) struct Key {
    /// What it is called.
    pub(crate) id: Vec<u8>,
    /// Whose it is.
    pub(crate) owner: Vec<u8>,
    /// The name that it is bound to.
    pub(crate) site: String,
    /// How often it was shown; 0 for ever in one that is kept in many places.
    pub(crate) counter: u32,
    /// What it signs with.
    pub(crate) signs: SigningKey,
}

pub(crate) fn text(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn bytes(value: &Value) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(value.as_str().unwrap()).unwrap()
}

impl Authenticator {
    /// One that is asked by the house's own page.
    pub(crate) fn at(origin: &str) -> Authenticator {
        Authenticator { origin: origin.to_owned(), framed: false, verified: true }
    }

    /// Makes a passkey: what the browser answers, and the key.
    pub(crate) fn make(&self, options: &Value) -> (Value, Key) {
        let secret = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
        let key = Key {
            id: Uuid::new_v4().as_bytes().to_vec(),
            owner: bytes(&options["user"]["id"]),
            site: options["rp"]["id"].as_str().unwrap().to_owned(),
            counter: 1,
            signs: SigningKey::from_slice(&secret).unwrap(),
        };
        (self.made(options, &key), key)
    }

    /// What the browser says of a key as of one that was made for these options.
    pub(crate) fn made(&self, options: &Value, key: &Key) -> Value {
        let point = key.signs.verifying_key().to_sec1_bytes();
        let mut data = self.data(key, WITH_KEY);
        data.extend([0; 16]);
        data.extend(u16::try_from(key.id.len()).unwrap().to_be_bytes());
        data.extend(&key.id);
        // A COSE key: of two coordinates, for ES256, on P-256.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point[33..65]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59".to_vec();
        object.extend(u16::try_from(data.len()).unwrap().to_be_bytes());
        object.extend(data);
        json!({
            "id": text(&key.id), "rawId": text(&key.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "attestationObject": text(&object), "transports": ["internal"],
                "clientDataJSON": text(&self.client_data("webauthn.create", options)),
            },
        })
    }

    /// Shows a key: what the browser answers. The key counts.
    pub(crate) fn show(&self, options: &Value, key: &mut Key) -> Value {
        if key.counter > 0 {
            key.counter += 1;
        }
        self.shown(options, key)
    }

    /// The same without counting.
    pub(crate) fn shown(&self, options: &Value, key: &Key) -> Value {
        let data = self.data(key, 0);
        let said = self.client_data("webauthn.get", options);
        let signature: Signature = key.signs.sign(&[data.as_slice(), &Sha256::digest(&said)].concat());
        json!({
            "id": text(&key.id), "rawId": text(&key.id), "type": "public-key", "clientExtensionResults": {},
            "response": {
                "authenticatorData": text(&data), "clientDataJSON": text(&said),
                "signature": text(signature.to_der().as_bytes()), "userHandle": text(&key.owner),
            },
        })
    }

    fn client_data(&self, kind: &str, options: &Value) -> Vec<u8> {
        let said = json!({
            "type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": self.framed,
        });
        said.to_string().into_bytes()
    }

    fn data(&self, key: &Key, more: u8) -> Vec<u8> {
        let mut data = Sha256::digest(&key.site).to_vec();
        data.push(PRESENT | more | if self.verified { VERIFIED } else { 0 });
        data.extend(key.counter.to_be_bytes());
        data
    }
}
