//! A client of `parlour.v1`.

use std::collections::VecDeque;
use std::time::Duration;

use ::http::{HeaderName, HeaderValue};
use futures_util::{SinkExt, StreamExt};
use parlour_protocol::command::Hello;
use parlour_protocol::{
    ClientFrame, ClientId, Command, Event, Refusal, Reply, RoomId, SUBPROTOCOL, Seq, ServerFrame, Welcome,
};
use tokio::net::TcpStream;
use tokio_websockets::{ClientBuilder, Message, WebSocketStream};

use crate::Session;

/// Whatever does not come within this time will not.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why a client got no answer.
#[derive(Debug)]
pub enum ClientError {
    /// The house said no.
    Refused(Refusal),
    /// The connection was closed, with this code if there was one.
    Closed(Option<u16>),
    /// The connection failed, or nothing came in time.
    Failed(String),
}

impl std::fmt::Display for ClientError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for ClientError {}

/// One connection. Frames that come while an answer is awaited are kept in order for [`Client::next`].
pub struct Client {
    stream: WebSocketStream<TcpStream>,
    next_ref: u32,
    kept: VecDeque<ServerFrame>,
}

impl Client {
    /// Opens a connection and says nothing yet.
    ///
    /// # Errors
    /// When the handshake fails.
    pub async fn open(session: &Session) -> Result<Client, ClientError> {
        let house = session.house;
        let uri = format!("ws://{house}/ws").parse().map_err(|error| ClientError::Failed(format!("{error}")))?;
        let headers = [
            (::http::header::COOKIE, session.cookie.clone()),
            (::http::header::ORIGIN, format!("http://{house}")),
            (HeaderName::from_static("sec-websocket-protocol"), SUBPROTOCOL.to_owned()),
        ];
        let mut builder = ClientBuilder::from_uri(uri);
        for (name, value) in headers {
            let value = HeaderValue::from_str(&value).map_err(|error| ClientError::Failed(error.to_string()))?;
            builder = builder.add_header(name, value).map_err(|error| ClientError::Failed(error.to_string()))?;
        }
        let connected = tokio::time::timeout(PATIENCE, async {
            let line = TcpStream::connect(session.via).await.map_err(|error| error.to_string())?;
            line.set_nodelay(true).map_err(|error| error.to_string())?;
            builder.connect_on(line).await.map_err(|error| error.to_string())
        });
        let connected = connected.await.unwrap_or_else(|_| Err("no handshake in time".to_owned()));
        let (stream, _) = connected.map_err(ClientError::Failed)?;
        Ok(Client { stream, next_ref: 1, kept: VecDeque::new() })
    }

    /// Opens a connection and greets with these cursors.
    ///
    /// # Errors
    /// When the handshake or the greeting fails.
    pub async fn connect(session: &Session, hello: Hello) -> Result<(Client, Welcome), ClientError> {
        let mut client = Client::open(session).await?;
        match client.request(Command::Hello(hello)).await? {
            Reply::Welcome(welcome) => Ok((client, welcome)),
            other => Err(ClientError::Failed(format!("not a welcome: {other:?}"))),
        }
    }

    /// Sends a command without waiting; returns its `ref`.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send(&mut self, command: Command) -> Result<u32, ClientError> {
        let r#ref = self.next_ref;
        self.next_ref += 1;
        let frame = serde_json::to_string(&ClientFrame { r#ref, command });
        self.send_text(frame.map_err(|error| ClientError::Failed(error.to_string()))?).await?;
        Ok(r#ref)
    }

    /// Sends any text frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_text(&mut self, text: String) -> Result<(), ClientError> {
        self.send_message(Message::text(text)).await
    }

    /// Sends any binary frame.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn send_binary(&mut self, bytes: Vec<u8>) -> Result<(), ClientError> {
        self.send_message(Message::binary(bytes)).await
    }

    async fn send_message(&mut self, message: Message) -> Result<(), ClientError> {
        self.stream.send(message).await.map_err(|error| ClientError::Failed(error.to_string()))
    }

    /// Sends a command and waits for its answer.
    ///
    /// # Errors
    /// When it is refused, or no answer comes.
    pub async fn request(&mut self, command: Command) -> Result<Reply, ClientError> {
        let r#ref = self.send(command).await?;
        self.answer(r#ref).await
    }

    /// Waits for the answer to a command sent before.
    ///
    /// # Errors
    /// When it was refused, or no answer comes.
    pub async fn answer(&mut self, wanted: u32) -> Result<Reply, ClientError> {
        let is_answer = |frame: &ServerFrame| match frame {
            ServerFrame::Reply { r#ref, .. } | ServerFrame::Refusal { r#ref, .. } => *r#ref == wanted,
            _ => false,
        };
        let frame = match self.kept.iter().position(is_answer) {
            Some(index) => self.kept.remove(index),
            None => None,
        };
        let mut frame = match frame {
            Some(frame) => frame,
            None => self.receive().await?,
        };
        while !is_answer(&frame) {
            self.kept.push_back(frame);
            frame = self.receive().await?;
        }
        match frame {
            ServerFrame::Reply { reply, .. } => Ok(reply),
            ServerFrame::Refusal { refusal, .. } => Err(ClientError::Refused(refusal)),
            other => Err(ClientError::Failed(format!("not an answer: {other:?}"))),
        }
    }

    /// Says something, with an id of its own.
    ///
    /// # Errors
    /// When it is refused, or no answer comes.
    pub async fn post(&mut self, room: RoomId, text: &str) -> Result<Seq, ClientError> {
        self.post_as(room, ClientId(uuid::Uuid::now_v7()), text).await.map(|(seq, _)| seq)
    }

    /// Says something under a given id; also whether it had been said before.
    ///
    /// # Errors
    /// When it is refused, or no answer comes.
    pub async fn post_as(&mut self, room: RoomId, client_id: ClientId, text: &str) -> Result<(Seq, bool), ClientError> {
        match self
            .request(Command::Post { room, client_id, text: text.to_owned(), answers: None, files: vec![] })
            .await?
        {
            Reply::Posted { seq, duplicate, .. } => Ok((seq, duplicate)),
            other => Err(ClientError::Failed(format!("not posted: {other:?}"))),
        }
    }

    /// The next frame, kept ones first.
    ///
    /// # Errors
    /// When the connection is closed, or nothing comes in time.
    pub async fn next(&mut self) -> Result<ServerFrame, ClientError> {
        match self.kept.pop_front() {
            Some(frame) => Ok(frame),
            None => self.receive().await,
        }
    }

    /// The next event; signals, notices and answers before it are dropped.
    ///
    /// # Errors
    /// When the connection is closed, or none comes in time.
    pub async fn next_event(&mut self) -> Result<Event, ClientError> {
        loop {
            if let ServerFrame::Event(event) = self.next().await? {
                return Ok(event);
            }
        }
    }

    /// Forgets the frames that came while answers were awaited.
    pub fn forget_kept(&mut self) {
        self.kept.clear();
    }

    async fn receive(&mut self) -> Result<ServerFrame, ClientError> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.stream.next()).await;
            let message = message.map_err(|_| ClientError::Failed("nothing came in time".to_owned()))?;
            let message = match message {
                None => return Err(ClientError::Closed(None)),
                Some(Err(error)) => return Err(ClientError::Failed(error.to_string())),
                Some(Ok(message)) => message,
            };
            if let Some((code, _)) = message.as_close() {
                return Err(ClientError::Closed(Some(code.into())));
            }
            if let Some(text) = message.as_text() {
                let frame = serde_json::from_str(text);
                return frame.map_err(|error| ClientError::Failed(format!("{error} in {text}")));
            }
        }
    }
}
