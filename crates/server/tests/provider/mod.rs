//! Providers of identities that the tests start themselves, one that is honest and one that lies, and a browser that goes there
//! and back. They run on Node; `bin/setup tests` installs what they need.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use parlour_client::Session;
use parlour_client::http::{Response, exchange};
use serde_json::{Value, json};

use crate::house::House;

/// What the house is called there, and its secret.
const SECRET: &str = "a secret of the tests";

/// A provider that runs until it is dropped.
pub(crate) struct Provider {
    child: Child,
    /// Held open: what it says later must not be its end.
    _said: BufReader<ChildStdout>,
    /// As it calls itself, without a path.
    pub(crate) issuer: String,
    folder: tempfile::TempDir,
}

impl Provider {
    /// npm's oidc-provider.
    pub(crate) fn honest() -> Provider {
        Provider::start("provider.mjs")
    }

    /// One that says what it is told to.
    pub(crate) fn liar() -> Provider {
        Provider::start("liar.mjs")
    }

    fn start(script: &str) -> Provider {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/provider");
        assert!(folder.join("node_modules").exists(), "the providers are not installed: bin/setup tests does that");
        let mut node = Command::new("node");
        node.arg(script).current_dir(folder).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = node.spawn().expect("node is installed");
        let mut issuer = String::new();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        said.read_line(&mut issuer).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), SECRET).unwrap();
        let mut mode = std::fs::metadata(folder.path().join("secret")).unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o600);
        std::fs::set_permissions(folder.path().join("secret"), mode).unwrap();
        Provider { child, _said: said, issuer: issuer.trim().to_owned(), folder }
    }

    /// What parlour.toml says of it, as the provider `name` at this path of its.
    pub(crate) fn section(&self, name: &str, path: &str) -> String {
        let secret = self.folder.path().join("secret");
        format!(
            "[[oidc]]\nname = '{name}'\ntitle = 'The {name} one'\nissuer = '{}{path}'\nclient_id = 'parlour'\nclient_secret_file = '{}'\n",
            self.issuer,
            secret.display()
        )
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.issuer.strip_prefix("http://").unwrap().parse().unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A house that knows these providers.
pub(crate) fn house_with(door: &str, settings: &str, flags: &[&str]) -> House {
    House::start_among(&[&["--rate-limits", "off", "--door", door], flags].concat(), &[], Some(settings))
}

/// Somebody's browser: what it holds for each address.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    cookies: BTreeMap<SocketAddr, BTreeMap<String, String>>,
}

impl Browser {
    /// One that is signed in.
    pub(crate) fn of(session: &Session) -> Browser {
        let mut browser = Browser::default();
        browser.is_now(session);
        browser
    }

    /// Follows a link of the page that is shown.
    pub(crate) async fn get(&mut self, at: SocketAddr, path: &str) -> Response {
        self.ask(at, &format!("GET {path} HTTP/1.1\r\nAccept: text/html\r\n"), "").await
    }

    /// What the house's page asks for.
    pub(crate) async fn post(&mut self, house: &House, path: &str, body: &Value) -> Response {
        let (at, body) = (house.address, body.to_string());
        let head = format!("POST {path} HTTP/1.1\r\nOrigin: http://{at}\r\nContent-Type: application/json\r\n");
        self.ask(at, &head, &body).await
    }

    async fn ask(&mut self, at: SocketAddr, head: &str, body: &str) -> Response {
        let held = self.cookies.entry(at).or_default();
        let cookies: Vec<String> = held.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let request =
            format!("{head}Host: {at}\r\nConnection: close\r\nCookie: {}\r\n{length}\r\n{body}", cookies.join("; "));
        let answer = exchange(at, &request).await.unwrap();
        for cookie in values(&answer, "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            if value.is_empty() || cookie.contains("Max-Age=0") {
                held.remove(name);
            } else {
                held.insert(name.to_owned(), value.to_owned());
            }
        }
        answer
    }

    /// Begins to come in by a provider: where the browser is sent.
    pub(crate) async fn begins(&mut self, house: &House, name: &str) -> String {
        let answer = self.get(house.address, &format!("/api/v1/oidc/{name}/start")).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        answer.header("location").unwrap().to_owned()
    }

    /// Signs in at the honest provider as `login`, or says no there, and returns the address of the house it is sent back to.
    pub(crate) async fn signs_in(&mut self, url: &str, login: Option<&str>) -> String {
        let (at, mut path) = parts(url);
        for _ in 0..8 {
            let page = self.get(at, &path).await;
            let answer = if page.status == 200 {
                let body = login.map_or("act=no".to_owned(), |login| format!("act=go&login={login}"));
                let kind = "Content-Type: application/x-www-form-urlencoded";
                self.ask(at, &format!("POST {path} HTTP/1.1\r\n{kind}\r\n"), &body).await
            } else {
                page
            };
            let location = answer.header("location").unwrap_or_else(|| panic!("no way on: {answer:?}")).to_owned();
            if location.contains("/callback?") {
                return parts(&location).1;
            }
            path = if location.starts_with('/') { location } else { parts(&location).1 };
        }
        panic!("the provider never sends anybody back");
    }

    /// There and back: where it ends.
    pub(crate) async fn comes_in(&mut self, house: &House, name: &str, login: &str) -> String {
        let url = self.begins(house, name).await;
        let back = self.signs_in(&url, Some(login)).await;
        self.comes_back(house, &back).await
    }

    /// Follows what the provider sent it back with; the page of the house that it ends on.
    pub(crate) async fn comes_back(&mut self, house: &House, path: &str) -> String {
        let answer = self.get(house.address, path).await;
        assert_eq!(answer.status, 303, "{answer:?}");
        answer.header("location").unwrap().to_owned()
    }

    /// Signed in as somebody else, without anything having ended.
    pub(crate) fn is_now(&mut self, session: &Session) {
        for (name, value) in session.cookie.split("; ").filter_map(|pair| pair.split_once('=')) {
            self.cookies.entry(session.house).or_default().insert(name.to_owned(), value.to_owned());
        }
    }

    /// What it holds for a house, as it says it.
    pub(crate) fn cookie(&self, house: &House) -> String {
        let held = self.cookies.get(&house.address).into_iter().flatten();
        held.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    /// Forgets who it is at a provider.
    pub(crate) fn forget_provider(&mut self, url: &str) {
        self.cookies.remove(&parts(url).0);
    }

    /// Who it is signed in as; nobody when it is not.
    pub(crate) async fn is(&mut self, house: &House) -> Option<String> {
        let boot: Value = serde_json::from_str(&self.get(house.address, "/api/v1/boot").await.body).unwrap();
        boot["you"]["name"].as_str().map(str::to_owned)
    }

    /// The own account as the house tells it.
    pub(crate) async fn account(&mut self, house: &House) -> Value {
        serde_json::from_str(&self.get(house.address, "/api/v1/account").await.body).unwrap()
    }
}

/// All values of a header.
pub(crate) fn values(answer: &Response, wanted: &str) -> Vec<String> {
    let lines = answer.headers.lines().filter_map(|line| line.split_once(':'));
    let of = lines.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
    of.map(|(_, value)| value.trim().to_owned()).collect()
}

/// An address and the rest of a URL.
pub(crate) fn parts(url: &str) -> (SocketAddr, String) {
    let (at, rest) = url.strip_prefix("http://").unwrap().split_once('/').unwrap();
    (at.parse().unwrap(), format!("/{rest}"))
}

/// A parameter of a URL, which holds nothing that needed to be written otherwise.
pub(crate) fn parameter(url: &str, name: &str) -> String {
    let query = url.split_once('?').unwrap().1;
    let found = query.split('&').filter_map(|pair| pair.split_once('=')).find(|(held, _)| *held == name);
    found.unwrap_or_else(|| panic!("no {name} in {url}")).1.to_owned()
}

/// The way back from the liar, who then says this; the nonce is the right one unless the lie has another.
pub(crate) fn lie(url: &str, name: &str, mut lie: Value) -> String {
    let claims = lie["claims"].as_object().cloned().unwrap_or_default();
    lie["claims"] = json!({"nonce": parameter(url, "nonce")});
    for (claim, value) in claims {
        lie["claims"][claim] = value;
    }
    let code = URL_SAFE_NO_PAD.encode(lie.to_string());
    format!("/api/v1/oidc/{name}/callback?code={code}&state={}", parameter(url, "state"))
}
