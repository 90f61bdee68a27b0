"""The whole service with a real Meilisearch: it indexes what it serves, and lives without it."""

from pathlib import Path

import httpx
import pytest

from tests.service.conftest import tries
from tests.support.kith_process import running
from tests.support.meilisearch_server import Server

pytestmark = pytest.mark.meilisearch


def test_a_release_is_indexed_by_itself_and_a_dead_server_is_no_matter(
    own_project: Path, tmp_path: Path, own_meilisearch: Server
) -> None:
    key = own_meilisearch.master_key
    keys = {"KITH_MEILI_KEY": key, "KITH_MEILI_ADMIN_KEY": key}
    with running(
        own_project, tmp_path / "var", KITH_MEILI_URL=own_meilisearch.url, **keys
    ) as service:

        def get(path: str) -> httpx.Response:
            return httpx.get(f"{service.origin}{path}", timeout=30)

        first = get("/api/activities?q=repair").json()
        assert first["total"] >= 1  # answered before there is an index
        for _ in tries(60, 0.5):
            answer = get("/api/activities?q=repair").json()
            if not answer["degraded"]:
                break
        assert (answer["engine"], answer["total"]) == ("meilisearch", first["total"]), (
            service.output()
        )
        assert get("/readyz").json()["search_degraded"] is False
        own_meilisearch.kill()
        alone = get("/api/activities?q=repair").json()
        assert (alone["degraded"], alone["total"]) == (True, first["total"])
        ready = get("/readyz")
        assert (ready.status_code, ready.json()["search_degraded"]) == (200, True)
        long = "repair " * 1_500
        assert get(f"/api/activities?q={long}").status_code in (414, 422)
        assert get("/search?q=" + long[:1_900]).status_code == 200
        marked = get("/search?q=<script>alert(1)</script>")
        assert marked.status_code == 200
        assert "<script>alert(1)" not in marked.text
        assert key not in service.output()
        assert "repair" not in service.output()
