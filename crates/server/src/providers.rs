//! Providers of identities as the settings have them: several in parlour.toml, one by flags and variables.

use std::fs::Metadata;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use parlour_engine::oidc::Settings;
use parlour_protocol::limits;
use serde::Deserialize;

/// What one is called whose settings give it no name.
const NAME: &str = "provider";

/// One, by flags.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct ProviderFlags {
    /// A provider of identities (OpenID Connect) to come in by, as it calls itself, such as https://id.example.org
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_ISSUER",
        value_name = "URL",
        help_heading = "Signing in by a provider"
    )]
    oidc_issuer: Option<String>,
    /// What the house is called there
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_CLIENT_ID",
        value_name = "ID",
        help_heading = "Signing in by a provider"
    )]
    oidc_client_id: Option<String>,
    /// The file with the secret that the provider gave for it; nobody else may read the file
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_CLIENT_SECRET_FILE",
        value_name = "FILE",
        help_heading = "Signing in by a provider"
    )]
    oidc_client_secret_file: Option<PathBuf>,
    /// What stands for it in addresses: small letters, digits and - [default: provider]
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_NAME",
        value_name = "NAME",
        help_heading = "Signing in by a provider"
    )]
    oidc_name: Option<String>,
    /// What the button calls it [default: its name]
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_TITLE",
        value_name = "TITLE",
        help_heading = "Signing in by a provider"
    )]
    oidc_title: Option<String>,
    /// Hosts besides the issuer's own that it has its keys and tokens on, with commas between
    #[arg(
        long,
        global = true,
        env = "PARLOUR_OIDC_HOSTS",
        value_name = "HOSTS",
        value_delimiter = ',',
        help_heading = "Signing in by a provider"
    )]
    oidc_hosts: Option<Vec<String>>,
}

/// One, by `[[oidc]]` in parlour.toml.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Section {
    issuer: String,
    client_id: String,
    client_secret_file: Option<PathBuf>,
    name: Option<String>,
    title: Option<String>,
    #[serde(default)]
    hosts: Vec<String>,
}

impl ProviderFlags {
    /// These, and where they are silent, those of `other`.
    pub(crate) fn over(self, other: ProviderFlags) -> ProviderFlags {
        ProviderFlags {
            oidc_issuer: self.oidc_issuer.or(other.oidc_issuer),
            oidc_client_id: self.oidc_client_id.or(other.oidc_client_id),
            oidc_client_secret_file: self.oidc_client_secret_file.or(other.oidc_client_secret_file),
            oidc_name: self.oidc_name.or(other.oidc_name),
            oidc_title: self.oidc_title.or(other.oidc_title),
            oidc_hosts: self.oidc_hosts.or(other.oidc_hosts),
        }
    }

    fn section(self) -> Result<Option<Section>, String> {
        let said = self.oidc_client_id.is_some() || self.oidc_client_secret_file.is_some();
        match (self.oidc_issuer, self.oidc_client_id) {
            (Some(issuer), Some(client_id)) => Ok(Some(Section {
                issuer,
                client_id,
                client_secret_file: self.oidc_client_secret_file,
                name: self.oidc_name,
                title: self.oidc_title,
                hosts: self.oidc_hosts.unwrap_or_default(),
            })),
            (None, _) if !said => Ok(None),
            _ => Err("--oidc-issuer and --oidc-client-id belong together: give both".to_owned()),
        }
    }
}

/// All of them, checked; the one by flags stands first.
pub(crate) fn read(flags: ProviderFlags, sections: Vec<Section>) -> Result<Vec<Settings>, String> {
    let mut all: Vec<Settings> = Vec::new();
    for section in flags.section()?.into_iter().chain(sections) {
        let name = section.name.as_deref().unwrap_or(NAME);
        let wrong = |wrong: String| format!("the provider {}: {wrong}", section.issuer);
        let secret = section.client_secret_file.as_deref().map(secret).transpose().map_err(wrong)?;
        let client = (section.client_id.as_str(), secret.as_deref());
        let title = section.title.as_deref();
        let settings = Settings::new(name, title, &section.issuer, client, &section.hosts).map_err(wrong)?;
        if all.iter().any(|other| other.name == settings.name || other.is_the_same_as(&settings)) {
            return Err(wrong("another has the same name or issuer".to_owned()));
        }
        all.push(settings);
    }
    if all.len() > limits::OIDC_PROVIDERS_MAX {
        return Err(format!("there are more than {} providers", limits::OIDC_PROVIDERS_MAX));
    }
    Ok(all)
}

/// The secret of a file that nobody else may read (S32).
fn secret(path: &Path) -> Result<String, String> {
    let cannot = |error: std::io::Error| format!("cannot read {}: {error}", path.display());
    let mode = std::fs::metadata(path).map(|file: Metadata| file.permissions().mode()).map_err(cannot)?;
    if mode & 0o077 != 0 {
        return Err(format!(
            "{0} can be read by others (mode {1:o}). Take that away first: chmod 600 {0}",
            path.display(),
            mode & 0o777
        ));
    }
    let text = std::fs::read_to_string(path).map_err(cannot)?;
    let secret = text.trim();
    if secret.is_empty() { Err(format!("{} is empty", path.display())) } else { Ok(secret.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(toml: &str) -> Section {
        toml::from_str(toml).unwrap()
    }

    #[test]
    fn oidc_1_one_provider_by_flags_and_others_by_the_file_are_told_apart() {
        let flags = ProviderFlags {
            oidc_issuer: Some("https://a.example".to_owned()),
            oidc_client_id: Some("parlour".to_owned()),
            ..ProviderFlags::default()
        };
        let other = section("issuer = 'https://b.example/realm'\nclient_id = 'x'\nname = 'b'\ntitle = 'The B'");
        let all = read(flags.clone(), vec![other.clone()]).unwrap();
        let named: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.title.as_str())).collect();
        assert_eq!(named, [("provider", "provider"), ("b", "The B")]);
        assert!(read(flags.clone(), vec![other.clone(), other]).is_err(), "one issuer twice");
        for wrong in [
            "issuer = 'http://b.example'\nclient_id = 'x'",
            "issuer = 'https://b.example?x'\nclient_id = 'x'",
            "issuer = 'https://b.example'\nclient_id = ''",
            "issuer = 'https://b.example'\nclient_id = 'x'\nname = '../x'",
            "issuer = 'https://b.example'\nclient_id = 'x'\nclient_secret_file = '/nowhere'",
            "issuer = 'b'\nclient_id = 'x'",
        ] {
            assert!(read(ProviderFlags::default(), vec![section(wrong)]).is_err(), "{wrong}");
        }
        let half = ProviderFlags { oidc_client_id: None, ..flags };
        assert!(read(half, Vec::new()).is_err());
    }

    #[test]
    fn s32_a_secret_that_others_may_read_is_refused_and_shown_nowhere() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "canary-secret\n").unwrap();
        let toml = format!("issuer = 'https://b'\nclient_id = 'x'\nclient_secret_file = '{}'", file.path().display());
        let read = || read(ProviderFlags::default(), vec![section(&toml)]);
        let set = |mode| std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        set(0o640);
        assert!(read().unwrap_err().contains("chmod 600"));
        set(0o600);
        assert!(!format!("{:?}", read().unwrap()).contains("canary"));
    }
}
