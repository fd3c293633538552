//! The loopback connections, which can be cut in the middle of an answer.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// Nothing is to be cut.
const WHOLE: u64 = u64::MAX;
/// The cut has been made.
const CUT: u64 = u64::MAX - 1;

/// A hold on one connection, by which the answer being written can be cut short.
#[derive(Clone, Debug)]
pub(crate) struct Scissors(Arc<AtomicU64>);

impl Scissors {
    /// Lets the next answer's headers and this many bytes of its body through, and breaks the connection then.
    pub(crate) fn cut_after(&self, body_bytes: u64) {
        self.0.store(body_bytes, Ordering::SeqCst);
    }
}

impl Connected<IncomingStream<'_, Wire>> for Scissors {
    fn connect_info(stream: IncomingStream<'_, Wire>) -> Scissors {
        stream.io().scissors.clone()
    }
}

/// Listens on the loopback address.
pub(crate) struct Wire(pub(crate) TcpListener);

impl Listener for Wire {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // Answers are written in one piece; waiting for more would only slow the benchmarks down.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "could not switch the delay off");
        }
        (Connection { stream, scissors: Scissors(Arc::new(AtomicU64::new(WHOLE))) }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// One connection.
pub(crate) struct Connection {
    stream: TcpStream,
    scissors: Scissors,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let allowed = match self.scissors.0.load(Ordering::SeqCst) {
            WHOLE => return Pin::new(&mut self.stream).poll_write(context, bytes),
            CUT => return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into())),
            body_bytes => headers_end(bytes) + body_bytes as usize,
        };
        let written = Pin::new(&mut self.stream).poll_write(context, &bytes[..allowed.min(bytes.len())]);
        if matches!(written, Poll::Ready(Ok(_))) {
            self.scissors.0.store(CUT, Ordering::SeqCst);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Where the body begins; an answer's first write always holds all of its headers.
fn headers_end(bytes: &[u8]) -> usize {
    bytes.windows(4).position(|window| window == b"\r\n\r\n").map_or(0, |place| place + 4)
}
