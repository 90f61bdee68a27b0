"""Ports and requests for servers on loopback, shared by tests and benchmarks."""

import socket


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def request(method: str, path: str, body: bytes = b"", headers: str = "") -> bytes:
    """Return a whole HTTP/1.1 request as bytes."""
    kind = "content-type: application/json\r\n" if body else ""
    head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{kind}content-length: {len(body)}\r\n"
    return f"{head}{headers}\r\n".encode() + body
