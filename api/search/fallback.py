"""Falls back from the engine on a server to the one in the process: every search is answered.

Whatever goes wrong with the server, the fallback answers and the answer says `degraded`. A server
that keeps failing is left alone for a while; one that has no index of this release is not failing,
and is asked again. A problem is logged once, until it is another.
"""

import logging

import msgspec

from api.search.circuit_breaker import CircuitBreaker
from api.search.meilisearch.client import MeilisearchError, MeilisearchRefused
from api.search.port import Answer, Engine, Query

logger = logging.getLogger("kith.search")


class FallbackEngine:
    """Asks `primary` as long as `breaker` allows it, else `fallback`."""

    def __init__(self, primary: Engine, fallback: Engine, breaker: CircuitBreaker) -> None:
        self._primary = primary
        self._fallback = fallback
        self._breaker = breaker
        self._problem = ""

    @property
    def name(self) -> str:
        """Return the name of the primary engine."""
        return self._primary.name

    @property
    def degraded(self) -> bool:
        """Say whether the fallback answered last, or is the one to answer now."""
        return bool(self._problem) or self._breaker.is_open

    def search(self, query: Query) -> Answer:
        """Return one page, whatever becomes of the server."""
        answer = self._ask_primary(query) if self._breaker.allows_call() else None
        if answer is not None:
            return answer
        return msgspec.structs.replace(self._fallback.search(query), degraded=True)

    def _ask_primary(self, query: Query) -> Answer | None:
        """Return the answer of the primary engine; None where it has none that can be used."""
        try:
            answer = self._primary.search(query)
        except MeilisearchRefused as fault:
            if fault.code == "index_not_found":
                self._breaker.record_success()
                self._note("it has no index of this release: run `kith search index`")
            else:
                self._failed(str(fault))
            return None
        except MeilisearchError as fault:
            self._failed(str(fault))
            return None
        except Exception as error:  # of a server that answers anything at all
            self._failed(f"its answer cannot be used: {type(error).__name__}")
            return None
        if answer.engine == self.name:
            self._breaker.record_success()
            self._note_recovery()
        return answer

    def _failed(self, problem: str) -> None:
        self._breaker.record_failure()
        self._note(problem)

    def _note(self, problem: str) -> None:
        if problem != self._problem:
            logger.warning(
                "search is answered in the process instead of by Meilisearch: %s", problem
            )
        self._problem = problem

    def _note_recovery(self) -> None:
        if self._problem:
            logger.info("Meilisearch answers searches again")
        self._problem = ""
