//! A client of the tutorial's wire, as the tutorial's own page is one: no subprotocol, no sign-in.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, MaybeTlsStream, Message, WebSocketStream};

use crate::ClientError;

/// Whatever does not come within this time will not.
const PATIENCE: Duration = Duration::from_secs(15);

/// One classic connection.
pub struct ClassicClient {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl ClassicClient {
    /// Connects.
    ///
    /// # Errors
    /// When the handshake fails.
    pub async fn connect(house: SocketAddr) -> Result<ClassicClient, ClientError> {
        let uri = format!("ws://{house}/ws").parse().map_err(|error| ClientError::Failed(format!("{error}")))?;
        let (stream, _) = ClientBuilder::from_uri(uri).connect().await.map_err(failed)?;
        Ok(ClassicClient { stream })
    }

    /// Says something in a text frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn says(&mut self, text: &str) -> Result<(), ClientError> {
        self.stream.send(Message::text(text.to_owned())).await.map_err(failed)
    }

    /// Says something in a binary frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn says_binary(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.stream.send(Message::binary(bytes.to_vec())).await.map_err(failed)
    }

    /// The next frame: its type and body.
    ///
    /// # Errors
    /// When the connection is closed, or nothing comes in time.
    pub async fn hears(&mut self) -> Result<(u64, String), ClientError> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let message = message.map_err(|_| ClientError::Failed("nothing came in time".to_owned()))?;
            let message = message.ok_or(ClientError::Closed(None))?.map_err(failed)?;
            if let Some((code, _)) = message.as_close() {
                return Err(ClientError::Closed(Some(code.into())));
            }
            let Some(text) = message.as_text() else { continue };
            let frame: serde_json::Value =
                serde_json::from_str(text).map_err(|error| ClientError::Failed(error.to_string()))?;
            return Ok((frame["type"].as_u64().unwrap_or(0), frame["body"].as_str().unwrap_or_default().to_owned()));
        }
    }

    /// Closes the connection politely.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn leaves(mut self) -> Result<(), ClientError> {
        self.stream.close().await.map_err(failed)
    }
}

fn failed(error: tokio_websockets::Error) -> ClientError {
    ClientError::Failed(error.to_string())
}
