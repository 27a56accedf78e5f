//! The control: a server that takes whatever comes, as quick programs do. It reads once and takes what it read for one frame,
//! whatever its bits, mask and length; it keeps no fragment, checks no UTF-8, and closes as it is told.

use std::net::SocketAddr;

use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves until the test's runtime ends.
pub(crate) async fn start() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

async fn serve(mut stream: TcpStream) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).await.ok().filter(|length| *length > 0)?;
        head.extend_from_slice(&bytes[..length]);
        // A request that is not one is answered all the same.
        if head.ends_with(b"\n\n") || head.len() > 4096 {
            break;
        }
    }
    let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
                  Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
    stream.write_all(answer.as_bytes()).await.ok()?;
    let full = String::from_utf8_lossy(&head).contains("parlour.v1");
    if !full {
        say(&mut stream, 0x81, &json!({"type": 1, "body": "New User Joined..."}).to_string()).await?;
    }
    let mut bytes = vec![0; 256 * 1024];
    loop {
        let length = stream.read(&mut bytes).await.ok().filter(|length| *length > 1)?;
        let payload = payload(&bytes[..length]);
        let words = String::from_utf8_lossy(&payload).into_owned();
        match bytes[0] & 0x0F {
            0x8 => return say(&mut stream, 0x88, "").await,
            0x9 => say(&mut stream, 0x8A, &words).await?,
            0xA => {}
            _ if full && words.contains("hello") => {
                let welcome = json!({"t": "reply", "ref": 1, "reply": {"is": "welcome"}});
                say(&mut stream, 0x81, &welcome.to_string()).await?;
            }
            _ if full => {
                let reply = json!({"t": "reply", "ref": 1, "reply": {"is": "pong"}});
                say(&mut stream, 0x81, &reply.to_string()).await?;
            }
            opcode => {
                let kind = if opcode == 2 { 2 } else { 1 };
                say(&mut stream, 0x81, &json!({"type": kind, "body": words}).to_string()).await?;
            }
        }
    }
}

/// Whatever stands behind the header, unmasked when it says that it is masked.
fn payload(frame: &[u8]) -> Vec<u8> {
    let length_bytes = match frame[1] & 0x7F {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    let rest = frame.get(2 + length_bytes..).unwrap_or_default();
    match rest.split_first_chunk::<4>() {
        Some((mask, payload)) if frame[1] & 0x80 != 0 => {
            payload.iter().zip(mask.iter().cycle()).map(|(byte, key)| byte ^ key).collect()
        }
        _ => rest.to_vec(),
    }
}

async fn say(stream: &mut TcpStream, first: u8, words: &str) -> Option<()> {
    let mut frame = vec![first];
    match words.len() {
        short @ 0..=125 => frame.push(u8::try_from(short).unwrap()),
        // Longer than this it would not have been read in one piece either.
        longer => {
            frame.push(127);
            frame.extend_from_slice(&(longer as u64).to_be_bytes());
        }
    }
    frame.extend_from_slice(words.as_bytes());
    stream.write_all(&frame).await.ok()
}
