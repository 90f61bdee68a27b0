"""Speaking with a Meilisearch server: one keep-alive pool, short waits, errors of our own.

Knows no index of ours and no question. Nothing of a visitor goes to the server but the words looked
for: no address, no header, no name. The key stands in one header and in no message.
"""

from typing import Any, TypeVar

import httpx
import msgspec

TIMEOUT_SECONDS = 1.0  # to connect, and to answer
CONNECTIONS = 32
Read = TypeVar("Read")


class MeilisearchError(Exception):
    """The server gave no answer that can be used. The message holds no key and no words."""


class MeilisearchUnreachable(MeilisearchError):
    """It could not be reached, or did not answer in time."""


class MeilisearchRefused(MeilisearchError):
    """It refused. `code` is Meilisearch's own, such as "index_not_found"."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"Meilisearch refused: {code} ({status})")
        self.code = code


class MeilisearchUnreadable(MeilisearchError):
    """It answered something that is not an answer."""


class ErrorBody(msgspec.Struct, frozen=True):
    """What a refusal holds."""

    code: str = "unknown"


class Search(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True, kw_only=True):
    """One search. Filters: all of the outer list, any of each inner one."""

    index_uid: str
    q: str = ""
    filter: tuple[str | tuple[str, ...], ...] = ()
    limit: int = 20
    attributes_to_retrieve: tuple[str, ...] = ("*",)


class SlugHit(msgspec.Struct, frozen=True):
    """A hit: which activity, and its row in the release's own index."""

    slug: str
    row: int = -1


class Hits(msgspec.Struct, frozen=True):
    """What one search found, best first."""

    hits: tuple[SlugHit, ...]


class Results(msgspec.Struct, frozen=True):
    """What several searches found, in their order."""

    results: tuple[Hits, ...]


class MeilisearchClient:
    """One server, spoken to with one key. Safe to call from many threads."""

    def __init__(self, url: str, key: str, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        self._http = httpx.Client(
            base_url=url,
            headers={
                "Authorization": f"Bearer {key}",
                # Compressed answers on a kept connection take 40 ms longer (measured).
                "Accept-Encoding": "identity",
                "Content-Type": "application/json",
                "User-Agent": "kith",
            },
            timeout=timeout_seconds,
            trust_env=False,
            transport=httpx.HTTPTransport(
                retries=1,  # of connecting only: what was sent is never sent twice
                limits=httpx.Limits(
                    max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS
                ),
                trust_env=False,
            ),
        )

    def search(self, searches: tuple[Search, ...]) -> tuple[Hits, ...]:
        """Do several searches in one request. Raises MeilisearchError."""
        results = self.call("POST", "/multi-search", {"queries": searches}, Results).results
        if len(results) != len(searches):
            raise MeilisearchUnreadable("Meilisearch answered another number of searches")
        return results

    def call(self, method: str, path: str, body: Any, read: type[Read]) -> Read:
        """Make one request and read its answer. Raises MeilisearchError."""
        content = None if body is None else msgspec.json.encode(body)
        try:
            answer = self._http.request(method, path, content=content)
        except httpx.TimeoutException:
            raise MeilisearchUnreachable("Meilisearch did not answer in time") from None
        except httpx.HTTPError as error:
            raise MeilisearchUnreachable(
                f"Meilisearch cannot be reached: {type(error).__name__}"
            ) from None
        if answer.is_error:
            raise MeilisearchRefused(answer.status_code, _code(answer.content))
        try:
            return msgspec.json.decode(answer.content, type=read)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise MeilisearchUnreadable("Meilisearch answered something unreadable") from None

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()


def _code(content: bytes) -> str:
    try:
        return msgspec.json.decode(content, type=ErrorBody).code
    except (msgspec.DecodeError, UnicodeDecodeError):
        return "unknown"
