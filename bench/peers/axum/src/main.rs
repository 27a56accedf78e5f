//! The design of axum's chat example, written anew: one broadcast channel of 100 messages; for each client a task that reads
//! and a task that writes what the channel brings, one by one. A client that falls more than 100 messages behind is told
//! that it lagged, and its writing task ends: it is cut off.

use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use axum::routing::any;
use axum::serve::ListenerExt;
use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpListener;
use tokio::sync::broadcast::{self, Sender};

const CHANNEL_MESSAGES: usize = 100;

#[tokio::main]
async fn main() {
    let port = std::env::args().nth(1).and_then(|port| port.parse::<u16>().ok()).expect("usage: axum-chat PORT");
    let (sender, _) = broadcast::channel(CHANNEL_MESSAGES);
    let routes = Router::new().route("/ws", any(upgrade)).with_state(sender);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.expect("the port is free");
    // The example leaves Nagle's algorithm on, and in a small room it waits 40 ms for acknowledgements: every other peer has
    // it off.
    let listener = listener.tap_io(|socket| {
        let _ = socket.set_nodelay(true);
    });
    println!("listening on 127.0.0.1:{port}");
    axum::serve(listener, routes).await.expect("serving does not end");
}

async fn upgrade(State(sender): State<Sender<Utf8Bytes>>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(|socket| talk(socket, sender))
}

async fn talk(socket: WebSocket, sender: Sender<Utf8Bytes>) {
    let mut receiver = sender.subscribe();
    let (mut sink, mut stream) = socket.split();
    let mut writing = tokio::spawn(async move {
        while let Ok(text) = receiver.recv().await {
            if sink.send(Message::Text(text)).await.is_err() {
                break;
            }
        }
    });
    let mut reading = tokio::spawn(async move {
        while let Some(Ok(Message::Text(text))) = stream.next().await {
            // Nobody listening is no failure.
            let _ = sender.send(text);
        }
    });
    tokio::select! {
        _ = &mut writing => reading.abort(),
        _ = &mut reading => writing.abort(),
    }
}
