"""The engine on a Meilisearch server: the server matches, the plan and the ranking are the same.

The server is asked which documents fit the groups of a plan and what the query filters by; what
fits how well is worked out from the release's own index, so that every engine answers alike and a
hit never points to a page that is not there. A query without words needs no server, and where more
match than a search returns the release's own index says which.
"""

from collections.abc import Mapping, Sequence

from api.search.embedded.columns import Mask
from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.matching import Scores
from api.search.meilisearch import documents
from api.search.meilisearch.client import MeilisearchClient, Search
from api.search.meilisearch.documents import HITS_AT_MOST
from api.search.port import Answer, Query
from api.search.text.query_plan import WordGroup


class MeilisearchEngine:
    """Answers for one release, whose own index is `in_process`."""

    name = "meilisearch"

    def __init__(self, client: MeilisearchClient, stamp: str, in_process: EmbeddedEngine) -> None:
        self._client = client
        self._in_process = in_process
        self.index = documents.index_name(stamp)

    def search(self, query: Query) -> Answer:
        """Return one page. Raises MeilisearchError, IndexError for a hit not in this release."""
        if not self._in_process.has_words(query):
            return self._in_process.search(query)
        return self._in_process.answer(query, self.name, self._match_all)

    def _match_all(
        self, groups: Sequence[WordGroup], matches: Mapping[WordGroup, Scores], query: Query
    ) -> Mask:
        """Return which documents fit all of some groups and what the query filters by."""
        search = Search(
            index_uid=self.index,
            filter=(documents.matching(groups), *documents.filters_of(query)),
            limit=HITS_AT_MOST + 1,
            attributes_to_retrieve=("slug", "row"),
        )
        (result,) = self._client.search((search,))
        if len(result.hits) > HITS_AT_MOST:
            return self._in_process.match_all(groups, matches, query)
        return self._in_process.mask_of([hit.row for hit in result.hits])
