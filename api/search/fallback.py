"""An engine on a server, with the one in the process behind it: every search is answered.

Whatever goes wrong with the server, the engine inside answers and the answer says `degraded`. A
server that keeps failing is left alone for a while; one that has no index of this release is not
failing, and is asked again. What is wrong is logged once, until it is something else.
"""

import logging

import msgspec

from api.search.circuit_breaker import Breaker
from api.search.meilisearch.client import ServerFault, ServerRefused
from api.search.port import Answer, Engine, Query

logger = logging.getLogger("kith.search")


class GuardedEngine:
    """Asks `server` as long as `breaker` lets it, else `inside`."""

    def __init__(self, server: Engine, inside: Engine, breaker: Breaker) -> None:
        self._server = server
        self._inside = inside
        self._breaker = breaker
        self._wrong = ""

    @property
    def name(self) -> str:
        """Return what answers at its best."""
        return self._server.name

    @property
    def degraded(self) -> bool:
        """Say whether the engine inside answered last, or is the one to answer now."""
        return bool(self._wrong) or self._breaker.open

    def search(self, query: Query) -> Answer:
        """Return one page, whatever becomes of the server."""
        answer = self._asked(query) if self._breaker.may_pass() else None
        if answer is not None:
            return answer
        return msgspec.structs.replace(self._inside.search(query), degraded=True)

    def _asked(self, query: Query) -> Answer | None:
        """Return what the server says; None where it says nothing that can be used."""
        try:
            answer = self._server.search(query)
        except ServerRefused as fault:
            if fault.code == "index_not_found":
                self._breaker.went_well()
                self._note("it has no index of this release: run `kith search index`")
            else:
                self._failed(str(fault))
            return None
        except ServerFault as fault:
            self._failed(str(fault))
            return None
        except Exception as error:  # of a server that answers anything at all
            self._failed(f"its answer cannot be used: {type(error).__name__}")
            return None
        if answer.engine == self.name:
            self._breaker.went_well()
            self._well()
        return answer

    def _failed(self, wrong: str) -> None:
        self._breaker.failed()
        self._note(wrong)

    def _note(self, wrong: str) -> None:
        if wrong != self._wrong:
            logger.warning("search is answered in the process instead of by Meilisearch: %s", wrong)
        self._wrong = wrong

    def _well(self) -> None:
        if self._wrong:
            logger.info("Meilisearch answers searches again")
        self._wrong = ""
