//! What a house is told of a provider of identities, checked.

use openidconnect::{ClientId, ClientSecret, IssuerUrl};

use crate::outgoing::{Hosts, is_safe};

/// Characters of a provider's name, which stands in addresses.
const NAME_MAX: usize = 32;
/// Characters of its title, which stands on a button.
const TITLE_MAX: usize = 40;

/// A provider as the settings have it. Its `Debug` shows no secret.
#[derive(Clone, Debug)]
pub struct Settings {
    /// What stands for it in addresses: small letters, digits and `-`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// As it calls itself.
    pub(crate) issuer: IssuerUrl,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: Option<ClientSecret>,
    pub(crate) hosts: Hosts,
}

impl Settings {
    /// Checks them. `hosts` are those besides the issuer's own that it has parts of itself on.
    ///
    /// # Errors
    /// What is wrong, in a few words.
    pub fn new(
        name: &str,
        title: Option<&str>,
        issuer: &str,
        (client_id, client_secret): (&str, Option<&str>),
        hosts: &[String],
    ) -> Result<Settings, String> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if name.is_empty() || name.len() > NAME_MAX || !name.chars().all(plain) {
            return Err(format!("the name {name:?} is not of 1 to {NAME_MAX} small letters, digits and -"));
        }
        let title = title.unwrap_or(name);
        if title.trim().is_empty() || title.chars().count() > TITLE_MAX || title.chars().any(char::is_control) {
            return Err(format!("the title {title:?} is not of 1 to {TITLE_MAX} characters"));
        }
        let wrong = || format!("the issuer {issuer:?} is not an address like https://id.example.org");
        let issuer = IssuerUrl::new(issuer.to_owned()).map_err(|_| wrong())?;
        let address = issuer.url();
        if !is_safe(address) {
            return Err(format!("the issuer {:?} has no TLS, and is not on this machine", issuer.as_str()));
        }
        if address.query().is_some() || address.fragment().is_some() || !address.username().is_empty() {
            return Err(wrong());
        }
        if client_id.is_empty() {
            return Err("there is no client id".to_owned());
        }
        let hosts = Hosts::of(address, hosts);
        Ok(Settings {
            name: name.to_owned(),
            title: title.to_owned(),
            issuer,
            client_id: ClientId::new(client_id.to_owned()),
            client_secret: client_secret.map(|secret| ClientSecret::new(secret.to_owned())),
            hosts,
        })
    }

    /// Whether another one calls itself the same.
    #[must_use]
    pub fn is_the_same_as(&self, other: &Settings) -> bool {
        self.issuer == other.issuer
    }

    /// The issuer, as the database knows it.
    pub(crate) fn issuer(&self) -> &str {
        self.issuer.as_str()
    }
}
