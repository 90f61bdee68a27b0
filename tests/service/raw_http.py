"""HTTP by hand: requests as bytes, and the answers read back from what was heard."""

import re

import msgspec

JSON = b"content-type: application/json\r\n"
CHUNKED = b"transfer-encoding: chunked\r\n"


class Answer(msgspec.Struct, frozen=True):
    """One answer as it came over the wire."""

    status: int
    headers: dict[str, str]
    body: bytes


def answers(content: bytes) -> list[Answer]:
    """Read what was heard as whole HTTP answers; anything else is a fault of the service."""
    parsed = []
    while content:
        head, end, remaining = content.partition(b"\r\n\r\n")
        assert end, content
        first, *lines = head.decode("ascii").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in lines)
        }
        length = int(headers.get("content-length", "0"))
        assert len(remaining) >= length
        assert re.fullmatch(r"HTTP/1\.[01] [1-5]\d\d .*", first)
        parsed.append(Answer(int(first[9:12]), headers, remaining[:length]))
        content = remaining[length:]
    return parsed


def asking(body: bytes, headers: bytes = JSON, length: bytes | None = None) -> bytes:
    """Return a request for help; `length` is said instead of the real one."""
    stated_length = str(len(body)).encode() if length is None else length
    length_header = b"" if CHUNKED in headers else b"content-length: " + stated_length + b"\r\n"
    return (
        b"POST /api/signposting-requests HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
        + headers + length_header + b"\r\n" + body
    )  # fmt: skip


def getting(path: bytes, headers: bytes = b"", method: bytes = b"GET") -> bytes:
    return (
        method + b" " + path + b" HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n"
        + headers + b"\r\n"
    )  # fmt: skip


def chunks(*bodies: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(body), body) for body in bodies) + b"0\r\n\r\n"
