//! Somebody's site: pages that links lead to, on this machine. It remembers what it was asked, and answers when it is let.

use std::collections::HashMap;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};

/// A running site; it ends with the test.
#[derive(Clone)]
pub(crate) struct Site {
    /// `127.0.0.1:PORT`.
    pub(crate) at: String,
    inside: Arc<(Mutex<Inside>, Condvar)>,
}

#[derive(Default)]
struct Inside {
    pages: HashMap<String, Vec<u8>>,
    asked: Vec<String>,
    /// Nobody is answered.
    held: bool,
    under_way: usize,
    most: usize,
}

/// An answer of this kind.
pub(crate) fn answer(kind: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

impl Site {
    /// Starts one; every path without a page of its own has one with the path for its title.
    pub(crate) fn start() -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let site = Site { at: listener.local_addr().unwrap().to_string(), inside: Arc::default() };
        let serving = site.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let site = serving.clone();
                std::thread::spawn(move || site.serve(stream));
            }
        });
        site
    }

    /// The address of a path.
    pub(crate) fn link(&self, path: &str) -> String {
        format!("http://{}{path}", self.at)
    }

    /// From now on this is at a path.
    pub(crate) fn put(&self, path: &str, kind: &str, body: &[u8]) {
        self.inside.0.lock().unwrap().pages.insert(path.to_owned(), answer(kind, body));
    }

    /// From now on nobody is answered, or everybody who waits.
    pub(crate) fn hold(&self, held: bool) {
        self.inside.0.lock().unwrap().held = held;
        self.inside.1.notify_all();
    }

    /// The paths it was asked for, in their order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.inside.0.lock().unwrap().asked.clone()
    }

    /// How many asked at once, at most.
    pub(crate) fn most(&self) -> usize {
        self.inside.0.lock().unwrap().most
    }

    /// Waits until it was asked so often.
    pub(crate) async fn was_asked(&self, times: usize) {
        let site = self.clone();
        let waited = tokio::task::spawn_blocking(move || {
            let (inside, changed) = &*site.inside;
            let patience = std::time::Duration::from_secs(20);
            let waiting = |inside: &mut Inside| inside.asked.len() < times;
            changed.wait_timeout_while(inside.lock().unwrap(), patience, waiting).unwrap().1.timed_out()
        });
        assert!(!waited.await.unwrap(), "asked {:?}", self.asked());
    }

    fn serve(&self, mut stream: TcpStream) {
        let (mut head, mut byte) = (Vec::new(), [0]);
        while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) > 0 {
            head.extend(byte);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let Some(path) = head.split(' ').nth(1) else { return };
        let (inside, changed) = &*self.inside;
        let said = {
            let mut inside = inside.lock().unwrap();
            inside.asked.push(path.to_owned());
            inside.under_way += 1;
            inside.most = inside.most.max(inside.under_way);
            changed.notify_all();
            let mut inside = changed.wait_while(inside, |inside| inside.held).unwrap();
            inside.under_way -= 1;
            let plain = || answer("text/html", format!("<title>{path}</title>").as_bytes());
            inside.pages.get(path).cloned().unwrap_or_else(plain)
        };
        let _ = stream.write_all(&said);
    }
}
